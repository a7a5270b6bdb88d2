// Blobs over HTTP: declare, put and get chunks in any order, finish. A reader may start before the writer has ended.

import { encode } from '@parley/kernel';
import {
  BLOB_LIFE_MAX_MS,
  BLOB_MAX_CHUNKS,
  CONTENT_TYPE,
  Gathered,
  SEALED_CHUNK_MAX_BYTES,
  SEALED_TYPE,
  WAIT_MAX_MS,
  blobId,
  blobRequestCodec,
  blobStateCodec,
  hasChunk,
  lengthOf,
  provesTerms,
  sealedChunkLength,
  type BlobId,
  type BlobRow,
  type LogId,
  type Pieces,
} from '@parley/post';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Denial } from './denial.ts';
import { decodedBody, hangUp, id32In, numberIn } from './routes-logs.ts';
import type { World } from './world.ts';

function chunkNamed(request: FastifyRequest, row: BlobRow): number {
  return numberIn((request.params as Record<string, string>)['chunk'], row.chunks - 1);
}

export function blobRoutes(app: FastifyInstance, world: World): void {
  const { store, blobs } = world;

  async function stateOf(log: LogId, blob: BlobId, row: BlobRow): Promise<Buffer> {
    const have = await blobs.have(log, blob, row.chunks);
    return Buffer.from(encode(blobStateCodec, { ...row, have }));
  }

  async function named(
    request: FastifyRequest,
  ): Promise<{ log: LogId; blob: BlobId; row: BlobRow }> {
    const { log } = request.admitted();
    const blob = blobId(id32In(request.params, 'blob'));
    const row = await store.blob(log, blob);
    if (!row.ok || row.value.expiresMs <= world.clock.nowMs())
      throw new Denial('no-such-blob', 'there is no such blob, or its time is over');
    return { log, blob, row: row.value };
  }

  app.put(
    '/v1/logs/:log/blobs/:blob',
    { config: { door: 'member' }, bodyLimit: 512 },
    async (request, reply) => {
      const { log } = request.admitted();
      const blob = blobId(id32In(request.params, 'blob'));
      const asked = decodedBody(request, blobRequestCodec);
      const nowMs = world.clock.nowMs();
      if (asked.chunks < 1 || asked.chunks > BLOB_MAX_CHUNKS)
        throw new Denial('malformed', 'a blob has at least one chunk');
      if (sealedChunkLength(asked, 0) === undefined)
        throw new Denial('malformed', 'the size does not fit the number of chunks');
      if (asked.expiresMs <= nowMs)
        throw new Denial('malformed', 'the expiry is in the past by the clock of this relay');
      if (asked.expiresMs > nowMs + BLOB_LIFE_MAX_MS)
        throw new Denial('malformed', 'the expiry is more than 400 days away');
      if (!provesTerms(world.crypto, { log, blob }, asked))
        throw new Denial('malformed', 'the expiry is not signed by the key that it names');
      const declared = await store.declareBlob(log, blob, {
        ...asked,
        quotaBytes: world.limits.blobQuotaBytes,
      });
      if (!declared.ok) throw new Denial(declared.reason, 'the blob cannot be declared so');
      await blobs.make(log, blob);
      return reply.type(CONTENT_TYPE).send(await stateOf(log, blob, declared.value));
    },
  );

  app.get('/v1/logs/:log/blobs/:blob', { config: { door: 'reader' } }, async (request, reply) => {
    const { log, blob, row } = await named(request);
    return reply.type(CONTENT_TYPE).send(await stateOf(log, blob, row));
  });

  // Apart, since its body is taken in the pieces in which it comes.
  void app.register(async (bulk) => {
    bulk.removeAllContentTypeParsers();
    bulk.addContentTypeParser(SEALED_TYPE, (_request, payload, done) => {
      const body = new Gathered();
      payload.on('data', (piece: Buffer) => body.add(piece));
      payload.once('end', () => done(null, body.pieces));
      payload.once('error', (error) => done(error));
    });
    bulk.put(
      '/v1/logs/:log/blobs/:blob/:chunk',
      { config: { door: 'member' }, bodyLimit: SEALED_CHUNK_MAX_BYTES },
      async (request, reply) => {
        const { log, blob, row } = await named(request);
        const number = chunkNamed(request, row);
        const sealed = (request.body ?? []) as Pieces;
        // What was declared is what is stored.
        if (lengthOf(sealed) !== sealedChunkLength(row, number))
          throw new Denial('malformed', `chunk ${number} has another length than declared`);
        if (row.finished) throw new Denial('exists', 'the blob is finished');
        await blobs.put(log, blob, { number, sealed });
        return reply.code(204).send();
      },
    );
  });

  app.get(
    '/v1/logs/:log/blobs/:blob/:chunk',
    { config: { door: 'reader' } },
    async (request, reply) => {
      const { log, blob, row } = await named(request);
      const number = chunkNamed(request, row);
      const waitMs = numberIn((request.query as Record<string, unknown>)['wait'], WAIT_MAX_MS, 0);
      const gone = hangUp(reply);
      const sealed = await blobs.getWhenThere(log, blob, { number, waitMs, gone });
      if (sealed === undefined)
        throw new Denial('no-such-chunk', `chunk ${number} has not come yet`);
      return reply.type(SEALED_TYPE).header('content-length', sealed.length).send(sealed.bytes);
    },
  );

  app.post(
    '/v1/logs/:log/blobs/:blob/finish',
    { config: { door: 'member' } },
    async (request, reply) => {
      const { log, blob, row } = await named(request);
      const have = await blobs.have(log, blob, row.chunks);
      for (let chunk = 0; chunk < row.chunks; chunk++)
        if (!hasChunk(have, chunk)) throw new Denial('incomplete', `chunk ${chunk} is missing`);
      await blobs.settle(log, blob);
      const finished = await store.finishBlob(log, blob);
      if (!finished.ok) throw new Denial('no-such-blob', 'there is no such blob');
      return reply.type(CONTENT_TYPE).send(await stateOf(log, blob, finished.value));
    },
  );
}
