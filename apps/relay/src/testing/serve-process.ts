// A relay process for tests: options as JSON in the first argument, a full journal on standard output.

import { startRelay, type RelayOptions } from '../relay.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as RelayOptions;
const relay = await startRelay({ ...options, journal: { level: 'debug' } });
process.once('SIGTERM', () => void relay.close().then(() => process.exit(0)));
