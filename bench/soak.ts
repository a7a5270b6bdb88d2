// A relay under steady mixed work for a long time: is its memory flat? Run: npm run bench:soak -- --minutes 30
//
// Twenty members append 40 times a second in all; each is followed by two readers on doorbells that leave and come again;
// files of 3 MiB go up and down; strangers make boxes. The relay is a process of its own; its resident memory is read
// every five seconds, and beside it what V8 uses of it: what neither explains is SQLite, buffers and the C heap. "Flat" is
// judged after the first third, when caches are warm: the slope by least squares.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  downloadFile,
  newCapability,
  newFileKey,
  newLogId,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';

const { randomness, crypto } = nativePorts;
const at = process.argv.indexOf('--minutes');
const MINUTES = at < 0 ? 30 : Number(process.argv[at + 1]);
const MEMBERS = 20;
const APPENDS_PER_SECOND = 40;
const FILE_BYTES = 3 * 1024 * 1024;
const SAMPLE_MS = 5000;
const VERDICT_MINUTES = 10;
/** Above this growth an hour, memory is not flat. */
const FLAT_MIB_PER_HOUR = 20;

const endMs = Date.now() + MINUTES * 60_000;
const running = (): boolean => Date.now() < endMs;
const kinds = new Map<string, number>();
const done = { appends: 0, delivered: 0, files: 0, boxes: 0, errors: 0 };

async function tried(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    done.errors++;
    const what = error instanceof Error ? error.message : String(error);
    kinds.set(what, (kinds.get(what) ?? 0) + 1);
    await sleep(200);
  }
}

async function writer(log: RelayLog): Promise<void> {
  for (let seq = 1; running();) {
    const dueMs = Date.now() + (1000 * MEMBERS) / APPENDS_PER_SECOND;
    await tried(async () => {
      const length = 300 + (randomness.bytes(1)[0] ?? 0) * 12;
      const stored = await log.append({ expectedSeq: seq, envelope: randomness.bytes(length) });
      // Stored after all, though its answer was lost: go on behind it.
      if (!stored.ok && stored.reason === 'conflict') seq++;
      if (!stored.ok) throw new Error(stored.reason);
      seq++;
      done.appends++;
    });
    await sleep(Math.max(0, dueMs - Date.now()));
  }
}

async function reader(log: RelayLog): Promise<void> {
  let after = 0;
  while (running()) {
    const leave = new AbortController();
    const timer = setTimeout(() => leave.abort(), 20_000 + (randomness.bytes(1)[0] ?? 0) * 100);
    await tried(async () => {
      try {
        for await (const page of log.follow({ after, signal: leave.signal })) {
          if (!page.ok) throw new Error(page.reason);
          after = page.value.envelopes.at(-1)?.seq ?? after;
          done.delivered += page.value.envelopes.length;
        }
      } catch (error) {
        if (!leave.signal.aborted) throw error;
      }
    });
    clearTimeout(timer);
  }
}

const piece = randomness.bytes(FILE_BYTES);
async function* source(): AsyncGenerator<Uint8Array> {
  yield piece;
}

async function files(log: RelayLog): Promise<void> {
  const sha256 = crypto.hash('sha256', piece);
  while (running()) {
    await tried(async () => {
      const key = newFileKey(nativePorts);
      const expiresMs = Date.now() + 60_000;
      const up = await uploadFile(log, { key, size: FILE_BYTES, source: source(), expiresMs });
      const down = await downloadFile(log, { key, size: FILE_BYTES, sha256 }, () => {});
      if (!up.ok || !down.ok) throw new Error('file');
      done.files++;
    });
    await sleep(2000);
  }
}

async function boxes(client: RelayClient): Promise<void> {
  while (running()) {
    await tried(async () => {
      const made = await client.createLog(newLogId(randomness), newCapability(randomness), {
        maxEntries: 2,
      });
      if (!made.ok) throw new Error(made.reason);
      done.boxes++;
    });
    await sleep(3000);
  }
}

const GAUGES = {
  mib: 'parley_process_resident_memory_bytes',
  heap: 'parley_nodejs_heap_size_used_bytes',
  external: 'parley_nodejs_external_memory_bytes',
} as const;
type Sample = { readonly ms: number } & Record<keyof typeof GAUGES, number>;

/** What the relay says of its own memory, in MiB. */
async function sampled(adminUrl: string): Promise<Sample> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const mib = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN) / 2 ** 20;
  const { mib: resident, heap, external } = GAUGES;
  const ms = Date.now() - started;
  return { ms, mib: mib(resident), heap: mib(heap), external: mib(external) };
}

/** MiB an hour, by least squares, and its standard error. */
function slope(
  all: readonly Sample[],
  what: keyof typeof GAUGES,
): { growth: number; error: number } {
  const samples = all.map((one) => ({ ms: one.ms, mib: one[what] }));
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const ms = mean(samples.map((one) => one.ms));
  const mib = mean(samples.map((one) => one.mib));
  const over = samples.reduce((sum, one) => sum + (one.ms - ms) * (one.mib - mib), 0);
  const under = samples.reduce((sum, one) => sum + (one.ms - ms) ** 2, 0);
  const growth = over / under;
  const off = samples.map((one) => (one.mib - mib - growth * (one.ms - ms)) ** 2);
  const error = Math.sqrt(off.reduce((sum, one) => sum + one, 0) / (samples.length - 2) / under);
  return { growth: growth * 3_600_000, error: error * 3_600_000 };
}

// As the unit and the container have it: a chunk that is freed goes back to the machine at once.
process.env['MALLOC_MMAP_THRESHOLD_'] = '131072';
const directory = await mkdtemp(join(tmpdir(), 'parley-soak-'));
const relay = await spawnRelay(directory, { quiet: true, adminListen: '127.0.0.1:0' });
const client = new RelayClient({ url: relay.url });
const work: Promise<void>[] = [boxes(client)];
for (let member = 0; member < MEMBERS; member++) {
  const owner = newCapability(randomness);
  const id = newLogId(randomness);
  await client.createLog(id, owner);
  const log = client.log(id, owner);
  work.push(writer(log), reader(client.log(id, owner)), reader(client.log(id, owner)));
  if (member < 2) work.push(files(log));
}
const started = Date.now();
const samples: Sample[] = [];
const columns = ['minute', 'MiB', 'heap', 'external', 'appends', 'delivered', 'files', 'boxes'];
console.log([...columns, 'errors'].map((name) => name.padStart(9)).join(' '));
for (let next = 0; running();) {
  await sleep(SAMPLE_MS);
  const now = await sampled(relay.adminUrl ?? '');
  samples.push(now);
  const minute = Math.floor((Date.now() - started) / 60_000);
  if (minute < next) continue;
  next = minute + 1;
  const { appends, delivered, files: sent, boxes: made, errors } = done;
  const row = [
    minute,
    now.mib.toFixed(1),
    now.heap.toFixed(1),
    now.external.toFixed(1),
    appends,
    delivered,
    sent,
    made,
    errors,
  ];
  console.log(row.map((value) => String(value).padStart(9)).join(' '));
}
await Promise.all(work);
const warm = samples.slice(Math.floor(samples.length / 3));
const { growth, error } = slope(warm, 'mib');
// Caches fill for minutes, and then a short run cannot tell growth from noise.
const verdict =
  MINUTES < VERDICT_MINUTES
    ? `no verdict from less than ${VERDICT_MINUTES} minutes`
    : growth - 2 * error > FLAT_MIB_PER_HOUR
      ? 'NOT FLAT'
      : growth + 2 * error < FLAT_MIB_PER_HOUR
        ? 'flat'
        : 'too short a run to tell';
const least = Math.min(...warm.map(({ mib }) => mib));
const most = Math.max(...warm.map(({ mib }) => mib));
console.log(
  `after warming up: ${least.toFixed(1)} to ${most.toFixed(1)} MiB, ${growth.toFixed(1)} ± ${(2 * error).toFixed(1)} MiB an hour: ${verdict} (limit ${FLAT_MIB_PER_HOUR})`,
);
for (const what of ['heap', 'external'] as const)
  console.log(`of it ${what}: ${slope(warm, what).growth.toFixed(1)} MiB an hour`);
for (const [what, times] of kinds) console.log(`${times} x ${what}`);
await relay.kill('SIGTERM');
await rm(directory, { recursive: true, force: true, maxRetries: 5 });
