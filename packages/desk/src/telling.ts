// Tells a person what happened to a channel and was not told yet, by ending the command with it.

import { Alarms } from './alarms.ts';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import type { DeliveryState } from './views.ts';

/**
 * Ends with a refusal where there are alarms that nobody was told of. What was done is in its data. What a
 * party did within the rules, and the others must know, is no tampering.
 */
export function tellAlarms(
  context: Context,
  names: readonly string[],
  done: { readonly sent?: { readonly state: DeliveryState } } & Record<string, unknown>,
): void {
  const told: { text: string; ofParty: boolean }[] = [];
  for (const name of names) {
    const { room } = context.card(name);
    if (room === null) continue;
    const alarms = new Alarms(context.vault, room);
    const untold = alarms.untold();
    if (untold.length === 0) continue;
    told.push(...untold.map(({ text, ofParty }) => ({ text: `${name}: ${text}`, ofParty })));
    alarms.told();
  }
  if (told.length === 0) return;
  const sentences = told.map(({ text }) => text);
  // What was taken in may be what keeps our own entry here: a changed authority does.
  const own =
    done.sent === undefined
      ? ''
      : done.sent.state === 'queued'
        ? 'your own entry was NOT sent, it waits here; '
        : 'your own entry was sent, and ';
  if (told.every(({ ofParty }) => ofParty)) {
    throw new DeskRefusal('policy', 'party-alarm', {
      message: sentences.join('; '),
      next: `${own}what came in was taken in. Ask them by a way you trust; "parley log" shows the entries`,
      data: { ...done, alarms: sentences },
    });
  }
  throw new DeskRefusal('tampering', 'alarm', {
    message: `Something was done to the channel that an honest relay and honest members cannot do: ${sentences.join('; ')}`,
    next: `${own}what could be read was taken in. Compare the roots that "parley log" shows, by voice`,
    data: { ...done, alarms: sentences },
  });
}
