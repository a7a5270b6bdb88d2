// The canonical PDF writer: one header, objects in the order they were needed, one cross-reference table, one end. A whitelist by construction.

import { assert } from '@parley/kernel';

import type { Glyph, Page, Picture } from '../list/display-list.ts';
import { ContentWriter, decimal, outlineText } from './content.ts';
import { encodePictureStream, type EncodedPicture, type PictureChoices } from './pictures.ts';
import { deflated } from './deflated.ts';

/** Glyph codes of one Type3 font: 0 is kept for the measuring glyph. */
const CODES_PER_FONT = 255;

/** Raised when the copy grows over the policy's limit; the caller turns it into a refusal. */
export class OutputTooLarge extends Error {}

type FontPart = {
  readonly name: string;
  readonly object: number;
  readonly ghost: boolean;
  readonly glyphs: Glyph[];
};

type GlyphUse = {
  readonly part: FontPart;
  readonly name: string;
  readonly code: number;
  readonly width: number;
};

type SourceFont = {
  /** By glyph number. Painted text and ghosts are fonts of their own. */
  readonly uses: Map<number, GlyphUse>;
  /** The part that takes the next new glyph. */
  part: FontPart | undefined;
};

export type PdfChoices = PictureChoices & {
  readonly maxBytes: number;
  /** Inside the cage, to draw a page for its comparison. A copy never carries a font program. */
  readonly fontProgram?: (glyphs: readonly Glyph[]) => Uint8Array | undefined;
};

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const integers = (value: number): string => `${value}`;

/**
 * Builds a PDF from display-list values in the order they come. Promises: the same values and choices give the same
 * bytes; nothing in the file but pages, Type3 outlines with their Unicode, pictures and alpha states; every object is
 * reachable. Throws `OutputTooLarge`.
 */
export class PdfWriter {
  readonly #choices: PdfChoices;
  readonly #chunks: Uint8Array[] = [];
  readonly #offsets: number[] = [];
  #length = 0;
  #held = 0;
  readonly #glyphs = new Map<number, Map<number, Glyph>>();
  readonly #fonts = new Map<number, SourceFont>();
  readonly #fontParts: FontPart[] = [];
  /** A picture becomes an object when a page shows it: nothing in the file is unreachable. */
  readonly #pictures = new Map<number, { encoded: EncodedPicture | null; object: number }>();
  readonly #states = new Map<string, number>();
  readonly #pages: number[] = [];
  readonly #pagesObject: number;
  readonly #catalogObject: number;
  #emptyGlyph = 0;

  constructor(choices: PdfChoices) {
    this.#choices = choices;
    this.#push(latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'));
    this.#catalogObject = this.#reserve();
    this.#pagesObject = this.#reserve();
  }

  /** Makes a glyph known. It costs bytes only when a page uses it. */
  glyph(glyph: Glyph): void {
    this.#hold(glyph.outline.ops.length + glyph.outline.points.byteLength + 100);
    let font = this.#glyphs.get(glyph.font);
    if (font === undefined) this.#glyphs.set(glyph.font, (font = new Map<number, Glyph>()));
    font.set(glyph.glyph, glyph);
  }

  knowsGlyph(font: number, glyph: number): boolean {
    return this.#glyphs.get(font)?.has(glyph) ?? false;
  }

  knowsPicture(id: number): boolean {
    return this.#pictures.has(id);
  }

  picture(picture: Picture): void {
    const encoded = encodePictureStream(picture, this.#choices);
    this.#hold(encoded.data.length + (encoded.mask?.data.length ?? 0) + 100);
    this.#pictures.set(picture.id, {
      encoded,
      object: 0,
    });
  }

  /** Writes a page. Glyphs and pictures it names must be known. */
  page(page: Page): void {
    const used = {
      fonts: new Map<string, number>(),
      pictures: new Map<string, number>(),
      states: new Map<string, number>(),
    };
    let latest: FontPart | undefined;
    const content = new ContentWriter({
      font: (font, glyph, ghost) => {
        const use = this.#code(font, glyph, ghost);
        if (use.part !== latest) used.fonts.set(use.part.name, use.part.object);
        latest = use.part;
        return use;
      },
      picture: (id) => {
        const object = this.#shown(id);
        const name = `/Im${object}`;
        used.pictures.set(name, object);
        return name;
      },
      state: (fillAlpha, strokeAlpha, blend) => {
        const object = this.#state(fillAlpha, strokeAlpha, blend);
        const name = `/G${object}`;
        used.states.set(name, object);
        return name;
      },
    });
    for (const item of page.items) content.add(item);
    const stream = this.#stream('', latin1(content.finish()));
    const resources = [
      dictionary('/Font', used.fonts),
      dictionary('/XObject', used.pictures),
      dictionary('/ExtGState', used.states),
    ].join('');
    const rotate = page.rotate === 0 ? '' : `/Rotate ${page.rotate}`;
    const box = `[0 0 ${decimal(page.width, 2)} ${decimal(page.height, 2)}]`;
    this.#pages.push(
      this.#object(
        `<</Type/Page/Parent ${this.#pagesObject} 0 R/MediaBox${box}${rotate}/Resources<<${resources}>>/Contents ${stream} 0 R>>`,
      ),
    );
  }

  /** Ends the file and gives its bytes. The writer cannot be used afterwards. */
  finish(): Uint8Array {
    assert(this.#pages.length > 0, 'a document without pages');
    for (const part of this.#fontParts) this.#font(part);
    const kids = this.#pages.map((page) => `${page} 0 R`).join(' ');
    this.#fill(this.#pagesObject, `<</Type/Pages/Count ${this.#pages.length}/Kids[${kids}]>>`);
    this.#fill(this.#catalogObject, `<</Type/Catalog/Pages ${this.#pagesObject} 0 R>>`);
    const start = this.#length;
    const size = this.#offsets.length + 1;
    let table = `xref\n0 ${size}\n0000000000 65535 f \n`;
    for (const offset of this.#offsets) table += `${String(offset).padStart(10, '0')} 00000 n \n`;
    table += `trailer\n<</Size ${size}/Root ${this.#catalogObject} 0 R>>\nstartxref\n${start}\n%%EOF\n`;
    this.#push(latin1(table));
    const file = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      file.set(chunk, at);
      at += chunk.length;
    }
    return file;
  }

  /** What waits to be used counts as well: nobody may fill our memory with things that no page shows. */
  #hold(bytes: number): void {
    this.#held += bytes;
    if (this.#held > this.#choices.maxBytes) throw new OutputTooLarge();
  }

  #push(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > this.#choices.maxBytes) throw new OutputTooLarge();
    this.#chunks.push(chunk);
  }

  #reserve(): number {
    this.#offsets.push(0);
    return this.#offsets.length;
  }

  #fill(object: number, body: string): void {
    this.#offsets[object - 1] = this.#length;
    this.#push(latin1(`${object} 0 obj\n${body}\nendobj\n`));
  }

  #object(body: string): number {
    const object = this.#reserve();
    this.#fill(object, body);
    return object;
  }

  /** A stream object, deflated where that makes it shorter. `entries` must not name a filter. */
  #stream(entries: string, data: Uint8Array): number {
    const packed = data.length > 64 && this.#choices.compress ? deflated(data) : data;
    return packed.length < data.length
      ? this.#raw(`${entries}/Filter/FlateDecode`, packed)
      : this.#raw(entries, data);
  }

  #raw(entries: string, data: Uint8Array): number {
    const object = this.#reserve();
    this.#offsets[object - 1] = this.#length;
    this.#push(latin1(`${object} 0 obj\n<<${entries}/Length ${data.length}>>stream\n`));
    this.#push(data);
    this.#push(latin1('\nendstream\nendobj\n'));
    return object;
  }

  #shown(id: number): number {
    const picture = this.#pictures.get(id);
    assert(picture !== undefined, 'a page names an unknown picture');
    if (picture.encoded !== null) {
      picture.object = this.#image(picture.encoded);
      picture.encoded = null;
    }
    return picture.object;
  }

  #image(encoded: EncodedPicture): number {
    const mask = encoded.mask === null ? '' : `/SMask ${this.#image(encoded.mask)} 0 R`;
    const { width, height, bits, space } = encoded;
    const colors = space === '/DeviceRGB' ? 3 : 1;
    const spaceText = typeof space === 'string' ? space : indexed(space.palette);
    const filter = encoded.filter === null ? '' : `/Filter${encoded.filter}`;
    const predictor = encoded.predicted
      ? `/DecodeParms<</Predictor 15/Colors ${colors}/Columns ${width}>>`
      : '';
    return this.#raw(
      `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace${spaceText}/BitsPerComponent ${bits}${mask}${filter}${predictor}`,
      encoded.data,
    );
  }

  #state(fillAlpha: number, strokeAlpha: number, blend: string): number {
    const key = `/ca ${decimal(fillAlpha / 255, 3)}/CA ${decimal(strokeAlpha / 255, 3)}/BM${blend === 'multiply' ? '/Multiply' : '/Normal'}`;
    let object = this.#states.get(key);
    if (object === undefined) this.#states.set(key, (object = this.#object(`<<${key}>>`)));
    return object;
  }

  #code(font: number, number: number, ghost: boolean): GlyphUse {
    const source = this.#source(font, ghost);
    let use = source.uses.get(number);
    if (use !== undefined) return use;
    const glyph = this.#glyphs.get(font)?.get(number);
    assert(glyph !== undefined, 'a page names an unknown glyph');
    let { part } = source;
    if (part === undefined || part.glyphs.length === CODES_PER_FONT) {
      const object = this.#reserve();
      part = { name: `/F${object}`, object, ghost, glyphs: [] };
      source.part = part;
      this.#fontParts.push(part);
    }
    part.glyphs.push(glyph);
    use = { part, name: part.name, code: part.glyphs.length, width: glyph.width };
    source.uses.set(number, use);
    return use;
  }

  #source(font: number, ghost: boolean): SourceFont {
    const key = 2 * font + (ghost ? 1 : 0);
    let source = this.#fonts.get(key);
    if (source === undefined) {
      source = { uses: new Map<number, GlyphUse>(), part: undefined };
      this.#fonts.set(key, source);
    }
    return source;
  }

  #glyphProcedure(glyph: Glyph, ghost: boolean): number {
    const shape =
      ghost || glyph.outline.ops.length === 0 ? '' : `${outlineText(glyph.outline, integers)}f`;
    return this.#stream('', latin1(`${glyph.width} 0 d0\n${shape}`));
  }

  /** Code 0 is a glyph named `a`, half an em wide, never shown: readers measure Type3 fonts by a letter (poppler). */
  #font(part: FontPart): void {
    const program = part.ghost ? undefined : this.#choices.fontProgram?.(part.glyphs);
    if (program !== undefined) return this.#programFont(part, program);
    this.#emptyGlyph ||= this.#stream('', latin1('500 0 d0\n'));
    const procedures = part.glyphs.map((glyph) => this.#glyphProcedure(glyph, part.ghost));
    const names = part.glyphs.map((_, i) => `/g${i + 1}`).join('');
    const widths = [500, ...part.glyphs.map((glyph) => glyph.width)].join(' ');
    const pointers = procedures.map((object, i) => `/g${i + 1} ${object} 0 R`).join('');
    const unicode = this.#stream('', latin1(toUnicode(part.glyphs)));
    this.#fill(
      part.object,
      `<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 0/LastChar ${part.glyphs.length}` +
        `/Widths[${widths}]/Encoding<</Differences[0/a${names}]>>/CharProcs<</a ${this.#emptyGlyph} 0 R${pointers}>>` +
        `/Resources<<>>/ToUnicode ${unicode} 0 R>>`,
    );
  }

  #programFont(part: FontPart, program: Uint8Array): void {
    const file = this.#raw('/Subtype/Type1C', program);
    const descriptor = this.#object(
      `<</Type/FontDescriptor/FontName/P/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 0/Descent 0/CapHeight 0/StemV 0/FontFile3 ${file} 0 R>>`,
    );
    const names = part.glyphs.map((_, i) => `/g${i + 1}`).join('');
    const widths = part.glyphs.map((glyph) => glyph.width).join(' ');
    this.#fill(
      part.object,
      `<</Type/Font/Subtype/Type1/BaseFont/P/FirstChar 1/LastChar ${part.glyphs.length}/Widths[${widths}]` +
        `/Encoding<</Type/Encoding/Differences[1${names}]>>/FontDescriptor ${descriptor} 0 R>>`,
    );
  }
}

function dictionary(name: string, entries: ReadonlyMap<string, number>): string {
  if (entries.size === 0) return '';
  return `${name}<<${[...entries].map(([key, object]) => `${key} ${object} 0 R`).join('')}>>`;
}

function indexed(palette: Uint8Array): string {
  const hex = Array.from(palette, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `[/Indexed/DeviceRGB ${palette.length / 3 - 1}<${hex}>]`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A CMap with one line per glyph that has Unicode. */
function toUnicode(glyphs: readonly Glyph[]): string {
  const lines: string[] = [];
  glyphs.forEach(({ unicode }, i) => {
    if (unicode === '') return;
    let target = '';
    for (let at = 0; at < unicode.length; at++) target += hex(unicode.charCodeAt(at), 4);
    lines.push(`<${hex(i + 1, 2)}><${target}>`);
  });
  const blocks: string[] = [];
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`);
  }
  return (
    '/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapType 2 def\n' +
    `1 begincodespacerange<00><ff>endcodespacerange\n${blocks.join('')}endcmap end end\n`
  );
}
