// The writer of the power-cut simulation: the real store, appends in groups, an ACK line for each promise that resolved.

import { writeSync } from 'node:fs';
import { newCapability, newLogId } from '@parley/post';
import { nativePorts } from '@parley/kernel/node';
import { openSqliteStore } from '../sqlite-store.ts';

const [path = '', synchronous = 'FULL'] = process.argv.slice(2);
const { randomness } = nativePorts;
const store = openSqliteStore(
  path,
  synchronous === 'FULL' ? {} : { unsafeSynchronous: synchronous as 'NORMAL' | 'OFF' },
);
const log = newLogId(randomness);
await store.createLog(log, { owner: newCapability(randomness), maxEntries: 1e6, nowMs: 1 });
let seq = 0;
for (let group = 0; group < 60; group++) {
  const size = 1 + ((randomness.bytes(1)[0] ?? 0) % 6);
  const appends = Array.from({ length: size }, async () => {
    const mine = ++seq;
    const envelope = randomness.bytes(1200);
    const stored = await store.append(log, { expectedSeq: mine, envelope, nowMs: 1 });
    if (stored.ok) writeSync(1, `ACK ${mine}\n`);
  });
  await Promise.all(appends);
}
process.exit(0);
