// Numbers for the operator's monitoring: counts, durations and levels by route pattern, never by name or address.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { RequestLine } from './journal.ts';

/** Levels that are read when someone asks. */
export type Levels = { readonly waiting: () => number; readonly workBits: () => number };

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #seconds: Histogram<'route' | 'method'>;
  /** What counts a request of one route, method and status: to look both up each time costs more than to count. */
  readonly #counted = new Map<string, (tookMs: number) => void>();

  constructor(levels: Levels) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'parley_' });
    this.#requests = new Counter({
      name: 'parley_requests_total',
      help: 'Requests answered',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'parley_request_seconds',
      help: 'Time from the headers to the last byte of the answer',
      labelNames: ['route', 'method'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    });
    const gauge = (name: string, help: string, read: () => number): void => {
      const level: Gauge = new Gauge({ name, help, registers, collect: () => level.set(read()) });
    };
    gauge('parley_waiting', 'Readers waiting for a log to grow', levels.waiting);
    gauge('parley_work_bits', 'Proof of work asked of strangers now', levels.workBits);
  }

  request({ route, method, status, ms }: RequestLine): void {
    const name = `${method} ${route} ${status}`;
    let counted = this.#counted.get(name);
    if (counted === undefined) {
      const requests = this.#requests.labels({ route, method, status: String(status) });
      const seconds = this.#seconds.labels({ route, method });
      counted = (tookMs) => {
        requests.inc();
        seconds.observe(tookMs / 1000);
      };
      this.#counted.set(name, counted);
    }
    counted(ms);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
