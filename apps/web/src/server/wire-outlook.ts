// What the page and the client say to each other about the outlook: numbers and codes, which the page
// has the words for, and pictures, which come with theirs.

import type { SaidWire } from './wire-said.ts';

/** What a record says itself is kept apart from our words. */
export type PictureCell = string | number | null | { readonly theirs: string };

/** A picture as SVG, with the same as a table, in the language that was asked for. */
export type Picture = {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly svg: string;
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly PictureCell[])[];
  };
};

export type OutlookAnswer = {
  /** How many events and incidents it rests on, and how many days ahead it looks. */
  readonly records: number;
  readonly days: number;
  readonly forecasts: readonly {
    /** Codes of countries (ISO 3166-1): the page names them. */
    readonly who: string;
    readonly whom: readonly string[];
    readonly p: number;
    readonly low: number;
    readonly high: number;
    /** The number in words of the scale ICD 203: `almost no chance`. */
    readonly word: string;
    readonly base: number;
  }[];
  readonly cautions: readonly { readonly said: SaidWire<'caution'>; readonly text: string }[];
  readonly pictures: readonly Picture[];
  readonly questions: readonly {
    readonly id: string;
    readonly who: string;
    readonly whom: readonly string[];
    readonly group: string | null;
    readonly issued: string;
    readonly closes: string;
    readonly open: boolean;
  }[];
  readonly scores: readonly {
    readonly forecaster: string;
    readonly forecasts: number;
    readonly resolved: number;
    readonly brier: string | null;
    readonly rank: number | null;
  }[];
  /** Resolved questions below which nobody is ranked. */
  readonly rankedFrom: number;
};
