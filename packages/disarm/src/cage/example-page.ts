// A page of our own with a letter, a path and a clip: what a child works on before it meets a stranger's document.

import { OP, type Matrix } from '../list/display-list.ts';
import { PdfWriter } from '../writer/pdf.ts';
import type { Job } from './job.ts';

/** What most documents need, so that the functions they use are compiled as well. */
export const SAMPLE_JOB: Job = {
  kind: 'pdf',
  mode: 'structure',
  rasterDpi: 72,
  pictureDpi: 72,
  likenessFloor: 900,
  pagesMax: 1,
  pixelsMax: 1e6,
  pageSideMax: 1000,
  memoryMaxBytes: 1 << 29,
  inputMaxBytes: 1 << 20,
  partsMax: 1,
  password: null,
  languages: ['eng'],
};

const SQUARE = {
  ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.line, OP.close),
  points: Int32Array.of(0, 0, 500, 0, 500, 500, 0, 500),
};

export function samplePage(): Uint8Array {
  const writer = new PdfWriter({ jpeg: null, compress: true, maxBytes: 1 << 20 });
  writer.glyph({ font: 0, glyph: 0, width: 500, unicode: 'x', outline: SQUARE });
  const blue = 0x0000ffff;
  const at: Matrix = [12, 0, 0, 12, 20, 20];
  writer.page({
    width: 100,
    height: 100,
    rotate: 0,
    mode: 'structure',
    likeness: 0,
    items: [
      { kind: 'clip', paths: [{ outline: SQUARE, evenOdd: false }] },
      {
        kind: 'path',
        outline: SQUARE,
        fill: 'nonzero',
        fillColor: blue,
        stroke: null,
        blend: 'normal',
        matrix: null,
      },
      {
        kind: 'text',
        font: 0,
        matrix: at,
        color: blue,
        ghost: false,
        glyphs: [0, 0],
        xs: [0, 900],
        ys: [0, 0],
      },
    ],
  });
  return writer.finish();
}
