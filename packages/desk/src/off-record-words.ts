// What a talk off the record tells its person, as plain values for any app.

import type { Said } from '@parley/kernel';
import type { AlarmCode } from './alarm-sentences.ts';

/** Somebody in a talk, as the record of the room names them. */
export type Speaker = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly verified: boolean;
};

/** Why it is over here. */
export type TalkEnd = 'left' | 'over' | 'idle' | 'frozen' | 'forked' | 'relay';

export const END_SENTENCES: Readonly<Record<TalkEnd, string>> = {
  left: 'You have left the talk off the record.',
  over: 'The others have left: the talk off the record is over.',
  idle: 'Nobody has said anything for a while: this desk has left the talk off the record.',
  frozen:
    'The room is frozen, or a party in it must be verified anew: this desk has left the talk off the record.',
  forked:
    'The relay showed you and another in the talk two different talks. It is over. Nobody signed anything, so there is no proof of it.',
  relay: 'The relay does not carry the talk off the record any more.',
};

/** What its promise is, in the words that every app shows. */
export const OFF_RECORD_PROMISE =
  'Off the record: no signed proof of what is said is left. It is not deniable: whoever hears it can write it down, photograph it, or tell.';

export type TalkEvent =
  /** The proposal stands on the record. */
  | { readonly event: 'proposed'; readonly entry: number }
  /** This desk sits there. */
  | { readonly event: 'waiting' }
  /** Somebody says to be this device. */
  | { readonly event: 'came'; readonly who: Speaker }
  | { readonly event: 'proven'; readonly who: Speaker }
  | { readonly event: 'opened'; readonly who: readonly Speaker[] }
  /** This desk agreed on the record that it took place. */
  | { readonly event: 'logged'; readonly entry: number }
  | {
      readonly event: 'line';
      readonly who: Speaker;
      readonly mine: boolean;
      readonly text: string;
      /** When this desk heard it, by its own clock. */
      readonly atMs: number;
    }
  /** `published`: anybody in the talk can sign like this one from now on. */
  | { readonly event: 'left'; readonly who: Speaker; readonly published: boolean }
  | { readonly event: 'line-state'; readonly state: 'up' | 'down' }
  /** `said` is null where the code of a refusal says it: `code`. */
  | {
      readonly event: 'alarm';
      readonly message: string;
      readonly said: Said<AlarmCode> | null;
      readonly code: string | null;
    }
  | {
      readonly event: 'ended';
      readonly end: TalkEnd;
      readonly message: string;
      /** How long others were heard; null where nobody came. */
      readonly lastedMs: number | null;
      /** The record says that it took place. */
      readonly logged: boolean;
      /** This desk has published its own. */
      readonly published: boolean;
      /** Who did not publish the key they signed with. Nothing long-lived ever vouched for that key. */
      readonly unpublished: readonly Speaker[];
    };
