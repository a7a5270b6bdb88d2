// What a reader should know of a safe copy: every note by its kind, with its numbers, so that apps say it in any language.

import { inEnglish, type Said } from '@parley/kernel';

export const NOTE_SENTENCES = {
  'was-locked':
    'The original is encrypted. The copy is not: keep it as the original was meant to be kept.',
  'hwp-changes':
    'This HWP document has tracked changes. The copy shows the text with inserted and deleted words alike; ask for a clean PDF.',
  'hwp-words-only':
    'The copy of this HWP document has its words, not its layout; its pictures are beside it. Ask for a PDF where the layout matters.',
  'hwpx-words-only':
    'The copy of this HWPX document has its words, not its layout; its pictures are beside it. Ask for a PDF where the layout matters.',
  'files-unopened':
    '{count} files are inside; {left} of them, more than the policy allows, were not opened.',
  'sheet-left-out':
    'Left out of the copy: {pictures} picture(s), {charts} chart(s), {pivots} pivot table(s). The structure mode shows them on its pages.',
  'drawn-anew':
    'Written anew: {charts} chart(s) from their values, {boxes} text box(es), {pictures} picture(s); of {drawings} drawing(s) of objects and diagrams the words.',
  'mail-versions-differ':
    'The plain and the formatted version of this mail do not say the same. The copy has both.',
  'mail-sender': 'Who really sent this mail is a question of its own: ask parley mail check.',
  'sheets-unhidden':
    'Hidden sheets stand openly in the copy, so that sums stay right. They are listed.',
  'format-changes':
    '{count} tracked change(s) of formatting were not kept as changes: the text looks as after them.',
  'page-unread': 'Page {page} could not be read and is empty in the copy.',
  'letters-undrawn':
    'Page {page}: {count} letter(s) could not be drawn, because their font is not in the document. They can be selected as text.',
  'letters-unmapped':
    '{count} letter shape(s) do not say which letter they are: the copy shows them, but its text layer lacks them.',
  'was-signed':
    'The original carries an electronic signature. A rebuilt copy cannot carry it: check it on the original with the sender.',
  'no-bubblewrap':
    "Bubblewrap is not usable on this machine, so the document was opened in a child process under Node's permission model only.",
  'report-cut': 'More was found than a report holds: each list shows its first {count}.',
  'weaker-cage':
    'That keeps an honest engine from files and programs, but it is not a sandbox: an engine that is taken over could reach the network. Install bubblewrap (apt install bubblewrap).',
} as const;

export type NoteCode = keyof typeof NOTE_SENTENCES;

const isNote = (word: unknown): word is NoteCode =>
  typeof word === 'string' && Object.hasOwn(NOTE_SENTENCES, word);

/** A note with its numbers: nothing of the stranger is in it. */
export type Note = Said<NoteCode>;

export const noteText = (note: Note): string => inEnglish(NOTE_SENTENCES, note);

/** Reads what a cage says: a kind of ours and numbers, nothing else. */
export function readNote(said: unknown): Note | undefined {
  if (typeof said !== 'object' || said === null) return undefined;
  const { code, values } = said as Record<string, unknown>;
  if (!isNote(code)) return undefined;
  const numbers = Object.entries(
    typeof values === 'object' && values !== null ? values : {},
  ).filter(
    (pair): pair is [string, number] =>
      /^[a-z]{1,20}$/.test(pair[0]) && Number.isSafeInteger(pair[1]),
  );
  return { code, values: Object.fromEntries(numbers.slice(0, 8)) };
}
