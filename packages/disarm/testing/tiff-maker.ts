// Makes TIFF files of one bit a pixel for tests: one strip a page, whatever compression the caller has done.

export type TiffPage = {
  readonly width: number;
  readonly height: number;
  readonly compression: number;
  /** 0: zero is white, as faxes have it; 1: zero is black. */
  readonly photometric: number;
  readonly data: Uint8Array;
};

export function makeTiff(pages: readonly TiffPage[], program?: string): Uint8Array {
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  const parts: Buffer[] = [head];
  let at = 8;
  pages.forEach(({ width, height, compression, photometric, data }, n) => {
    const name = Buffer.from(`${program ?? ''}\0`, 'latin1');
    const tags: [number, number, number, number][] = [
      [256, 3, 1, width],
      [257, 3, 1, height],
      [258, 3, 1, 1],
      [259, 3, 1, compression],
      [262, 3, 1, photometric],
      [273, 4, 1, 0],
      [277, 3, 1, 1],
      [278, 4, 1, height],
      [279, 4, 1, data.length],
      ...(program === undefined
        ? []
        : [[305, 2, name.length, 0] as [number, number, number, number]]),
    ];
    const size = 2 + 12 * tags.length + 4;
    const body = Buffer.alloc(size);
    body.writeUInt16LE(tags.length);
    tags.forEach(([tag, type, count, value], i) => {
      body.writeUInt16LE(tag, 2 + 12 * i);
      body.writeUInt16LE(type, 4 + 12 * i);
      body.writeUInt32LE(count, 6 + 12 * i);
      const place = tag === 273 ? at + size + name.length : tag === 305 ? at + size : value;
      body.writeUInt32LE(place, 10 + 12 * i);
    });
    const length = size + name.length + data.length;
    if (n + 1 < pages.length) body.writeUInt32LE(at + length, size - 4);
    parts.push(body, name, Buffer.from(data));
    at += length;
  });
  return new Uint8Array(Buffer.concat(parts));
}
