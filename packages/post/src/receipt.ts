// Receipts: the relay's signed word that a log's entry is stored, chained so that it cannot later tell another history.

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  refuse,
  sameBytes,
  struct,
  uint,
  utf8,
  type Crypto,
  type Decoded,
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
export const receiptCodec = struct({ ...claim, signature: bytes({ exactly: 64 }) });

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

function signedBytes(claimed: ReceiptClaim): Uint8Array {
  return concat(utf8('parley/v1/receipt\0'), encode(claimCodec, claimed));
}

/** Deterministic: the same claim gives the same receipt, so a re-sent envelope is answered alike. */
export function signReceipt(crypto: Crypto, secretKey: Uint8Array, claimed: ReceiptClaim): Receipt {
  const signature = crypto.sign('ed25519', secretKey, signedBytes(claimed));
  return { ...claimed, signature };
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
  const { signature, ...claimed } = receipt;
  return crypto.verify('ed25519', receipt.relay, signedBytes(claimed), signature)
    ? accept(receipt)
    : refuse('forged');
}

export const encodeReceipt = (receipt: Receipt): Uint8Array => encode(receiptCodec, receipt);

/** Reads a receipt without checking its signature. */
export function decodeReceipt(encoded: Uint8Array): Verdict<Receipt, 'unreadable'> {
  const read = decode(receiptCodec, encoded);
  return read.ok ? read : refuse('unreadable', { detail: read.reason });
}
