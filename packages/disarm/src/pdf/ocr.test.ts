import { describe, expect, it } from 'vitest';
import { onePage } from '../../testing/pdf-maker.ts';
import { defaultPolicy, disarm, quarantine } from '../index.ts';
import { joined, unseenWords } from './ocr.ts';

const policy = { ...defaultPolicy, mode: 'pixel', languages: ['eng'] } as const;
const LINE = 'The parties agree that every delegation shall receive the same text before noon';

function page(shown: string, layer: string): Uint8Array {
  const lines = (text: string, mode: number): string =>
    (text.match(/.{1,40}(\s|$)/g) ?? [])
      .map((line, i) => `BT ${mode} Tr /F1 12 Tf 20 ${170 - 20 * i} Td (${line}) Tj ET`)
      .join(' ');
  return onePage(`${lines(shown, 0)} ${lines(layer, 3)}`);
}

describe('pixel mode', () => {
  it('reads the page and makes that its text layer', async () => {
    const verdict = await disarm(quarantine(page(LINE, '')), policy);
    expect(verdict.ok).toBe(true);
    if (!verdict.ok) return;
    expect(verdict.value.report.pages[0]?.mode).toBe('pixel');
    expect(verdict.value.report.hidden).toEqual([]);
    expect(verdict.value.engine).toContain('tesseract');
    // The copy's own text, read back by a second pass in structure mode, is what was shown.
    const again = await disarm(quarantine(verdict.value.safe.bytes), defaultPolicy);
    expect(again.ok && again.value.report.notes).toEqual([]);
  });

  it('names a text layer that says other than the page', async () => {
    const lie =
      'Payment goes to another account number at another bank whenever somebody copies these words';
    const verdict = await disarm(quarantine(page(LINE, lie)), policy);
    expect(verdict.ok).toBe(true);
    if (!verdict.ok) return;
    const [found] = verdict.value.report.hidden.filter((f) => f.kind === 'text-layer-differs');
    expect(found?.texts.join(' ')).toContain('payment');
  });

  it('judges only where there is enough to judge', () => {
    const seen = LINE.split(' ').map((text) => ({ text, left: 0, top: 0, width: 1, height: 1 }));
    expect(unseenWords(LINE, seen)).toEqual([]);
    expect(unseenWords('few words only', [])).toEqual([]);
    expect(unseenWords(LINE, []).length).toBeGreaterThan(8);
  });

  it('joins the syllables of a Korean word, and leaves words, lines and other letters apart', () => {
    const at = (text: string, left: number, line = '1') => ({
      text,
      left,
      line,
      top: 0,
      width: 20 * text.length,
      height: 20,
    });
    const texts = (...words: ReturnType<typeof at>[]): string[] =>
      joined(words).map(({ text }) => text);
    expect(texts(at('합', 0), at('의문', 22), at('.', 63))).toEqual(['합의문.']);
    expect(texts(at('합의', 0), at('초안', 48))).toEqual(['합의', '초안']);
    expect(texts(at('합', 0), at('의', 22, '2'))).toEqual(['합', '의']);
    expect(texts(at('in', 0), at('to', 41))).toEqual(['in', 'to']);
    expect(joined([at('합', 0), at('의', 22)])[0]).toMatchObject({ left: 0, width: 42 });
  });
});
