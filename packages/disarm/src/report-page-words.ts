// The words of the report's page: English here, other languages with the apps.

import { escapedHtml, inEnglish, pageInEnglish, type PageWords } from '@parley/kernel';

import { DETAIL_SENTENCES, type Detail } from './details.ts';
import { noteText, type Note } from './notes.ts';
import { foundText } from './report.ts';

export const REPORT_PAGE_SENTENCES = {
  title: 'Safe copy: report',
  heading: 'What was found in {name}',
  detected: 'Detected by content',
  also: 'Also reads as',
  original: 'Original',
  'original-is': '{bytes} bytes, SHA-256 {digest}',
  pages: 'Pages',
  pictured: 'Pages shown as pictures',
  likeness: 'Least likeness of a page',
  opened: 'Opened in',
  'in-cage': 'a cage (bubblewrap)',
  'in-child': 'a child process under a permission model only',
  removed: 'Removed',
  hidden: 'Hidden in the original',
  remarks: 'Comments and changes',
  links: 'Links, as text',
  parts: 'Files inside',
  times: '{kind}: {count}',
  'times-on': '{kind}: {count}, on page {pages}',
  'on-page': 'page {page}',
  shown: 'its words stand in the text',
  clean: 'Nothing hidden was found, and nothing active.',
  rebuilt: 'rebuilt',
  refused: 'cannot be rebuilt safely',
} as const;

export type ReportPageCode = keyof typeof REPORT_PAGE_SENTENCES;

/** What the page says: its own sentences, and those of findings, notes and details, as HTML. */
export type ReportPageWords = PageWords<ReportPageCode> & {
  /** A kind of finding, of remark, of a part of a sheet, or a reason of a refusal. */
  readonly word: (of: 'found' | 'remark' | 'of' | 'reason', code: string) => string;
  readonly note: (note: Note) => string;
  /** `theirs` makes HTML of what the document says. */
  readonly detail: (detail: Detail, theirs: (text: string) => string) => string;
};

/** English: kinds by their own words, as in the sentences that the command prints. */
export const ENGLISH_REPORT: ReportPageWords = {
  ...pageInEnglish(REPORT_PAGE_SENTENCES),
  word: (of, code) => escapedHtml(of === 'found' ? foundText(code) : code.replaceAll('-', ' ')),
  note: (note) => escapedHtml(noteText(note)),
  detail: ({ code, values }, theirs) => {
    const made = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? theirs(value) : value,
    ]);
    return inEnglish(DETAIL_SENTENCES, {
      code,
      values: Object.fromEntries(made) as Detail['values'],
    });
  },
};
