// Byte strings: joining, comparing, and their text forms.

import { accept, refuse, type Verdict } from './verdict.ts';

// The pure packages are checked without DOM and Node types; these two exist in every runtime we use.
declare const TextEncoder: { new (): { encode(text: string): Uint8Array } };
declare const TextDecoder: {
  new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ): {
    decode(bytes: Uint8Array): string;
  };
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Compares public values. For secrets use the crypto port's `equal`, which takes the same time for any input. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Orders byte strings as unsigned numbers from the left; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Refuses malformed UTF-8 instead of replacing it. */
export function fromUtf8(bytes: Uint8Array): Verdict<string, 'not-utf8'> {
  try {
    return accept(decoder.decode(bytes));
  } catch {
    return refuse('not-utf8');
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Accepts lower-case hexadecimal of even length only, so that one value has one spelling. */
export function fromHex(text: string): Verdict<Uint8Array, 'not-hex'> {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return refuse('not-hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return accept(bytes);
}

const URL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The digit of an ASCII letter; -1 for all that stand for none. */
const URL_DIGITS = Int8Array.from({ length: 128 }, (_, code) =>
  URL_ALPHABET.indexOf(String.fromCharCode(code)),
);

/** RFC 4648 base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) text += URL_ALPHABET[(group >> (18 - 6 * d)) & 63];
  }
  return text;
}

/** RFC 4648 base64url; padding, white space, other alphabets and non-zero trailing bits are refused. */
export function fromBase64Url(text: string): Verdict<Uint8Array, 'not-base64url'> {
  if (text.length % 4 === 1) return refuse('not-base64url');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = URL_DIGITS[text.charCodeAt(i)] ?? -1;
    if (digit < 0) return refuse('not-base64url');
    group = ((group << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (group >> bits) & 255;
    }
  }
  if ((group & ((1 << bits) - 1)) !== 0) return refuse('not-base64url');
  return accept(bytes);
}
