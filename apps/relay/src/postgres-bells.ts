// Rings between relay processes by LISTEN and NOTIFY. They are sent after the commit and outside of it, because NOTIFY
// inside a transaction makes all commits wait for each other. A lost ring is harmless.

import { fromBase64Url, toBase64Url } from '@parley/kernel';
import { logId, type LogId } from '@parley/post';
import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresLink } from './postgres-link.ts';

const CHANNEL = 'parley_bell';
/** NOTIFY carries less than 8000 bytes: some hundred rings. */
const PAYLOAD_MAX_BYTES = 7500;
const GATHER_MS = 5;
const LISTEN_AGAIN_MS = 500;

type Ring = (log: LogId, seq: number) => void;

export class PostgresBells {
  readonly #link: PostgresLink;
  readonly #rings = new Set<Ring>();
  readonly #due = new Map<string, number>();
  #listener: Client | undefined;
  #listening = false;
  #sending = false;
  #closed = false;

  constructor(link: PostgresLink) {
    this.#link = link;
  }

  /** Rings here at once, and in the other processes a moment later. */
  ring(log: LogId, seq: number): void {
    for (const ring of this.#rings) ring(log, seq);
    const name = toBase64Url(log);
    this.#due.set(name, Math.max(seq, this.#due.get(name) ?? 0));
    if (this.#sending) return;
    this.#sending = true;
    setTimeout(() => void this.#send(), GATHER_MS).unref();
  }

  async #send(): Promise<void> {
    while (this.#due.size > 0 && !this.#closed) {
      let payload = '';
      for (const [name, seq] of this.#due) {
        const item = `${name}:${seq} `;
        if (payload.length + item.length > PAYLOAD_MAX_BYTES) break;
        payload += item;
        this.#due.delete(name);
      }
      await this.#link.read('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(() => {});
    }
    this.#sending = false;
  }

  watch(ring: Ring): () => void {
    this.#rings.add(ring);
    if (!this.#listening) {
      this.#listening = true;
      void this.#listen();
    }
    return () => void this.#rings.delete(ring);
  }

  /** Keeps one listening connection up, whatever happens to it. */
  async #listen(): Promise<void> {
    while (!this.#closed) {
      try {
        const client = await this.#link.listener();
        this.#listener = client;
        const ended = new Promise<void>((settle) => {
          client.once('end', settle);
          client.on('error', () => settle());
        });
        client.on('notification', (note) => this.#heard(note.payload ?? ''));
        await client.query(`LISTEN ${CHANNEL}`);
        await ended;
        await client.end().catch(() => {});
      } catch {
        // The link's own statements report what is wrong.
      }
      if (!this.#closed) await sleep(LISTEN_AGAIN_MS, undefined, { ref: false });
    }
  }

  #heard(payload: string): void {
    for (const item of payload.split(' ')) {
      const [name = '', seq = ''] = item.split(':');
      const id = fromBase64Url(name);
      if (!id.ok || id.value.length !== 32 || !/^\d{1,9}$/.test(seq)) continue;
      for (const ring of this.#rings) ring(logId(id.value), Number(seq));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#rings.clear();
    await this.#listener?.end().catch(() => {});
  }
}
