// Rings of one SQLite store: for appends of this process at once, for those of other processes at the next glance.

import type Database from 'better-sqlite3';
import { logId, type LogId } from '@parley/post';

/** How often other processes' appends are looked for, while anyone listens. */
const GLANCE_MS = 100;

type Ring = (log: LogId, seq: number) => void;

export class SqliteRings {
  readonly #db: Database.Database;
  readonly #rings = new Set<Ring>();
  #glance: NodeJS.Timeout | undefined;
  #seen = 0;
  #dataVersion = 0;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  ring(log: LogId, seq: number): void {
    for (const ring of this.#rings) ring(log, seq);
  }

  /** Rings for every log that grows, until the answered function is called. */
  watch(ring: Ring): () => void {
    this.#rings.add(ring);
    if (this.#glance === undefined) {
      this.#dataVersion = this.#db.pragma('data_version', { simple: true }) as number;
      this.#seen = this.#lastEnvelope();
      this.#glance = setInterval(() => this.#lookForOthers(), GLANCE_MS);
      this.#glance.unref();
    }
    return () => {
      this.#rings.delete(ring);
      if (this.#rings.size === 0) this.close();
    };
  }

  #lastEnvelope(): number {
    const row = this.#db
      .prepare<[], { last: number | null }>('SELECT max(rowid) AS last FROM envelope')
      .get();
    return row?.last ?? 0;
  }

  /** Rings for what other processes appended: `data_version` moves only when another connection committed. */
  #lookForOthers(): void {
    try {
      const version = this.#db.pragma('data_version', { simple: true }) as number;
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
      const grown = this.#db
        .prepare<[number], { id: Buffer; seq: number; last: number }>(
          `SELECT l.id, l.seq, max(e.rowid) AS last FROM envelope e JOIN log l ON l.n = e.log
           WHERE e.rowid > ? GROUP BY e.log`,
        )
        .all(this.#seen);
      for (const { id, seq, last } of grown) {
        this.#seen = Math.max(this.#seen, last);
        this.ring(logId(new Uint8Array(id)), seq);
      }
    } catch {
      // A lost ring is harmless, and whoever appends or reads hears of the disk's trouble.
    }
  }

  close(): void {
    this.#rings.clear();
    clearInterval(this.#glance);
    this.#glance = undefined;
  }
}
