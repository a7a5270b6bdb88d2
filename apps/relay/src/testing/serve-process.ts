// A relay process for tests: options as JSON in the first argument, a full journal on standard output unless `quiet`.

import { join } from 'node:path';
import { countOutsideMemoryWithHeap } from '@parley/kernel/node';
import { startRelay } from '../relay.ts';
import type { RelayOptions } from '../relay-options.ts';
import { openSqliteStore } from '../sqlite-store.ts';

countOutsideMemoryWithHeap();
const { quiet, unsafeSingly, ...options } = JSON.parse(process.argv[2] ?? '{}') as RelayOptions & {
  quiet?: boolean;
  unsafeSingly?: boolean;
};
const level = quiet === true ? 'silent' : 'debug';
const store =
  unsafeSingly === true
    ? { store: openSqliteStore(join(options.dataDir, 'relay.db'), { unsafeSingly }) }
    : {};
const relay = await startRelay({ ...options, ...store, journal: { level } });
process.once('SIGTERM', () => void relay.close().then(() => process.exit(0)));
