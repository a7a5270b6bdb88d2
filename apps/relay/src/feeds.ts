// Who is handed the pages of a log as it grows: readers on WebSockets. A page is read and encoded once for all who stand
// at the same number; a reader that does not take what it is sent is cut, since it can always read by number.

import type { Duplex } from 'node:stream';
import type { LogId } from '@parley/post';
import type { WebSocket } from 'ws';

const PING_MS = 30_000;
/** A reader that has not taken its last page for so long is gone or hostile. */
const SLOW_MAX_MS = 20_000;

/** The encoded page after a number, and the number it ends with; undefined where there is nothing newer. */
export type PageAfter = (
  log: LogId,
  after: number,
) => Promise<{ encoded: Uint8Array; last: number } | undefined>;

type Reader = {
  readonly socket: WebSocket;
  readonly line: Duplex;
  after: number;
  /** Set while the line holds what was written last. */
  slow: NodeJS.Timeout | undefined;
};

type LogFeed = { readonly log: LogId; readonly readers: Set<Reader>; seq: number; busy: boolean };

/** One unmasked binary WebSocket frame, made once for all readers (RFC 6455, 5.2). */
export function framed(payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x82;
  if (head === 2) frame[1] = length;
  else if (head === 4) frame.writeUInt16BE(length, frame.writeUInt8(126, 1));
  else frame.writeBigUInt64BE(BigInt(length), frame.writeUInt8(127, 1));
  frame.set(payload, head);
  return frame;
}

export class Feeds {
  readonly #pageAfter: PageAfter;
  readonly #feeds = new Map<string, LogFeed>();
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;
  #count = 0;

  constructor(pageAfter: PageAfter) {
    this.#pageAfter = pageAfter;
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#pinging.unref();
  }

  get count(): number {
    return this.#count;
  }

  has(name: string): boolean {
    return this.#feeds.has(name);
  }

  /** Takes a reader in who has everything up to `after`; the log stands at `seq`. Whatever it sends closes it. */
  add(
    name: string,
    log: LogId,
    reader: { socket: WebSocket; line: Duplex; after: number; seq: number },
  ): void {
    const { socket, line, after, seq } = reader;
    const feed = this.#feeds.get(name) ?? { log, readers: new Set<Reader>(), seq, busy: false };
    this.#feeds.set(name, feed);
    const mine: Reader = { socket, line, after, slow: undefined };
    feed.readers.add(mine);
    this.#count++;
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('message', () => socket.terminate());
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      clearTimeout(mine.slow);
      feed.readers.delete(mine);
      this.#count--;
      if (feed.readers.size === 0 && this.#feeds.get(name) === feed) this.#feeds.delete(name);
    });
    this.grown(name, seq);
  }

  /** The log has grown to `seq`: everyone who takes pages gets what is new. */
  grown(name: string, seq: number): void {
    const feed = this.#feeds.get(name);
    if (feed === undefined) return;
    feed.seq = Math.max(feed.seq, seq);
    if (feed.busy) return;
    feed.busy = true;
    void this.#serve(feed);
  }

  async #serve(feed: LogFeed): Promise<void> {
    try {
      for (;;) {
        const first = [...feed.readers].find(
          (one) => one.slow === undefined && one.after < feed.seq,
        );
        if (first === undefined) return;
        const { after } = first;
        const page = await this.#pageAfter(feed.log, after);
        if (page === undefined) return;
        const frame = framed(page.encoded);
        for (const reader of feed.readers) {
          if (reader.after !== after || reader.slow !== undefined) continue;
          reader.after = page.last;
          if (reader.line.writable && !reader.line.write(frame)) this.#waitFor(feed, reader);
        }
      }
    } catch {
      // The store fails: readers are cut, ask by themselves, and are told why.
      for (const { socket } of feed.readers) socket.terminate();
    } finally {
      // In the same turn as the look that found nobody: what grows later begins anew.
      feed.busy = false;
    }
  }

  #waitFor(feed: LogFeed, reader: Reader): void {
    reader.slow = setTimeout(() => reader.socket.terminate(), SLOW_MAX_MS);
    reader.line.once('drain', () => {
      clearTimeout(reader.slow);
      reader.slow = undefined;
      this.grown(keyOf(feed.log), feed.seq);
    });
  }

  #ping(): void {
    for (const { readers } of this.#feeds.values()) {
      for (const { socket } of readers) {
        if (!this.#alive.delete(socket)) socket.terminate();
        else socket.ping();
      }
    }
  }

  close(): void {
    clearInterval(this.#pinging);
    for (const { readers } of this.#feeds.values())
      for (const { socket } of readers) socket.close(1001);
  }
}

/** A log's name as the key of a map. */
export function keyOf(log: LogId): string {
  return Buffer.from(log).toString('latin1');
}
