// Plain text: decoded strictly, shown in one line-end form, without characters that cannot be seen.

import { readText } from '../kind.ts';
import { BIDI, CONTROL, mixedWords, ZERO_WIDTH } from '../unseen.ts';
import { emit, JobRefusal } from './emit.ts';

/** Removes what cannot be seen and says so. Zero-width joiners inside scripts that need them are kept. */
export function cleanText(text: string): string {
  const lines = text.replaceAll(/\r\n?|\u0085|\u2028|\u2029/g, '\n').replaceAll('\f', '\n');
  const remove = (
    from: string,
    pattern: RegExp,
    found: (count: number) => void,
    keep?: (before: string) => boolean,
  ): string => {
    let count = 0;
    const clean = from.replaceAll(pattern, (match, at: number) => {
      if (
        keep?.(from.slice(Math.max(0, at - 2), at)) === true &&
        (match === '\u200c' || match === '\u200d')
      ) {
        return match;
      }
      count++;
      return '';
    });
    if (count > 0) found(count);
    return clean;
  };
  let clean = remove(lines.replace(/^\ufeff/, ''), CONTROL, (count) =>
    emit.remark({ list: 'removed', kind: 'control-characters', count }),
  );
  clean = remove(clean, BIDI, (count) =>
    emit.remark({ list: 'hidden', kind: 'bidi-control', count }),
  );
  // Persian, Arabic and the scripts of India are misspelt without joiners.
  const joining = (before: string): boolean =>
    /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Sinhala}\p{Script=Malayalam}\p{Emoji_Presentation}]$/u.test(
      before,
    );
  clean = remove(
    clean,
    ZERO_WIDTH,
    (count) => emit.remark({ list: 'hidden', kind: 'zero-width', count }),
    joining,
  );
  const mixed = mixedWords(clean);
  if (mixed.length > 0) {
    for (const text of mixed.slice(0, 20))
      emit.remark({ list: 'hidden', kind: 'look-alike-letters', text });
  }
  return clean;
}

export function convertText(bytes: Uint8Array): void {
  const text = readText(bytes);
  if (text === undefined) throw new JobRefusal('unsupported', 'not text');
  emit.text(cleanText(text));
}

/** HTML as the text a reader sees. A page that looks different from its text cannot be shown safely as HTML. */
export async function convertHtml(bytes: Uint8Array): Promise<void> {
  const text = readText(bytes);
  if (text === undefined) throw new JobRefusal('unsupported', 'not text');
  const { htmlText } = await import('../readers/html-text.ts');
  emit.text(cleanText(`${htmlText(text)}\n`));
}
