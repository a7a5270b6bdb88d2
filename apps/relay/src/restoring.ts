// What members have brought of lost logs, before anything is decided: receipts, and envelopes that a chain of heads ties
// to a receipt. Kept in a file of its own, so that collecting can be interrupted, and nothing half known is ever served.

import Database from 'better-sqlite3';
import {
  accept,
  assert,
  decode,
  encode,
  list,
  bytes,
  refuse,
  sameBytes,
  toHex,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import {
  GRANTS_MAX,
  capabilityId,
  checkReceipt,
  decodeReceipt,
  emptyHead,
  encodeReceipt,
  logId,
  nextHead,
  type HeldGrant,
  type LogId,
  type Receipt,
  type RestoreRequest,
  type RestoreState,
} from '@parley/post';
import { storeFault } from './store-fault.ts';

const rosterCodec = list(bytes({ exactly: 16 }), GRANTS_MAX);

const TABLES = `
  CREATE TABLE IF NOT EXISTS acknowledged (
    log BLOB NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, relay BLOB NOT NULL,
    receipt BLOB NOT NULL, PRIMARY KEY (log, seq, head, relay)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS link (
    log BLOB NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL, before BLOB NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (log, seq, head)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS member (
    log BLOB NOT NULL, id BLOB NOT NULL, key BLOB NOT NULL, seq INTEGER NOT NULL, roster BLOB NOT NULL,
    PRIMARY KEY (log, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS believed (relay BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;`;

type ReceiptRow = {
  seq: number;
  head: Buffer;
  receipt: Buffer;
};
type MemberRow = { id: Buffer; key: Buffer; seq: number; roster: Buffer };
type Head = { readonly seq: number; readonly head: Uint8Array };

/** Where a log stands that was in the store before the collecting began; undefined where there is none. */
export type Known = (log: LogId, seq: number) => Uint8Array | undefined;

/** A member who came, as the relay may grant: the newest number that its receipts prove, and whom it knows. */
export type Returned = {
  readonly seq: number;
  readonly grant: HeldGrant;
  readonly roster: readonly Uint8Array[];
};

/** The way back from a receipt: to the log's beginning or to what the store has, or to the first envelope nobody brought. */
export type WayBack =
  | { readonly kind: 'whole'; readonly after: number; readonly heads: readonly Uint8Array[] }
  | { readonly kind: 'missing'; readonly seq: number }
  | { readonly kind: 'contradicts'; readonly seq: number };

export type RestoringOptions = {
  readonly crypto: Crypto;
  /**
   * The keys of the relay that was lost; absent, those of the run before. None at all: whatever key the receipts of a log
   * name, as long as it is one.
   */
  readonly formerKeys?: readonly Uint8Array[];
  readonly known?: Known;
};

/** Puts down which relay's receipts count, or reads it again; receipts of others are forgotten. */
function believed(
  db: Database.Database,
  keys: readonly Uint8Array[] | undefined,
): readonly Uint8Array[] {
  if (keys !== undefined) {
    db.transaction(() => {
      db.exec('DELETE FROM believed');
      for (const key of keys) db.prepare('INSERT OR IGNORE INTO believed VALUES (?)').run(key);
      if (keys.length > 0)
        db.exec('DELETE FROM acknowledged WHERE relay NOT IN (SELECT relay FROM believed)');
    })();
  }
  return db
    .prepare<[], { relay: Buffer }>('SELECT relay FROM believed')
    .all()
    .map(({ relay }) => new Uint8Array(relay));
}

export class Restoring {
  readonly #db: Database.Database;
  readonly #crypto: Crypto;
  readonly #formerKeys: readonly Uint8Array[];
  readonly #known: Known;
  readonly #sql;
  /** How far the way back from a log's newest receipt has been walked. */
  readonly #walked = new Map<string, { from: string; at: Head }>();

  /** Opens or makes the file. Faults are the store's. */
  constructor(path: string, options: RestoringOptions) {
    this.#crypto = options.crypto;
    this.#known = options.known ?? (() => undefined);
    try {
      this.#db = new Database(path, { timeout: 10_000 });
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = FULL');
      this.#db.exec(TABLES);
      this.#formerKeys = believed(this.#db, options.formerKeys);
    } catch (error) {
      throw storeFault(error);
    }
    const db = this.#db;
    this.#sql = {
      addReceipt: db.prepare('INSERT OR IGNORE INTO acknowledged VALUES (?, ?, ?, ?, ?)'),
      receipts: db.prepare<[Uint8Array], ReceiptRow>(
        'SELECT * FROM acknowledged WHERE log = ? ORDER BY seq DESC, head',
      ),
      newest: db.prepare<[Uint8Array], ReceiptRow>(
        'SELECT * FROM acknowledged WHERE log = ? ORDER BY seq DESC, head LIMIT 1',
      ),
      promised: db.prepare<[Uint8Array, number, Uint8Array], { 1: number }>(
        'SELECT 1 FROM acknowledged WHERE log = ? AND seq = ? AND head = ?',
      ),
      followed: db.prepare<[Uint8Array, number, Uint8Array], { 1: number }>(
        'SELECT 1 FROM link WHERE log = ? AND seq = ? AND before = ?',
      ),
      addLink: db.prepare('INSERT OR IGNORE INTO link VALUES (?, ?, ?, ?, ?)'),
      before: db.prepare<[Uint8Array, number, Uint8Array], { before: Buffer }>(
        'SELECT before FROM link WHERE log = ? AND seq = ? AND head = ?',
      ),
      body: db.prepare<[Uint8Array, number, Uint8Array], { body: Buffer }>(
        'SELECT body FROM link WHERE log = ? AND seq = ? AND head = ?',
      ),
      putMember: db.prepare(
        `INSERT INTO member VALUES (?, ?, ?, ?, ?) ON CONFLICT (log, id) DO UPDATE
         SET key = excluded.key, seq = excluded.seq, roster = excluded.roster WHERE excluded.seq > member.seq`,
      ),
      members: db.prepare<[Uint8Array], MemberRow>(
        'SELECT * FROM member WHERE log = ? ORDER BY seq DESC, id',
      ),
      logs: db.prepare<[], { log: Buffer }>('SELECT DISTINCT log FROM acknowledged ORDER BY log'),
    };
  }

  /** Takes what a member hands in, whole or not at all. 'forbidden' where no receipt leads to it that this relay believes. */
  take(log: LogId, request: RestoreRequest): Verdict<RestoreState, 'forbidden'> {
    const { receipts } = request;
    if (!receipts.every((receipt) => this.#genuine(log, receipt))) return refuse('forbidden');
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const one of receipts) {
        this.#sql.addReceipt.run(log, one.seq, one.head, one.relay, encodeReceipt(one));
      }
      const taken = this.#takeEnvelopes(log, request) && this.#sql.newest.get(log) !== undefined;
      if (taken && receipts.length > 0) {
        const { capability, roster } = request;
        const newest = Math.max(...receipts.map((receipt) => receipt.seq));
        const encoded = encode(rosterCodec, [...roster]);
        this.#sql.putMember.run(log, capability.id, capability.key, newest, encoded);
      }
      this.#db.exec(taken ? 'COMMIT' : 'ROLLBACK');
      return taken ? accept(this.stateOf(log)) : refuse('forbidden');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw storeFault(error);
    }
  }

  #genuine(log: LogId, receipt: Receipt): boolean {
    if (receipt.seq === 0 || !checkReceipt(this.#crypto, receipt, { log }).ok) return false;
    return (
      this.#formerKeys.length === 0 || this.#formerKeys.some((key) => sameBytes(key, receipt.relay))
    );
  }

  /** False where the last envelope is neither in a receipt nor before an envelope that is. */
  #takeEnvelopes(log: LogId, { before, last, envelopes }: RestoreRequest): boolean {
    if (envelopes.length === 0) return true;
    if (last < envelopes.length) return false;
    const heads = [before];
    for (const envelope of envelopes)
      heads.push(nextHead(this.#crypto, heads.at(-1) as Uint8Array, envelope));
    const end = heads.at(-1) as Uint8Array;
    const wanted =
      this.#sql.promised.get(log, last, end) ?? this.#sql.followed.get(log, last + 1, end);
    if (wanted === undefined) return false;
    const first = last - envelopes.length + 1;
    for (const [at, envelope] of envelopes.entries())
      this.#sql.addLink.run(log, first + at, heads[at + 1], heads[at], envelope);
    return true;
  }

  /** What is proven of a log, and what is still to come. */
  stateOf(log: LogId): RestoreState {
    const newest = this.#sql.newest.get(log);
    if (newest === undefined) return { phase: 'collecting', proven: 0, missing: 0 };
    const from = `${newest.seq}/${toHex(newest.head)}`;
    const walked = this.#walked.get(toHex(log));
    const start = walked?.from === from ? walked.at : { seq: newest.seq, head: newest.head };
    const { end, at } = this.#walk(log, start);
    this.#walked.set(toHex(log), { from, at });
    return {
      phase: 'collecting',
      proven: newest.seq,
      missing: end === 'missing' ? at.seq : 0,
    };
  }

  #walk(
    log: LogId,
    from: Head,
    each: (head: Uint8Array) => void = () => {},
  ): { end: 'whole' | 'missing' | 'contradicts'; at: Head } {
    let at = from;
    for (;;) {
      const known = at.seq === 0 ? emptyHead(this.#crypto, log) : this.#known(log, at.seq);
      if (known !== undefined)
        return { end: sameBytes(known, at.head) ? 'whole' : 'contradicts', at };
      const row = this.#sql.before.get(log, at.seq, at.head);
      if (row === undefined) return { end: 'missing', at };
      each(at.head);
      at = { seq: at.seq - 1, head: new Uint8Array(row.before) };
    }
  }

  /** The whole way back from one receipt. */
  wayBack(log: LogId, from: Head): WayBack {
    const heads: Uint8Array[] = [];
    const { end, at } = this.#walk(log, from, (head) => heads.push(Uint8Array.from(head)));
    if (end === 'whole') return { kind: 'whole', after: at.seq, heads: heads.toReversed() };
    return { kind: end, seq: at.seq };
  }

  envelope(log: LogId, at: Head): Uint8Array | undefined {
    const row = this.#sql.body.get(log, at.seq, at.head);
    return row === undefined ? undefined : new Uint8Array(row.body);
  }

  logs(): LogId[] {
    return this.#sql.logs.all().map((row) => logId(new Uint8Array(row.log)));
  }

  /** Newest first. */
  receipts(log: LogId): Receipt[] {
    return this.#sql.receipts.all(log).map((row) => {
      const receipt = decodeReceipt(new Uint8Array(row.receipt));
      assert(receipt.ok, 'a receipt that was taken in is read again');
      return receipt.value;
    });
  }

  /** Who came, with the furthest receipts first. */
  members(log: LogId): Returned[] {
    return this.#sql.members.all(log).map((row) => {
      const roster = decode(rosterCodec, new Uint8Array(row.roster));
      return {
        seq: row.seq,
        grant: {
          id: capabilityId(new Uint8Array(row.id)),
          key: new Uint8Array(row.key),
          rights: 'owner',
        },
        roster: roster.ok ? roster.value : [],
      };
    });
  }

  /** Forgets a log that has been brought back. */
  forget(log: LogId): void {
    this.#db.transaction(() => {
      for (const table of ['acknowledged', 'link', 'member'])
        this.#db.prepare(`DELETE FROM ${table} WHERE log = ?`).run(log);
    })();
    this.#walked.delete(toHex(log));
  }

  close(): void {
    this.#db.close();
  }
}
