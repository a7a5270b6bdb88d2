// The way to the one PostgreSQL server that takes writes now: found among the servers of a cluster, left when it fails,
// found again after a promotion. What was in doubt is asked again; every statement here may be run twice.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool, types, type ClientConfig } from 'pg';
import { Fault, isFault } from '@parley/kernel';
import type { StoreFaultCode } from '@parley/post';
import { storeFault } from './store-fault.ts';

const WRITERS = 6;
const READERS = 6;
const CONNECT_MS = 2_000;
const LOOK_AGAIN_MS = 150;
const TYPE_INT8 = 20;

/** Gone, going, starting, or become a standby: look for the primary again. */
const LOST = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|57P0[1-5]|25006|08|55000$)/;
/** The losers of a deadlock or a serialisation conflict: run again at once. */
const AGAIN = new Set(['40001', '40P01']);

export type Row = Record<string, unknown>;
export type Ask = <R>(text: string, values?: readonly unknown[]) => Promise<R[]>;

type Pools = { readonly writers: Pool; readonly readers: Pool; readonly url: string };

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /terminated|not queryable|timeout|closed/i.test(error.message) ? 'ECONNLOST' : '';
}

function configOf(url: string): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'parley-relay',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === TYPE_INT8 ? Number : types.getTypeParser(oid, format),
    },
  };
}

/** The servers of one cluster: `postgres://user@a:5432,b:5432/name?...` as one URL for each host. */
export function hostsOf(url: string): string[] {
  const [, before = '', hosts, after = ''] =
    /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]+)(.*)$/.exec(url) ?? [];
  if (hosts === undefined) {
    throw new Fault<StoreFaultCode>(
      'store-unusable',
      'This is not the address of a PostgreSQL cluster.',
      {
        nextAction: 'write it as postgres://user@host1:5432,host2:5432/name',
      },
    );
  }
  return hosts.split(',').map((host) => before + host + after);
}

export type LinkOptions = {
  /** After this long without an answer the caller is told so; the statement may still take effect. */
  readonly giveUpMs?: number;
};

export class PostgresLink {
  readonly #hosts: readonly string[];
  readonly #giveUpMs: number;
  #pools: Pools | undefined;
  #finding: Promise<Pools> | undefined;
  #closed = false;

  constructor(url: string, options: LinkOptions = {}) {
    this.#hosts = hostsOf(url);
    this.#giveUpMs = options.giveUpMs ?? 10_000;
  }

  /** Runs one statement where a commit is confirmed. Throws 'store-unreachable' when nobody answers in time. */
  write<R>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.#insist(
      (pools) => query<R>(pools.writers, text, values),
      'no standby may have confirmed it',
    );
  }

  /** Runs one reading statement, apart from the writers: readers go on while writers wait for a standby. */
  read<R>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.#insist((pools) => query<R>(pools.readers, text, values), 'no server answers');
  }

  /** Resolves when everything that is visible now is confirmed: for answers that a read alone would give too early. */
  confirm(): Promise<void> {
    return this.#insist(confirm, 'no standby may have confirmed it');
  }

  /** Several statements, all or nothing. `work` may be run more than once. */
  transaction<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    return this.#insist(async (pools) => {
      const client = await pools.writers.connect();
      let broken: Error | undefined;
      try {
        await client.query('BEGIN');
        const ask: Ask = async <R>(text: string, values: readonly unknown[] = []) =>
          (await client.query(text, [...values])).rows as R[];
        const result = await work(ask);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failed: Error) => (broken = failed));
        throw error;
      } finally {
        client.release(broken);
      }
    }, 'no standby may have confirmed it');
  }

  /** A connection of its own to the present primary, for LISTEN. Its end is the caller's to notice. */
  async listener(): Promise<Client> {
    const pools = await this.#primary();
    const client = new Client(configOf(pools.url));
    await client.connect();
    return client;
  }

  async #insist<T>(work: (pools: Pools) => Promise<T>, why: string): Promise<T> {
    const untilMs = performance.now() + this.#giveUpMs;
    for (;;) {
      const leftMs = untilMs - performance.now();
      if (this.#closed || leftMs <= 0) throw unanswered(why);
      let pools: Pools | undefined;
      try {
        pools = await within(this.#primary(), leftMs, why);
        return await within(work(pools), leftMs, why);
      } catch (error) {
        const code = codeOf(error);
        if (AGAIN.has(code)) continue;
        if (isFault(error) || !LOST.test(code)) throw storeFault(error);
        if (pools !== undefined) this.#leave(pools);
        await sleep(LOOK_AGAIN_MS);
      }
    }
  }

  #primary(): Promise<Pools> {
    if (this.#pools !== undefined) return Promise.resolve(this.#pools);
    this.#finding ??= this.#find().finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  async #find(): Promise<Pools> {
    for (;;) {
      for (const url of this.#hosts) {
        if (this.#closed) throw unanswered('the store is closed');
        const pools = await this.#open(url).catch(() => undefined);
        if (pools !== undefined) return (this.#pools = pools);
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** Undefined for a standby, and for a server whose commits no standby confirms. */
  async #open(url: string): Promise<Pools | undefined> {
    const make = (max: number): Pool => {
      const pool = new Pool({ ...configOf(url), max, idleTimeoutMillis: 0 });
      // A connection that breaks while idle: the next statement finds out by itself.
      pool.on('error', () => {});
      return pool;
    };
    const pools: Pools = { writers: make(WRITERS), readers: make(READERS), url };
    try {
      const [row] = await query<{ standby: boolean }>(
        pools.readers,
        'SELECT pg_is_in_recovery() AS standby',
        [],
      );
      // A primary that came back alone may show what no standby has. Its first commit waits until one has it all.
      if (row?.standby === false) {
        await within(confirm(pools), CONNECT_MS, 'no standby confirms');
        return pools;
      }
    } catch {
      // Not this one, or not yet.
    }
    endLater(pools);
    return undefined;
  }

  #leave(pools: Pools): void {
    if (this.#pools === pools) this.#pools = undefined;
    endLater(pools);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pools = this.#pools;
    this.#pools = undefined;
    if (pools !== undefined) await Promise.all([pools.writers.end(), pools.readers.end()]);
  }
}

function endLater(pools: Pools): void {
  void pools.writers.end().catch(() => {});
  void pools.readers.end().catch(() => {});
}

async function query<R>(pool: Pool, text: string, values: readonly unknown[]): Promise<R[]> {
  return (await pool.query(text, [...values])).rows as R[];
}

const NO_SUCH_FUNCTION = '42883';

/** A commit that writes a record of the journal waits until a standby has that record and all before it. */
async function confirm(pools: Pools): Promise<void> {
  try {
    await query(pools.writers, "SELECT pg_logical_emit_message(true, 'parley', '')", []);
  } catch (error) {
    // A database that only speaks PostgreSQL's protocol shows nothing before it is confirmed.
    if (codeOf(error) !== NO_SUCH_FUNCTION) throw error;
  }
}

async function within<T>(work: Promise<T>, ms: number, why: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_settle, fail) => {
    timer = setTimeout(() => fail(unanswered(why)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

function unanswered(why: string): Fault<StoreFaultCode> {
  return new Fault('store-unreachable', `The store does not answer: ${why}.`, {
    retry: true,
    nextAction:
      'see whether a primary and enough standbys are running; the relay finds them by itself',
  });
}
