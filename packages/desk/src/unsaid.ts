// What waited to be sent when this device was taken out of a room: coming back, it is its person's to say again or not.

import { toHex, utf8 } from '@parley/kernel';
import { TEXT_MAX_BYTES } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { Drafts } from './drafts.ts';
import { Outbox } from './outbox.ts';

const stream = (room: Uint8Array): string => `unsaid:${toHex(room)}`;

/** Empties the outbox of a room that this device comes back into: messages become its draft, and a sync names all of it once. */
export function giveBack(context: Context, { name, room }: Pick<OpenCard, 'name' | 'room'>): void {
  const { vault } = context;
  const outbox = new Outbox(vault, room);
  const drafts = new Drafts(context);
  for (const { n, act } of outbox.all()) {
    outbox.remove(n);
    if (act.kind !== 'text' && act.kind !== 'document') continue;
    const said = act.kind === 'text' ? act.text : act.name;
    vault.putLine(stream(room), vault.lastLine(stream(room)) + 1, utf8(said));
    if (act.kind === 'document') continue;
    const draft = [drafts.read(name), act.text].filter((each) => each !== '').join('\n\n');
    if (utf8(draft).length <= TEXT_MAX_BYTES) drafts.keep(name, draft);
  }
}

/** Sentences about what was given back, each once. */
export function takeUnsaid(context: Context, { room }: OpenCard): readonly string[] {
  const { vault } = context;
  return vault.transaction(() =>
    [...vault.lines(stream(room))].map(({ n, value }) => {
      vault.dropLine(stream(room), n);
      const what = JSON.stringify(new TextDecoder().decode(value));
      return `It waited here when this device was taken out, and was not sent: ${what}. Send it again if it still holds.`;
    }),
  );
}
