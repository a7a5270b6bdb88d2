// One channel's traffic with the relay: take in what the log holds, send what waits, until neither is left.
//
// Every step ends in one vault transaction, and what is sent was stored before. So the process may be killed at any
// point: the next run finds either the step done or the step to do again, with the same bytes.

import { assert, sameBytes, toHex } from '@parley/kernel';
import {
  author,
  authorCover,
  receive,
  unsentAct,
  type Act,
  type EntryOutcome,
  type Frozen,
  type Outcome,
  type Padding,
  type Room,
} from '@parley/channel';
import { encodeReceipt, nextHead, type LogPage, type Receipt, type RelayLog } from '@parley/post';
import { encodeCheckpoint, relayReceiptsEvidence } from '@parley/record';
import { alarmView, envelopeAlarm } from './alarm-sentences.ts';
import { Alarms } from './alarms.ts';
import { Archive } from './archive.ts';
import type { Context, OpenCard } from './context.ts';
import { noteFellowAdmitted } from './fellows.ts';
import { relayRefusal } from './invitation-box.ts';
import { keepEvidence, keepForkEvidence, receiptAt } from './evidence-file.ts';
import { Ledger } from './ledger.ts';
import { coverDue, noteLeft } from './cover.ts';
import { rulesOf } from './posture-record.ts';
import { awaitsRelease } from './release-record.ts';
import { Outbox, type Queued } from './outbox.ts';
import { isHeld } from './red-stop.ts';
import { DeskRefusal, lostState, removedRefusal } from './refusal.ts';
import { noteSent } from './sent.ts';

/** What a run did. */
export type Exchanged = {
  readonly received: readonly EntryOutcome[];
  readonly sent: readonly EntryOutcome[];
  /** Where acts of the outbox, by their numbers there, now stand in the record. */
  readonly placed: ReadonlyMap<number, number>;
  /** Sentences for the person: acts that the rules refused, harmless oddities. */
  readonly remarks: readonly string[];
  /** What an honest relay and honest members cannot cause. */
  readonly alarms: readonly string[];
};

const FINAL: ReadonlySet<string> = new Set([
  'does-not-fit',
  'not-allowed',
  'no-such-offer',
  'no-such-device',
  'not-on-record',
  'bad-key-package',
]);

/** Acts that a desk does by itself: if another device was faster, nobody needs to hear of it. */
const SILENT: ReadonlySet<string> = new Set(['verify-answer', 'verify-open', 'commit', 'disarmed']);

const RACES_MAX = 10_000;

export class Exchange {
  readonly #context: Context;
  readonly #log: Pick<RelayLog, 'read' | 'append'>;
  readonly #ledger: Ledger;
  readonly #overRelay: boolean;
  readonly #outbox: Outbox;
  readonly #alarmed: Alarms;
  readonly #archive: Archive;
  readonly #received: EntryOutcome[] = [];
  readonly #sent: EntryOutcome[] = [];
  readonly #placed = new Map<number, number>();
  readonly #remarks: string[] = [];
  readonly #alarms: string[] = [];
  readonly #onEntry: (outcome: EntryOutcome) => void;
  #card: OpenCard;
  #room: Room;

  /** `onEntry` runs inside the transaction that stores the entry. `log` stands in for the relay's, as a courier's does. */
  constructor(
    context: Context,
    name: string,
    onEntry: (outcome: EntryOutcome) => void,
    log?: Pick<RelayLog, 'read' | 'append'>,
  ) {
    this.#context = context;
    this.#card = context.openCard(name);
    this.#room = context.room(this.#card);
    this.#log = log ?? context.log(this.#card);
    this.#overRelay = log === undefined;
    this.#ledger = new Ledger(context.vault, this.#card.room);
    this.#outbox = new Outbox(context.vault, this.#card.room);
    this.#alarmed = new Alarms(context.vault, this.#card.room);
    this.#archive = new Archive(context.vault, context.ports.crypto, this.#card.room);
    this.#onEntry = onEntry;
  }

  /** Runs until the log is read to its end and the outbox is empty. Faults where the relay is away (`isAway`); call it again. */
  async run(sends = true): Promise<Exchanged> {
    this.#requireThawed();
    let lostAt: number | undefined;
    for (let race = 0; race < RACES_MAX; race++) {
      const readOn = await this.#takeIn();
      this.#requireThawed();
      if (!readOn || !sends) break;
      if (lostAt === this.#room.seq) this.#contradictsItself(lostAt + 1);
      const sent = await this.#sendNext();
      if (sent === 'nothing') break;
      lostAt = sent === 'lost' ? this.#room.seq : undefined;
    }
    return {
      received: this.#received,
      sent: this.#sent,
      placed: this.#placed,
      remarks: this.#remarks,
      alarms: this.#alarms,
    };
  }

  #requireThawed(): void {
    const { frozen } = this.#room;
    if (frozen !== null && frozen.reason !== 'mismatch') this.#stop(frozen);
  }

  /** The relay says that a place is taken, and shows nothing there: it could keep this desk asking for ever. */
  #contradictsItself(seq: number): never {
    throw new DeskRefusal('tampering', 'relay-hides-envelope', {
      message: `The relay says that envelope ${seq} exists and does not show it.`,
      next: 'nothing is lost: what you wrote waits here. Ask the operator, or the other side by another way',
      data: { evidence: this.#keepReceipt(this.#card.receipt) },
    });
  }

  /** False where the relay holds something back, so that nothing can be sent either. */
  async #takeIn(): Promise<boolean> {
    for (;;) {
      const page = await this.#log.read({ after: this.#room.seq });
      if (!page.ok) this.#refusedByRelay(page.reason);
      await this.#checkHistory(page.value);
      this.#archive.putPage(this.#room.head, page.value);
      if (page.value.envelopes.length === 0) return true;
      for (const { seq, envelope } of page.value.envelopes) {
        const last = seq === page.value.head.seq ? page.value.head : undefined;
        if (!(await this.#take({ seq, envelope }, last))) return false;
      }
      if (this.#room.seq >= page.value.head.seq) return true;
    }
  }

  /** Chains the page to what we hold. Nothing of a page is taken in before the relay's history has been compared with ours. */
  async #checkHistory(page: LogPage): Promise<void> {
    const { receipt } = this.#card;
    if (page.head.seq < this.#room.seq || (receipt !== null && page.head.seq < receipt.seq)) {
      const held = Math.max(this.#room.seq, receipt?.seq ?? 0);
      throw new DeskRefusal('tampering', 'relay-lost-entries', {
        message: `The relay acknowledged ${held} envelopes and now has ${page.head.seq}. It was wiped, rolled back, or it lies.`,
        next: `nothing was taken in or lost here; keep the receipts: parley record export ${this.#card.name}; then ask the operator`,
        data: { acknowledged: held, now: page.head.seq, evidence: this.#keepReceipt(receipt) },
      });
    }
    let { head } = this.#room;
    for (const { seq, envelope } of page.envelopes) {
      head = nextHead(this.#context.ports.crypto, head, envelope);
      if (receipt !== null && seq === receipt.seq && !sameBytes(head, receipt.head))
        await this.#rewritten(receipt);
    }
    const complete = (page.envelopes.at(-1)?.seq ?? this.#room.seq) === page.head.seq;
    if (complete && !sameBytes(head, page.head.head)) await this.#rewritten(receipt ?? page.head);
  }

  #keepReceipt(receipt: Receipt | null): string | null {
    return receipt === null ? null : this.#keepEvidence('receipt', encodeReceipt(receipt));
  }

  #keepEvidence(what: string, evidence: Uint8Array): string {
    return keepEvidence(this.#context, this.#card.room, what, evidence);
  }

  /**
   * The relay's envelopes do not lead to the head that it signed to us. It is asked to repeat its own envelope at the
   * place of a receipt that we hold: an honest relay answers with that same receipt, a lying one signs the contradiction.
   */
  async #rewritten(receipt: Receipt): Promise<never> {
    const other = await receiptAt(this.#log, receipt.seq);
    // Two relays that know nothing of each other contradict nobody.
    const contradicts =
      other !== undefined &&
      sameBytes(other.relay, receipt.relay) &&
      !sameBytes(other.head, receipt.head);
    const evidence = contradicts
      ? this.#keepEvidence(
          'relay',
          relayReceiptsEvidence(encodeReceipt(receipt), encodeReceipt(other)),
        )
      : this.#keepReceipt(receipt);
    const message = contradicts
      ? `The relay signed two different histories: envelope ${receipt.seq} is not the one it acknowledged.`
      : 'The relay shows another history than the one it acknowledged to this desk.';
    throw new DeskRefusal('tampering', 'relay-rewrote-history', {
      message,
      next: contradicts
        ? `the proof is in ${evidence}: parley record verify explains it. Nothing of this was taken in`
        : 'nothing of this was taken in. Compare the roots that "parley log" shows, by voice, and ask the operator',
      data: { evidence, proven: contradicts },
    });
  }

  #refusedByRelay(reason: string): never {
    const { name } = this.#card;
    if (reason === 'no-such-log') {
      throw new DeskRefusal('tampering', 'relay-lost-channel', {
        message: 'The relay says that it does not know this channel. It was wiped, or it lies.',
        next: `nothing is lost here: your record is in the vault. Ask the operator; while the relay is being restored run: parley channel upload ${name}`,
        data: { evidence: this.#keepReceipt(this.#card.receipt) },
      });
    }
    if (reason === 'forbidden') {
      throw new DeskRefusal('policy', 'no-access', {
        message: `The relay no longer lets this device into "${name}".`,
        next: 'it was removed, or its member suspended; what is here can still be read. Ask an officer of your party',
      });
    }
    throw relayRefusal(reason);
  }

  /** Takes one envelope in, all or nothing. False where the room would not move on. */
  async #take(
    delivered: { seq: number; envelope: Uint8Array },
    receipt: Receipt | undefined,
  ): Promise<boolean> {
    const { vault, ports } = this.#context;
    const identity = this.#context.identityIn(this.#room);
    const { state, outcomes } = await receive(ports, this.#room, identity, delivered, this.#ledger);
    const moved = state.seq > this.#room.seq;
    const sending = vault.get('sending', toHex(this.#card.room));
    vault.transaction(() => {
      for (const outcome of outcomes) this.#handle(outcome, sending);
      // Read again: a person may have changed the card meanwhile. Once frozen it stays so until people start anew.
      const now = this.#context.openCard(this.#card.name);
      this.#card = {
        ...now,
        receipt: (moved ? receipt : undefined) ?? now.receipt,
        frozen:
          state.frozen === null
            ? now.frozen
            : `${state.frozen.reason}: ${state.frozen.detail}`.slice(0, 400),
      };
      this.#context.putRoom(state);
      this.#context.cards.put(this.#card);
    });
    this.#room = state;
    return moved;
  }

  #handle(outcome: Outcome, sending: Uint8Array | undefined): void {
    const { vault } = this.#context;
    switch (outcome.kind) {
      case 'entry': {
        const { seq, index, entry, root, own } = outcome;
        this.#ledger.append(index, { seq, entry, root });
        (own ? this.#sent : this.#received).push(outcome);
        if (own) this.#acknowledge(sending, index);
        if (own && outcome.body.kind === 'document') {
          noteSent(vault, this.#card.room, { blob: outcome.body.blob.id, index });
        }
        this.#onEntry(outcome);
        return;
      }
      case 'epoch': {
        if (outcome.own) this.#acknowledge(sending);
        if (outcome.checkpoint.cosignatures.length === 0) return;
        const stream = `checkpoints:${toHex(this.#card.room)}`;
        vault.putLine(stream, vault.lastLine(stream) + 1, encodeCheckpoint(outcome.checkpoint));
        return;
      }
      case 'admitted':
        if (!noteFellowAdmitted(this.#context, this.#card.room, outcome))
          vault.put('welcome-due', toHex(this.#card.room), outcome.welcome);
        return;
      case 'due':
        this.#outbox.add(outcome.act);
        return;
      case 'refused':
        if (outcome.alarm) {
          const { seq, reason, detail } = outcome;
          const said = envelopeAlarm(seq, reason);
          const seen = detail === '' ? reason : `${reason}: ${detail}`;
          this.#alarms.push(alarmView(said, seen).text);
          this.#alarmed.add(said, seen);
        }
        return;
      default:
        return;
    }
  }

  /** Our own envelope is in the log: the act it was made for is done. */
  #acknowledge(sending: Uint8Array | undefined, index?: number): void {
    if (sending === undefined) return;
    const n = Number(new TextDecoder().decode(sending));
    this.#outbox.remove(n);
    if (index !== undefined) this.#placed.set(n, index);
    this.#context.vault.remove('sending', toHex(this.#card.room));
  }

  #stop(frozen: Frozen): never {
    const evidence =
      frozen.evidence === null
        ? null
        : keepForkEvidence(this.#context, this.#card.room, frozen.evidence);
    if (frozen.reason === 'removed') throw removedRefusal(frozen.detail);
    if (frozen.reason === 'lost-state')
      throw lostState({ ...this.#card, detail: frozen.detail, readable: this.#ledger.size });
    throw new DeskRefusal('tampering', frozen.reason, {
      message:
        frozen.reason === 'fork'
          ? 'Two histories of this channel exist: somebody was shown another one than you. The channel is frozen.'
          : `The channel is frozen: ${frozen.detail}.`,
      next:
        evidence === null
          ? 'talk to the other side by another way; compare the roots that "parley log" shows'
          : `the proof is in ${evidence}: parley record verify explains who signed what. Talk to the other side by another way`,
      data: { frozen: true, reason: frozen.reason, detail: frozen.detail, evidence },
    });
  }

  /** Sends the next envelope there is to send. */
  async #sendNext(): Promise<'sent' | 'lost' | 'nothing'> {
    if (this.#room.pending === null && !(await this.#authorNext())) return 'nothing';
    const { pending } = this.#room;
    assert(pending !== null, 'an envelope was authored');
    const stored = await this.#log.append({ expectedSeq: pending.seq, envelope: pending.envelope });
    if (!stored.ok) {
      // Somebody else's envelope is there: taking it in drops ours, and the act is authored again.
      if (stored.reason === 'conflict') return 'lost';
      this.#refusedByRelay(stored.reason);
    }
    const head = nextHead(this.#context.ports.crypto, this.#room.head, pending.envelope);
    if (!sameBytes(head, stored.value.head)) await this.#rewritten(stored.value);
    const { envelope, seq } = pending;
    const before = this.#room.head;
    this.#context.vault.transaction(() =>
      this.#archive.put(seq, { before, envelope, receipt: stored.value }),
    );
    await this.#take({ seq, envelope }, stored.value);
    noteLeft(this.#context, this.#card);
    return 'sent';
  }

  /** Authors the first queued act that can be authored now, and stores it before anything is sent. */
  async #authorNext(): Promise<boolean> {
    const { vault, ports } = this.#context;
    const identity = this.#context.identityIn(this.#room);
    const first = unsentAct(this.#room);
    const queued: (Queued | { n: null; act: Act })[] = [
      ...(first === null ? [] : [{ n: null, act: first }]),
      ...this.#outbox.all(),
    ];
    for (const { n, act } of queued) {
      // Stays in the outbox until the party that changed its authority is verified anew.
      if (isHeld(this.#context, this.#card, act.kind)) continue;
      if (awaitsRelease(this.#context, this.#card, act)) continue;
      const authored = await author(ports, this.#room, identity, act, this.#padding);
      if (authored.ok) {
        const place = n ?? this.#outbox.all().find((one) => one.act.kind === act.kind)?.n ?? null;
        vault.transaction(() => {
          this.#context.putRoom(authored.value.state);
          // What was under way before may have been given up with the room's earlier state: it is not this one.
          const room = toHex(this.#card.room);
          if (place === null) vault.remove('sending', room);
          else vault.put('sending', room, new TextEncoder().encode(String(place)));
        });
        this.#room = authored.value.state;
        return true;
      }
      if (FINAL.has(authored.reason)) {
        if (n !== null) this.#outbox.remove(n);
        if (!SILENT.has(act.kind)) {
          this.#remarks.push(`"${act.kind}" was not sent: ${authored.detail ?? authored.reason}`);
        }
      }
    }
    return this.#overRelay && coverDue(this.#context, this.#card) && (await this.#cover());
  }

  get #padding(): Padding {
    return rulesOf(this.#context, this.#card).rules.padding;
  }

  async #cover(): Promise<boolean> {
    const covered = await authorCover(this.#context.ports, this.#room, this.#padding);
    if (!covered.ok) return false;
    this.#context.vault.transaction(() => this.#context.putRoom(covered.value.state));
    this.#room = covered.value.state;
    return true;
  }
}
