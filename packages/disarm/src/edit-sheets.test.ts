import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { encryptedOffice } from '../testing/encrypted-office.ts';
import { makeDocx, makeXlsx } from '../testing/office-maker.ts';
import { defaultPolicy, disarm, quarantine, type Disarmed } from './index.ts';
import { noteText } from './notes.ts';

const policy = { ...defaultPolicy, mode: 'edit' } as const;

async function rebuilt(bytes: Uint8Array, password?: string): Promise<Disarmed> {
  const verdict = await disarm(
    quarantine(bytes),
    policy,
    password === undefined ? {} : { password },
  );
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}

const HOSTILE = makeXlsx(
  [
    {
      name: 'Costs',
      xml:
        '<sheetFormatPr defaultColWidth="10.5"/><cols><col min="1" max="1" width="20.5"/><col min="3" max="3" hidden="1" width="9"/></cols><sheetData>' +
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c><c r="B1" s="1"><v>45000</v></c><c r="C1"><v>7</v></c></row>' +
        '<row r="2"><c r="A2"><f>B1*2</f><v>90000</v></c><c r="B2"><f t="shared" ref="B2:B3" si="0">A2+$C$1</f><v>90007</v></c></row>' +
        '<row r="3" hidden="1"><c r="A3"><v>5</v></c><c r="B3"><f t="shared" si="0"/><v>12</v></c></row>' +
        '<row r="4"><c r="A4"><f>cmd|\'/c calc\'!A0</f><v>0</v></c><c r="B4"><f>[1]Other!A1</f><v>3</v></c><c r="C4" t="str"><f>WEBSERVICE("http://evil.example")</f><v>x</v></c></row>' +
        '<row r="5"><c r="A5"><f>SUM(Costs!A2:A3,\'Their plan\'!A1)</f><v>90006</v></c><c r="B5" t="e"><v>#DIV/0!</v></c><c r="C5" t="b"><v>1</v></c></row>' +
        '</sheetData><mergeCells><mergeCell ref="D1:E2"/></mergeCells>' +
        '<headerFooter><oddHeader>&amp;C&amp;"Arial"&amp;12Draft of &amp;A&amp;G</oddHeader><oddFooter>&amp;P/&amp;N &amp;Z&amp;F</oddFooter></headerFooter>',
    },
    {
      name: 'Their plan',
      state: 'veryHidden',
      xml: '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>',
    },
  ],
  {
    workbook: '<definedNames><definedName name="Secret">Costs!$A$1</definedName></definedNames>',
    parts: {
      'xl/styles.xml':
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-409]yyyy\\-mm\\-dd"/></numFmts><fonts><font/><font><b/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="170" fontId="1"/></cellXfs></styleSheet>',
      'xl/comments1.xml':
        '<comments><authors><author>Bea</author></authors><commentList><comment ref="A1" authorId="0"><text><t>our floor is 5</t></text></comment></commentList></comments>',
      'xl/vbaProject.bin': 'x',
      'xl/externalLinks/externalLink1.xml':
        '<externalLink><ddeLink ddeService="cmd"/></externalLink>',
    },
  },
);

describe('edit mode for workbooks', () => {
  it('keeps values, plain formulas and formats; nothing else of the sender', async () => {
    const { safe, report } = await rebuilt(HOSTILE);
    expect(safe.extension).toBe('xlsx');
    const parts = unzipSync(safe.bytes);
    expect(Object.keys(parts).toSorted()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
    ]);
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array(0));
    // Columns without a width of their own have the sender's usual one.
    expect(sheet).toMatch(
      /^.*<cols><col min="1" max="1" width="20.50"[^>]*><col min="2" max="2" width="10.50"[^>]*><col min="3" max="3" width="9.00"[^>]*><col min="4" max="16384" width="10.50"[^>]*><\/cols>/s,
    );
    expect(sheet).toContain(
      '<oddHeader>&amp;CDraft of &amp;A</oddHeader><oddFooter>&amp;P/&amp;N </oddFooter>',
    );
    expect(sheet).toContain(
      '<c r="A1" t="inlineStr"><is><t xml:space="preserve">Item</t></is></c>',
    );
    expect(sheet).toContain('<c r="B1" s="1"><v>45000</v></c>');
    expect(sheet).toContain('<c r="A2"><f>B1*2</f><v>90000</v></c>');
    // The formula that two cells share is written out, its relative places moved.
    expect(sheet).toContain('<c r="B3"><f>A3+$C$1</f><v>12</v></c>');
    expect(sheet).toContain('<c r="A4"><v>0</v></c><c r="B4"><v>3</v></c>');
    expect(sheet).toContain("<f>SUM(Costs!A2:A3,'Their plan'!A1)</f>");
    expect(sheet).toContain('<mergeCell ref="D1:E2"/>');
    expect(strFromU8(parts['xl/styles.xml'] ?? new Uint8Array(0))).toContain(
      'formatCode="[$-409]yyyy\\-mm\\-dd"',
    );
    const all = Object.values(parts)
      .map((part) => strFromU8(part))
      .join('');
    expect(all).not.toMatch(/hidden|Secret|WEBSERVICE|calc|\[1\]|Bea|floor|External/i);
    const kinds = report.removed.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['macro', 'external-formula', 'formula', 'defined-name', 'dde']),
    );
    expect(report.hidden.map(({ kind }) => kind)).toEqual(['hidden-sheet', 'hidden-row-or-column']);
    expect(report.remarks).toMatchObject([
      { what: 'comment', author: 'Bea', text: 'A1: our floor is 5' },
    ]);
    expect((await rebuilt(HOSTILE)).safe.sha256).toBe(safe.sha256);
  });

  it('disarmed again, a copy is the same copy', async () => {
    const once = await rebuilt(HOSTILE);
    const again = await rebuilt(once.safe.bytes);
    expect(again.safe.sha256).toBe(once.safe.sha256);
    expect(again.report.removed).toEqual([]);
  });
});

it('a workbook with more cells than a copy holds is refused, not cut', async () => {
  // Numbers without a pattern, so that it is no bomb by its packing.
  const cell = (n: number): string => `<c><v>${Math.imul(n, 2_654_435_761) >>> 0}</v></c>`;
  const cells = (row: number): string =>
    Array.from({ length: 1000 }, (_, i) => cell(1000 * row + i)).join('');
  const rows = Array.from({ length: 501 }, (_, i) => `<row>${cells(i)}</row>`).join('');
  const bytes = makeXlsx([{ name: 'A', xml: `<sheetData>${rows}</sheetData>` }]);
  const verdict = await disarm(quarantine(bytes), policy);
  expect(verdict.ok ? 'rebuilt' : verdict.reason).toBe('output-too-large');
});

describe('an encrypted office file', () => {
  it('asks for its password, goes on with it, and says that the copy is not encrypted', async () => {
    const inside = makeDocx('<w:p><w:r><w:t>sealed words</w:t></w:r></w:p>');
    const locked = encryptedOffice(inside, 'Bär 9');
    expect(await disarm(quarantine(locked), policy)).toMatchObject({ reason: 'encrypted' });
    expect(await disarm(quarantine(locked), policy, { password: 'no' })).toMatchObject({
      reason: 'wrong-password',
    });
    const { safe, report } = await rebuilt(locked, 'Bär 9');
    const document = unzipSync(safe.bytes)['word/document.xml'] ?? new Uint8Array(0);
    expect(strFromU8(document)).toContain('sealed words');
    expect(report.detected).toBe('docx');
    expect(report.notes.map(noteText).join(' ')).toContain('The original is encrypted');
    const broken = locked.slice(0, -512);
    expect(await disarm(quarantine(broken), policy, { password: 'x' })).toMatchObject({
      reason: 'broken',
    });
  });
});
