// Logs over HTTP: make, append, read, wait; and who may use them.

import { decode, encode, type Codec } from '@parley/kernel';
import {
  CONTENT_TYPE,
  ENVELOPE_MAX_BYTES,
  LOG_MAX_ENTRIES,
  PACKAGE_MAX_BYTES,
  PAGE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  SEALED_TYPE,
  WAIT_MAX_MS,
  capabilityId,
  grantCodec,
  idFromPath,
  logId,
  logRequestCodec,
  pageCodec,
  shelfId,
  type LogId,
  type Store,
} from '@parley/post';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Denial } from './denial.ts';
import { signedFacts, type World } from './world.ts';

type Params = Record<string, string>;

/** A whole number in a path or a query; absent or empty gives `fallback`. */
export function numberIn(text: unknown, max: number, fallback?: number): number {
  if (text === undefined && fallback !== undefined) return fallback;
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,8})$/.test(text) || Number(text) > max)
    throw new Denial('malformed', 'a number in the path or the query is missing or out of range');
  return Number(text);
}

export function id32In(params: unknown, name: string): Uint8Array {
  const id = idFromPath((params as Params)[name] ?? '');
  if (id === undefined)
    throw new Denial('malformed', `the ${name} id is not 32 bytes of base64url`);
  return id;
}

export function bodyOf(request: FastifyRequest): Uint8Array {
  if (!(request.body instanceof Uint8Array)) throw new Denial('malformed', 'a body is needed');
  return request.body;
}

export function decodedBody<T>(request: FastifyRequest, codec: Codec<T>): T {
  const read = decode(codec, bodyOf(request));
  if (!read.ok) throw new Denial('malformed', `the body is ${read.reason} at byte ${read.at ?? 0}`);
  return read.value;
}

/** Aborts when the caller hangs up, so that nobody is waited for who has left. */
export function hangUp(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

/** For everyone: who the relay is, and where strangers go. */
export function factsRoute(app: FastifyInstance, world: World): void {
  app.get('/v1/relay', { config: { door: 'facts' } }, async (request, reply) => {
    const query = request.query as Record<string, unknown>;
    const nonce = idFromPath(typeof query['nonce'] === 'string' ? query['nonce'] : '');
    if (nonce === undefined) throw new Denial('malformed', 'a nonce of 32 bytes is needed');
    return reply.type(CONTENT_TYPE).send(signedFacts(world, nonce));
  });
}

/** Without a capability: a new log, a key package. */
export function strangerRoutes(app: FastifyInstance, world: World): void {
  app.post('/v1/logs', { config: { door: 'founder' }, bodyLimit: 512 }, async (request, reply) => {
    const asked = decodedBody(request, logRequestCodec);
    if ((await world.store.countLogs()) >= world.limits.logs)
      throw new Denial('full', 'this relay has as many logs as its operator allows');
    const log = logId(asked.log);
    const made = await world.store.createLog(log, {
      owner: { id: capabilityId(asked.owner.id), key: asked.owner.key },
      maxEntries: asked.maxEntries,
      nowMs: world.clock.nowMs(),
      expiresMs: asked.expiresMs,
    });
    if (!made.ok) throw new Denial('exists', 'this id is taken');
    return reply.type(CONTENT_TYPE).send(await world.receipts.encodedOf(log, made.value));
  });

  app.post(
    '/v1/logs/:log/shelves/:shelf/take',
    { config: { door: 'stranger' } },
    async (request, reply) => {
      const taken = await world.store.takePackage(
        logId(id32In(request.params, 'log')),
        shelfId(id32In(request.params, 'shelf')),
      );
      if (!taken.ok) throw new Denial('empty', 'there is nothing on this shelf');
      return reply.type(SEALED_TYPE).send(Buffer.from(taken.value));
    },
  );
}

type Waiting = {
  readonly log: LogId;
  readonly from: Parameters<Store['read']>[1];
  readonly waitMs: number;
  readonly gone: AbortSignal;
};

/** Reads, and where there is nothing yet waits for a ring and reads once more. */
async function readOrWait(world: World, asked: Waiting): ReturnType<Store['read']> {
  const { log, from, waitMs, gone } = asked;
  if (world.doorbells.full)
    throw new Denial('busy', 'too many are waiting', { retryAfterMs: 1000 });
  const enough = new AbortController();
  // The wait begins before the read, so that what is stored in between rings too.
  const rung = world.doorbells.wait(log, waitMs, AbortSignal.any([gone, enough.signal]));
  try {
    const page = await world.store.read(log, from);
    if (!page.ok || page.value.envelopes.length > 0) return page;
    await rung;
    return await world.store.read(log, from);
  } finally {
    enough.abort();
  }
}

/** With a capability. */
export function logRoutes(app: FastifyInstance, world: World): void {
  const { store } = world;

  app.put(
    '/v1/logs/:log/:seq',
    { config: { door: 'member' }, bodyLimit: ENVELOPE_MAX_BYTES },
    async (request, reply) => {
      const { log } = request.admitted();
      const expectedSeq = numberIn((request.params as Params)['seq'], LOG_MAX_ENTRIES);
      const envelope = bodyOf(request);
      const nowMs = world.clock.nowMs();
      const stored = await store.append(log, { expectedSeq, envelope, nowMs });
      if (stored.ok) {
        if (world.doorbells.feeds(log)) world.fresh.keep(log, envelope, stored.value);
        return reply.type(CONTENT_TYPE).send(await world.receipts.encodedOf(log, stored.value));
      }
      if (stored.reason === 'full')
        throw new Denial('full', 'the log has as many entries as it may');
      const head = await store.head(log);
      if (stored.reason === 'no-such-log' || !head.ok)
        throw new Denial('no-such-log', 'this relay has no such log');
      throw new Denial('conflict', `the log stands at ${head.value.seq}`, {
        head: await world.receipts.of(log, head.value),
      });
    },
  );

  app.get('/v1/logs/:log', { config: { door: 'reader' } }, async (request, reply) => {
    const { log } = request.admitted();
    const query = request.query as Record<string, unknown>;
    const from = {
      after: numberIn(query['after'], LOG_MAX_ENTRIES),
      maxEnvelopes: Math.max(1, numberIn(query['limit'], PAGE_MAX_ENVELOPES, PAGE_MAX_ENVELOPES)),
      maxBytes: PAGE_MAX_BYTES,
    };
    const waitMs = numberIn(query['wait'], WAIT_MAX_MS, 0);
    const page =
      waitMs === 0
        ? await store.read(log, from)
        : await readOrWait(world, { log, from, waitMs, gone: hangUp(reply) });
    if (!page.ok) throw new Denial('no-such-log', 'this relay has no such log');
    const { envelopes, head } = page.value;
    const body = encode(pageCodec, { envelopes, head: await world.receipts.of(log, head) });
    return reply.type(CONTENT_TYPE).send(Buffer.from(body.buffer, body.byteOffset, body.length));
  });

  app.get('/v1/logs/:log/head', { config: { door: 'reader' } }, async (request, reply) => {
    const { log } = request.admitted();
    const head = await store.head(log);
    if (!head.ok) throw new Denial('no-such-log', 'this relay has no such log');
    return reply.type(CONTENT_TYPE).send(await world.receipts.encodedOf(log, head.value));
  });

  app.put(
    '/v1/logs/:log/grants/:id',
    { config: { door: 'owner' }, bodyLimit: 256 },
    async (request, reply) => {
      const { log } = request.admitted();
      const id = idFromPath((request.params as Params)['id'] ?? '', 16);
      if (id === undefined)
        throw new Denial('malformed', 'the capability id is not 16 bytes of base64url');
      const { key, rights } = decodedBody(request, grantCodec);
      const granted = await store.grant(log, { id: capabilityId(id), key, rights });
      if (!granted.ok) throw new Denial(granted.reason, 'the grant cannot be made');
      return reply.code(204).send();
    },
  );

  app.delete('/v1/logs/:log/grants/:id', { config: { door: 'owner' } }, async (request, reply) => {
    const { log } = request.admitted();
    const id = idFromPath((request.params as Params)['id'] ?? '', 16);
    if (id === undefined)
      throw new Denial('malformed', 'the capability id is not 16 bytes of base64url');
    const revoked = await store.revoke(log, capabilityId(id));
    if (!revoked.ok) throw new Denial(revoked.reason, 'the grant cannot be taken away');
    return reply.code(204).send();
  });

  app.post(
    '/v1/logs/:log/shelves/:shelf',
    { config: { door: 'member' }, bodyLimit: PACKAGE_MAX_BYTES },
    async (request, reply) => {
      const { log } = request.admitted();
      const put = await store.putPackage(log, shelfId(id32In(request.params, 'shelf')), {
        sealed: bodyOf(request),
        nowMs: world.clock.nowMs(),
      });
      if (!put.ok) throw new Denial(put.reason, 'the package cannot be put there');
      return reply.code(204).send();
    },
  );
}
