// Appends on PostgreSQL: those that wait together go in one statement, each log at most once in what is under way, so the
// database decides every race by one row and one commit.

import { accept, refuse, type Verdict } from '@parley/kernel';
import type { LogHead, LogId, NoLog } from '@parley/post';
import type { PostgresLink } from './postgres-link.ts';

const BATCH_MAX = 256;
/** Statements under way at once. */
const BATCHES = 4;
/** Appends waiting; more are refused at once, so that a stalled database cannot fill the relay. */
const WAITING_MAX = 20_000;

type Result = Verdict<LogHead, NoLog | 'conflict' | 'full'>;
type Job = {
  readonly name: string;
  readonly log: LogId;
  readonly seq: number;
  readonly envelope: Uint8Array;
  readonly timeMs: number;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
};

const APPEND = `
WITH r AS (
  SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[]) AS t(id, seq, body, time_ms)
), locked AS (
  -- In one order everywhere, so that two batches cannot wait for each other.
  SELECT l.id FROM relay.log l JOIN r ON r.id = l.id ORDER BY l.id FOR UPDATE OF l
), h AS (
  UPDATE relay.log l
  SET seq = r.seq, head = sha256(l.head || sha256(r.body)), time_ms = greatest(l.time_ms, r.time_ms)
  FROM r JOIN locked ON locked.id = r.id
  WHERE l.id = r.id AND l.seq = r.seq - 1 AND l.seq < l.max_entries
  RETURNING l.id, l.seq, l.head, l.time_ms, r.body
)
INSERT INTO relay.envelope (log, seq, time_ms, head, body)
SELECT id, seq, time_ms, head, body FROM h
RETURNING log, seq, head, time_ms`;

const WHY_NOT = `
SELECT r.n, l.seq, l.max_entries, e.head, e.time_ms, e.body = r.body AS same
FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::int[]) AS r(id, seq, body, n)
LEFT JOIN relay.log l ON l.id = r.id
LEFT JOIN relay.envelope e ON e.log = r.id AND e.seq = r.seq`;

type StoredRow = { log: Buffer; seq: number; head: Buffer; time_ms: number };
type WhyRow = {
  n: number;
  seq: number | null;
  max_entries: number;
  head: Buffer | null;
  time_ms: number;
  same: boolean | null;
};

const nameOf = (log: Uint8Array): string => Buffer.from(log).toString('latin1');

export class PostgresAppends {
  readonly #link: PostgresLink;
  readonly #stored: (log: LogId, seq: number) => void;
  readonly #busy = new Set<string>();
  #waiting: Job[] = [];
  #under = 0;
  #scheduled = false;

  constructor(link: PostgresLink, stored: (log: LogId, seq: number) => void) {
    this.#link = link;
    this.#stored = stored;
  }

  /** Resolves when the database has confirmed, or said why not. Look at `behind` first. */
  append(
    log: LogId,
    entry: { expectedSeq: number; envelope: Uint8Array; nowMs: number },
  ): Promise<Result> {
    return new Promise((done, failed) => {
      const { expectedSeq: seq, envelope, nowMs: timeMs } = entry;
      this.#waiting.push({ name: nameOf(log), log, seq, envelope, timeMs, done, failed });
      this.#schedule();
    });
  }

  /** True while the database is so far behind that more should be refused. */
  get behind(): boolean {
    return this.#waiting.length >= WAITING_MAX;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#under < BATCHES && this.#begin());
    });
  }

  /** Takes what may go now; false if there is nothing. */
  #begin(): boolean {
    const batch: Job[] = [];
    const later: Job[] = [];
    for (const job of this.#waiting) {
      if (batch.length < BATCH_MAX && !this.#busy.has(job.name)) {
        this.#busy.add(job.name);
        batch.push(job);
      } else later.push(job);
    }
    if (batch.length === 0) return false;
    this.#waiting = later;
    this.#under++;
    void this.#run(batch).finally(() => {
      for (const job of batch) this.#busy.delete(job.name);
      this.#under--;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return true;
  }

  async #run(batch: readonly Job[]): Promise<void> {
    try {
      const rows = await this.#link.write<StoredRow>(APPEND, [
        batch.map((job) => job.log),
        batch.map((job) => job.seq),
        batch.map((job) => job.envelope),
        batch.map((job) => job.timeMs),
      ]);
      const stored = new Map(rows.map((row) => [nameOf(row.log), row]));
      const rest: Job[] = [];
      for (const job of batch) {
        const row = stored.get(job.name);
        if (row === undefined) {
          rest.push(job);
          continue;
        }
        this.#stored(job.log, row.seq);
        job.done(accept({ seq: row.seq, head: new Uint8Array(row.head), timeMs: row.time_ms }));
      }
      if (rest.length > 0) await this.#explain(rest);
    } catch (error) {
      for (const job of batch) job.failed(error);
    }
  }

  async #explain(rest: readonly Job[]): Promise<void> {
    const rows = await this.#link.write<WhyRow>(WHY_NOT, [
      rest.map((job) => job.log),
      rest.map((job) => job.seq),
      rest.map((job) => job.envelope),
      rest.map((_job, n) => n),
    ]);
    // An envelope that is seen may be one whose commit was never confirmed: confirm before saying yes.
    if (rows.some((row) => row.same === true)) await this.#link.confirm();
    for (const row of rows) {
      const job = rest[row.n] as Job;
      if (row.seq === null) job.done(refuse('no-such-log'));
      else if (row.same === true && row.head !== null)
        job.done(accept({ seq: job.seq, head: new Uint8Array(row.head), timeMs: row.time_ms }));
      else if (row.seq === job.seq - 1 && row.seq >= row.max_entries) job.done(refuse('full'));
      // The log came to this number only now: the append was too early by a moment, and goes again.
      else if (row.seq === job.seq - 1) this.#waiting.unshift(job);
      else job.done(refuse('conflict', { at: row.seq }));
    }
  }
}
