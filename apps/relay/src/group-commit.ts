// Group commit: changes asked for in one turn of the event loop share one transaction and one sync of the disk.

import type Database from 'better-sqlite3';
import { Fault } from '@parley/kernel';
import type { StoreFaultCode } from '@parley/post';
import { storeFault } from './store-fault.ts';

/** Changes in one transaction; the rest waits for the next turn, so that readers are not starved. */
const GROUP_MAX = 512;

type Job = {
  readonly work: () => unknown;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
};

/**
 * Runs changes in order. Each promise settles after the commit: resolved means synced, rejected with a store fault means
 * that the whole group was rolled back and nothing of it is stored.
 */
export class GroupCommit {
  readonly #db: Database.Database;
  readonly #sql: Record<'look' | 'begin' | 'commit' | 'rollBack', Database.Statement>;
  readonly #groupMax: number;
  readonly #began: () => void;
  readonly #ending: () => void;
  #waiting: Job[] = [];
  #scheduled = false;
  #looks = 0;
  #closed = false;

  /**
   * `began` runs at the start of every transaction and may refuse it by throwing; `ending` runs before it is committed, or
   * not at all.
   */
  constructor(
    db: Database.Database,
    options: { singly: boolean; began: () => void; ending: () => void },
  ) {
    const { singly } = options;
    this.#db = db;
    this.#sql = {
      look: db.prepare('BEGIN'),
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      rollBack: db.prepare('ROLLBACK'),
    };
    this.#began = options.began;
    this.#ending = options.ending;
    this.#groupMax = singly ? 1 : GROUP_MAX;
  }

  /** `committed` runs once the result is durable, before the promise's own listeners. */
  change<T>(work: () => T, committed?: (result: T) => void): Promise<T> {
    return new Promise<T>((settle, fail) => {
      if (this.#closed) return fail(closedFault());
      this.#waiting.push({
        work,
        done: (result) => {
          committed?.(result as T);
          settle(result as T);
        },
        failed: fail,
      });
      this.#schedule();
    });
  }

  /** Which look this is: two reads of one look see the same. */
  get looks(): number {
    return this.#looks;
  }

  /** A read of what is committed. All reads of one turn share one look at the file: to begin each costs more than to read. */
  async look<T>(work: () => T): Promise<T> {
    if (this.#closed) throw closedFault();
    try {
      if (!this.#db.inTransaction) {
        this.#sql.look.run();
        this.#looks++;
        setImmediate(() => this.#endLook());
      }
      return work();
    } catch (error) {
      throw storeFault(error);
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#run(this.#waiting.splice(0, this.#groupMax));
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #run(group: readonly Job[]): void {
    if (group.length === 0) return;
    let results: unknown[];
    try {
      this.#endLook();
      this.#sql.begin.run();
      this.#began();
      results = group.map((job) => job.work());
      this.#ending();
      this.#sql.commit.run();
    } catch (error) {
      this.#rollBack();
      const fault = storeFault(error);
      for (const job of group) job.failed(fault);
      return;
    }
    for (const [at, job] of group.entries()) job.done(results[at]);
  }

  /** The next look sees what other processes have written since. */
  #endLook(): void {
    if (this.#db.open && this.#db.inTransaction) this.#sql.rollBack.run();
  }

  #rollBack(): void {
    try {
      if (this.#db.inTransaction) this.#sql.rollBack.run();
    } catch {
      // A disk that fails here has failed the group already; SQLite rolls back by itself when it is opened again.
    }
  }

  /** Finishes what was asked for, then refuses more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#waiting.length > 0) this.#run(this.#waiting.splice(0, this.#groupMax));
    this.#endLook();
  }
}

function closedFault(): Fault<StoreFaultCode> {
  return new Fault('store-unreachable', 'The store is closed.', { retry: true });
}
