// How far each device's own signed word goes: its entries name what it had seen, and so do the commits it made.

import { toHex } from '@parley/kernel';
import { decodeCheckpoint } from '@parley/record';
import type { Context, OpenCard } from './context.ts';

/** Commits looked at where the newest word is enough: more than a room's devices make between two of one device. */
const LATEST = 128;

/** The sizes of the record that commits were made over, by device, the largest each. `all` looks at every commit kept. */
function committedSizes(context: Context, card: OpenCard, all: boolean): Map<string, number> {
  const stream = `checkpoints:${toHex(card.room)}`;
  const from = all ? 0 : Math.max(0, context.vault.lastLine(stream) + 1 - LATEST);
  const sizes = new Map<string, number>();
  for (const { value } of context.vault.lines(stream, from)) {
    const note = decodeCheckpoint(value);
    if (!note.ok) continue;
    for (const { device } of note.value.cosignatures) {
      const key = toHex(device);
      sizes.set(key, Math.max(sizes.get(key) ?? 0, note.value.checkpoint.size));
    }
  }
  return sizes;
}

/** How many entries each device has signed that it had, by its id. */
export function signedSizes(
  context: Context,
  card: OpenCard,
  { all }: { all: boolean },
): Map<string, number> {
  const sizes = committedSizes(context, card, all);
  for (const { id, acknowledged } of context.room(card).transcript.devices.values()) {
    const key = toHex(id);
    sizes.set(key, Math.max(sizes.get(key) ?? 0, acknowledged));
  }
  return sizes;
}
