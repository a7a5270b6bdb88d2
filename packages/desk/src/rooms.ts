// The rooms of a channel: opening one, calling in the devices that belong there, and following the plenary's membership.
//
// Only devices that the plenary has admitted are called and let in, so nobody is verified twice. What a person decides
// is that there is a room, and for whom; the rest desks do by themselves.

import { fromUtf8, say, toHex, utf8, type Said } from '@parley/kernel';
import type { Call } from '@parley/channel';
import {
  activeDevices,
  maySign,
  partyOf,
  NAMED_PARTIES_MAX,
  type Device,
  type Fingerprint,
  type Party,
  type Transcript,
} from '@parley/record';
import type { Admission, Asking } from './admission.ts';
import type { AlarmCode } from './alarm-sentences.ts';
import { certifyAnew } from './certified-anew.ts';
import type { Context, OpenCard } from './context.ts';
import type { Called, Doorsteps } from './doorsteps.ts';
import type { Joiner } from './joining.ts';
import { Outbox } from './outbox.ts';
import { rulesOf } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { keepProposal, proposalAt, proposalSentence, withWayOn } from './restart-proposal.ts';
import { channelOf, isRoomName, requireName } from './room-name.ts';
import { owedToPlenary } from './following-plenary.ts';
import { counterpart, sameDevice } from './same-device.ts';
import { Turns } from './turns.ts';

const CALL_DAYS = 30;
const DAY_MS = 86_400_000;
/** Calls of one room that wait at a time; the others are called as these are answered. */
const CALLS_MAX = 32;
/** Rooms of one channel that a desk enters by itself: the others' members must not fill our disk. */
const ROOMS_MAX = 64;
const CALLED = 'room-called';
const LATER = 'later';

export type NewRoom = {
  readonly channel: string;
  readonly kind: 'caucus' | 'bilateral';
  /** Other parties, by name or by the beginning of their fingerprint. */
  readonly with: readonly string[];
  readonly name: string;
};

type ExchangeRoom = (name: string) => Promise<unknown>;

/** Who belongs into a room without a further ceremony: the devices that another transcript has, of these parties. */
type Belonging = {
  readonly there: Transcript;
  readonly parties: readonly Fingerprint[];
  /** The card whose channel the doorsteps are of. */
  readonly at: OpenCard;
  /** Called where only our own party finds it. */
  readonly hidden: boolean;
  readonly call: (invitation: string) => Call;
};

export class Rooms {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #joiner: Joiner;
  readonly #doorsteps: Doorsteps;
  /** Calls are made and answered one at a time: two at once would call a device twice, or ask twice to be let in. */
  readonly #turns = new Turns();

  constructor(parts: {
    context: Context;
    admission: Admission;
    joiner: Joiner;
    doorsteps: Doorsteps;
  }) {
    this.#context = parts.context;
    this.#admission = parts.admission;
    this.#joiner = parts.joiner;
    this.#doorsteps = parts.doorsteps;
  }

  /** The names of a channel's rooms that this desk has, plenary first. */
  of(channel: string): string[] {
    const names = this.#context.cards.all().map((card) => card.name);
    return names.filter((name) => channelOf(name) === channel);
  }

  /** Founds a room and calls in those who belong there. Gives its name on this desk. */
  async open(asked: NewRoom, exchange: ExchangeRoom): Promise<string> {
    const { cards } = this.#context;
    if (isRoomName(asked.channel)) {
      throw new DeskRefusal('wrong-use', 'no-room-in-a-room', {
        message: 'A room belongs to a channel, not to another room.',
        next: `parley room new ${channelOf(asked.channel)}`,
      });
    }
    requireName('room', asked.name);
    const plenary = this.#context.openCard(asked.channel);
    const name = `${plenary.name}/${asked.name}`;
    const named = this.#named(plenary, asked);
    // A caucus that nobody could be called into would look like one that works.
    await this.#doorsteps.shareSecret(plenary);
    const { channel } = this.#context.room(plenary).transcript;
    if (channel === null) throw new Error('bug: an open channel was founded');
    await this.#admission.found({
      relay: plenary.relay,
      relayKey: plenary.relayKey,
      name,
      called: asked.name,
      party: this.#context.ownParty(plenary),
      founding: {
        kind: asked.kind,
        channel,
        parties: [this.#context.ownParty(plenary), ...named.map((party) => party.fingerprint)],
      },
    });
    cards.put({ ...this.#context.openCard(name), receipts: plenary.receipts });
    await exchange(name);
    await this.tendRoom(name, exchange);
    return name;
  }

  #named(plenary: OpenCard, asked: NewRoom): Party[] {
    const { transcript } = this.#context.room(plenary);
    if (asked.kind === 'caucus') {
      if (asked.with.length === 0) return [];
      throw new DeskRefusal('wrong-use', 'caucus-of-one', {
        message: 'A caucus is for your own party alone.',
        next: 'for a room with another party: --bilateral --with PARTY',
      });
    }
    const others = [...transcript.parties.values()].filter(
      (party) => toHex(party.fingerprint) !== toHex(this.#context.ownParty(plenary)),
    );
    const named = asked.with.map((wanted) => {
      const found = others.filter(
        ({ name, fingerprint }) =>
          name === wanted || (wanted.length >= 8 && toHex(fingerprint).startsWith(wanted)),
      );
      const [party] = found;
      if (party !== undefined && found.length === 1) return party;
      throw new DeskRefusal('wrong-use', 'no-such-party', {
        message:
          found.length > 1
            ? `Several parties are called "${wanted}".`
            : `No other party of this channel is called "${wanted}".`,
        next: `there is: ${others.map((one) => `${one.name} (${toHex(one.fingerprint).slice(0, 8)})`).join(', ') || 'nobody yet'}`,
      });
    });
    const distinct = [...new Set(named)];
    if (distinct.length === 0 || distinct.length >= NAMED_PARTIES_MAX) {
      throw new DeskRefusal('wrong-use', 'who-with', {
        message: `A bilateral room names 1 to ${NAMED_PARTIES_MAX - 1} other parties.`,
        next: `give each with --with PARTY; there is: ${others.map((one) => one.name).join(', ') || 'nobody yet'}`,
      });
    }
    for (const party of distinct) {
      if (this.#context.verifies(plenary, party.fingerprint)) continue;
      throw new DeskRefusal('policy', 'party-not-verified', {
        message: `You have not verified ${party.name}: a room with it could be a room with somebody else.`,
        next: `parley verify ${plenary.name}`,
      });
    }
    return distinct;
  }

  /**
   * After an exchange of a plenary: certifies our devices anew where our authority changed, shares the party's secret, and
   * answers calls into rooms. Gives remarks.
   */
  async tendPlenary(name: string): Promise<string[]> {
    return this.#turns.take(() => this.#tendPlenary(name));
  }

  async #tendPlenary(name: string): Promise<string[]> {
    const plenary = this.#context.openCard(name);
    const { transcript } = this.#context.room(plenary);
    if (plenary.frozen?.startsWith('removed') === true) return [];
    await certifyAnew(this.#context, plenary, (to, certificate) =>
      this.#doorsteps.leave(plenary, to, { kind: 'certificate', certificate }),
    );
    if (activeDevices(transcript, this.#context.ownParty(plenary)).length > 1)
      await this.#doorsteps.shareSecret(plenary);
    const remarks: string[] = [];
    await this.#doorsteps.collect(plenary, async (called) => {
      const remark = await this.#answer(plenary, called);
      if (remark !== undefined && remark !== LATER) remarks.push(remark);
      return remark === LATER ? 'later' : 'taken';
    });
    return remarks;
  }

  /**
   * What stopped an exchange, after a look at the doorstep: in a channel with two histories a proposal to go on is the
   * only thing that can still arrive, and it waits for a person.
   */
  async stopped(name: string, error: unknown): Promise<unknown> {
    const { room } = this.#context.card(name);
    const grave = error instanceof DeskRefusal && error.nature === 'tampering';
    if (!grave || room === null) return error;
    // A relay that lies about the channel may lie about the doorstep: what stopped us is what is told.
    await this.tendPlenary(channelOf(name)).catch(() => undefined);
    const proposal = proposalAt(this.#context, this.#context.openCard(name));
    if (proposal === undefined) return withWayOn(error, name);
    return new DeskRefusal(error.nature, error.code, {
      message: `${error.message} ${proposalSentence(proposal)}.`,
      next: `compare with them by another way, then: parley channel restart ${name}`,
      data: { ...error.data, proposal: { ...proposal, earlier: undefined, invitation: undefined } },
    });
  }

  /** Takes up a call. What cannot be followed is said, and nothing else happens. */
  async #answer(plenary: OpenCard, { call, from }: Called): Promise<string | undefined> {
    const caller = `${from.certificate.party} / ${from.certificate.member}`;
    if (call.kind === 'restart') {
      const name = keepProposal(this.#context, plenary, { call, from });
      return name === undefined
        ? undefined
        : `${caller} proposes to go on after a fork: parley channel restart ${name}`;
    }
    if (call.kind !== 'room') return undefined;
    const fellow = toHex(from.party) === toHex(this.#context.ownParty(plenary));
    if (call.of === 'caucus' && !fellow)
      return `${caller} called into a caucus that is not its own`;
    if (!this.#context.verifies(plenary, from.party))
      return `${caller} called into a room, and its party is not verified: parley verify ${plenary.name}`;
    if (this.of(plenary.name).length > ROOMS_MAX)
      return `${caller} called into a room, and this desk has ${ROOMS_MAX} of this channel already`;
    const free = this.#freeName(plenary, call);
    if (free === undefined) return `${caller} called into a room whose name cannot be used`;
    try {
      await this.#joiner.ask(call.invitation, free, this.#context.ownParty(plenary));
      return undefined;
    } catch (error) {
      if (!(error instanceof DeskRefusal)) throw error;
      // The certificate by our new authority is still on its way.
      if (error.code === 'certificate-outdated') return LATER;
      // Another device of our party was first: it calls this one in.
      if (error.code === 'invitation-used' || error.code === 'invitation-expired') return undefined;
      return `${caller} called into the room "${call.name}": ${error.message}`;
    }
  }

  #freeName(plenary: OpenCard, call: Extract<Call, { kind: 'room' }>): string | undefined {
    try {
      requireName('room', call.name);
    } catch {
      return undefined;
    }
    for (let n = 1; n <= ROOMS_MAX; n++) {
      const name = `${plenary.name}/${call.name}${n === 1 ? '' : ` ${n}`}`;
      if (this.#context.cards.get(name) === undefined) return name;
    }
    return undefined;
  }

  #belonging(card: OpenCard): Belonging | undefined {
    const { terms, name } = this.#context.room(card).transcript;
    const { earlier } = terms;
    if (terms.kind !== 'plenary') {
      const { kind, parties } = terms;
      const at = this.#context.plenaryOf(card);
      const { transcript: there } = this.#context.room(at);
      return {
        there,
        parties,
        at,
        hidden: kind === 'caucus',
        call: (invitation) =>
          earlier === null
            ? { kind: 'room', of: kind, name, invitation }
            : { kind: 'restart', earlier, invitation },
      };
    }
    const there = earlier === null ? undefined : this.#context.roomNamed(earlier.room)?.transcript;
    if (earlier === null || there === undefined) return undefined;
    const parties = [...there.parties.values()].map((party) => party.fingerprint);
    return {
      there,
      parties,
      at: card,
      hidden: false,
      call: (invitation) => ({ kind: 'restart', earlier, invitation }),
    };
  }

  /**
   * After an exchange of a room: takes out devices of our party that the plenary has let go, lets in those who answered
   * our calls, and calls those who belong here. A channel that was restarted is such a room too: the devices of its
   * earlier record belong there. Gives alarms.
   */
  async tendRoom(name: string, exchange: ExchangeRoom): Promise<Said<AlarmCode>[]> {
    return this.#turns.take(() => this.#tendRoom(name, exchange));
  }

  async #tendRoom(name: string, exchange: ExchangeRoom): Promise<Said<AlarmCode>[]> {
    const card = this.#context.openCard(name);
    const belonging = this.#belonging(card);
    if (belonging === undefined || this.#context.room(card).frozen !== null) return [];
    const plenary = this.#context.plenaryOf(card);
    if (plenary.frozen?.startsWith('removed') === true) return [];
    if (this.#takeOut(card)) await exchange(name);
    if (rulesOf(this.#context, plenary).rules.deviceAdmission === 'frozen') return [];
    const alarms = await this.#letIn(name, belonging, exchange);
    await this.#callIn(name, belonging);
    return alarms;
  }

  #takeOut(card: OpenCard): boolean {
    const { vault } = this.#context;
    const acts = owedToPlenary(this.#context, card);
    vault.transaction(() => {
      for (const act of acts) new Outbox(vault, card.room).add(act);
    });
    return acts.length > 0;
  }

  async #letIn(
    name: string,
    { there }: Belonging,
    exchange: ExchangeRoom,
  ): Promise<Said<AlarmCode>[]> {
    const alarms: Said<AlarmCode>[] = [];
    for (;;) {
      const asking = await this.#nextAsking(name);
      if (asking === undefined) return alarms;
      const { request, written } = asking;
      const known = sameDevice(there, { id: request.deviceId, signer: request.signer });
      if (known !== undefined && maySign(known)) {
        this.#admission.queueAdmission(name, asking);
        await exchange(name);
      } else {
        const { party, member } = request;
        alarms.push(say('alarm-call-by-a-stranger', { party, member, room: name }));
      }
      // Answered, or refused by the record since another device of its party was first: its own party calls it.
      const now = this.#context.openCard(name);
      const invitations = now.invitations.filter((one) => one.text !== written);
      this.#context.cards.put({ ...now, invitations });
    }
  }

  async #nextAsking(name: string): Promise<Asking | undefined> {
    if (this.#context.openCard(name).invitations.length === 0) return undefined;
    try {
      return await this.#admission.request(name);
    } catch (error) {
      if (error instanceof DeskRefusal && error.nature === 'waiting') return undefined;
      throw error;
    }
  }

  /**
   * Calls those who belong here and are not. Our own devices are called by the first of ours that is here; a named party
   * that has no device here by the founder, all its devices by one invitation: the first that asks calls the others.
   */
  async #callIn(name: string, belonging: Belonging): Promise<void> {
    const card = this.#context.openCard(name);
    const { there } = belonging;
    const here = this.#context.room(card).transcript;
    const absent = (device: Device): boolean =>
      maySign(device) && counterpart(here, device) === undefined;
    const present = [...here.devices.values()].filter((device) => device.removed === null);
    const first = present.toSorted((a, b) => a.admittedAt - b.admittedAt);
    const isMe = (device: Device | undefined): boolean =>
      device !== undefined && this.#context.isOwn(device.id);
    const own = this.#context.ownParty(belonging.at);
    const isOwn = (device: Device): boolean => toHex(device.party) === toHex(own);

    const groups: Device[][] = [];
    if (isMe(first.find(isOwn)))
      for (const device of activeDevices(there, own)) if (absent(device)) groups.push([device]);
    for (const party of isMe(first[0]) ? belonging.parties : []) {
      const inside = partyOf(here, party) !== undefined && activeDevices(here, party).length > 0;
      if (!inside && toHex(party) !== toHex(own))
        groups.push(activeDevices(there, party).filter(absent));
    }
    for (const group of groups) await this.#call(card, belonging, group);
  }

  async #call(card: OpenCard, belonging: Belonging, devices: readonly Device[]): Promise<void> {
    const { vault, ports } = this.#context;
    const mark = (device: Device): string => `${toHex(card.room)}:${toHex(device.id)}`;
    const nowMs = ports.clock.nowMs();
    const due = devices.filter((device) => {
      const stored = fromUtf8(vault.get(CALLED, mark(device)) ?? new Uint8Array(0));
      return !stored.ok || Number(stored.value) < nowMs;
    });
    const waiting = this.#context.openCard(card.name).invitations.length;
    if (due.length === 0 || waiting >= CALLS_MAX) return;
    const { invitation } = await this.#admission.invite(card.name, CALL_DAYS);
    for (const device of due) {
      const { at, call, hidden } = belonging;
      await this.#doorsteps.leave(at, device, call(invitation), { hidden });
      vault.put(CALLED, mark(device), utf8(String(nowMs + CALL_DAYS * DAY_MS)));
    }
  }
}
