// A picture as a file of ours inside an Office file: photographs as JPEG, everything else as PNG.

import type { Picture } from '../list/display-list.ts';
import { writeJpeg } from './jpeg.ts';
import { writePng } from './png.ts';

/** Same pixels, same file. */
export function pictureFile(picture: Picture): {
  readonly extension: 'png' | 'jpeg';
  readonly bytes: Uint8Array;
} {
  const png = writePng(picture);
  const { kind, width, height, pixels } = picture;
  if (kind !== 'rgb' || png.length < 100_000) return { extension: 'png', bytes: png };
  const jpeg = writeJpeg(pixels, width, height, 3, 88);
  return jpeg.length * 2 < png.length
    ? { extension: 'jpeg', bytes: jpeg }
    : { extension: 'png', bytes: png };
}
