// A party's authority gives way to another: by the old key's signature, or by as many officers as its policy asks for.
//
// From then on the party is unverified: whoever stole a key, or bribed officers, has not got past the people who compare.

import {
  accept,
  concat,
  hybridSign,
  hybridVerify,
  type Crypto,
  type HybridKeyPair,
} from '@parley/kernel';
import { digestKey, fingerprint, type Fingerprint, type RoomId } from './digests.ts';
import { governed, officersFor, withParty, withVoice } from './governance.ts';
import { no, type Judgement } from './judgement.ts';
import type { BodyOf } from './kinds.ts';
import {
  AUTHORITIES_MAX,
  partyOfAuthority,
  type Device,
  type Party,
  type Transcript,
} from './transcript.ts';

const PURPOSE = 'authority-change';

/** What both keys sign: this room, the authority that gives way, and the new one. */
function changeBytes(room: RoomId, from: Fingerprint, to: Uint8Array): Uint8Array {
  return concat(room, from, to);
}

/** The body by which `party` of `room` changes its authority. `old` is null where it is lost: then officers decide. */
export function authorityChange(
  crypto: Crypto,
  at: { room: RoomId; party: Fingerprint },
  keys: { old: HybridKeyPair | null; next: HybridKeyPair },
  reason: string,
): BodyOf<'authority-changed'> {
  const { old, next } = keys;
  const said = changeBytes(at.room, at.party, next.publicKey);
  const sign = ({ secretKey }: HybridKeyPair): Uint8Array =>
    hybridSign(crypto, { secretKey, purpose: PURPOSE }, said);
  return {
    kind: 'authority-changed',
    authority: next.publicKey,
    proof: sign(next),
    signature: old === null ? null : sign(old),
    reason,
  };
}

export function changeAuthority(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: BodyOf<'authority-changed'>,
): Judgement<Transcript> {
  const governs = governed(transcript, author);
  if (!governs.ok) return governs;
  const party = governs.value;
  const to = fingerprint(crypto, body.authority);
  if (partyOfAuthority(transcript, to) !== undefined)
    return no(transcript, 'party-known', 'a party here has or had this authority');
  if (party.formerly.length >= AUTHORITIES_MAX)
    return no(transcript, 'too-many-parties', `at most ${AUTHORITIES_MAX} changes of authority`);
  const said = changeBytes(transcript.room, party.fingerprint, body.authority);
  const signed = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
    hybridVerify(crypto, { publicKey, purpose: PURPOSE }, said, signature);
  if (!signed(body.authority, body.proof))
    return no(transcript, 'bad-authority-proof', 'the new authority did not sign the change');
  if (body.signature !== null) {
    return signed(party.authority, body.signature)
      ? accept(replaced(transcript, party, { to, authority: body.authority }))
      : no(transcript, 'bad-authority-proof', 'the old authority did not sign the change');
  }
  const claims = withVoice(party.claims, { on: to, by: author.id });
  const officers = officersFor(transcript, party, claims, to);
  return accept(
    officers.size >= party.policy.officersForAuthority
      ? replaced(transcript, party, { to, authority: body.authority })
      : withParty(transcript, { ...party, claims }),
  );
}

/** The party under its new authority, everywhere it is named: its devices, its word on others, the room's terms. */
function replaced(
  transcript: Transcript,
  party: Party,
  { to, authority }: { to: Fingerprint; authority: Uint8Array },
): Transcript {
  const from = digestKey(party.fingerprint);
  const now = (one: Fingerprint): Fingerprint => (digestKey(one) === from ? to : one);
  const changed: Party = {
    ...party,
    fingerprint: to,
    authority,
    formerly: [...party.formerly, party.fingerprint],
    admittedBy: now(party.admittedBy),
    proposals: [],
    claims: [],
    verifications: [],
  };
  const parties = [...transcript.parties.values()].map((one): Party => {
    if (digestKey(one.fingerprint) === from) return changed;
    const verifications = one.verifications.map((said) => ({ ...said, by: now(said.by) }));
    return { ...one, admittedBy: now(one.admittedBy), verifications };
  });
  const devices = [...transcript.devices.values()].map((one) => ({
    ...one,
    party: now(one.party),
  }));
  return {
    ...transcript,
    terms: { ...transcript.terms, parties: transcript.terms.parties.map(now) },
    devices: new Map(devices.map((one) => [digestKey(one.id), one])),
    parties: new Map(parties.map((one) => [digestKey(one.fingerprint), one])),
  };
}
