// A courier bundle: sealed envelopes of one log, and sealed chunks, in a file. The same bytes that the relay holds, and
// nothing that opens them: no key, no capability. Who finds the stick learns what the relay knows, and cannot use the log.

import {
  accept,
  bytes,
  decode,
  encode,
  list,
  refuse,
  sameBytes,
  struct,
  uint,
  word,
  type Crypto,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import {
  ENVELOPE_MAX_BYTES,
  LOG_MAX_ENTRIES,
  PAGE_MAX_ENVELOPES,
  SEALED_CHUNK_MAX_BYTES,
} from './limits.ts';
import { checkReceipt, nextHead, receiptCodec, type Receipt } from './receipt.ts';
import type { StoredEnvelope } from './store.ts';

/** A bundle is read whole. */
export const COURIER_MAX_BYTES = 128 * 1024 * 1024;
export const COURIER_ENVELOPES_MAX = PAGE_MAX_ENVELOPES;
const BLOBS_MAX = 64;
const CHUNKS_MAX = 128;

const id32 = bytes({ exactly: 32 });

const courierCodec = struct({
  format: word(['parley-courier/1']),
  log: id32,
  /** The head of the log before the first envelope here, and that envelope's number. */
  before: id32,
  first: uint(LOG_MAX_ENTRIES),
  envelopes: list(bytes({ max: ENVELOPE_MAX_BYTES }), COURIER_ENVELOPES_MAX),
  /** The relay's newest word to who made this. Envelopes after its number are not acknowledged yet. */
  receipt: receiptCodec,
  blobs: list(
    struct({ id: id32, chunks: list(bytes({ max: SEALED_CHUNK_MAX_BYTES }), CHUNKS_MAX) }),
    BLOBS_MAX,
  ),
});
export type CourierBundle = Omit<Decoded<typeof courierCodec>, 'format'>;

export type CourierReason =
  | 'unreadable'
  | 'too-large'
  /** Of another channel. */
  | 'wrong-log'
  | 'wrong-relay'
  | 'forged'
  /** The envelopes do not lead to what the relay acknowledged. */
  | 'broken-chain';

/** A bundle whose envelopes lead to its receipt. */
export type Courier = {
  readonly first: number;
  /** The head before each envelope, and after the last: `heads[i]` is that at `first - 1 + i`. */
  readonly heads: readonly Uint8Array[];
  readonly acknowledged: readonly StoredEnvelope[];
  readonly ahead: readonly StoredEnvelope[];
  readonly receipt: Receipt;
  readonly blobs: CourierBundle['blobs'];
};

export function encodeCourier(bundle: CourierBundle): Uint8Array {
  return encode(courierCodec, { format: 'parley-courier/1', ...bundle });
}

/** Reads a bundle for one log of one relay. It proves that the relay acknowledged what it says, not who carried it. */
export function decodeCourier(
  crypto: Crypto,
  encoded: Uint8Array,
  expected: { log: Uint8Array; relayKey: Uint8Array },
): Verdict<Courier, CourierReason> {
  if (encoded.length > COURIER_MAX_BYTES) return refuse('too-large');
  const read = decode(courierCodec, encoded);
  if (!read.ok) return refuse('unreadable', { detail: read.reason });
  const { log, before, first, envelopes, receipt, blobs } = read.value;
  if (!sameBytes(log, expected.log)) return refuse('wrong-log');
  const checked = checkReceipt(crypto, receipt, expected);
  if (!checked.ok) return checked.reason === 'unreadable' ? refuse('unreadable') : checked;
  const heads = [before];
  let head = before;
  for (const envelope of envelopes) {
    head = nextHead(crypto, head, envelope);
    heads.push(head);
  }
  const at = heads[receipt.seq - (first - 1)];
  if (first < 1 || at === undefined || !sameBytes(at, receipt.head)) return refuse('broken-chain');
  const numbered = envelopes.map((envelope, i) => ({ seq: first + i, envelope }));
  return accept({
    first,
    heads,
    acknowledged: numbered.filter(({ seq }) => seq <= receipt.seq),
    ahead: numbered.filter(({ seq }) => seq > receipt.seq),
    receipt,
    blobs,
  });
}
