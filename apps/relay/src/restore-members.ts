// Rebuilding logs from what their members brought: decided log by log, by receipts alone. A log that two genuine receipts
// contradict is not rebuilt, and neither is one of which something acknowledged is missing, unless the operator says so.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault, assert, fromHex, sameBytes, toHex } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  LOG_MAX_ENTRIES,
  capabilityId,
  encodeReceipts,
  type CapabilityId,
  type HeldGrant,
  type LogId,
  type Receipt,
  type Store,
} from '@parley/post';
import { Restoring, type Returned } from './restoring.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { storeFault } from './store-fault.ts';

const { crypto, clock, randomness } = nativePorts;
const APPENDS_AT_ONCE = 500;
const FORMER = 'former-relays';
export const RESTORING_FILE = 'restoring.db';

/** What became of one log. Numbers are of envelopes. */
export type RestoredLog = {
  readonly log: string;
  readonly outcome: 'restored' | 'incomplete' | 'contradiction';
  /** Proven complete from 1 up to here, by this relay's receipt. */
  readonly proven: number;
  readonly by: string;
  /** Members who came, and members who are known and have not come yet. */
  readonly back: number;
  readonly awaited: number;
  /** The newest envelope that was acknowledged and that nobody brought. */
  readonly missing?: number;
  /** Where two genuine receipts cannot both be true, and the file that holds them. */
  readonly contradiction?: { readonly at: number; readonly evidence: string };
};

type Judgement =
  | {
      kind: 'whole';
      receipt: Receipt;
      after: number;
      heads: readonly Uint8Array[];
      missing?: number;
    }
  | { kind: 'missing'; receipt: Receipt; seq: number }
  | { kind: 'contradiction'; receipts: readonly Receipt[]; seq: number };

/** Heads of the store as it is before members come; undefined where there is no store yet. */
export function knownHeads(dataDir: string): {
  known: (log: LogId, seq: number) => Uint8Array | undefined;
  close: () => void;
} {
  let db: Database.Database;
  try {
    db = new Database(join(dataDir, 'relay.db'), { readonly: true, fileMustExist: true });
  } catch {
    return { known: () => undefined, close: () => {} };
  }
  const find = db.prepare<[Uint8Array, number], { head: Buffer }>(
    'SELECT e.head FROM envelope e JOIN log l ON l.n = e.log WHERE l.id = ? AND e.seq = ?',
  );
  return {
    known: (log, seq) => {
      const row = find.get(log, seq);
      return row === undefined ? undefined : new Uint8Array(row.head);
    },
    close: () => db.close(),
  };
}

/** Keys of relays that this one takes the place of. */
export async function formerKeysIn(dataDir: string): Promise<Uint8Array[]> {
  const text = await readFile(join(dataDir, FORMER), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => fromHex(line.trim()))
    .flatMap((read) => (read.ok && read.value.length === 32 ? [read.value] : []));
}

/** Judges what was brought of one log. */
function judge(
  restoring: Restoring,
  log: LogId,
  known: (log: LogId, seq: number) => Uint8Array | undefined,
  acceptLoss: boolean,
): Judgement {
  const receipts = restoring.receipts(log);
  const twins = receipts.find(
    (one, at) => at > 0 && one.seq === receipts[at - 1]?.seq && !sameHead(one, receipts[at - 1]),
  );
  if (twins !== undefined) {
    const both = receipts.filter((one) => one.seq === twins.seq);
    return { kind: 'contradiction', receipts: both, seq: twins.seq };
  }
  // Two keys for one log, where the operator has not said which is the lost relay's: one of them is a stranger's.
  const other = receipts.find((one) => !sameBytes(one.relay, (receipts[0] as Receipt).relay));
  if (other !== undefined)
    return { kind: 'contradiction', receipts: [receipts[0] as Receipt, other], seq: other.seq };
  let missing: number | undefined;
  for (const receipt of receipts) {
    const way = restoring.wayBack(log, receipt);
    if (way.kind === 'contradicts')
      return { kind: 'contradiction', receipts: [receipt], seq: way.seq };
    if (way.kind === 'missing') {
      missing ??= way.seq;
      if (!acceptLoss) return { kind: 'missing', receipt, seq: way.seq };
      continue;
    }
    const { after, heads } = way;
    const headAt = (seq: number): Uint8Array | undefined =>
      seq > after ? heads[seq - after - 1] : known(log, seq);
    const against = receipts.find((one) => {
      const head = one.seq <= receipt.seq ? headAt(one.seq) : undefined;
      return head !== undefined && !sameBytes(head, one.head);
    });
    if (against !== undefined)
      return { kind: 'contradiction', receipts: [receipt, against], seq: against.seq };
    return { kind: 'whole', receipt, after, heads, ...(missing === undefined ? {} : { missing }) };
  }
  const newest = receipts[0];
  assert(newest !== undefined, 'a log that was brought has a receipt');
  return { kind: 'missing', receipt: newest, seq: missing ?? newest.seq };
}

const sameHead = (one: Receipt, other: Receipt | undefined): boolean =>
  other !== undefined && sameBytes(one.head, other.head);

/**
 * Ends the collecting: writes every log that is proven whole into the store and says what became of each. What was not
 * rebuilt stays collected. May be run again after an interruption. Faults: the store's, 'nothing-collected'.
 */
export async function finishRestoring(
  dataDir: string,
  options: { formerKeys?: readonly Uint8Array[]; ownKey: Uint8Array; acceptLoss: boolean },
): Promise<RestoredLog[]> {
  const heads = knownHeads(dataDir);
  const path = join(dataDir, RESTORING_FILE);
  const { formerKeys, ownKey, acceptLoss } = options;
  const restoring = new Restoring(path, {
    crypto,
    known: heads.known,
    ...(formerKeys === undefined ? {} : { formerKeys }),
  });
  const store = openSqliteStore(join(dataDir, 'relay.db'));
  const report: RestoredLog[] = [];
  const former = new Set((await formerKeysIn(dataDir)).map(toHex));
  try {
    const logs = restoring.logs();
    if (logs.length === 0) {
      throw new Fault('nothing-collected', 'No member has brought anything yet.', {
        nextAction:
          'start it without --finish, and ask the members to run: parley channel upload NAME',
      });
    }
    for (const log of logs) {
      const judged = judge(restoring, log, heads.known, acceptLoss);
      const done = await settle(log, judged, { dataDir, restoring, store });
      report.push(done);
      if (done.outcome !== 'restored') continue;
      restoring.forget(log);
      if (done.by !== toHex(ownKey)) former.add(done.by);
    }
    await writeFile(join(dataDir, FORMER), [...former].map((key) => `${key}\n`).join(''), {
      mode: 0o600,
    });
  } finally {
    heads.close();
    restoring.close();
    await store.close();
  }
  if (report.every(({ outcome }) => outcome === 'restored'))
    for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true });
  return report;
}

type Parts = { dataDir: string; restoring: Restoring; store: Store };

async function settle(log: LogId, judged: Judgement, parts: Parts): Promise<RestoredLog> {
  const members = parts.restoring.members(log);
  const [first] = parts.restoring.receipts(log);
  assert(first !== undefined, 'a log that was brought has a receipt');
  const facts = { log: toHex(log), by: toHex(first.relay), back: members.length, awaited: 0 };
  if (judged.kind === 'missing')
    return { ...facts, outcome: 'incomplete', proven: judged.receipt.seq, missing: judged.seq };
  if (judged.kind === 'contradiction') {
    const evidence = join(parts.dataDir, `contradiction-${toHex(log).slice(0, 16)}.receipts`);
    await writeFile(evidence, encodeReceipts(judged.receipts), { mode: 0o600 }).catch(
      (error: unknown) => {
        throw storeFault(error);
      },
    );
    const contradiction = { at: judged.seq, evidence };
    return { ...facts, outcome: 'contradiction', proven: 0, contradiction };
  }
  await writeLog(log, judged, parts);
  const granted = await writeGrants(log, members, parts);
  const { missing } = judged;
  return {
    ...facts,
    ...granted,
    outcome: 'restored',
    proven: judged.receipt.seq,
    by: toHex(judged.receipt.relay),
    ...(missing === undefined ? {} : { missing }),
  };
}

async function writeLog(
  log: LogId,
  judged: Extract<Judgement, { kind: 'whole' }>,
  { restoring, store }: Parts,
): Promise<void> {
  const [furthest] = restoring.members(log);
  assert(furthest !== undefined, 'somebody brought it');
  // Times are what receipts say; an envelope without a known receipt has that of the last one before it.
  const times = new Map(restoring.receipts(log).map(({ seq, timeMs }) => [seq, timeMs]));
  let timeMs = times.size === 0 ? clock.nowMs() : Math.min(...times.values());
  const { id, key } = furthest.grant;
  if (!(await store.head(log)).ok)
    await store.createLog(log, { owner: { id, key }, maxEntries: LOG_MAX_ENTRIES, nowMs: timeMs });
  let waiting: Promise<void>[] = [];
  for (const [at, head] of judged.heads.entries()) {
    const seq = judged.after + at + 1;
    timeMs = Math.max(timeMs, times.get(seq) ?? 0);
    const envelope = restoring.envelope(log, { seq, head });
    assert(envelope !== undefined, 'the way back was walked just now');
    waiting.push(
      store.append(log, { expectedSeq: seq, envelope, nowMs: timeMs }).then((stored) => {
        assert(stored.ok && sameBytes(stored.value.head, head), `envelope ${seq} was written`);
      }),
    );
    if (waiting.length < APPENDS_AT_ONCE) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
}

/** Grants those who came and are known to whoever has the furthest receipt; the others are awaited; nobody else stays. */
async function writeGrants(
  log: LogId,
  members: readonly Returned[],
  { dataDir, store }: Parts,
): Promise<{ back: number; awaited: number }> {
  const furthest = members.filter(({ seq }) => seq === members[0]?.seq);
  const wanted = new Map<string, CapabilityId>();
  for (const { grant, roster } of furthest)
    for (const id of [grant.id, ...roster.map((one) => capabilityId(one))])
      wanted.set(toHex(id), id);
  const present = grantsIn(dataDir, log);
  const holds = (name: string): boolean => (present.get(name)?.rights ?? 'awaited') !== 'awaited';
  let awaited = 0;
  for (const [name, id] of wanted) {
    // A key that the store has is the one that was granted: nobody takes its place by coming first.
    if (holds(name)) continue;
    const came = members.find(({ grant }) => toHex(grant.id) === name);
    if (came === undefined) awaited++;
    const grant = came?.grant ?? { id, key: randomness.bytes(32), rights: 'awaited' };
    await store.grant(log, grant);
  }
  for (const [name, { id }] of present) if (!wanted.has(name)) await store.revoke(log, id);
  return { back: wanted.size - awaited, awaited };
}

function grantsIn(
  dataDir: string,
  log: LogId,
): Map<string, { id: CapabilityId; rights: HeldGrant['rights'] }> {
  const db = new Database(join(dataDir, 'relay.db'), { readonly: true });
  try {
    const rows = db
      .prepare<[Uint8Array], { id: Buffer; rights: HeldGrant['rights'] }>(
        'SELECT c.id, c.rights FROM capability c JOIN log l ON l.n = c.log WHERE l.id = ?',
      )
      .all(log);
    return new Map(
      rows.map(({ id, rights }) => [
        toHex(new Uint8Array(id)),
        { id: capabilityId(new Uint8Array(id)), rights },
      ]),
    );
  } finally {
    db.close();
  }
}
