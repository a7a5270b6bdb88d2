import { describe, expect, it } from 'vitest';
import { encryptedPdf } from '../testing/encrypted.ts';
import { hostilePdf, makePdf, manyPages, onePage, type PdfObject } from '../testing/pdf-maker.ts';
import {
  defaultPolicy,
  describeReport,
  disarm,
  quarantine,
  reportPage,
  type Disarmed,
} from './index.ts';
import { writePng } from './writer/png.ts';

async function rebuilt(bytes: Uint8Array, policy = defaultPolicy): Promise<Disarmed> {
  const verdict = await disarm(quarantine(bytes), policy);
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}

describe('a hostile PDF', () => {
  it('becomes a copy with its visible text and nothing that acts', async () => {
    const { safe, report } = await rebuilt(hostilePdf());
    const text = Buffer.from(safe.bytes).toString('latin1');
    expect(safe.mediaType).toBe('application/pdf');
    expect(text).not.toMatch(/JavaScript|Launch|OpenAction|URI|EmbeddedFile|Annots|evil/);
    expect(report.pages).toEqual([
      { page: 1, mode: 'structure', likeness: expect.any(Number) as number },
    ]);
    const removed = report.removed.map((finding) => finding.kind);
    expect(removed).toEqual(
      expect.arrayContaining([
        'javascript',
        'action',
        'launch-action',
        'embedded-file',
        'external-link',
        'appended-data',
      ]),
    );
    expect(report.links).toEqual([{ target: 'http://evil.example/track?id=7', page: 1 }]);
  });

  it('tells the reader of white text, and leaves it out of the copy', async () => {
    const { report } = await rebuilt(hostilePdf());
    expect(report.hidden).toEqual([
      { kind: 'invisible-text', count: 1, pages: [1], texts: ['the secret clause'] },
    ]);
    expect(describeReport(report).join('\n')).toContain('the secret clause');
    expect(reportPage(report, '<b>name</b>')).not.toContain('<b>');
  });

  it('gives the same bytes twice, and nearly the same when disarmed again', async () => {
    const once = await rebuilt(hostilePdf());
    const twice = await rebuilt(hostilePdf());
    expect(twice.safe.sha256).toBe(once.safe.sha256);
    expect(twice.policy).toBe(once.policy);
    const again = await rebuilt(once.safe.bytes);
    expect(again.report.removed).toEqual([]);
    expect(again.report.hidden).toEqual([]);
  });

  it('shows pages as pictures in pixel mode', async () => {
    const { report, safe } = await rebuilt(hostilePdf(), { ...defaultPolicy, mode: 'pixel' });
    expect(report.pages[0]?.mode).toBe('pixel');
    expect(Buffer.from(safe.bytes).toString('latin1')).toContain('/Subtype/Image');
  });
});

describe('bad input', () => {
  const reason = async (
    bytes: Uint8Array,
    policy = defaultPolicy,
    password?: string,
  ): Promise<string> => {
    const verdict = await disarm(
      quarantine(bytes),
      policy,
      password === undefined ? {} : { password },
    );
    return verdict.ok ? 'rebuilt' : verdict.reason;
  };

  it('ends in a reason', async () => {
    expect(await reason(new Uint8Array(0))).toBe('empty');
    expect(await reason(Uint8Array.of(0, 1, 2, 3))).toBe('unsupported');
    expect(await reason(onePage('').subarray(0, 40))).toBe('broken');
    expect(await reason(onePage(''), { ...defaultPolicy, inputMaxBytes: 10 })).toBe('too-large');
    expect(await reason(onePage(''), { ...defaultPolicy, outputMaxBytes: 10 })).toBe(
      'output-too-large',
    );
  });

  it('11,000 pages are refused at once', async () => {
    expect(await reason(manyPages(11_000))).toBe('too-many-pages');
  });

  it('100 megapixels are refused before they are decoded', async () => {
    const small = writePng({ id: 0, width: 1, height: 1, kind: 'gray', pixels: Uint8Array.of(1) });
    const huge = small.slice();
    new DataView(huge.buffer).setUint32(16, 10_000);
    new DataView(huge.buffer).setUint32(20, 10_000);
    expect(await reason(huge)).toBe('too-many-pixels');
  });

  it('a page the size of a house is refused', async () => {
    const house = makePdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100000 100000]>>',
    ]);
    expect(await reason(house)).toBe('page-too-large');
  });

  it('an encrypted document asks for its password and goes on with it', async () => {
    const locked = await encryptedPdf(
      onePage('BT /F1 18 Tf 20 100 Td (sealed) Tj ET'),
      'open sesame',
    );
    expect(await reason(locked)).toBe('encrypted');
    expect(await reason(locked, defaultPolicy, 'wrong')).toBe('wrong-password');
    expect(await reason(locked, defaultPolicy, 'open sesame')).toBe('rebuilt');
  });

  it('a page that keeps the reader busy is stopped', async () => {
    const busy = onePage('0 0 300 200 re f '.repeat(200_000));
    expect(await reason(busy, { ...defaultPolicy, silenceMs: 150 })).toBe('timeout');
  });

  it('a reader that takes too much memory is stopped', async () => {
    expect(await reason(onePage(''), { ...defaultPolicy, memoryMaxBytes: 40 << 20 })).toBe(
      'memory',
    );
  });

  it('an engine whose document asks for too much memory ends by itself and says so, before it is ended', async () => {
    const form = (other: number): PdfObject => ({
      dictionary: `/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X ${other} 0 R>>>>`,
      stream: '/X Do '.repeat(10),
    });
    const loop = onePage('/X Do', {
      page: '/Resources<</XObject<</X 6 0 R>>>>',
      objects: [form(7), form(6)],
    });
    const verdict = await disarm(quarantine(loop), {
      ...defaultPolicy,
      memoryMaxBytes: 400 << 20,
    });
    expect(verdict).toMatchObject({ ok: false, reason: 'memory' });
    // Who is ended from outside says nothing.
    expect(verdict.ok ? '' : verdict.detail).not.toBe('');
  });

  it('a caller that cancels gets its answer', async () => {
    const verdict = await disarm(quarantine(onePage('')), defaultPolicy, {
      signal: AbortSignal.abort(),
    });
    expect(verdict).toMatchObject({ ok: false, reason: 'cancelled' });
  });
});

describe('pictures and text', () => {
  it('a PNG loses its metadata and its tail, and keeps its pixels', async () => {
    const picture = {
      id: 0,
      width: 2,
      height: 1,
      kind: 'rgb',
      pixels: Uint8Array.of(255, 0, 0, 0, 0, 255),
    } as const;
    const clean = writePng(picture);
    const { safe, report } = await rebuilt(
      new Uint8Array(Buffer.concat([clean, Buffer.from('PK tail')])),
    );
    expect(safe.bytes).toEqual(clean);
    expect(report.removed.map((finding) => finding.kind)).toEqual(['appended-data']);
  });

  it('text loses what cannot be seen, and the reader is told', async () => {
    const text = 'pay\u202e 001\u202c to\u200b p\u0430ypal\r\nend\u0007\n';
    const { safe, report } = await rebuilt(new TextEncoder().encode(text));
    expect(new TextDecoder().decode(safe.bytes)).toBe('pay 001 to p\u0430ypal\nend\n');
    expect(report.hidden.map((finding) => finding.kind)).toEqual([
      'bidi-control',
      'zero-width',
      'look-alike-letters',
    ]);
    expect(report.removed.map((finding) => finding.kind)).toEqual(['control-characters']);
  });
});
