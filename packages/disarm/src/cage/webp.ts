// WebP: decoded by libwebp inside the cage, sent as raw pixels. Of an animation the first frame is kept, as with GIF.

import decodeWebp, { init } from '@jsquash/webp/decode.js';

import { WEBP_READER } from '../engine-pins.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { checkSize, pinnedModule, sendPixels } from './picture.ts';

type Chunk = { readonly name: string; readonly data: Uint8Array };

const CHUNKS_MAX = 100_000;

/** Chunks of a RIFF body, in order. Refuses where one claims more than there is. */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = 0; at + 8 <= bytes.length && chunks.length < CHUNKS_MAX;) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > bytes.length) throw new JobRefusal('broken', 'cut off');
    const name = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
    chunks.push({ name, data: bytes.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size & 1);
  }
  return chunks;
}

const u24 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);

/** The size a bitstream claims for itself, before anything is decoded. */
function claimedSize({ name, data }: Chunk): { width: number; height: number } {
  if (name === 'VP8L') {
    const bits = (u24(data, 1) | ((data[4] ?? 0) << 24)) >>> 0;
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const word = (at: number): number => ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) & 0x3fff;
  return { width: word(6), height: word(8) };
}

function riff(chunks: readonly Chunk[]): Uint8Array {
  const size = chunks.reduce((sum, { data }) => sum + 8 + data.length + (data.length & 1), 4);
  const out = Buffer.alloc(8 + size);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(size, 4);
  out.write('WEBP', 8, 'latin1');
  let at = 12;
  for (const { name, data } of chunks) {
    out.write(name, at, 'latin1');
    out.writeUInt32LE(data.length, at + 4);
    out.set(data, at + 8);
    at += 8 + data.length + (data.length & 1);
  }
  return out;
}

/** One still picture as a file of its own: bitstream, alpha, and a head of our own where alpha needs one. */
function stillOf(chunks: readonly Chunk[], job: Job): Uint8Array {
  const stream = chunks.find(({ name }) => name === 'VP8 ' || name === 'VP8L');
  if (stream === undefined) throw new JobRefusal('broken', 'no picture');
  const { width, height } = claimedSize(stream);
  checkSize({ width, height }, job);
  const alpha = chunks.find(({ name }) => name === 'ALPH');
  if (alpha === undefined || stream.name === 'VP8L') return riff([stream]);
  const head = Buffer.alloc(10);
  head[0] = 0x10;
  head.writeUIntLE(width - 1, 4, 3);
  head.writeUIntLE(height - 1, 7, 3);
  return riff([{ name: 'VP8X', data: head }, alpha, stream]);
}

export async function convertWebp(bytes: Uint8Array, job: Job): Promise<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length >= 12 ? 8 + view.getUint32(4, true) : 0;
  if (end < 20 || end > bytes.length + 1) throw new JobRefusal('broken', 'cut off');
  const all = chunksOf(bytes.subarray(12, Math.min(end, bytes.length)));
  for (const name of ['EXIF', 'XMP ', 'ICCP']) {
    const count = all.filter((chunk) => chunk.name === name).length;
    if (count > 0) emit.remark({ list: 'removed', kind: 'metadata', text: name.trim(), count });
  }
  if (end < bytes.length) {
    emit.detail('appended-data', 'bytes-after-picture', { count: bytes.length - end });
  }
  const frames = all.filter(({ name }) => name === 'ANMF');
  const [first] = frames;
  if (frames.length > 1) {
    emit.detail('animation', 'frames-left-out', { count: frames.length });
  }
  const still = stillOf(first === undefined ? all : chunksOf(first.data.subarray(16)), job);
  let pixels: Awaited<ReturnType<typeof decodeWebp>>;
  try {
    await init(pinnedModule(WEBP_READER));
    pixels = await decodeWebp(still.slice().buffer);
  } catch (error) {
    throw new JobRefusal('broken', error instanceof Error ? error.message : String(error));
  }
  sendPixels(pixels, job);
}
