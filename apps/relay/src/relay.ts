// One relay process from start to stop.

import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Fault, toHex } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { provesTerms } from '@parley/post';
import { startAdmin } from './admin.ts';
import { Admission } from './admission.ts';
import { BlobFiles } from './blob-files.ts';
import { Doorbells } from './doorbells.ts';
import { FreshEnvelopes } from './fresh-envelopes.ts';
import { Journal } from './journal.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { boundUrl, listenRefused, readListen, readTls, writeReady } from './listen.ts';
import { readNamed } from './named-file.ts';
import { Metrics } from './metrics.ts';
import { openStores } from './open-store.ts';
import { watchOwnFiles } from './own-files.ts';
import { Receipts } from './receipts.ts';
import { relayKeyIn } from './relay-key.ts';
import type { RelayOptions, RunningRelay } from './relay-options.ts';
import { buildServer } from './server.ts';
import { storeFault } from './store-fault.ts';
import { formerKeysIn } from './restore-members.ts';
import { startStrangers } from './strangers.ts';
import { feedPages, type World } from './world.ts';

export const RELAY_VERSION = '0.1.0';
const SWEEP_MS = 10 * 60 * 1000;
const SWEEP_BLOBS = 100;
const SWEEP_LOGS = 1000;
const DRAIN_LOOK_MS = 50;

async function readToken(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  const token = (await readNamed(path)).toString('utf8').trim();
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

/**
 * Starts a relay and resolves when it answers. Faults: the store's, 'store-malformed', 'listen-malformed',
 * 'listen-refused', 'relay-key-damaged', 'create-token-weak', 'tls-unusable', 'strangers-refused'.
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { host, port } = readListen(options.listen);
  const journal = new Journal(options.journal ?? {});
  const closing: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).toReversed()) await close();
  };
  try {
    const { world, strangersUrl, strangersPid } = await makeWorld(options, { journal, closing });
    const tls = options.tls === undefined ? undefined : await readTls(options.tls);
    const app = buildServer(world, {
      doors: options.doors ?? (strangersUrl === null ? 'all' : 'members'),
      ...(options.collect === undefined ? {} : { collect: options.collect }),
      ...(tls === undefined ? {} : { https: tls }),
      ...(options.trustProxy === undefined ? {} : { trustProxy: [...options.trustProxy] }),
    });
    await app.listen({ host, port }).catch((error: unknown) => {
      throw listenRefused(options.listen, error);
    });
    const state = { stopping: false };
    closing.push(() => drain(app, world));
    const url = boundUrl(tls === undefined ? 'http' : 'https', app.server.address() as AddressInfo);
    let adminUrl: string | null = null;
    if (options.adminListen !== undefined) {
      const { store, metrics } = world;
      const admin = await startAdmin(options.adminListen, {
        store,
        metrics,
        stopping: () => state.stopping || world.files.changed,
      });
      adminUrl = admin.url;
      closing.push(() => admin.close());
    }
    const sweeping = setInterval(() => void sweep(world), SWEEP_MS);
    sweeping.unref();
    closing.push(() => clearInterval(sweeping));
    const relayKey = world.key.publicKey;
    if (options.readyFile !== undefined)
      await writeReady(options.readyFile, {
        url,
        relayKey: toHex(relayKey),
        pid: process.pid,
        adminUrl,
        strangersUrl,
      });
    journal.note('started', { version: RELAY_VERSION });
    let stopped: Promise<void> | undefined;
    return {
      url,
      adminUrl,
      strangersUrl,
      strangersPid,
      relayKey,
      reloadTls: async () => {
        if (options.tls === undefined || !('setSecureContext' in app.server)) return;
        (app.server as unknown as TlsServer).setSecureContext(await readTls(options.tls));
        journal.note('certificate read again');
      },
      close: () => {
        state.stopping = true;
        return (stopped ??= closeAll().then(() => journal.note('stopped')));
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Opening = { journal: Journal; closing: (() => Promise<void> | void)[] };

/** Opens everything that the server works with; each part adds how it is closed. */
async function makeWorld(
  options: RelayOptions,
  { journal, closing }: Opening,
): Promise<{ world: World; strangersUrl: string | null; strangersPid: () => number | null }> {
  const { clock, crypto, randomness } = options.ports ?? nativePorts;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const createToken = await readToken(options.createTokenFile);
  const key = await relayKeyIn(crypto, options.keyFile ?? join(options.dataDir, 'relay.key')).catch(
    (error: unknown) => {
      throw storeFault(error);
    },
  );
  const store = options.store ?? (await openStores(options.dataDir, options.stores ?? []));
  closing.push(() => store.close());
  const receipts = new Receipts({ crypto, randomness }, key);
  const fresh = new FreshEnvelopes();
  const doorbells = new Doorbells(limits.waiting, feedPages(store, fresh, receipts));
  closing.push(store.watch((log, seq) => doorbells.ring(log, seq)));
  const { strangersListen } = options;
  let strangersUrl = options.strangersUrl ?? null;
  let strangersPid = (): number | null => null;
  if (strangersListen !== undefined) {
    const {
      ports: _ports,
      store: _store,
      journal: _journal,
      collect: _collect,
      readyFile: _ready,
      adminListen: _admin,
      strangersListen: _listen,
      ...plain
    } = options;
    const strangers = await startStrangers({ ...plain, listen: strangersListen }, journal);
    closing.push(() => strangers.close());
    strangersUrl ??= strangers.url;
    strangersPid = () => strangers.pid();
  }
  const admission = new Admission({
    store,
    crypto,
    clock,
    limits,
    ...(createToken === undefined ? {} : { createToken }),
  });
  closing.push(() => admission.close());
  const embedded = options.store === undefined && (options.stores ?? []).length === 0;
  const files = await watchOwnFiles(
    {
      dataDir: options.dataDir,
      keyFile: options.keyFile ?? join(options.dataDir, 'relay.key'),
      embedded,
    },
    (file) => journal.warn('files changed by somebody else', { file }),
  );
  closing.push(() => files.close());
  const metrics = new Metrics({
    waiting: () => doorbells.waiting,
    workBits: () => admission.workBits,
  });
  const world: World = {
    clock,
    crypto,
    key,
    formerKeys: await formerKeysIn(options.dataDir),
    store,
    blobs: new BlobFiles(join(options.dataDir, 'blobs')),
    doorbells,
    fresh,
    admission,
    receipts,
    journal,
    metrics,
    limits,
    version: RELAY_VERSION,
    anonymousUrl: options.doors === 'strangers' ? null : strangersUrl,
    files,
  };
  return { world, strangersUrl, strangersPid };
}

/** Lets what has begun end, and what waits come back with nothing. */
async function drain(app: ReturnType<typeof buildServer>, world: World): Promise<void> {
  world.doorbells.close();
  // A connection that answers its last request only now would be kept open for the next one.
  const hurrying = setInterval(() => app.server.closeIdleConnections(), DRAIN_LOOK_MS);
  const cut = setTimeout(() => app.server.closeAllConnections(), world.limits.drainMs);
  await app.close();
  clearInterval(hurrying);
  clearTimeout(cut);
}

/**
 * Removes the blobs and logs whose time is over: first from the index, then the chunks, so that no name points at nothing.
 * Answers how many blobs and logs that were.
 */
export async function sweep(
  world: Pick<World, 'store' | 'blobs' | 'clock' | 'crypto' | 'journal' | 'limits'>,
): Promise<number> {
  let removed = 0;
  let logs = 0;
  let unsigned = 0;
  try {
    const nowMs = world.clock.nowMs();
    const over = { nowMs, unusedSinceMs: nowMs - world.limits.unusedLogMs };
    for (const log of await world.store.expiredLogs(over, SWEEP_LOGS)) {
      if (!(await world.store.dropLog(log, over))) continue;
      await world.blobs.removeAll(log);
      logs++;
    }
    for (const { log, blob } of await world.store.expiredBlobs(nowMs, SWEEP_BLOBS)) {
      const row = await world.store.blob(log, blob);
      if (row.ok && !provesTerms(world.crypto, { log, blob }, row.value)) {
        unsigned++;
        continue;
      }
      if (!(await world.store.dropBlob(log, blob, nowMs))) continue;
      await world.blobs.remove(log, blob);
      removed++;
    }
    if (unsigned > 0)
      world.journal.warn('blobs kept whose expiry nobody signed', { blobs: unsigned });
    if (removed + logs > 0) world.journal.note('swept', { blobs: removed, logs });
  } catch (error) {
    world.journal.trouble('sweep', error);
  }
  return removed + logs;
}
