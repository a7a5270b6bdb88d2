import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '@parley/kernel';
import { nativeCrypto as crypto, nativePorts as ports } from '@parley/kernel/node';
import { planBlob, sealedChunkLength } from './blob-plan.ts';
import { CHUNK_BYTES, LARGE_CHUNK_BYTES } from './limits.ts';
import { lengthOf, type Pieces } from './pieces.ts';
import { FileOpener, fileKey, newFileKey, openChunk, sealChunk, sealFile } from './sealing.ts';

async function* inPieces(file: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes);
}

async function roundTrip(file: Uint8Array, pieceBytes: number): Promise<Uint8Array> {
  const key = newFileKey(ports);
  const sealing = sealFile(ports, key, { size: file.length, source: inPieces(file, pieceBytes) });
  const chunks: Pieces[] = [];
  let step = await sealing.next();
  while (step.done !== true) {
    chunks.push(step.value.sealed);
    step = await sealing.next();
  }
  const plan = planBlob(file.length);
  const declared = { chunks: plan.chunks, size: plan.sealedSize };
  expect(chunks).toHaveLength(plan.chunks);
  expect(chunks.map(lengthOf)).toEqual(chunks.map((_, n) => sealedChunkLength(declared, n)));
  expect(lengthOf(chunks.flat())).toBe(plan.sealedSize);
  const opener = new FileOpener(crypto, key, { size: file.length, sha256: step.value.sha256 });
  const parts = chunks.flatMap((sealed) => {
    const opened = opener.next(sealed);
    if (!opened.ok) throw new Error(opened.reason);
    return opened.value;
  });
  expect(opener.finish()).toMatchObject({ ok: true });
  return concat(...parts);
}

describe('sealed files', () => {
  it('opening undoes sealing, whatever the size and the pieces', async () => {
    const sizes = [
      0,
      1,
      4095,
      4096,
      4097,
      CHUNK_BYTES - 1,
      CHUNK_BYTES,
      CHUNK_BYTES + 1,
      5 * CHUNK_BYTES,
    ];
    for (const size of sizes) {
      const file = ports.randomness.bytes(size);
      expect(Buffer.compare(await roundTrip(file, 700_000), file)).toBe(0);
    }
    const runs = process.env['SLOW'] === '1' ? 200 : 10;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3_000_000),
        fc.integer({ min: 1000, max: 3_000_000 }),
        async (size, piece) => {
          const file = new Uint8Array(size).fill(7);
          expect(Buffer.compare(await roundTrip(file, piece), file)).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it('padding hides the size and may fill chunks behind the end of the file', async () => {
    expect(planBlob(1).sealedSize).toBe(planBlob(4000).sealedSize);
    expect(planBlob(100_000_000).sealedSize).toBe(planBlob(100_000_100).sealedSize);
    const whole = 66;
    const size = whole * LARGE_CHUNK_BYTES + 1;
    const plan = planBlob(size);
    expect([plan.chunkBytes, plan.chunks]).toEqual([LARGE_CHUNK_BYTES, whole + 2]);
    const full = new Uint8Array(LARGE_CHUNK_BYTES).fill(1);
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < whole; n++) yield full;
      yield Uint8Array.of(7);
    }
    const key = newFileKey(ports);
    const ends: Uint8Array[] = [];
    const skip = (chunk: number): boolean => chunk < whole;
    for await (const chunk of sealFile(ports, key, { size, source: source(), skip })) {
      const opened = openChunk(key, chunk, chunk.sealed);
      if (opened.ok) ends.push(concat(...opened.value));
    }
    expect(ends.map((end) => [end.length, end[0], end.lastIndexOf(0)])).toEqual([
      [LARGE_CHUNK_BYTES, 7, LARGE_CHUNK_BYTES - 1],
      [LARGE_CHUNK_BYTES, 0, LARGE_CHUNK_BYTES - 1],
    ]);
  });

  it('a relay knows from what was declared how long each chunk is', () => {
    for (const size of [0, 1, CHUNK_BYTES, 5e6, 64 * CHUNK_BYTES, 64 * CHUNK_BYTES + 1, 3e8, 8e9]) {
      const { chunks, chunkBytes, sealedSize } = planBlob(size);
      const declared = { chunks, size: sealedSize };
      const lengths = Array.from({ length: chunks }, (_, n) => sealedChunkLength(declared, n) ?? 0);
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(sealedSize);
      for (const length of lengths.slice(0, -1)) expect(length).toBe(chunkBytes + 28);
    }
    const none = { chunks: 3, size: 1000 };
    expect(sealedChunkLength(none, 0)).toBeUndefined();
    expect(sealedChunkLength({ chunks: 2, size: 9e6 }, 0)).toBeUndefined();
  });

  it('a chunk opens only at its place, whole, under its key', () => {
    const key = newFileKey(ports);
    const place = { number: 3, last: false };
    const sealed = concat(...sealChunk(ports, key, place, new Uint8Array(100)));
    expect(openChunk(key, place, [sealed])).toMatchObject({ ok: true });
    const inTwo = [sealed.subarray(0, 5), sealed.subarray(5)];
    expect(openChunk(key, place, inTwo)).toMatchObject({ ok: true });
    const unreadable = { ok: false, reason: 'unreadable' };
    expect(openChunk(key, { number: 4, last: false }, [sealed])).toMatchObject(unreadable);
    expect(openChunk(key, { number: 3, last: true }, [sealed])).toMatchObject(unreadable);
    expect(openChunk(newFileKey(ports), place, [sealed])).toMatchObject(unreadable);
    for (const length of [0, 12, 27, 28, sealed.length - 1])
      expect(openChunk(key, place, [sealed.slice(0, length)])).toMatchObject(unreadable);
    for (let at = 0; at < sealed.length; at += 9) {
      const flipped = sealed.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(openChunk(key, place, [flipped])).toMatchObject(unreadable);
    }
  });

  it('the name of a blob commits to its key, and sealing twice never repeats a nonce', () => {
    const secret = new Uint8Array(32).fill(1);
    expect(fileKey(crypto, secret).blob).toEqual(fileKey(crypto, secret).blob);
    expect(fileKey(crypto, new Uint8Array(32)).blob).not.toEqual(fileKey(crypto, secret).blob);
    const key = fileKey(crypto, secret);
    const place = { number: 0, last: true };
    const first = sealChunk(ports, key, place, new Uint8Array(9));
    expect(sealChunk(ports, key, place, new Uint8Array(9))).not.toEqual(first);
  });

  it('a file that shrinks or grows while it is read is a fault, and one that is not the named one is refused', async () => {
    const key = newFileKey(ports);
    for (const size of [10, 30]) {
      const sealing = sealFile(ports, key, { size, source: inPieces(new Uint8Array(20), 7) });
      await expect(sealing.next()).rejects.toMatchObject({ code: 'file-changed' });
    }
    expect(() => planBlob(9 * 1024 ** 3)).toThrow(
      expect.objectContaining({ code: 'file-too-large' }) as Error,
    );
    const sealing = sealFile(ports, key, { size: 3, source: inPieces(Uint8Array.of(1, 2, 3), 3) });
    const step = await sealing.next();
    const opener = new FileOpener(crypto, key, { size: 3, sha256: new Uint8Array(32) });
    expect(opener.finish()).toMatchObject({ reason: 'incomplete' });
    if (step.done !== true) expect(opener.next(step.value.sealed)).toMatchObject({ ok: true });
    expect(opener.next([new Uint8Array(99)])).toMatchObject({ reason: 'unreadable' });
    expect(opener.finish()).toMatchObject({ reason: 'wrong-file' });
  });
});
