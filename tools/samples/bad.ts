// Files that have to end in a clear answer: encrypted, broken, endless, far too large. Made for tests, never committed.
//
// Most have to be refused; where a reader can make something of the rest of a file, a copy of that is an answer too.

import { deflateSync } from 'node:zlib';
import { be16, join, latin1 } from './bytes.ts';
import { hostilePdf } from './hostile-pdf.ts';
import { jpegWithGps } from './jpeg.ts';
import { type PdfBody, stream, writePdf } from './pdf.ts';
import { PNG_SIGNATURE, chunk, header, pngWithMetadata } from './png.ts';
import { zip } from './zip.ts';

export type BadSample = {
  readonly name: string;
  readonly make: () => Uint8Array;
  /** What is wrong with it. */
  readonly because: string;
};

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

function onePage(page: string, contents: PdfBody, trailer = ''): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ${page} >>`,
    stream('', contents),
    FONT,
  ];
  return writePdf(objects, `/Root 1 0 R ${trailer}`);
}

/** The standard security handler, revision 3, for a password nobody knows: O and U are just bytes. */
function encryptedPdf(): Uint8Array {
  const hex = (byte: string): string => `<${byte.repeat(32)}>`;
  const encrypt = `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O ${hex('5a')} /U ${hex('a5')} >>`;
  return onePage('/MediaBox [0 0 595 842]', 'BT ET', `${encrypt} /ID [${hex('01')} ${hex('01')}]`);
}

/** Small pages that share one content stream: 11,000 of them in under a megabyte. */
function manyPages(count: number): Uint8Array {
  const first = 5;
  const kids = Array.from({ length: count }, (_, index) => `${first + index} 0 R`).join(' ');
  const page = '<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>';
  return writePdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${count} /MediaBox [0 0 200 200] ` +
        '/Resources << /Font << /F1 4 0 R >> >> >>',
      stream('', 'BT /F1 12 Tf 20 100 Td (One of many) Tj ET'),
      FONT,
      ...Array.from({ length: count }, () => page),
    ],
    '/Root 1 0 R',
  );
}

/** A page tree that is its own child. */
function loopingPdf(): Uint8Array {
  return writePdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>',
    ],
    '/Root 1 0 R',
  );
}

/** Forms that draw forms that draw forms: 10 to the power of 8 strokes from one page. */
function fanOutPdf(): Uint8Array {
  const levels = 8;
  const form = (level: number): Uint8Array =>
    stream(
      `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X ${7 + level} 0 R >> >>`,
      '/X Do '.repeat(10),
    );
  const objects: PdfBody[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ' +
      '/Resources << /XObject << /X 6 0 R >> >> >>',
    stream('', '/X Do'),
    FONT,
    ...Array.from({ length: levels }, (_, level) => form(level)),
    stream('/Type /XObject /Subtype /Form /BBox [0 0 595 842]', '0 0 m 595 842 l S'),
  ];
  return writePdf(objects, '/Root 1 0 R');
}

/** One colour, one bit a pixel: the file is small, the picture is not. */
function whitePng(width: number, height: number): Uint8Array {
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  return join(
    PNG_SIGNATURE,
    header(width, height, { bits: 1, colour: 0 }),
    chunk('IDAT', Uint8Array.from(deflateSync(rows, { level: 9 }))),
    chunk('IEND', new Uint8Array(0)),
  );
}

/** A header that promises what the data does not hold. */
function lyingJpeg(): Uint8Array {
  const bytes = jpegWithGps();
  const frame = Buffer.from(bytes).indexOf(Buffer.of(0xff, 0xc0));
  bytes.set(join(be16(65_000), be16(65_000)), frame + 5);
  return bytes;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}

function firstHalf(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, bytes.length >> 1);
}

const LIST: readonly BadSample[] = [
  { name: 'encrypted.pdf', make: encryptedPdf, because: 'needs a password' },
  { name: 'eleven-thousand-pages.pdf', make: () => manyPages(11_000), because: 'too many pages' },
  {
    name: 'broken.pdf',
    make: () => latin1('%PDF-1.7\nnothing follows\n%%EOF\n'),
    because: 'no pages',
  },
  { name: 'truncated.pdf', make: () => firstHalf(hostilePdf()), because: 'ends in the middle' },
  { name: 'looping.pdf', make: loopingPdf, because: 'its page tree contains itself' },
  { name: 'fan-out.pdf', make: fanOutPdf, because: 'one page draws for ever' },
  {
    name: 'huge-page.pdf',
    make: () => onePage('/MediaBox [0 0 2000000 2000000]', 'BT /F1 12 Tf (Far too large) Tj ET'),
    because: 'a page of 700 metres',
  },
  {
    name: 'no-page-size.pdf',
    make: () => onePage('/MediaBox [0 0 0 0]', 'BT /F1 12 Tf (No size) Tj ET'),
    because: 'a page without area',
  },
  {
    name: 'hundred-megapixels.png',
    make: () => whitePng(10_000, 10_000),
    because: 'too many pixels',
  },
  {
    name: 'truncated.png',
    make: () => firstHalf(pngWithMetadata()),
    because: 'ends in the middle',
  },
  {
    name: 'flipped.png',
    make: () => flipped(pngWithMetadata(), 1000),
    because: 'a checksum is wrong',
  },
  { name: 'lying.jpg', make: lyingJpeg, because: 'promises 4225 megapixels' },
  { name: 'truncated.jpg', make: () => jpegWithGps().slice(0, 900), because: 'ends in the middle' },
  { name: 'empty.pdf', make: () => new Uint8Array(0), because: 'holds nothing' },
  {
    name: 'program.pdf',
    make: () => join('MZ', new Uint8Array(62), 'This program cannot be run.'),
    because: 'is a program under another name',
  },
  {
    name: 'archive.txt',
    make: () => zip([{ name: '../../outside.txt', data: latin1('x') }]),
    because: 'is an archive under another name',
  },
  {
    name: 'not-utf8.txt',
    make: () => join('A text ', Uint8Array.of(0xc3, 0x28, 0x00, 0xff), ' that is none.'),
    because: 'is neither text nor anything else',
  },
];

/** What each is and why it is refused; bytes are made when asked for. */
export function badSamples(): readonly BadSample[] {
  return LIST;
}

/** Names that a sender may give a file, and that must not reach a screen or a disk as they are. */
export const BAD_NAMES: readonly string[] = [
  'agenda\u202efdp.exe',
  '../../../etc/passwd',
  '..\\..\\windows\\system.ini',
  'a/b.pdf',
  'nul\0byte.pdf',
  'line\nbreak.pdf',
  '\u001b[31mred.pdf',
  'CON.pdf',
  '.',
  '..',
  '',
  '-rf.pdf',
  `${'long'.repeat(100)}.pdf`,
  'zero\u200bwidth.pdf',
  'half\ud800surrogate.pdf',
];
