// Numbers and number formats as Office files write them, by allow-list: what a reader in the cage said is believed by a writer only in this form.

import { utf8 } from '@parley/kernel';

/** Letters, digits and signs of number formats, a currency or language by its number, plain text in quotes; anything else is no format of ours. */
const FORMAT_CODE =
  /^(?:[-0#?.,%eE+/ :;ymdhsAMP$@_()*!]|"[^"\\]{0,40}"|\\[ -~\p{L}]|[\p{Sc}]|\[(?:h+|m+|s+|Red|Blue|Green|Black|\$[\p{Sc}\p{L}]{0,4}(?:-[\dA-F]{1,8})?)\])*$/iu;
const FORMAT_BYTES = 255;
const DIGITS = /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i;

export const isPlainFormat = (code: string): boolean => code !== '' && FORMAT_CODE.test(code);

/** The format, where it is on the list and short enough for a model; else none. */
export const plainFormat = (code: string): string =>
  code.length <= FORMAT_BYTES &&
  utf8(code.toWellFormed()).length <= FORMAT_BYTES &&
  isPlainFormat(code)
    ? code
    : '';

/** A colour of six hexadecimal digits; null where it is none. */
export const colorNamed = (said: string | undefined): number | null =>
  said !== undefined && /^[0-9A-Fa-f]{6}$/.test(said) ? Number.parseInt(said, 16) : null;

export const isPlainNumber = (digits: string): boolean =>
  digits.length <= 40 && DIGITS.test(digits);
