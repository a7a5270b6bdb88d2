// One schedule: devices speak, renew keys, crash and come back, while the relay does to them whatever the dice say.

import { assert } from '@parley/kernel';
import { author, dueActs, overdueRemovals, unsentAct, type Act } from '@parley/channel';
import { START_MS, type Desk } from '../../packages/channel/testing/town.ts';
import { desksOf, type Cast } from './cast.ts';
import { Dice } from './dice.ts';
import { flipped, HostileRelay } from './hostile-relay.ts';
import { checkOneRecord, exchangeWords } from './closing.ts';
import { backUp, restore, waitingText, type Backup } from './backup.ts';
import { acknowledgeNext, ReceiptBook } from './receipts.ts';
import { TEMPERS, TRAITOR, type Temper } from './tempers.ts';
import { forge, mayCheat } from './traitor.ts';
import { Witness, type Counts } from './witness.ts';

export type Report = { readonly trace: readonly string[]; readonly counts: Counts };

const STEPS = 34;
const CRASH_PERCENT = 8;

const PEOPLE = {
  say: 22,
  push: 40,
  pull: 34,
  update: 5,
  remove: 1,
  backup: 2,
  restore: 3,
} as const;
const MISCHIEF = { garbage: 4, replay: 4, flip: 4, again: 5, ahead: 3, lie: 5 } as const;
const FORKING = { fork: 5, drop: 4, cross: 12, part: 7 } as const;
const TREASON = { cheat: 9 } as const;

const WEIGHTS: Record<Temper, Partial<Record<Step, number>>> = {
  honest: PEOPLE,
  mean: { ...PEOPLE, ...MISCHIEF },
  forking: { ...PEOPLE, ...MISCHIEF, ...FORKING },
  traitor: { ...PEOPLE, ...TREASON },
};
type Step =
  | keyof typeof PEOPLE
  | keyof typeof MISCHIEF
  | keyof typeof FORKING
  | keyof typeof TREASON;

class Schedule {
  readonly dice: Dice;
  readonly desks: readonly Desk[];
  readonly relay: HostileRelay;
  readonly witness = new Witness();
  readonly trace: string[] = [];
  readonly said: string[] = [];
  /** What a device was told for good that it cannot say: it had been removed. */
  readonly unsaid = new Set<string>();
  readonly unsure = new Set<string>();
  /** Copies of a device's vault, to come back to. */
  readonly #backups = new Map<number, Backup>();
  readonly #books: readonly ReceiptBook[];
  /** Devices that came back with an old vault and have not read the log to its end since. */
  readonly #mustRead = new Set<number>();
  nowMs = START_MS;

  constructor(cast: Cast, seed: number) {
    this.dice = new Dice(seed);
    const clock = { nowMs: () => this.nowMs };
    this.desks = desksOf(cast, seed, clock);
    this.relay = new HostileRelay(cast.log, this.desks.length);
    this.#books = this.desks.map(() => new ReceiptBook());
    for (const [device, desk] of this.desks.entries()) this.#backups.set(device, backUp(desk));
  }

  desk(device: number): Desk {
    return this.desks[device] as Desk;
  }

  note(line: string): void {
    this.trace.push(line);
  }

  /** The process may die here; what it stored is what it has. */
  maybeCrash(device: number): boolean {
    if (!this.dice.chance(CRASH_PERCENT)) return false;
    this.note(`${device} crashes`);
    this.desk(device).crash();
    return true;
  }

  /** One delivery, judged. */
  async deliver(device: number, seq: number, envelope: Uint8Array): Promise<void> {
    const desk = this.desk(device);
    const before = {
      ...Witness.standing(desk),
      frozen: desk.room.frozen !== null,
      lastSeq: desk.room.seq,
    };
    const outcomes = await desk.take(seq, envelope);
    this.witness.judge(device, desk, before, { seq, envelope }, outcomes);
    for (const outcome of outcomes) {
      const what = outcome.kind === 'refused' ? `refused ${outcome.reason}` : outcome.kind;
      this.note(`${device} at ${seq}: ${what}`);
      if (outcome.kind === 'due') desk.queue.push(outcome.act);
    }
    const { head, room } = desk.room;
    if (desk.room.seq !== seq || before.lastSeq === seq) return;
    if (this.#books[device]?.hold(room, { seq, head, timeMs: this.nowMs }) === true)
      this.witness.counts.receipts += 1;
  }

  async pull(device: number, count: number): Promise<void> {
    const { envelopes } = this.relay.branchOf(device);
    for (let i = 0; i < count; i++) {
      const seq = this.desk(device).room.seq + 1;
      const envelope = envelopes[seq - 1];
      if (envelope === undefined) return void this.#mustRead.delete(device);
      await this.deliver(device, seq, envelope);
      this.maybeCrash(device);
      if (this.desk(device).room.seq < seq) return;
    }
  }

  /** Sends what is pending, or authors what waits and sends it. */
  async push(device: number): Promise<void> {
    const desk = this.desk(device);
    // A desk reads on before it writes. After an old backup nothing else keeps it from signing one size twice.
    if (this.#mustRead.has(device)) await this.pull(device, 1_000);
    if (desk.room.pending === null && !(await this.authorNext(device))) return;
    const { pending } = desk.room;
    if (pending === null) return;
    if (this.maybeCrash(device)) return;
    const lie = this.lies.get(device);
    this.lies.delete(device);
    // A relay may say that it stored what it did not: then the envelope stays pending and goes out again.
    const answer = lie === true ? 'lied' : this.relay.append(device, pending.seq, pending.envelope);
    this.note(`${device} sends for ${pending.seq}: ${answer}`);
    const { head, room, seq } = desk.room;
    if (answer !== 'conflict' && pending.seq === seq + 1)
      this.#books[device]?.keep(
        acknowledgeNext(room, { seq, head, timeMs: this.nowMs }, pending.envelope),
      );
    this.maybeCrash(device);
  }

  readonly lies = new Map<number, boolean>();

  async authorNext(device: number): Promise<boolean> {
    const desk = this.desk(device);
    const act = unsentAct(desk.room) ?? desk.queue[0];
    if (act === undefined) return false;
    const before = desk.room;
    const standing = Witness.standing(desk);
    const made = await author(desk.ports, before, desk.identity, act);
    if (!made.ok) {
      this.note(`${device} may not ${act.kind}: ${made.reason}`);
      if (made.reason === 'removal-due') {
        const devices = overdueRemovals(desk.room);
        desk.queue.unshift({ kind: 'commit', change: { kind: 'remove', devices } });
      } else if (made.reason !== 'frozen') {
        desk.queue.shift();
        if (act.kind === 'text') this.unsaid.add(act.text);
      }
      return false;
    }
    if (this.dice.chance(CRASH_PERCENT)) {
      this.note(`${device} crashes before storing`);
      desk.crash();
      return false;
    }
    if (desk.queue[0] === act || sameKind(desk.queue[0], act)) desk.queue.shift();
    desk.store(made.value.state);
    this.witness.noteSent(device, before, standing, made.value.envelope);
    this.note(`${device} seals ${act.kind} for ${made.value.expectedSeq}`);
    return true;
  }

  say(device: number): void {
    const text = `${device} says ${this.said.length}`;
    this.said.push(text);
    this.desk(device).queue.push({ kind: 'text', text });
  }

  async step(step: Step): Promise<void> {
    const device = this.dice.roll(this.desks.length);
    const desk = this.desk(device);
    const branch = this.relay.branchOf(device);
    this.nowMs += this.dice.roll(60_000);
    switch (step) {
      case 'say':
        return this.say(device);
      case 'push':
        return this.push(device);
      case 'pull':
        return this.pull(device, 1 + this.dice.roll(6));
      case 'update':
        return void desk.queue.push({ kind: 'commit', change: { kind: 'update' } });
      case 'remove': {
        const gone = this.desk(1 + this.dice.roll(this.desks.length - 1)).identity.deviceId;
        return void desk.queue.push({ kind: 'device-removed', device: gone, reason: 'lost' });
      }
      case 'backup':
        return void this.#backups.set(device, backUp(desk));
      case 'restore':
        return this.#restore(device);
      case 'cheat':
        return this.#cheat();
      case 'garbage':
        return void branch.envelopes.push(desk.ports.randomness.bytes(9_000));
      case 'replay':
        return void branch.envelopes.push(this.dice.pick(branch.envelopes));
      case 'flip': {
        const changed = flipped(this.dice.pick(branch.envelopes), this.dice.roll(65_536));
        return void branch.envelopes.push(changed);
      }
      case 'again': {
        const seq = 1 + this.dice.roll(Math.max(1, desk.room.seq));
        return this.deliver(device, seq, branch.envelopes[seq - 1] as Uint8Array);
      }
      case 'ahead': {
        const seq = desk.room.seq + 2;
        const envelope = branch.envelopes[seq - 1];
        return envelope === undefined ? undefined : this.deliver(device, seq, envelope);
      }
      case 'lie':
        return void this.lies.set(device, true);
      case 'fork': {
        const length = desk.room.seq + this.dice.roll(branch.envelopes.length - desk.room.seq + 1);
        const along = this.desks
          .map((_, i) => i)
          .filter((i) => this.relay.branchOf(i) === branch && this.desk(i).room.seq <= length)
          .filter((i) => i === device || this.dice.chance(40));
        return void this.relay.fork(along, branch, length);
      }
      case 'drop': {
        const next = desk.room.seq;
        if (next >= branch.envelopes.length) return;
        const lying = this.relay.fork([device], branch, branch.envelopes.length);
        return void lying.envelopes.splice(next, 1);
      }
      case 'part':
        return this.part(device);
      case 'cross': {
        const other = this.dice.pick(this.relay.branches);
        // Best is one that was made for just this place; any other is noticed by its place alone.
        const fitting = other.envelopes[branch.envelopes.length];
        const envelope = this.dice.chance(80) ? fitting : other.envelopes.at(-1);
        if (other !== branch && envelope !== undefined) branch.envelopes.push(envelope);
      }
    }
  }

  async #restore(device: number): Promise<void> {
    const backup = this.#backups.get(device);
    if (backup === undefined || backup.room.seq === this.desk(device).room.seq) return;
    if (this.desk(device).room.frozen !== null) return;
    this.note(`${device} comes back with its vault of ${backup.room.seq}`);
    const waiting = waitingText(this.desk(device).room);
    if (waiting !== undefined) this.unsure.add(waiting);
    restore(this.desk(device), backup);
    this.witness.restored.add(device);
    this.#mustRead.add(device);
    await this.pull(device, 1_000);
  }

  async #cheat(): Promise<void> {
    const desk = this.desk(TRAITOR);
    await this.pull(TRAITOR, 1_000);
    if (!mayCheat(desk)) return;
    const victim = this.desk(0).identity.deviceId;
    const text = `untrue ${this.trace.length}`;
    const { due, envelope, what } = await forge(this.dice, desk, victim, text);
    const place = desk.room.seq + 1;
    this.witness.noteForged(desk, envelope, due);
    this.note(`the traitor: ${what}: ${this.relay.append(TRAITOR, place, envelope)}`);
  }

  /** Two devices that hold one history are shown two; each goes on in its own; then a word of one reaches the other. */
  async part(left: number): Promise<void> {
    const right = this.dice.roll(this.desks.length);
    const branch = this.relay.branchOf(left);
    if (right === left || this.relay.branchOf(right) !== branch) return;
    const pair = [left, right] as const;
    for (const device of pair) await this.pull(device, 1_000);
    if (pair.some((device) => this.desk(device).room.frozen !== null)) return;
    const other = this.relay.fork([right], branch, branch.envelopes.length);
    for (let i = this.dice.roll(3); i >= 0; i--)
      for (const device of pair) {
        this.say(device);
        for (const _ of [1, 2]) await this.push(device);
        await this.pull(device, 1_000);
      }
    const word = branch.envelopes[other.envelopes.length];
    if (word !== undefined) other.envelopes.push(word);
    else {
      this.say(left);
      await this.push(left);
      const late = branch.envelopes[other.envelopes.length];
      if (late !== undefined) other.envelopes.push(late);
    }
    await this.pull(right, 1_000);
  }

  /** Everybody reads and says what is left, over a relay that behaves. */
  async drain(temper: Temper): Promise<void> {
    this.lies.clear();
    for (let round = 0; round < (temper === 'forking' ? 6 : 60); round++) {
      let busy = false;
      for (const device of this.desks.keys()) {
        await this.pull(device, 1_000);
        const desk = this.desk(device);
        if (desk.room.frozen !== null) continue;
        for (const { act } of dueActs(desk.room, desk.identity))
          if (!desk.queue.some((waiting) => sameKind(waiting, act))) desk.queue.push(act);
        if (desk.queue.length === 0 && desk.room.pending === null) continue;
        busy = true;
        await this.push(device);
      }
      if (!busy) return;
    }
    // Where the relay holds something back for ever, a device waits for ever, and says so.
    assert(temper === 'forking', 'with one history the talk comes to rest');
  }
}

function sameKind(a: Act | undefined, b: Act): boolean {
  if (a === undefined || a.kind !== b.kind) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Plays one schedule to its end. Throws, with the seed in the message, where anything promised does not hold. */
export async function play(cast: Cast, seed: number): Promise<Report> {
  const temper = TEMPERS[seed % TEMPERS.length] as Temper;
  const schedule = new Schedule(cast, seed);
  try {
    for (let i = 0; i < STEPS; i++) {
      const step = schedule.dice.weighted(WEIGHTS[temper] as Record<Step, number>);
      schedule.note(step);
      await schedule.step(step);
    }
    await schedule.drain(temper);
    exchangeWords(schedule, temper);
    if (temper !== 'forking') checkOneRecord(schedule, temper);
  } catch (error) {
    const tail = schedule.trace.slice(process.env['PARLEY_TRACE'] === 'all' ? 0 : -25).join('\n  ');
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`seed ${seed} (${temper}): ${what}\nlast steps:\n  ${tail}`, { cause: error });
  }
  return { trace: schedule.trace, counts: schedule.witness.counts };
}
