// The doorbell: a WebSocket that says only "the log is at seq n". A lost ring is harmless, because readers read by seq;
// a line that cannot carry a WebSocket is served by long polling instead.

import { decode } from '@parley/kernel';
import { WebSocket } from 'ws';
import { bellCodec } from './wire.ts';

const HANDSHAKE_MS = 10_000;
/** The relay pings every 30 s. A line that is silent for longer than this is dead. */
const SILENCE_MAX_MS = 75_000;
const MESSAGE_MAX_BYTES = 64;
const RING_MAX_MS = 60_000;

/** One doorbell of one log. It closes for good at the first thing that is not a ring, and when `signal` aborts. */
export class Bell {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal | undefined;
  readonly #close = (): void => this.close();
  #seq = 0;
  #open = false;
  #closed = false;
  #wake: (() => void) | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(request: { url: string; authorization: string }, signal?: AbortSignal) {
    this.#signal = signal;
    this.#socket = new WebSocket(request.url, {
      headers: { authorization: request.authorization },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MESSAGE_MAX_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket.on('open', () => {
      this.#open = true;
      this.#heard();
      this.#wake?.();
    });
    this.#socket.on('ping', () => this.#heard());
    this.#socket.on('message', (data) => this.#rung(data as Buffer));
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

  #rung(data: Buffer): void {
    const seq = decode(bellCodec, new Uint8Array(data));
    if (!seq.ok) return this.close();
    this.#heard();
    this.#seq = Math.max(this.#seq, seq.value);
    this.#wake?.();
  }

  /** Whether a ring can be trusted to come: then there is no need to poll. */
  get live(): boolean {
    return this.#open && !this.#closed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Waits until the log is beyond `after` or the bell breaks, and never longer than a minute: between the processes of a
   * relay a ring may be lost. Only one caller may wait at a time.
   */
  async wait(after: number): Promise<void> {
    const untilMs = performance.now() + RING_MAX_MS;
    const timer = setTimeout(() => this.#wake?.(), RING_MAX_MS + 1);
    timer.unref();
    while (!this.#closed && this.#seq <= after && performance.now() < untilMs)
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
