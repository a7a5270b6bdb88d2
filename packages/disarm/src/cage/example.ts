// Small documents of our own, one for each family. A started engine that has converted them has its filters, fonts and code in place before a stranger's document comes.

import { zipSync } from 'fflate';

import { utf8 } from '@parley/kernel';

import {
  PLAIN_RUN,
  USUAL_LOOK,
  USUAL_PAGE,
  type Inline,
  type Paragraph,
} from '../list/text-model.ts';
import { writeDocx } from '../writer/docx.ts';
import { writeXlsx } from '../writer/xlsx.ts';

export const FAMILIES = ['text', 'sheets', 'slides'] as const;
export type Family = (typeof FAMILIES)[number];

/** The second time the runtime finds code compiled, and compiles the part that was busy once more and better. */
export const ROUNDS = 2;

/** Letters of the scripts that an office font and our Noto fonts draw. */
const WORDS = 'Draft 1 of Article 2: (a) “agreed” – 합의 协议 согласие';

function letterText(): Uint8Array {
  const run = (over: Partial<Extract<Inline, { kind: 'run' }>>): Inline => ({
    kind: 'run',
    text: WORDS,
    ...PLAIN_RUN,
    ...over,
  });
  const paragraph = (
    style: Paragraph['style'],
    align: Paragraph['align'],
    ...inlines: Inline[]
  ): Paragraph => ({ style, level: 0, numbering: null, align, inlines });
  const plain = paragraph('normal', 'left', run({}));
  const block = (p: Paragraph) => ({ kind: 'paragraph', ...p }) as const;
  const cell = { span: 1, merge: 'none', blocks: [block(plain)] } as const;
  return writeDocx(
    {
      page: USUAL_PAGE,
      usual: USUAL_LOOK,
      header: [plain],
      footer: [plain],
      blocks: [
        block(paragraph('title', 'center', run({ bold: true, size: 40 }))),
        block(paragraph('heading1', 'left', run({ color: 0x204080 }))),
        block(
          paragraph(
            'normal',
            'both',
            run({ italic: true }),
            { kind: 'tab' },
            run({ bold: true, italic: true, underline: true }),
            run({ strike: true, mark: true, vertical: 'super' }),
            { kind: 'note', note: 0 },
            { kind: 'picture', picture: 0, width: 914_400, height: 914_400 },
            { kind: 'picture', picture: 1, width: 914_400, height: 914_400 },
          ),
        ),
        block(paragraph('bullet', 'left', run({}))),
        block(paragraph('number', 'left', run({}))),
        { kind: 'table', widths: [], rows: [[cell, cell]] },
        block(paragraph('normal', 'right', { kind: 'break', page: true }, run({}))),
      ],
      notes: [[plain]],
      lists: [],
      numberings: [],
      charts: [],
    },
    [
      { id: 0, width: SEAL, height: SEAL, kind: 'rgba', pixels: seal() },
      { id: 1, width: 64, height: 64, kind: 'rgb', pixels: noise(64 * 64 * 3) },
    ],
  );
}

const SEAL = 320;

/** A round picture on nothing, as large as those of a letter's head: scaling and packing it is work of its own. */
function seal(): Uint8Array {
  const pixels = new Uint8Array(4 * SEAL * SEAL);
  for (let at = 0; at < pixels.length; at += 4) {
    const x = (at >> 2) % SEAL;
    const y = Math.floor(at / 4 / SEAL);
    const far = (2 * x - SEAL) ** 2 + (2 * y - SEAL) ** 2;
    pixels.set([x & 255, y & 255, (x ^ y) & 128, far < SEAL * SEAL ? 255 : 0], at);
  }
  return pixels;
}

/** Pixels that a JPEG holds better than a PNG. */
function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * i * 31 + (i >> 5) * 17) & 0xff);
}

function sheetText(): Uint8Array | undefined {
  const number = (digits: string) => ({ kind: 'number', digits }) as const;
  const plain = { font: 'Liberation Sans', size: 22 } as const;
  return writeXlsx({
    charts: [],
    formats: [
      { code: 'General', bold: false, italic: false, wrap: false, ...plain },
      { code: '#,##0.00', bold: true, italic: true, wrap: true, ...plain },
      { code: 'yyyy-mm-dd', bold: false, italic: false, wrap: false, ...plain },
    ],
    sheets: ['A', 'B'].map((name) => ({
      name,
      columns: [{ from: 1, to: 2, width: 2000 }],
      rows: [
        {
          row: 1,
          height: 0,
          cells: [
            { column: 1, format: 1, formula: null, value: { kind: 'text', text: WORDS } },
            { column: 2, format: 2, formula: null, value: number('45000') },
            { column: 3, format: 1, formula: 'SUM(B1:B1)*2', value: number('90000') },
          ],
        },
      ],
      merges: [{ top: 2, left: 1, bottom: 2, right: 2 }],
      header: '&C&A',
      footer: '&C&P',
      usual: null,
      page: null,
      drawings: [],
    })),
  });
}

function slideText(): Uint8Array {
  const types = 'application/vnd.openxmlformats-officedocument.presentationml';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const names = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${office}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`;
  const group =
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>';
  const shape =
    '<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="600000" y="600000"/><a:ext cx="6000000" cy="2000000"/></a:xfrm><a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom><a:gradFill><a:gsLst><a:gs pos="0"><a:srgbClr val="FFFFFF"/></a:gs><a:gs pos="100000"><a:srgbClr val="204080"/></a:gs></a:gsLst><a:lin ang="5400000"/></a:gradFill><a:ln w="12700"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></p:spPr>' +
    `<p:txBody><a:bodyPr/><a:p><a:r><a:rPr sz="2400" b="1"/><a:t>${WORDS}</a:t></a:r></a:p><a:p><a:pPr lvl="1"><a:buChar char="•"/></a:pPr><a:r><a:t>${WORDS}</a:t></a:r></a:p></p:txBody></p:sp>`;
  const related = (...all: readonly (readonly [string, string])[]): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.map(([type, target], i) => `<Relationship Id="r${i}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
  const tree = (inner: string): string => `<p:cSld><p:spTree>${group}${inner}</p:spTree></p:cSld>`;
  const colours = [
    'dk1',
    'lt1',
    'dk2',
    'lt2',
    'accent1',
    'accent2',
    'accent3',
    'accent4',
    'accent5',
    'accent6',
  ]
    .concat('hlink', 'folHlink')
    .map((name) => `<a:${name}><a:srgbClr val="204080"/></a:${name}>`)
    .join('');
  const font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>';
  const fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>';
  const three = (inner: string): string => inner.repeat(3);
  const parts: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/ppt/presentation.xml" ContentType="${types}.presentation.main+xml"/><Override PartName="/ppt/slides/slide1.xml" ContentType="${types}.slide+xml"/><Override PartName="/ppt/slideLayouts/slideLayout1.xml" ContentType="${types}.slideLayout+xml"/><Override PartName="/ppt/slideMasters/slideMaster1.xml" ContentType="${types}.slideMaster+xml"/><Override PartName="/ppt/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/></Types>`,
    '_rels/.rels': related(['officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `<p:presentation ${names}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="r0"/></p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': related(
      ['slideMaster', 'slideMasters/slideMaster1.xml'],
      ['slide', 'slides/slide1.xml'],
    ),
    'ppt/slides/slide1.xml': `<p:sld ${names}>${tree(shape)}</p:sld>`,
    'ppt/slides/_rels/slide1.xml.rels': related([
      'slideLayout',
      '../slideLayouts/slideLayout1.xml',
    ]),
    'ppt/slideLayouts/slideLayout1.xml': `<p:sldLayout ${names} type="blank">${tree('')}</p:sldLayout>`,
    'ppt/slideLayouts/_rels/slideLayout1.xml.rels': related([
      'slideMaster',
      '../slideMasters/slideMaster1.xml',
    ]),
    'ppt/slideMasters/slideMaster1.xml': `<p:sldMaster ${names}>${tree('')}<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="r0"/></p:sldLayoutIdLst></p:sldMaster>`,
    'ppt/slideMasters/_rels/slideMaster1.xml.rels': related(
      ['slideLayout', '../slideLayouts/slideLayout1.xml'],
      ['theme', '../theme/theme1.xml'],
    ),
    'ppt/theme/theme1.xml': `<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="t"><a:themeElements><a:clrScheme name="t">${colours}</a:clrScheme><a:fontScheme name="t"><a:majorFont>${font}</a:majorFont><a:minorFont>${font}</a:minorFont></a:fontScheme><a:fmtScheme name="t"><a:fillStyleLst>${three(fill)}</a:fillStyleLst><a:lnStyleLst>${three(`<a:ln>${fill}</a:ln>`)}</a:lnStyleLst><a:effectStyleLst>${three('<a:effectStyle><a:effectLst/></a:effectStyle>')}</a:effectStyleLst><a:bgFillStyleLst>${three(fill)}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`,
  };
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, utf8(text)])),
    { mtime: new Date(1980, 0, 1) },
  );
}

/** One of our own, and what it is. */
export function exampleOf(family: Family): { bytes: Uint8Array; kind: 'docx' | 'xlsx' | 'pptx' } {
  if (family === 'text') return { bytes: letterText(), kind: 'docx' };
  if (family === 'slides') return { bytes: slideText(), kind: 'pptx' };
  return { bytes: sheetText() ?? new Uint8Array(0), kind: 'xlsx' };
}
