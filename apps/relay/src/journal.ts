// What the relay writes down about its work: no ids, no whole addresses, no headers. It is built so that there is nothing
// to redact: a line holds only the words below.

import { pino, type DestinationStream, type Logger } from 'pino';
import { Buckets } from './buckets.ts';

export type JournalLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One request, by its route's pattern: `/v1/logs/:log/:seq`, never the path itself. */
export type RequestLine = {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
  /** /24 or /48. */
  readonly from: string;
  readonly reason?: string;
};

export class Journal {
  readonly #log: Logger;
  readonly #troubles = new Buckets(1, 20);

  constructor(options: { level?: JournalLevel; to?: DestinationStream }) {
    const base = {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
    };
    this.#log = options.to === undefined ? pino(base) : pino(base, options.to);
  }

  note(event: string, facts: Record<string, string | number | boolean> = {}): void {
    this.#log.info(facts, event);
  }

  warn(event: string, facts: Record<string, string | number | boolean> = {}): void {
    this.#log.warn(facts, event);
  }

  /** Served requests at debug, refused ones too: a flood must not become a flood of lines. */
  request(line: RequestLine): void {
    this.#log.debug(line, 'request');
  }

  /** Something that should not happen: codes and places in our code, never a message, which may quote a path. */
  trouble(event: string, error: unknown): void {
    // A full disk fails every request: a few lines say as much as all of them.
    if (this.#troubles.take(event, Date.now()) > 0) return;
    this.#log.error({ ...outline(error), cause: outline(causeOf(error)) }, event);
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function outline(error: unknown): { name?: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return {};
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, ...code, at: at.map((line) => line.trim()) };
}
