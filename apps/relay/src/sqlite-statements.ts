// The SQL of the embedded store, prepared once for each connection.

import type Database from 'better-sqlite3';
import type { HeldGrant } from '@parley/post';

export type LogRow = { n: number; seq: number; head: Buffer; time_ms: number; max_entries: number };
type GrantRow = { id: Buffer; key: Buffer; rights: HeldGrant['rights'] };
export type BlobDbRow = {
  chunks: number;
  size: number;
  expires_ms: number;
  finished: number;
  signer: Buffer;
  signature: Buffer;
};

/** The statements, prepared once. */
export function prepare(db: Database.Database) {
  return {
    log: db.prepare<[Uint8Array], LogRow>(
      'SELECT n, seq, head, time_ms, max_entries FROM log WHERE id = ?',
    ),
    founder: db.prepare<[number], { founder: Buffer; head: Buffer; made_ms: number }>(
      'SELECT founder, head, made_ms FROM log WHERE n = ?',
    ),
    addLog: db.prepare(
      'INSERT INTO log (id, seq, head, time_ms, max_entries, founder, made_ms, expires_ms) VALUES (?, 0, ?, ?, ?, ?, ?, ?)',
    ),
    advance: db.prepare('UPDATE log SET seq = ?, head = ?, time_ms = ? WHERE n = ? AND seq = ?'),
    addEnvelope: db.prepare(
      'INSERT INTO envelope (log, seq, time_ms, head, body) VALUES (?, ?, ?, ?, ?)',
    ),
    envelope: db.prepare<[number, number], { time_ms: number; head: Buffer; body: Buffer }>(
      'SELECT time_ms, head, body FROM envelope WHERE log = ? AND seq = ?',
    ),
    envelopes: db.prepare<[number, number, number], { seq: number; body: Buffer }>(
      'SELECT seq, body FROM envelope WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    grant: db.prepare<[Uint8Array, Uint8Array], GrantRow>(
      'SELECT c.id, c.key, c.rights FROM capability c JOIN log l ON l.n = c.log WHERE l.id = ? AND c.id = ?',
    ),
    grants: db.prepare<[number], { all_of_them: number; owners: number }>(
      `SELECT count(*) AS all_of_them, count(*) FILTER (WHERE rights = 'owner') AS owners FROM capability WHERE log = ?`,
    ),
    grantOn: db.prepare<[number, Uint8Array], GrantRow>(
      'SELECT id, key, rights FROM capability WHERE log = ? AND id = ?',
    ),
    putGrant: db.prepare(
      'INSERT INTO capability (log, id, key, rights) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET key = excluded.key, rights = excluded.rights',
    ),
    dropGrant: db.prepare('DELETE FROM capability WHERE log = ? AND id = ?'),
    packages: db.prepare<[number, Uint8Array], { waiting: number }>(
      'SELECT count(*) AS waiting FROM package WHERE log = ? AND shelf = ?',
    ),
    addPackage: db.prepare('INSERT INTO package (log, shelf, time_ms, body) VALUES (?, ?, ?, ?)'),
    takePackage: db.prepare<[number, Uint8Array], { body: Buffer }>(
      'DELETE FROM package WHERE n = (SELECT min(n) FROM package WHERE log = ? AND shelf = ?) RETURNING body',
    ),
    blob: db.prepare<[number, Uint8Array], BlobDbRow>(
      'SELECT chunks, size, expires_ms, finished, signer, signature FROM blob WHERE log = ? AND id = ?',
    ),
    blobBytes: db.prepare<[number], { used: number }>(
      'SELECT coalesce(sum(size), 0) AS used FROM blob WHERE log = ?',
    ),
    addBlob: db.prepare(
      'INSERT INTO blob (log, id, chunks, size, expires_ms, signer, signature, finished) VALUES (?, ?, ?, ?, ?, ?, ?, 0)',
    ),
    keepBlob: db.prepare('UPDATE blob SET expires_ms = ?, signature = ? WHERE log = ? AND id = ?'),
    finishBlob: db.prepare('UPDATE blob SET finished = 1 WHERE log = ? AND id = ?'),
    expired: db.prepare<[number, number], { log: Buffer; blob: Buffer }>(
      'SELECT l.id AS log, b.id AS blob FROM blob b JOIN log l ON l.n = b.log WHERE b.expires_ms <= ? ORDER BY b.expires_ms LIMIT ?',
    ),
    dropBlob: db.prepare('DELETE FROM blob WHERE log = ? AND id = ? AND expires_ms <= ?'),
    expiredLogs: db.prepare<[number, number, number], { id: Buffer }>(
      `SELECT id FROM log WHERE n IN (
         SELECT n FROM log WHERE expires_ms <= ? UNION SELECT n FROM log WHERE seq = 0 AND made_ms <= ?
       ) LIMIT ?`,
    ),
    overLog: db.prepare<[Uint8Array, number, number], { n: number }>(
      'SELECT n FROM log WHERE id = ? AND (expires_ms <= ? OR (seq = 0 AND made_ms <= ?))',
    ),
    dropOfLog: ['envelope', 'capability', 'package', 'blob'].map((table) =>
      db.prepare<[number]>(`DELETE FROM ${table} WHERE log = ?`),
    ),
    dropLog: db.prepare<[number]>('DELETE FROM log WHERE n = ?'),
    moved: db.prepare<[], { place: string }>('SELECT place FROM moved LIMIT 1'),
    countLogs: db.prepare<[], { logs: number }>('SELECT count(*) AS logs FROM log'),
  };
}

export type Statements = ReturnType<typeof prepare>;
