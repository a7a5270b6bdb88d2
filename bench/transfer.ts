// One file from A to B, encrypted end to end: through our relay, stored on its disk on the way, against magic-wormhole's
// direct transfer. Run: npm run bench:transfer [-- --mib 256 --runs 5]
//
// Beside each rate stands the processor time of each end, since two cores have three processes to carry, and how much of it
// the kernel took to move the bytes: through a relay's disk they are moved twice as often. And beside ours stands
// the same way through three bare processes (transfer-floor.ts), so that what the protocol costs can be told from what any
// such way through a disk costs on this machine.
//
// Everything runs in a network namespace of its own that has only loopback: wormhole advertises every address of the
// machine, and would otherwise leave it. Wormhole finds its other end by a mailbox server; Debian has none, so the few
// messages of its protocol that two ends need are spoken here.

import { fork, spawn, spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@parley/kernel';
import { countOutsideMemoryWithHeap, nativePorts } from '@parley/kernel/node';
import {
  CHUNK_BYTES,
  RelayClient,
  capabilityId,
  downloadFile,
  fileKey,
  logId,
  newCapability,
  newFileKey,
  newLogId,
  uploadFile,
} from '@parley/post';
import { WebSocketServer, type WebSocket } from 'ws';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';
import { throughBareProcesses, type Spent, type Took } from './transfer-floor.ts';

// As every process of the command does.
countOutsideMemoryWithHeap();
const { randomness, crypto } = nativePorts;
const MIB = 1024 * 1024;
const numberAfter = (flag: string, fallback: number): number => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const FILE_MIB = numberAfter('--mib', 256);
const RUNS = numberAfter('--runs', 5);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Processor seconds of one process until now, its threads included. */
function processorSeconds(pid: number | undefined): Spent {
  const [, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) /);
  const [user = 0, kernel = 0] = fields.join('').split(' ').slice(11, 13).map(Number);
  return { all: (user + kernel) / 100, kernel: kernel / 100 };
}

/** Begins to count for these processes; the answer says what each has spent since. */
function processorClock(
  pids: Readonly<Record<string, number | undefined>>,
): () => Record<string, Spent> {
  const before = Object.entries(pids).map(
    ([end, pid]) => [end, pid, processorSeconds(pid)] as const,
  );
  return () =>
    Object.fromEntries(
      before.map(([end, pid, then]) => {
        const now = processorSeconds(pid);
        return [end, { all: now.all - then.all, kernel: now.kernel - then.kernel }] as const;
      }),
    );
}

async function bigFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'w');
  const hasher = crypto.hasher('sha256');
  for (let n = 0; n < FILE_MIB; n++) {
    const piece = randomness.bytes(MIB);
    hasher.update(piece);
    await file.write(piece);
  }
  await file.close();
  return hasher.digest();
}

/** What B, in a process of its own, is told. */
type Fetch = {
  url: string;
  log: string;
  owner: Record<'id' | 'key', string>;
  secret: string;
  size: number;
  sha256: string;
  target: string;
};

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  if (!read.ok) throw new Error('not hexadecimal');
  return read.value;
}

async function receive(fetch: Fetch): Promise<void> {
  const owner = { id: capabilityId(hex(fetch.owner.id)), key: hex(fetch.owner.key) };
  const log = new RelayClient({ url: fetch.url }).log(logId(hex(fetch.log)), owner);
  const out = createWriteStream(fetch.target, { highWaterMark: 4 * MIB });
  const write = async (piece: Uint8Array): Promise<void> => {
    if (!out.write(piece)) await new Promise<void>((settle) => out.once('drain', settle));
  };
  const file = { key: fileKey(crypto, hex(fetch.secret)), size: fetch.size };
  const wanted = { ...file, sha256: hex(fetch.sha256) };
  let down = await downloadFile(log, wanted, write);
  while (!down.ok && down.reason === 'no-such-blob') down = await downloadFile(log, wanted, write);
  await new Promise<void>((settle) => out.end(() => settle()));
  process.send?.(down.ok ? 'received' : down.reason);
}

/** From the first byte read at A to the last byte written at B; each end is a process, as with wormhole. */
async function throughRelay(directory: string, path: string, sha256: Uint8Array): Promise<Took> {
  const relay = await spawnRelay(directory, { quiet: true });
  const client = new RelayClient({ url: relay.url });
  const owner = newCapability(randomness);
  const id = newLogId(randomness);
  await client.createLog(id, owner);
  const log = client.log(id, owner);
  const { size } = await stat(path);
  const key = newFileKey(nativePorts);
  const target = join(directory, 'received');
  const other = fork(import.meta.filename, ['receiver']);
  await new Promise((settle) => other.once('message', settle));
  const told = new Promise((settle) => other.once('message', settle));
  const spent = processorClock({ sender: process.pid, relay: relay.pid, receiver: other.pid });
  const began = performance.now();
  const source = createReadStream(path, { highWaterMark: MIB }) as AsyncIterable<Uint8Array>;
  const expiresMs = Date.now() + 3_600_000;
  const up = uploadFile(log, { key, size, source, expiresMs });
  other.send({
    url: relay.url,
    log: toHex(id),
    owner: { id: toHex(owner.id), key: toHex(owner.key) },
    secret: toHex(key.secret),
    size,
    sha256: toHex(sha256),
    target,
  } satisfies Fetch);
  const down = await told;
  const seconds = (performance.now() - began) / 1000;
  if (down !== 'received' || !(await up).ok) throw new Error('the file did not arrive');
  const processor = spent();
  if (other.connected) other.disconnect();
  await relay.kill('SIGTERM');
  await rm(target);
  return { seconds, processor };
}

/** The same chunks by three processes that do nothing else. */
async function throughNothing(directory: string, path: string): Promise<Took> {
  const { size } = await stat(path);
  return throughBareProcesses(directory, { path, size, chunkBytes: CHUNK_BYTES }, (pids) =>
    processorClock({ sender: process.pid, ...pids }),
  );
}

/** The mailbox protocol of magic-wormhole, as far as one pair of ends needs it. */
function mailbox(): Promise<{ url: string; close: () => void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/v1' });
  const messages: { side: string; phase: string; body: string }[] = [];
  const listeners = new Set<WebSocket>();
  server.on('connection', (socket) => {
    const say = (message: object): void =>
      socket.send(JSON.stringify({ server_tx: Date.now() / 1000, ...message }));
    let side = '';
    say({ type: 'welcome', welcome: {} });
    socket.on('close', () => listeners.delete(socket));
    socket.on('message', (data: Buffer) => {
      const asked = JSON.parse(data.toString()) as Record<string, string>;
      say({ type: 'ack', id: asked['id'] });
      if (asked['type'] === 'bind') side = asked['side'] ?? '';
      else if (asked['type'] === 'list') say({ type: 'nameplates', nameplates: [{ id: '4' }] });
      else if (asked['type'] === 'allocate') say({ type: 'allocated', nameplate: '4' });
      else if (asked['type'] === 'claim') say({ type: 'claimed', mailbox: 'box' });
      else if (asked['type'] === 'release') say({ type: 'released' });
      else if (asked['type'] === 'close') say({ type: 'closed' });
      else if (asked['type'] === 'open') {
        listeners.add(socket);
        for (const message of messages) say({ type: 'message', ...message });
      } else if (asked['type'] === 'add') {
        const message = { side, phase: asked['phase'] ?? '', body: asked['body'] ?? '' };
        messages.push(message);
        for (const listener of listeners)
          listener.send(JSON.stringify({ type: 'message', id: asked['id'], ...message }));
      }
    });
  });
  return new Promise((settle) =>
    server.on('listening', () =>
      settle({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
        close: () => server.close(),
      }),
    ),
  );
}

async function byWormhole(directory: string, path: string): Promise<Took> {
  const box = await mailbox();
  // A helper that is not there: the two ends reach each other directly.
  const common = ['--relay-url', box.url, '--transit-helper', 'tcp:127.0.0.1:1'];
  // The shell says what its child has spent.
  const timed = ['-c', '"$@" >/dev/null 2>&1 && times', 'sh', 'wormhole', ...common];
  const run = (args: readonly string[]): Promise<Spent> =>
    new Promise((settle, fail) => {
      const child = spawn('sh', [...timed, ...args], { cwd: directory });
      let said = '';
      child.stdout.on('data', (text: Buffer) => (said += text.toString()));
      child.once('close', (code) => {
        if (code !== 0) fail(new Error(`wormhole: ${code}`));
        const spent = said.split('\n')[1]?.matchAll(/(\d+)m([\d.]+)s/g) ?? [];
        const [user = 0, kernel = 0] = [...spent].map(([, m, s]) => Number(m) * 60 + Number(s));
        settle({ all: user + kernel, kernel });
      });
    });
  const began = performance.now();
  const target = join(directory, 'received');
  const sending = run(['send', '--hide-progress', '--code', '4-purple-sausages', path]);
  const into = ['--accept-file', '-o', target];
  const receiving = run(['receive', '--hide-progress', ...into, '4-purple-sausages']);
  const [sender, receiver] = await Promise.all([sending, receiving]);
  const seconds = (performance.now() - began) / 1000;
  box.close();
  await rm(target);
  return { seconds, processor: { sender, receiver } };
}

/** One line of the table: the rate, and who spent what on it. `starting` is what the same way takes for an empty file. */
function shown(name: string, all: readonly Took[], starting: readonly Took[] = []): number {
  const least = (of: (took: Took) => number): number => {
    const whole = median(all.map(of));
    return starting.length === 0 ? whole : Math.max(0.001, whole - median(starting.map(of)));
  };
  const rate = FILE_MIB / least(({ seconds }) => seconds);
  const ends = Object.keys(all[0]?.processor ?? {});
  const spent = ends.map((end) => ({ end, s: least(({ processor }) => processor[end]?.all ?? 0) }));
  const sum = spent.reduce((all, { s }) => all + s, 0);
  const kernel = ends.reduce(
    (all, end) => all + least(({ processor }) => processor[end]?.kernel ?? 0),
    0,
  );
  const each = spent.map(({ end, s }) => `${end} ${s.toFixed(2)}`).join(', ');
  console.log(
    `  ${name.padEnd(26)} ${rate.toFixed(0).padStart(5)} MiB/s; processor ${sum.toFixed(2)} s (${kernel.toFixed(2)} of it in the kernel): ${each}`,
  );
  return rate;
}

async function compare(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-transfer-'));
  const path = join(directory, 'file');
  const sha256 = await bigFile(path);
  const small = join(directory, 'small');
  await (await open(small, 'w')).close();
  const wormhole = spawnSync('wormhole', ['--version']).status === 0;
  const ours: Took[] = [];
  const bare: Took[] = [];
  const theirs: Took[] = [];
  const starting: Took[] = [];
  const inNew = async (transfer: (data: string) => Promise<Took>): Promise<Took> => {
    const data = await mkdtemp(join(directory, 'run-'));
    const took = await transfer(data);
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
    return took;
  };
  for (let n = 0; n < RUNS; n++) {
    ours.push(await inNew((data) => throughRelay(data, path, sha256)));
    bare.push(await inNew((data) => throughNothing(data, path)));
    if (!wormhole) continue;
    starting.push(await inNew((data) => byWormhole(data, small)));
    theirs.push(await inNew((data) => byWormhole(data, path)));
  }
  console.log(`${FILE_MIB} MiB from A to B on ${cpus().length} cores, median of ${RUNS}`);
  const rate = shown('through the relay', ours);
  const least = shown('three bare processes', bare);
  console.log(`  ratio to bare processes ${(rate / least).toFixed(2)}`);
  if (wormhole) {
    // Its programs take time to start, ours were running: that is not the transfer.
    const direct = shown('magic-wormhole, direct', theirs, starting);
    console.log(
      `  ratio to magic-wormhole ${(rate / direct).toFixed(2)} (goal 0.8); of bare processes ${(least / direct).toFixed(2)}`,
    );
  } else console.log('  magic-wormhole: not run: it is not installed');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

if (process.argv[2] === 'receiver') {
  process.once('message', (fetch: Fetch) => void receive(fetch));
  process.send?.('ready');
} else if (process.env['PARLEY_NAMESPACE'] === '1') await compare();
else {
  const inside = `ip link set lo up && exec "$0" "$@"`;
  const args = ['-rn', 'sh', '-c', inside, process.execPath, ...process.argv.slice(1)];
  const done = spawnSync('unshare', args, {
    stdio: 'inherit',
    env: { ...process.env, PARLEY_NAMESPACE: '1' },
  });
  if (done.status !== 0) console.log('not run: no network namespace can be made on this machine');
}
