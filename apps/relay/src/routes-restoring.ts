// The way back for members of a log that was lost: while the relay is being restored they hand in what they kept, and
// once the log is open again those who are awaited come back in.

import { encode, sameBytes } from '@parley/kernel';
import {
  CONTENT_TYPE,
  checkReceipt,
  logId,
  restoreRequestCodec,
  restoreStateCodec,
  type LogId,
  type Receipt,
  type RestoreRequest,
  type RestoreState,
} from '@parley/post';
import type { FastifyInstance } from 'fastify';
import { Denial } from './denial.ts';
import type { Restoring } from './restoring.ts';
import { decodedBody, id32In } from './routes-logs.ts';
import type { World } from './world.ts';

const COLLECT_BODY_MAX_BYTES = 4 * 1024 * 1024;
const COME_BACK_BODY_MAX_BYTES = 64 * 1024;
const ROUTE = '/v1/logs/:log/restore';

export type Collect = {
  readonly restoring: Restoring;
  /** Told after each hand-in. */
  readonly came: (log: LogId, state: RestoreState) => void;
};

/** While collecting: everything that a receipt of the lost relay proves is taken. */
export function collectRoute(app: FastifyInstance, collect: Collect): void {
  app.post(
    ROUTE,
    { config: { door: 'stranger' }, bodyLimit: COLLECT_BODY_MAX_BYTES },
    async (request, reply) => {
      const log = logId(id32In(request.params, 'log'));
      const taken = collect.restoring.take(log, decodedBody(request, restoreRequestCodec));
      if (!taken.ok)
        throw new Denial('forbidden', 'no receipt of the relay that was lost leads to this');
      collect.came(log, taken.value);
      return reply.type(CONTENT_TYPE).send(Buffer.from(encode(restoreStateCodec, taken.value)));
    },
  );
}

/** On a relay that serves: a capability that is awaited counts again, for whoever holds a receipt that agrees with the log. */
export function comeBackRoute(app: FastifyInstance, world: World): void {
  app.post(
    ROUTE,
    { config: { door: 'stranger' }, bodyLimit: COME_BACK_BODY_MAX_BYTES },
    async (request, reply) => {
      const log = logId(id32In(request.params, 'log'));
      const asked = decodedBody(request, restoreRequestCodec);
      const proven = await agreed(world, log, asked);
      await readmit(world, log, asked.capability);
      const state = { phase: 'open', proven, missing: 0 } as const;
      return reply.type(CONTENT_TYPE).send(Buffer.from(encode(restoreStateCodec, state)));
    },
  );
}

/** The newest receipt shown, if the log has what it promises. */
async function agreed(world: World, log: LogId, asked: RestoreRequest): Promise<number> {
  const head = await world.store.head(log);
  if (!head.ok) throw new Denial('no-such-log', 'this relay has no such log');
  const [receipt] = asked.receipts;
  if (receipt === undefined || !genuine(world, log, receipt))
    throw new Denial('forbidden', 'a receipt of this relay, or of the one it replaces, is needed');
  const signed = await world.receipts.of(log, head.value);
  if (receipt.seq > head.value.seq)
    throw new Denial('incomplete', `the log stands at ${head.value.seq}`, { head: signed });
  const mine = await headAt(world, log, receipt.seq);
  if (mine === undefined || !sameBytes(mine, receipt.head))
    throw new Denial('conflict', 'the log has another history than this receipt', { head: signed });
  return receipt.seq;
}

function genuine(world: World, log: LogId, receipt: Receipt): boolean {
  const known = [world.key.publicKey, ...world.formerKeys];
  return (
    receipt.seq > 0 &&
    known.some((key) => sameBytes(key, receipt.relay)) &&
    checkReceipt(world.crypto, receipt, { log }).ok
  );
}

/** The head at a number: what an append of the envelope that is there already would be answered with. */
async function headAt(world: World, log: LogId, seq: number): Promise<Uint8Array | undefined> {
  const limits = { maxEnvelopes: 1, maxBytes: 1 };
  const page = await world.store.read(log, { after: seq - 1, ...limits });
  const envelope = page.ok ? page.value.envelopes[0]?.envelope : undefined;
  if (envelope === undefined) return undefined;
  const again = await world.store.append(log, { expectedSeq: seq, envelope, nowMs: 0 });
  return again.ok ? again.value.head : undefined;
}

async function readmit(
  world: World,
  log: LogId,
  capability: RestoreRequest['capability'],
): Promise<void> {
  const id = capability.id as Parameters<World['store']['grantOf']>[1];
  const present = await world.store.grantOf(log, id);
  if (present !== undefined && world.crypto.equal(present.key, capability.key)) return;
  if (present?.rights !== 'awaited')
    throw new Denial('forbidden', 'this capability is not awaited here: ask a member to grant it');
  const granted = await world.store.grant(log, { id, key: capability.key, rights: 'owner' });
  if (!granted.ok) throw new Denial(granted.reason, 'the capability cannot be granted');
}
