// Makes small office packages for tests: only the parts a test is about.

import { zipSync } from 'fflate';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function makeZip(parts: Record<string, string | Uint8Array>): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [
        name,
        // Readers of OpenDocument look for this one as it stands.
        [
          typeof part === 'string' ? bytes(part) : part,
          { level: name === 'mimetype' ? (0 as const) : (6 as const) },
        ] as const,
      ]),
    ),
    { mtime: new Date(1980, 0, 1) },
  );
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A DOCX with the given body and further parts. */
export function makeDocx(
  body: string,
  parts: Record<string, string | Uint8Array> = {},
): Uint8Array {
  return makeZip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document ${W}><w:body>${body}</w:body></w:document>`,
    ...parts,
  });
}

/** A paragraph with an insertion, a deletion, hidden words and a field that would start a program. */
export const HOSTILE_BODY =
  '<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Article 1</w:t></w:r></w:p>' +
  '<w:p><w:r><w:t xml:space="preserve">The parties </w:t></w:r><w:ins w:author="Bea"><w:r><w:t>shall</w:t></w:r></w:ins>' +
  '<w:del w:author="Bea"><w:r><w:delText>may</w:delText></w:r></w:del><w:r><w:t xml:space="preserve"> agree.</w:t></w:r>' +
  '<w:r><w:rPr><w:vanish/></w:rPr><w:t>not for them</w:t></w:r></w:p>' +
  '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\x.exe "a"</w:instrText></w:r>' +
  '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>' +
  '<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell one</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>cell two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>';

export const HOSTILE_PARTS = {
  'word/styles.xml': `<w:styles ${W}><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>`,
  'word/comments.xml': `<w:comments ${W}><w:comment w:author="Cy"><w:p><w:r><w:t>we can give this up</w:t></w:r></w:p></w:comment></w:comments>`,
  'word/vbaProject.bin': 'x',
  'word/_rels/document.xml.rels':
    '<Relationships><Relationship Id="t" Type="x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/><Relationship Id="h" Type="x/hyperlink" Target="http://link.example" TargetMode="External"/></Relationships>',
  'docProps/core.xml':
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Bea</dc:creator></cp:coreProperties>',
};

const SHEET_NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

type SheetText = { readonly name: string; readonly state?: string; readonly xml: string };

/** A workbook with the inner XML of each sheet, further XML of the workbook, and further parts. */
export function makeXlsx(
  sheets: readonly SheetText[],
  {
    workbook = '',
    parts = {},
  }: { workbook?: string; parts?: Record<string, string | Uint8Array> } = {},
): Uint8Array {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const each = (text: (sheet: SheetText, n: number) => string): string =>
    sheets.map((sheet, i) => text(sheet, i + 1)).join('');
  return makeZip({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook ${SHEET_NAMESPACES}><sheets>${each(({ name, state }, n) => `<sheet name="${name}" sheetId="${n}"${state === undefined ? '' : ` state="${state}"`} r:id="r${n}"/>`)}</sheets>${workbook}</workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each((_, n) => `<Relationship Id="r${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    ...Object.fromEntries(
      sheets.map(({ xml }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet ${SHEET_NAMESPACES}>${xml}</worksheet>`,
      ]),
    ),
    ...parts,
  });
}
