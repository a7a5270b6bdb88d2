// What receipts prove about a relay: each alone its signature, two together that it told two histories, and all of them,
// held against what it has, that something acknowledged is gone.

import {
  accept,
  decode,
  encode,
  list,
  refuse,
  sameBytes,
  toHex,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { logId, type LogId } from './ids.ts';
import { checkReceipt, emptyHead, nextHead, receiptCodec, type Receipt } from './receipt.ts';
import type { Store } from './store.ts';

const RECEIPTS_MAX = 1_000_000;
const PAGE = { maxEnvelopes: 1000, maxBytes: 4 * 1024 * 1024 };
const receiptsCodec = list(receiptCodec, RECEIPTS_MAX);

/** A file of receipts, as a desk exports it. */
export const encodeReceipts = (receipts: readonly Receipt[]): Uint8Array =>
  encode(receiptsCodec, receipts);

export function decodeReceipts(bytes: Uint8Array): Verdict<readonly Receipt[], 'unreadable'> {
  const read = decode(receiptsCodec, bytes);
  return read.ok
    ? accept(read.value)
    : refuse('unreadable', { detail: `${read.reason} at byte ${read.at ?? 0}` });
}

/**
 * 'forged': not signed by the key it names, so it proves nothing. 'two-histories' and 'time-backwards': the relay signed
 * what cannot both be true. 'lost' and 'other-history': the store does not have what was acknowledged.
 */
export type Finding = {
  readonly kind: 'forged' | 'two-histories' | 'time-backwards' | 'lost' | 'other-history';
  readonly log: string;
  readonly seq: number;
};

const finding = (kind: Finding['kind'], receipt: Receipt): Finding => ({
  kind,
  log: toHex(receipt.log),
  seq: receipt.seq,
});

/** Judges receipts by themselves: anyone can, offline. */
export function auditReceipts(
  crypto: Crypto,
  receipts: readonly Receipt[],
): { genuine: readonly Receipt[]; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const genuine: Receipt[] = [];
  for (const receipt of receipts) {
    if (checkReceipt(crypto, receipt).ok) genuine.push(receipt);
    else findings.push(finding('forged', receipt));
  }
  const bySeq = new Map<string, Receipt>();
  const last = new Map<string, Receipt>();
  for (const receipt of genuine.toSorted((a, b) => a.seq - b.seq)) {
    const name = `${toHex(receipt.relay)}/${toHex(receipt.log)}`;
    const same = bySeq.get(`${name}/${receipt.seq}`);
    const before = last.get(name);
    if (same !== undefined && !sameBytes(same.head, receipt.head))
      findings.push(finding('two-histories', receipt));
    else if (before !== undefined && before.timeMs > receipt.timeMs)
      findings.push(finding('time-backwards', receipt));
    bySeq.set(`${name}/${receipt.seq}`, receipt);
    last.set(name, receipt);
  }
  return { genuine, findings };
}

/** Holds genuine receipts against a store, computing every chain again from its beginning. */
export async function auditStore(
  crypto: Crypto,
  receipts: readonly Receipt[],
  store: Store,
): Promise<Finding[]> {
  const byLog = Map.groupBy(receipts, (receipt) => toHex(receipt.log));
  const findings: Finding[] = [];
  for (const mine of byLog.values()) {
    const log = logId((mine[0] as Receipt).log);
    findings.push(...(await auditLog(crypto, { log, receipts: mine }, store)));
  }
  return findings;
}

async function auditLog(
  crypto: Crypto,
  claimed: { log: LogId; receipts: readonly Receipt[] },
  store: Store,
): Promise<Finding[]> {
  const bySeq = Map.groupBy(claimed.receipts, (receipt) => receipt.seq);
  const findings: Finding[] = [];
  const judge = (seq: number, head: Uint8Array): void => {
    for (const receipt of bySeq.get(seq) ?? [])
      if (!sameBytes(receipt.head, head)) findings.push(finding('other-history', receipt));
  };
  let seq = 0;
  let head = emptyHead(crypto, claimed.log);
  judge(seq, head);
  const upTo = Math.max(...bySeq.keys());
  while (seq < upTo) {
    const page = await store.read(claimed.log, { after: seq, ...PAGE });
    if (!page.ok || page.value.envelopes.length === 0) break;
    for (const { envelope } of page.value.envelopes) {
      head = nextHead(crypto, head, envelope);
      judge(++seq, head);
    }
  }
  for (const receipt of claimed.receipts)
    if (receipt.seq > seq) findings.push(finding('lost', receipt));
  return findings;
}
