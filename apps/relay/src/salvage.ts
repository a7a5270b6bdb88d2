// What can still be read of a damaged SQLite store: every log up to its first bad envelope goes into a new store, and what
// can be read behind that is put with what members bring, under a receipt of the relay's own.

import Database from 'better-sqlite3';
import { assert, sameBytes, toHex, type KeyPair } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  LOG_MAX_ENTRIES,
  blobId,
  capabilityId,
  emptyHead,
  logId,
  nextHead,
  signReceipt,
  type HeldGrant,
  type LogId,
  type Store,
} from '@parley/post';
import type { Restoring } from './restoring.ts';
import type { BlobDbRow } from './sqlite-statements.ts';

type LogRow = {
  n: number;
  id: Buffer;
  seq: number;
  head: Buffer;
  time_ms: number;
  max_entries: number;
  made_ms: number;
};
type EnvelopeRow = { seq: number; time_ms: number; head: Buffer; body: Buffer };

/** `damaged` names each log that is not whole, with the number of its first envelope that cannot be read. */
export type Salvaged = {
  readonly logs: number;
  readonly envelopes: number;
  readonly damaged: readonly { readonly log: string; readonly from: number }[];
};

/** What `read` gives, or undefined where the damage is in the way. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}

/** Rows of a table read forwards until the damage, then backwards until it. */
function rowsOf<R>(db: Database.Database, sql: string, order: string): R[] {
  const rows: R[] = [];
  for (const direction of ['ASC', 'DESC']) {
    const whole = tried(() => {
      for (const row of db.prepare<[], R>(`${sql} ORDER BY ${order} ${direction}`).iterate())
        rows.push(row);
      return true;
    });
    if (whole === true) return rows;
  }
  return rows;
}

/** Reads a damaged store into a new one. What it cannot read it leaves to the members. */
export async function salvage(
  damagedPath: string,
  into: { store: Store; restoring: Restoring; key: KeyPair },
): Promise<Salvaged> {
  const db = new Database(damagedPath, { readonly: true, fileMustExist: true });
  const damaged: { log: string; from: number }[] = [];
  let envelopes = 0;
  try {
    const logs = new Map(
      rowsOf<LogRow>(
        db,
        'SELECT n, id, seq, head, time_ms, max_entries, made_ms FROM log',
        'n',
      ).map((row) => [row.n, row]),
    );
    for (const row of logs.values()) {
      const whole = await new Salvage(db, row, into).run();
      envelopes += whole;
      if (whole < row.seq) damaged.push({ log: toHex(new Uint8Array(row.id)), from: whole + 1 });
    }
    return { logs: logs.size, envelopes, damaged };
  } finally {
    db.close();
  }
}

class Salvage {
  readonly #db: Database.Database;
  readonly #row: LogRow;
  readonly #log: LogId;
  readonly #into: { store: Store; restoring: Restoring; key: KeyPair };

  constructor(
    db: Database.Database,
    row: LogRow,
    into: { store: Store; restoring: Restoring; key: KeyPair },
  ) {
    this.#db = db;
    this.#row = row;
    this.#log = logId(new Uint8Array(row.id));
    this.#into = into;
  }

  /** Answers how many envelopes from the first on are whole. */
  async run(): Promise<number> {
    const { store } = this.#into;
    const grants = this.#grants();
    const owner = grants.find(({ rights }) => rights === 'owner');
    // A log whose capabilities cannot be read is nobody's: its members bring it with theirs.
    if (owner === undefined) return 0;
    const { max_entries: maxEntries, made_ms: nowMs } = this.#row;
    await store.createLog(this.#log, {
      owner,
      maxEntries: Math.min(maxEntries, LOG_MAX_ENTRIES),
      nowMs,
    });
    for (const grant of grants) await store.grant(this.#log, grant);
    const end = await this.#envelopes();
    if (end.seq < this.#row.seq) this.#stageRest(end.seq, owner, grants);
    await this.#blobs();
    return end.seq;
  }

  #grants(): HeldGrant[] {
    type Row = { id: Buffer; key: Buffer; rights: HeldGrant['rights'] };
    const find = `SELECT id, key, rights FROM capability WHERE log = ${this.#row.n}`;
    return rowsOf<Row>(this.#db, find, 'id').map(({ id, key, rights }) => ({
      id: capabilityId(new Uint8Array(id)),
      key: new Uint8Array(key),
      rights,
    }));
  }

  #at(seq: number): EnvelopeRow | undefined {
    return tried(() =>
      this.#db
        .prepare<[number, number], EnvelopeRow>(
          'SELECT seq, time_ms, head, body FROM envelope WHERE log = ? AND seq = ?',
        )
        .get(this.#row.n, seq),
    );
  }

  async #envelopes(): Promise<{ seq: number }> {
    let head = emptyHead(nativeCrypto, this.#log);
    let seq = 0;
    for (; seq < this.#row.seq; seq++) {
      const row = this.#at(seq + 1);
      if (row === undefined) break;
      const next = nextHead(nativeCrypto, head, row.body);
      if (!sameBytes(next, row.head)) break;
      const envelope = new Uint8Array(row.body);
      const entry = { expectedSeq: seq + 1, envelope, nowMs: row.time_ms };
      const stored = await this.#into.store.append(this.#log, entry);
      assert(stored.ok, 'a new store takes the next envelope');
      head = next;
    }
    return { seq };
  }

  /** Envelopes behind the damage, each tied to the next by its chain, down from the head that the log's own row names. */
  #stageRest(whole: number, owner: HeldGrant, grants: readonly HeldGrant[]): void {
    const { restoring, key } = this.#into;
    const head = new Uint8Array(this.#row.head);
    const { seq, time_ms: timeMs } = this.#row;
    const claim = { relay: key.publicKey, log: this.#log, seq, head, timeMs };
    const request = {
      capability: { id: owner.id, key: owner.key },
      roster: grants.map(({ id }) => id),
      receipts: [signReceipt(nativeCrypto, key.secretKey, claim)],
      before: head,
      last: 0,
      envelopes: [],
    };
    assert(restoring.take(this.#log, request).ok, 'our own receipt is believed');
    for (let last = seq; last > whole + 1; last--) {
      const row = this.#at(last);
      const before = this.#at(last - 1)?.head;
      if (row === undefined || before === undefined) continue;
      const envelopes = [new Uint8Array(row.body)];
      const rest = { ...request, receipts: [], before: new Uint8Array(before), last, envelopes };
      // Behind a gap nothing leads on until a member has brought what was in it.
      if (!restoring.take(this.#log, rest).ok) return;
    }
  }

  async #blobs(): Promise<void> {
    type Row = BlobDbRow & { id: Buffer };
    const find = `SELECT id, chunks, size, expires_ms, finished, signer, signature FROM blob WHERE log = ${this.#row.n}`;
    for (const row of rowsOf<Row>(this.#db, find, 'id')) {
      const blob = blobId(new Uint8Array(row.id));
      const { chunks, size, expires_ms: expiresMs, signer, signature } = row;
      const terms = { chunks, size, expiresMs, signer, signature };
      const asked = { ...terms, quotaBytes: Number.MAX_SAFE_INTEGER };
      const declared = await this.#into.store.declareBlob(this.#log, blob, asked);
      if (declared.ok && row.finished === 1) await this.#into.store.finishBlob(this.#log, blob);
    }
  }
}
