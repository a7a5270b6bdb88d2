import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { HOSTILE_BODY, HOSTILE_PARTS, makeDocx, makeZip } from '../../testing/office-maker.ts';
import { JobRefusal, unsafeCaptureFrames, type CageRemark } from '../cage/emit.ts';
import { FRAME } from '../list/frame.ts';
import { reportXlsbLink, reportXlsRecords } from './binary-links.ts';
import { htmlText } from './html-text.ts';
import { reportOffice } from './office-findings.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from './zip.ts';

afterEach(() => unsafeCaptureFrames(undefined));

async function remarks(work: () => unknown): Promise<CageRemark[]> {
  const said: CageRemark[] = [];
  unsafeCaptureFrames((type, payload) => {
    if (type === FRAME.remark)
      said.push(JSON.parse(Buffer.from(payload).toString('utf8')) as CageRemark);
  });
  await work();
  return said;
}

/** Records of a workbook's stream: a number, a length, a body. */
const xlsRecords = (...records: readonly (readonly [number, readonly number[]])[]): Uint8Array =>
  Uint8Array.from(
    records.flatMap(([kind, body]) => [
      kind & 255,
      kind >> 8,
      body.length & 255,
      body.length >> 8,
      ...body,
    ]),
  );
const letters = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const wideLetters = (text: string): number[] => [...Buffer.from(text, 'utf16le')];

describe('binary forms of workbooks', () => {
  const supBook = (path: string): [number, number[]] => [
    0x1ae,
    [0, 0, path.length, 0, 0, ...letters(path)],
  ];
  const first: [number, number[]] = [0x809, [0, 6]];

  it('an XLS: programs by DDE, linked objects, sheets of old macros', async () => {
    const said = await remarks(() =>
      reportXlsRecords(
        xlsRecords(
          first,
          [0x85, [0, 0, 0, 0, 0, 1, 4, 0, ...letters('Open')]],
          [0x85, [0, 0, 0, 0, 0, 0, 4, 0, ...letters('Fine')]],
          supBook('\u0001other.xls'),
          [0x1ae, [1, 0, 1, 4]],
          supBook('cmd\u0003/c calc.exe'),
          [0x23, [0, 0]],
          supBook('Word.Document.8\u0003a.doc'),
          [0x23, [0x10, 0]],
          supBook('excel\u0003last'),
        ),
      ),
    );
    expect(said).toEqual([
      { list: 'removed', kind: 'macro-sheet', text: 'Open' },
      { list: 'removed', kind: 'dde', text: 'cmd /c calc.exe' },
      { list: 'removed', kind: 'ole-object', text: 'Word.Document.8 a.doc' },
      { list: 'removed', kind: 'dde', text: 'excel last' },
    ]);
  });

  it('an XLSB: where an external link leads, as far as it says', async () => {
    const link = (sort: number, ...names: readonly string[]): Uint8Array => {
      const body = names.flatMap((name) => [name.length, 0, 0, 0, ...wideLetters(name)]);
      return Uint8Array.from([0xe8, 0x02, body.length + 2, sort, 0, ...body]);
    };
    const said = await remarks(() => {
      reportXlsbLink('a.bin', link(1, 'cmd', '/c calc.exe'));
      reportXlsbLink('b.bin', link(2, 'rId1', 'Word.Document.8'));
      reportXlsbLink('c.bin', link(0, 'rId1'));
      reportXlsbLink('d.bin', link(1, 'cmd').subarray(0, 8));
      reportXlsbLink('e.bin', new Uint8Array(0));
    });
    expect(said).toEqual([
      { list: 'removed', kind: 'dde', text: 'cmd /c calc.exe' },
      { list: 'removed', kind: 'ole-object', text: 'Word.Document.8' },
      { list: 'removed', kind: 'external-formula', text: 'c.bin' },
      { list: 'removed', kind: 'dde', text: 'd.bin' },
      { list: 'removed', kind: 'external-formula', text: 'e.bin' },
    ]);
  });

  it('any bytes: no exception, no end without one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, begun) => {
        const whole = begun ? Uint8Array.from([0xe8, 0x02, ...bytes]) : bytes;
        await remarks(() => {
          reportXlsbLink('x', whole);
          reportXlsRecords(bytes);
        });
      }),
      { numRuns: process.env['SLOW'] === '1' ? 100_000 : 500 },
    );
  });
});

describe('what an office file carries', () => {
  it('a DOCX: comments, changes and hidden words with their authors; macros, fields, templates, links', async () => {
    const said = await remarks(() => reportOffice('docx', makeDocx(HOSTILE_BODY, HOSTILE_PARTS)));
    expect(said).toEqual(
      expect.arrayContaining([
        { list: 'remark', what: 'inserted', author: 'Bea', text: 'shall' },
        { list: 'remark', what: 'deleted', author: 'Bea', text: 'may' },
        { list: 'remark', what: 'comment', author: 'Cy', text: 'we can give this up ' },
        { list: 'hidden', kind: 'hidden-text', text: 'not for them' },
        { list: 'removed', kind: 'dde', text: 'DDEAUTO c:\\\\x.exe "a"' },
        { list: 'removed', kind: 'macro', text: 'word/vbaProject.bin' },
        { list: 'removed', kind: 'remote-template', text: 'http://evil.example/t.dotm' },
        { list: 'link', target: 'http://link.example' },
        {
          list: 'removed',
          kind: 'metadata',
          said: { code: 'meta-author', values: { text: 'Bea' } },
        },
      ]),
    );
  });

  it('an XLSX: hidden sheets, rows and columns with their cells, and formulas that reach outside', async () => {
    const sheet = (rows: string): string =>
      `<worksheet><cols><col min="3" max="3" hidden="1"/></cols><sheetData>${rows}</sheetData></worksheet>`;
    const said = await remarks(() =>
      reportOffice(
        'xlsx',
        makeZip({
          'xl/workbook.xml':
            '<workbook xmlns:r="r"><sheets><sheet name="Offer" r:id="a"/><sheet name="Floor" state="veryHidden" r:id="b"/></sheets><definedNames><definedName name="Auto_Open">x</definedName></definedNames></workbook>',
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="worksheets/sheet2.xml"/></Relationships>',
          'xl/sharedStrings.xml': '<sst><si><t>lowest price</t></si></sst>',
          'xl/worksheets/sheet1.xml': sheet(
            '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>77</v></c></row><row r="2" hidden="1"><c r="A2"><f>WEBSERVICE("http://x.example")</f><v>2</v></c></row>',
          ),
          'xl/worksheets/sheet2.xml': sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
          'xl/comments1.xml':
            '<comments><authors><author>Dee</author></authors><commentList><comment ref="A1" authorId="0"><text><t>too low</t></text></comment></commentList></comments>',
        }),
      ),
    );
    expect(said).toEqual(
      expect.arrayContaining([
        {
          list: 'hidden',
          kind: 'hidden-sheet',
          said: { code: 'sheet-very-hidden', values: { sheet: 'Floor' } },
        },
        { list: 'hidden', kind: 'hidden-sheet', count: 0, text: 'Floor!A1: lowest price' },
        { list: 'hidden', kind: 'hidden-row-or-column', count: 0, text: 'Offer!C1: 77' },
        { list: 'hidden', kind: 'hidden-row-or-column', count: 0, text: 'Offer!A2: 2' },
        {
          list: 'removed',
          kind: 'external-formula',
          text: 'Offer!A2: WEBSERVICE("http://x.example")',
        },
        { list: 'removed', kind: 'macro-sheet', text: 'Auto_Open' },
        { list: 'remark', what: 'comment', author: 'Dee', text: 'A1: too low' },
      ]),
    );
  });

  it('a PPTX: hidden slides and speaker notes with their words', async () => {
    const slide = (show: string, text: string): string =>
      `<p:sld xmlns:p="p" xmlns:a="a"${show}><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sld>`;
    const said = await remarks(() =>
      reportOffice(
        'pptx',
        makeZip({
          'ppt/presentation.xml': '<p:presentation xmlns:p="p"/>',
          'ppt/slides/slide1.xml': slide('', 'welcome'),
          'ppt/slides/slide2.xml': slide(' show="0"', 'walk-away terms'),
          'ppt/notesSlides/notesSlide1.xml': slide('', 'smile here'),
        }),
      ),
    );
    expect(said).toEqual(
      expect.arrayContaining([
        { list: 'hidden', kind: 'hidden-slide', page: 2, text: 'walk-away terms' },
        { list: 'hidden', kind: 'speaker-notes', page: 1, text: 'smile here' },
      ]),
    );
  });

  it('an ODT: annotations, deletions, and what would be fetched', async () => {
    const content =
      '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:dc="d" xmlns:xlink="x" xmlns:draw="w"><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Eli</dc:creator><dc:date>2026</dc:date></office:change-info><text:p>old words</text:p></text:deletion></text:changed-region></text:tracked-changes>' +
      '<text:p>seen<office:annotation><dc:creator>Fay</dc:creator><text:p>a note</text:p></office:annotation><draw:image xlink:href="http://track.example/p.png"/></text:p></office:document-content>';
    const said = await remarks(() => reportOffice('odt', makeZip({ 'content.xml': content })));
    expect(said).toEqual(
      expect.arrayContaining([
        { list: 'remark', what: 'deleted', author: 'Eli', text: 'old words ' },
        { list: 'remark', what: 'comment', author: 'Fay', text: 'a note ' },
        { list: 'removed', kind: 'external-relationship', text: 'http://track.example/p.png' },
      ]),
    );
  });

  it('a compression bomb is refused before it is unpacked', async () => {
    const bomb = makeDocx('', { 'word/media.xml': new Uint8Array(64 << 20) });
    await expect(remarks(() => reportOffice('docx', bomb))).rejects.toMatchObject({
      reason: 'compression-bomb',
    });
    await expect(remarks(() => reportOffice('docx', bomb))).rejects.toBeInstanceOf(JobRefusal);
  });
});

describe('archives', () => {
  it('read what they say, wherever they begin', () => {
    const zip = makeZip({ 'a.txt': 'hello' });
    const shifted = new Uint8Array(Buffer.concat([Buffer.from('junk'), zip]));
    for (const bytes of [zip, shifted]) {
      expect(new ZipReader(bytes, OFFICE_ZIP_LIMITS).text('a.txt')).toBe('hello');
    }
  });

  it('are refused where they are cut, flipped or too many', () => {
    const zip = makeZip({ 'a.txt': 'hello '.repeat(100), 'b.txt': 'x' });
    for (let at = 0; at < zip.length; at++) {
      const flipped = zip.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const bytes of [zip.subarray(0, at), flipped]) {
        try {
          const reader = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
          for (const name of reader.names) reader.read(name);
        } catch (error) {
          expect(error).toBeInstanceOf(ZipRefusal);
        }
      }
    }
    expect(() => new ZipReader(zip, { ...OFFICE_ZIP_LIMITS, entriesMax: 1 })).toThrow(ZipRefusal);
  });
});

describe('HTML as text', () => {
  it('keeps what is seen, names what is not', async () => {
    let text = '';
    const said = await remarks(() => {
      text = htmlText(
        '<h1>Terms</h1><p>Pay <a href="http://evil.example/x">here</a></p><p style="display:none">secret</p><script>steal()</script><img src="http://track.example/1.gif" alt="logo"><ul><li>one<li>two</ul>',
      );
    });
    expect(text).toBe(
      'Terms\n\nPay here [http://evil.example/x]\n\n[picture: logo]\n\n- one\n\n- two',
    );
    expect(said).toEqual(
      expect.arrayContaining([
        { list: 'link', target: 'http://evil.example/x' },
        { list: 'hidden', kind: 'hidden-text', text: 'secret' },
        { list: 'removed', kind: 'script', count: 1 },
        { list: 'removed', kind: 'external-relationship', text: 'http://track.example/1.gif' },
      ]),
    );
  });
});
