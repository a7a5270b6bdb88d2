// The embedded store: one SQLite file in WAL mode with synchronous=FULL. Every change of one event-loop turn is one
// transaction, so one sync pays for many appends; a promise resolves only after that sync.

import Database from 'better-sqlite3';
import {
  Fault,
  accept,
  concat,
  refuse,
  sameBytes,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  GRANTS_MAX,
  SHELF_MAX_PACKAGES,
  blobId,
  declaredAlike,
  emptyHead,
  logId,
  nextHead,
  type BlobId,
  type BlobRow,
  type CapabilityId,
  type HeldGrant,
  type LogHead,
  type LogId,
  type NewLog,
  type NoLog,
  type Over,
  type ShelfId,
  type SignedTerms,
  type Store,
  type StoreFaultCode,
  type StoredEnvelope,
} from '@parley/post';
import { GroupCommit } from './group-commit.ts';
import { SqliteGrants } from './sqlite-grants.ts';
import { SqliteGrowing, type Growing } from './sqlite-growing.ts';
import { SqliteRings } from './sqlite-rings.ts';
import { migrateSqlite } from './sqlite-schema.ts';
import { prepare, type BlobDbRow, type LogRow, type Statements } from './sqlite-statements.ts';
import { storeFault } from './store-fault.ts';

const headOf = (row: LogRow): LogHead => ({
  seq: row.seq,
  head: new Uint8Array(row.head),
  timeMs: row.time_ms,
});

const blobOf = (row: BlobDbRow): BlobRow => ({
  chunks: row.chunks,
  size: row.size,
  expiresMs: row.expires_ms,
  signer: new Uint8Array(row.signer),
  signature: new Uint8Array(row.signature),
  finished: row.finished === 1,
});

export type SqliteOptions = {
  readonly crypto?: Crypto;
  /** Only for the controls of the power-cut test: anything but FULL loses what it acknowledged. */
  readonly unsafeSynchronous?: 'NORMAL' | 'OFF';
  /** Only for the bench: one transaction for each change. */
  readonly unsafeSingly?: boolean;
};

/**
 * Opens or makes the store in one file. Faults: 'store-damaged', 'store-read-only', 'store-full', 'store-unusable'.
 * Any number of processes may open one file.
 */
export function openSqliteStore(path: string, options: SqliteOptions = {}): Store {
  try {
    return new SqliteStore(path, options);
  } catch (error) {
    throw storeFault(error);
  }
}

/** Tables that say they are of this version and are not were made by a development version that nobody released. */
function prepared(db: Database.Database): Statements {
  try {
    return prepare(db);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_ERROR') throw error;
    throw new Fault<StoreFaultCode>(
      'store-unusable',
      `The store was made by another version of Parley than any that was released (${error.message}).`,
      {
        cause: error,
        nextAction: 'move relay.db aside and start with a new one, or use the version that made it',
      },
    );
  }
}

class SqliteStore implements Store {
  readonly #db: Database.Database;
  readonly #sql: Statements;
  readonly #crypto: Crypto;
  readonly #commit: GroupCommit;
  readonly #rings: SqliteRings;
  readonly #growing: SqliteGrowing;
  /** Grants that were read in the look with this number. */
  readonly #grants: SqliteGrants;

  constructor(path: string, options: SqliteOptions) {
    this.#crypto = options.crypto ?? nativeCrypto;
    this.#db = new Database(path, { timeout: 10_000 });
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma(`synchronous = ${options.unsafeSynchronous ?? 'FULL'}`);
    this.#db.pragma('foreign_keys = ON');
    // A power cut can tear the page being written; a checksum would only tell so. WAL frames carry one already.
    this.#db.pragma('journal_size_limit = 67108864');
    migrateSqlite(this.#db);
    this.#sql = prepared(this.#db);
    this.#grants = new SqliteGrants(this.#db, this.#sql);
    this.#rings = new SqliteRings(this.#db);
    this.#growing = new SqliteGrowing(this.#sql);
    this.#commit = new GroupCommit(this.#db, {
      singly: options.unsafeSingly === true,
      began: () => {
        this.#growing.forget();
        this.#refuseIfMoved();
      },
      ending: () => this.#growing.settle(),
    });
  }

  #refuseIfMoved(): void {
    const moved = this.#sql.moved.get();
    if (moved === undefined) return;
    throw new Fault<StoreFaultCode>('store-moved', 'The store has been moved to another place.', {
      nextAction:
        'start the relay on the store that it was moved to (parley relay serve --store ...)',
    });
  }

  /** Every change but an append: its statements see where the logs stand. */
  #change<T>(work: () => T): Promise<T> {
    return this.#commit.change(() => {
      this.#growing.settle();
      return work();
    });
  }

  /** For tests that bound its pages as a full disk would. */
  get unsafeDatabase(): Database.Database {
    return this.#db;
  }

  createLog(log: LogId, made: NewLog): Promise<Verdict<LogHead, 'exists'>> {
    const founder = this.#crypto.hash('sha256', concat(made.owner.id, made.owner.key));
    return this.#change(() => {
      const present = this.#sql.log.get(log);
      if (present !== undefined) {
        const first = this.#sql.founder.get(present.n);
        if (first === undefined || !sameBytes(first.founder, founder)) return refuse('exists');
        return accept({
          seq: 0,
          head: emptyHead(this.#crypto, log),
          timeMs: first.made_ms,
        });
      }
      const head = emptyHead(this.#crypto, log);
      const { lastInsertRowid } = this.#sql.addLog.run(
        log,
        head,
        made.nowMs,
        made.maxEntries,
        founder,
        made.nowMs,
        made.expiresMs ?? null,
      );
      this.#sql.putGrant.run(lastInsertRowid, made.owner.id, made.owner.key, 'owner');
      return accept({ seq: 0, head, timeMs: made.nowMs });
    });
  }

  append(
    log: LogId,
    entry: { expectedSeq: number; envelope: Uint8Array; nowMs: number },
  ): Promise<Verdict<LogHead, NoLog | 'conflict' | 'full'>> {
    return this.#commit.change(
      () => {
        const growing = this.#growing.of(log);
        if (growing === undefined) return refuse('no-such-log');
        const { row, head: before } = growing;
        if (entry.expectedSeq !== before.seq + 1) return this.#sentAgain(growing, entry);
        if (before.seq >= row.max_entries) return refuse('full');
        const head = nextHead(this.#crypto, before.head, entry.envelope);
        // Time never runs backwards within a log, whatever the machine's clock does.
        const timeMs = Math.max(entry.nowMs, before.timeMs);
        this.#sql.addEnvelope.run(row.n, entry.expectedSeq, timeMs, head, entry.envelope);
        growing.head = { seq: entry.expectedSeq, head, timeMs };
        return accept(growing.head);
      },
      (result) => {
        if (result.ok) this.#rings.ring(log, result.value.seq);
      },
    );
  }

  #sentAgain(
    { row, head }: Growing,
    entry: { expectedSeq: number; envelope: Uint8Array },
  ): Verdict<LogHead, 'conflict'> {
    const present = this.#sql.envelope.get(row.n, entry.expectedSeq);
    if (present === undefined || !sameBytes(present.body, entry.envelope))
      return refuse('conflict', { at: head.seq });
    return accept({
      seq: entry.expectedSeq,
      head: new Uint8Array(present.head),
      timeMs: present.time_ms,
    });
  }

  head(log: LogId): Promise<Verdict<LogHead, NoLog>> {
    return this.#commit.look(() => {
      const row = this.#sql.log.get(log);
      return row === undefined ? refuse('no-such-log') : accept(headOf(row));
    });
  }

  read(
    log: LogId,
    from: { after: number; maxEnvelopes: number; maxBytes: number },
  ): Promise<Verdict<{ envelopes: readonly StoredEnvelope[]; head: LogHead }, NoLog>> {
    return this.#commit.look(() => {
      const row = this.#sql.log.get(log);
      if (row === undefined) return refuse('no-such-log');
      const envelopes: StoredEnvelope[] = [];
      let bytes = 0;
      if (row.seq > from.after) {
        for (const found of this.#sql.envelopes.iterate(row.n, from.after, from.maxEnvelopes)) {
          bytes += found.body.length;
          if (envelopes.length > 0 && bytes > from.maxBytes) break;
          envelopes.push({ seq: found.seq, envelope: new Uint8Array(found.body) });
        }
      }
      return accept({ envelopes, head: headOf(row) });
    });
  }

  grantOf(log: LogId, id: CapabilityId): Promise<HeldGrant | undefined> {
    return this.#commit.look(() => this.#grants.of(this.#commit.looks, log, id));
  }

  grant(log: LogId, grant: HeldGrant): Promise<Verdict<null, NoLog | 'full' | 'last-owner'>> {
    return this.#change(() => {
      const row = this.#sql.log.get(log);
      if (row === undefined) return refuse('no-such-log');
      const present = this.#sql.grantOn.get(row.n, grant.id);
      const counts = this.#sql.grants.get(row.n);
      if (present === undefined && (counts?.all_of_them ?? 0) >= GRANTS_MAX) return refuse('full');
      if (present?.rights === 'owner' && grant.rights !== 'owner' && counts?.owners === 1)
        return refuse('last-owner');
      this.#sql.putGrant.run(row.n, grant.id, grant.key, grant.rights);
      this.#grants.forget();
      return accept(null);
    });
  }

  revoke(log: LogId, id: CapabilityId): Promise<Verdict<null, NoLog | 'last-owner'>> {
    return this.#change(() => {
      const row = this.#sql.log.get(log);
      if (row === undefined) return refuse('no-such-log');
      const present = this.#sql.grantOn.get(row.n, id);
      if (present?.rights === 'owner' && this.#sql.grants.get(row.n)?.owners === 1)
        return refuse('last-owner');
      this.#sql.dropGrant.run(row.n, id);
      this.#grants.forget();
      return accept(null);
    });
  }

  putPackage(
    log: LogId,
    shelf: ShelfId,
    entry: { sealed: Uint8Array; nowMs: number },
  ): Promise<Verdict<null, NoLog | 'full'>> {
    return this.#change(() => {
      const row = this.#sql.log.get(log);
      if (row === undefined) return refuse('no-such-log');
      if ((this.#sql.packages.get(row.n, shelf)?.waiting ?? 0) >= SHELF_MAX_PACKAGES)
        return refuse('full');
      this.#sql.addPackage.run(row.n, shelf, entry.nowMs, entry.sealed);
      return accept(null);
    });
  }

  takePackage(log: LogId, shelf: ShelfId): Promise<Verdict<Uint8Array, 'empty'>> {
    return this.#change(() => {
      const n = this.#sql.log.get(log)?.n;
      const taken = n === undefined ? undefined : this.#sql.takePackage.get(n, shelf);
      return taken === undefined ? refuse('empty') : accept(new Uint8Array(taken.body));
    });
  }

  declareBlob(
    log: LogId,
    blob: BlobId,
    asked: SignedTerms & { readonly quotaBytes: number },
  ): Promise<Verdict<BlobRow, NoLog | 'full' | 'exists'>> {
    return this.#change(() => {
      const row = this.#sql.log.get(log);
      if (row === undefined) return refuse('no-such-log');
      const present = this.#sql.blob.get(row.n, blob);
      if (present !== undefined) {
        if (!declaredAlike(blobOf(present), asked)) return refuse('exists');
        if (asked.expiresMs <= present.expires_ms) return accept(blobOf(present));
        this.#sql.keepBlob.run(asked.expiresMs, asked.signature, row.n, blob);
        const { expiresMs, signature } = asked;
        return accept({ ...blobOf(present), expiresMs, signature });
      }
      const used = this.#sql.blobBytes.get(row.n)?.used ?? 0;
      if (used + asked.size > asked.quotaBytes) return refuse('full');
      const { quotaBytes: _quota, ...terms } = asked;
      const { chunks, size, expiresMs, signer, signature } = terms;
      this.#sql.addBlob.run(row.n, blob, chunks, size, expiresMs, signer, signature);
      return accept({ ...terms, finished: false });
    });
  }

  #blobRow(log: LogId, blob: BlobId): { n: number; row: BlobDbRow } | undefined {
    const n = this.#sql.log.get(log)?.n;
    const row = n === undefined ? undefined : this.#sql.blob.get(n, blob);
    return n === undefined || row === undefined ? undefined : { n, row };
  }

  blob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    return this.#commit.look(() => {
      const found = this.#blobRow(log, blob);
      return found === undefined ? refuse('no-such-blob') : accept(blobOf(found.row));
    });
  }

  finishBlob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    return this.#change(() => {
      const found = this.#blobRow(log, blob);
      if (found === undefined) return refuse('no-such-blob');
      this.#sql.finishBlob.run(found.n, blob);
      return accept(blobOf({ ...found.row, finished: 1 }));
    });
  }

  expiredBlobs(nowMs: number, max: number): Promise<readonly { log: LogId; blob: BlobId }[]> {
    return this.#commit.look(() =>
      this.#sql.expired.all(nowMs, max).map((row) => ({
        log: logId(new Uint8Array(row.log)),
        blob: blobId(new Uint8Array(row.blob)),
      })),
    );
  }

  dropBlob(log: LogId, blob: BlobId, nowMs: number): Promise<boolean> {
    return this.#change(() => {
      const n = this.#sql.log.get(log)?.n;
      return n !== undefined && this.#sql.dropBlob.run(n, blob, nowMs).changes > 0;
    });
  }

  expiredLogs({ nowMs, unusedSinceMs }: Over, max: number): Promise<readonly LogId[]> {
    return this.#commit.look(() =>
      this.#sql.expiredLogs
        .all(nowMs, unusedSinceMs, max)
        .map(({ id }) => logId(new Uint8Array(id))),
    );
  }

  dropLog(log: LogId, { nowMs, unusedSinceMs }: Over): Promise<boolean> {
    return this.#change(() => {
      const row = this.#sql.overLog.get(log, nowMs, unusedSinceMs);
      if (row === undefined) return false;
      for (const drop of this.#sql.dropOfLog) drop.run(row.n);
      this.#sql.dropLog.run(row.n);
      this.#grants.forget();
      return true;
    });
  }

  countLogs(): Promise<number> {
    return this.#commit.look(() => this.#sql.countLogs.get()?.logs ?? 0);
  }

  watch(ring: (log: LogId, seq: number) => void): () => void {
    return this.#rings.watch(ring);
  }

  async close(): Promise<void> {
    this.#rings.close();
    await this.#commit.close();
    this.#db.close();
  }
}
