// Canonical bytes: one value has one encoding, and a decoder accepts no other (RFC 8949 section 4.2.1, a subset).
//
// The subset: unsigned integers to 2^53-1, byte strings, NFC-unchecked UTF-8 text, arrays, maps with text keys, booleans,
// null. No floats, tags, negative or indefinite-length items. Every codec carries its limits.

import { concat, fromUtf8, utf8 } from './bytes.ts';
import { assert } from './fault.ts';
import { accept, refuse, type Verdict } from './verdict.ts';

export type DecodeReason =
  | 'truncated'
  | 'trailing-bytes'
  | 'not-canonical'
  | 'unexpected-type'
  | 'unknown-field'
  | 'missing-field'
  | 'too-large'
  | 'out-of-range'
  | 'not-utf8';

class Refusal extends Error {
  readonly reason: DecodeReason;
  readonly at: number;
  constructor(reason: DecodeReason, at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}

const UINT = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;
const FALSE = 20;
const TRUE = 21;
const NULL = 22;

/** What a writer may keep between two values. */
const SCRATCH_MAX_BYTES = 16_384;
/** Text this short is read letter by letter while it is ASCII: a decoder's call costs more. */
const SHORT_TEXT_BYTES = 32;

/** Grows as it is written to; a codec appends its value and nothing else. */
export class Writer {
  #buffer = new Uint8Array(256);
  #length = 0;

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }

  head(major: number, argument: number): void {
    assert(Number.isSafeInteger(argument) && argument >= 0, `not an unsigned integer: ${argument}`);
    this.#reserve(9);
    const first = major << 5;
    const view = this.#buffer;
    if (argument < 24) view[this.#length++] = first | argument;
    else {
      const size = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
      view[this.#length++] = first | (size === 1 ? 24 : size === 2 ? 25 : size === 4 ? 26 : 27);
      let rest = argument;
      for (let i = size - 1; i >= 0; i--) {
        view[this.#length + i] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      this.#length += size;
    }
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  /** Empty again: what was written may be secret. False where its room is too much to hold on to. */
  clear(): boolean {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    return this.#buffer.length <= SCRATCH_MAX_BYTES;
  }
}

/** Walks over untrusted bytes. Its refusals are caught by `decode`, so no codec throws past it. */
export class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  refuse(reason: DecodeReason, at = this.at): never {
    throw new Refusal(reason, at);
  }

  peek(): number {
    return this.#bytes[this.at] ?? this.refuse('truncated');
  }

  head(major: number): number {
    const start = this.at;
    const first = this.peek();
    if (first >> 5 !== major) this.refuse('unexpected-type');
    this.at++;
    const short = first & 31;
    if (short < 24) return short;
    if (short > 27) this.refuse('not-canonical', start);
    const size = 1 << (short - 24);
    if (this.left < size) this.refuse('truncated');
    let argument = 0;
    for (let i = 0; i < size; i++) argument = argument * 256 + (this.#bytes[this.at++] ?? 0);
    if (!Number.isSafeInteger(argument)) this.refuse('out-of-range', start);
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x10000 : 0x100000000;
    if (argument < least) this.refuse('not-canonical', start);
    return argument;
  }

  raw(length: number): Uint8Array {
    if (this.left < length) this.refuse('truncated');
    this.at += length;
    return this.#bytes.slice(this.at - length, this.at);
  }

  /** Steps over exactly these bytes; where others stand, stays and says false. */
  skips(expected: Uint8Array): boolean {
    if (this.left < expected.length) return false;
    for (let i = 0; i < expected.length; i++) {
      if (this.#bytes[this.at + i] !== expected[i]) return false;
    }
    this.at += expected.length;
    return true;
  }

  /** Text of `length` bytes. */
  utf8(length: number): string {
    const start = this.at;
    if (length <= SHORT_TEXT_BYTES && this.left >= length) {
      let letters = '';
      for (let i = 0; i < length; i++) {
        const byte = this.#bytes[start + i] ?? 0x80;
        if (byte >= 0x80) break;
        letters += String.fromCharCode(byte);
      }
      if (letters.length === length) {
        this.at += length;
        return letters;
      }
    }
    const decoded = fromUtf8(this.raw(length));
    return decoded.ok ? decoded.value : this.refuse('not-utf8', start);
  }
}

/** How one type is written and read. Combine the ones below; `write` asserts the limits that `read` enforces. */
export interface Codec<T> {
  write(out: Writer, value: T): void;
  read(from: Reader): T;
}

/** The type a codec carries. */
export type Decoded<C> = C extends Codec<infer T> ? T : never;

// One writer serves encoding after encoding; a codec that encodes while it writes finds none here and makes its own.
let spare: Writer | undefined;

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const out = spare ?? new Writer();
  spare = undefined;
  codec.write(out, value);
  const encoded = out.finish();
  if (out.clear()) spare = out;
  return encoded;
}

/** Accepts exactly the bytes that `encode` gives for some value, and refuses everything else with the offset. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): Verdict<T, DecodeReason> {
  const from = new Reader(bytes);
  try {
    const value = codec.read(from);
    return from.left === 0 ? accept(value) : refuse('trailing-bytes', { at: from.at });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.reason, { at: error.at });
    throw error;
  }
}

export function uint(max: number = Number.MAX_SAFE_INTEGER): Codec<number> {
  return {
    write(out, value) {
      assert(value <= max, `${value} is over ${max}`);
      out.head(UINT, value);
    },
    read(from) {
      const value = from.head(UINT);
      return value <= max ? value : from.refuse('out-of-range');
    },
  };
}

export function bytes(
  limit: { exactly: number } | { max: number; min?: number },
): Codec<Uint8Array> {
  const max = 'exactly' in limit ? limit.exactly : limit.max;
  const min = 'exactly' in limit ? limit.exactly : (limit.min ?? 0);
  return {
    write(out, value) {
      assert(
        value.length >= min && value.length <= max,
        `${value.length} bytes, not ${min}..${max}`,
      );
      out.head(BYTES, value.length);
      out.raw(value);
    },
    read(from) {
      const length = from.head(BYTES);
      if (length > max) from.refuse('too-large');
      if (length < min) from.refuse('out-of-range');
      return from.raw(length);
    },
  };
}

/** Text of at most `maxBytes` bytes of UTF-8. Unpaired surrogates cannot be written. */
export function text(maxBytes: number): Codec<string> {
  return {
    write(out, value) {
      assert(value.isWellFormed(), 'text with an unpaired surrogate');
      const encoded = utf8(value);
      assert(encoded.length <= maxBytes, `text of ${encoded.length} bytes, over ${maxBytes}`);
      out.head(TEXT, encoded.length);
      out.raw(encoded);
    },
    read(from) {
      const length = from.head(TEXT);
      if (length > maxBytes) from.refuse('too-large');
      return from.utf8(length);
    },
  };
}

export function boolean(): Codec<boolean> {
  return {
    write: (out, value) => out.head(SIMPLE, value ? TRUE : FALSE),
    read(from) {
      const value = from.head(SIMPLE);
      if (value !== TRUE && value !== FALSE) from.refuse('unexpected-type');
      return value === TRUE;
    },
  };
}

export function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write(out, value) {
      if (value === null) out.head(SIMPLE, NULL);
      else inner.write(out, value);
    },
    read(from) {
      if (from.peek() !== ((SIMPLE << 5) | NULL)) return inner.read(from);
      from.head(SIMPLE);
      return null;
    },
  };
}

/** One of a closed set of words. */
export function word<const W extends string>(words: readonly W[]): Codec<W> {
  const inner = text(Math.max(...words.map((w) => utf8(w).length)));
  return {
    write(out, value) {
      assert(words.includes(value), `unknown word ${value}`);
      inner.write(out, value);
    },
    read(from) {
      const value = inner.read(from);
      return words.find((w) => w === value) ?? from.refuse('out-of-range');
    },
  };
}

export function list<T>(item: Codec<T>, maxItems: number): Codec<readonly T[]> {
  return {
    write(out, values) {
      assert(values.length <= maxItems, `${values.length} items, over ${maxItems}`);
      out.head(ARRAY, values.length);
      for (const value of values) item.write(out, value);
    },
    read(from) {
      const count = from.head(ARRAY);
      if (count > maxItems) from.refuse('too-large');
      // An item takes at least one byte, so a short input cannot make us reserve a long list.
      if (count > from.left) from.refuse('truncated');
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(item.read(from));
      return values;
    },
  };
}

type Fields = Record<string, Codec<never>>;
type Struct<F> = { readonly [K in keyof F]: Decoded<F[K]> };

function keyOrder(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Says what stands where the key `name` was due. */
function wrongKey(from: Reader, name: string): never {
  const at = from.at;
  const length = from.head(TEXT);
  if (length >= 24) from.refuse('unknown-field', at);
  const found = fromUtf8(from.raw(length));
  const later = found.ok && keyOrder(found.value, name) > 0;
  return from.refuse(later ? 'missing-field' : 'unknown-field', at);
}

/** A map with exactly these ASCII text keys, written in canonical order (shorter first, then bytewise). */
export function struct<F extends { [K in keyof F]: Codec<never> | Codec<unknown> }>(
  fields: F,
): Codec<Struct<F>> {
  const names = Object.keys(fields).toSorted(keyOrder);
  const ordered = names.map((name) => {
    assert(name.length < 24, 'field names are shorter than 24 bytes');
    const codec = (fields as unknown as Fields)[name] as Codec<unknown>;
    return { name, label: concat(Uint8Array.of((TEXT << 5) | name.length), utf8(name)), codec };
  });
  return {
    write(out, value) {
      out.head(MAP, ordered.length);
      const source = value as Record<string, unknown>;
      for (const { name, label, codec } of ordered) {
        out.raw(label);
        codec.write(out, source[name]);
      }
    },
    read(from) {
      const count = from.head(MAP);
      const result: Record<string, unknown> = {};
      for (let i = 0; i < ordered.length; i++) {
        const { name, label, codec } = ordered[i] as (typeof ordered)[number];
        if (i >= count) from.refuse('missing-field');
        if (!from.skips(label)) wrongKey(from, name);
        result[name] = codec.read(from);
      }
      if (count !== ordered.length) from.refuse('unknown-field');
      return result as Struct<F>;
    },
  };
}

type Variants = Record<string, Codec<unknown>>;
type Variant<V extends Variants> = {
  [K in keyof V & string]: { readonly kind: K } & Decoded<V[K]>;
}[keyof V & string];

/** One of several structs, told apart by its first array item: `[kind, struct]`. */
export function variant<V extends Variants>(variants: V): Codec<Variant<V>> {
  const kind = word(Object.keys(variants));
  return {
    write(out, value) {
      out.head(ARRAY, 2);
      kind.write(out, value.kind);
      (variants[value.kind] as Codec<unknown>).write(out, value);
    },
    read(from) {
      if (from.head(ARRAY) !== 2) from.refuse('unexpected-type');
      const found = kind.read(from);
      const inner = (variants[found] as Codec<unknown>).read(from) as object;
      return { kind: found, ...inner } as Variant<V>;
    },
  };
}
