// Links to other programs in the binary forms of workbooks, and old macro sheets: [MS-XLSB] BrtBeginSupBook; [MS-XLS] SupBook, BoundSheet8. The engine keeps none.

import { removed } from './tell.ts';

const RECORDS_MAX = 1_000_000;
const NAME_MAX = 1000;

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le');

/** What an external link part of an XLSB leads to, by its first record: another workbook, a program by DDE, or an OLE object. */
export function reportXlsbLink(name: string, part: Uint8Array): void {
  const view = new DataView(part.buffer, part.byteOffset, part.length);
  const strings: string[] = [];
  // Its number 360 in two bytes, its length in one or more, its sort in two.
  if (part.length < 5 || view.getUint16(0) !== 0xe802) return removed('external-formula', name);
  let at = 2;
  while (at < part.length && ((part[at] ?? 0) & 0x80) !== 0) at++;
  at++;
  const sort = at + 2 <= part.length ? view.getUint16(at, true) : 0;
  at += 2;
  while (strings.length < 2 && at + 4 <= part.length) {
    const letters = view.getUint32(at, true);
    if (letters > NAME_MAX || at + 4 + 2 * letters > part.length) break;
    strings.push(textOf(part.subarray(at + 4, at + 4 + 2 * letters)));
    at += 4 + 2 * letters;
  }
  const [program = name, topic = ''] = strings;
  if (sort === 1) return removed('dde', `${program} ${topic}`.trim());
  if (sort === 2) return removed('ole-object', topic === '' ? name : topic);
  removed('external-formula', name);
}

/** The path of a SupBook: a length in letters, one byte that says how wide they are, and they. */
function pathOf(body: Uint8Array): string | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  if (body.length < 6) return undefined;
  const letters = view.getUint16(2, true);
  // 0x401 is this workbook itself, 0x3A01 an add-in.
  if (letters === 0 || letters > 255) return undefined;
  const wide = ((body[4] ?? 0) & 1) === 1;
  const text = body.subarray(5, 5 + (wide ? 2 : 1) * letters);
  return wide ? textOf(text) : Buffer.from(text).toString('latin1');
}

/** A BoundSheet8: where it begins, how it is shown, its sort; then a length of one byte, from Excel 97 on a width, and the name. */
function sheetName(body: Uint8Array, is97: boolean): string {
  if (!is97) return Buffer.from(body.subarray(7, 7 + (body[6] ?? 0))).toString('latin1');
  const wide = ((body[7] ?? 0) & 1) === 1;
  const text = body.subarray(8, 8 + (wide ? 2 : 1) * (body[6] ?? 0));
  return wide ? textOf(text) : Buffer.from(text).toString('latin1');
}

/** Programs and objects that the records of an old workbook's stream link to, and sheets of Excel 4 macros. */
export function reportXlsRecords(stream: Uint8Array): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  let linked: readonly string[] = [];
  // The first record says which version wrote it: 6 for Excel 97 and later.
  const is97 = stream[5] === 6;
  const tell = (isObject: boolean): void => {
    if (linked.length > 0) removed(isObject ? 'ole-object' : 'dde', linked.join(' '));
    linked = [];
  };
  for (let at = 0, n = 0; at + 4 <= stream.length && n < RECORDS_MAX; n++) {
    const kind = view.getUint16(at, true);
    const body = stream.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
    at += 4 + body.length;
    // FilePass: the rest is encrypted.
    if (kind === 0x2f) return;
    if (kind === 0x85 && body[5] === 1) removed('macro-sheet', sheetName(body, is97));
    if (kind === 0x1ae) {
      tell(false);
      const path = pathOf(body) ?? '';
      // A program and its topic have a 3 between them; a file's path begins with a 1 and has none.
      if (path.includes('\u0003')) linked = path.split('\u0003');
    }
    // The name that follows says which of the two it is.
    if (kind === 0x23 && body.length > 0) tell(((body[0] ?? 0) & 0x10) !== 0);
  }
  tell(false);
}
