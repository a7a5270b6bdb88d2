// The milter as a server on loopback or a Unix socket: many connections, one session each.

import { createServer, type Server, type Socket } from 'node:net';
import { Fault } from '@parley/kernel';
import type { DecideMail, HookPolicy } from './hook-policy.ts';
import { decodeCommand, encodeReply, MilterPackets, trailingBody } from './milter-codec.ts';
import { MilterSession } from './milter-session.ts';

const CONNECTIONS_MAX = 200;
const IDLE_MS = 10 * 60_000;

export type RunningHook = {
  /** The port where it listens. */
  readonly port: number;
  close(): Promise<void>;
};

async function serve(socket: Socket, session: MilterSession): Promise<void> {
  const packets = new MilterPackets();
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    const cut = packets.push(chunk);
    if (!cut.ok) return;
    for (const packet of cut.value) {
      const command = decodeCommand(packet);
      if (!command.ok) return;
      const tail = trailingBody(packet);
      if (tail.length > 0) await session.take({ kind: 'body', chunk: tail });
      const replies = await session.take(command.value);
      if (replies === null) return;
      for (const reply of replies) socket.write(encodeReply(reply));
    }
  }
}

/** Listens until closed. Broken packets close their connection; Postfix then does what milter_default_action says. */
export function startMilter(options: {
  readonly host: string;
  readonly port: number;
  readonly decide: DecideMail;
  readonly onFailure: HookPolicy['onFailure'];
}): Promise<RunningHook> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, new MilterSession(options.decide, options.onFailure)).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((settle, fail) => {
    server.once('error', (cause) =>
      fail(
        new Fault('hook-cannot-listen', 'The mail hook cannot listen there.', {
          cause,
          nextAction: 'Choose another port.',
        }),
      ),
    );
    server.listen(options.port, options.host, () => {
      const address = server.address();
      settle({
        port: typeof address === 'object' && address !== null ? address.port : options.port,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
