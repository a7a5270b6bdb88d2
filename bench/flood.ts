// Members' waiting times while strangers flood the relay, with the defence on and off in one run. Run: node bench/flood.ts [seconds [attack]]
//
// Members send 200 appends a second, open loop: a late answer does not delay the next question. Attackers are 500
// connections from 200 loopback networks, in a process of their own on the same cores. It runs at the lowest priority: an
// attacker elsewhere takes no processor from the relay, and what it sends here fills whatever the relay leaves. Beside the
// waiting times stands the share of one core that the relay's own process took.

import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, toBase64Url } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  idInPath,
  logRequestCodec,
  newCapability,
  newLogId,
  type RelayLog,
} from '@parley/post';
import { spawnRelay, type RelayProcess } from '../apps/relay/src/testing/fixture.ts';

const CONNECTIONS = 500;
const NETWORKS = 200;
const PER_SECOND = 200;
const MEMBERS = 20;
const ATTACKS = [
  'none',
  'request flood',
  'churn',
  'cut-off bodies',
  'slowloris',
  'garbage TLS',
] as const;
type Attack = (typeof ATTACKS)[number];
type Orders = { attack: Attack; members: string; strangers: string };

const { randomness } = nativePorts;

/** Questions that cost the relay most: a new log at the strangers' door, a forged capability at the members'. */
function question(n: number): { door: 'members' | 'strangers'; bytes: Buffer } {
  if (n % 2 === 0) {
    const owner = newCapability(randomness);
    const body = encode(logRequestCodec, {
      log: newLogId(randomness),
      owner,
      maxEntries: 1,
      expiresMs: null,
    });
    const head = `POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: ${body.length}\r\n\r\n`;
    return { door: 'strangers', bytes: Buffer.concat([Buffer.from(head), body]) };
  }
  const forged = `Parley ${toBase64Url(randomness.bytes(16))}.${Date.now() + 60_000}.${toBase64Url(randomness.bytes(32))}`;
  const head = `GET /v1/logs/${idInPath(randomness.bytes(32))}/head HTTP/1.1\r\nhost: x\r\nauthorization: ${forged}\r\n\r\n`;
  return { door: 'members', bytes: Buffer.from(head) };
}

function connectFrom(n: number, url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = createConnection({
    host: hostname,
    port: Number(port),
    localAddress: `127.${1 + (n % NETWORKS)}.1.1`,
  });
  socket.on('error', () => {});
  return socket;
}

/** One attacking connection, for ever: when it is closed it comes again. */
async function attackWith(n: number, orders: Orders): Promise<void> {
  for (;;) {
    const { door, bytes } = question(n);
    const socket = connectFrom(n, orders[door]);
    const closed = new Promise((settle) => socket.once('close', settle));
    if (orders.attack === 'request flood') {
      socket.write(bytes);
      socket.on('data', () => socket.write(question(n).bytes));
    } else if (orders.attack === 'churn') {
      socket.write(bytes);
      socket.once('data', () => socket.destroy());
    } else if (orders.attack === 'cut-off bodies') {
      socket.write(
        'POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 500\r\n\r\n',
      );
      socket.write(Buffer.alloc(200));
      setTimeout(() => socket.destroy(), 20);
    } else if (orders.attack === 'slowloris') {
      const drip = setInterval(() => socket.write('x: y\r\n'), 500);
      socket.write('GET /v1/relay HTTP/1.1\r\n');
      socket.once('close', () => clearInterval(drip));
    } else {
      socket.write(Buffer.concat([Buffer.from('160301020001000', 'hex'), randomness.bytes(800)]));
      socket.once('data', () => socket.destroy());
      setTimeout(() => socket.destroy(), 200);
    }
    await closed;
    await sleep(1);
  }
}

async function members(
  logs: readonly RelayLog[],
  seconds: number,
): Promise<{ times: number[]; errors: number }> {
  const times: number[] = [];
  const flights: Promise<void>[] = [];
  let errors = 0;
  const seqs = logs.map(() => 0);
  // Each log is one writer that waits for its turn; the clock of a question starts when it was due.
  const turns = logs.map(() => Promise.resolve());
  const started = performance.now();
  for (let n = 0; n < seconds * PER_SECOND; n++) {
    const due = started + (n * 1000) / PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const which = n % logs.length;
    const ask = async (): Promise<void> => {
      try {
        const expectedSeq = (seqs[which] ?? 0) + 1;
        const stored = await (logs[which] as RelayLog).append({
          expectedSeq,
          envelope: randomness.bytes(1024),
        });
        if (!stored.ok) throw new Error(stored.reason);
        seqs[which] = expectedSeq;
        times.push(performance.now() - due);
      } catch {
        errors++;
      }
    };
    turns[which] = (turns[which] as Promise<void>).then(ask);
    flights.push(turns[which]);
  }
  await Promise.race([Promise.all(flights), sleep(30_000)]);
  errors += seconds * PER_SECOND - times.length - errors;
  return { times, errors };
}

const percentile = (times: number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ??
  Number.NaN;

/** Processor milliseconds of a process so far. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const OFF = {
  capabilityPerSecond: 1e9,
  capabilityBurst: 1e9,
  strangerPerSecond: 1e9,
  strangerBurst: 1e9,
  strangersPerSecond: 1e9,
  strangersBurst: 1e9,
  refusalsPerSecond: 1e9,
  refusalsBurst: 1e9,
  askerPerSecond: 1e9,
  askerBurst: 1e9,
  workFromPerSecond: 1e9,
  connectionsPerPrefix: 1e9,
  connections: 1e6,
  headersTimeoutMs: 0,
  requestTimeoutMs: 0,
};

async function measure(
  attack: Attack,
  options: { defended: boolean; seconds: number; tls: object },
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-flood-'));
  const tls = attack === 'garbage TLS' ? options.tls : {};
  const relay: RelayProcess = await spawnRelay(directory, {
    ...tls,
    ...(options.defended ? { strangersListen: '127.0.0.1:0' } : { limits: OFF }),
    quiet: true,
  });
  const client = new RelayClient({ url: relay.url, timeoutMs: 30_000 });
  const facts = await client.facts();
  const logs: RelayLog[] = [];
  for (let n = 0; n < MEMBERS; n++) {
    const owner = newCapability(randomness);
    const id = newLogId(randomness);
    await client.createLog(id, owner);
    logs.push(client.log(id, owner));
  }
  await members(
    logs.map((log) => log),
    1,
  ).catch(() => {});
  const fresh: RelayLog[] = [];
  for (let n = 0; n < MEMBERS; n++) {
    const owner = newCapability(randomness);
    const id = newLogId(randomness);
    await client.createLog(id, owner);
    fresh.push(client.log(id, owner));
  }
  let attacker: ChildProcess | undefined;
  if (attack !== 'none') {
    attacker = fork(import.meta.filename, ['attacker']);
    setPriority(attacker.pid ?? 0, 19);
    attacker.send({
      attack,
      members: relay.url,
      strangers: facts.anonymousUrl ?? relay.url,
    } satisfies Orders);
    await sleep(1500);
  }
  const [spent, began] = [await cpuMs(relay.pid), performance.now()];
  const { times, errors } = await members(fresh, options.seconds);
  const share = ((await cpuMs(relay.pid)) - spent) / (performance.now() - began);
  const dead = relay.child.exitCode !== null;
  attacker?.kill('SIGKILL');
  await relay.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  const ms = (value: number): string => value.toFixed(1).padStart(9);
  return `${ms(percentile(times, 0.5))} ${ms(percentile(times, 0.99))} ${String(errors).padStart(6)} ${(100 * share).toFixed(0).padStart(5)}%${dead ? ' (the relay died)' : ''}`;
}

if (process.argv[2] === 'attacker') {
  process.once('message', (orders: Orders) => {
    for (let n = 0; n < CONNECTIONS; n++) void attackWith(n, orders);
  });
} else {
  const seconds = Number(process.argv[2] ?? 6);
  const certificates = await mkdtemp(join(tmpdir(), 'parley-flood-tls-'));
  const tls = { certFile: join(certificates, 'cert.pem'), keyFile: join(certificates, 'key.pem') };
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    tls.keyFile,
    '-out',
    tls.certFile,
  ]);
  // The certificate is of this bench only; nothing else is asked.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  process.removeAllListeners('warning');
  console.log(
    `members: ${PER_SECOND} appends/s for ${seconds} s; attackers: ${CONNECTIONS} connections from ${NETWORKS} networks`,
  );
  console.log(
    `${''.padEnd(16)}   defence on: p50, p99 ms, errors, cpu   defence off: p50, p99 ms, errors, cpu`,
  );
  const only = process.argv[3];
  for (const attack of ATTACKS) {
    if (only !== undefined && only !== attack) continue;
    if (attack === 'garbage TLS' && made.status !== 0) {
      console.log(`${attack.padEnd(16)} not run: the openssl command is missing`);
      continue;
    }
    const on = await measure(attack, { defended: true, seconds, tls: { tls } });
    const off = await measure(attack, { defended: false, seconds, tls: { tls } });
    console.log(`${attack.padEnd(16)} ${on}      ${off}`);
  }
  await rm(certificates, { recursive: true });
}
