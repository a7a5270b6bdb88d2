// Rehearsal of a talk off the record: processes at one log that answer each other until nobody owes anything.

import { assert, type Ports } from '@parley/kernel';
import type { Transcript } from '@parley/record';
import {
  beginBranch,
  leaveBody,
  owedBody,
  sayInBranch,
  type Branch,
  type BranchOutcome,
} from '../src/branch.ts';
import { takeBranch } from '../src/branch-take.ts';
import type { BranchBody, BranchDoor } from '../src/branch-wire.ts';
import type { Identity } from '../src/index.ts';
import type { Log } from './town.ts';

const STEPS_MAX = 200;

/** One process of one device. Its branch is nowhere else. */
export class Talker {
  readonly ports: Ports;
  readonly identity: Identity;
  transcript: Transcript;
  branch: Branch;
  outcomes: BranchOutcome[] = [];

  constructor(
    of: { ports: Ports; identity: Identity; room: { transcript: Transcript } },
    door: BranchDoor,
    { logged } = { logged: true },
  ) {
    this.ports = of.ports;
    this.identity = of.identity;
    this.transcript = of.room.transcript;
    this.branch = beginBranch(of.ports, door, { logged });
  }

  take(seq: number, envelope: Uint8Array): readonly BranchOutcome[] {
    const step = takeBranch(this.ports, this, this.branch, { seq, envelope });
    this.branch = step.branch;
    this.outcomes.push(...step.outcomes);
    return step.outcomes;
  }

  read(log: Log): void {
    for (let seq = this.branch.seq + 1; seq <= log.envelopes.length; seq++)
      this.take(seq, log.envelopes[seq - 1] as Uint8Array);
  }

  sealed(body: BranchBody): Uint8Array {
    const said = sayInBranch(this.ports, this.branch, body);
    assert(said.ok, `it is said: ${said.ok ? '' : said.reason}`);
    return said.value.envelope;
  }

  say(log: Log, text: string): void {
    this.read(log);
    this.put(log, { kind: 'line', text });
  }

  put(log: Log, body: BranchBody): void {
    log.append(this.branch.seq + 1, this.sealed(body));
    this.read(log);
  }

  leave(log: Log): void {
    this.read(log);
    this.put(log, leaveBody(this.branch));
  }

  /** Says the next thing it owes; false where there is none. */
  pay(log: Log): boolean {
    this.read(log);
    const body = owedBody(this.ports, this, this.branch);
    if (body === undefined) return false;
    this.put(log, body);
    return true;
  }

  seen<K extends BranchOutcome['kind']>(kind: K): Extract<BranchOutcome, { kind: K }>[] {
    return this.outcomes.filter(
      (one): one is Extract<BranchOutcome, { kind: K }> => one.kind === kind,
    );
  }

  heard(): string[] {
    return this.seen('line').map(({ text }) => text);
  }

  refusals(): string[] {
    return this.seen('refused').map(({ reason }) => reason);
  }
}

export function settle(log: Log, ...talkers: readonly Talker[]): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    const paid = talkers.map((one) => one.pay(log));
    if (!paid.includes(true)) return;
  }
  throw new Error('they never settle');
}
