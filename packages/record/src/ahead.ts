// Reading a long record: the signatures of the next entries are checked together before the judge asks for them one by one.
//
// The judge stays what it is, one entry after the other in one thread. It is handed a crypto that knows outcomes.

import { verifiedAhead, type Crypto } from '@parley/kernel';
import { entryChecks, readHeader, type RecordEntry } from './entry.ts';
import { deviceOf, type Transcript } from './transcript.ts';

const ENTRIES_MAX = 256;
const BYTES_MAX = 4 * 1024 * 1024;
/** The first entries name the devices whose keys the next ones need. */
const ENTRIES_FIRST = 4;

/** One item of a record as it was read: its bytes, and the entry where it is one. */
export type ReadItem = { readonly encoded: Uint8Array; readonly entry: RecordEntry | undefined };

/** An item with the crypto to judge it by. */
export type Prepared<T> = { readonly item: T; readonly crypto: Crypto };

/** Reads the source in stretches; the first is short. */
async function* stretches<T extends ReadItem>(
  source: AsyncIterable<T>,
): AsyncGenerator<readonly T[]> {
  let most = ENTRIES_FIRST;
  let stretch: T[] = [];
  let bytes = 0;
  for await (const item of source) {
    stretch.push(item);
    bytes += item.encoded.length;
    if (stretch.length < most && bytes < BYTES_MAX) continue;
    yield stretch;
    stretch = [];
    bytes = 0;
    most = Math.min(2 * most, ENTRIES_MAX);
  }
  if (stretch.length > 0) yield stretch;
}

/** The crypto that knows which signatures of these items hold, as far as their authors are known. */
function checked(
  crypto: Crypto,
  items: readonly ReadItem[],
  room: Transcript | undefined,
): Promise<Crypto> {
  const checks = items.flatMap(({ entry }) => {
    if (entry === undefined || room === undefined) return [];
    const header = readHeader(entry.signed);
    const author = header.ok ? deviceOf(room, header.value.author) : undefined;
    return author === undefined ? [] : entryChecks(entry.signed, author.certificate.signer);
  });
  return verifiedAhead(crypto, checks);
}

/**
 * The items of a record in their order. While whoever asks judges one stretch, the signatures of the next are checked: it
 * holds two stretches, each of at most 256 items, and of 4 MiB and one item. `transcript` gives the room as judged so
 * far, once there is one. Whose author is not known yet is checked when it is judged.
 */
export async function* readAhead<T extends ReadItem>(
  crypto: Crypto,
  source: AsyncIterable<T>,
  transcript: () => Transcript | undefined,
): AsyncGenerator<Prepared<T>> {
  let items: readonly T[] = [];
  let knowing = Promise.resolve(crypto);
  for await (const next of stretches(source)) {
    const nextKnowing = checked(crypto, next, transcript());
    const now = await knowing;
    for (const item of items) yield { item, crypto: now };
    [items, knowing] = [next, nextKnowing];
  }
  const last = await knowing;
  for (const item of items) yield { item, crypto: last };
}
