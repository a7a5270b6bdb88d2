// One run of an exchange, with what each new entry sets off at this desk.

import type { RelayLog } from '@parley/post';
import type { Context } from './context.ts';
import { Exchange, type Exchanged } from './exchange.ts';
import { notice } from './notices.ts';
import { noticeParty } from './party-notices.ts';

/** Where envelopes come from when it is not the relay, and whether what waits here is sealed and sent. */
export type Over = {
  readonly log: Pick<RelayLog, 'read' | 'append'>;
  readonly sends: boolean;
};

export async function runExchange(context: Context, name: string, over?: Over): Promise<Exchanged> {
  const { vault, ports } = context;
  const { room } = context.openCard(name);
  const exchange = new Exchange(
    context,
    name,
    (outcome) => {
      notice({ vault, room, nowMs: ports.clock.nowMs() }, outcome);
      noticeParty(context, context.openCard(name), outcome);
    },
    over?.log,
  );
  return exchange.run(over?.sends ?? true);
}
