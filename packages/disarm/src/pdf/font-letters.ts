// What an embedded font itself says of its glyphs: the letter that leads to each (table `cmap`), for documents that carry no Unicode map.

/** Codes read of one font: more than any language has. */
const CODES_MAX = 200_000;
const TABLES_MAX = 64;

/** The first letter that leads to a glyph. Whatever is cut off, wild or of another format says nothing. */
export function readFontLetters(font: Uint8Array): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  const view = new DataView(font.buffer, font.byteOffset, font.length);
  const short = (at: number): number => (at + 2 <= font.length ? view.getUint16(at) : 0);
  const long = (at: number): number => (at + 4 <= font.length ? view.getUint32(at) : 0);
  let budget = CODES_MAX;
  const say = (glyph: number, code: number): void => {
    // Surrogates and the private area are numbers, not letters.
    if (glyph === 0 || code < 32 || (code >= 0xd800 && code < 0xf900) || code > 0xeffff) return;
    if (!letters.has(glyph)) letters.set(glyph, String.fromCodePoint(code));
  };

  const segments = (at: number): void => {
    const count = short(at + 6) >> 1;
    const [ends, starts] = [at + 14, at + 16 + 2 * count];
    if (starts + 6 * count > font.length) return;
    for (let i = 0; i < count; i++) {
      const end = short(ends + 2 * i);
      const delta = short(starts + 2 * count + 2 * i);
      const rangeAt = starts + 4 * count + 2 * i;
      const range = short(rangeAt);
      const start = short(starts + 2 * i);
      for (let code = start; code <= end && code !== 0xffff && budget > 0; code++, budget--) {
        const glyph = range === 0 ? code : short(rangeAt + range + 2 * (code - start));
        say(range !== 0 && glyph === 0 ? 0 : (glyph + delta) & 0xffff, code);
      }
    }
  };
  const groups = (at: number): void => {
    const count = Math.min(long(at + 12), CODES_MAX);
    for (let i = 0; i < count && budget > 0; i++, budget--) {
      const from = at + 16 + 12 * i;
      const [start, end, glyph] = [long(from), long(from + 4), long(from + 8)];
      for (let code = start; code <= end && budget > 0; code++, budget--) {
        say(glyph + code - start, code);
      }
    }
  };

  const tables = Math.min(TABLES_MAX, short(4));
  for (let i = 0; i < tables; i++) {
    const entry = 12 + 16 * i;
    if (long(entry) !== 0x63_6d_61_70) continue;
    const cmap = long(entry + 8);
    for (let j = 0; j < Math.min(TABLES_MAX, short(cmap + 2)); j++) {
      const map = cmap + 4 + 8 * j;
      const [platform, encoding] = [short(map), short(map + 2)];
      // Unicode, or Windows with Unicode; symbols and old code pages are not letters.
      if (!(platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10)))) continue;
      const at = cmap + long(map + 4);
      if (short(at) === 4) segments(at);
      else if (short(at) === 12) groups(at);
    }
  }
  return letters;
}
