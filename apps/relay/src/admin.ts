// The operator's door, on an address of its own: /healthz (the process turns), /readyz (the store answers), /metrics.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newLogId, type Store } from '@parley/post';
import { nativePorts } from '@parley/kernel/node';
import { boundUrl, listenRefused, readListen } from './listen.ts';
import type { Metrics } from './metrics.ts';

const READY_MS = 3_000;

/** Ready means that the store answers a read in time, and that the relay is not stopping. */
async function ready(store: Store, stopping: () => boolean): Promise<boolean> {
  if (stopping()) return false;
  const answers = store.head(newLogId(nativePorts.randomness)).then(
    () => true,
    () => false,
  );
  const late = new Promise<boolean>((settle) => setTimeout(() => settle(false), READY_MS).unref());
  return Promise.race([answers, late]);
}

export type Admin = { readonly url: string; close(): void };

/** Faults with 'listen-malformed' and 'listen-refused'. Keep this address off the public network. */
export async function startAdmin(
  listen: string,
  parts: { store: Store; metrics: Metrics; stopping: () => boolean },
): Promise<Admin> {
  const { host, port } = readListen(listen);
  const server: Server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      if (request.method !== 'GET') response.writeHead(405).end();
      else if (request.url === '/healthz') response.end('ok\n');
      else if (request.url === '/readyz') {
        const yes = await ready(parts.store, parts.stopping);
        response.writeHead(yes ? 200 : 503).end(yes ? 'ready\n' : 'not ready\n');
      } else if (request.url === '/metrics') response.end(await parts.metrics.text());
      else response.writeHead(404).end();
    };
    answer().catch(() => response.destroy());
  });
  server.requestTimeout = 5_000;
  server.maxConnections = 50;
  await new Promise<void>((settle, fail) => {
    server.once('error', (error) => fail(listenRefused(listen, error)));
    server.listen(port, host, settle);
  });
  return {
    url: boundUrl('http', server.address() as AddressInfo),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
