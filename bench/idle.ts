// What an idle reader costs a relay: 5,000 feeds over TLS, each with its own handshake. Beside it stand what a socket costs
// a server that is node:tls and nothing else, which is the least that a TLS socket can cost in this runtime, and what a feed
// costs the relay when a proxy before it speaks TLS. Run: npm run bench:idle [-- --sockets 5000]

import { fork, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { nativePorts } from '@parley/kernel/node';
import { RelayClient, authorisation, idInPath, newCapability, newLogId } from '@parley/post';
import { WebSocket } from 'ws';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';

const { randomness, crypto } = nativePorts;
const at = process.argv.indexOf('--sockets');
const SOCKETS = at < 0 ? 5000 : Number(process.argv[at + 1]);
const GOAL_KIB = 20;
const SETTLE_MS = 5000;
type Tls = { certFile: string; keyFile: string };
/** Where to sit: at a feed, or at a bare TLS port. */
type Orders = { sockets: number } & (
  | { kind: 'feed'; url: string; authorization: string }
  | { kind: 'bare'; port: number }
);

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}

function seat(orders: Orders): Promise<unknown> {
  return new Promise((settle, fail) => {
    if (orders.kind === 'bare') {
      const bare = { host: '127.0.0.1', port: orders.port, rejectUnauthorized: false };
      connect(bare, () => settle(null)).once('error', fail);
      return;
    }
    const headers = { authorization: orders.authorization };
    const options = { headers, perMessageDeflate: false, rejectUnauthorized: false };
    const socket = new WebSocket(orders.url, options);
    socket.once('open', settle);
    socket.once('error', fail);
  });
}

/** The process of the readers. */
async function sit(orders: Orders): Promise<void> {
  for (let n = 0; n < orders.sockets; n += 50)
    await Promise.all(Array.from({ length: 50 }, () => seat(orders)));
  process.send?.('seated');
}

/** The process that is node:tls and nothing else. */
function holdBare(tls: Tls): void {
  const held: TLSSocket[] = [];
  const files = { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
  const server = createServer({ ...files, minVersion: 'TLSv1.3' }, (socket) => {
    socket.on('error', () => {});
    held.push(socket);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

/** Resident KiB that each socket adds to a process. */
async function each(pid: number, orders: Orders): Promise<number> {
  const readers = fork(import.meta.filename, ['readers'], { execArgv: ['--no-warnings'] });
  const seated = new Promise((settle) => readers.once('message', settle));
  const before = await residentKiB(pid);
  readers.send(orders);
  await seated;
  await sleep(SETTLE_MS);
  const cost = ((await residentKiB(pid)) - before) / SOCKETS;
  readers.kill('SIGKILL');
  return cost;
}

async function feeds(directory: string, tls: Tls | undefined): Promise<number> {
  const limits = { capabilityPerSecond: 1e9, capabilityBurst: 1e9, connectionsPerPrefix: 1e6 };
  const secured = tls === undefined ? {} : { tls };
  const relay = await spawnRelay(directory, { ...secured, limits, quiet: true });
  const client = new RelayClient({ url: relay.url });
  const owner = newCapability(randomness);
  const id = newLogId(randomness);
  await client.createLog(id, owner);
  const target = `/v1/logs/${idInPath(id)}/feed?after=0`;
  const expiresMs = Date.now() + 590_000;
  const authorization = authorisation(crypto, owner, { method: 'GET', target, expiresMs });
  const url = relay.url.replace('http', 'ws') + target;
  const cost = await each(relay.pid, { kind: 'feed', url, authorization, sockets: SOCKETS });
  await relay.kill('SIGTERM');
  return cost;
}

async function bare(tls: Tls): Promise<number> {
  const holder = fork(import.meta.filename, ['bare', tls.certFile, tls.keyFile], {
    execArgv: ['--no-warnings'],
  });
  const port = await new Promise<number>((settle) => holder.once('message', settle as () => void));
  const cost = await each(holder.pid ?? 0, { kind: 'bare', port, sockets: SOCKETS });
  holder.kill('SIGKILL');
  return cost;
}

async function compare(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-idle-'));
  const tls = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
  const request = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=localhost'];
  const made = spawnSync('openssl', [...request, '-keyout', tls.keyFile, '-out', tls.certFile]);
  const say = (what: string, kib: number): void =>
    console.log(`${what.padEnd(50)} ${kib.toFixed(1).padStart(6)} KiB each`);
  console.log(`${SOCKETS} idle sockets (goal for a feed over TLS: ${GOAL_KIB} KiB)`);
  if (made.status !== 0) console.log('over TLS: not run: the openssl command is missing');
  else {
    // The certificate is of this bench only; nothing else is asked.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    process.removeAllListeners('warning');
    say('feeds of the relay over TLS', await feeds(directory, tls));
    say('node:tls alone, the least in this runtime', await bare(tls));
  }
  say('feeds of the relay behind a proxy that speaks TLS', await feeds(directory, undefined));
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

const [, , role, certFile = '', keyFile = ''] = process.argv;
if (role === 'readers') process.once('message', (orders: Orders) => void sit(orders));
else if (role === 'bare') holdBare({ certFile, keyFile });
else await compare();
