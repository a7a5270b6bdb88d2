// One relay process from start to stop.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import nodeCrypto from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Fault, toHex, type Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import type { Store } from '@parley/post';
import type { DestinationStream } from 'pino';
import { Admission } from './admission.ts';
import { BlobFiles } from './blob-files.ts';
import { Doorbells } from './doorbells.ts';
import { Journal, type JournalLevel } from './journal.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import { relayKeyIn } from './relay-key.ts';
import { buildServer } from './server.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { storeFault } from './store-fault.ts';
import { Receipts, type World } from './world.ts';

export const RELAY_VERSION = '0.1.0';
const SWEEP_MS = 10 * 60 * 1000;
const SWEEP_BLOBS = 100;
const DRAIN_LOOK_MS = 50;

export type RelayOptions = {
  /** Holds relay.key, relay.db and blobs/; made if absent. */
  readonly dataDir: string;
  /** `HOST:PORT`; port 0 takes a free one. */
  readonly listen: string;
  /** Gets `{url, relayKey, pid}` as JSON when the relay answers; written whole or not at all. */
  readonly readyFile?: string;
  /** A file whose trimmed text must be shown to make a log. Without it everyone may, within the rates. */
  readonly createTokenFile?: string;
  readonly limits?: Partial<RelayLimits>;
  readonly journal?: { level?: JournalLevel; to?: DestinationStream };
  /** Instead of SQLite in the data directory. Closed with the relay. */
  readonly store?: Store;
  readonly ports?: Ports;
};

export type RunningRelay = {
  /** `http://host:port` */
  readonly url: string;
  /** The Ed25519 public key under which receipts verify: what an invitation names. */
  readonly relayKey: Uint8Array;
  /** Takes no more, finishes what has begun, closes the store. */
  close(): Promise<void>;
};

/** Faults with 'listen-malformed' for anything but `HOST:PORT` or `[V6]:PORT`. */
export function readListen(listen: string): { host: string; port: number } {
  const [, v6, plain, port = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(listen) ?? [];
  const host = v6 ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw new Fault('listen-malformed', `This is not an address to listen on: ${listen}`, {
      nextAction: 'write it as HOST:PORT, for example 127.0.0.1:7447',
    });
  }
  return { host, port: Number(port) };
}

async function readToken(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  const token = (await readFile(path, 'utf8')).trim();
  if (token.length < 16 || /\s/.test(token)) {
    throw new Fault(
      'create-token-weak',
      'The create token needs 16 characters or more, without spaces.',
      {
        nextAction: 'make one with: openssl rand -base64 24',
      },
    );
  }
  return new TextEncoder().encode(token);
}

async function writeReady(path: string, facts: Record<string, unknown>): Promise<void> {
  const temporary = `${path}.${nodeCrypto.randomBytes(6).toString('hex')}`;
  await mkdir(dirname(resolve(path)), { recursive: true });
  const file = await open(temporary, 'wx', 0o644);
  await file.writeFile(`${JSON.stringify(facts)}\n`);
  await file.close();
  await rename(temporary, path);
}

/**
 * Starts a relay and resolves when it answers. Faults: the store's, 'listen-malformed', 'listen-refused',
 * 'relay-key-damaged', 'create-token-weak'.
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { host, port } = readListen(options.listen);
  const { clock, crypto } = options.ports ?? nativePorts;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const createToken = await readToken(options.createTokenFile);
  const journal = new Journal(options.journal ?? {});
  const key = await relayKeyIn(crypto, options.dataDir).catch((error: unknown) => {
    throw storeFault(error);
  });
  const store = options.store ?? openSqliteStore(join(options.dataDir, 'relay.db'));
  const doorbells = new Doorbells(limits.waiting);
  const stopWatching = store.watch((log, seq) => doorbells.ring(log, seq));
  const world: World = {
    clock,
    crypto,
    key,
    store,
    blobs: new BlobFiles(join(options.dataDir, 'blobs')),
    doorbells,
    admission: new Admission({
      store,
      crypto,
      clock,
      limits,
      ...(createToken === undefined ? {} : { createToken }),
    }),
    receipts: new Receipts(crypto, key),
    journal,
    limits,
    version: RELAY_VERSION,
    anonymousUrl: null,
  };
  const app = buildServer(world);
  try {
    await app.listen({ host, port });
  } catch (error) {
    stopWatching();
    await store.close();
    throw new Fault('listen-refused', `The relay cannot listen on ${options.listen}.`, {
      cause: error,
      nextAction: 'see whether another process has the port, or choose another with --listen',
    });
  }
  const bound = app.server.address() as AddressInfo;
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  const url = `http://${shown}:${bound.port}`;
  const sweeping = setInterval(() => void sweep(world), SWEEP_MS);
  sweeping.unref();
  if (options.readyFile !== undefined)
    await writeReady(options.readyFile, { url, relayKey: toHex(key.publicKey), pid: process.pid });
  journal.note('started', { version: RELAY_VERSION });

  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    doorbells.close();
    // A connection that answers its last request only now would be kept open for the next one.
    const hurrying = setInterval(() => app.server.closeIdleConnections(), DRAIN_LOOK_MS);
    const cut = setTimeout(() => app.server.closeAllConnections(), limits.drainMs);
    await app.close();
    clearInterval(hurrying);
    clearTimeout(cut);
    stopWatching();
    await store.close();
    journal.note('stopped');
  };
  let stopping: Promise<void> | undefined;
  return { url, relayKey: key.publicKey, close: () => (stopping ??= stop()) };
}

/** Removes the blobs whose time is over: first from the index, then the chunks, so that no name points at nothing. */
export async function sweep(
  world: Pick<World, 'store' | 'blobs' | 'clock' | 'journal'>,
): Promise<number> {
  let removed = 0;
  try {
    const nowMs = world.clock.nowMs();
    for (const { log, blob } of await world.store.expiredBlobs(nowMs, SWEEP_BLOBS)) {
      if (!(await world.store.dropBlob(log, blob, nowMs))) continue;
      await world.blobs.remove(log, blob);
      removed++;
    }
    if (removed > 0) world.journal.note('swept', { blobs: removed });
  } catch (error) {
    world.journal.trouble('sweep', error);
  }
  return removed;
}
