// Verified in writing and in person: the right words and codes pass, anything else says what it means.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { concat, fromBase64Url, utf8 } from '@parley/kernel';
import { asFingerprint, asLeafHash, partyOf, type BodyOf } from '@parley/record';
import { authorityWords, checkInPersonCode, inPersonCode, type Act } from './index.ts';
import { saysTheRightWords } from './verification.ts';
import type { Ceremony } from './ceremony.ts';
import { crypto, person, summit } from '../testing/town.ts';

describe('twelve words of an authority', () => {
  test('are the first 132 bits of its fingerprint', () => {
    const ones = asFingerprint(new Uint8Array(32).fill(0xff));
    expect(authorityWords(ones)).toEqual(Array.from({ length: 12 }, () => 2047));
    const first = new Uint8Array(32);
    first.set([0x80, 0, 0x0f], 0);
    // 10000000 000|00000 000011|11 ...: 1024, 3, 1536 and zeros.
    expect(authorityWords(asFingerprint(first)).slice(0, 3)).toEqual([1024, 3, 1536]);
  });

  test('change with every one of those bits, and with no other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(255), (bytes, bit) => {
        const changed = bytes.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const [a, b] = [bytes, changed].map((one) => authorityWords(asFingerprint(one)).join());
        expect(a === b).toBe(bit >= 132);
      }),
    );
  });

  test('stand on the record as a verification in writing', async () => {
    const { log, ana, bo } = await summit('in writing');
    const about = bo.identity.party;
    const words = authorityWords(about);
    const act: Act = { kind: 'verified', about, how: 'writing', words, offer: null };
    expect(await ana.act(log, act)).toBe('done');
    await bo.sync(log);
    expect(partyOf(bo.room.transcript, about)?.verifications).toMatchObject([{ how: 'writing' }]);
    expect(bo.room.frozen).toBeNull();
  });
});

describe('the code people scan', () => {
  test('verifies both directions at one scan, and stands on the record', async () => {
    const { log, ana, bo } = await summit('in person');
    const [a, b] = [ana.identity.party, bo.identity.party];
    const code = inPersonCode(crypto, bo.room, b, a);
    expect(checkInPersonCode(crypto, ana.room, a, `${code}\n`)).toEqual({ ok: true, value: b });
    const act: Act = { kind: 'verified', about: b, how: 'in-person', words: [], offer: null };
    expect(await ana.act(log, act)).toBe('done');
  });

  test('says who is in between, what is damaged, and what is no code', async () => {
    const { ana, bo } = await summit('in between');
    const elsewhere = await summit('another channel');
    const [a, b] = [ana.identity.party, bo.identity.party];
    const mallory = person('in between', { party: 'Republic of Alpha', member: 'Mallory' });
    const reason = (code: string): string => {
      const checked = checkInPersonCode(crypto, ana.room, a, code);
      return checked.ok ? 'verified' : checked.reason;
    };
    const good = inPersonCode(crypto, bo.room, b, a);
    expect(reason(good)).toBe('verified');
    expect(reason(inPersonCode(crypto, bo.room, b, mallory.identity.party))).toBe(
      'other-key-for-us',
    );
    expect(reason(inPersonCode(crypto, bo.room, mallory.identity.party, a))).toBe('unknown-party');
    expect(reason(inPersonCode(crypto, ana.room, a, b))).toBe('unknown-party');
    expect(reason(inPersonCode(crypto, elsewhere.bo.room, b, a))).toBe('other-channel');
    expect(reason(good.slice(0, -1))).toBe('damaged');
    expect(reason('parley-verify1:')).toBe('damaged');
    expect(reason('https://example.org')).toBe('not-a-code');
    expect(reason(`parley-verify1:${'A'.repeat(500)}`)).toBe('not-a-code');
    fc.assert(
      fc.property(fc.nat(good.length - 16), fc.constantFrom('A', 'z', '-'), (at, letter) => {
        const place = 15 + at;
        fc.pre(good[place] !== undefined && good[place] !== letter);
        const wrong = good.slice(0, place) + letter + good.slice(place + 1);
        expect(reason(wrong)).toBe('damaged');
      }),
    );
  });
});

test('a code holds three times 32 bytes and the beginning of their hash, and has a longest', async () => {
  const { ana, bo } = await summit('bytes of a code');
  const [a, b] = [ana.identity.party, bo.identity.party];
  const read = fromBase64Url(inPersonCode(crypto, bo.room, b, a).slice('parley-verify1:'.length));
  const { channel } = bo.room.transcript;
  if (!read.ok || channel === null) throw new Error('a code of a channel');
  const payload = concat(channel, b, a);
  const hash = createHash('sha256').update(concat(utf8('parley/v1/verify-code\0'), payload));
  expect(read.value).toEqual(concat(payload, Uint8Array.from(hash.digest().subarray(0, 4))));
  const reason = (
    code: string,
    room: Parameters<typeof checkInPersonCode>[1] = ana.room,
  ): unknown => checkInPersonCode(crypto, room, a, code);
  expect(reason(`parley-verify1:${'A'.repeat(385)}`)).toMatchObject({ reason: 'damaged' });
  expect(reason(`parley-verify1:${'A'.repeat(386)}`)).toMatchObject({ reason: 'not-a-code' });
  const { parties } = ana.room.transcript;
  const nameless = { transcript: { channel: null, parties } };
  expect(reason(inPersonCode(crypto, bo.room, b, a), nameless)).toMatchObject({
    reason: 'other-channel',
  });
});

test('what a verification says is what everybody can compute, or a mismatch that its author signed', () => {
  const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const about = asFingerprint(filled(1));
  const [offer, other] = [asLeafHash(filled(2)), asLeafHash(filled(3))];
  const words = [5, 6, 7, 8];
  const one = { offer, words } as unknown as Ceremony;
  const empty = { offer: other, words: [] } as unknown as Ceremony;
  const says = (change: Partial<BodyOf<'verified'>>, ceremonies = [empty, one]): boolean =>
    saysTheRightWords(ceremonies, {
      kind: 'verified',
      about,
      how: 'voice',
      words,
      offer,
      ...change,
    });
  expect(says({})).toBe(true);
  for (const wrong of [[5, 6, 7], [5, 6, 7, 8, 9], [5, 6, 7, 9], [9, 6, 7, 8], []])
    expect(says({ words: wrong }), wrong.join()).toBe(false);
  expect(says({}, [])).toBe(false);
  expect(says({ offer: null })).toBe(false);
  expect(says({ offer: other })).toBe(false);
  // Of a comparison that has no words yet nothing can be said.
  expect(says({ offer: other, words: [] })).toBe(false);
  expect(says({ how: 'in-person', words: [], offer: null })).toBe(true);
  expect(says({ how: 'in-person' })).toBe(false);
  expect(says({ how: 'writing', words: authorityWords(about), offer: null })).toBe(true);
  expect(says({ how: 'writing' })).toBe(false);
  expect(says({ how: 'writing', words: authorityWords(about).slice(0, 11) })).toBe(false);
});
