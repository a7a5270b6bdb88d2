// Plain text: decoded strictly, shown in one line-end form, without characters that cannot be seen.

import { readText } from '../kind.ts';
import { removed } from '../readers/tell.ts';
import { BIDI, CONTROL, mixedWords, ZERO_WIDTH } from '../unseen.ts';
import { emit, JobRefusal } from './emit.ts';

/** Lines quoted of each kind. */
const LINES_MAX = 20;

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
  const seen = (kind: 'bidi-control' | 'zero-width', pattern: RegExp, count: number): void => {
    emit.remark({ list: 'hidden', kind, count });
    // Counted already; the lines are for the reader to find them.
    const where = clean.split('\n').filter((line) => line.search(pattern) >= 0);
    for (const text of where.slice(0, LINES_MAX))
      emit.remark({ list: 'hidden', kind, count: 0, text });
  };
  clean = remove(clean, BIDI, (count) => seen('bidi-control', BIDI, count));
  // Persian, Arabic and the scripts of India are misspelt without joiners.
  const joining = (before: string): boolean =>
    /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Sinhala}\p{Script=Malayalam}\p{Emoji_Presentation}]$/u.test(
      before,
    );
  clean = remove(clean, ZERO_WIDTH, (count) => seen('zero-width', ZERO_WIDTH, count), joining);
  const mixed = mixedWords(clean);
  if (mixed.length > 0) {
    for (const text of mixed.slice(0, 20))
      emit.remark({ list: 'hidden', kind: 'look-alike-letters', text });
  }
  return clean;
}

export function convertText(kind: 'text' | 'csv', bytes: Uint8Array): void {
  const text = readText(bytes);
  if (text === undefined) throw new JobRefusal('unsupported', 'not text');
  if (kind === 'csv') reportCells(text);
  else reportMarkdown(text);
  emit.text(cleanText(text));
}

/** Cells that a spreadsheet would compute. The copy is a text, in which they are words. */
function reportCells(text: string): void {
  for (const [, quoted, bare = ''] of text.matchAll(
    /(?<=^|[,;\t\n])(?:"((?:[^"]|"")*)"|([^",;\t\n]+))/g,
  )) {
    const cell = (quoted?.replaceAll('""', '"') ?? bare).trim();
    if (!/^(?:[=@]|[+-][^\s\d.,])/.test(cell)) continue;
    if (/^.[^!]*\||\bDDE\s*\(/i.test(cell)) removed('dde', cell);
    else if (/\b(?:WEBSERVICE|HYPERLINK|IMPORT\w*|IMAGE|RTD)\s*\(|\[/i.test(cell))
      removed('external-formula', cell);
    else if (/^=|\(/.test(cell)) removed('formula', cell);
  }
}

/** What a reader of Markdown would follow or fetch. */
function reportMarkdown(text: string): void {
  for (const [, picture, target = ''] of text.matchAll(
    /(!?)\[[^\]\n]{0,500}\]\(\s*<?([^\s)>]+)/g,
  )) {
    if (/^(?:javascript|vbscript|data):/i.test(target)) removed('javascript', target);
    else if (picture === '!') removed('external-relationship', target);
    else emit.remark({ list: 'link', target });
  }
  for (const [tag] of text.matchAll(/<(?:script|iframe|object|embed|form)\b[^>\n]{0,500}/gi))
    removed('active-element', tag);
}

/** HTML as the text a reader sees. A page that looks different from its text cannot be shown safely as HTML. */
export async function convertHtml(bytes: Uint8Array): Promise<void> {
  const text = readText(bytes);
  if (text === undefined) throw new JobRefusal('unsupported', 'not text');
  const { htmlText } = await import('../readers/html-text.ts');
  emit.text(cleanText(`${htmlText(text)}\n`));
}
