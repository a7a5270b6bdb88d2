// Text recognition inside the cage: what a page shows, read by Tesseract from its pixels. The only text layer of pixel mode.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { OCR } from '../engine-pins.ts';
import { UNITS_PER_EM, type Glyph, type TextItem } from '../list/display-list.ts';
import { withoutUnseen } from '../unseen.ts';
import type { Raster } from './raster.ts';

type Api = {
  Init(path: null, languages: string, mode: number): number;
  SetVariable(name: string, value: string): void;
  SetImageFile(orientation: number, angle: number): number;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
};
type Core = {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
  readonly TessBaseAPI: new () => Api;
};

/** A word and where it stands, in pixels from the upper left corner. */
export type SeenWord = {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

export type Recogniser = (raster: Raster) => SeenWord[];

const LSTM_ONLY = 1;
const CONFIDENCE_MIN = 30;

function pinned(path: string, sha256: string): Buffer {
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`${path} is not the pinned file`);
  return bytes;
}

/** Loads the engine and the languages. Throws where a file is not the pinned one. */
export async function loadRecogniser(languages: readonly ('eng' | 'kor')[]): Promise<Recogniser> {
  // The core is a dependency of the package we declare: it is found from there.
  const load = createRequire(createRequire(import.meta.url).resolve('tesseract.js'));
  const wasmBinary = pinned(load.resolve(OCR.wasm), OCR.sha256);
  const start = load(OCR.core) as (options: object) => Promise<Core>;
  const core = await start({ wasmBinary, print: () => undefined, printErr: () => undefined });
  for (const language of languages) {
    const { folder, file, sha256 } = OCR.languages[language];
    const own = createRequire(import.meta.url);
    const path = join(own.resolve(`${folder}/package.json`), '..', file);
    core.FS.writeFile(`${language}.traineddata`, gunzipSync(pinned(path, sha256)));
  }
  const api = new core.TessBaseAPI();
  if (api.Init(null, languages.join('+'), LSTM_ONLY) !== 0)
    throw new Error('the text engine did not start');
  return (raster) => {
    core.FS.writeFile('/input', toPgm(raster));
    if (api.SetImageFile(1, 0) === 1) return [];
    api.Recognize(null);
    return readTsv(api.GetTSVText(0));
  };
}

/** Gray pixels in the plainest format that the engine reads. */
function toPgm({ width, height, bgrx }: Raster): Uint8Array {
  const head = Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1');
  const out = new Uint8Array(head.length + width * height);
  out.set(head);
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    out[head.length + i] =
      (77 * (bgrx[at + 2] as number) +
        150 * (bgrx[at + 1] as number) +
        29 * (bgrx[at] as number)) >>
      8;
  }
  return out;
}

function readTsv(tsv: string): SeenWord[] {
  const words: (SeenWord & { readonly line: string })[] = [];
  for (const row of tsv.split('\n')) {
    const [level, page, block, part, line, , left, top, width, height, confidence, text = ''] =
      row.split('\t');
    const word = withoutUnseen(text).trim();
    if (level !== '5' || word === '' || Number(confidence) < CONFIDENCE_MIN) continue;
    words.push({
      text: word,
      line: [page, block, part, line].join(' '),
      left: Number(left),
      top: Number(top),
      width: Number(width),
      height: Number(height),
    });
  }
  return joined(words.filter((word) => word.width > 0 && word.height > 0));
}

/** Room between two syllables of one Korean word, for one of their height; a space takes a third. */
const SYLLABLE_GAP = 0.27;
const SYLLABLE = /^[\p{Script=Hangul}\p{Script=Han}]$/u;

/** The engine takes syllables of Korean for words: those that stand close on one line are one. */
export function joined(words: readonly (SeenWord & { readonly line: string })[]): SeenWord[] {
  const out: (SeenWord & { readonly line: string })[] = [];
  for (const word of words) {
    const last = out.at(-1);
    const gap = last === undefined ? 0 : word.left - (last.left + last.width);
    const close =
      last?.line === word.line &&
      gap < SYLLABLE_GAP * Math.min(last.height, word.height) &&
      SYLLABLE.test(last.text.at(-1) ?? '') &&
      (SYLLABLE.test(word.text.charAt(0)) || /^\p{P}/u.test(word.text));
    if (last === undefined || !close) {
      out.push(word);
      continue;
    }
    const top = Math.min(last.top, word.top);
    out[out.length - 1] = {
      text: last.text + word.text,
      line: last.line,
      left: last.left,
      top,
      width: Math.max(last.width, word.left + word.width - last.left),
      height: Math.max(last.top + last.height, word.top + word.height) - top,
    };
  }
  return out;
}

/** Letters of the recognised text layer: a font of our own without shapes. */
export class SeenLetters {
  readonly #font: number;
  readonly #glyphs = new Map<string, Glyph>();

  /** `font` must be a number that no font of the document has. */
  constructor(font: number) {
    this.#font = font;
  }

  /** The word as unpainted text that covers its place; `glyphs` gets the letters it needs. */
  item(
    word: SeenWord,
    raster: Raster,
    page: { width: number; height: number },
    glyphs: Set<Glyph>,
  ): TextItem {
    const scale = page.width / raster.width;
    const letters = Array.from(`${word.text} `).map((letter) => this.#letter(letter));
    for (const letter of letters) glyphs.add(letter);
    const advance = 500;
    const shown = Math.max(1, letters.length - 1);
    const across = (word.width * scale * UNITS_PER_EM) / (advance * shown);
    const up = word.height * scale;
    return {
      kind: 'text',
      font: this.#font,
      matrix: [across, 0, 0, up, word.left * scale, page.height - (word.top + word.height) * scale],
      color: 0x000000ff,
      ghost: true,
      glyphs: letters.map((letter) => letter.glyph),
      xs: letters.map((_, i) => i * advance),
      ys: letters.map(() => 0),
    };
  }

  #letter(letter: string): Glyph {
    let glyph = this.#glyphs.get(letter);
    if (glyph === undefined) {
      const outline = { ops: new Uint8Array(0), points: new Int32Array(0) };
      glyph = { font: this.#font, glyph: this.#glyphs.size, width: 500, unicode: letter, outline };
      this.#glyphs.set(letter, glyph);
    }
    return glyph;
  }
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{3,}/gu) ?? [];

/**
 * Words that the document's own text layer claims and the page does not show. Empty where the two agree as well as
 * recognition can tell: two thirds of the words, and at least ten words to judge by.
 */
export function unseenWords(layer: string, seen: readonly SeenWord[]): string[] {
  const claimed = wordsOf(layer);
  if (claimed.length < 10) return [];
  const shown = new Set(wordsOf(seen.map((word) => word.text).join(' ')));
  const missing = claimed.filter((word) => !shown.has(word));
  return missing.length > claimed.length / 3 ? missing : [];
}
