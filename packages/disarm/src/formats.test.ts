import { strFromU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { HOSTILE_BODY, HOSTILE_PARTS, makeDocx, makeZip } from '../testing/office-maker.ts';
import { hostilePdf } from '../testing/pdf-maker.ts';
import { defaultPolicy, disarm, quarantine, type Disarmed } from './index.ts';

async function rebuilt(bytes: Uint8Array, policy = defaultPolicy): Promise<Disarmed> {
  const verdict = await disarm(quarantine(bytes), policy);
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}
const text = (done: Disarmed): string => new TextDecoder().decode(done.safe.bytes);

describe('mail', () => {
  const mail = (attachment: Uint8Array): Uint8Array =>
    new TextEncoder().encode(
      [
        'From: Ana <ana@alpha.example>',
        'To: Bo <bo@beta.example>',
        'Subject: Draft',
        'Date: Sat, 21 Nov 2026 10:00:00 +0000',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=x',
        '',
        '--x',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>See the <b>draft</b>.</p><img src="http://track.example/p.gif">',
        '--x',
        'Content-Type: application/pdf',
        'Content-Disposition: attachment; filename="../draft.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(attachment).toString('base64'),
        '--x--',
        '',
      ].join('\r\n'),
    );

  it('becomes text, and each attachment a copy of its own', async () => {
    const done = await rebuilt(mail(hostilePdf()));
    expect(text(done)).toContain('Subject: Draft');
    expect(text(done)).toContain('See the draft.');
    expect(done.parts).toHaveLength(1);
    expect(done.parts[0]?.safe.mediaType).toBe('application/pdf');
    expect(done.report.parts[0]?.report?.removed.map((finding) => finding.kind)).toContain(
      'javascript',
    );
    expect(done.report.removed.map((finding) => finding.kind)).toContain('external-relationship');
  });

  it('keeps standing where an attachment is refused, and says so', async () => {
    const done = await rebuilt(mail(Uint8Array.of(0, 1, 2)));
    expect(done.parts).toEqual([]);
    expect(done.report.parts).toEqual([
      { name: '../draft.pdf', outcome: 'refused', reason: 'unsupported', report: null },
    ]);
  });
});

describe('archives', () => {
  it('give each file its own copy, and stop at their depth', async () => {
    const inner = zipSync({ 'c.txt': new TextEncoder().encode('three') });
    const done = await rebuilt(makeZip({ 'a.txt': 'one', 'b.zip': inner }));
    expect(done.parts.map((part) => part.name)).toEqual(['a.txt', 'b.zip', 'b.zip/c.txt']);
    const flat = await rebuilt(makeZip({ 'b.zip': inner }), { ...defaultPolicy, depthMax: 1 });
    expect(flat.report.parts[0]?.reason).toBe('too-deep');
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${i}.txt`, 'x']));
    const first = await rebuilt(makeZip(many), { ...defaultPolicy, partsMax: 4 });
    expect(first.parts).toHaveLength(4);
    expect(first.report.parts[4]).toMatchObject({ name: '4.txt', reason: 'not-reached' });
  });
});

describe('edit mode', () => {
  it('a DOCX becomes a fresh DOCX: words, headings and tables; no change, field, macro or name', async () => {
    const policy = { ...defaultPolicy, mode: 'edit' } as const;
    const pages =
      '<w:p><w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> of </w:t></w:r>' +
      '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>NUMPAGES</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' +
      '<w:r><w:t>9</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>';
    const done = await rebuilt(makeDocx(HOSTILE_BODY + pages, HOSTILE_PARTS), policy);
    expect(done.safe.extension).toBe('docx');
    const parts = unzipSync(done.safe.bytes);
    expect(Object.keys(parts).toSorted()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'word/_rels/document.xml.rels',
      'word/document.xml',
      'word/footer.xml',
      'word/footnotes.xml',
      'word/header.xml',
      'word/numbering.xml',
      'word/settings.xml',
      'word/styles.xml',
    ]);
    const document = strFromU8(parts['word/document.xml'] ?? new Uint8Array(0));
    expect(document).toContain('<w:pStyle w:val="Heading1"/>');
    expect(document).toContain('The parties shall agree.');
    expect(document).toContain('cell two');
    expect(document).toContain('shown');
    const all = Object.values(parts)
      .map((part) => strFromU8(part))
      .join('');
    expect(all).not.toMatch(/DDEAUTO|w:ins\b|w:del\b|vanish|not for them|External|evil|Bea|rsid/);
    // Of all fields only the numbers of pages, and those without what they last showed.
    expect(all).not.toMatch(/TargetMode|fldChar|instrText|w:object|altChunk|oleObject|>7<|>9</);
    expect([...all.matchAll(/w:instr="([^"]*)"/g)].map(([, words]) => words)).toEqual([
      ' PAGE ',
      ' NUMPAGES ',
    ]);
    expect(done.report.remarks.map((remark) => remark.what)).toEqual([
      'inserted',
      'deleted',
      'comment',
    ]);
    const again = await rebuilt(makeDocx(HOSTILE_BODY + pages, HOSTILE_PARTS), policy);
    expect(again.safe.sha256).toBe(done.safe.sha256);
  });
});

describe('the small formats', () => {
  it('GIF, BMP and PNM become PNG', async () => {
    const gif = Buffer.from(
      '47494638396101000100800000000000ffffff2c00000000010001000002024401003b',
      'hex',
    );
    const bmp = Buffer.alloc(58);
    bmp.write('BM');
    bmp.writeUInt32LE(54, 10);
    bmp.writeUInt32LE(40, 14);
    bmp.writeInt32LE(1, 18);
    bmp.writeInt32LE(1, 22);
    bmp.writeUInt16LE(24, 28);
    for (const bytes of [gif, bmp, Buffer.from('P3 1 1 255 1 2 3\n')]) {
      expect((await rebuilt(new Uint8Array(bytes))).safe.extension).toBe('png');
    }
  });

  it('HTML, CSV and HWPX become text', async () => {
    const html = await rebuilt(
      new TextEncoder().encode('<!doctype html><p>hello</p><script>x</script>'),
    );
    expect(text(html)).toBe('hello\n');
    const csv = await rebuilt(new TextEncoder().encode('a,b,c\n1,2,3\n'));
    expect(text(csv)).toBe('a,b,c\n1,2,3\n');
    const hwpx = await rebuilt(
      makeZip({
        'Contents/section0.xml':
          '<hs:sec xmlns:hs="s" xmlns:hp="p"><hp:p><hp:run><hp:t>합의문</hp:t></hp:run></hp:p></hs:sec>',
      }),
    );
    expect(text(hwpx)).toBe('합의문\n');
  });
});
