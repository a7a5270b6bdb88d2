// The distributed store: one PostgreSQL cluster. Any number of relay processes use it at once; rings between them go by
// NOTIFY outside of every transaction, and nothing depends on them.

import {
  accept,
  concat,
  refuse,
  sameBytes,
  type Crypto,
  type Verdict,
  Fault,
} from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  GRANTS_MAX,
  SHELF_MAX_PACKAGES,
  blobId,
  declaredAlike,
  capabilityId,
  emptyHead,
  logId,
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
import { PostgresAppends } from './postgres-appends.ts';
import { PostgresBells } from './postgres-bells.ts';
import { PostgresLink, type Ask, type LinkOptions } from './postgres-link.ts';
import { migratePostgres } from './postgres-schema.ts';

type HeadRow = { seq: number; head: Buffer; time_ms: number };
type BlobDbRow = {
  chunks: number;
  size: number;
  expires_ms: number;
  finished: boolean;
  signer: Buffer;
  signature: Buffer;
};
type GrantRow = { id: Buffer; key: Buffer; rights: HeldGrant['rights'] };

const HEAD = 'SELECT seq, head, time_ms FROM relay.log WHERE id = $1';
const LOCK = 'SELECT 1 FROM relay.log WHERE id = $1 FOR UPDATE';
const BLOB_COLUMNS = 'chunks, size, expires_ms, finished, signer, signature';
const BLOB = `SELECT ${BLOB_COLUMNS} FROM relay.blob WHERE log = $1 AND id = $2`;
/** Envelopes asked for at a time, so that a page of large ones is not read to be thrown away. */
const READ_STEP = 64;

const headOf = (row: HeadRow): LogHead => ({
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
  finished: row.finished,
});

/**
 * Opens a store on `postgres://user@host1,host2/name`, making or migrating its tables. Writes go to whichever server takes
 * them; with `synchronous_standby_names` set there, an accepted promise means that a standby has it too.
 */
export async function openPostgresStore(
  url: string,
  options: LinkOptions & { crypto?: Crypto } = {},
): Promise<Store> {
  const link = new PostgresLink(url, options);
  try {
    await migratePostgres(link);
  } catch (error) {
    await link.close();
    throw error;
  }
  return new PostgresStore(link, options.crypto ?? nativeCrypto);
}

class PostgresStore implements Store {
  readonly #link: PostgresLink;
  readonly #crypto: Crypto;
  readonly #appends: PostgresAppends;
  readonly #bells: PostgresBells;

  constructor(link: PostgresLink, crypto: Crypto) {
    this.#link = link;
    this.#crypto = crypto;
    this.#bells = new PostgresBells(link);
    this.#appends = new PostgresAppends(link, (log, seq) => this.#bells.ring(log, seq));
  }

  async createLog(log: LogId, made: NewLog): Promise<Verdict<LogHead, 'exists'>> {
    const { owner, maxEntries, nowMs, expiresMs = null } = made;
    const founder = this.#crypto.hash('sha256', concat(owner.id, owner.key));
    const head = emptyHead(this.#crypto, log);
    await this.#link.write(
      `WITH made AS (
         INSERT INTO relay.log (id, seq, head, time_ms, max_entries, founder, made_ms, expires_ms)
         VALUES ($1, 0, $2, $3, $4, $5, $3, $8) ON CONFLICT DO NOTHING RETURNING id
       ) INSERT INTO relay.capability (log, id, key, rights) SELECT id, $6, $7, 'owner' FROM made`,
      [log, head, nowMs, maxEntries, founder, owner.id, owner.key, expiresMs],
    );
    const [row] = await this.#link.write<{ founder: Buffer; made_ms: number }>(
      'SELECT founder, made_ms FROM relay.log WHERE id = $1',
      [log],
    );
    if (row === undefined || !sameBytes(row.founder, founder)) return refuse('exists');
    return accept({ seq: 0, head, timeMs: row.made_ms });
  }

  append(
    log: LogId,
    entry: { expectedSeq: number; envelope: Uint8Array; nowMs: number },
  ): Promise<Verdict<LogHead, NoLog | 'conflict' | 'full'>> {
    if (this.#appends.behind) {
      return Promise.reject(
        new Fault<StoreFaultCode>('store-unreachable', 'The store is too far behind.', {
          retry: true,
        }),
      );
    }
    return this.#appends.append(log, entry);
  }

  async head(log: LogId): Promise<Verdict<LogHead, NoLog>> {
    const [row] = await this.#link.read<HeadRow>(HEAD, [log]);
    return row === undefined ? refuse('no-such-log') : accept(headOf(row));
  }

  async read(
    log: LogId,
    from: { after: number; maxEnvelopes: number; maxBytes: number },
  ): Promise<Verdict<{ envelopes: readonly StoredEnvelope[]; head: LogHead }, NoLog>> {
    const head = await this.head(log);
    if (!head.ok) return head;
    const envelopes: StoredEnvelope[] = [];
    const last = Math.min(head.value.seq, from.after + from.maxEnvelopes);
    let bytes = 0;
    for (let after = from.after; after < last; after += READ_STEP) {
      const rows = await this.#link.read<{ seq: number; body: Buffer }>(
        'SELECT seq, body FROM relay.envelope WHERE log = $1 AND seq > $2 AND seq <= $3 ORDER BY seq',
        [log, after, Math.min(last, after + READ_STEP)],
      );
      for (const row of rows) {
        bytes += row.body.length;
        if (envelopes.length > 0 && bytes > from.maxBytes)
          return accept({ envelopes, head: head.value });
        envelopes.push({ seq: row.seq, envelope: new Uint8Array(row.body) });
      }
    }
    return accept({ envelopes, head: head.value });
  }

  async grantOf(log: LogId, id: CapabilityId): Promise<HeldGrant | undefined> {
    const [row] = await this.#link.read<GrantRow>(
      'SELECT id, key, rights FROM relay.capability WHERE log = $1 AND id = $2',
      [log, id],
    );
    if (row === undefined) return undefined;
    return {
      id: capabilityId(new Uint8Array(row.id)),
      key: new Uint8Array(row.key),
      rights: row.rights,
    };
  }

  /** Runs with the log's row locked: grants, shelves and quotas of one log are decided one after the other. */
  #onLog<T>(log: LogId, work: (ask: Ask) => Promise<T>): Promise<T | ReturnType<typeof noLog>> {
    return this.#link.transaction(async (ask) =>
      (await ask(LOCK, [log])).length === 0 ? noLog() : work(ask),
    );
  }

  grant(log: LogId, grant: HeldGrant): Promise<Verdict<null, NoLog | 'full' | 'last-owner'>> {
    return this.#onLog(log, async (ask) => {
      const { all, owners, present } = await grantsOf(ask, log, grant.id);
      if (present === undefined && all >= GRANTS_MAX) return refuse('full');
      if (present === 'owner' && grant.rights !== 'owner' && owners === 1)
        return refuse('last-owner');
      await ask(
        `INSERT INTO relay.capability (log, id, key, rights) VALUES ($1, $2, $3, $4)
         ON CONFLICT (log, id) DO UPDATE SET key = excluded.key, rights = excluded.rights`,
        [log, grant.id, grant.key, grant.rights],
      );
      return accept(null);
    });
  }

  revoke(log: LogId, id: CapabilityId): Promise<Verdict<null, NoLog | 'last-owner'>> {
    return this.#onLog(log, async (ask) => {
      const { owners, present } = await grantsOf(ask, log, id);
      if (present === 'owner' && owners === 1) return refuse('last-owner');
      await ask('DELETE FROM relay.capability WHERE log = $1 AND id = $2', [log, id]);
      return accept(null);
    });
  }

  putPackage(
    log: LogId,
    shelf: ShelfId,
    entry: { sealed: Uint8Array; nowMs: number },
  ): Promise<Verdict<null, NoLog | 'full'>> {
    return this.#onLog(log, async (ask) => {
      const [row] = await ask<{ waiting: number }>(
        'SELECT count(*) AS waiting FROM relay.package WHERE log = $1 AND shelf = $2',
        [log, shelf],
      );
      if ((row?.waiting ?? 0) >= SHELF_MAX_PACKAGES) return refuse('full');
      // After a lost answer this runs again: the same package is not put twice.
      await ask(
        `INSERT INTO relay.package (log, shelf, time_ms, body) SELECT $1, $2, $3, $4
         WHERE NOT EXISTS (SELECT 1 FROM relay.package WHERE log = $1 AND shelf = $2 AND body = $4)`,
        [log, shelf, entry.nowMs, entry.sealed],
      );
      return accept(null);
    });
  }

  async takePackage(log: LogId, shelf: ShelfId): Promise<Verdict<Uint8Array, 'empty'>> {
    const [row] = await this.#link.write<{ body: Buffer }>(
      `DELETE FROM relay.package WHERE n = (
         SELECT n FROM relay.package WHERE log = $1 AND shelf = $2 ORDER BY n LIMIT 1
         FOR UPDATE SKIP LOCKED
       ) RETURNING body`,
      [log, shelf],
    );
    return row === undefined ? refuse('empty') : accept(new Uint8Array(row.body));
  }

  declareBlob(
    log: LogId,
    blob: BlobId,
    asked: SignedTerms & { readonly quotaBytes: number },
  ): Promise<Verdict<BlobRow, NoLog | 'full' | 'exists'>> {
    const { quotaBytes, ...terms } = asked;
    const { chunks, size, expiresMs, signer, signature } = terms;
    return this.#onLog(log, async (ask) => {
      const [present] = await ask<BlobDbRow>(BLOB, [log, blob]);
      if (present !== undefined) {
        if (!declaredAlike(blobOf(present), terms)) return refuse('exists');
        if (expiresMs <= present.expires_ms) return accept(blobOf(present));
        await ask(
          'UPDATE relay.blob SET expires_ms = $3, signature = $4 WHERE log = $1 AND id = $2',
          [log, blob, expiresMs, signature],
        );
        return accept({ ...blobOf(present), expiresMs, signature });
      }
      const [row] = await ask<{ used: string }>(
        'SELECT coalesce(sum(size), 0) AS used FROM relay.blob WHERE log = $1',
        [log],
      );
      if (Number(row?.used ?? 0) + size > quotaBytes) return refuse('full');
      await ask(
        'INSERT INTO relay.blob (log, id, chunks, size, expires_ms, signer, signature, finished) VALUES ($1, $2, $3, $4, $5, $6, $7, false)',
        [log, blob, chunks, size, expiresMs, signer, signature],
      );
      return accept({ ...terms, finished: false });
    });
  }

  async blob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    const [row] = await this.#link.read<BlobDbRow>(BLOB, [log, blob]);
    return row === undefined ? refuse('no-such-blob') : accept(blobOf(row));
  }

  async finishBlob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    const [row] = await this.#link.write<BlobDbRow>(
      `UPDATE relay.blob SET finished = true WHERE log = $1 AND id = $2 RETURNING ${BLOB_COLUMNS}`,
      [log, blob],
    );
    return row === undefined ? refuse('no-such-blob') : accept(blobOf(row));
  }

  async expiredBlobs(nowMs: number, max: number): Promise<readonly { log: LogId; blob: BlobId }[]> {
    const rows = await this.#link.read<{ log: Buffer; id: Buffer }>(
      'SELECT log, id FROM relay.blob WHERE expires_ms <= $1 ORDER BY expires_ms LIMIT $2',
      [nowMs, max],
    );
    return rows.map((row) => ({
      log: logId(new Uint8Array(row.log)),
      blob: blobId(new Uint8Array(row.id)),
    }));
  }

  async dropBlob(log: LogId, blob: BlobId, nowMs: number): Promise<boolean> {
    const rows = await this.#link.write(
      'DELETE FROM relay.blob WHERE log = $1 AND id = $2 AND expires_ms <= $3 RETURNING 1',
      [log, blob, nowMs],
    );
    return rows.length > 0;
  }

  async expiredLogs({ nowMs, unusedSinceMs }: Over, max: number): Promise<readonly LogId[]> {
    const rows = await this.#link.read<{ id: Buffer }>(
      `SELECT id FROM relay.log WHERE expires_ms <= $1
       UNION SELECT id FROM relay.log WHERE seq = 0 AND made_ms <= $2 LIMIT $3`,
      [nowMs, unusedSinceMs, max],
    );
    return rows.map(({ id }) => logId(new Uint8Array(id)));
  }

  async dropLog(log: LogId, { nowMs, unusedSinceMs }: Over): Promise<boolean> {
    const dropped = await this.#onLog(log, async (ask) => {
      const gone = await ask(
        `DELETE FROM relay.log WHERE id = $1 AND (expires_ms <= $2 OR (seq = 0 AND made_ms <= $3)) RETURNING 1`,
        [log, nowMs, unusedSinceMs],
      );
      if (gone.length === 0) return false;
      for (const table of ['envelope', 'capability', 'package', 'blob'])
        await ask(`DELETE FROM relay.${table} WHERE log = $1`, [log]);
      return true;
    });
    return dropped === true;
  }

  async countLogs(): Promise<number> {
    // The planner's estimate once there are many: an exact count reads every row.
    const [row] = await this.#link.read<{ logs: number }>(
      `SELECT CASE WHEN c.reltuples > 100000 THEN c.reltuples::bigint ELSE (SELECT count(*) FROM relay.log) END AS logs
       FROM pg_class c WHERE c.oid = 'relay.log'::regclass`,
    );
    return row?.logs ?? 0;
  }

  watch(ring: (log: LogId, seq: number) => void): () => void {
    return this.#bells.watch(ring);
  }

  async close(): Promise<void> {
    await this.#bells.close();
    await this.#link.close();
  }
}

const noLog = () => refuse('no-such-log');

async function grantsOf(
  ask: Ask,
  log: LogId,
  id: CapabilityId,
): Promise<{ all: number; owners: number; present: HeldGrant['rights'] | undefined }> {
  const [row] = await ask<{
    all_of_them: number;
    owners: number;
    present: HeldGrant['rights'] | null;
  }>(
    `SELECT count(*) AS all_of_them, count(*) FILTER (WHERE rights = 'owner') AS owners,
       max(rights) FILTER (WHERE id = $2) AS present
     FROM relay.capability WHERE log = $1`,
    [log, id],
  );
  return {
    all: row?.all_of_them ?? 0,
    owners: row?.owners ?? 0,
    present: row?.present ?? undefined,
  };
}
