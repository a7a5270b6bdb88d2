// Which forms every language has: those of French. A form that is missing does not compile.

import type { frDetails } from './fr-details.ts';
import type { frPages } from './fr-pages.ts';
import type { frEvidence } from './fr-evidence.ts';
import type { frSaid } from './fr-said.ts';

type Forms<T> = { readonly [Code in keyof T]: string };

/** Entries, alarms, notes of a report, cautions of a forecast, words of its pictures. */
export type SaidIn = { readonly [Table in keyof typeof frSaid]: Forms<(typeof frSaid)[Table]> };
export type EvidenceIn = Forms<typeof frEvidence>;
export type DetailsIn = Forms<typeof frDetails>;
export type SaidTables = SaidIn & { readonly mail: EvidenceIn; readonly detail: DetailsIn };

/** What the pages that the command writes say: a report of a document, a record. */
export type WrittenPagesIn = {
  readonly [Table in keyof typeof frPages]: Forms<(typeof frPages)[Table]>;
};
