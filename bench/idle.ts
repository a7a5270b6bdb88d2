// What an idle reader costs a relay: 5,000 feeds over TLS, each with its own handshake. Run: npm run bench:idle [-- --sockets 5000]

import { fork, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativePorts } from '@parley/kernel/node';
import { RelayClient, authorisation, idInPath, newCapability, newLogId } from '@parley/post';
import { WebSocket } from 'ws';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';

const { randomness, crypto } = nativePorts;
const at = process.argv.indexOf('--sockets');
const SOCKETS = at < 0 ? 5000 : Number(process.argv[at + 1]);
const GOAL_KIB = 20;
type Orders = { url: string; authorization: string; sockets: number };

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
}

async function sit({ url, authorization, sockets }: Orders): Promise<void> {
  for (let n = 0; n < sockets; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, () => {
        const options = { headers: { authorization }, perMessageDeflate: false };
        const socket = new WebSocket(url, { ...options, rejectUnauthorized: false });
        return new Promise((settle, fail) => {
          socket.once('open', settle);
          socket.once('error', fail);
        });
      }),
    );
  process.send?.('seated');
}

if (process.argv[2] === 'readers') process.once('message', (orders: Orders) => void sit(orders));
else {
  const directory = await mkdtemp(join(tmpdir(), 'parley-idle-'));
  const tls = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
  const request = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=localhost'];
  const made = spawnSync('openssl', [...request, '-keyout', tls.keyFile, '-out', tls.certFile]);
  if (made.status !== 0) console.log('not run: the openssl command is missing');
  else {
    // The certificate is of this bench only; nothing else is asked.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    process.removeAllListeners('warning');
    const limits = { capabilityPerSecond: 1e9, capabilityBurst: 1e9, connectionsPerPrefix: 1e6 };
    const relay = await spawnRelay(directory, { tls, limits, quiet: true });
    const client = new RelayClient({ url: relay.url });
    const owner = newCapability(randomness);
    const id = newLogId(randomness);
    await client.createLog(id, owner);
    const target = `/v1/logs/${idInPath(id)}/feed?after=0`;
    const expiresMs = Date.now() + 590_000;
    const authorization = authorisation(crypto, owner, { method: 'GET', target, expiresMs });
    const readers = fork(import.meta.filename, ['readers']);
    const seated = (sockets: number): Promise<unknown> => {
      const told = new Promise((settle) => readers.once('message', settle));
      readers.send({ url: relay.url.replace('http', 'ws') + target, authorization, sockets });
      return told;
    };
    const before = await residentKiB(relay.pid);
    await seated(SOCKETS);
    await sleep(5000);
    const each = ((await residentKiB(relay.pid)) - before) / SOCKETS;
    console.log(`${SOCKETS} idle feeds over TLS: ${each.toFixed(1)} KiB each (goal ${GOAL_KIB})`);
    readers.kill('SIGKILL');
    await relay.kill('SIGTERM');
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}
