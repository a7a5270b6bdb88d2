// Logs that grow in one transaction of a SQLite store: each is read once and written once, however many envelopes it gets.

import type { LogHead, LogId } from '@parley/post';
import { keyOf } from './feeds.ts';
import type { LogRow, Statements } from './sqlite-statements.ts';

export type Growing = { readonly row: LogRow; head: LogHead };

export class SqliteGrowing {
  readonly #sql: Pick<Statements, 'log' | 'advance'>;
  readonly #logs = new Map<string, Growing>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** A log as this transaction has made it so far; undefined where there is none. To let it grow, set its head. */
  of(log: LogId): Growing | undefined {
    const name = keyOf(log);
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const row = this.#sql.log.get(log);
    if (row === undefined) return undefined;
    const growing = { row, head: { seq: row.seq, head: row.head, timeMs: row.time_ms } };
    this.#logs.set(name, growing);
    return growing;
  }

  /** Writes where the logs stand: before the transaction ends, and before any other statement asks for a log. */
  settle(): void {
    for (const { row, head } of this.#logs.values()) {
      if (head.seq > row.seq)
        this.#sql.advance.run(head.seq, head.head, head.timeMs, row.n, row.seq);
    }
    this.#logs.clear();
  }

  /** A transaction begins: what is known is of an earlier one. */
  forget(): void {
    this.#logs.clear();
  }
}
