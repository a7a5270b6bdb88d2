// Writes vectors/disarm anew. Run it only when the list's form changes, and look at the difference.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toHex } from '@parley/kernel';
import { decodeGlyph, decodePage, decodePicture } from '../src/list/decode.ts';
import { encodeGlyph, encodePage, encodePicture } from '../src/list/encode.ts';
import { OP, type Glyph, type Item, type Page, type Picture } from '../src/list/display-list.ts';

const triangle = {
  ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.close),
  points: Int32Array.of(0, 0, 500, 0, 250, 700),
};
const glyph: Glyph = { font: 0, glyph: 0, width: 600, unicode: 'A', outline: triangle };
const gray: Picture = {
  id: 0,
  width: 2,
  height: 2,
  kind: 'gray',
  pixels: Uint8Array.of(0, 85, 170, 255),
};
const items: Record<string, Item> = {
  text: {
    kind: 'text',
    font: 0,
    matrix: [12, 0, 0, 12, 20, 100],
    color: 0x000000ff,
    ghost: false,
    glyphs: [0, 0],
    xs: [0, 600],
    ys: [0, 0],
  },
  path: {
    kind: 'path',
    outline: triangle,
    fill: 'evenodd',
    fillColor: 0xff000080,
    stroke: null,
    blend: 'multiply',
    matrix: null,
  },
  stroke: {
    kind: 'path',
    outline: triangle,
    fill: 'none',
    fillColor: 255,
    stroke: { color: 255, width: 2, cap: 1, join: 2, dash: [3, 1], dashPhase: 0.5 },
    blend: 'normal',
    matrix: [1, 0, 0, 2, 0, 0],
  },
  picture: {
    kind: 'picture',
    picture: 0,
    matrix: [50, 0, 0, 50, 10, 10],
    alpha: 255,
    blend: 'normal',
  },
  clip: { kind: 'clip', paths: [{ outline: triangle, evenOdd: true }] },
};
const page = (list: readonly Item[]): Page => ({
  width: 300,
  height: 200,
  rotate: 90,
  mode: 'structure',
  likeness: 987,
  items: list,
});

const valid: [string, Uint8Array][] = [
  ['glyph', encodeGlyph(glyph)],
  [
    'glyph',
    encodeGlyph({
      ...glyph,
      unicode: '',
      outline: { ops: new Uint8Array(0), points: new Int32Array(0) },
    }),
  ],
  ['picture', encodePicture(gray)],
  ['page', encodePage(page([]))],
  ...Object.values(items).map((item): [string, Uint8Array] => ['page', encodePage(page([item]))]),
];

const edit = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
};
const empty = encodePage(page([]));
const notNumber = empty.slice();
new DataView(notNumber.buffer).setFloat32(0, Number.NaN, true);
const endless = empty.slice();
new DataView(endless.buffer).setFloat32(4, Number.POSITIVE_INFINITY, true);
const text = encodePage(page([items['text'] as Item]));
const invalid: [string, Uint8Array][] = [
  ['glyph', encodeGlyph(glyph).subarray(0, 5)],
  ['glyph', edit(encodeGlyph(glyph), 0, 0x01)],
  ['glyph', edit(encodeGlyph(glyph), 5, 0xff)],
  ['glyph', Uint8Array.of(...encodeGlyph(glyph), 0)],
  ['picture', encodePicture({ ...gray, width: 3 })],
  ['picture', edit(encodePicture(gray), 3, 9)],
  ['picture', encodePicture({ ...gray, width: 0 })],
  ['page', notNumber],
  ['page', endless],
  ['page', edit(empty, 8, 45 * 2)],
  ['page', edit(empty, -1, 4)],
  ['page', text.subarray(0, text.length - 1)],
  ['page', edit(text, empty.length, 9)],
  [
    'page',
    encodePage(
      page([
        {
          kind: 'path',
          outline: { ops: Uint8Array.of(OP.line), points: Int32Array.of(1, 1) },
          fill: 'nonzero',
          fillColor: 255,
          stroke: null,
          blend: 'normal',
          matrix: null,
        },
      ]),
    ),
  ],
  ['page', encodePage({ ...page([]), width: 20_000 })],
  [
    'page',
    encodePage(
      page([{ ...(items['text'] as Extract<Item, { kind: 'text' }>), glyphs: [], xs: [], ys: [] }]),
    ),
  ],
];

const decoders = { glyph: decodeGlyph, picture: decodePicture, page: decodePage };
const folder = fileURLToPath(new URL('../../../vectors/disarm/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}list-valid.txt`,
  `# what is encoded, its bytes: docs/protocol/display-list.md\n${valid.map(([kind, bytes]) => `${kind} ${toHex(bytes)}\n`).join('')}`,
);
writeFileSync(
  `${folder}list-invalid.txt`,
  `# what it pretends to be, the reason it is refused with, its bytes\n${invalid
    .map(([kind, bytes]) => {
      const verdict = decoders[kind as keyof typeof decoders](bytes);
      if (verdict.ok) throw new Error(`accepted: ${kind} ${toHex(bytes)}`);
      return `${kind} ${verdict.reason} ${toHex(bytes)}\n`;
    })
    .join('')}`,
);
