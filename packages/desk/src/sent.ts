// Which documents of ours are on the record, by their blob: so that sending one again never makes a second entry.

import { toHex, utf8 } from '@parley/kernel';
import type { Vault } from './vault.ts';

const SENT = 'sent';
const place = (room: Uint8Array, blob: Uint8Array): string => `${toHex(room)}:${toHex(blob)}`;

/** Within the transaction that takes our own entry in. */
export function noteSent(
  vault: Vault,
  room: Uint8Array,
  sent: { blob: Uint8Array; index: number },
): void {
  vault.put(SENT, place(room, sent.blob), utf8(String(sent.index)));
}

/** The number of our own entry about a blob, once it is on the record. */
export function entryOfBlob(vault: Vault, room: Uint8Array, blob: Uint8Array): number | undefined {
  const index = vault.get(SENT, place(room, blob));
  return index === undefined ? undefined : Number(new TextDecoder().decode(index));
}
