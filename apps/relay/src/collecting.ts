// A relay that is being restored: it hears the members until it is stopped, and serves nobody. What they brought is decided
// afterwards, by finishRestoring.

import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, toHex } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { checkStore } from './backup.ts';
import type { TlsFiles } from './listen.ts';
import { relayKeyIn } from './relay-key.ts';
import { startRelay } from './relay.ts';
import { RESTORING_FILE, knownHeads } from './restore-members.ts';
import { Restoring } from './restoring.ts';
import { salvage, type Salvaged } from './salvage.ts';
import { openSqliteStore } from './sqlite-store.ts';

const { crypto, clock } = nativePorts;

export type CollectOptions = {
  readonly dataDir: string;
  readonly listen: string;
  readonly readyFile?: string;
  readonly tls?: TlsFiles;
  /** Public keys of the relay that was lost, where its key file is lost too. */
  readonly formerKeys?: readonly Uint8Array[];
  /** Read what can be read of a damaged store first. */
  readonly salvage?: boolean;
  readonly quiet?: boolean;
  /** Told after each hand-in: the log in hexadecimal. */
  readonly came?: (log: string, state: { proven: number; missing: number }) => void;
};

export type Collecting = {
  readonly url: string;
  readonly relayKey: Uint8Array;
  readonly salvaged: Salvaged | null;
  close(): Promise<void>;
};

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

/**
 * Starts to collect. Faults: 'store-damaged' for a store that is there and not whole (unless it is to be salvaged), and
 * those of starting a relay.
 */
export async function collectFromMembers(options: CollectOptions): Promise<Collecting> {
  const { dataDir } = options;
  const path = join(dataDir, 'relay.db');
  const staging = join(dataDir, RESTORING_FILE);
  const hadKey = await isThere(join(dataDir, 'relay.key'));
  const begun = await isThere(staging);
  const key = await relayKeyIn(crypto, join(dataDir, 'relay.key'));
  const given = options.formerKeys ?? [];
  const own = hadKey ? [key.publicKey] : [];
  const restoringOptions = {
    crypto,
    ...(begun && given.length === 0
      ? {}
      : { formerKeys: given.length > 0 ? [...given, ...own] : own }),
  };
  let salvaged: Salvaged | null = null;
  if (await isThere(path)) {
    if (options.salvage === true) salvaged = await salvageAside(path, staging, key);
    else checkSound(path);
  }
  const heads = knownHeads(dataDir);
  const restoring = new Restoring(staging, { ...restoringOptions, known: heads.known });
  const relay = await startRelay({
    dataDir,
    listen: options.listen,
    collect: {
      restoring,
      came: (log, state) => options.came?.(toHex(log), state),
    },
    ...(options.readyFile === undefined ? {} : { readyFile: options.readyFile }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.quiet === true ? { journal: { level: 'silent' } } : {}),
  }).catch((error: unknown) => {
    heads.close();
    restoring.close();
    throw error;
  });
  return {
    url: relay.url,
    relayKey: relay.relayKey,
    salvaged,
    close: async () => {
      await relay.close();
      heads.close();
      restoring.close();
    },
  };
}

function checkSound(path: string): void {
  try {
    checkStore(path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, error.message, {
      cause: error,
      nextAction: 'add --salvage: what can be read of it is kept, and members bring the rest',
    });
  }
}

/** Moves the damaged store aside and reads it into a new one. Nothing of the old file is ever changed. */
async function salvageAside(
  path: string,
  staging: string,
  key: Awaited<ReturnType<typeof relayKeyIn>>,
): Promise<Salvaged> {
  const aside = `${path}.damaged-${clock.nowMs()}`;
  // With its write-ahead file: it holds what was acknowledged last.
  for (const suffix of ['', '-wal', '-shm'])
    if (await isThere(path + suffix)) await rename(path + suffix, aside + suffix);
  const store = openSqliteStore(path);
  const restoring = new Restoring(staging, { crypto, formerKeys: [key.publicKey] });
  try {
    return await salvage(aside, { store, restoring, key });
  } finally {
    restoring.close();
    await store.close();
  }
}
