import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, concat } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { newFileKey, sealFile, type Pieces } from '@parley/post';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SealedFiles, type SealedFileRef } from './sealed-files.ts';

const CHUNK = 1024 * 1024;
let folder = '';
let files: SealedFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sealed-'));
  files = new SealedFiles(nativePorts, folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file as its sender seals it, and where the relay would have its chunks. */
async function sealed(size: number): Promise<{ ref: SealedFileRef; chunks: Uint8Array[] }> {
  const key = newFileKey(nativePorts);
  const bytes = nativePorts.randomness.bytes(size);
  const source = (async function* one() {
    yield bytes;
  })();
  const chunks: Uint8Array[] = [];
  const sealing = sealFile(nativePorts, key, { size, source });
  for (;;) {
    const step = await sealing.next();
    if (step.done === true) {
      return { ref: { secret: key.secret, size, sha256: step.value.sha256 }, chunks };
    }
    chunks.push(concat(...step.value.sealed));
  }
}

const from =
  (chunks: readonly Uint8Array[], asked: number[] = []) =>
  async (n: number): Promise<Pieces> => {
    asked.push(n);
    const chunk = chunks[n];
    assert(chunk !== undefined, 'a chunk of the plan');
    return [chunk];
  };
const quiet = (): void => {};

test('what was put is read back, and the directory shows neither its bytes nor its size', async () => {
  const bytes = new TextEncoder().encode('a secret of some length'.repeat(1000));
  const ref = await files.put(bytes);
  expect(await files.read(ref)).toEqual(bytes);
  const [name = ''] = readdirSync(folder);
  expect(readFileSync(join(folder, name)).includes('a secret')).toBe(false);
  await files.remove(ref);
  expect(await files.has(ref)).toBe(false);
});

test('an interrupted fetch asks only for what is missing, and a torn last chunk is asked for again', async () => {
  const { ref, chunks } = await sealed(4 * CHUNK);
  const asked: number[] = [];
  const dying = async (n: number): Promise<Pieces> => {
    if (n === 3) throw new Error('the line is cut');
    return from(chunks, asked)(n);
  };
  await expect(files.fetch(ref, dying, quiet)).rejects.toThrow('the line is cut');
  expect(asked).toEqual([0, 1, 2]);
  const [part = ''] = readdirSync(folder);
  truncateSync(join(folder, part), (chunks[0]?.length ?? 0) * 2 + 1000);
  asked.length = 0;
  expect(await files.fetch(ref, from(chunks, asked), quiet)).toEqual({ ok: true, value: null });
  expect(asked[0]).toBe(2);
  expect((await files.read(ref)).length).toBe(4 * CHUNK);
});

describe('what is not the announced file', () => {
  test('is refused by kind and leaves no file under its name', async () => {
    const { ref, chunks } = await sealed(CHUNK + 5);
    const flipped = chunks.map((chunk) => Uint8Array.from(chunk));
    const second = flipped[1];
    assert(second !== undefined, 'two chunks');
    second[30] = (second[30] ?? 0) ^ 1;
    expect(await files.fetch(ref, from(flipped), quiet)).toMatchObject({
      reason: 'unreadable',
      at: 1,
    });
    const other = { ...ref, sha256: new Uint8Array(32) };
    expect(await files.fetch(other, from(chunks), quiet)).toMatchObject({ reason: 'wrong-file' });
    expect([await files.has(ref), await files.has(other)]).toEqual([false, false]);
  });

  test('never touches the file of an honest description of the same sealed bytes', async () => {
    const { ref, chunks } = await sealed(5000);
    await files.fetch(ref, from(chunks), quiet);
    for (const forged of [
      { ...ref, sha256: new Uint8Array(32) },
      { ...ref, size: ref.size - 1 },
    ]) {
      expect(await files.has(forged)).toBe(false);
      expect((await files.fetch(forged, from(chunks), quiet)).ok).toBe(false);
      await files.remove(forged);
    }
    expect((await files.read(ref)).length).toBe(5000);
  });
});

test('a file that was altered or cut at rest is damage, not data', async () => {
  const ref = await files.put(new Uint8Array(9000).fill(1));
  const [name = ''] = readdirSync(folder);
  const path = join(folder, name);
  const bytes = Uint8Array.from(readFileSync(path));
  for (const damaged of [
    bytes.slice(0, -1),
    bytes.with(100, (bytes[100] ?? 0) ^ 1),
    new Uint8Array(0),
  ]) {
    writeFileSync(path, damaged);
    await expect(files.read(ref)).rejects.toMatchObject({ code: 'file-damaged' });
  }
  rmSync(path);
  await expect(files.read(ref)).rejects.toMatchObject({ code: 'file-damaged' });
});
