// What the page and the client say to each other about a talk off the record: nothing of it is anywhere else.

import type { SaidWire } from './wire-said.ts';

/** Somebody in a talk off the record. */
export type OffRecordWho = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly verified: boolean;
};

export type OffRecordLine = {
  readonly who: OffRecordWho;
  readonly mine: boolean;
  readonly text: string;
  readonly timeMs: number;
};

/** A talk off the record as a window shows it: nothing of it is anywhere else. */
export type OffRecordAnswer = {
  readonly state: 'none' | 'there' | 'open' | 'ended';
  /** Who else proposed one on the record not long ago, and has not withdrawn it. */
  readonly proposedBy: {
    readonly party: string;
    readonly member: string;
    readonly timeMs: number;
  } | null;
  /** The record says that it takes place, or took place. */
  readonly logged: boolean;
  readonly who: readonly OffRecordWho[];
  /** Not proven. */
  readonly saidToBe: readonly string[];
  readonly lines: readonly OffRecordLine[];
  readonly alarms: readonly {
    readonly said: SaidWire<'alarm'> | null;
    /** The code of a refusal, where that says it. */
    readonly code: string | null;
    readonly text: string;
  }[];
  readonly lineDown: boolean;
  readonly ended: {
    readonly end: 'left' | 'over' | 'idle' | 'frozen' | 'forked' | 'relay';
    readonly lastedMs: number | null;
    readonly published: boolean;
    readonly unpublished: readonly OffRecordWho[];
  } | null;
};
