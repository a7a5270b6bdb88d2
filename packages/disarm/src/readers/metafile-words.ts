// Words of a metafile (EMF, WMF): the pictures of embedded objects are lists of drawing commands, and their words are in them as letters. Nothing is drawn; only texts are read, line by line.

const WORDS_MAX = 20_000;
const LINES_MAX = 2000;

/** Text that is drawn, where it begins, and how far it goes; lengths are the metafile's own. */
type Piece = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly advance: number;
};

const EMF = {
  header: 1,
  moveTo: 27,
  setAlign: 22,
  textA: 83,
  textW: 84,
  small: 108,
  end: 14,
} as const;
const WMF = { extText: 0x0a_32, text: 0x05_21 } as const;
const UPDATES_POSITION = 1;
/** The letters are numbers of a font's glyphs, which say nothing without the font. */
const GLYPH_NUMBERS = 0x10;
const NO_BOX = 0x1_00;
const NARROW = 0x2_00;

const western = new TextDecoder('windows-1252');
const wide = new TextDecoder('utf-16le');

/** The lines that a metafile draws, in the order it draws them; none where it is no metafile or has no letters. */
export function metafileWords(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    if (bytes.length >= 88 && view.getUint32(0, true) === EMF.header && isEmf(view))
      return linesOf(enhanced(view, bytes));
    if (bytes.length >= 24) return linesOf(simple(view, bytes));
  } catch (error) {
    // A record that reaches past the end: what stood before it is lost with it.
    if (!(error instanceof RangeError)) throw error;
  }
  return [];
}

const isEmf = (view: DataView): boolean => view.getUint32(40, true) === 0x46_4d_45_20;

function* enhanced(view: DataView, bytes: Uint8Array): Generator<Piece> {
  let updates = false;
  let at = { x: 0, y: 0 };
  for (let start = 0; start + 8 <= bytes.length;) {
    const type = view.getUint32(start, true);
    const size = view.getUint32(start + 4, true);
    if (size < 8 || start + size > bytes.length || type === EMF.end) return;
    const record = new DataView(bytes.buffer, bytes.byteOffset + start, size);
    if (type === EMF.setAlign && size >= 12)
      updates = (record.getUint32(8, true) & UPDATES_POSITION) !== 0;
    else if (type === EMF.moveTo && size >= 16)
      at = { x: record.getInt32(8, true), y: record.getInt32(12, true) };
    else if ((type === EMF.textW || type === EMF.textA) && size >= 76) {
      const piece = enhancedText(record, type === EMF.textW);
      if (piece !== undefined) yield updates ? { ...piece, ...at } : piece;
      if (piece !== undefined && updates) at = { x: at.x + piece.advance, y: at.y };
    } else if (type === EMF.small && size >= 36) {
      const piece = smallText(record);
      if (piece !== undefined) yield piece;
    }
    start += size;
  }
}

function enhancedText(record: DataView, isWide: boolean): Piece | undefined {
  const count = record.getUint32(44, true);
  const offset = record.getUint32(48, true);
  const options = record.getUint32(52, true);
  if ((options & GLYPH_NUMBERS) !== 0 || count > WORDS_MAX) return undefined;
  const text = letters(record, offset, count, isWide);
  if (text === undefined) return undefined;
  const steps = record.getUint32(72, true);
  let advance = 0;
  if (steps >= 76 && steps + 4 * count <= record.byteLength)
    for (let i = 0; i < count; i++) advance += record.getInt32(steps + 4 * i, true);
  return { text, x: record.getInt32(36, true), y: record.getInt32(40, true), advance };
}

function smallText(record: DataView): Piece | undefined {
  const count = record.getUint32(16, true);
  const options = record.getUint32(20, true);
  if ((options & GLYPH_NUMBERS) !== 0 || count > WORDS_MAX) return undefined;
  const start = (options & NO_BOX) === 0 ? 52 : 36;
  const text = letters(record, start, count, (options & NARROW) === 0);
  if (text === undefined) return undefined;
  return { text, x: record.getInt32(8, true), y: record.getInt32(12, true), advance: 0 };
}

function letters(record: DataView, at: number, count: number, isWide: boolean): string | undefined {
  const length = isWide ? 2 * count : count;
  if (at + length > record.byteLength) return undefined;
  const bytes = new Uint8Array(record.buffer, record.byteOffset + at, length);
  return (isWide ? wide : western).decode(bytes);
}

function* simple(view: DataView, bytes: Uint8Array): Generator<Piece> {
  const placeable = view.getUint32(0, true) === 0x9a_c6_cd_d7 ? 22 : 0;
  const kind = view.getUint16(placeable, true);
  if ((kind !== 1 && kind !== 2) || view.getUint16(placeable + 2, true) !== 9) return;
  for (let start = placeable + 18; start + 6 <= bytes.length;) {
    const size = 2 * view.getUint32(start, true);
    if (size < 6 || start + size > bytes.length) return;
    const record = new DataView(bytes.buffer, bytes.byteOffset + start, size);
    const type = record.getUint16(4, true);
    const piece =
      type === WMF.extText && size >= 14
        ? simpleText(record, true)
        : type === WMF.text && size >= 12
          ? simpleText(record, false)
          : undefined;
    if (piece !== undefined) yield piece;
    start += size;
  }
}

function simpleText(record: DataView, extended: boolean): Piece | undefined {
  const count = record.getUint16(extended ? 10 : 6, true);
  const boxed = extended && (record.getUint16(12, true) & 6) !== 0;
  const start = extended ? (boxed ? 22 : 14) : 8;
  const text = letters(record, start, count, false);
  if (text === undefined) return undefined;
  const after = start + count + (count & 1);
  if (extended) {
    let advance = 0;
    if (after + 2 * count <= record.byteLength)
      for (let i = 0; i < count; i++) advance += record.getInt16(after + 2 * i, true);
    return { text, x: record.getInt16(8, true), y: record.getInt16(6, true), advance };
  }
  if (after + 4 > record.byteLength) return undefined;
  return { text, x: record.getInt16(after + 2, true), y: record.getInt16(after, true), advance: 0 };
}

/** Pieces side by side are one line; a step that no letter takes is a space, a wide one parts columns. */
function linesOf(pieces: Iterable<Piece>): string[] {
  const lines: string[] = [];
  let line = '';
  let total = 0;
  let last: Piece | undefined;
  for (const piece of pieces) {
    const width = piece.advance / Math.max(1, piece.text.length);
    const before = last === undefined ? 0 : last.x + last.advance;
    const sameLine = last !== undefined && Math.abs(piece.y - last.y) <= Math.abs(width) / 4;
    if (!sameLine && line.trim() !== '') lines.push(line.trim());
    const gap = piece.x - before;
    if (!sameLine) line = '';
    // Words far apart stand in columns.
    else if (last !== undefined && last.advance > 0 && gap > 3 * width) line += ' | ';
    else if (last?.advance === 0 || gap > width / 4 || piece.x < (last?.x ?? 0)) line += ' ';
    line += piece.text;
    total += piece.text.length;
    last = piece;
    if (total > WORDS_MAX || lines.length >= LINES_MAX) break;
  }
  if (line.trim() !== '' && lines.length < LINES_MAX) lines.push(line.trim());
  return lines;
}
