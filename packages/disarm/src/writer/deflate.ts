// Deflate (RFC 1951) in a zlib frame (RFC 1950), the same bytes on every machine: native encoders choose by processor.
//
// Written for many small streams: its tables are made once, and nothing is cleared between calls.

import { codesFrom, lengthsOf, type Codes } from './huffman.ts';

/** Symbols of one block, before its codes are chosen. */
const BLOCK_SYMBOLS = 16_384;
const WINDOW = 32_768;
const HASH_SIZE = 32_768;
const LENGTH_MIN = 3;
const LENGTH_MAX = 258;
/** Earlier places looked at for one match. */
const CHAIN_MAX = 12;
/** A match of this length is taken without looking one byte further. */
const GOOD_ENOUGH = 12;
const END = 256;
const LITERALS = 286;
const DISTANCES = 30;

const head = new Int32Array(HASH_SIZE);
const previous = new Int32Array(WINDOW);
/** Places are counted on over all calls: whatever lies before this one's beginning is of another stream. */
let begin = WINDOW;

const LENGTH_EXTRA = Array.from({ length: 29 }, (_, i) => (i < 8 || i === 28 ? 0 : (i - 4) >> 2));
const DISTANCE_EXTRA = Array.from({ length: DISTANCES }, (_, i) => (i < 4 ? 0 : (i - 2) >> 1));
const LENGTH_BASE = bases(LENGTH_EXTRA, LENGTH_MIN);
const DISTANCE_BASE = bases(DISTANCE_EXTRA, 1);
LENGTH_BASE[28] = LENGTH_MAX;
const LENGTH_CODE = codesOf(LENGTH_BASE, LENGTH_MAX + 1);
const DISTANCE_CODE = codesOf(DISTANCE_BASE, WINDOW + 1);
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function bases(extra: readonly number[], first: number): number[] {
  let at = first;
  return extra.map((bits) => {
    const base = at;
    at += 1 << bits;
    return base;
  });
}

function codesOf(from: readonly number[], size: number): Uint8Array {
  const codes = new Uint8Array(size);
  from.forEach((base, code) => codes.fill(code, base));
  return codes;
}

const FIXED_LITERALS = codesFrom(
  Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = codesFrom(new Uint8Array(DISTANCES).fill(5));

class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #held = 0;
  #count = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  /** At most 16 bits, the lowest first. */
  put(value: number, count: number): void {
    this.#held |= value << this.#count;
    this.#count += count;
    while (this.#count >= 8) {
      if (this.#length === this.#bytes.length) this.#grow(1);
      this.#bytes[this.#length++] = this.#held;
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  align(): void {
    if (this.#count > 0) this.put(0, 8 - this.#count);
  }

  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #grow(room: number): void {
    const grown = new Uint8Array(2 * this.#bytes.length + room);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** What one block says: literals below 256 as they are, matches as distance and length. */
class Block {
  readonly symbols = new Uint32Array(BLOCK_SYMBOLS);
  readonly literals = new Uint32Array(LITERALS);
  readonly distances = new Uint32Array(DISTANCES);
  count = 0;
  extraBits = 0;

  literal(byte: number): void {
    this.symbols[this.count++] = byte;
    this.literals[byte] = (this.literals[byte] ?? 0) + 1;
  }

  match(length: number, distance: number): void {
    this.symbols[this.count++] = (distance << 9) | length;
    const lengthCode = LENGTH_CODE[length] ?? 0;
    const distanceCode = DISTANCE_CODE[distance] ?? 0;
    this.literals[257 + lengthCode] = (this.literals[257 + lengthCode] ?? 0) + 1;
    this.distances[distanceCode] = (this.distances[distanceCode] ?? 0) + 1;
    this.extraBits += (LENGTH_EXTRA[lengthCode] ?? 0) + (DISTANCE_EXTRA[distanceCode] ?? 0);
  }

  clear(): void {
    this.literals.fill(0);
    this.distances.fill(0);
    this.count = 0;
    this.extraBits = 0;
  }
}

const block = new Block();

const cost = (counts: Uint32Array, { lengths }: Codes): number =>
  counts.reduce((sum, count, symbol) => sum + count * (lengths[symbol] ?? 0), 0);

/** The two sets of code lengths as runs: a length, or 16, 17, 18 with how often. */
function runsOf(lengths: Uint8Array): { symbol: number; extra: number; bits: number }[] {
  const runs: { symbol: number; extra: number; bits: number }[] = [];
  for (let at = 0; at < lengths.length;) {
    const length = lengths[at] ?? 0;
    let end = at + 1;
    while (end < lengths.length && lengths[end] === length) end++;
    let left = end - at;
    at = end;
    if (length > 0) {
      runs.push({ symbol: length, extra: 0, bits: 0 });
      left--;
    }
    while (left >= 3) {
      const most = length > 0 ? 6 : 138;
      const taken = Math.min(left, most);
      if (length > 0) runs.push({ symbol: 16, extra: taken - 3, bits: 2 });
      else if (taken <= 10) runs.push({ symbol: 17, extra: taken - 3, bits: 3 });
      else runs.push({ symbol: 18, extra: taken - 11, bits: 7 });
      left -= taken;
    }
    for (; left > 0; left--) runs.push({ symbol: length, extra: 0, bits: 0 });
  }
  return runs;
}

function writeSymbols(out: BitWriter, literals: Codes, distances: Codes): void {
  for (let i = 0; i < block.count; i++) {
    const symbol = block.symbols[i] ?? 0;
    if (symbol < 256) {
      out.put(literals.bits[symbol] ?? 0, literals.lengths[symbol] ?? 0);
      continue;
    }
    const length = symbol & 511;
    const distance = symbol >>> 9;
    const code = LENGTH_CODE[length] ?? 0;
    out.put(literals.bits[257 + code] ?? 0, literals.lengths[257 + code] ?? 0);
    out.put(length - (LENGTH_BASE[code] ?? 0), LENGTH_EXTRA[code] ?? 0);
    const far = DISTANCE_CODE[distance] ?? 0;
    out.put(distances.bits[far] ?? 0, distances.lengths[far] ?? 0);
    out.put(distance - (DISTANCE_BASE[far] ?? 0), DISTANCE_EXTRA[far] ?? 0);
  }
  out.put(literals.bits[END] ?? 0, literals.lengths[END] ?? 0);
}

function writeStored(out: BitWriter, data: Uint8Array, last: boolean): void {
  for (let at = 0; at < data.length || at === 0; at += 65_535) {
    const part = data.subarray(at, at + 65_535);
    out.put(last && at + 65_535 >= data.length ? 1 : 0, 3);
    out.align();
    out.put(part.length, 16);
    out.put(part.length ^ 0xffff, 16);
    out.raw(part);
  }
}

/** Writes the block in the shortest of the three forms. `data` is what it stands for. */
function writeBlock(out: BitWriter, data: Uint8Array, last: boolean): void {
  block.literals[END] = 1;
  const fixed = cost(block.literals, FIXED_LITERALS) + cost(block.distances, FIXED_DISTANCES);
  const literals = codesFrom(lengthsOf(block.literals, 15));
  const distances = codesFrom(lengthsOf(block.distances, 15));
  const literalCount = Math.max(257, 1 + literals.lengths.findLastIndex((length) => length > 0));
  const distanceCount = 1 + distances.lengths.findLastIndex((length) => length > 0);
  const both = new Uint8Array(literalCount + distanceCount);
  both.set(literals.lengths.subarray(0, literalCount));
  both.set(distances.lengths.subarray(0, distanceCount), literalCount);
  const runs = runsOf(both);
  const runCounts = new Uint32Array(19);
  for (const { symbol } of runs) runCounts[symbol] = (runCounts[symbol] ?? 0) + 1;
  const runCodes = codesFrom(lengthsOf(runCounts, 7));
  const orderCount = Math.max(
    4,
    1 + LENGTH_ORDER.findLastIndex((s) => (runCodes.lengths[s] ?? 0) > 0),
  );
  const dynamic =
    14 +
    3 * orderCount +
    cost(runCounts, runCodes) +
    runs.reduce((sum, { bits }) => sum + bits, 0) +
    cost(block.literals, literals) +
    cost(block.distances, distances);
  if (8 * data.length + 40 < Math.min(fixed, dynamic) + block.extraBits) {
    writeStored(out, data, last);
  } else if (fixed <= dynamic) {
    out.put((last ? 1 : 0) | 2, 3);
    writeSymbols(out, FIXED_LITERALS, FIXED_DISTANCES);
  } else {
    out.put((last ? 1 : 0) | 4, 3);
    out.put(literalCount - 257, 5);
    out.put(distanceCount - 1, 5);
    out.put(orderCount - 4, 4);
    for (const symbol of LENGTH_ORDER.slice(0, orderCount)) {
      out.put(runCodes.lengths[symbol] ?? 0, 3);
    }
    for (const { symbol, extra, bits } of runs) {
      out.put(runCodes.bits[symbol] ?? 0, runCodes.lengths[symbol] ?? 0);
      out.put(extra, bits);
    }
    writeSymbols(out, literals, distances);
  }
  block.clear();
}

/** The longest match for `at` found last, as length; its distance stands in `matchDistance`. */
let matchDistance = 0;

function insert(data: Uint8Array, at: number): number {
  const hash =
    (((data[at] as number) << 10) ^ ((data[at + 1] as number) << 5) ^ (data[at + 2] as number)) &
    (HASH_SIZE - 1);
  const place = begin + at;
  const earlier = head[hash] as number;
  head[hash] = place;
  previous[place & (WINDOW - 1)] = earlier;
  return earlier;
}

function longestMatch(data: Uint8Array, at: number, from: number): number {
  const most = Math.min(LENGTH_MAX, data.length - at);
  const oldest = Math.max(begin, begin + at - WINDOW + 1);
  let best = LENGTH_MIN - 1;
  let place = from;
  for (let tries = CHAIN_MAX; tries > 0 && place >= oldest; tries--) {
    const other = place - begin;
    if (data[other + best] === data[at + best] && data[other] === data[at]) {
      let length = 0;
      while (length < most && data[other + length] === data[at + length]) length++;
      // Three bytes from far away are cheaper as they are.
      if (length > best && (length > LENGTH_MIN || at - other <= 4096)) {
        best = length;
        matchDistance = at - other;
        if (length === most) break;
      }
    }
    place = previous[place & (WINDOW - 1)] as number;
  }
  return best >= LENGTH_MIN ? best : 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    // The sums stay below 2^31 for this many bytes.
    const end = Math.min(bytes.length, at + 3800);
    for (; at < end; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

/** Compresses `data` into a whole zlib stream. The same data give the same bytes, whatever was compressed before. */
export function zlib(data: Uint8Array): Uint8Array {
  const out = new BitWriter(64 + (data.length >> 1));
  out.raw(Uint8Array.of(0x78, 0x5e));
  if (begin > 2 ** 30 - data.length) {
    head.fill(0);
    begin = WINDOW;
  }
  const hashed = data.length - LENGTH_MIN;
  let blockStart = 0;
  let at = 0;
  let found = 0;
  let distance = 0;
  let looked = false;
  while (at < data.length) {
    if (!looked) {
      found = at <= hashed ? longestMatch(data, at, insert(data, at)) : 0;
      distance = matchDistance;
    }
    looked = false;
    if (found === 0) block.literal(data[at++] as number);
    else {
      let next = 0;
      if (found < GOOD_ENOUGH && at + 1 <= hashed) {
        next = longestMatch(data, at + 1, insert(data, at + 1));
        looked = true;
      }
      if (next > found) {
        // A longer match begins at the next byte.
        block.literal(data[at++] as number);
        found = next;
        distance = matchDistance;
      } else {
        block.match(found, distance);
        const end = at + found;
        at += looked ? 2 : 1;
        for (; at < end; at++) if (at <= hashed) insert(data, at);
        looked = false;
      }
    }
    if (block.count === BLOCK_SYMBOLS && at < data.length) {
      writeBlock(out, data.subarray(blockStart, at), false);
      blockStart = at;
    }
  }
  writeBlock(out, data.subarray(blockStart), true);
  begin += data.length;
  out.align();
  const sum = adler32(data);
  out.raw(Uint8Array.of(sum >>> 24, sum >>> 16, sum >>> 8, sum));
  return out.finish();
}
