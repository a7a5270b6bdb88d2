// Page contents: display-list items as PDF operators. Every byte written here is a number, an operator or a name of ours.

import type { Color, Item, Matrix, Outline, PathItem, TextItem } from '../list/display-list.ts';
import { OP, UNITS_PER_EM, UNITS_PER_POINT } from '../list/display-list.ts';

/** What the page builder asks of the document while it writes: names for things it shares. */
export type Names = {
  font(font: number, glyph: number, ghost: boolean): { name: string; code: number; width: number };
  picture(id: number): string;
  state(fillAlpha: number, strokeAlpha: number, blend: string): string;
};

/** Shortest decimal with at most `digits` places; never an exponent, never minus zero. */
export function decimal(value: number, digits: number): string {
  if (Number.isInteger(value)) return Object.is(value, -0) ? '0' : `${value}`;
  const text = value.toFixed(digits);
  if (!text.includes('.')) return text === '-0' ? '0' : text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (text.charCodeAt(end - 1) === 46) end--;
  const short = text.slice(0, end);
  if (short === '-0' || short === '') return '0';
  if (short.startsWith('0.')) return short.slice(1);
  return short.startsWith('-0.') ? `-${short.slice(2)}` : short;
}

/** The digits after the point for every hundredth, without trailing zeros. */
const HUNDREDTHS = Array.from({ length: 100 }, (_, n) =>
  n === 0 ? '' : n % 10 === 0 ? `.${n / 10}` : n < 10 ? `.0${n}` : `.${n}`,
);

/** Whole hundredths of a point as points. */
function units(value: number): string {
  const size = Math.abs(value);
  const whole = Math.floor(size / UNITS_PER_POINT);
  const part = HUNDREDTHS[size % UNITS_PER_POINT] ?? '';
  const text = whole === 0 && part !== '' ? part : `${whole}${part}`;
  return value < 0 ? `-${text}` : text;
}

/** Significant digits for matrix entries: enough that the far end of the page does not move. */
function entry(value: number): string {
  const size = Math.abs(value);
  return decimal(value, size >= 100 ? 2 : size >= 1 ? 4 : 6);
}

export function matrixText(m: Matrix): string {
  const [a, b, c, d, e, f] = m;
  return `${entry(a)} ${entry(b)} ${entry(c)} ${entry(d)} ${decimal(e, 3)} ${decimal(f, 3)}`;
}

/** Path construction operators, one step a line. */
export function outlineText(outline: Outline, write: (value: number) => string = units): string {
  const { ops, points } = outline;
  let text = '';
  let at = 0;
  const next = (): string => write(points[at++] ?? 0);
  for (const op of ops) {
    if (op === OP.move) text += `${next()} ${next()} m\n`;
    else if (op === OP.line) text += `${next()} ${next()} l\n`;
    else if (op === OP.curve) {
      text += `${next()} ${next()} ${next()} ${next()} ${next()} ${next()} c\n`;
    } else text += 'h\n';
  }
  return text;
}

function colorText(color: Color, stroke: boolean): string {
  const r = (color >>> 24) & 255;
  const g = (color >>> 16) & 255;
  const b = (color >>> 8) & 255;
  if (r === g && g === b) return `${decimal(r / 255, 3)} ${stroke ? 'G' : 'g'}`;
  return `${decimal(r / 255, 3)} ${decimal(g / 255, 3)} ${decimal(b / 255, 3)} ${stroke ? 'RG' : 'rg'}`;
}

const alphaOf = (color: Color): number => color & 255;

/** Every code as a letter of a literal string. */
const LETTERS = Array.from({ length: 256 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return '()\\'.includes(letter) ? `\\${letter}` : code === 13 ? '\\r' : letter;
});

/** Keeps the graphics state that was written, so that it is written only when it changes. */
class State {
  fill: Color = 0x000000ff;
  stroke: Color = 0x000000ff;
  gs = '';
  width = 1;
  cap = 0;
  join = 0;
  dash = '[] 0';
  font = '';
}

/** Writes items in order. One instance per page. */
export class ContentWriter {
  readonly #names: Names;
  #parts: string[] = [];
  #state = new State();
  #clipped = false;
  #inText = false;

  constructor(names: Names) {
    this.#names = names;
  }

  add(item: Item): void {
    if (item.kind !== 'text') this.#endText();
    switch (item.kind) {
      case 'clip':
        if (this.#clipped) {
          this.#parts.push('Q\n');
          this.#clipped = false;
          this.#state = new State();
        }
        if (item.paths.length === 0) return;
        // The state saved by q is the page's first one: it is written anew inside and forgotten at Q.
        this.#restart();
        for (const { outline, evenOdd } of item.paths) {
          const path = outline.ops.length === 0 ? '0 0 m\n' : outlineText(outline);
          this.#parts.push(path, evenOdd ? 'W* n\n' : 'W n\n');
        }
        return;
      case 'path':
        return this.#path(item);
      case 'text':
        return this.#text(item);
      case 'picture':
        this.#gs(item.alpha, item.alpha, item.blend);
        this.#parts.push(
          `q ${matrixText(item.matrix)} cm ${this.#names.picture(item.picture)} Do Q\n`,
        );
    }
  }

  finish(): string {
    this.#endText();
    if (this.#clipped) this.#parts.push('Q\n');
    return this.#parts.join('');
  }

  #restart(): void {
    // q must save the untouched state, so a changed one is undone by writing the defaults first.
    const before = this.#state;
    const clean = new State();
    if (before.fill !== clean.fill) this.#parts.push('0 g\n');
    if (before.stroke !== clean.stroke) this.#parts.push('0 G\n');
    if (before.width !== 1) this.#parts.push('1 w\n');
    if (before.cap !== 0) this.#parts.push('0 J\n');
    if (before.join !== 0) this.#parts.push('0 j\n');
    if (before.dash !== '[] 0') this.#parts.push('[] 0 d\n');
    if (before.gs !== '') this.#parts.push(`${this.#names.state(255, 255, 'normal')} gs\n`);
    this.#state = clean;
    this.#parts.push('q\n');
    this.#clipped = true;
  }

  #gs(fillAlpha: number, strokeAlpha: number, blend: string): void {
    const plain = fillAlpha === 255 && strokeAlpha === 255 && blend === 'normal';
    const key = plain ? '' : `${fillAlpha} ${strokeAlpha} ${blend}`;
    if (key === this.#state.gs) return;
    this.#endText();
    this.#parts.push(`${this.#names.state(fillAlpha, strokeAlpha, blend)} gs\n`);
    this.#state.gs = key;
  }

  #fill(color: Color): void {
    if (color >>> 8 === this.#state.fill >>> 8) return;
    this.#parts.push(`${colorText(color, false)}\n`);
    this.#state.fill = color;
  }

  #path(item: PathItem): void {
    const { stroke } = item;
    const fillAlpha = item.fill === 'none' ? 255 : alphaOf(item.fillColor);
    this.#gs(fillAlpha, stroke === null ? 255 : alphaOf(stroke.color), item.blend);
    if (item.fill !== 'none') this.#fill(item.fillColor);
    if (stroke !== null) {
      const state = this.#state;
      if (stroke.color >>> 8 !== state.stroke >>> 8) {
        this.#parts.push(`${colorText(stroke.color, true)}\n`);
        state.stroke = stroke.color;
      }
      if (stroke.width !== state.width) this.#parts.push(`${decimal(stroke.width, 3)} w\n`);
      if (stroke.cap !== state.cap) this.#parts.push(`${stroke.cap} J\n`);
      if (stroke.join !== state.join) this.#parts.push(`${stroke.join} j\n`);
      const dash = `[${stroke.dash.map((d) => decimal(d, 3)).join(' ')}] ${decimal(stroke.dashPhase, 3)}`;
      if (dash !== state.dash) this.#parts.push(`${dash} d\n`);
      Object.assign(state, { width: stroke.width, cap: stroke.cap, join: stroke.join, dash });
    }
    const star = item.fill === 'evenodd' ? '*' : '';
    const paint =
      item.fill === 'none'
        ? stroke === null
          ? 'n'
          : 'S'
        : `${stroke === null ? 'f' : 'B'}${star}`;
    if (item.matrix !== null) this.#parts.push(`q ${matrixText(item.matrix)} cm\n`);
    this.#parts.push(rectangleText(item.outline) ?? outlineText(item.outline), `${paint}\n`);
    if (item.matrix !== null) this.#parts.push('Q\n');
  }

  #beginText(): void {
    if (this.#inText) return;
    this.#parts.push('BT\n');
    this.#inText = true;
  }

  #endText(): void {
    if (!this.#inText) return;
    this.#parts.push('ET\n');
    this.#inText = false;
  }

  #text(item: TextItem): void {
    this.#gs(alphaOf(item.color), 255, 'normal');
    this.#fill(item.color);
    this.#beginText();
    // The font size is kept out of the matrix, so that readers guess line heights from a true size.
    const [a, b, c, d, e, f] = item.matrix;
    const size = Math.max(Math.hypot(c, d), 1e-3);
    const scaled: Matrix = [a / size, b / size, c / size, d / size, e, f];
    const [sa, sb, sc, sd] = scaled;
    let letters = '';
    let shown = '';
    let pieces = 0;
    let font = '';
    let penX = 0;
    let penY = 0;
    const flush = (): void => {
      if (letters !== '') shown += `(${letters})`;
      if (shown !== '') this.#parts.push(pieces === 0 ? `${shown} Tj\n` : `[${shown}] TJ\n`);
      letters = '';
      shown = '';
      pieces = 0;
    };
    for (let i = 0; i < item.glyphs.length; i++) {
      const use = this.#names.font(item.font, item.glyphs[i] ?? 0, item.ghost);
      const x = item.xs[i] ?? 0;
      const y = item.ys[i] ?? 0;
      if (use.name !== font || y !== penY || i === 0) {
        flush();
        const selected = `${use.name} ${decimal(size, 3)} Tf\n`;
        if (selected !== this.#state.font) this.#parts.push(selected);
        this.#state.font = selected;
        const dx = (x / UNITS_PER_EM) * size;
        const dy = (y / UNITS_PER_EM) * size;
        const at: Matrix = [sa, sb, sc, sd, e + sa * dx + sc * dy, f + sb * dx + sd * dy];
        this.#parts.push(`${matrixText(at)} Tm\n`);
        font = use.name;
        penX = x;
        penY = y;
      } else if (Math.abs(x - penX) > 1) {
        shown += letters === '' ? `${penX - x}` : `(${letters})${penX - x}`;
        letters = '';
        pieces++;
        penX = x;
      }
      letters += LETTERS[use.code] ?? '';
      penX += use.width;
    }
    flush();
  }
}

/** `re` for axis-parallel rectangles: shorter, and readers may snap it to pixels. */
function rectangleText(outline: Outline): string | undefined {
  const { ops, points: p } = outline;
  if (ops.length !== 5 || ops[4] !== OP.close || ops[0] !== OP.move) return undefined;
  if (ops[1] !== OP.line || ops[2] !== OP.line || ops[3] !== OP.line) return undefined;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = p;
  if (!(y0 === y1 && x1 === x2 && y2 === y3 && x3 === x0)) return undefined;
  return `${units(x0)} ${units(y0)} ${units(x1 - x0)} ${units(y2 - y0)} re\n`;
}
