// Durable 1 KiB messages to many receivers: our relay, mosquitto (QoS 1, in memory) and prosody (MUC with archive), in one
// run, with receivers that only count. Run: npm run bench:fan-out [-- --seconds 5 --receivers 1]
//
// Each room (topic) has one sender and its receivers; receivers are a process of their own. Every sender has 20 messages
// under way, mosquitto's own limit: ours knows its next numbers, since it is alone in its room. Beside the rates stands the
// processor time of the server itself for 1,000 messages delivered, which other work on the machine changes less.

import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode, encode } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  authorisation,
  idInPath,
  newCapability,
  newLogId,
  pageCodec,
  signReceipt,
  type Capability,
} from '@parley/post';
import { WebSocket, WebSocketServer } from 'ws';
import { framed } from '../apps/relay/src/feeds.ts';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';
import { Pipeline } from './peers/http.ts';
import { Mqtt } from './peers/mqtt.ts';
import { Xmpp } from './peers/xmpp.ts';

const { randomness, crypto } = nativePorts;
const flag = process.argv.indexOf('--seconds');
const SECONDS = flag < 0 ? 5 : Number(process.argv[flag + 1]);
const IN_FLIGHT = 20;
const BODY_BYTES = 1024;

type Seat =
  | { kind: 'relay'; url: string; authorization: string }
  | { kind: 'mosquitto'; port: number; topic: string; name: string }
  | { kind: 'prosody'; port: number; room: string; nick: string };
type Sender = { send(count: number): Promise<void> };
type Broker = {
  seats(room: number, receivers: number): Promise<Seat[]>;
  sender(room: number): Promise<Sender>;
  readonly pid: number;
  stop(): Promise<void>;
};

// ---- the receivers' process

async function sit(seat: Seat, count: (messages: number) => void): Promise<void> {
  if (seat.kind === 'relay') {
    const { authorization } = seat;
    const socket = new WebSocket(seat.url, {
      headers: { authorization },
      perMessageDeflate: false,
    });
    socket.on('message', (data) => {
      const page = decode(pageCodec, new Uint8Array(data as Buffer));
      if (page.ok) count(page.value.envelopes.length);
    });
    await new Promise((settle, fail) => {
      socket.once('open', settle);
      socket.once('error', fail);
    });
  } else if (seat.kind === 'mosquitto') {
    const mqtt = await Mqtt.connect(seat.port, seat.name, () => count(1));
    await mqtt.subscribe(seat.topic);
  } else await Xmpp.join(seat.port, seat.room, seat.nick, () => count(1));
}

async function receive(seats: readonly Seat[]): Promise<void> {
  let got = 0;
  let due = Number.POSITIVE_INFINITY;
  const look = (): void => {
    if (got < due) return;
    due = Number.POSITIVE_INFINITY;
    process.send?.({ all: got });
  };
  for (let at = 0; at < seats.length; at += 20)
    await Promise.all(
      seats.slice(at, at + 20).map((seat) =>
        sit(seat, (messages) => {
          got += messages;
          look();
        }),
      ),
    );
  process.on('message', (order: { due: number }) => {
    due = order.due;
    look();
  });
  process.send?.({ seated: seats.length });
}

// ---- a server that does nothing but speak HTTP: what a message costs before it is admitted, stored, signed or read

function bareHttp(): void {
  const { publicKey: relay, secretKey } = crypto.generateSigner('ed25519');
  const empty = new Uint8Array(32);
  const head = signReceipt(crypto, secretKey, {
    relay,
    log: empty,
    seq: 1,
    head: empty,
    timeMs: 1,
  });
  const envelopes = [{ seq: 1, envelope: randomness.bytes(BODY_BYTES) }];
  const page = framed(encode(pageCodec, { envelopes, head }));
  const receivers = new Map<string, Duplex[]>();
  const room = (url = ''): string => url.split('/')[3] ?? '';
  const server = createServer((request, reply) => {
    request.resume();
    request.once('end', () => {
      for (const line of receivers.get(room(request.url)) ?? []) line.write(page);
      reply.writeHead(200, { 'content-type': 'application/cbor', 'content-length': 228 });
      reply.end(Buffer.alloc(228));
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, line, first) =>
    sockets.handleUpgrade(request, line, first, () =>
      receivers.set(room(request.url), [...(receivers.get(room(request.url)) ?? []), line]),
    ),
  );
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

// ---- the brokers

async function bare(): Promise<Broker> {
  const child = fork(import.meta.filename, ['bare'], { stdio: 'inherit' });
  const port = await new Promise<number>((settle) => child.once('message', settle));
  const envelope = Buffer.from(randomness.bytes(BODY_BYTES));
  const authorization = `Parley ${'x'.repeat(22)}.1763712060000.${'x'.repeat(43)}`;
  const path = (n: number): string => `/v1/logs/${String(n).padStart(43, 'x')}`;
  return {
    seats: async (n, receivers) =>
      Array.from({ length: receivers }, () => {
        const url = `ws://127.0.0.1:${port}${path(n)}/feed?after=0`;
        return { kind: 'relay', url, authorization };
      }),
    sender: async (n) => {
      const line = await Pipeline.open('127.0.0.1', port);
      const put = `PUT ${path(n)}/1 HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`;
      const request = Buffer.concat([Buffer.from(put), envelope]);
      return { send: (count) => line.send(count, () => request) };
    },
    pid: child.pid ?? 0,
    stop: () => ended(child),
  };
}

async function relayBroker(directory: string): Promise<Broker> {
  const open = { capabilityPerSecond: 1e9, capabilityBurst: 1e9, strangerBurst: 1e6 };
  const more = { strangersBurst: 1e6, workFromPerSecond: 1e9 };
  const relay = await spawnRelay(directory, { limits: { ...open, ...more }, quiet: true });
  const client = new RelayClient({ url: relay.url });
  const rooms = new Map<number, { id: Uint8Array; owner: Capability }>();
  const room = async (n: number): Promise<{ id: Uint8Array; owner: Capability }> => {
    const made = rooms.get(n) ?? { id: newLogId(randomness), owner: newCapability(randomness) };
    if (!rooms.has(n)) await client.createLog(made.id as ReturnType<typeof newLogId>, made.owner);
    rooms.set(n, made);
    return made;
  };
  const shown = (owner: Capability, method: string, target: string): string =>
    authorisation(crypto, owner, { method, target, expiresMs: Date.now() + 60_000 });
  const { hostname, port } = new URL(relay.url);
  const envelope = Buffer.from(randomness.bytes(BODY_BYTES));
  return {
    seats: async (n, receivers) => {
      const { id, owner } = await room(n);
      const target = `/v1/logs/${idInPath(id)}/feed?after=0`;
      const url = relay.url.replace('http', 'ws') + target;
      const authorization = shown(owner, 'GET', target);
      return Array.from({ length: receivers }, () => ({ kind: 'relay', url, authorization }));
    },
    sender: async (n) => {
      const { id, owner } = await room(n);
      const line = await Pipeline.open(hostname, Number(port));
      let seq = 0;
      return {
        send: (count) =>
          line.send(count, () => {
            const path = `/v1/logs/${idInPath(id)}/${++seq}`;
            const head = `PUT ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${shown(owner, 'PUT', path)}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`;
            return Buffer.concat([Buffer.from(head), envelope]);
          }),
      };
    },
    pid: relay.pid,
    stop: async () => void (await relay.kill('SIGTERM')),
  };
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((settle) => {
      const socket = createConnection(port, '127.0.0.1', () => (socket.destroy(), settle(true)));
      socket.once('error', () => settle(false));
    });
    if (open) return;
    await sleep(100);
  }
  throw new Error(`nothing listens on ${port}`);
}

const ended = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((settle) => child.once('exit', settle));
  child.kill('SIGTERM');
  await gone;
};

async function mosquitto(directory: string): Promise<Broker> {
  const port = 20_000 + (randomness.bytes(1)[0] ?? 0);
  const config = `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nset_tcp_nodelay true\n`;
  await writeFile(join(directory, 'mosquitto.conf'), config);
  const child = spawn('mosquitto', ['-c', join(directory, 'mosquitto.conf')], { stdio: 'ignore' });
  await listening(port);
  const payload = Buffer.from(randomness.bytes(BODY_BYTES));
  return {
    seats: async (n, receivers) =>
      Array.from({ length: receivers }, (_, at) => ({
        kind: 'mosquitto',
        port,
        topic: `room/${n}`,
        name: `r${n}-${at}`,
      })),
    sender: async (n) => {
      let sent = 0;
      return {
        send: async (count) => {
          const mqtt = await Mqtt.connect(port, `s${n}-${sent++}`);
          await mqtt.publish(`room/${n}`, payload, count, IN_FLIGHT);
          mqtt.close();
        },
      };
    },
    pid: child.pid ?? 0,
    stop: () => ended(child),
  };
}

async function prosody(directory: string): Promise<Broker> {
  const port = 21_000 + (randomness.bytes(1)[0] ?? 0);
  await mkdir(join(directory, 'data'));
  const config = `run_as_root = true
data_path = "${join(directory, 'data')}"
pidfile = "${join(directory, 'prosody.pid')}"
modules_enabled = { "saslauth"; "disco"; }
modules_disabled = { "s2s"; "offline"; "tls"; "limits"; "posix" }
c2s_ports = { ${port} }
c2s_interfaces = { "127.0.0.1" }
c2s_require_encryption = false
storage = "internal"
log = { error = "${join(directory, 'prosody.log')}" }
VirtualHost "localhost"
  authentication = "anonymous"
Component "rooms.localhost" "muc"
  modules_enabled = { "muc_mam" }
  muc_log_by_default = true
  restrict_room_creation = false
  muc_room_locking = false
`;
  await writeFile(join(directory, 'prosody.cfg.lua'), config);
  const child = spawn('prosody', ['--config', join(directory, 'prosody.cfg.lua'), '-F'], {
    stdio: 'ignore',
  });
  await listening(port);
  const body = 'x'.repeat(BODY_BYTES);
  const room = (n: number): string => `room${n}@rooms.localhost`;
  return {
    seats: async (n, receivers) =>
      Array.from({ length: receivers }, (_, at) => ({
        kind: 'prosody',
        port,
        room: room(n),
        nick: `r${at}`,
      })),
    sender: async (n) => {
      const xmpp = await Xmpp.join(port, room(n), 'sender');
      let said = 0;
      return { send: (count) => xmpp.say(room(n), body, (said += count), IN_FLIGHT) };
    },
    pid: child.pid ?? 0,
    stop: () => ended(child),
  };
}

// ---- one measurement

type Rate = { readonly perSecond: number; readonly cpuMs: number };

/** Processor milliseconds of a process so far, in user and system mode. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Messages delivered a second, from the first sent to the last received, and what 1,000 of them cost the server. */
async function measure(
  start: (directory: string) => Promise<Broker>,
  size: { rooms: number; receivers: number; messages: number },
): Promise<Rate> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-fan-out-'));
  const broker = await start(directory);
  const rooms = Array.from({ length: size.rooms }, (_, n) => n);
  const seats = (await Promise.all(rooms.map((n) => broker.seats(n, size.receivers)))).flat();
  const receivers = fork(import.meta.filename, ['receivers'], { stdio: 'inherit' });
  try {
    const told = (): Promise<unknown> => new Promise((settle) => receivers.once('message', settle));
    const seated = told();
    receivers.send(seats);
    await seated;
    const senders = await Promise.all(rooms.map((n) => broker.sender(n)));
    // Once to warm up, then in earnest, for about as long as was asked.
    let rate: Rate = { perSecond: 0, cpuMs: 0 };
    let { messages } = size;
    let due = 0;
    for (const round of ['warm', 'earnest']) {
      due += messages * seats.length;
      const all = told();
      receivers.send({ due });
      const spent = await cpuOf(broker.pid);
      const began = performance.now();
      await Promise.all(senders.map((sender) => sender.send(messages)));
      await all;
      const seconds = (performance.now() - began) / 1000;
      const delivered = messages * seats.length;
      const cpuMs = (1000 * ((await cpuOf(broker.pid)) - spent)) / delivered;
      rate = { perSecond: delivered / seconds, cpuMs };
      if (round === 'warm')
        messages = Math.max(20, Math.round((messages * SECONDS) / Math.max(0.05, seconds)));
    }
    return rate;
  } finally {
    receivers.kill('SIGKILL');
    await broker.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

const has = (command: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0 ||
  spawnSync('sh', ['-c', `test -x /usr/sbin/${command}`]).status === 0;

async function row(size: { rooms: number; receivers: number; messages: number }): Promise<void> {
  console.log(`${size.rooms} rooms, each with one sender and ${size.receivers} receivers`);
  const say = (name: string, rate: Rate, more = ''): void =>
    console.log(
      `  ${name.padEnd(42)} ${rate.perSecond.toFixed(0).padStart(8)} delivered/s ${rate.cpuMs.toFixed(1).padStart(7)} ms CPU for 1,000${more}`,
    );
  const ours = await measure(relayBroker, size);
  say('relay, on disk before it is acknowledged', ours);
  if (size.receivers === 1)
    say('node:http alone, nothing stored or signed', await measure(bare, size));
  for (const [name, start, goal] of [
    ['mosquitto', mosquitto, size.receivers === 1 ? 0.25 : 0.8],
    ['prosody', prosody, 10],
  ] as const) {
    if (!has(name)) {
      console.log(`  ${name}: not run: it is not installed`);
      continue;
    }
    if (name === 'prosody' && size.receivers === 1) continue;
    const messages = name === 'prosody' ? 20 : size.messages;
    const theirs = await measure(start, { ...size, messages });
    const cpu = (theirs.cpuMs / ours.cpuMs).toFixed(2);
    const ratio = (ours.perSecond / theirs.perSecond).toFixed(2);
    say(name, theirs, `   relay is ${ratio}x as fast, ${cpu}x by CPU (goal ${goal})`);
  }
}

if (process.argv[2] === 'bare') bareHttp();
else if (process.argv[2] === 'receivers') {
  process.once('message', (seats: Seat[]) => void receive(seats));
} else {
  process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/sbin`;
  const only = process.argv.indexOf('--receivers');
  const wanted = (receivers: number): boolean =>
    only < 0 || Number(process.argv[only + 1]) === receivers;
  if (wanted(50)) await row({ rooms: 8, receivers: 50, messages: 50 });
  if (wanted(1)) await row({ rooms: 64, receivers: 1, messages: 100 });
}
