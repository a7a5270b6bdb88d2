// Makes WebP files for tests with the encoder of the same library.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import encode, { init } from '@jsquash/webp/encode.js';

import { wasmHost } from '../src/wasm-host.ts';

/** A picture of a slope, half clear. */
export async function makeWebp(
  width: number,
  height: number,
  lossless: 0 | 1,
): Promise<Uint8Array> {
  const file = fileURLToPath(import.meta.resolve('@jsquash/webp/codec/enc/webp_enc.wasm'));
  await init(new wasmHost.Module(readFileSync(file)));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++)
    data.set([i * 9, i * 5, 128, i % 2 === 0 ? 255 : 90], 4 * i);
  return new Uint8Array(
    await encode({ width, height, data, colorSpace: 'srgb' }, { lossless, quality: 90 }),
  );
}
