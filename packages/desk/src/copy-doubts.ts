// What this desk has found of safe copies that cannot both be true, kept as the entries come in.

import {
  decode,
  encode,
  nullable,
  bytes,
  say,
  struct,
  toHex,
  uint,
  type Said,
} from '@parley/kernel';
import { copyDoubt, digest, type CopyMemory, type LeafHash } from '@parley/record';
import type { EntryOutcome } from '@parley/channel';
import type { EntryCode } from './entry-sentences.ts';
import type { Vault } from './vault.ts';

const firstCodec = struct({ entry: uint(), safe: nullable(bytes({ exactly: 32 })) });
const doubtCodec = struct({ entry: uint(), first: nullable(uint()), document: digest<LeafHash>() });

function memoryIn(vault: Vault, room: string): CopyMemory {
  const [documents, copies] = [`copies-of:${room}`, `first-copies:${room}`];
  return {
    documentAt: (leaf) => vault.get(documents, toHex(leaf)),
    keepDocument: (leaf, sha256) => vault.put(documents, toHex(leaf), sha256),
    firstCopy: (key) => {
      const stored = vault.get(copies, key);
      const first = stored === undefined ? undefined : decode(firstCodec, stored);
      return first?.ok === true ? first.value : undefined;
    },
    keepCopy: (key, copy) => vault.put(copies, key, encode(firstCodec, copy)),
  };
}

const doubtsIn = (room: Uint8Array): string => `copy-doubts:${toHex(room)}`;

/** Called inside the transaction that stores the entry. */
export function noticeCopy(vault: Vault, room: Uint8Array, said: EntryOutcome): void {
  const doubt = copyDoubt(memoryIn(vault, toHex(room)), said);
  if (doubt === undefined) return;
  vault.put(doubtsIn(room), String(doubt.entry), encode(doubtCodec, doubt));
}

/** The warning that belongs to an entry: the two that differ, and the document itself. */
export function copyWarnings(
  vault: Vault,
  room: Uint8Array,
): (index: number, leaf: string) => Said<EntryCode> | undefined {
  const doubts = vault.list(doubtsIn(room)).flatMap((stored) => {
    const doubt = decode(doubtCodec, stored);
    return doubt.ok ? [doubt.value] : [];
  });
  return (index, leaf) => {
    const found = doubts.find(
      ({ entry, first, document }) =>
        entry === index || first === index || toHex(document) === leaf,
    );
    if (found === undefined) return undefined;
    const { entry, first } = found;
    return first === null
      ? say('doubt-other-file', { entry })
      : say('doubt-other-copy', { entry, first });
  };
}
