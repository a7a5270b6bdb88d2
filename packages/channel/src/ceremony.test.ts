// The words: the same for both, different for anyone in the middle, and never known before both have committed.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { hkdfSync } from 'node:crypto';
import { assert, concat, decode, encode, utf8 } from '@parley/kernel';
import {
  asDeviceId,
  asFingerprint,
  asLeafHash,
  deviceOf,
  digestKey,
  partyOf,
  type Body,
  type BodyOf,
  type Device,
  type Party,
  type Transcript,
} from '@parley/record';
import {
  advanceCeremonies,
  CEREMONIES_MAX,
  ceremonyCodec,
  ceremonyWords,
  commitmentOf,
  type Ceremony,
} from './ceremony.ts';
import { indexOfWord, WORD_LANGUAGES, wordsFor } from './words.ts';
import { crypto, summit } from '../testing/town.ts';

const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const between = {
  offered: filled(1),
  answered: filled(2),
  parties: [asFingerprint(filled(3)), asFingerprint(filled(4))] as const,
  channel: filled(5),
  offer: asLeafHash(filled(6)),
};

describe('the four words', () => {
  test('are the same whoever computes them', () => {
    const [a, b] = between.parties;
    const words = ceremonyWords(crypto, between);
    expect(ceremonyWords(crypto, { ...between, parties: [b, a] })).toEqual(words);
    expect(words).toHaveLength(4);
  });

  test('are the first 44 bits that HKDF draws from all of it', () => {
    const { offered, answered, parties, channel, offer } = between;
    const info = concat(utf8('parley/v1/verify-words\0'), ...parties, channel, offer);
    const salt = new Uint8Array(32);
    const derived = hkdfSync('sha256', concat(offered, answered), salt, info, 6);
    const bits = [...new Uint8Array(derived)]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    const words = [0, 11, 22, 33].map((at) => Number.parseInt(bits.slice(at, at + 11), 2));
    expect(ceremonyWords(crypto, between)).toEqual(words);
  });

  test.each<[string, Partial<typeof between>]>([
    ['nonce offered', { offered: filled(9) }],
    ['nonce answered', { answered: filled(9) }],
    ['authority', { parties: [asFingerprint(filled(3)), asFingerprint(filled(9))] }],
    ['channel', { channel: filled(9) }],
    ['offer', { offer: asLeafHash(filled(9)) }],
  ])('change with the %s', (_what, change) => {
    expect(ceremonyWords(crypto, { ...between, ...change })).not.toEqual(
      ceremonyWords(crypto, between),
    );
  });

  test('use all their 44 bits', () => {
    const seen = Array.from({ length: 4 }, () => ({ low: 2048, high: -1 }));
    for (let i = 0; i < 300; i++) {
      const offered = crypto.hash('sha256', Uint8Array.of(i & 255, i >> 8));
      for (const [place, index] of ceremonyWords(crypto, { ...between, offered }).entries()) {
        const range = seen[place];
        if (range === undefined) continue;
        range.low = Math.min(range.low, index);
        range.high = Math.max(range.high, index);
      }
    }
    for (const { low, high } of seen) {
      expect(low).toBeLessThan(100);
      expect(high).toBeGreaterThan(1948);
      expect(high).toBeLessThan(2048);
    }
  });

  test('a commitment hides its nonce behind a hash of its own', () => {
    expect(commitmentOf(crypto, filled(1))).not.toEqual(commitmentOf(crypto, filled(2)));
    expect(commitmentOf(crypto, filled(1))).not.toEqual(crypto.hash('sha256', filled(1)));
  });
});

describe('a ceremony as the entries tell it', async () => {
  const { ana, bo } = await summit('ceremonies');
  const { transcript } = ana.room;
  const device = (of: typeof ana): Device => {
    const found = deviceOf(transcript, of.identity.deviceId);
    assert(found !== undefined, 'who is here');
    return found;
  };
  const [a, b] = [device(ana), device(bo)];
  const elsewhere = asFingerprint(filled(77));
  const [nonce, answer] = [filled(1), filled(2)];
  const offer = asLeafHash(filled(6));
  const offers: Body = {
    kind: 'verify-offer',
    about: b.party,
    commitment: commitmentOf(crypto, nonce),
  };

  type Step = { by: Device; body: Body | null; leaf?: Uint8Array; transcript?: Transcript };
  const tell = (
    steps: readonly Step[],
    before: readonly Ceremony[] = [],
  ): ReturnType<typeof advanceCeremonies> => {
    let told: ReturnType<typeof advanceCeremonies> = { ceremonies: before, moved: null };
    for (const { by, body, leaf = offer, transcript: at = transcript } of steps)
      told = advanceCeremonies(crypto, told.ceremonies, {
        transcript: at,
        author: by,
        leaf: asLeafHash(leaf),
        body,
      });
    return told;
  };
  const offered: Step = { by: a, body: offers };
  const answered: Step = { by: b, body: { kind: 'verify-answer', offer, nonce: answer } };
  const opened: Step = { by: a, body: { kind: 'verify-open', offer, nonce } };
  const words = ceremonyWords(crypto, {
    offered: nonce,
    answered: answer,
    parties: [a.party, b.party],
    channel: transcript.channel ?? filled(0),
    offer,
  });
  const verified = (by: Device, change: Partial<BodyOf<'verified'>> = {}): Step => ({
    by,
    body: {
      kind: 'verified',
      about: by === a ? b.party : a.party,
      how: 'voice',
      words,
      offer,
      ...change,
    },
  });
  const differs = (by: Device, change: Partial<BodyOf<'mismatch'>> = {}): Step => ({
    by,
    body: {
      kind: 'mismatch',
      about: by === a ? b.party : a.party,
      how: 'voice',
      offer,
      ...change,
    },
  });
  /** Whether the last of these steps leaves everything as it was. */
  const movesNothing = (steps: readonly Step[]): boolean => {
    const before = tell(steps.slice(0, -1)).ceremonies;
    const { ceremonies, moved } = tell(steps.slice(-1), before);
    return moved === null && ceremonies === before;
  };

  test('goes from the offer to the words, and is what either side says of them', () => {
    const first = {
      offer,
      by: a.party,
      device: a.id,
      about: b.party,
      commitment: commitmentOf(crypto, nonce),
      answer: null,
      words: [],
      phase: 'offered',
    };
    expect(tell([offered])).toEqual({ ceremonies: [first], moved: first });
    const second = { ...first, answer, phase: 'answered' };
    expect(tell([offered, answered])).toEqual({ ceremonies: [second], moved: second });
    const third = { ...second, words, phase: 'open' };
    expect(words).toHaveLength(4);
    expect(tell([offered, answered, opened])).toEqual({ ceremonies: [third], moved: third });
    for (const by of [a, b]) {
      const open = [offered, answered, opened];
      expect(tell([...open, verified(by)]).moved).toEqual({ ...third, phase: 'verified' });
      expect(tell([...open, verified(a), verified(by)]).moved?.phase).toBe('verified');
      expect(tell([...open, differs(by)]).moved).toEqual({ ...third, phase: 'mismatch' });
      expect(tell([...open, verified(by), differs(by)]).moved?.phase).toBe('mismatch');
    }
    const other = words.with(3, ((words[3] ?? 0) + 1) % 2048);
    for (const said of [other, words.slice(0, 3), [...words, 0], []])
      expect(tell([offered, answered, opened, verified(b, { words: said })]).moved?.phase).toBe(
        'mismatch',
      );
  });

  test('is moved by nobody else, by nothing else, and in no other order', () => {
    expect(tell([{ by: a, body: null }])).toEqual({ ceremonies: [], moved: null });
    const stranger: Device = { ...b, party: elsewhere, id: asDeviceId(filled(78)) };
    const otherOffer = asLeafHash(filled(79));
    const cases: Record<string, readonly Step[]> = {
      'an offer about oneself': [{ by: b, body: offers }],
      'an offer about nobody here': [{ by: a, body: { ...offers, about: elsewhere } }],
      'an answer to nothing': [answered],
      'an answer by the offerer': [offered, { ...answered, by: a }],
      'an answer by a third': [offered, { ...answered, by: stranger }],
      'a second answer': [offered, answered, answered],
      'an answer to another offer': [
        offered,
        { by: b, body: { kind: 'verify-answer', offer: otherOffer, nonce: answer } },
      ],
      'an opening before the answer': [offered, opened],
      'an opening by the other side': [offered, answered, { ...opened, by: b }],
      'a second opening': [offered, answered, opened, opened],
      'an opening of another offer': [
        offered,
        answered,
        { by: a, body: { kind: 'verify-open', offer: otherOffer, nonce } },
      ],
      'a word before the words': [offered, answered, verified(b)],
      'a word of a third': [offered, answered, opened, verified(stranger)],
      'a word about a third': [offered, answered, opened, verified(b, { about: elsewhere })],
      'a word of the offerer about a third': [
        offered,
        answered,
        opened,
        verified(a, { about: elsewhere }),
      ],
      'a word without an offer': [offered, answered, opened, verified(b, { offer: null })],
      'a word about another offer': [offered, answered, opened, verified(b, { offer: otherOffer })],
      'a mismatch of a third': [offered, answered, opened, differs(stranger)],
      'a mismatch about a third': [offered, answered, opened, differs(b, { about: elsewhere })],
      'a mismatch about another offer': [
        offered,
        answered,
        opened,
        differs(b, { offer: otherOffer }),
      ],
      'a mismatch without an offer': [offered, answered, opened, differs(b, { offer: null })],
      'a word after a mismatch': [offered, answered, opened, differs(b), verified(a)],
    };
    for (const [what, steps] of Object.entries(cases)) expect(movesNothing(steps), what).toBe(true);
  });

  test('breaks at an opening that was not committed to, and where the room is none', () => {
    const wrong: Step = { by: a, body: { kind: 'verify-open', offer, nonce: filled(9) } };
    const nameless = { ...transcript, channel: null };
    const devices = new Map(transcript.devices);
    devices.delete(digestKey(a.id));
    const last = [wrong, { ...opened, transcript: nameless }];
    for (const step of [...last, { ...opened, transcript: { ...transcript, devices } }])
      expect(tell([offered, answered, step]).moved).toMatchObject({ phase: 'broken', words: [] });
  });

  test('gives way to a new offer of the same party about the same, and to no other', () => {
    const again: Step = { ...offered, leaf: filled(80) };
    expect(tell([offered, answered, again]).ceremonies).toMatchObject([
      { offer: filled(80), phase: 'offered' },
    ]);
    const back: Step = { by: b, body: { ...offers, about: a.party }, leaf: filled(81) };
    const both = tell([offered, back]).ceremonies;
    expect(both.map((one) => one.offer)).toEqual([offer, filled(81)]);
    // What moves one of several leaves the others.
    expect(tell([answered], both).ceremonies).toMatchObject([
      { offer, phase: 'answered' },
      { offer: filled(81), phase: 'offered' },
    ]);
    // About a third it is another comparison.
    const third = { ...partyOf(transcript, b.party), fingerprint: elsewhere };
    const parties = new Map(transcript.parties).set(digestKey(elsewhere), third as Party);
    const wider: Step = {
      by: a,
      body: { ...offers, about: elsewhere },
      leaf: filled(82),
      transcript: { ...transcript, parties },
    };
    expect(tell([offered, wider]).ceremonies.map((one) => one.about)).toEqual([b.party, elsewhere]);
    const [one] = both;
    assert(one !== undefined, 'an offer');
    const kept = Array.from({ length: CEREMONIES_MAX }, (_, i) => ({
      ...one,
      by: asFingerprint(filled(100 + i)),
    }));
    expect(tell([back], kept).ceremonies).toEqual([...kept.slice(1), both[1]]);
  });
});

test('a ceremony is stored and read back in each of its phases', () => {
  const phases = ['offered', 'answered', 'open', 'broken', 'verified', 'mismatch'] as const;
  for (const phase of phases) {
    const one: Ceremony = {
      offer: asLeafHash(filled(1)),
      by: asFingerprint(filled(2)),
      device: asDeviceId(filled(3)),
      about: asFingerprint(filled(4)),
      commitment: filled(5),
      answer: phase === 'offered' ? null : filled(6),
      words: phase === 'open' ? [1, 2, 3, 2047] : [],
      phase,
    };
    expect(decode(ceremonyCodec, encode(ceremonyCodec, one))).toEqual({ ok: true, value: one });
  }
});

describe('word lists', () => {
  test.each(WORD_LANGUAGES)(
    '%s has 2048 different words, each found again as it is typed',
    (language) => {
      const words = wordsFor(
        Array.from({ length: 2048 }, (_, i) => i),
        language,
      );
      expect(new Set(words.map((word) => word.normalize('NFKD'))).size).toBe(2048);
      fc.assert(
        fc.property(fc.nat(2047), (index) => {
          const word = words[index] ?? '';
          expect(indexOfWord(` ${word.normalize('NFC').toUpperCase()} `, language)).toBe(index);
        }),
        { numRuns: 50 },
      );
      expect(indexOfWord('qqqq', language)).toBeUndefined();
    },
  );
});
