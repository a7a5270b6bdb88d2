// The tables of the distributed store. Migrations go forward only; each is one transaction that begins by claiming its
// number, so that processes which start at once wait for each other without any advisory lock.

import { Fault } from '@parley/kernel';
import type { StoreFaultCode } from '@parley/post';
import type { PostgresLink } from './postgres-link.ts';

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE relay.log (
     id bytea PRIMARY KEY,
     seq bigint NOT NULL,
     head bytea NOT NULL,
     time_ms bigint NOT NULL,
     max_entries bigint NOT NULL,
     founder bytea NOT NULL,
     made_ms bigint NOT NULL
   );
   CREATE TABLE relay.envelope (
     log bytea NOT NULL,
     seq bigint NOT NULL,
     time_ms bigint NOT NULL,
     head bytea NOT NULL,
     body bytea NOT NULL,
     PRIMARY KEY (log, seq)
   );
   ALTER TABLE relay.envelope ALTER COLUMN body SET STORAGE EXTERNAL;
   CREATE TABLE relay.capability (
     log bytea NOT NULL,
     id bytea NOT NULL,
     key bytea NOT NULL,
     rights text NOT NULL,
     PRIMARY KEY (log, id)
   );
   CREATE TABLE relay.package (
     n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     log bytea NOT NULL,
     shelf bytea NOT NULL,
     time_ms bigint NOT NULL,
     body bytea NOT NULL
   );
   CREATE INDEX package_by_shelf ON relay.package (log, shelf, n);
   CREATE TABLE relay.blob (
     log bytea NOT NULL,
     id bytea NOT NULL,
     chunks bigint NOT NULL,
     size bigint NOT NULL,
     expires_ms bigint NOT NULL,
     finished boolean NOT NULL,
     PRIMARY KEY (log, id)
   );
   CREATE INDEX blob_by_expiry ON relay.blob (expires_ms);`,
  // 2: logs that nobody came back for are forgotten.
  `ALTER TABLE relay.log ADD COLUMN expires_ms bigint;
   CREATE INDEX log_by_expiry ON relay.log (expires_ms) WHERE expires_ms IS NOT NULL;
   CREATE INDEX log_unused ON relay.log (made_ms) WHERE seq = 0;`,
  // 3: the end of a blob is signed. What was declared before has no signature and is not removed.
  `ALTER TABLE relay.blob ADD COLUMN signer bytea NOT NULL DEFAULT '';
   ALTER TABLE relay.blob ADD COLUMN signature bytea NOT NULL DEFAULT '';`,
];

/** Errors of two processes that make the same thing at once: the loser looks again. */
const MADE_MEANWHILE = new Set(['23505', '42P06', '42P07']);
const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function attempt(link: PostgresLink): Promise<void> {
  await link.write('CREATE SCHEMA IF NOT EXISTS relay');
  await link.write('CREATE TABLE IF NOT EXISTS relay.migration (version int PRIMARY KEY)');
  const done = await link.write<{ version: number | null }>(
    'SELECT max(version) AS version FROM relay.migration',
  );
  const version = done[0]?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new Fault<StoreFaultCode>(
      'store-unusable',
      `The store was written by a newer release (tables of version ${version}).`,
      { nextAction: 'install that release again, or restore a backup made by this one' },
    );
  }
  for (let next = version + 1; next <= MIGRATIONS.length; next++) {
    await link.transaction(async (ask) => {
      await ask('INSERT INTO relay.migration (version) VALUES ($1)', [next]);
      await ask(MIGRATIONS[next - 1] as string);
    });
  }
}

/** Brings the tables to this release. Safe to run from several processes at once. */
export async function migratePostgres(link: PostgresLink): Promise<void> {
  for (;;) {
    try {
      return await attempt(link);
    } catch (error) {
      if (!MADE_MEANWHILE.has(String(codeOf(error)))) throw error;
    }
  }
}
