// What a relay does on this machine: durable appends with group commit and without, fan-out, a large file, idle feeds.
// Run: node bench/relay.ts [--quick] [--commit: only the first]. Peers are in bench/fan-out.ts and bench/transfer.ts, idle
// sockets over TLS in bench/idle.ts.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  authorisation,
  downloadFile,
  idInPath,
  newCapability,
  newFileKey,
  newLogId,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import { spawnRelay, type RelayProcess } from '../apps/relay/src/testing/fixture.ts';
import { Pipeline } from './peers/http.ts';

const { randomness, crypto } = nativePorts;
const MIB = 1024 * 1024;
/** Only to see that it runs: the numbers of a quick run say little. */
const QUICK = process.argv.includes('--quick');
const FILE_MIB = QUICK ? 16 : 256;
const IDLE = QUICK ? 100 : 1000;
const OPEN = {
  limits: {
    capabilityPerSecond: 1e9,
    capabilityBurst: 1e9,
    strangerBurst: 1e6,
    strangersBurst: 1e6,
    workFromPerSecond: 1e9,
  },
  quiet: true,
};

async function withRelay<T>(
  options: Record<string, unknown>,
  work: (client: RelayClient, relay: RelayProcess) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const relay = await spawnRelay(directory, { ...OPEN, ...options });
  try {
    return await work(new RelayClient({ url: relay.url }), relay);
  } finally {
    await relay.kill('SIGTERM');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Writer = { log: RelayLog; owner: ReturnType<typeof newCapability> };

async function newWriter(client: RelayClient): Promise<Writer> {
  const owner = newCapability(randomness);
  const id = newLogId(randomness);
  await client.createLog(id, owner);
  return { log: client.log(id, owner), owner };
}

/** Appends as fast as answers come, over so many connections, each to a log of its own and with one append under way. */
async function appends(
  client: RelayClient,
  relay: RelayProcess,
  size: { connections: number; seconds: number },
): Promise<{ perSecond: number; p99: number }> {
  const { hostname, port } = new URL(relay.url);
  const envelope = Buffer.from(randomness.bytes(1024));
  const rooms: Writer[] = [];
  while (rooms.length < size.connections) rooms.push(await newWriter(client));
  // A line that says nothing for five seconds would be closed.
  const writers = await Promise.all(
    rooms.map(async (room) => ({ ...room, line: await Pipeline.open(hostname, Number(port)) })),
  );
  const put = ({ log, owner }: Writer, seq: number): Buffer => {
    const target = `/v1/logs/${idInPath(log.id)}/${seq}`;
    const expiresMs = Date.now() + 60_000;
    const shown = authorisation(crypto, owner, { method: 'PUT', target, expiresMs });
    const head = `PUT ${target} HTTP/1.1\r\nhost: x\r\nauthorization: ${shown}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${envelope.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), envelope]);
  };
  const times: number[] = [];
  const warm = performance.now() + 1000 * Math.min(1, size.seconds / 2);
  const end = warm + size.seconds * 1000;
  await Promise.all(
    writers.map(async (writer) => {
      for (let seq = 1; performance.now() < end; seq++) {
        const asked = performance.now();
        await writer.line.send(1, () => put(writer, seq));
        if (asked >= warm) times.push(performance.now() - asked);
      }
    }),
  );
  const perSecond = times.length / ((performance.now() - warm) / 1000);
  for (const { line } of writers) line.close();
  return {
    perSecond,
    p99: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN,
  };
}

async function fanOut(client: RelayClient, receivers: number, messages: number): Promise<number> {
  const { log, owner } = await newWriter(client);
  const stop = new AbortController();
  const reading = Array.from({ length: receivers }, async () => {
    const mine = client.log(log.id, owner);
    let got = 0;
    for await (const page of mine.follow({ after: 0, signal: stop.signal })) {
      if (!page.ok) throw new Error(page.reason);
      got += page.value.envelopes.length;
      if (got >= messages) return;
    }
  });
  await sleep(500);
  const started = performance.now();
  for (let seq = 1; seq <= messages; seq++)
    await log.append({ expectedSeq: seq, envelope: randomness.bytes(1024) });
  await Promise.all(reading);
  const perSecond = (messages * receivers) / ((performance.now() - started) / 1000);
  stop.abort();
  return perSecond;
}

async function bigFile(client: RelayClient, size: number): Promise<{ up: number; both: number }> {
  const { log } = await newWriter(client);
  const piece = randomness.bytes(MIB);
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += piece.length) yield piece;
  }
  const hasher = crypto.hasher('sha256');
  for (let at = 0; at < size; at += piece.length) hasher.update(piece);
  const sha256 = hasher.digest();
  const key = newFileKey(nativePorts);
  const started = performance.now();
  let uploaded = 0;
  const up = uploadFile(log, { key, size, source: source(), expiresMs: Date.now() + 1e7 }).then(
    () => (uploaded = performance.now() - started),
  );
  // The recipient starts while the sender is at it; its first question waits for the blob to be declared.
  let down = await downloadFile(log, { key, size, sha256 }, () => {});
  while (!down.ok && down.reason === 'no-such-blob')
    down = await downloadFile(log, { key, size, sha256 }, () => {});
  if (!down.ok) throw new Error(down.reason);
  await up;
  return { up: uploaded, both: performance.now() - started };
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}

const slowDisk =
  spawnSync('strace', ['--seccomp-bpf', '-f', '-o', '/dev/null', 'true']).status === 0;
/** Group commit against one transaction each, with so many appends under way at once: each by a writer of its own. */
async function groupCommit(connections: number): Promise<void> {
  console.log(
    `durable appends of 1 KiB through HTTP, ${connections} rooms each with one under way`,
  );
  const rate = async (what: string, options: Record<string, unknown>): Promise<number> => {
    if ('syncDelayUs' in options && !slowDisk) {
      console.log(`  ${what.padEnd(40)} not run: strace is not installed`);
      return Number.NaN;
    }
    const size = { connections, seconds: QUICK ? 1 : 4 };
    const { perSecond, p99 } = await withRelay(options, (client, relay) =>
      appends(client, relay, size),
    );
    console.log(
      `  ${what.padEnd(40)} ${perSecond.toFixed(0).padStart(7)}/s   p99 ${p99.toFixed(1)} ms`,
    );
    return perSecond;
  };
  const here = await rate('group commit, this disk', {});
  const hereEach = await rate('one transaction each, this disk', { unsafeSingly: true });
  const slow = await rate('group commit, 1 ms more for each sync', { syncDelayUs: 1000 });
  const each = { unsafeSingly: true, syncDelayUs: 1000 };
  const slowEach = await rate('one transaction each, 1 ms more', each);
  console.log(
    `  ratio ${(here / hereEach).toFixed(1)} on this disk, ${(slow / slowEach).toFixed(1)} at 1 ms (goal: 10 at 1 ms)`,
  );
}

// More rooms at once make larger groups, so the ratio is told with their number: a relay with many rooms has hundreds.
for (const connections of [32, 128, 512]) await groupCommit(connections);
if (process.argv.includes('--commit')) process.exit();

console.log(
  'fan-out of durable 1 KiB envelopes: one sender, receivers on feeds, signatures checked',
);
for (const [receivers, messages] of [
  [1, QUICK ? 100 : 2000],
  [50, QUICK ? 20 : 500],
] as const) {
  const perSecond = await withRelay({}, (client) => fanOut(client, receivers, messages));
  console.log(
    `  ${String(receivers).padStart(2)} receivers   ${perSecond.toFixed(0).padStart(7)} delivered/s`,
  );
}
const file = await withRelay({}, (client) => bigFile(client, FILE_MIB * MIB));
console.log(
  `${FILE_MIB} MiB file, sealed, up and down at once: ${((FILE_MIB * 1000) / file.up).toFixed(0)} MiB/s up, ${((FILE_MIB * 1000) / file.both).toFixed(0)} MiB/s from A to B`,
);
await withRelay({}, async (client, relay) => {
  const { log } = await newWriter(client);
  const before = await residentKiB(relay.pid);
  const stop = new AbortController();
  const idle = Array.from({ length: IDLE }, async () => {
    try {
      for await (const page of log.follow({ after: 0, signal: stop.signal })) if (!page.ok) return;
    } catch {
      // The end of the bench aborts it.
    }
  });
  await sleep(4000);
  console.log(
    `${IDLE} idle feeds: ${(((await residentKiB(relay.pid)) - before) / IDLE).toFixed(1)} KiB each, without TLS`,
  );
  stop.abort();
  await Promise.all(idle);
});
