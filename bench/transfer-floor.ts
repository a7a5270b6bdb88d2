// The least that three Node processes can spend on one file from A to B through a disk: read, hash, seal, PUT; gather, write,
// sync, rename; GET, open, hash, write. No routes, no capabilities, no store. What bench/transfer.ts is measured against.

import { fork, type ChildProcess } from 'node:child_process';
import nodeCrypto from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { countOutsideMemoryWithHeap } from '@parley/kernel/node';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const IN_FLIGHT = 4;

type Told = { directory: string; url: string; size: number; chunkBytes: number; secret: string };

async function gathered(message: IncomingMessage): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  message.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise<void>((settle, fail) => message.once('end', settle).once('error', fail));
  return pieces;
}

/** Answers its address to the parent process. */
function relay(directory: string): void {
  const there = new Map<string, Buffer[]>();
  const awaited = new Map<string, (pieces: Buffer[]) => void>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (asked, reply) => {
    const name = (asked.url ?? '/').slice(1);
    const put = async (): Promise<void> => {
      const pieces = await gathered(asked);
      const file = await open(join(directory, `new-${name}`), 'wx', 0o600);
      await file.writev(pieces);
      await file.sync();
      await file.close();
      await rename(join(directory, `new-${name}`), join(directory, name));
      reply.writeHead(204).end();
      const waiting = awaited.get(name);
      if (waiting === undefined) there.set(name, pieces);
      else waiting(pieces);
    };
    const get = async (): Promise<void> => {
      const pieces =
        there.get(name) ?? (await new Promise<Buffer[]>((settle) => awaited.set(name, settle)));
      there.delete(name);
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      reply.writeHead(200, { 'content-length': length });
      reply.socket?.cork();
      for (const piece of pieces) reply.write(piece);
      reply.end();
      reply.socket?.uncork();
    };
    void (asked.method === 'PUT' ? put() : get());
  });
  server.listen(0, '127.0.0.1', () =>
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
}

const agent = (): Agent => new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

function ask(
  url: string,
  options: { method: string; agent: Agent; body?: readonly Uint8Array[] },
): Promise<Buffer[]> {
  const { method, agent: through, body = [] } = options;
  return new Promise((settle, fail) => {
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    const asking = request(url, { method, agent: through, headers: { 'content-length': length } });
    asking.once('error', fail);
    asking.once('response', (answer) => void gathered(answer).then(settle, fail));
    for (const piece of body) asking.write(piece);
    asking.end();
  });
}

async function receiver(told: Told): Promise<void> {
  const through = agent();
  const key = Buffer.from(told.secret, 'hex');
  const hash = nodeCrypto.createHash('sha256');
  const file = await open(join(told.directory, 'received'), 'w');
  const chunks = Math.ceil(told.size / told.chunkBytes);
  const coming: Promise<Buffer[]>[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  for (let n = 0, next = 0; n < chunks; n++) {
    while (coming.length < IN_FLIGHT && next < chunks)
      coming.push(ask(`${told.url}/${next++}`, { method: 'GET', agent: through }));
    const sealed = Buffer.concat((await coming.shift()) ?? []);
    const opening = nodeCrypto.createDecipheriv(
      'aes-256-gcm',
      key,
      sealed.subarray(0, NONCE_BYTES),
    );
    opening.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plaintext = opening.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
    opening.final();
    hash.update(plaintext);
    await writing;
    writing = file.write(plaintext);
  }
  await writing;
  await file.close();
  through.destroy();
  process.send?.(hash.digest('hex'));
}

async function send(path: string, told: Told): Promise<string> {
  const through = agent();
  const key = Buffer.from(told.secret, 'hex');
  const hash = nodeCrypto.createHash('sha256');
  const file = await open(path, 'r');
  const flying = new Set<Promise<unknown>>();
  for (let n = 0, at = 0; at < told.size; n++, at += told.chunkBytes) {
    const plaintext = Buffer.allocUnsafe(Math.min(told.chunkBytes, told.size - at));
    await file.read(plaintext, 0, plaintext.length, at);
    hash.update(plaintext);
    const nonce = nodeCrypto.randomBytes(NONCE_BYTES);
    const sealing = nodeCrypto.createCipheriv('aes-256-gcm', key, nonce);
    const sealed = sealing.update(plaintext);
    sealing.final();
    const body = [nonce, sealed, sealing.getAuthTag()];
    while (flying.size >= IN_FLIGHT) await Promise.race(flying);
    const flight = ask(`${told.url}/${n}`, { method: 'PUT', agent: through, body });
    flying.add(flight);
    void flight.finally(() => flying.delete(flight));
  }
  await Promise.all(flying);
  await file.close();
  through.destroy();
  return hash.digest('hex');
}

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((settle) => child.once('message', (said) => settle(said as T)));

/** Processor seconds, and those of them that the kernel took. */
export type Spent = { readonly all: number; readonly kernel: number };

/** One transfer: how long it took, and the processor seconds of each process. */
export type Took = {
  readonly seconds: number;
  readonly processor: Readonly<Record<string, Spent>>;
};

/** `counting` is told the processes beside this one, which sends, and answers how to ask what they have spent. */
export async function throughBareProcesses(
  directory: string,
  file: { path: string; size: number; chunkBytes: number },
  counting: (pids: Record<string, number | undefined>) => () => Took['processor'],
): Promise<Took> {
  const relaying = fork(import.meta.filename, ['relay', directory]);
  const url = await message<string>(relaying);
  const receiving = fork(import.meta.filename, ['receiver']);
  await message(receiving);
  const secret = nodeCrypto.randomBytes(32).toString('hex');
  const told: Told = { directory, url, size: file.size, chunkBytes: file.chunkBytes, secret };
  const came = message<string>(receiving);
  const spent = counting({ relay: relaying.pid, receiver: receiving.pid });
  const began = performance.now();
  receiving.send(told);
  const sent = await send(file.path, told);
  const received = await came;
  const seconds = (performance.now() - began) / 1000;
  if (sent !== received) throw new Error('the file did not arrive');
  const processor = spent();
  relaying.kill();
  if (receiving.connected) receiving.disconnect();
  return { seconds, processor };
}

if (process.argv[1] === import.meta.filename) {
  countOutsideMemoryWithHeap();
  if (process.argv[2] === 'relay') relay(process.argv[3] ?? '');
  if (process.argv[2] === 'receiver') {
    process.once('message', (told: Told) => void receiver(told));
    process.send?.('ready');
  }
}
