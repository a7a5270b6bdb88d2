// Sealing and hashing a 256 MiB file, file to file, beside Debian's `age` where it is installed. Run: node bench/sealing.ts

import { spawnSync } from 'node:child_process';
import nodeCrypto from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import { newFileKey, sealFile, writePieces } from '@parley/post';

const SIZE = 256 * 1024 * 1024;
const RUNS = 5;
const PIECE = 1024 * 1024;
const READ = 256 * 1024;

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function timed(work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function seal(from: string, to: string): Promise<void> {
  const file = await open(to, 'w');
  const source = createReadStream(from, { highWaterMark: READ });
  // The next chunk is sealed while this one is written, as it is while one is uploaded.
  let writing: Promise<unknown> = Promise.resolve();
  for await (const chunk of sealFile(nativePorts, newFileKey(nativePorts), {
    size: SIZE,
    source,
  })) {
    await writing;
    writing = writePieces(file, chunk.sealed);
  }
  await writing;
  await file.close();
}

const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
const plain = join(directory, 'plain');
const file = await open(plain, 'w');
for (let at = 0; at < SIZE; at += PIECE) await file.write(nodeCrypto.randomBytes(PIECE));
await file.close();

const keygen = spawnSync('age-keygen', ['-o', join(directory, 'key')], { encoding: 'utf8' });
const recipient = /age1[0-9a-z]+/.exec(keygen.stderr ?? '')?.[0];
const ours: number[] = [];
const ages: number[] = [];
// One after the other, so that both meet the same noise.
for (let run = 0; run < RUNS; run++) {
  ours.push(await timed(() => seal(plain, join(directory, 'sealed'))));
  if (recipient === undefined) continue;
  const argv = ['-r', recipient, '-o', join(directory, 'aged'), plain];
  ages.push(
    await timed(() => {
      const { status } = spawnSync('age', argv);
      if (status !== 0) throw new Error('age failed');
    }),
  );
}
await rm(directory, { recursive: true });

const rate = (ms: number): string =>
  `${Math.round(ms)} ms, ${Math.round((SIZE / 1048576 / ms) * 1000)} MiB/s`;
console.log(`256 MiB, file to file, median of ${RUNS} alternating runs`);
console.log(`  parley, sealed and hashed   ${rate(median(ours))}`);
if (recipient === undefined)
  console.log('  age                         not run: Debian package age is not installed');
else {
  console.log(`  age, sealed only            ${rate(median(ages))}`);
  console.log(
    `  ratio of times              ${(median(ours) / median(ages)).toFixed(2)} (goal: 1.3 or less)`,
  );
}
