// Chunks as files, and the few that stay in memory for a moment: what is kept is bounded, and never another chunk's bytes.

import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newFileKey, newLogId } from '@parley/post';
import { nativePorts } from '@parley/kernel/node';
import { BlobFiles } from './blob-files.ts';
import type { StoredChunk } from './fresh-chunks.ts';
import { randomness, removeDirectory, temporaryDirectory } from './testing/fixture.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
const log = newLogId(randomness);
const { blob } = newFileKey(nativePorts);

let root: string;
let blobs: BlobFiles;
beforeEach(async () => {
  root = await temporaryDirectory();
  blobs = new BlobFiles(root);
  await blobs.make(log, blob);
});
afterEach(async () => {
  vi.useRealTimers();
  await removeDirectory(root);
});

const chunk = (number: number): Uint8Array => new Uint8Array(CHUNK_BYTES).fill(number);
const put = async (number: number): Promise<void> => {
  const bytes = chunk(number);
  const sealed = [bytes.subarray(0, 7), bytes.subarray(7)];
  await blobs.put(log, blob, { number, sealed });
};
const read = async (number: number): Promise<Buffer | undefined> => {
  const stored = await blobs.get(log, blob, number);
  if (stored === undefined) return undefined;
  expect(stored.length).toBe(CHUNK_BYTES);
  return buffer(stored.bytes);
};
const emptyDisk = async (): Promise<void> =>
  rm(join(root, Buffer.from(log).toString('hex')), { recursive: true });

it('a chunk is the same bytes from memory, from the disk and by another process', async () => {
  for (let number = 0; number < 6; number++) await put(number);
  const other = new BlobFiles(root);
  for (let number = 0; number < 6; number++) {
    expect((await read(number))?.equals(chunk(number))).toBe(true);
    const elsewhere = await other.get(log, blob, number);
    expect(elsewhere && (await buffer(elsewhere.bytes)).equals(chunk(number))).toBe(true);
  }
  await put(3);
  expect((await read(3))?.equals(chunk(3))).toBe(true);
});

it('memory holds the last 16 MiB, sends 32 MiB at once at most, and nothing after a quiet second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (let number = 0; number < 6; number++) await put(number);
  await emptyDisk();
  const there: number[] = [];
  for (let number = 0; number < 6; number++)
    if ((await read(number)) !== undefined) there.push(number);
  expect(there).toEqual([2, 3, 4, 5]);
  // Readers who take a chunk and then read nothing.
  const slow: StoredChunk[] = [];
  for (let n = 0; n < 8; n++) {
    const taken = await blobs.get(log, blob, 5);
    if (taken !== undefined) slow.push(taken);
  }
  expect(slow).toHaveLength(8);
  expect(await blobs.get(log, blob, 5)).toBeUndefined();
  const closed = slow.map(({ bytes }) => once(bytes, 'close'));
  for (const { bytes } of slow) bytes.destroy();
  await Promise.all(closed);
  expect(await read(5)).toBeDefined();
  vi.advanceTimersByTime(1_000);
  expect(await read(5)).toBeUndefined();
});
