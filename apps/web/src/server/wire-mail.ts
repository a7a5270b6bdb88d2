// What the page and the client say to each other about a mail, as plain types.

import type { SaidWire } from './wire-said.ts';
import type { Found } from './wire.ts';

/** A text from a mail with the characters in question, as UTF-16 offsets. */
export type Mark = {
  readonly where: string;
  /** The same as data; null for the name of a header line. */
  readonly place: SaidWire<'mail'> | null;
  readonly text: string;
  readonly spans: readonly (readonly [start: number, end: number])[];
};

export type Evidence = {
  readonly detector: string;
  readonly strength: 'stop' | 'warn' | 'info';
  readonly text: string;
  readonly said: SaidWire<'mail'>;
  readonly marks: readonly Mark[];
  readonly source: string;
};

export type MailAnswer = {
  readonly verdict: 'proven' | 'altered' | 'denied' | 'suspicious' | 'unknown';
  readonly party: string | null;
  readonly evidence: readonly Evidence[];
  readonly mail: {
    readonly from: string;
    readonly date: string | null;
    readonly subject: string;
    readonly messageId: string;
    readonly files: readonly string[];
  };
};

/** What became of a mail's files, and where their safe copies are to be fetched. */
export type MailFilesAnswer = {
  /** Names this mail when a copy is fetched. */
  readonly mail: number;
  readonly files: readonly {
    readonly name: string;
    /** Why it could not be rebuilt; null where it was. */
    readonly reason: string | null;
    readonly found: Found | null;
    /** The safe copy, and those of what was inside it. */
    readonly copies: readonly { readonly at: number; readonly name: string }[];
  }[];
  /** Files beyond what one mail may have. */
  readonly left: number;
};
