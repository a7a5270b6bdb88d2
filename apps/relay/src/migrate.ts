// Moves a live SQLite store to PostgreSQL: most of it while the relay goes on, the rest in one short pause, after which
// the old store takes no more. Every chain of heads is computed again on the way, so a damaged envelope stops the move.

import Database from 'better-sqlite3';
import { Fault, sameBytes, type Crypto } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import { emptyHead, logId, nextHead, type StoreFaultCode } from '@parley/post';
import { expectReadable } from './named-file.ts';
import { PostgresLink } from './postgres-link.ts';
import { migratePostgres } from './postgres-schema.ts';
import { migrateSqlite } from './sqlite-schema.ts';

/** Envelopes copied at a time, and how few may be left for the pause. */
const STEP = 500;
const REST = 2000;
const PASSES_MAX = 50;

type LogRow = {
  n: number;
  id: Buffer;
  seq: number;
  head: Buffer;
  time_ms: number;
  max_entries: number;
  founder: Buffer;
  made_ms: number;
  expires_ms: number | null;
};
type EnvelopeRow = { seq: number; time_ms: number; head: Buffer; body: Buffer };

export type Moved = { readonly logs: number; readonly envelopes: number };
export type MoveProgress = (done: Moved & { pausing: boolean }) => void;

const LOGS =
  'SELECT n, id, seq, head, time_ms, max_entries, founder, made_ms, expires_ms FROM log ORDER BY n';
const ENVELOPES =
  'SELECT seq, time_ms, head, body FROM envelope WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?';

class Mover {
  readonly #db: Database.Database;
  readonly #link: PostgresLink;
  readonly #crypto: Crypto;
  readonly #at = new Map<number, { seq: number; head: Uint8Array }>();
  #envelopes = 0;

  constructor(db: Database.Database, link: PostgresLink, crypto: Crypto) {
    this.#db = db;
    this.#link = link;
    this.#crypto = crypto;
  }

  get moved(): Moved {
    return { logs: this.#at.size, envelopes: this.#envelopes };
  }

  /** Copies what is there now; answers how many envelopes that were. */
  async pass(report: () => void): Promise<number> {
    const before = this.#envelopes;
    for (const log of this.#db.prepare<[], LogRow>(LOGS).all()) {
      await this.#logRow(log);
      report();
    }
    return this.#envelopes - before;
  }

  async #logRow(log: LogRow): Promise<void> {
    let at = this.#at.get(log.n);
    if (at === undefined) {
      at = { seq: 0, head: emptyHead(this.#crypto, logId(new Uint8Array(log.id))) };
      const present = await this.#link.write<{ founder: Buffer }>(
        `INSERT INTO relay.log (id, seq, head, time_ms, max_entries, founder, made_ms, expires_ms)
         VALUES ($1, 0, $2, $3, $4, $5, $3, $6) ON CONFLICT (id) DO UPDATE SET made_ms = relay.log.made_ms
         RETURNING founder`,
        [log.id, at.head, log.made_ms, log.max_entries, log.founder, log.expires_ms],
      );
      if (present[0] === undefined || !sameBytes(present[0].founder, log.founder))
        throw contradiction('a log of the same name by another founder');
    }
    while (at.seq < log.seq) {
      const rows = this.#db
        .prepare<[number, number, number], EnvelopeRow>(ENVELOPES)
        .all(log.n, at.seq, STEP);
      if (rows.length === 0) throw contradiction('envelopes are missing');
      at = this.#checked(at, rows);
      await this.#copy(log, rows);
      this.#envelopes += rows.length;
    }
    this.#at.set(log.n, at);
  }

  #checked(
    from: { seq: number; head: Uint8Array },
    rows: readonly EnvelopeRow[],
  ): { seq: number; head: Uint8Array } {
    let { seq, head } = from;
    for (const row of rows) {
      head = nextHead(this.#crypto, head, row.body);
      if (row.seq !== ++seq || !sameBytes(head, row.head))
        throw contradiction(`envelope ${seq} is damaged`);
    }
    return { seq, head };
  }

  async #copy(log: LogRow, rows: readonly EnvelopeRow[]): Promise<void> {
    const last = rows.at(-1) as EnvelopeRow;
    await this.#link.transaction(async (ask) => {
      await ask(
        `INSERT INTO relay.envelope (log, seq, time_ms, head, body)
         SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[]) ON CONFLICT DO NOTHING`,
        [
          log.id,
          rows.map((r) => r.seq),
          rows.map((r) => r.time_ms),
          rows.map((r) => r.head),
          rows.map((r) => r.body),
        ],
      );
      await ask(
        'UPDATE relay.log SET seq = $2, head = $3, time_ms = $4 WHERE id = $1 AND seq < $2',
        [log.id, last.seq, last.head, last.time_ms],
      );
    });
  }

  /** What may change and is small: copied whole while nothing can change it. */
  async smallTables(): Promise<void> {
    const all = <R>(sql: string): R[] => this.#db.prepare<[], R>(sql).all();
    const ids = new Map(
      all<{ n: number; id: Buffer }>('SELECT n, id FROM log').map(({ n, id }) => [n, id]),
    );
    const copy = async (
      table: string,
      columns: string,
      rows: readonly unknown[][],
    ): Promise<void> => {
      const marks = columns.split(',').map((_column, at) => `$${at + 1}`);
      await this.#link.transaction(async (ask) => {
        for (const row of rows)
          await ask(
            `INSERT INTO relay.${table} (${columns}) VALUES (${marks.join(',')}) ON CONFLICT DO NOTHING`,
            row,
          );
      });
    };
    type Grant = { log: number; id: Buffer; key: Buffer; rights: string };
    await copy(
      'capability',
      'log,id,key,rights',
      all<Grant>('SELECT * FROM capability').map((r) => [ids.get(r.log), r.id, r.key, r.rights]),
    );
    type Package = { log: number; shelf: Buffer; time_ms: number; body: Buffer };
    await this.#link.write('DELETE FROM relay.package');
    await copy(
      'package',
      'log,shelf,time_ms,body',
      all<Package>('SELECT log, shelf, time_ms, body FROM package ORDER BY n').map((r) => [
        ids.get(r.log),
        r.shelf,
        r.time_ms,
        r.body,
      ]),
    );
    type Blob = {
      log: number;
      id: Buffer;
      chunks: number;
      size: number;
      expires_ms: number;
      finished: number;
      signer: Buffer;
      signature: Buffer;
    };
    await copy(
      'blob',
      'log,id,chunks,size,expires_ms,finished,signer,signature',
      all<Blob>('SELECT * FROM blob').map((r) => [
        ids.get(r.log),
        r.id,
        r.chunks,
        r.size,
        r.expires_ms,
        r.finished === 1,
        r.signer,
        r.signature,
      ]),
    );
  }
}

/**
 * Moves the store in `path` to the cluster at `url`. Relays may go on serving from the old one until the pause; from then
 * on they answer 'relay-failing' until they are started on the new one. Interrupted, it is simply run again. Chunks of
 * blobs stay where they are: the directory is used by both.
 */
export async function moveToPostgres(
  path: string,
  url: string,
  onProgress: MoveProgress = () => {},
): Promise<Moved> {
  await expectReadable(path);
  const db = new Database(path, { fileMustExist: true, timeout: 30_000 });
  const link = new PostgresLink(url);
  try {
    migrateSqlite(db);
    if (db.prepare('SELECT 1 FROM moved').get() !== undefined) {
      throw new Fault<StoreFaultCode>('store-moved', 'This store has been moved already.', {
        nextAction: 'start the relay with --store on the place that it was moved to',
      });
    }
    await migratePostgres(link);
    const mover = new Mover(db, link, nativeCrypto);
    const report = (pausing: boolean) => () => onProgress({ ...mover.moved, pausing });
    for (let pass = 0; pass < PASSES_MAX; pass++)
      if ((await mover.pass(report(false))) < REST) break;
    db.exec('BEGIN IMMEDIATE');
    try {
      await mover.pass(report(true));
      await mover.smallTables();
      db.prepare('INSERT INTO moved (place) VALUES (?)').run('postgres');
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
    return mover.moved;
  } finally {
    db.close();
    await link.close();
  }
}

function contradiction(what: string): Fault<StoreFaultCode> {
  return new Fault('store-damaged', `The store cannot be moved: ${what}.`, {
    nextAction: 'keep the old store, and follow "recover" in docs/operations.md',
  });
}
