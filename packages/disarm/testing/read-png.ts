// Reads the PNG files that our own writer makes, for tests that look at pixels.

import { unzlibSync } from 'fflate';

/** Size and the first channel of every pixel. Only filter 0 and eight bits, or what the writer packs into one. */
export function readPng(bytes: Uint8Array): { width: number; height: number; gray: number[] } {
  const file = Buffer.from(bytes);
  const [width, height, bits, color] = [
    file.readUInt32BE(16),
    file.readUInt32BE(20),
    file[24] ?? 0,
    file[25] ?? 0,
  ];
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const channels = color === 2 ? 3 : color === 6 ? 4 : color === 4 ? 2 : 1;
  const pixel = (channels * bits) / 8;
  const stride = Math.ceil((width * channels * bits) / 8);
  const raw = unzlibSync(Buffer.concat(data));
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const value = raw[y * (stride + 1) + 1 + x] ?? 0;
      const left = x >= pixel ? (rows[y * stride + x - pixel] ?? 0) : 0;
      const up = y > 0 ? (rows[(y - 1) * stride + x] ?? 0) : 0;
      if (filter > 2) throw new Error(`filter ${filter} is not read here`);
      rows[y * stride + x] = value + (filter === 1 ? left : filter === 2 ? up : 0);
    }
  }
  const at = (x: number, y: number): number => {
    if (bits === 8) return rows[y * stride + x * channels] ?? 0;
    return (
      (((rows[y * stride + ((x * bits) >> 3)] ?? 0) >> (8 - bits - ((x * bits) & 7))) &
        ((1 << bits) - 1)) *
      (255 / ((1 << bits) - 1))
    );
  };
  return {
    width,
    height,
    gray: Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))),
  };
}
