// Documents that are made to exhaust a reader: pages, pixels, streams, archives, loops, and what only an office engine does.

import { crc32, deflateSync } from 'node:zlib';

import { makeCompound } from '../packages/disarm/testing/compound-maker.ts';
import { makeDocx, makeXlsx, makeZip } from '../packages/disarm/testing/office-maker.ts';
import { makePdf, manyPages, type PdfObject } from '../packages/disarm/testing/pdf-maker.ts';

const GIGABYTE = 1_000_000_000;

export type Bomb = {
  readonly name: string;
  readonly extension: string;
  /** The office engine has more memory. */
  readonly office: boolean;
  readonly make: () => Uint8Array;
};

function blanks(bytes: number): Buffer {
  return deflateSync(Buffer.alloc(bytes, ' '), { level: 9 });
}

const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';
const PAGES = '<</Type/Pages/Kids[3 0 R]/Count 1>>';

function pageOf(resources: string, content: string, objects: readonly PdfObject[]): Uint8Array {
  return makePdf([
    CATALOG,
    PAGES,
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<<${resources}>>/Contents 4 0 R>>`,
    { dictionary: '', stream: content },
    ...objects,
  ]);
}

/** Ten forms that each show the next one ten times. */
function formsInForms(): Uint8Array {
  const depth = 12;
  const forms = Array.from({ length: depth }, (_, i): PdfObject => {
    const last = i === depth - 1;
    const below = last ? '' : `/Resources<</XObject<</X ${i + 6} 0 R>>>>`;
    return {
      dictionary: `/Type/XObject/Subtype/Form/BBox[0 0 600 800]${below}`,
      stream: last ? '0 0 1 1 re f' : '/X Do '.repeat(10),
    };
  });
  return pageOf('/XObject<</X 5 0 R>>', '/X Do', forms);
}

/** Two forms that show each other. */
function formsInALoop(): Uint8Array {
  const form = (other: number): PdfObject => ({
    dictionary: `/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X ${other} 0 R>>>>`,
    stream: '/X Do '.repeat(10),
  });
  return pageOf('/XObject<</X 5 0 R>>', '/X Do', [form(6), form(5)]);
}

function glyphOfItself(): Uint8Array {
  const glyph = { dictionary: '', stream: '500 0 d0 BT /F 1 Tf (a) Tj (a) Tj ET 0 0 400 400 re f' };
  const font =
    '<</Type/Font/Subtype/Type3/FontBBox[0 0 500 500]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 6 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[500]/Resources<</Font<</F 5 0 R>>>>>>';
  return pageOf('/Font<</F 5 0 R>>', 'BT /F 40 Tf 50 400 Td (aaaa) Tj ET', [font, glyph]);
}

function hugePicture(): Uint8Array {
  const side = 60_000;
  return pageOf('/XObject<</X 5 0 R>>', 'q 500 0 0 500 0 0 cm /X Do Q', [
    {
      dictionary: `/Type/XObject/Subtype/Image/Width ${side}/Height ${side}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`,
      stream: blanks(100_000_000),
    },
  ]);
}

/** A PNG's head that claims `side` pixels each way. */
function hugePng(): Uint8Array {
  const side = 60_000;
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
    head.writeUInt32BE(data.length);
    tail.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, tail]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(side, 0);
  size.writeUInt32BE(side, 4);
  size.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('IDAT', blanks(100_000_000)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function packedStream(times: 1 | 2): Uint8Array {
  const once = blanks(GIGABYTE);
  const [filter, stream] =
    times === 1 ? ['/FlateDecode', once] : ['[/FlateDecode/FlateDecode]', deflateSync(once)];
  return makePdf([
    CATALOG,
    PAGES,
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>',
    { dictionary: `/Filter${filter}`, stream },
  ]);
}

function rectangles(): Uint8Array {
  const lines = Array.from({ length: 2_000_000 }, (_, i) => `${i % 600} ${i % 797} 3 3 re f`);
  return pageOf('', lines.join('\n'), []);
}

function tiling(): Uint8Array {
  return pageOf('/Pattern<</P 5 0 R>>', '/Pattern cs /P scn 0 0 600 800 re f', [
    {
      dictionary:
        '/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep .0001/YStep .0001/Resources<<>>',
      stream: '1 0 0 rg 0 0 5 5 re f',
    },
  ]);
}

function gradients(): Uint8Array {
  const shading =
    '<</ShadingType 3/ColorSpace/DeviceRGB/Coords[300 400 0 300 400 500]/Extend[true true]/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>';
  return pageOf('/Shading<</S 5 0 R>>', '/S sh\n'.repeat(5000), [shading]);
}

function docxOfBlanks(): Uint8Array {
  const [before = '', after = ''] =
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>*</w:t></w:r></w:p></w:body></w:document>'.split(
      '*',
    );
  const whole = Buffer.alloc(GIGABYTE, ' ');
  whole.write(before);
  whole.write(after, GIGABYTE - after.length);
  return makeDocx('', { 'word/document.xml': whole });
}

function zipsDeep(): Uint8Array {
  let inner = makeZip({ 'a.txt': 'the innermost' });
  for (let depth = 0; depth < 6; depth++) inner = makeZip({ [`${depth}.zip`]: inner });
  return inner;
}

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

function tablesInTables(depth: number): Uint8Array {
  const open = '<w:tbl><w:tr><w:tc>';
  const close = `</w:tc></w:tr></w:tbl>${paragraph('')}`;
  return makeDocx(
    open.repeat(depth) + paragraph('deep') + `${paragraph('')}${close}`.repeat(depth),
  );
}

function millionFormulas(): Uint8Array {
  const rows = Array.from(
    { length: 1_000_000 },
    (_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><f>SUM(A$1:A${Math.max(1, i)})*2</f></c></row>`,
  );
  return makeXlsx([{ name: 'a', xml: `<sheetData>${rows.join('')}</sheetData>` }]);
}

function repeatedCells(): Uint8Array {
  const row =
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row>';
  return makeZip({
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'META-INF/manifest.xml':
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    'content.xml': `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="a">${row}</table:table></office:spreadsheet></office:body></office:document-content>`,
  });
}

/** A binary document whose directory leads from its text back to its own beginning. */
function loopingDirectory(): Uint8Array {
  const bytes = Buffer.from(
    makeCompound({ WordDocument: Buffer.alloc(8192, 1), '1Table': Buffer.alloc(8192, 2) }),
  );
  const at = bytes.indexOf(Buffer.from('WordDocument', 'utf16le'));
  // Left, right and below: the root itself.
  for (const field of [68, 72, 76]) bytes.writeUInt32LE(0, at + field);
  return bytes;
}

function entities(): Uint8Array {
  const names = 'abcdefghij';
  const lines = Array.from(names, (name, i) => {
    const below = `&${names[i - 1] ?? ''};`.repeat(10);
    return `<!ENTITY ${name} "${i === 0 ? 'ha'.repeat(50) : below}">`;
  });
  return makeDocx('', {
    'word/document.xml': `<!DOCTYPE d [${lines.join('')}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraph('&j;')}</w:body></w:document>`,
  });
}

function objectsInObjects(): Uint8Array {
  const relationships =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="o" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" Target="embeddings/a.docx"/></Relationships>';
  const body = `${paragraph('outside')}<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" Type="Embed" ProgID="Word.Document.12" r:id="o"/></w:object></w:r></w:p>`;
  let inner = makeDocx(paragraph('the innermost'));
  for (let depth = 0; depth < 40; depth++) {
    inner = makeDocx(body, {
      'word/embeddings/a.docx': inner,
      'word/_rels/document.xml.rels': relationships,
    });
  }
  return inner;
}

const ofItself = (): Uint8Array =>
  makeDocx(
    `${paragraph('before')}<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;file:///tmp/input/document.docx&quot; "><w:r><w:t>itself</w:t></w:r></w:fldSimple></w:p>`,
  );

const bomb =
  (office: boolean) =>
  (name: string, extension: string, make: () => Uint8Array): Bomb => ({
    name,
    extension,
    office,
    make,
  });
const plain = bomb(false);
const office = bomb(true);
const pdf = (name: string, make: () => Uint8Array): Bomb => plain(name, 'pdf', make);

/** Every bomb that docs/disarm.md names. */
export const BOMBS: readonly Bomb[] = [
  pdf('11,000 pages', () => manyPages(11_000)),
  pdf('a loop of page trees', () =>
    makePdf([
      CATALOG,
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>',
    ]),
  ),
  pdf('a page of 14,400 points', () =>
    makePdf([CATALOG, PAGES, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>']),
  ),
  pdf('a picture of 60,000 pixels a side', hugePicture),
  plain('a PNG of 60,000 pixels a side', 'png', hugePng),
  pdf('a glyph that draws itself', glyphOfItself),
  pdf('forms in a loop', formsInALoop),
  pdf('ten forms in ten, twelve deep', formsInForms),
  pdf('a stream of 1 GB', () => packedStream(1)),
  pdf('a stream of 1 GB, packed twice', () => packedStream(2)),
  plain('a ZIP of 1 GB', 'zip', () => makeZip({ 'a.txt': Buffer.alloc(GIGABYTE, ' ') })),
  plain('six ZIPs deep', 'zip', zipsDeep),
  pdf('2 million rectangles', rectangles),
  pdf('a tiling of 0.0001 points', tiling),
  pdf('5,000 gradients over a page', gradients),
  office('a DOCX of 1 GB of blanks', 'docx', docxOfBlanks),
  office('a million rows of formulas', 'xlsx', millionFormulas),
  office('20,000 tables in tables', 'docx', () => tablesInTables(20_000)),
  office('240 tables in tables', 'docx', () => tablesInTables(240)),
  office('a thousand million repeated cells', 'ods', repeatedCells),
  office('a directory that loops', 'doc', loopingDirectory),
  office('entities of entities', 'docx', entities),
  office('objects in objects, 40 deep', 'docx', objectsInObjects),
  office('a field of its own file', 'docx', ofItself),
];
