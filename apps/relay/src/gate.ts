// The gate: who is looked at before a parser, a TLS handshake or a byte is spent on a connection. Networks over their limit
// are closed at once; networks that were shut out are held, unanswered, so that a flood that comes again as soon as it is
// cut off waits instead of knocking.

import type { Server, Socket } from 'node:net';
import { addressPrefix } from './address.ts';
import type { Penalties } from './penalties.ts';

/** Connections of shut-out networks that are held at once, in all and by one network; the others are closed. */
const HELD_MAX = 1000;
const HELD_PER_PREFIX_MAX = 32;
/** A client of ours gives up after ten seconds and tries again. */
const HELD_MS = 10_000;

type Gate = {
  readonly penalties: Penalties;
  readonly connectionsPerPrefix: number;
  readonly nowMs: () => number;
};

/** Counts by network: how many there are now. */
class Counted {
  readonly #by = new Map<string, number>();
  #all = 0;

  get all(): number {
    return this.#all;
  }

  of(name: string): number {
    return this.#by.get(name) ?? 0;
  }

  /** One more, until this socket closes. */
  until(name: string, socket: Socket): void {
    this.#all++;
    this.#by.set(name, this.of(name) + 1);
    socket.once('close', () => {
      this.#all--;
      const left = this.of(name) - 1;
      if (left > 0) this.#by.set(name, left);
      else this.#by.delete(name);
    });
  }
}

/** Puts itself before whatever serves connections on this server now. Answers how to let go of those that are held. */
export function guardConnections(server: Server, gate: Gate): () => void {
  const open = new Counted();
  const held = new Counted();
  const holding = new Set<Socket>();
  const serving = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const from = addressPrefix(socket.remoteAddress);
    if (gate.penalties.banned(from, gate.nowMs())) {
      // Nobody else listens to its errors.
      socket.on('error', () => {});
      if (held.all >= HELD_MAX || held.of(from) >= HELD_PER_PREFIX_MAX) {
        socket.destroy();
        return;
      }
      held.until(from, socket);
      holding.add(socket);
      socket.setTimeout(0);
      const over = setTimeout(() => socket.destroy(), HELD_MS);
      over.unref();
      socket.once('close', () => {
        clearTimeout(over);
        holding.delete(socket);
      });
      return;
    }
    if (open.of(from) >= gate.connectionsPerPrefix) {
      socket.destroy();
      return;
    }
    open.until(from, socket);
    for (const serve of serving) serve.call(server, socket);
  });
  return () => {
    for (const socket of holding) socket.destroy();
  };
}
