// A relay process for tests: options as JSON in the first argument, a full journal on standard output unless `quiet`.

import { startRelay, type RelayOptions } from '../relay.ts';

const { quiet, ...options } = JSON.parse(process.argv[2] ?? '{}') as RelayOptions & {
  quiet?: boolean;
};
const level = quiet === true ? 'silent' : 'debug';
const relay = await startRelay({ ...options, journal: { level } });
process.once('SIGTERM', () => void relay.close().then(() => process.exit(0)));
