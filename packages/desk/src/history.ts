// The record as it is handed to a device that comes in: sealed on the relay, its key in the welcome.

import { assert, decode, encode } from '@parley/kernel';
import { entryTicketCodec } from '@parley/channel';
import { newFileKey, uploadFile, type RelayLog } from '@parley/post';
import { encodeEntry } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { historyCodec, taken } from './invitation-box.ts';
import { Ledger } from './ledger.ts';

const LIFE_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * Seals the entries that a welcome (of an `admitted` outcome) stands on, each with its length before it: neither more nor
 * fewer, whatever has come in since. Gives the pointer that goes into the sealed answer.
 */
export async function uploadHistory(
  context: Context,
  { card, log }: { card: OpenCard; log: RelayLog },
  welcome: Uint8Array,
): Promise<Uint8Array> {
  const { ports, vault } = context;
  const ticket = decode(entryTicketCodec, welcome);
  assert(ticket.ok, 'a welcome of our own commit reads back');
  const count = ticket.value.size;
  const ledger = new Ledger(vault, card.room);
  let size = 0;
  for (const { index, entry } of ledger.from(0)) {
    if (index >= count) break;
    size += 4 + encodeEntry(entry).length;
  }
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const { index, entry } of ledger.from(0)) {
      if (index >= count) return;
      const encoded = encodeEntry(entry);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, encoded.length);
      yield length;
      yield encoded;
    }
  }
  const key = newFileKey(ports);
  const uploaded = await uploadFile(log, {
    key,
    size,
    source: source(),
    expiresMs: ports.clock.nowMs() + LIFE_MS,
  });
  const { sha256 } = taken(uploaded);
  return encode(historyCodec, { secret: key.secret, size, sha256 });
}
