// A relay that lies and still looks honest: it keeps the truth in a real store, tells another tale of it, and signs that
// tale with its own key, chained and numbered as it should be.

import type { Verdict } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import { emptyHead, nextHead, type LogHead, type LogId, type Store } from '@parley/post';
import { openSqliteStore, startRelay, type RunningRelay } from '@parley/relay';
import { join } from 'node:path';

/** From the envelopes there are to those that are told, first to last. */
export type Tale = (envelopes: readonly Uint8Array[]) => readonly Uint8Array[];

const ALL = { maxEnvelopes: 100_000, maxBytes: 2 ** 30 };

async function all(truth: Store, log: LogId): Promise<Uint8Array[]> {
  const envelopes: Uint8Array[] = [];
  for (;;) {
    const page = await truth.read(log, { after: envelopes.length, ...ALL });
    if (!page.ok || page.value.envelopes.length === 0) return envelopes;
    envelopes.push(...page.value.envelopes.map((one) => one.envelope));
  }
}

function headsOf(log: LogId, told: readonly Uint8Array[]): Uint8Array[] {
  const heads = [emptyHead(crypto, log)];
  for (const envelope of told) heads.push(nextHead(crypto, heads.at(-1) as Uint8Array, envelope));
  return heads;
}

/** A store that tells a tale of every log longer than an invitation's box. */
function lyingStore(truth: Store, tale: Tale): Store {
  const view = async (log: LogId) => {
    const envelopes = await all(truth, log);
    const told = envelopes.length > 2 ? tale(envelopes) : envelopes;
    const heads = headsOf(log, told);
    const at = (seq: number): LogHead => ({ seq, head: heads[seq] as Uint8Array, timeMs: 1 });
    return { envelopes, told, at };
  };
  const liar: Pick<Store, 'append' | 'head' | 'read'> = {
    async append(log, entry) {
      const { envelopes, told, at } = await view(log);
      const there = told[entry.expectedSeq - 1];
      if (there !== undefined) {
        const same = Buffer.compare(there, entry.envelope) === 0;
        return same
          ? { ok: true, value: at(entry.expectedSeq) }
          : { ok: false, reason: 'conflict' };
      }
      if (entry.expectedSeq !== told.length + 1) return { ok: false, reason: 'conflict' };
      const stored = await truth.append(log, { ...entry, expectedSeq: envelopes.length + 1 });
      if (!stored.ok) return stored;
      const after = await view(log);
      return { ok: true, value: after.at(after.told.length) };
    },
    async head(log): Promise<Verdict<LogHead, 'no-such-log'>> {
      const known = await truth.head(log);
      if (!known.ok) return known;
      const { told, at } = await view(log);
      return { ok: true, value: at(told.length) };
    },
    async read(log, { after }) {
      const known = await truth.head(log);
      if (!known.ok) return known;
      const { told, at } = await view(log);
      const envelopes = told
        .map((envelope, index) => ({ seq: index + 1, envelope }))
        .filter(({ seq }) => seq > after);
      return { ok: true, value: { envelopes, head: at(told.length) } };
    },
  };
  return new Proxy(truth, {
    get(target, name) {
      const own = Object.hasOwn(liar, name) ? liar[name as keyof typeof liar] : undefined;
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Starts a relay on a data directory that may have an honest one too: same key, same truth, another tale. */
export async function startLiar(dataDir: string, tale: Tale): Promise<RunningRelay> {
  const store = lyingStore(openSqliteStore(join(dataDir, 'relay.db')), tale);
  return startRelay({ dataDir, listen: '127.0.0.1:0', journal: { level: 'silent' }, store });
}
