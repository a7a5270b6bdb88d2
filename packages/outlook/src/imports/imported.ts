// What an importer hands back: records, rows it refused with a reason, and actors for the gazetteer. Nothing is stored here.

import type { CountryCode } from '../country.ts';
import type { HistoryRecord } from '../history/record.ts';

/** A named group with every name it goes by, for reading articles and for profiles. */
export type NamedActor = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly country: CountryCode | null;
  readonly sponsor: 'state' | 'non-state' | 'unknown';
  /** ATT&CK techniques, where the source lists them. */
  readonly techniques: readonly string[];
  readonly source: string;
};

export type RefusedRow = { readonly row: string; readonly reason: string; readonly detail: string };

export type Imported = {
  readonly dataset: string;
  readonly records: readonly HistoryRecord[];
  readonly actors: readonly NamedActor[];
  readonly refused: readonly RefusedRow[];
  /** What the reader of the whole batch must know, each a sentence. */
  readonly remarks: readonly string[];
};

export type ImportReason =
  | 'unknown-format'
  | 'wrong-columns'
  | 'not-json'
  | 'wrong-shape'
  | 'too-large'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'field-too-long'
  | 'text-after-quote'
  | 'unclosed-quote'
  | 'too-many-bad-rows'
  | 'nothing-usable'
  | 'bad-mapping'
  | 'cyclic-references';

/** Above this share of refused rows a file is the wrong file, and nothing of it is taken. */
export const BAD_ROW_SHARE_MAX = 0.05;

/** The text of a URL list or a sentence, at most `max` characters, so that no record outgrows its file. */
export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
