// What bytes are, by their content alone. A name can lie; a polyglot is named with everything it also is.

import { CompoundReader, CompoundRefusal } from './readers/compound.ts';
import { ZipReader, ZipRefusal, type ZipLimits } from './readers/zip.ts';

/** Of a package in which one small name is read. */
const MEDIA_TYPE_LIMITS: ZipLimits = {
  entriesMax: 20_000,
  entryMaxBytes: 1024,
  totalMaxBytes: 1024,
  ratioMax: 400,
};

export type Kind =
  | 'pdf'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'bmp'
  | 'tiff'
  | 'webp'
  | 'heic'
  | 'avif'
  | 'svg'
  | 'pnm'
  | 'docx'
  | 'xlsx'
  | 'xlsb'
  | 'pptx'
  | 'odt'
  | 'ods'
  | 'odp'
  | 'odg'
  | 'doc'
  | 'xls'
  | 'ppt'
  | 'rtf'
  | 'hwp'
  | 'hwp97'
  | 'hwpx'
  | 'epub'
  | 'eml'
  | 'html'
  | 'csv'
  | 'text'
  | 'zip'
  | 'ole'
  | 'ole-encrypted'
  | 'program'
  | 'empty'
  | 'unknown';

/** Kinds that our writers make. */
export type SafeKind = 'pdf' | 'png' | 'jpeg' | 'text' | 'docx' | 'xlsx';

const OFFICE_KINDS: ReadonlySet<Kind> = new Set([
  'docx',
  'doc',
  'rtf',
  'odt',
  'xlsx',
  'xlsb',
  'xls',
  'ods',
  'pptx',
  'ppt',
  'odp',
  'svg',
  'ole-encrypted',
]);

/** True for documents and drawings whose pages the office engine makes. */
export function isOffice(kind: Kind): boolean {
  return OFFICE_KINDS.has(kind);
}

export type Detected = {
  readonly kind: Kind;
  /** Other readers would take the same bytes for these. */
  readonly also: readonly Kind[];
};

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', from, to);

const starts = (bytes: Uint8Array, ...magic: number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

/** Names of a ZIP's central directory, at most `max` of them; undefined where there is none. */
export function zipNames(bytes: Uint8Array, max = 4000): string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const lowest = Math.max(0, bytes.length - 22 - 65_535);
  for (let end = bytes.length - 22; end >= lowest; end--) {
    if (view.getUint32(end, true) !== 0x06054b50) continue;
    const start = view.getUint32(end + 16, true);
    const size = view.getUint32(end + 12, true);
    // A ZIP may stand behind other bytes: the directory ends where its end record begins.
    let at = end - size >= 0 ? end - size : start;
    const names: string[] = [];
    while (names.length < max && at + 46 <= bytes.length) {
      if (view.getUint32(at, true) !== 0x02014b50) break;
      const nameLength = view.getUint16(at + 28, true);
      const skip = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      names.push(Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString('utf8'));
      at += 46 + nameLength + skip;
    }
    return names;
  }
  return undefined;
}

/** What an OpenDocument package says that it is, where it does not say so in the open: packed again, or not at its beginning. */
function mediaType(bytes: Uint8Array): string {
  try {
    return new ZipReader(bytes, MEDIA_TYPE_LIMITS).text('mimetype') ?? '';
  } catch (error) {
    if (error instanceof ZipRefusal) return '';
    throw error;
  }
}

function zipKind(bytes: Uint8Array, names: readonly string[]): Kind {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^word\//i)) return 'docx';
  if (has(/^xl\/workbook\.bin$/i)) return 'xlsb';
  if (has(/^xl\//i)) return 'xlsx';
  if (has(/^ppt\//i)) return 'pptx';
  if (has(/^Contents\/content\.hpf$/i) || has(/^Contents\/section\d+\.xml$/i)) return 'hwpx';
  const head = latin1(bytes, 0, 200);
  if (/mimetypeapplication\/epub\+zip/.test(head)) return 'epub';
  if (has(/^content\.xml$/)) {
    const type = /opendocument\.\w+/.test(head) ? head : mediaType(bytes);
    if (/opendocument\.spreadsheet/.test(type)) return 'ods';
    if (/opendocument\.presentation/.test(type)) return 'odp';
    if (/opendocument\.graphics/.test(type)) return 'odg';
    return 'odt';
  }
  return 'zip';
}

/** Names at the top of a compound file: an object inside a workbook has names of its own. Undefined where it has no tree. */
function compoundNames(bytes: Uint8Array): ReadonlySet<string> | undefined {
  try {
    return new Set(new CompoundReader(bytes).names.filter((name) => !name.includes('/')));
  } catch (error) {
    if (error instanceof CompoundRefusal) return undefined;
    throw error;
  }
}

/** Good enough to choose a reader, which then checks everything; in a broken file names are looked for anywhere. */
function oleKind(bytes: Uint8Array): Kind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const top = compoundNames(bytes);
  const has = (name: string): boolean =>
    top === undefined ? buffer.includes(Buffer.from(name, 'utf16le')) : top.has(name);
  if (has('EncryptedPackage') || has('EncryptionInfo')) return 'ole-encrypted';
  if (has('FileHeader') && buffer.includes('HWP Document File')) return 'hwp';
  if (has('WordDocument')) return 'doc';
  if (has('PowerPoint Document')) return 'ppt';
  if (has('Workbook') || has('Book')) return 'xls';
  return 'ole';
}

/** The text of bytes that hold no binary, else undefined. UTF-16 needs its mark. */
export function readText(bytes: Uint8Array): string | undefined {
  if (starts(bytes, 0xff, 0xfe)) return decodeWith('utf-16le', bytes);
  if (starts(bytes, 0xfe, 0xff)) return decodeWith('utf-16be', bytes);
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return undefined;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++;
  }
  // A few stray controls are reported and removed; many mean that this is no text.
  if (controls * 20 > bytes.length + 60) return undefined;
  // windows-1252 has a letter for every byte, so it comes last.
  return decodeWith('utf-8', bytes) ?? decodeWith('windows-1252', bytes);
}

function decodeWith(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function textKind(text: string): Kind {
  const head = text.slice(0, 4096);
  if (/^\s*\{\\rtf/.test(head)) return 'rtf';
  if (
    /<(\w+:)?svg[\s>/]/i.test(head) &&
    /^\s*(<\?xml|<!--|<!DOCTYPE svg|<(\w+:)?svg)/i.test(head)
  ) {
    return 'svg';
  }
  if (/<(!doctype\s+html|html|head|body)[\s>]/i.test(head)) return 'html';
  if (
    /^(From |[A-Za-z][A-Za-z0-9-]*:)/.test(head) &&
    /^(received|from|date|message-id|mime-version|subject|to):/im.test(head)
  ) {
    const headers = head.split(/\r?\n\r?\n/, 1)[0] ?? '';
    const count = headers.match(
      /^(received|from|date|message-id|mime-version|subject|to|content-type|return-path):/gim,
    );
    if ((count?.length ?? 0) >= 3) return 'eml';
  }
  return isCsv(text) ? 'csv' : 'text';
}

/** At least two lines, and the same number of separators (one or more) on each of the first lines. */
function isCsv(text: string): boolean {
  const lines = text.split(/\r?\n/, 21).filter((line) => line !== '');
  if (lines.length < 2) return false;
  return [',', ';', '\t'].some((separator) => {
    const counts = lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(separator).length);
    const first = counts[0] ?? 0;
    return first >= 3 && counts.every((count) => count === first);
  });
}

function primary(bytes: Uint8Array): Kind {
  if (bytes.length === 0) return 'empty';
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (/^GIF8[79]a/.test(latin1(bytes, 0, 6))) return 'gif';
  if (starts(bytes, 0x49, 0x49, 0x2a, 0) || starts(bytes, 0x4d, 0x4d, 0, 0x2a)) return 'tiff';
  if (/^RIFF[\s\S]{4}WEBP/.test(latin1(bytes, 0, 12))) return 'webp';
  const brand = /^[\s\S]{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)/.exec(
    latin1(bytes, 0, 12),
  );
  if (brand !== null) return brand[1]?.startsWith('av') === true ? 'avif' : 'heic';
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return oleKind(bytes);
  if (starts(bytes, 0x50, 0x4b, 3, 4)) {
    const names = zipNames(bytes);
    return names === undefined ? 'zip' : zipKind(bytes, names);
  }
  if (latin1(bytes, 0, 20).startsWith('HWP Document File V')) return 'hwp97';
  // Readers of PDF accept the mark anywhere in the first kibibyte.
  if (/%PDF-/.test(latin1(bytes, 0, 1029))) return 'pdf';
  if (starts(bytes, 0x42, 0x4d) && bytes.length > 26 && (bytes[14] ?? 0) >= 12) return 'bmp';
  if (/^P[1-6][\s#]/.test(latin1(bytes, 0, 3))) return 'pnm';
  if (starts(bytes, 0x4d, 0x5a) || starts(bytes, 0x7f, 0x45, 0x4c, 0x46)) return 'program';
  const text = readText(bytes);
  if (text !== undefined) return textKind(text);
  return zipNames(bytes) === undefined ? 'unknown' : 'zip';
}

/** Never refuses; `unknown` and `empty` are answers. */
export function detect(bytes: Uint8Array): Detected {
  const kind = primary(bytes);
  const also = new Set<Kind>();
  const head = latin1(bytes, 0, 1029);
  if (/%PDF-/.test(head)) also.add('pdf');
  if (starts(bytes, 0x4d, 0x5a)) also.add('program');
  if (starts(bytes, 0xff, 0xd8, 0xff)) also.add('jpeg');
  if (/<(script|html|body)[\s>]/i.test(head) && kind !== 'text' && kind !== 'eml') also.add('html');
  const names = zipNames(bytes);
  if (names !== undefined && names.length > 0) also.add(zipKind(bytes, names));
  also.delete(kind);
  if (kind === 'svg') also.delete('html');
  return { kind, also: [...also] };
}
