import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromHex } from '@parley/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryGlyph, arbitraryPage, arbitraryPicture } from '../../testing/arbitrary-list.ts';
import { decodeGlyph, decodePage, decodePicture } from './decode.ts';
import { encodeGlyph, encodePage, encodePicture } from './encode.ts';

const runs = process.env['SLOW'] === '1' ? 20_000 : 200;
const vectors = (name: string): string[] =>
  readFileSync(
    fileURLToPath(new URL(`../../../../vectors/disarm/${name}`, import.meta.url)),
    'utf8',
  )
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const decoders = { glyph: decodeGlyph, picture: decodePicture, page: decodePage };

function decodeLine(
  kind: string,
  hex: string,
): ReturnType<
  (typeof decoders)['page'] | (typeof decoders)['glyph'] | (typeof decoders)['picture']
> {
  const bytes = fromHex(hex);
  if (!bytes.ok) throw new Error(`vector is not hexadecimal: ${hex}`);
  if (kind !== 'glyph' && kind !== 'picture' && kind !== 'page')
    throw new Error(`unknown vector ${kind}`);
  return decoders[kind](bytes.value);
}

describe('the display list', () => {
  it('decodes to what was encoded', () => {
    fc.assert(
      fc.property(arbitraryPage(), (page) => {
        expect(decodePage(encodePage(page))).toEqual({ ok: true, value: page });
      }),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(arbitraryGlyph(), (glyph) => {
        expect(decodeGlyph(encodeGlyph(glyph))).toEqual({ ok: true, value: glyph });
      }),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(arbitraryPicture(), (picture) => {
        expect(decodePicture(encodePicture(picture))).toEqual({ ok: true, value: picture });
      }),
      { numRuns: runs },
    );
  });

  it('refuses every cut of a page and every added byte', () => {
    fc.assert(
      fc.property(arbitraryPage(), fc.nat(), (page, at) => {
        const bytes = encodePage(page);
        expect(decodePage(bytes.subarray(0, at % bytes.length)).ok).toBe(false);
        expect(decodePage(Uint8Array.of(...bytes, 0))).toMatchObject({
          ok: false,
          reason: 'trailing-bytes',
        });
      }),
      { numRuns: runs },
    );
  });

  it('never throws on bytes of any kind, and accepts only finite numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const decode of Object.values(decoders)) decode(bytes);
        const page = decodePage(bytes);
        if (page.ok) expect(Number.isFinite(page.value.width)).toBe(true);
      }),
      { numRuns: runs * 5 },
    );
  });

  it('accepts the valid vectors and refuses the invalid ones with their reasons', () => {
    expect(existsSync(fileURLToPath(new URL('../../../../vectors/disarm', import.meta.url)))).toBe(
      true,
    );
    const valid = vectors('list-valid.txt');
    const invalid = vectors('list-invalid.txt');
    expect(valid.length).toBeGreaterThan(5);
    expect(invalid.length).toBeGreaterThanOrEqual(valid.length);
    for (const line of valid) {
      const [kind = '', hex = ''] = line.split(' ');
      expect(decodeLine(kind, hex), line).toMatchObject({ ok: true });
    }
    for (const line of invalid) {
      const [kind = '', reason = '', hex = ''] = line.split(' ');
      expect(decodeLine(kind, hex), line).toMatchObject({ ok: false, reason });
    }
  });
});
