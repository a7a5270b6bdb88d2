// What founds a room: a plenary that admits whom it verifies, a room of named parties, or a fresh start after a fork.

import { accept, sameBytes } from '@parley/kernel';
import { digestKey, type Fingerprint } from './digests.ts';
import { no, type Judgement } from './judgement.ts';
import type { Body, EarlierRecord } from './kinds.ts';
import type { Device, RoomTerms, Transcript } from './transcript.ts';

/** The first entry of a room is of one of these kinds, and no other entry is. */
export type FoundingBody = Extract<Body, { kind: 'found' | 'room-founded' | 'room-restarted' }>;

const FOUNDING: ReadonlySet<string> = new Set<FoundingBody['kind']>([
  'found',
  'room-founded',
  'room-restarted',
]);

export function isFoundingKind(kind: string): boolean {
  return FOUNDING.has(kind);
}

export function isFoundingBody(body: { readonly kind: string } | null): body is FoundingBody {
  return body !== null && isFoundingKind(body.kind);
}

/** The terms that a founding entry of `party` sets, or why a room cannot have them. */
export function termsOf(
  transcript: Transcript,
  body: FoundingBody,
  party: Fingerprint,
): Judgement<RoomTerms> {
  if (body.kind === 'found') return accept({ kind: 'plenary', parties: [], earlier: null });
  const { earlier } = body;
  if (earlier !== null && (earlier.size === 0 || sameBytes(earlier.room, transcript.room))) {
    return no(transcript, 'wrong-restart', 'a restart names another room with an entry or more');
  }
  if (body.kind === 'room-restarted') return accept({ kind: 'plenary', parties: [], earlier });
  const { room: kind, parties } = body;
  const keys = parties.map(digestKey);
  const inOrder = keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') < key);
  const fits = kind === 'caucus' ? keys.length === 1 : keys.length >= 2;
  if (!inOrder || !fits || !keys.includes(digestKey(party))) {
    return no(
      transcript,
      'wrong-parties',
      'a caucus names its own party alone, a bilateral room its own and others, each once and in order',
    );
  }
  return accept({ kind, parties, earlier });
}

/** Whether the room's founding entry lets this party in at all. */
export function isNamed({ terms }: Transcript, party: Fingerprint): boolean {
  return terms.kind === 'plenary' || terms.parties.some((named) => sameBytes(named, party));
}

export function sameEarlier(one: EarlierRecord, other: EarlierRecord): boolean {
  const [a, b] = [one.evidence, other.evidence];
  return (
    one.size === other.size &&
    sameBytes(one.room, other.room) &&
    sameBytes(one.root, other.root) &&
    (a === null || b === null ? a === b : sameBytes(a, b))
  );
}

/**
 * Whether the author's party still has to accept where a restarted room goes on from: its first entry is that, and only
 * the founder's party, which proposed it, says nothing.
 */
export function owesAcceptance(transcript: Transcript, author: Device): boolean {
  if (transcript.terms.earlier === null) return false;
  const party = transcript.parties.get(digestKey(author.party));
  if (party === undefined || party.admittedAt === 0) return false;
  return [...transcript.devices.values()].every(
    (device) => device.entries === 0 || !sameBytes(device.party, author.party),
  );
}
