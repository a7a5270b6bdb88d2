// The few sentences that every reader of office files says.

import { emit, type CageRemark } from '../cage/emit.ts';
import type { Detail } from '../details.ts';
import type { RemovedKind } from '../report.ts';
import { mixedWords, unseenInWords } from '../unseen.ts';

/** Something that acts or tells, named for the report by what the document says or by a sentence of ours. */
export const removed = (kind: RemovedKind, text: string | Detail = ''): void =>
  emit.remark({
    list: 'removed',
    kind,
    ...(typeof text === 'string' ? { text } : { said: text }),
  });

/** A comment or a tracked change; empty ones say nothing. */
export const remark = (entry: Extract<CageRemark, { list: 'remark' }>): void => {
  if (entry.text.trim() !== '') emit.remark(entry);
};

/** What one paragraph hides in its letters: marks that nobody sees, and words of two alphabets. */
export function reportLetters(text: string): void {
  for (const kind of unseenInWords(text)) emit.remark({ list: 'hidden', kind, text });
  if (!/[\u0370-\u052f]/.test(text)) return;
  for (const word of mixedWords(text))
    emit.remark({ list: 'hidden', kind: 'look-alike-letters', text: word });
}

const URL_IN_FIELD = /"([^"]+)"/;

/** One field instruction: named by what it would do. */
export function reportField(instruction: string): void {
  const text = instruction.trim();
  const name = /^[A-Za-z]+/.exec(text)?.[0]?.toUpperCase() ?? '';
  if (name === 'DDE' || name === 'DDEAUTO') return removed('dde', text);
  if (name === 'HYPERLINK') {
    const target = URL_IN_FIELD.exec(text)?.[1];
    if (target !== undefined) emit.remark({ list: 'link', target });
    return;
  }
  const acts = [
    'INCLUDETEXT',
    'INCLUDEPICTURE',
    'LINK',
    'IMPORT',
    'DATABASE',
    'MACROBUTTON',
    'RD',
    'AUTOTEXT',
    'EMBED',
  ];
  if (acts.includes(name)) removed('field-code', text);
}
