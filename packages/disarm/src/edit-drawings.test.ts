import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import {
  axes,
  boxOf,
  boxWords,
  chartOf,
  chartPartOf,
  drawingOf,
  metafileOf,
  numbers,
  relationshipsOf,
  series,
  title,
  words,
} from '../testing/drawing-maker.ts';
import { makeDocx, makeXlsx } from '../testing/office-maker.ts';
import { defaultPolicy, disarm, quarantine, type Disarmed } from './index.ts';
import { writePng } from './writer/png.ts';

async function rebuilt(bytes: Uint8Array): Promise<Disarmed> {
  const verdict = await disarm(quarantine(bytes), { ...defaultPolicy, mode: 'edit' });
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}

function partsOf({ safe }: Disarmed): Map<string, string> {
  return new Map(
    Object.entries(unzipSync(safe.bytes)).map(([name, bytes]) => [name, strFromU8(bytes)]),
  );
}

const valuesOf = ({ report }: Disarmed, code: string) =>
  report.notes.find((note) => note.code === code)?.values;

const PNG = writePng({
  id: 0,
  width: 2,
  height: 2,
  kind: 'rgb',
  pixels: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
});
const METAFILE = metafileOf({ text: 'their annex.doc', x: 0, y: 0 });
/** What no copy may say: names and targets of the hostile documents below. */
const SENDERS =
  /secret|evil|Run|Other|externalData|embeddings|oleObject|hlink|External"|userShapes|vmlDrawing|\.emf|<!DOCTYPE|boom/;

const CHART = chartPartOf(
  `<c:lineChart><c:grouping val="standard"/>${series(
    words('Costs!$B$1', 'Price'),
    words('Costs!$A$2:$A$3', 'May', 'June'),
    numbers('[1]Other!$B$2:$B$3', '4.5', '7'),
  )}<c:axId val="1"/><c:axId val="2"/></c:lineChart>${axes('Month', 'Euro')}`,
  title('What it costs'),
  '<c:externalData r:id="book"/><c:userShapes r:id="shapes"/>',
);
const STOCK = chartPartOf('<c:stockChart/>');
const CHART_LINKS = relationshipsOf(
  ['book', 'package', 'http://evil.example/book.xlsx', true],
  ['shapes', 'chartUserShapes', '../embeddings/evil.xml'],
);

const WORKBOOK = makeXlsx(
  [
    {
      name: 'Costs',
      xml: '<sheetData><row r="1" ht="40.5" customHeight="1"><c r="A1"><v>1</v></c></row></sheetData><pageSetup paperSize="9" orientation="landscape" r:id="printer"/><drawing r:id="drawing"/><legacyDrawing r:id="old"/><oleObjects><oleObject progId="Package" shapeId="1" r:id="ole"/></oleObjects>',
    },
  ],
  {
    parts: {
      'xl/worksheets/_rels/sheet1.xml.rels': relationshipsOf(
        ['drawing', 'drawing', '../drawings/drawing1.xml'],
        ['old', 'vmlDrawing', '../drawings/vmlDrawing1.vml'],
        ['ole', 'oleObject', '../embeddings/oleObject1.bin'],
        ['printer', 'printerSettings', 'http://evil.example/p', true],
      ),
      'xl/drawings/drawing1.xml': drawingOf(
        boxOf(`${boxWords('our &lt;last&gt; offer')}<a:p/>${boxWords('=cmd|x!A1')}`),
        chartOf('chart'),
        chartOf('stock'),
        chartOf('far'),
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="secret" descr="secret words"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="png" r:link="far"/></xdr:blipFill></xdr:pic>',
        '<xdr:grpSp><xdr:sp><xdr:txBody><a:p><a:r><a:t>one</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:sp><xdr:txBody><a:p><a:r><a:t>two</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:grpSp>',
        boxOf(boxWords('nobody sees this'), ' hidden="1"'),
      ),
      'xl/drawings/_rels/drawing1.xml.rels': relationshipsOf(
        ['chart', 'chart', '../charts/chart1.xml'],
        ['stock', 'chart', '../charts/chart2.xml'],
        ['far', 'chart', 'http://evil.example/chart.xml', true],
        ['png', 'image', '../media/image1.png'],
        ['link', 'hyperlink', 'http://evil.example', true],
      ),
      'xl/charts/chart1.xml': CHART,
      'xl/charts/chart2.xml': STOCK,
      'xl/charts/_rels/chart1.xml.rels': CHART_LINKS,
      'xl/drawings/vmlDrawing1.vml':
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">' +
        '<v:shape id="_x0000_s1"><v:imagedata o:relid="emf"/><x:ClientData ObjectType="Pict"><x:Anchor> 0, 0, 1, 0, 1, 41, 3, 14</x:Anchor></x:ClientData></v:shape>' +
        '<v:shape><v:textbox><div>a secret comment</div></v:textbox><x:ClientData ObjectType="Note"><x:Anchor>0,0,1,0,1,41,3,14</x:Anchor></x:ClientData></v:shape>' +
        '<v:shape><v:textbox><div>Press <b>me</b></div></v:textbox><x:ClientData ObjectType="Button"><x:FmlaMacro>evil</x:FmlaMacro><x:Anchor>4,0,1,0,5,0,3,0</x:Anchor></x:ClientData></v:shape></xml>',
      'xl/drawings/_rels/vmlDrawing1.vml.rels': relationshipsOf([
        'emf',
        'image',
        '../media/image2.emf',
      ]),
      'xl/media/image1.png': PNG,
      'xl/media/image2.emf': METAFILE,
      'xl/embeddings/oleObject1.bin': 'evil',
    },
  },
);

describe('drawings of a workbook in edit mode', () => {
  it('boxes, charts and pictures are written anew; nothing that leads away is', async () => {
    const copy = await rebuilt(WORKBOOK);
    const parts = partsOf(copy);
    expect([...parts.keys()].toSorted()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/charts/chart1.xml',
      'xl/drawings/_rels/drawing1.xml.rels',
      'xl/drawings/drawing1.xml',
      'xl/media/image1.png',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/_rels/sheet1.xml.rels',
      'xl/worksheets/sheet1.xml',
    ]);
    const drawing = parts.get('xl/drawings/drawing1.xml') ?? '';
    const said = [...drawing.matchAll(/<a:t>([^<]*)/g)].map(([, text]) => text);
    expect(said).toEqual([
      'our &lt;last&gt; offer',
      '=cmd|x!A1',
      'one',
      'two',
      'their annex.doc',
      'Press me',
    ]);
    // Where things stand is kept.
    expect(drawing).toContain(
      '<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>1</xdr:col><xdr:colOff>390525</xdr:colOff>',
    );
    const chart = parts.get('xl/charts/chart1.xml') ?? '';
    expect(chart).toContain('<c:f>Costs!$A$2:$A$3</c:f>');
    expect(chart).toContain('<c:numLit>');
    for (const text of ['What it costs', 'Month', 'Euro', 'Price', 'June', '4.5'])
      expect(chart).toContain(text);
    expect(parts.get('xl/worksheets/sheet1.xml')).toContain(
      '<row r="1" ht="40.50" customHeight="1">',
    );
    expect(parts.get('xl/worksheets/sheet1.xml')).toContain(
      '<pageSetup paperSize="9" scale="100" orientation="landscape"/>',
    );
    expect([...parts.values()].join('')).not.toMatch(SENDERS);
    expect(valuesOf(copy, 'drawn-anew')).toEqual({ charts: 1, boxes: 3, pictures: 1, drawings: 1 });
    expect(valuesOf(copy, 'sheet-left-out')).toEqual({ pictures: 0, charts: 2, pivots: 0 });
    expect(copy.report.hidden).toMatchObject([
      { kind: 'hidden-text', texts: ['nobody sees this'] },
    ]);
    expect((await rebuilt(WORKBOOK)).safe.sha256).toBe(copy.safe.sha256);
  });

  it('a copy of the copy is the same copy', async () => {
    const once = await rebuilt(WORKBOOK);
    const again = await rebuilt(once.safe.bytes);
    expect(partsOf(again).get('xl/charts/chart1.xml')).toBe(
      partsOf(once).get('xl/charts/chart1.xml'),
    );
    // The words of a metafile are a box by then, and boxes may break their lines.
    expect(
      partsOf(again)
        .get('xl/drawings/drawing1.xml')
        ?.replaceAll(/ wrap="\w+"| sz="\d+"/g, ''),
    ).toBe(
      partsOf(once)
        .get('xl/drawings/drawing1.xml')
        ?.replaceAll(/ wrap="\w+"| sz="\d+"/g, ''),
    );
    expect(again.report.removed).toEqual([]);
  });

  it.each([
    ['boxes', 1, 21_000, boxOf(boxWords('box'))],
    ['words of one metafile', 1, 300, '<a:blip r:embed="emf"/>'],
    ['sheets that show one drawing', 400, 210, boxOf(boxWords('box'))],
  ])('a bomb of %s is refused', async (_, sheets, shapes, shape) => {
    const long = metafileOf(
      ...Array.from({ length: 200 }, (_line, y) => ({ text: 'x'.repeat(90), x: 0, y: 100 * y })),
    );
    const bomb = makeXlsx(
      Array.from({ length: sheets }, (_sheet, i) => ({
        name: `s${i}`,
        xml: '<drawing r:id="d"/>',
      })),
      {
        parts: {
          ...Object.fromEntries(
            Array.from({ length: sheets }, (_sheet, i) => [
              `xl/worksheets/_rels/sheet${i + 1}.xml.rels`,
              relationshipsOf(['d', 'drawing', '../drawings/drawing1.xml']),
            ]),
          ),
          'xl/drawings/drawing1.xml': drawingOf(...Array.from({ length: shapes }, () => shape)),
          'xl/drawings/_rels/drawing1.xml.rels': relationshipsOf([
            'emf',
            'image',
            '../media/image1.emf',
          ]),
          'xl/media/image1.emf': long,
        },
      },
    );
    const verdict = await disarm(quarantine(bomb), { ...defaultPolicy, mode: 'edit' });
    expect(verdict.ok ? 'rebuilt' : verdict.reason).toBe('output-too-large');
  });
});

const DRAWING_NAMES =
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="w" xmlns:mc="m"';
const inline = (inner: string): string =>
  `<w:r><w:drawing><wp:inline ${DRAWING_NAMES}><wp:extent cx="3000000" cy="2000000"/><wp:docPr id="1" name="secret" descr="secret"/><a:graphic><a:graphicData>${inner}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

const TEXT = makeDocx(
  `<w:p>${inline('<c:chart r:id="chart"/>')}${inline('<c:chart r:id="stock"/>')}</w:p>` +
    `<w:p><w:r><w:object ${DRAWING_NAMES}><v:shape style="width:72pt;height:36.5pt"><v:imagedata r:id="emf"/></v:shape></w:object></w:r></w:p>` +
    `<w:p><w:r><w:object ${DRAWING_NAMES}><v:shape style="width:72pt;height:36.5pt"><v:imagedata r:id="png"/></v:shape></w:object></w:r></w:p>` +
    `<w:p>${inline('<dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" r:dm="steps"/>')}</w:p>` +
    `<w:p>${inline('<a:blip r:embed="gone"/>')}${inline('<a:blip r:embed="nowhere"/>')}</w:p>` +
    `<w:p><w:r><w:pict ${DRAWING_NAMES}><v:textbox><w:txbxContent><w:p><w:r><w:t>outer box</w:t></w:r><w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>inner box</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r><w:r><w:t>beside</w:t></w:r></w:p>` +
    '<w:tbl><w:tblGrid><w:gridCol w:w="6000"/><w:gridCol w:w="1000"/></w:tblGrid><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>' +
    '<w:sectPr><w:pgSz w:w="16838" w:h="11906"/><w:pgMar w:top="700" w:right="800" w:bottom="900" w:left="1000"/></w:sectPr>',
  {
    'word/_rels/document.xml.rels': relationshipsOf(
      ['chart', 'chart', 'charts/chart1.xml'],
      ['stock', 'chart', 'charts/chart2.xml'],
      ['emf', 'image', 'media/image1.emf'],
      ['png', 'image', '/word/media/image2.png'],
      ['steps', 'diagramData', 'diagrams/data1.xml'],
      ['gone', 'image', 'media/image9.png'],
    ),
    'word/charts/chart1.xml': CHART,
    'word/charts/chart2.xml': STOCK,
    'word/charts/_rels/chart1.xml.rels': CHART_LINKS,
    'word/embeddings/evil.xlsx': 'evil',
    'word/media/image1.emf': METAFILE,
    'word/diagrams/data1.xml':
      '<d:dataModel xmlns:d="d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:t><a:p><a:r><a:t>first </a:t></a:r><a:r><a:t>step</a:t></a:r></a:p><a:p/></d:t></d:dataModel>',
    'word/media/image2.png': PNG,
    'word/settings.xml':
      '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:defaultTabStop w:val="708"/></w:settings>',
    'word/styles.xml':
      '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1"><w:rPr><w:rFonts w:ascii="Evil &quot;Font"/><w:sz w:val="24"/></w:rPr></w:style></w:styles>',
  },
);

describe('drawings of a text in edit mode', () => {
  it('words of a picture stay where tables are as deep as they may be, and in a note', async () => {
    const object = `<w:p><w:r><w:object ${DRAWING_NAMES}><v:imagedata r:id="emf"/></w:object></w:r></w:p>`;
    const deep = (depth: number): string =>
      depth === 0 ? object : `<w:tbl><w:tr><w:tc>${deep(depth - 1)}<w:p/></w:tc></w:tr></w:tbl>`;
    const links = relationshipsOf(['emf', 'image', 'media/image1.emf']);
    const copy = await rebuilt(
      makeDocx(`${deep(12)}<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`, {
        'word/_rels/document.xml.rels': links,
        'word/_rels/footnotes.xml.rels': links,
        'word/footnotes.xml': `<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">${object}</w:footnote></w:footnotes>`,
        'word/media/image1.emf': METAFILE,
      }),
    );
    const parts = partsOf(copy);
    expect(parts.get('word/document.xml')).toContain('their annex.doc');
    expect(parts.get('word/footnotes.xml')).toContain('their annex.doc');
  });

  it('charts stand by their values, objects by their words or pictures, boxes by their text', async () => {
    const copy = await rebuilt(TEXT);
    const parts = partsOf(copy);
    const document = parts.get('word/document.xml') ?? '';
    const chart = parts.get('word/charts/chart1.xml') ?? '';
    expect(document).toContain('<wp:extent cx="3000000" cy="2000000"/>');
    expect(document).toContain('r:id="chart1"');
    // No cell is the copy's own.
    expect(chart).not.toContain('<c:f>');
    expect(chart).toContain('<c:v>4.5</c:v>');
    const said = [...document.matchAll(/<w:t [^>]*>([^<]*)/g)].map(([, text]) => text);
    expect(said).toEqual(['their annex.doc', 'first step', 'inner box', 'outer box', 'beside']);
    expect(document).toContain(`<wp:extent cx="${72 * 12_700}" cy="${36.5 * 12_700}"/>`);
    expect(document).toContain('<w:gridCol w:w="6000"/><w:gridCol w:w="1000"/>');
    expect(document).toContain(
      '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="700" w:right="800" w:bottom="900" w:left="1000"',
    );
    expect(parts.get('word/settings.xml')).toContain('<w:defaultTabStop w:val="708"/>');
    expect(parts.get('word/styles.xml')).toContain('w:ascii="Calibri"');
    expect(parts.get('word/styles.xml')).toContain('<w:sz w:val="24"/>');
    expect([...parts.values()].join('')).not.toMatch(SENDERS);
    expect(valuesOf(copy, 'drawn-anew')).toEqual({ charts: 1, boxes: 0, pictures: 1, drawings: 2 });
    expect(valuesOf(copy, 'sheet-left-out')).toEqual({ pictures: 2, charts: 1, pivots: 0 });
    const again = await rebuilt(copy.safe.bytes);
    // An empty paragraph that the writer adds is one that the reader then finds.
    const gone = copy.report.removed.find(({ kind }) => kind === 'media');
    expect(gone).toMatchObject({ count: 2 });
    const plain = (all: Map<string, string>) =>
      Object.fromEntries([...all].map(([n, xml]) => [n, xml.replaceAll('<w:p></w:p>', '<w:p/>')]));
    expect(plain(partsOf(again))).toEqual(plain(parts));
  });
});
