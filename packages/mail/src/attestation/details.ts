// What an attestation's sealed box holds: keyed hashes of one mail, part by part.

import { bytes, list, struct, text, uint, word, type Decoded } from '@parley/kernel';

export const HASH = bytes({ exactly: 32 });
export const SHORT = bytes({ exactly: 16 });
const FIELDS_MAX = 200;
const PARTS_MAX = 300;

export const PART_KINDS = ['text', 'html', 'file'] as const;

const part = struct({
  kind: word(PART_KINDS),
  /** Units of the text (lines, or tags of HTML): what follows them may have been added on the way. */
  units: uint(1_000_000),
  hash: HASH,
  encoding: text(40),
});
const field = struct({ name: text(80), raw: SHORT, meaning: SHORT });

/** What is inside the sealed box. Every hash is keyed with the salt. */
export const detailsCodec = struct({
  salt: HASH,
  locators: list(SHORT, 4),
  whole: HASH,
  body: HASH,
  relaxed: HASH,
  fields: list(field, FIELDS_MAX),
  parts: list(part, PARTS_MAX),
  links: list(SHORT, 500),
  /** Text outside the parts. */
  stray: list(SHORT, 100),
});
export type Details = Decoded<typeof detailsCodec>;
