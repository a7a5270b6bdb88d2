// A PNG of a seating plan that says more than it shows: names, a place, and data after its end.

import { be32, crc32, join, latin1, utf8, zlibStored } from './bytes.ts';
import { exif } from './exif.ts';

const WIDTH = 320;
const HEIGHT = 240;

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join(type, data);
  return join(be32(data.length), body, be32(crc32(body)));
}

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** IHDR: size, bits a sample, colour type; no interlace. */
export function header(
  width: number,
  height: number,
  depth: { bits: number; colour: number },
): Uint8Array {
  const tail = Uint8Array.of(depth.bits, depth.colour, 0, 0, 0);
  return chunk('IHDR', join(be32(width), be32(height), tail));
}

const PALETTE = [
  [0xf4, 0xf1, 0xea],
  [0x6b, 0x4a, 0x2f],
  [0x1f, 0x4e, 0x79],
  [0xa6, 0x2b, 0x2b],
  [0x2c, 0x2c, 0x2c],
].flat();

/** A round table, two delegations, a door: a colour number for each pixel. */
function colourAt(x: number, y: number): number {
  const dx = x - WIDTH / 2;
  const dy = y - HEIGHT / 2;
  if (x < 2 || y < 2 || x >= WIDTH - 2 || y >= HEIGHT - 2)
    return x > 130 && x < 190 && y < 2 ? 0 : 4;
  if ((dx * dx) / (84 * 84) + (dy * dy) / (48 * 48) < 1) return 1;
  for (let seat = 0; seat < 5; seat++) {
    const offset = x - (88 + seat * 36);
    if (offset * offset + (y - 52) * (y - 52) < 100) return 2;
    if (offset * offset + (y - 188) * (y - 188) < 100) return 3;
  }
  return 0;
}

function pixels(): Uint8Array {
  const rowBytes = WIDTH / 2;
  const rows = new Uint8Array(HEIGHT * (rowBytes + 1));
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x += 2)
      rows[y * (rowBytes + 1) + 1 + x / 2] = (colourAt(x, y) << 4) | colourAt(x + 1, y);
  return rows;
}

/** Two text chunks, an international one, EXIF, a time, and 64 bytes that no viewer shows. */
export function pngWithMetadata(): Uint8Array {
  return join(
    PNG_SIGNATURE,
    header(WIDTH, HEIGHT, { bits: 4, colour: 3 }),
    chunk('PLTE', Uint8Array.from(PALETTE)),
    chunk('tEXt', latin1('Author\0Ana Example, workstation ALPHA-0042')),
    chunk('tEXt', latin1('Comment\0Copied from //fileserver.invalid/internal/seating-v7')),
    chunk(
      'iTXt',
      join('Description\0\0\0en\0\0', utf8('Seats as agreed with the host – not for Beta')),
    ),
    chunk('eXIf', exif()),
    chunk('tIME', Uint8Array.of(0x07, 0xea, 11, 1, 9, 0, 0)),
    chunk('IDAT', zlibStored(pixels())),
    chunk('IEND', new Uint8Array(0)),
    latin1('Data after the end of the picture: second draft, do not forward.'.padEnd(64)),
  );
}
