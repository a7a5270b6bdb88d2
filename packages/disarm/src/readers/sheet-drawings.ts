// Drawings of a sheet, by whitelist: boxes of plain text, pictures, charts, and the pictures of embedded objects; each with its place on the sheet.

import { JobRefusal } from '../cage/emit.ts';
import { SHEET_LIMITS, type Anchor, type Drawing } from '../list/sheet-model.ts';
import { withoutUnseen } from '../unseen.ts';
import type { OfficeInsides, Seen } from './office-insides.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

type Place = { column: number; x: number; row: number; y: number };
type What = Drawing['what'];
type Attributes = Readonly<Record<string, string>>;

const ANCHORS = new Set(['xdr:twoCellAnchor', 'xdr:oneCellAnchor', 'xdr:absoluteAnchor']);
const PLACES = {
  'xdr:col': 'column',
  'xdr:colOff': 'x',
  'xdr:row': 'row',
  'xdr:rowOff': 'y',
} as const;
const EMU_PER_PIXEL = 9525;
const PARAGRAPH_MAX = 20_000;

const whole = (said: string | undefined, most: number): number =>
  Math.max(0, Math.min(most, Math.round(Number(said)) || 0));
const emu = (said: string | undefined): number => whole(said, SHEET_LIMITS.emu);
const place = (): Place => ({ column: 0, x: 0, row: 0, y: 0 });

const clean = (text: string): string =>
  withoutUnseen(text.toWellFormed()).slice(0, PARAGRAPH_MAX).toWellFormed();

/** Boxes, pictures and charts that a sheet shows, and the pictures of its objects. */
export function readDrawings(zip: ZipReader, sheetPart: string, insides: OfficeInsides): Drawing[] {
  const drawings: Drawing[] = [];
  readXml(zip.text(sheetPart) ?? '', {
    open(tag, a) {
      if (tag !== 'drawing' && tag !== 'legacyDrawing') return;
      const part = insides.target(a['r:id'] ?? '', sheetPart);
      if (part === undefined) return;
      const found =
        tag === 'drawing' ? shapesOf(zip, part, insides) : oldShapesOf(zip, part, insides);
      drawings.push(...found);
    },
  });
  if (drawings.length > SHEET_LIMITS.drawings)
    throw new JobRefusal('output-too-large', `${drawings.length} drawings of a sheet`);
  return drawings;
}

const shown = (seen: Seen): What =>
  seen.kind === 'picture'
    ? { kind: 'picture', picture: seen.picture }
    : { kind: 'text', wrap: false, paragraphs: [...seen.lines] };

const isHidden = (a: Attributes): boolean => a['hidden'] === '1' || a['hidden'] === 'true';

/** Words of shapes that no page shows, one text a shape. */
export function hiddenWords(xml: string): string[] {
  const texts: string[] = [];
  let text: string | undefined;
  let reads = false;
  const end = (): void => {
    if (text !== undefined && text.trim() !== '') texts.push(text);
    text = undefined;
  };
  readXml(xml, {
    open(tag, a) {
      if (tag === 'xdr:cNvPr') {
        end();
        if (isHidden(a)) text = '';
      }
      reads = tag === 'a:t' && text !== undefined;
    },
    text(words) {
      if (reads) text = (text ?? '') + words;
    },
    close(tag) {
      reads = false;
      if (tag === 'a:p' && text !== undefined) text += ' ';
      if (ANCHORS.has(tag)) end();
    },
  });
  return texts;
}

function shapesOf(zip: ZipReader, part: string, insides: OfficeInsides): Drawing[] {
  const drawings: Drawing[] = [];
  let open:
    | { kind: string; from: Place; to: Place; x: number; y: number; cx: number; cy: number }
    | undefined;
  let inside: 'from' | 'to' | undefined;
  let reads: keyof typeof PLACES | 'a:t' | undefined;
  let said = '';
  let paragraphs: string[] = [];
  let paragraph: string | undefined;
  let others: What[] = [];
  /** Of a shape that nobody sees nothing is kept; its words are told elsewhere. */
  let hidden = false;
  let skip = 0;
  const anchored = (): Anchor | undefined => {
    if (open === undefined) return undefined;
    const { kind, from, to, x, y, cx, cy } = open;
    if (kind === 'xdr:absoluteAnchor') return { kind: 'page', x, y, width: cx, height: cy };
    if (kind === 'xdr:oneCellAnchor') return { kind: 'size', from, width: cx, height: cy };
    return { kind: 'cells', from, to };
  };
  readXml(zip.text(part) ?? '', {
    open(tag, a: Attributes) {
      if (tag === 'mc:Fallback') skip++;
      if (skip > 0) return;
      if (ANCHORS.has(tag)) {
        open = { kind: tag, from: place(), to: place(), x: 0, y: 0, cx: 0, cy: 0 };
        paragraphs = [];
        others = [];
      }
      if (open === undefined) return;
      if (tag === 'xdr:cNvPr') hidden = isHidden(a);
      if (tag === 'xdr:from') inside = 'from';
      else if (tag === 'xdr:to') inside = 'to';
      else if (tag === 'xdr:pos') Object.assign(open, { x: emu(a['x']), y: emu(a['y']) });
      else if (tag === 'xdr:ext') Object.assign(open, { cx: emu(a['cx']), cy: emu(a['cy']) });
      else if (tag === 'a:p') paragraph = '';
      else if (tag === 'a:br' && paragraph !== undefined) paragraph += ' ';
      else if (tag === 'a:t' || Object.hasOwn(PLACES, tag)) {
        reads = tag as keyof typeof PLACES | 'a:t';
        said = '';
      } else if (hidden) return;
      else if (tag === 'a:blip') {
        const seen = insides.picture(a['r:embed'] ?? '', part);
        if (seen !== undefined) others.push(shown(seen));
      } else if (tag === 'c:chart') {
        const chart = insides.chart(a['r:id'] ?? '', part);
        if (chart !== undefined) others.push({ kind: 'chart', chart });
      } else if (tag === 'dgm:relIds') {
        const seen = insides.diagram(a['r:dm'] ?? '', part);
        if (seen !== undefined) others.push(shown(seen));
      } else if (tag === 'a:graphicData') insides.laterChart(a['uri']);
    },
    text(text) {
      if (reads !== undefined && skip === 0) said += text;
    },
    close(tag) {
      if (tag === 'mc:Fallback') skip--;
      if (skip > 0) return;
      if (tag === reads) {
        reads = undefined;
        if (tag === 'a:t') paragraph = (paragraph ?? '') + said;
        else if (inside !== undefined && open !== undefined) {
          const axis = PLACES[tag];
          const most =
            axis === 'column'
              ? SHEET_LIMITS.columns - 1
              : axis === 'row'
                ? SHEET_LIMITS.rows - 1
                : SHEET_LIMITS.emu;
          open[inside][axis] = whole(said, most);
        }
      }
      if (tag === 'xdr:from' || tag === 'xdr:to') inside = undefined;
      if (tag === 'a:p' && paragraph !== undefined) {
        if (!hidden && paragraphs.length < SHEET_LIMITS.paragraphs)
          paragraphs.push(clean(paragraph));
        paragraph = undefined;
      }
      if (!ANCHORS.has(tag)) return;
      const anchor = anchored();
      open = undefined;
      if (anchor === undefined) return;
      const whats: What[] = paragraphs.some((words) => words.trim() !== '')
        ? [{ kind: 'text', wrap: true, paragraphs }, ...others]
        : others;
      for (const what of whats) drawings.push({ anchor, what });
      insides.spend(whats.length === 0 ? [] : paragraphs);
      insides.spend(whats.map(() => ''));
    },
  });
  return drawings;
}

/** Shapes in the older language of drawings: pictures of objects, and words of controls. Comments are told elsewhere. */
function oldShapesOf(zip: ZipReader, part: string, insides: OfficeInsides): Drawing[] {
  const drawings: Drawing[] = [];
  let picture: string | undefined;
  let anchor = '';
  let objects = '';
  let words = '';
  let reads: 'anchor' | 'words' | undefined;
  readXml(zip.text(part) ?? '', {
    open(tag, a: Attributes) {
      if (tag === 'v:shape' || tag === 'v:rect') {
        picture = undefined;
        anchor = objects = words = '';
      } else if (tag === 'v:imagedata') picture = a['o:relid'] ?? a['r:id'];
      else if (tag === 'x:ClientData') objects = a['ObjectType'] ?? '';
      else if (tag === 'x:Anchor') reads = 'anchor';
      else if (tag === 'v:textbox') reads = 'words';
    },
    text(text) {
      if (reads === 'anchor') anchor += text;
      else if (reads === 'words') words += text;
    },
    close(tag) {
      if (tag === 'x:Anchor' || tag === 'v:textbox') reads = undefined;
      if ((tag !== 'v:shape' && tag !== 'v:rect') || objects === 'Note') return;
      const at = oldAnchor(anchor);
      if (at === undefined) return;
      const seen = picture === undefined ? undefined : insides.picture(picture, part);
      insides.spend(['']);
      if (seen !== undefined) drawings.push({ anchor: at, what: shown(seen) });
      const text = clean(words.replaceAll(/\s+/gu, ' ').trim());
      if (text === '') return;
      insides.spend([text]);
      drawings.push({ anchor: at, what: { kind: 'text', wrap: true, paragraphs: [text] } });
    },
  });
  return drawings;
}

/** Column, pixels, row, pixels of its beginning and of its end. */
function oldAnchor(said: string): Anchor | undefined {
  const numbers = said.split(',').map((number) => Math.trunc(Number(number)));
  if (numbers.length !== 8 || numbers.some((number) => !(number >= 0))) return undefined;
  const at = (first: number): Place => ({
    column: Math.min(numbers[first] ?? 0, SHEET_LIMITS.columns - 1),
    x: Math.min((numbers[first + 1] ?? 0) * EMU_PER_PIXEL, SHEET_LIMITS.emu),
    row: Math.min(numbers[first + 2] ?? 0, SHEET_LIMITS.rows - 1),
    y: Math.min((numbers[first + 3] ?? 0) * EMU_PER_PIXEL, SHEET_LIMITS.emu),
  });
  return { kind: 'cells', from: at(0), to: at(4) };
}
