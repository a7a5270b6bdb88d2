// Numbers and number formats as Office files write them, by allow-list: what a reader in the cage said is believed by a writer only in this form.

/** Letters, digits and signs of number formats, a currency or language by its number, plain text in quotes; anything else is no format of ours. */
const FORMAT_CODE =
  /^(?:[-0#?.,%eE+/ :;ymdhsAMP$@_()*!]|"[^"\\]{0,40}"|\\[ -~\p{L}]|[\p{Sc}]|\[(?:h+|m+|s+|Red|Blue|Green|Black|\$[\p{Sc}\p{L}]{0,4}(?:-[\dA-F]{1,8})?)\])*$/iu;
const DIGITS = /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i;

export const isPlainFormat = (code: string): boolean => code !== '' && FORMAT_CODE.test(code);
export const isPlainNumber = (digits: string): boolean =>
  digits.length <= 40 && DIGITS.test(digits);
