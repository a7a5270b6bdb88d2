// What taking in one envelope did, in the order it happened: a desk stores it, shows it and acts on it.

import type {
  CosignedCheckpoint,
  Body,
  Device,
  DeviceId,
  EntryHeader,
  LeafHash,
  OpenedEntry,
  RootHash,
  UnknownBody,
} from '@parley/record';
import type { Act } from './act.ts';
import type { Ceremony } from './ceremony.ts';
import type { Frozen } from './room.ts';

export type RefusedReason =
  /** The desk skipped places of the log: fetch them first. The state did not move. */
  | 'gap'
  /** This place was taken in before. The state did not move. */
  | 'duplicate'
  /** Its author made it for a later place: the relay holds something back. The state did not move. */
  | 'withheld'
  /** The room is frozen. The state did not move. */
  | 'frozen'
  /** Its author made it for an earlier place: the relay moved or repeated it. */
  | 'misplaced'
  /** By nobody in this epoch, or changed on the way. */
  | 'unreadable'
  /** A member's, but not as this version makes them. */
  | 'malformed'
  | 'outside-profile'
  /** Signed by another device than the one that sent it. */
  | 'wrong-sender'
  /** A member's entry that the record's rules forbid; `detail` begins with the judge's reason. */
  | 'not-allowed'
  /** A commit that adds a device no entry admitted, or takes out one that no entry removed. */
  | 'not-on-record'
  /** A commit over a shorter record than ours. */
  | 'stale';

export type Outcome =
  | {
      readonly kind: 'entry';
      readonly seq: number;
      readonly index: number;
      readonly entry: OpenedEntry;
      readonly header: EntryHeader;
      readonly body: Body | UnknownBody;
      readonly author: Device;
      readonly leaf: LeafHash;
      /** The root over the record including this entry: what `History.rootAt(index + 1)` must answer. */
      readonly root: RootHash;
      readonly own: boolean;
    }
  | {
      readonly kind: 'epoch';
      readonly seq: number;
      readonly epoch: number;
      readonly by: DeviceId;
      readonly change: 'add' | 'remove' | 'update';
      readonly added: readonly DeviceId[];
      readonly removed: readonly DeviceId[];
      /** The committer's word on the record so far, to be kept beside it. */
      readonly checkpoint: CosignedCheckpoint;
      readonly own: boolean;
    }
  /** This device's commit added others: seal `welcome` to each of them (`sealWelcome`). */
  | {
      readonly kind: 'admitted';
      readonly seq: number;
      readonly devices: readonly DeviceId[];
      readonly welcome: Uint8Array;
    }
  /** Another envelope took the place: author the act again. */
  | { readonly kind: 'lost'; readonly seq: number; readonly act: Act }
  /** Something this device owes the room. If `author` refuses it for good, another device did it. */
  | { readonly kind: 'due'; readonly act: Act }
  | { readonly kind: 'ceremony'; readonly seq: number; readonly ceremony: Ceremony }
  /** From now on this device authors nothing here. */
  | { readonly kind: 'frozen'; readonly frozen: Frozen }
  | {
      readonly kind: 'refused';
      readonly seq: number;
      readonly reason: RefusedReason;
      readonly detail: string;
      /** True where an honest relay and honest members cannot cause it. */
      readonly alarm: boolean;
    };
