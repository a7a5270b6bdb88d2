// The verification by voice: commit, answer, open; then both read the same four words or know that somebody is between
// them. A relay in the middle has one guess in 2^44.
//
// All of it is read from entries, so every device of both parties shows the same words.

import {
  bytes,
  concat,
  hkdf,
  list,
  nullable,
  compareBytes,
  sameBytes,
  struct,
  uint,
  utf8,
  word,
  type Crypto,
  type Decoded,
} from '@parley/kernel';
import {
  deviceOf,
  digest,
  digestKey,
  type Body,
  type Device,
  type DeviceId,
  type Fingerprint,
  type LeafHash,
  type Transcript,
  type UnknownBody,
} from '@parley/record';

/** Ceremonies a room remembers: the latest offer of each party about each other. */
export const CEREMONIES_MAX = 56;
const WORDS = 4;
const WORD_BITS = 11;

export const ceremonyCodec = struct({
  offer: digest<LeafHash>(),
  by: digest<Fingerprint>(),
  device: digest<DeviceId>(),
  about: digest<Fingerprint>(),
  commitment: bytes({ exactly: 32 }),
  answer: nullable(bytes({ exactly: 32 })),
  /** The words once both nonces are in the open. */
  words: list(uint(2047), WORDS),
  phase: word(['offered', 'answered', 'open', 'broken', 'verified', 'mismatch']),
});

/**
 * `offered`: waits for an answer. `answered`: waits for the opening. `open`: the words are there to be compared.
 * `broken`: the opening is not what was committed to. `verified` and `mismatch`: what a person said about the words.
 */
export type Ceremony = Decoded<typeof ceremonyCodec>;

/** What an offer commits to. */
export function commitmentOf(crypto: Crypto, nonce: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(utf8('parley/v1/verify-commitment\0'), nonce));
}

/** The four indexes (11 bits each) of one ceremony. They depend on both nonces, both authorities, channel and offer. */
export function ceremonyWords(
  crypto: Crypto,
  between: {
    offered: Uint8Array;
    answered: Uint8Array;
    parties: readonly [Fingerprint, Fingerprint];
    channel: Uint8Array;
    offer: LeafHash;
  },
): readonly number[] {
  const [low, high] = between.parties.toSorted(compareBytes);
  const info = concat(
    utf8('parley/v1/verify-words\0'),
    low ?? new Uint8Array(0),
    high ?? new Uint8Array(0),
    between.channel,
    between.offer,
  );
  const ikm = concat(between.offered, between.answered);
  const derived = hkdf(crypto, 'sha256', { ikm, info, length: 6 });
  let bits = 0n;
  for (const byte of derived) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: WORDS }, (_, i) =>
    Number((bits >> BigInt(48 - WORD_BITS * (i + 1))) & 0x7ffn),
  );
}

const sameWords = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((index, i) => index === b[i]);

/** The room's ceremonies after one more entry, and the one it moved. `transcript` is the one after the entry. */
export function advanceCeremonies(
  crypto: Crypto,
  ceremonies: readonly Ceremony[],
  said: { transcript: Transcript; author: Device; leaf: LeafHash; body: Body | UnknownBody | null },
): { ceremonies: readonly Ceremony[]; moved: Ceremony | null } {
  const { author, body, leaf, transcript } = said;
  const unmoved = { ceremonies, moved: null };
  const move = (from: Ceremony, to: Partial<Ceremony>): typeof unmoved | MovedCeremony => {
    const moved = { ...from, ...to };
    return { ceremonies: ceremonies.map((one) => (one === from ? moved : one)), moved };
  };
  switch (body?.kind) {
    case 'verify-offer': {
      const known = transcript.parties.has(digestKey(body.about));
      if (!known || sameBytes(body.about, author.party)) return unmoved;
      const moved: Ceremony = {
        offer: leaf,
        by: author.party,
        device: author.id,
        about: body.about,
        commitment: body.commitment,
        answer: null,
        words: [],
        phase: 'offered',
      };
      const others = ceremonies.filter(
        (one) => !sameBytes(one.by, moved.by) || !sameBytes(one.about, moved.about),
      );
      return { ceremonies: [...others, moved].slice(-CEREMONIES_MAX), moved };
    }
    case 'verify-answer': {
      const one = ceremonies.find((c) => sameBytes(c.offer, body.offer));
      if (one?.phase !== 'offered' || !sameBytes(one.about, author.party)) return unmoved;
      return move(one, { answer: body.nonce, phase: 'answered' });
    }
    case 'verify-open': {
      const one = ceremonies.find((c) => sameBytes(c.offer, body.offer));
      if (one?.phase !== 'answered' || one.answer === null) return unmoved;
      if (!sameBytes(one.device, author.id)) return unmoved;
      const honest = sameBytes(commitmentOf(crypto, body.nonce), one.commitment);
      const device = deviceOf(transcript, one.device);
      if (!honest || device === undefined || transcript.channel === null)
        return move(one, { phase: 'broken' });
      const words = ceremonyWords(crypto, {
        offered: body.nonce,
        answered: one.answer,
        parties: [one.by, one.about],
        channel: transcript.channel,
        offer: one.offer,
      });
      return move(one, { words, phase: 'open' });
    }
    case 'verified': {
      const { offer } = body;
      const one = offer === null ? undefined : ceremonies.find((c) => sameBytes(c.offer, offer));
      if (one === undefined || !isBetween(one, author.party, body.about)) return unmoved;
      if (one.phase !== 'open' && one.phase !== 'verified') return unmoved;
      // A signed statement that other words were heard than everyone computes: somebody is not who they seem.
      return move(one, { phase: sameWords(one.words, body.words) ? 'verified' : 'mismatch' });
    }
    case 'mismatch': {
      const { offer } = body;
      const one = offer === null ? undefined : ceremonies.find((c) => sameBytes(c.offer, offer));
      return one === undefined || !isBetween(one, author.party, body.about)
        ? unmoved
        : move(one, { phase: 'mismatch' });
    }
    default:
      return unmoved;
  }
}

type MovedCeremony = { ceremonies: readonly Ceremony[]; moved: Ceremony };

function isBetween(one: Ceremony, speaker: Fingerprint, about: Fingerprint): boolean {
  return (
    (sameBytes(one.by, speaker) && sameBytes(one.about, about)) ||
    (sameBytes(one.about, speaker) && sameBytes(one.by, about))
  );
}
