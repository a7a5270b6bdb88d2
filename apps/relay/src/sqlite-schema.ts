// The tables of the embedded store. Migrations go forward only: a release appends to the list and never edits it.

import type Database from 'better-sqlite3';
import { Fault } from '@parley/kernel';
import type { StoreFaultCode } from '@parley/post';

export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE log (
     n INTEGER PRIMARY KEY,
     id BLOB NOT NULL UNIQUE,
     seq INTEGER NOT NULL,
     head BLOB NOT NULL,
     time_ms INTEGER NOT NULL,
     max_entries INTEGER NOT NULL,
     founder BLOB NOT NULL,
     made_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE envelope (
     log INTEGER NOT NULL REFERENCES log (n),
     seq INTEGER NOT NULL,
     time_ms INTEGER NOT NULL,
     head BLOB NOT NULL,
     body BLOB NOT NULL,
     UNIQUE (log, seq)
   ) STRICT;
   CREATE TABLE capability (
     log INTEGER NOT NULL REFERENCES log (n),
     id BLOB NOT NULL,
     key BLOB NOT NULL,
     rights TEXT NOT NULL,
     PRIMARY KEY (log, id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE package (
     n INTEGER PRIMARY KEY AUTOINCREMENT,
     log INTEGER NOT NULL REFERENCES log (n),
     shelf BLOB NOT NULL,
     time_ms INTEGER NOT NULL,
     body BLOB NOT NULL
   ) STRICT;
   CREATE INDEX package_by_shelf ON package (log, shelf, n);
   CREATE TABLE blob (
     log INTEGER NOT NULL REFERENCES log (n),
     id BLOB NOT NULL,
     chunks INTEGER NOT NULL,
     size INTEGER NOT NULL,
     expires_ms INTEGER NOT NULL,
     finished INTEGER NOT NULL,
     PRIMARY KEY (log, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX blob_by_expiry ON blob (expires_ms);`,
  // 2: a store that was moved elsewhere says where to, and takes no more.
  'CREATE TABLE moved (place TEXT NOT NULL) STRICT;',
  // 3: logs that nobody came back for are forgotten.
  `ALTER TABLE log ADD COLUMN expires_ms INTEGER;
   CREATE INDEX log_by_expiry ON log (expires_ms) WHERE expires_ms IS NOT NULL;
   CREATE INDEX log_unused ON log (made_ms) WHERE seq = 0;`,
  // 4: the end of a blob is signed. What was declared before has no signature and is not removed.
  `ALTER TABLE blob ADD COLUMN signer BLOB NOT NULL DEFAULT x'';
   ALTER TABLE blob ADD COLUMN signature BLOB NOT NULL DEFAULT x'';`,
];

/** Brings a database to this release's tables. Faults with 'store-unusable' for one of a newer release. */
export function migrateSqlite(
  db: Database.Database,
  migrations: readonly string[] = MIGRATIONS,
): void {
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > migrations.length) {
      throw new Fault<StoreFaultCode>(
        'store-unusable',
        `The store was written by a newer release (tables of version ${version}).`,
        { nextAction: 'install that release again, or restore a backup made by this one' },
      );
    }
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}
