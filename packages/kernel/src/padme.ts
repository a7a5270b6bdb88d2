// Padmé (Nikitin et al., PETS 2019): pads a message so that its length tells little: at most 12 % more, and lengths that
// share their leading bits look alike.

import { concat } from './bytes.ts';
import { accept, refuse, type Verdict } from './verdict.ts';

const END = 0x80;

/** The padded length of `length` bytes: only the top bits of its exponent and mantissa are kept. */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const mantissaBits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** Math.max(0, exponent - mantissaBits);
  return Math.ceil(length / step) * step;
}

/** Appends 0x80 and zeros up to the Padmé length of at least `leastBytes`. */
export function pad(content: Uint8Array, leastBytes = 0): Uint8Array {
  const length = padmeLength(Math.max(content.length + 1, leastBytes));
  return concat(content, Uint8Array.of(END), new Uint8Array(length - content.length - 1));
}

/** Undoes `pad`. Accepts only what `pad` makes with the same `leastBytes`: one content has one padded form. */
export function unpad(padded: Uint8Array, leastBytes = 0): Verdict<Uint8Array, 'bad-padding'> {
  let at = padded.length - 1;
  while (at >= 0 && padded[at] === 0) at--;
  if (at < 0 || padded[at] !== END) return refuse('bad-padding');
  if (padded.length !== padmeLength(Math.max(at + 1, leastBytes))) return refuse('bad-padding');
  return accept(padded.slice(0, at));
}
