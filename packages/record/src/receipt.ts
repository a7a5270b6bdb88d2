// A relay's receipt as an arbiter reads it: the relay's signed word that a log had this head at this length.
//
// The relay client makes and keeps receipts; this reads the same bytes without knowing it (docs/protocol/record.md).

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  leafHash,
  list,
  refuse,
  rootAlong,
  struct,
  uint,
  utf8,
  type Crypto,
  type Decoded,
  type Verdict,
} from '@parley/kernel';

/** An encoded receipt. */
export const RECEIPT_MAX_BYTES = 512;

const CLAIM = utf8('parley/v1/receipt\0');
const CLAIMS = utf8('parley/v1/receipts\0');
/** Hashes from a claim to what the relay signed: up to 32 claims under one signature. */
const PATH_MAX = 5;
const claim = {
  relay: bytes({ exactly: 32 }),
  log: bytes({ exactly: 32 }),
  seq: uint(),
  head: bytes({ exactly: 32 }),
  timeMs: uint(),
};
export const receiptClaimCodec = struct(claim);
export const receiptCodec = struct({
  ...claim,
  place: uint(2 ** PATH_MAX - 1),
  path: list(bytes({ exactly: 32 }), PATH_MAX),
  signature: bytes({ exactly: 64 }),
});

/** `relay` is the relay's Ed25519 key, `seq` how many envelopes the log held, `head` the hash chain over them. */
export type RelayReceipt = Decoded<typeof receiptCodec>;

/** Accepts a receipt that the relay key in it signed. Whose key that is must be known from elsewhere. */
export function readReceipt(
  crypto: Crypto,
  encoded: Uint8Array,
): Verdict<RelayReceipt, 'malformed-receipt' | 'bad-signature'> {
  const read = decode(receiptCodec, encoded);
  if (!read.ok) return refuse('malformed-receipt', { detail: `the receipt is ${read.reason}` });
  const { signature, place, path, ...claimed } = read.value;
  const hash = leafHash(crypto, concat(CLAIM, encode(receiptClaimCodec, claimed)));
  const root = rootAlong(crypto, { hash, place }, path);
  return root !== undefined &&
    crypto.verify('ed25519', claimed.relay, concat(CLAIMS, root), signature)
    ? accept(read.value)
    : refuse('bad-signature', { detail: 'the relay it names did not sign the receipt' });
}
