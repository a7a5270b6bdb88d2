// Who waits for a log to grow: WebSockets that are told its seq, and readers held in a long poll. Rings of one turn are
// one ring; a socket that does not take them is cut, since it can always read by seq.

import { encode } from '@parley/kernel';
import { bellCodec, type LogId } from '@parley/post';
import type { WebSocket } from 'ws';

const PING_MS = 30_000;
/** Some thousand rings: whoever lets them pile up is gone or hostile. */
const BUFFERED_MAX_BYTES = 32 * 1024;

type Waiter = { readonly wake: () => void };

export class Doorbells {
  readonly #max: number;
  readonly #sockets = new Map<string, Set<WebSocket>>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #rung = new Map<string, number>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;
  #count = 0;
  #closed = false;

  constructor(max: number) {
    this.#max = max;
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#pinging.unref();
  }

  get waiting(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#closed || this.#count >= this.#max;
  }

  /** Tells everyone who waits for this log, at the end of this turn. */
  ring(log: LogId, seq: number): void {
    const name = keyOf(log);
    if (!this.#sockets.has(name) && !this.#waiters.has(name)) return;
    if (this.#rung.size === 0) setImmediate(() => this.#flush());
    this.#rung.set(name, Math.max(seq, this.#rung.get(name) ?? 0));
  }

  #flush(): void {
    for (const [name, seq] of this.#rung) {
      const frame = encode(bellCodec, seq);
      for (const socket of this.#sockets.get(name) ?? []) send(socket, frame);
      for (const waiter of this.#waiters.get(name) ?? []) waiter.wake();
    }
    this.#rung.clear();
  }

  /** Resolves when the log is rung, when the time is over, on abort, or when the relay stops. */
  async wait(log: LogId, maxMs: number, signal: AbortSignal): Promise<void> {
    if (this.full || signal.aborted) return;
    const name = keyOf(log);
    const waiters = this.#waiters.get(name) ?? new Set<Waiter>();
    this.#waiters.set(name, waiters);
    this.#count++;
    await new Promise<void>((settle) => {
      const timer = setTimeout(() => end(), maxMs);
      const waiter = { wake: (): void => end() };
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        if (!waiters.delete(waiter)) return;
        this.#count--;
        if (waiters.size === 0 && this.#waiters.get(name) === waiters) this.#waiters.delete(name);
        settle();
      };
      waiters.add(waiter);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Takes a socket in and tells it where the log stands. Whatever it sends closes it. */
  add(log: LogId, socket: WebSocket, seq: number): void {
    const name = keyOf(log);
    const sockets = this.#sockets.get(name) ?? new Set<WebSocket>();
    this.#sockets.set(name, sockets);
    sockets.add(socket);
    this.#count++;
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('message', () => socket.terminate());
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      sockets.delete(socket);
      this.#count--;
      if (sockets.size === 0 && this.#sockets.get(name) === sockets) this.#sockets.delete(name);
    });
    send(socket, encode(bellCodec, seq));
  }

  #ping(): void {
    for (const sockets of this.#sockets.values()) {
      for (const socket of sockets) {
        if (!this.#alive.delete(socket)) socket.terminate();
        else socket.ping();
      }
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#pinging);
    for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.wake();
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.close(1001);
  }
}

function keyOf(log: LogId): string {
  return Buffer.from(log).toString('latin1');
}

function send(socket: WebSocket, frame: Uint8Array): void {
  if (socket.bufferedAmount > BUFFERED_MAX_BYTES) socket.terminate();
  else socket.send(frame);
}
