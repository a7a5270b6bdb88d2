// Machine code of the engine that was kept: used where it is whole, the same frames with it as without, and nothing of a file that is not.
//
// Each look is a process of its own: within one, the runtime hands out again what it has compiled.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { examplePages, REHEARSAL_JOB } from '../cage/example-pages.ts';
import { jobHead } from '../cage/job.ts';
import { keptCode } from './machine-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

function runNode(args: readonly string[], compiled: string | undefined): Buffer {
  const { PATH } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    input: Buffer.concat([jobHead(REHEARSAL_JOB), examplePages()]),
    env: { PATH, ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled }) },
    maxBuffer: 1 << 28,
  });
  expect([status, stderr.toString()]).toEqual([0, '']);
  return stdout;
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const framesWith = (compiled: string | undefined): Buffer =>
  runNode([script('../cage/child.ts')], compiled);

/** Asks the runtime itself whether a function of a fresh engine is there as machine code made for speed. */
function startsCompiled(compiled: string | undefined): boolean {
  const ask = `
    import { setFlagsFromString } from 'node:v8';
    import { loadEngine } from ${JSON.stringify(script('./engine.ts'))};
    const engine = await loadEngine();
    setFlagsFromString('--allow-natives-syntax');
    const asked = new Function('f', 'return %IsTurboFanFunction(f)');
    console.log(asked(engine.exported('FPDF_RenderPageBitmapWithMatrix')));`;
  return runNode(['--input-type=module', '-e', ask], compiled).toString().trim() === 'true';
}

let plain: Buffer;
let kept = '';
let whole: Uint8Array;
beforeAll(() => {
  plain = framesWith(undefined);
  runNode([script('../cage/compile-child.ts')], folder);
  kept = join(folder, readdirSync(folder).find((name) => name.endsWith('.code')) ?? '');
  whole = Uint8Array.from(readFileSync(kept));
});

/** Whole, but the runtime's own mark of its version, in the second word, is another. */
function ofAnotherVersion(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  view.setUint32(8, view.getUint32(8) ^ 1);
  view.setUint32(0, crc32(bytes.subarray(4)), true);
  return bytes;
}

describe('machine code of the engine', () => {
  it('is used, and gives the frames that the engine gives without it', () => {
    expect(whole.length).toBeGreaterThan(1_000_000);
    expect([startsCompiled(undefined), startsCompiled(folder)]).toEqual([false, true]);
    expect(plain.length).toBeGreaterThan(10_000);
    expect(framesWith(folder).equals(plain)).toBe(true);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    [
      'changed in one bit',
      (bytes) => bytes.with(bytes.length >> 2, (bytes[bytes.length >> 2] ?? 0) ^ 1),
    ],
    ['of another version of the runtime', ofAnotherVersion],
    ['empty', () => new Uint8Array(0)],
  ])('is left alone where it is %s', (_, change) => {
    writeFileSync(kept, change(whole.slice()));
    try {
      expect(startsCompiled(folder)).toBe(false);
      expect(framesWith(folder).equals(plain)).toBe(true);
    } finally {
      writeFileSync(kept, whole);
    }
  });

  it('is not there without a folder', () => {
    expect(keptCode(join(folder, 'nowhere'))).toBeUndefined();
    expect(keptCode(undefined)).toBeUndefined();
  });
});
