import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { storeConformance } from '@parley/post/conformance';
import { MIGRATIONS } from './sqlite-schema.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { removeDirectory, temporaryDirectory } from './testing/fixture.ts';

storeConformance('SQLite', async () => {
  const directory = await temporaryDirectory();
  return {
    open: async () => openSqliteStore(join(directory, 'relay.db')),
    destroy: () => removeDirectory(directory),
  };
});

it('a store of a development version is refused in words, and a released one is brought forward', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'relay.db');
  const db = new Database(path);
  db.exec('CREATE TABLE log (n INTEGER PRIMARY KEY); CREATE TABLE moved (place TEXT)');
  db.pragma(`user_version = ${MIGRATIONS.length}`);
  db.close();
  expect(() => openSqliteStore(path)).toThrow(
    expect.objectContaining({ code: 'store-unusable' }) as Error,
  );
  const released = join(directory, 'released.db');
  const old = new Database(released);
  for (const migration of MIGRATIONS.slice(0, 2)) old.exec(migration);
  old.pragma('user_version = 2');
  old.exec("INSERT INTO log VALUES (1, x'01', 0, x'00', 0, 10, x'00', 1000)");
  old.close();
  const store = openSqliteStore(released);
  expect(await store.countLogs()).toBe(1);
  await store.close();
  await removeDirectory(directory);
});
