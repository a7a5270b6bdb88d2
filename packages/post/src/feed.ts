// The feed: a WebSocket on which the relay hands out the pages of a log as it grows. Whoever cannot hold one polls instead.

import { decode } from '@parley/kernel';
import { WebSocket } from 'ws';
import { FEED_FRAME_MAX_BYTES } from './limits.ts';
import { pageCodec, type LogPage } from './wire.ts';

const HANDSHAKE_MS = 10_000;
/** The relay pings every 30 s. A line that is silent for longer than this is dead. */
const SILENCE_MAX_MS = 75_000;
/** Between the processes of a relay a page may be forgotten until the next one: then it is asked for. */
const QUIET_MAX_MS = 60_000;
/** Pages that wait to be used before the line is told to wait too. */
const WAITING_MAX = 4;

/** One feed of one log. It closes for good at the first thing that is not a page, and when `signal` aborts. */
export class Feed {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal | undefined;
  readonly #close = (): void => this.close();
  readonly #pages: LogPage[] = [];
  #open = false;
  #closed = false;
  #wake: (() => void) | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(request: { url: string; authorization: string }, signal?: AbortSignal) {
    this.#signal = signal;
    this.#socket = new WebSocket(request.url, {
      headers: { authorization: request.authorization },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: FEED_FRAME_MAX_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket.on('open', () => {
      this.#open = true;
      this.#heard();
      this.#wake?.();
    });
    this.#socket.on('ping', () => this.#heard());
    this.#socket.on('message', (data) => this.#came(data as Buffer));
    // An error is always followed by 'close', and both mean the same to us: poll instead.
    this.#socket.on('error', () => {});
    this.#socket.on('close', this.#close);
    signal?.addEventListener('abort', this.#close, { once: true });
    if (signal?.aborted === true) this.close();
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(this.#close, SILENCE_MAX_MS);
    this.#silence.unref();
  }

  #came(data: Buffer): void {
    const page = decode(pageCodec, new Uint8Array(data));
    if (!page.ok) return this.close();
    this.#heard();
    this.#pages.push(page.value);
    if (this.#pages.length >= WAITING_MAX) this.#socket.pause();
    this.#wake?.();
  }

  /** Whether pages can be trusted to come: then there is no need to poll. */
  get live(): boolean {
    return this.#open && !this.#closed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when the line is open or closed for good, or after this time. Only one caller may wait at a time. */
  async settled(maxMs: number): Promise<void> {
    await this.#until(() => this.#open, maxMs);
  }

  /** The next page; undefined when the line has closed, or after a minute without any. Only one caller may wait at a time. */
  async next(): Promise<LogPage | undefined> {
    await this.#until(() => this.#pages.length > 0, QUIET_MAX_MS);
    const page = this.#pages.shift();
    if (this.#socket.isPaused && this.#pages.length < WAITING_MAX) this.#socket.resume();
    return page;
  }

  async #until(happened: () => boolean, maxMs: number): Promise<void> {
    if (happened() || this.#closed) return;
    const untilMs = performance.now() + maxMs;
    const timer = setTimeout(() => this.#wake?.(), maxMs + 1);
    timer.unref();
    while (!this.#closed && !happened() && performance.now() < untilMs)
      await new Promise<void>((settle) => (this.#wake = settle));
    clearTimeout(timer);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#silence);
    this.#signal?.removeEventListener('abort', this.#close);
    this.#socket.terminate();
    this.#wake?.();
  }
}
