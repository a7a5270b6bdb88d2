// The log of a talk off the record: where this process reads what the others say there, and puts what it says itself.

import { sameBytes, type Ports } from '@parley/kernel';
import {
  beginBranch,
  leaveBody,
  reviewBranch,
  sayInBranch,
  takeBranch,
  wipeBranch,
  type Branch,
  type BranchBody,
  type BranchDoor,
  type BranchOutcome,
} from '@parley/channel';
import { capabilityId, logId, type LogPage, type RelayLog } from '@parley/post';
import type { Transcript } from '@parley/record';
import type { Context } from './context.ts';
import { relayRefusal } from './invitation-box.ts';

/** How long the relay is asked to keep a log of talks. No talk lasts longer. */
const LOG_LIFE_MS = 24 * 60 * 60 * 1000;
const LOG_ENTRIES = 20_000;
const RACES_MAX = 1_000;

export class OffRecordLog {
  readonly #context: Context;
  readonly #channel: string;
  readonly #hear: (outcome: BranchOutcome) => void;
  readonly #identity: Context['identity'];
  #log: RelayLog;
  branch: Branch;
  transcript: Transcript;

  constructor(
    context: Context,
    at: { channel: string; door: BranchDoor; logged: boolean },
    hear: (outcome: BranchOutcome) => void,
  ) {
    this.#context = context;
    this.#channel = at.channel;
    this.#hear = hear;
    this.branch = beginBranch(this.#ports, at.door, at);
    this.#log = this.#logAt(at.door);
    const room = context.room(context.openCard(at.channel));
    this.#identity = context.identityIn(room);
    this.transcript = room.transcript;
  }

  get #ports(): Ports {
    return this.#context.ports;
  }

  get at(): { identity: Context['identity']; transcript: Transcript } {
    return { identity: this.#identity, transcript: this.transcript };
  }

  #logAt({ id, capability }: BranchDoor): RelayLog {
    const client = this.#context.client(this.#context.openCard(this.#channel));
    return client.log(logId(id), { id: capabilityId(capability.id), key: capability.key });
  }

  /** Makes the log where it is not there yet, and reads what is in it. */
  async enter(): Promise<void> {
    const { capability, id } = this.branch.door;
    const head = await this.#log.head();
    if (!head.ok) {
      if (head.reason !== 'no-such-log') throw relayRefusal(head.reason);
      const client = this.#context.client(this.#context.openCard(this.#channel));
      const owner = { id: capabilityId(capability.id), key: capability.key };
      const made = await client.createLog(logId(id), owner, {
        maxEntries: LOG_ENTRIES,
        expiresMs: this.#ports.clock.nowMs() + LOG_LIFE_MS,
      });
      if (!made.ok) throw relayRefusal(made.reason);
    }
    await this.readOn();
  }

  /** Goes to another door with new keys: true where it is another one. Nobody must be there yet. */
  async moveTo(door: BranchDoor): Promise<boolean> {
    if (sameBytes(door.id, this.branch.door.id)) return false;
    const { logged } = this.branch.own;
    wipeBranch(this.branch);
    this.branch = beginBranch(this.#ports, door, { logged });
    this.#log = this.#logAt(door);
    await this.enter();
    return true;
  }

  /** Whether another device says to be there. */
  get isVisited(): boolean {
    return [...this.branch.seats.values()].some(
      ({ gone, device }) => gone === null && !this.#context.isOwn(device),
    );
  }

  async readOn(waitMs = 0): Promise<void> {
    for (;;) {
      const page = await this.#log.read({ after: this.branch.seq, waitMs });
      if (!page.ok) throw relayRefusal(page.reason);
      if (page.value.envelopes.length === 0) return;
      this.takeIn(page.value);
      if (waitMs > 0) return;
    }
  }

  takeIn(page: LogPage): void {
    for (const placed of page.envelopes) {
      if (placed.seq !== this.branch.seq + 1) continue;
      const { branch, outcomes } = takeBranch(this.#ports, this.at, this.branch, placed);
      this.branch = branch;
      for (const outcome of outcomes) this.#hear(outcome);
    }
  }

  /** Judges who is there by the record as it stands now. */
  review(transcript: Transcript): void {
    this.transcript = transcript;
    const { branch, outcomes } = reviewBranch(transcript, this.branch);
    this.branch = branch;
    for (const outcome of outcomes) this.#hear(outcome);
  }

  /** Tries the next place, and reads on. True where it was placed; false where another was first. */
  async put(body: BranchBody): Promise<boolean> {
    const said = sayInBranch(this.#ports, this.branch, body);
    if (!said.ok) return false;
    const stored = await this.#log.append(said.value);
    if (!stored.ok && stored.reason !== 'conflict') throw relayRefusal(stored.reason);
    await this.readOn();
    return stored.ok;
  }

  /** Gives the own seat up, whatever else goes on: true once its key is published. */
  async giveUp(): Promise<boolean> {
    const { seat } = this.branch.own;
    if (seat === null) return true;
    for (let race = 0; race < RACES_MAX; race++) {
      if (this.branch.seats.get(seat)?.gone !== null) return true;
      await this.put(leaveBody(this.branch));
    }
    return false;
  }

  /** Waits for what comes until `signal` says stop; hands each page out. Throws as the relay's client does. */
  async follow(signal: AbortSignal, take: (page: LogPage) => Promise<void>): Promise<void> {
    const log = this.#log;
    for await (const page of log.follow({ after: this.branch.seq, signal })) {
      if (!page.ok) throw relayRefusal(page.reason);
      if (log !== this.#log) return;
      await take(page.value);
    }
  }
}
