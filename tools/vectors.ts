// `npm run vectors`: every official vector set of the house, one after the other, each with its own counts.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SETS = [
  { name: 'MLS (RFC 9420)', run: ['node', 'packages/channel/testing/mls/run.ts'] },
  { name: 'SPF (RFC 7208) and ARC (RFC 8617)', run: ['node', 'packages/mail/tools/vectors.ts'] },
  {
    name: 'Merkle (RFC 6962), records, channel, envelopes in flight, display lists, encodings, primitives',
    run: [
      'vitest',
      'run',
      '--project',
      'unit',
      'packages/record/src/tree.test.ts',
      'packages/record/src/vectors.test.ts',
      'packages/channel/src/vectors.test.ts',
      'packages/post/src/vectors.test.ts',
      'packages/disarm/src/list/decode.test.ts',
      'packages/kernel',
    ],
  },
];

let failed = 0;
for (const { name, run } of SETS) {
  console.log(`\n== ${name}`);
  const [command = '', ...args] = run;
  const done = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) failed++;
}
console.log(`\n${SETS.length - failed} sets passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
