import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from '@parley/post/conformance';
import { openSqliteStore } from './sqlite-store.ts';

storeConformance('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-sqlite-'));
  return {
    open: async () => openSqliteStore(join(directory, 'relay.db')),
    destroy: () => rm(directory, { recursive: true }),
  };
});
