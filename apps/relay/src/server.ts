// The HTTP server: canonical bytes and sealed bytes only, every request admitted by its headers, every failure answered in
// our own words. No route answers HTML or JavaScript, and nothing is ever decompressed.

import { isFault } from '@parley/kernel';
import {
  CONTENT_TYPE,
  SEALED_CHUNK_MAX_BYTES,
  SEALED_TYPE,
  type HeldGrant,
  type LogId,
  type RefusalWord,
} from '@parley/post';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { addressPrefix } from './address.ts';
import type { Asking } from './admission.ts';
import { Denial } from './denial.ts';
import { guardConnections } from './gate.ts';
import { Penalties } from './penalties.ts';
import { blobRoutes } from './routes-blobs.ts';
import { factsRoute, logRoutes, strangerRoutes } from './routes-logs.ts';
import { collectRoute, comeBackRoute, type Collect } from './routes-restoring.ts';
import type { World } from './world.ts';

/** Which callers a route is for. */
type Door = 'owner' | 'member' | 'reader' | 'stranger' | 'founder' | 'facts';
type Admitted = { readonly log: LogId; readonly grant: HeldGrant };

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: Door;
  }
  interface FastifyRequest {
    admission: Admitted | null;
    admitted(): Admitted;
  }
}

const HEADERS_MAX_BYTES = 8 * 1024;
const mibs = (bytes: number): number => Math.ceil(bytes / (1024 * 1024));
const FEED = /^\/v1\/logs\/([A-Za-z0-9_-]{43})\/feed\?after=(0|[1-9][0-9]{0,8})$/;

function headerOf(raw: IncomingMessage, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function askingOf(raw: IncomingMessage, address: string | undefined): Asking {
  return {
    method: raw.method ?? '',
    target: raw.url ?? '',
    header: (name) => headerOf(raw, name),
    from: addressPrefix(address),
  };
}

/** Refusals that a desk meets rarely and a flood always. */
const AT_THE_DOOR: ReadonlySet<RefusalWord> = new Set([
  'forbidden',
  'malformed',
  'not-found',
  'no-such-log',
  'work-required',
]);
/** A proxy or an onion service on this machine brings everyone from there. */
const LOOPBACK: ReadonlySet<string> = new Set([addressPrefix('127.0.0.1'), addressPrefix('::1')]);
const FOR_STRANGERS: ReadonlySet<Door> = new Set(['stranger', 'founder', 'facts']);

/** Every error as a denial; what we did not foresee is written down and answered as 'relay-failing'. */
function denialFor(error: unknown, world: World): Denial {
  if (error instanceof Denial) return error;
  if (isFault(error)) {
    world.journal.trouble('store', error);
    if (error.code === 'store-full')
      return new Denial('relay-full', 'the disk of this relay is full; nothing was stored');
    return new Denial('relay-failing', 'the store of this relay is failing; nothing was stored');
  }
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Denial('too-large', 'the body is too large');
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  if (typeof status === 'number' && status < 500)
    return new Denial('malformed', 'the request is not of this protocol');
  world.journal.trouble('unforeseen', error);
  return new Denial('relay-failing', 'the relay made a mistake; it is in its journal');
}

export type ServerOptions = {
  readonly trustProxy?: string[];
  readonly https?: { key: Buffer; cert: Buffer };
  /** What this process serves: everything, or members and strangers in two processes. */
  readonly doors?: 'all' | 'members' | 'strangers';
  readonly collect?: Collect;
};

/** Builds the server; listening is the caller's. */
export function buildServer(world: World, options: ServerOptions = {}): FastifyInstance {
  const app = makeApp(world, options);
  const doors = options.doors ?? 'all';
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    [CONTENT_TYPE, SEALED_TYPE],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  app.decorateRequest('admission', null);
  app.decorateRequest('admitted', function admitted(this: FastifyRequest): Admitted {
    if (this.admission === null) throw new Denial('forbidden', 'no capability was shown');
    return this.admission;
  });
  const penalties = new Penalties(world.limits.refusalsPerSecond, world.limits.refusalsBurst);
  // Behind a proxy all callers share its connections: shutting one out is the proxy's business.
  const shutsOut = options.trustProxy === undefined;
  admitAll(app, world);
  app.setErrorHandler((error, request, reply) => {
    const denial = denialFor(error, world);
    const { door } = request.routeOptions.config;
    const hurried = denial.reason === 'busy' && door !== undefined && FOR_STRANGERS.has(door);
    if (shutsOut && (hurried || AT_THE_DOOR.has(denial.reason))) {
      if (oneTooMany(request.raw.socket, world, penalties)) {
        request.raw.socket.destroy();
        reply.hijack();
        return;
      }
    }
    // The body of a refused request is not read: the connection cannot be used again.
    if (!request.raw.complete) reply.header('connection', 'close');
    void reply.code(denial.status).type(CONTENT_TYPE).send(denial.body(world.clock.nowMs()));
  });
  const { collect } = options;
  app.setNotFoundHandler(() => {
    if (collect !== undefined)
      throw new Denial('relay-failing', 'this relay is being restored from its members');
    throw new Denial('not-found', 'this relay has no such route');
  });
  factsRoute(app, world);
  if (collect !== undefined) {
    collectRoute(app, collect);
    guard(app, world, { penalties, shutsOut });
    return app;
  }
  if (doors !== 'members') {
    strangerRoutes(app, world);
    comeBackRoute(app, world);
  }
  if (doors !== 'strangers') {
    logRoutes(app, world);
    blobRoutes(app, world);
    answerFeeds(app, world);
  }
  guard(app, world, { penalties, shutsOut });
  return app;
}

function makeApp(world: World, options: ServerOptions): FastifyInstance {
  const { limits } = world;
  return fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    connectionTimeout: 0,
    keepAliveTimeout: 60_000,
    requestTimeout: limits.requestTimeoutMs * mibs(SEALED_CHUNK_MAX_BYTES),
    bodyLimit: 1024,
    routerOptions: { maxParamLength: 64, ignoreTrailingSlash: false },
    trustProxy: options.trustProxy ?? false,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      maxHeaderSize: HEADERS_MAX_BYTES,
      connectionsCheckingInterval: 1000,
    },
    ...(options.https === undefined ? {} : { https: { ...options.https, minVersion: 'TLSv1.3' } }),
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const denial = denialFor(error, world);
      void reply.code(denial.status).type(CONTENT_TYPE).send(denial.body(world.clock.nowMs()));
    },
    clientErrorHandler: (error: Error, socket: Socket) => {
      if (!socket.writable) return;
      hangUpWith(socket, 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400);
    },
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
}

function hangUpWith(socket: Socket, status: 400 | 408): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** How often slow bodies are looked for; Node looks for slow headers as often. */
const LATE_CHECK_MS = 1000;

type Body = { readonly socket: Socket; readonly dueMs: number };

/**
 * Bodies that are being read: their bytes in all and by network, so that one network alone cannot fill the room, and until
 * when each must be there. One timer for all of them: one for each is a fiftieth of what a small request costs.
 */
class BodiesInFlight {
  readonly #maxBytes: number;
  readonly #byNetwork = new Map<string, number>();
  readonly #coming = new Set<Body>();
  readonly #checking: NodeJS.Timeout;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#checking = setInterval(() => this.#hangUpOnLate(), LATE_CHECK_MS);
    this.#checking.unref();
  }

  close(): void {
    clearInterval(this.#checking);
  }

  #hangUpOnLate(): void {
    const nowMs = performance.now();
    for (const { socket, dueMs } of this.#coming) {
      if (dueMs > nowMs) continue;
      // Told once; who holds the line open after that is cut at the next look.
      if (socket.writable) hangUpWith(socket, 408);
      else socket.destroy();
    }
  }

  /** Counts a body; undefined where there is no room. The answer ends the counting, however often it is called. */
  take(network: string, length: number, body: Body): (() => void) | undefined {
    const held = this.#byNetwork.get(network) ?? 0;
    if (this.#bytes + length > this.#maxBytes || held + length > this.#maxBytes / 2)
      return undefined;
    this.#bytes += length;
    this.#byNetwork.set(network, held + length);
    this.#coming.add(body);
    return () => {
      if (!this.#coming.delete(body)) return;
      this.#bytes -= length;
      const left = (this.#byNetwork.get(network) ?? length) - length;
      if (left > 0) this.#byNetwork.set(network, left);
      else this.#byNetwork.delete(network);
    };
  }
}

/** Admission, before any body byte is read, and the bound on bodies being read at once. */
function admitAll(app: FastifyInstance, world: World): void {
  const bodies = new BodiesInFlight(world.limits.bodiesInFlightBytes);
  app.addHook('onClose', async () => bodies.close());
  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now();
    const asking = askingOf(request.raw, request.ip);
    reply.raw.once('close', () => {
      const line = {
        route: request.routeOptions.url ?? 'none',
        method: asking.method,
        status: reply.statusCode,
        ms: Math.round(performance.now() - started),
        from: asking.from,
      };
      world.journal.request(line);
      world.metrics.request(line);
    });
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    const { door } = request.routeOptions.config;
    if (door === undefined) return;
    if (world.files.changed)
      throw new Denial('relay-failing', 'the files of this relay are not as it left them');
    if (door === 'stranger' || door === 'founder' || door === 'facts') {
      if (door === 'facts') world.admission.asker(asking);
      else world.admission.stranger(asking);
      if (door === 'founder') world.admission.founder(asking);
    } else {
      const { log = '' } = request.params as Record<string, string>;
      request.admission = await world.admission.member(asking, log, door);
    }
    if (asking.header('content-encoding') !== undefined)
      throw new Denial('malformed', 'bodies are not compressed');
    if (asking.header('transfer-encoding') !== undefined)
      throw new Denial('malformed', 'bodies have a content-length');
    const length = Number(asking.header('content-length') ?? 0);
    if (length === 0) return;
    // A length is only a claim: it is counted where the route takes that much, and only until the body has been read.
    if (!['PUT', 'POST'].includes(asking.method))
      throw new Denial('malformed', 'this request takes no body');
    if (!(length <= (request.routeOptions.bodyLimit ?? 0)))
      throw new Denial('too-large', 'this body is longer than the route takes');
    const dueMs = started + world.limits.requestTimeoutMs * mibs(length);
    const read = bodies.take(asking.from, length, { socket: request.raw.socket, dueMs });
    if (read === undefined)
      throw new Denial('busy', 'too many bodies at once', { retryAfterMs: 500 });
    request.raw.once('end', read);
    reply.raw.once('close', read);
  });
}

/** Not a closure of the request: it would keep that in memory for as long as the line is open. */
function cutOff(this: Duplex): void {
  this.destroy();
}

function answerFeeds(app: FastifyInstance, world: World): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64, perMessageDeflate: false });
  const turnAway = (socket: Duplex, denial: Denial): void => {
    const body = denial.body(world.clock.nowMs());
    socket.end(
      Buffer.concat([
        Buffer.from(
          `HTTP/1.1 ${denial.status} Refused\r\nconnection: close\r\ncontent-type: ${CONTENT_TYPE}\r\ncontent-length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    );
  };
  app.server.on('upgrade', (raw: IncomingMessage, socket: Duplex, first: Buffer) => {
    socket.on('error', cutOff);
    const answer = async (): Promise<void> => {
      const [, named, after] = FEED.exec(raw.url ?? '') ?? [];
      if (named === undefined) throw new Denial('not-found', 'there is no feed here');
      const asking = askingOf(raw, raw.socket.remoteAddress);
      const { log } = await world.admission.member(asking, named, 'reader');
      if (world.doorbells.full)
        throw new Denial('busy', 'too many are waiting', { retryAfterMs: 1000 });
      const head = await world.store.head(log);
      if (!head.ok) throw new Denial('no-such-log', 'this relay has no such log');
      sockets.handleUpgrade(raw, socket, first, (reader) => {
        const { seq } = head.value;
        world.doorbells.add(log, { socket: reader, line: socket, after: Number(after), seq });
        // What was stored since the head was read rang for nobody here.
        world.store.head(log).then(
          (now) => {
            if (now.ok && now.value.seq > seq) world.doorbells.ring(log, now.value.seq);
          },
          () => reader.terminate(),
        );
      });
    };
    answer().catch((error: unknown) => turnAway(socket, denialFor(error, world)));
  });
}

/** Counts a refusal against the caller's network; true if it is shut out from now on. */
function oneTooMany(socket: Socket, world: World, penalties: Penalties): boolean {
  const from = addressPrefix(socket.remoteAddress);
  return !LOOPBACK.has(from) && penalties.refused(from, world.clock.nowMs());
}

/** The gate before the server; what is no TLS or no HTTP at all counts as a refusal too. */
function guard(
  app: FastifyInstance,
  world: World,
  { penalties, shutsOut }: { penalties: Penalties; shutsOut: boolean },
): void {
  const { connections, connectionsPerPrefix } = world.limits;
  app.server.maxConnections = connections;
  const nowMs = (): number => world.clock.nowMs();
  const letGo = guardConnections(app.server, { penalties, connectionsPerPrefix, nowMs });
  app.addHook('preClose', async () => letGo());
  if (!shutsOut) return;
  app.server.on('clientError', (error, socket) => {
    // A line that broke is nobody's fault.
    if ('code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return;
    oneTooMany(socket as Socket, world, penalties);
  });
  app.server.on('tlsClientError', (_error: Error, socket: Socket) => {
    oneTooMany(socket, world, penalties);
  });
}
