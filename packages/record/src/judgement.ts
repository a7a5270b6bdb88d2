// Why an entry may not stand: the reasons of the judge, and the shape of its answers.

import { refuse, type Refused, type Verdict } from '@parley/kernel';
import type { Transcript } from './transcript.ts';

export type JudgeReason =
  | 'malformed-entry'
  | 'wrong-room'
  | 'not-founded'
  | 'founded-twice'
  | 'unknown-device'
  | 'removed-device'
  | 'bad-signature'
  | 'stale-seen'
  | 'seen-ahead'
  | 'false-seen'
  | 'broken-author-chain'
  | 'wrong-body'
  | 'malformed-body'
  | 'body-withheld'
  | 'malformed-certificate'
  | 'wrong-authority'
  | 'not-own-certificate'
  | 'other-party'
  | 'party-name-changed'
  | 'party-known'
  | 'party-not-verified'
  | 'device-known'
  | 'key-reused'
  | 'unknown-party'
  | 'own-party'
  | 'too-many-devices'
  | 'too-many-parties'
  /** The author's device, or a party's first one, is not an officer's. */
  | 'not-an-officer'
  /** The party's policy asks for a proposal by another of its officers first. */
  | 'second-officer-needed'
  | 'suspended-device'
  | 'suspended-member'
  | 'not-suspended'
  | 'unknown-member'
  | 'member-known'
  /** An officer who would suspend itself. */
  | 'own-member'
  /** A party with devices keeps one of an officer. */
  | 'last-officer'
  | 'too-few-officers'
  /** The new authority's key, or the replaced one's, did not sign the change. */
  | 'bad-authority-proof'
  /** The founding entry names parties that no such room has. */
  | 'wrong-parties'
  /** The room's founding entry does not name this party. */
  | 'party-not-named'
  /** Not the checkpoint that this room goes on from, or it goes on from none. */
  | 'wrong-restart'
  /** A party of a restarted room says something before it has accepted the restart. */
  | 'restart-not-accepted';

export type Judgement<T> = Verdict<T, JudgeReason>;

/** A refusal of the entry that would stand next. */
export function no(
  transcript: Transcript,
  reason: JudgeReason,
  detail: string,
): Refused<JudgeReason> {
  return refuse(reason, { at: transcript.tree.size, detail });
}
