// Receipts: the relay's signed word that a log's entry is stored, chained so that it cannot later tell another history.
//
// What a busy relay stores in one moment it signs once: each receipt carries the way from its claim to what was signed, so
// it needs nothing beside it, and says nothing of whose receipts the others are.

import {
  accept,
  assert,
  bytes,
  concat,
  decode,
  encode,
  fullTree,
  leafHash,
  list,
  refuse,
  rootAlong,
  sameBytes,
  struct,
  uint,
  utf8,
  type Crypto,
  type Decoded,
  type Randomness,
  type Verdict,
} from '@parley/kernel';
import { LOG_MAX_ENTRIES } from './limits.ts';
import type { LogId } from './ids.ts';

const claim = {
  /** The relay's Ed25519 public key: a receipt needs nothing beside it to be checked. */
  relay: bytes({ exactly: 32 }),
  log: bytes({ exactly: 32 }),
  /** Envelopes in the log; 0 is the receipt for the empty log. */
  seq: uint(LOG_MAX_ENTRIES),
  head: bytes({ exactly: 32 }),
  /** The relay's claim of when it stored the envelope. */
  timeMs: uint(),
};
const claimCodec = struct(claim);
/** Hashes from a claim to what was signed. Five stand for 32 claims: more would make receipts longer and save little. */
const PATH_MAX = 5;
const TOGETHER = 2 ** PATH_MAX;
/** Fewer claims than this are signed one by one: whoever holds a receipt of a quiet relay learns nothing of the others. */
const TOGETHER_MIN = 8;
export const receiptCodec = struct({
  ...claim,
  /** Which leaf this claim is; 0 with an empty path where it was signed alone. */
  place: uint(TOGETHER - 1),
  path: list(bytes({ exactly: 32 }), PATH_MAX),
  signature: bytes({ exactly: 64 }),
});

export type ReceiptClaim = Decoded<typeof claimCodec>;
export type Receipt = Decoded<typeof receiptCodec>;

/** The head of a log without envelopes: it binds the chain to the log's name. */
export function emptyHead(crypto: Crypto, log: LogId): Uint8Array {
  return crypto.hash('sha256', concat(utf8('parley/v1/log\0'), log));
}

/** The head after one more envelope. */
export function nextHead(crypto: Crypto, head: Uint8Array, envelope: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(head, crypto.hash('sha256', envelope)));
}

const CLAIM = utf8('parley/v1/receipt\0');
const CLAIMS = utf8('parley/v1/receipts\0');

const leafOf = (crypto: Crypto, claimed: ReceiptClaim): Uint8Array =>
  leafHash(crypto, concat(CLAIM, encode(claimCodec, claimed)));

const signRoot = (crypto: Crypto, secretKey: Uint8Array, root: Uint8Array): Uint8Array =>
  crypto.sign('ed25519', secretKey, concat(CLAIMS, root));

/** A receipt of its own. Deterministic: the same claim gives the same receipt. */
export function signReceipt(crypto: Crypto, secretKey: Uint8Array, claimed: ReceiptClaim): Receipt {
  const signature = signRoot(crypto, secretKey, leafOf(crypto, claimed));
  return { ...claimed, place: 0, path: [], signature };
}

/** Receipts in the order of their claims, each as good as one of its own, for a 32nd of the signatures where there are many. */
export function signReceipts(
  ports: { readonly crypto: Crypto; readonly randomness: Randomness },
  secretKey: Uint8Array,
  claims: readonly ReceiptClaim[],
): Receipt[] {
  const receipts: Receipt[] = [];
  for (let at = 0; at < claims.length; at += TOGETHER) {
    const some = claims.slice(at, at + TOGETHER);
    if (some.length >= TOGETHER_MIN) receipts.push(...signTogether(ports, secretKey, some));
    else receipts.push(...some.map((one) => signReceipt(ports.crypto, secretKey, one)));
  }
  return receipts;
}

function signTogether(
  { crypto, randomness }: { readonly crypto: Crypto; readonly randomness: Randomness },
  secretKey: Uint8Array,
  claims: readonly ReceiptClaim[],
): Receipt[] {
  // Empty places look like others, and the first is anywhere: nobody can tell from a receipt how many there are.
  const noise = randomness.bytes(1 + 32 * (TOGETHER - claims.length));
  const first = (noise[0] as number) % TOGETHER;
  const placeOf = (number: number): number => (first + number) % TOGETHER;
  const leaves: Uint8Array[] = [];
  for (const [number, one] of claims.entries()) leaves[placeOf(number)] = leafOf(crypto, one);
  for (let number = claims.length, from = 1; number < TOGETHER; number++, from += 32)
    leaves[placeOf(number)] = noise.slice(from, from + 32);
  const { root, paths } = fullTree(crypto, leaves);
  const signature = signRoot(crypto, secretKey, root);
  return claims.map((one, number) => {
    const place = placeOf(number);
    const path = paths[place];
    assert(path !== undefined, 'every leaf has a path');
    return { ...one, place, path, signature };
  });
}

export type ReceiptReason = 'unreadable' | 'wrong-relay' | 'wrong-log' | 'forged';

/** Accepts a receipt that this relay signed for this log; both are optional for an auditor who has neither. */
export function checkReceipt(
  crypto: Crypto,
  receipt: Receipt,
  expected: { relayKey?: Uint8Array; log?: Uint8Array } = {},
): Verdict<Receipt, ReceiptReason> {
  if (expected.relayKey !== undefined && !sameBytes(expected.relayKey, receipt.relay))
    return refuse('wrong-relay');
  if (expected.log !== undefined && !sameBytes(expected.log, receipt.log))
    return refuse('wrong-log');
  const { signature, place, path, ...claimed } = receipt;
  const root = rootAlong(crypto, { hash: leafOf(crypto, claimed), place }, path);
  return root !== undefined &&
    crypto.verify('ed25519', receipt.relay, concat(CLAIMS, root), signature)
    ? accept(receipt)
    : refuse('forged');
}

export const encodeReceipt = (receipt: Receipt): Uint8Array => encode(receiptCodec, receipt);

/** Reads a receipt without checking its signature. */
export function decodeReceipt(encoded: Uint8Array): Verdict<Receipt, 'unreadable'> {
  const read = decode(receiptCodec, encoded);
  return read.ok ? read : refuse('unreadable', { detail: read.reason });
}
