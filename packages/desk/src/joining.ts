// Getting into a channel of others: asking with an invitation, and joining once they have let us in. Each step can be run
// again after a crash.

import {
  bytes,
  decode,
  encode,
  sameBytes,
  struct,
  text,
  toHex,
  type Decoded,
} from '@parley/kernel';
import {
  acceptWelcome,
  boxKeys,
  decodeJoining,
  encodeJoining,
  joinRoom,
  readInvitation,
  requestJoin,
  type Identity,
  type Joining,
  type Room,
  type Welcome,
} from '@parley/channel';
import {
  FileOpener,
  capabilityId,
  fileKey,
  logId,
  sealedChunks,
  type RelayLog,
} from '@parley/post';
import { requireCurrentCertificate } from './certified-anew.ts';
import type { Card } from './card.ts';
import type { Context } from './context.ts';
import {
  boxLog,
  historyCodec,
  readInvitationText,
  relayRefusal,
  requireNewName,
  taken,
} from './invitation-box.ts';
import { sameEarlier, type Fingerprint, type RoomTerms } from '@parley/record';
import { Ledger } from './ledger.ts';
import { notice } from './notices.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import { acceptedFor } from './restart-proposal.ts';
import { isRoomName, requireName } from './room-name.ts';
import { giveBack } from './unsaid.ts';

const ENTRY_MAX_BYTES = 160 * 1024;

const askedCodec = struct({
  invitation: text(4096),
  request: bytes({ max: 262_144 }),
  /** Who this desk was when it asked. */
  device: bytes({ exactly: 32 }),
});

export class Joiner {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Asks to be let in. Asked again with the same invitation it repeats the same request. `party` is the authority that
   * our party has in the channel that the invitation belongs to, where it belongs to one. `entered`: it has done its work,
   * this desk is in the channel, and nothing was asked.
   */
  async ask(
    written: string,
    named: string | undefined,
    party?: Fingerprint,
  ): Promise<{ channel: string; inviter: string; entered: boolean }> {
    const { ports, cards, vault } = this.#context;
    const invitation = readInvitationText(this.#context, written);
    const inviter = toHex(invitation.inviter);
    const askedKey = toHex(boxKeys(ports.crypto, invitation).id);
    const before = this.#asked(askedKey);
    if (named === undefined) requireName('channel', invitation.name);
    const name = before?.name ?? named ?? invitation.name;
    if (before === undefined) {
      requireCurrentCertificate(this.#context, party);
      requireNewName(this.#context, name);
      const identity = this.#context.identityFor(party);
      const { joining, request } = await requestJoin(ports, identity, invitation);
      const card: Card = {
        name,
        stage: 'asking',
        relay: invitation.relay,
        relayKey: invitation.relayKey,
        room: null,
        capability: null,
        receipt: null,
        joining: encodeJoining(joining),
        invitations: [],
        frozen: null,
        shown: 0,
        receipts: false,
      };
      const asked = { invitation: written.trim(), request, device: identity.deviceId };
      vault.transaction(() => {
        cards.put(card);
        vault.put('asked', askedKey, encode(askedCodec, asked));
        vault.put('asked-name', askedKey, new TextEncoder().encode(name));
        vault.put('asked-box', name, new TextEncoder().encode(askedKey));
      });
    }
    // Let in already: nothing that a relay says about a used invitation may touch an open channel.
    if ((cards.get(name)?.room ?? null) !== null) return { channel: name, inviter, entered: true };
    const request = this.#asked(askedKey)?.request;
    if (request === undefined) throw new Error('bug: what was asked is stored');
    const appended = await boxLog(this.#context, invitation).append({
      expectedSeq: 1,
      envelope: request,
    });
    if (appended.ok) return { channel: name, inviter, entered: false };
    const hopeless = ['conflict', 'no-such-log', 'forbidden'].includes(appended.reason);
    if (hopeless) this.#forgetAsking(name, askedKey);
    if (appended.reason === 'conflict') {
      throw new DeskRefusal('policy', 'invitation-used', {
        message: 'This invitation has been used already. It works once.',
        next: 'if it was not you, tell the other side at once: a stranger holds it; then ask for a new one',
      });
    }
    if (appended.reason === 'no-such-log' || appended.reason === 'forbidden') {
      throw new DeskRefusal('policy', 'invitation-unknown', {
        message: 'The relay does not know this invitation.',
        next: 'ask for a new one',
      });
    }
    throw relayRefusal(appended.reason);
  }

  #forgetAsking(name: string, askedKey: string): void {
    const { vault } = this.#context;
    vault.transaction(() => {
      vault.remove('channel', name);
      vault.remove('asked', askedKey);
      vault.remove('asked-name', askedKey);
      vault.remove('asked-box', name);
    });
  }

  #asked(key: string): ({ name: string } & Decoded<typeof askedCodec>) | undefined {
    const { vault } = this.#context;
    const stored = vault.get('asked', key);
    const name = vault.get('asked-name', key);
    const asked = stored === undefined ? undefined : decode(askedCodec, stored);
    if (asked?.ok !== true || name === undefined) return undefined;
    return { ...asked.value, name: new TextDecoder().decode(name) };
  }

  /** Looks into the box of a request of ours; joins if it was answered. False while it was not. */
  async enter(name: string): Promise<boolean> {
    const { ports, vault } = this.#context;
    const card = this.#context.card(name);
    if (card.joining === null) return card.room !== null;
    const joining = decodeJoining(card.joining);
    const boxName = vault.get('asked-box', name);
    const asked =
      boxName === undefined ? undefined : this.#asked(new TextDecoder().decode(boxName));
    if (!joining.ok || asked === undefined) throw new Error('bug: what was asked is stored');
    const read = readInvitation(ports.crypto, asked.invitation, 0);
    if (!read.ok) throw new Error(`bug: a used invitation is ${read.reason}`);
    const page = taken(await boxLog(this.#context, read.value).read({ after: 0 }));
    const answer = page.envelopes[1];
    if (answer === undefined) return false;
    const identity = this.#context.identities.of(toHex(asked.device));
    if (identity === undefined) throw new Error('bug: this desk asked as one of its own');
    const welcome = acceptWelcome(ports, identity, joining.value, answer.envelope);
    if (!welcome.ok) throw this.#badWelcome(welcome.reason);
    await this.#joinWith(card, identity, { joining: joining.value, welcome: welcome.value });
    return true;
  }

  #badWelcome(why: string): DeskRefusal {
    return new DeskRefusal('tampering', 'bad-welcome', {
      message: `The answer to your request cannot be right (${why}). You did not join.`,
      next: 'ask the other side for a new invitation, by another way, and compare fingerprints',
    });
  }

  /**
   * Enters a room that officers of our own party have let this device into: one that is new here, or one that it was
   * taken out of, whose record must then go on from the one that is here. Gives the room's name on this desk.
   */
  async enterAsFellow(
    place: { name: string; relay: string; relayKey: Uint8Array },
    identity: Identity,
    answered: { joining: Joining; welcome: Welcome },
  ): Promise<string> {
    const { cards } = this.#context;
    const { room } = answered.welcome.ticket;
    const here = cards.all().find((one) => one.room !== null && sameBytes(one.room, room));
    if (here !== undefined) {
      // Nothing rejoins a room that stopped over its history, and a device comes in only because it asked to.
      if (here.frozen !== null && !here.frozen.startsWith('removed')) return here.name;
      const comesBack = true;
      await this.#joinWith({ ...here, frozen: null }, identity, { ...answered, comesBack });
      return here.name;
    }
    const name = this.#freeName(place.name);
    const { relay, relayKey } = place;
    const card: Card = {
      name,
      stage: 'asking',
      relay,
      relayKey,
      room: null,
      capability: null,
      receipt: null,
      joining: null,
      invitations: [],
      frozen: null,
      shown: 0,
      receipts: false,
    };
    await this.#joinWith(card, identity, answered);
    return name;
  }

  /** The officer's name for the channel, or that with a number where this desk has one of that name. */
  #freeName(wanted: string): string {
    const { cards } = this.#context;
    for (let n = 1; n < 1000; n++) {
      const name = n === 1 ? wanted : `${wanted} ${n}`;
      if (cards.get(name) === undefined) {
        requireNewName(this.#context, name);
        return name;
      }
    }
    throw this.#badWelcome('there is no free name for its channel');
  }

  async #joinWith(
    card: Card,
    identity: Identity,
    answered: { joining: Joining; welcome: Welcome; comesBack?: boolean },
  ): Promise<void> {
    const { ports, vault, cards } = this.#context;
    const { joining, welcome, comesBack = false } = answered;
    const pointer = decode(historyCodec, welcome.history);
    if (!pointer.ok) throw this.#badWelcome('no record');
    const { ticket, capability } = welcome;
    // A welcome to a room that we are in would write over its record and its keys.
    const known = cards.all().some((one) => one.room !== null && sameBytes(one.room, ticket.room));
    if (known && !comesBack) throw this.#badWelcome('it leads into a room that you are in already');
    const log = this.#context
      .client(card)
      .log(logId(ticket.room), { id: capabilityId(capability.id), key: capability.key });
    const ledger = new Ledger(vault, ticket.room);
    const joined = await joinRoom(
      ports,
      identity,
      { ...joining, comesBack },
      welcome,
      this.#historyEntries(log, pointer.value),
      (outcome) => {
        const { index, entry, root, seq } = outcome;
        const had = ledger.rootAt(index + 1);
        if (had !== undefined && comesBack) {
          if (!sameBytes(had, root))
            throw this.#badWelcome('it is another record than the one here');
          return;
        }
        vault.transaction(() => {
          ledger.append(index, { seq, entry, root });
          notice({ vault, room: ticket.room, nowMs: ports.clock.nowMs() }, outcome);
        });
      },
    );
    if (!joined.ok) throw this.#badWelcome(`${joined.reason} ${joined.detail ?? ''}`.trim());
    this.#requireBelongs(card, joined.value);
    const { earlier } = joined.value.transcript.terms;
    vault.transaction(() => {
      this.#context.putRoom(joined.value);
      cards.put({
        ...card,
        stage: 'open',
        room: ticket.room,
        capability,
        joining: null,
      });
      // It was written for another day: it does not go out behind its person's back now.
      if (comesBack) giveBack(this.#context, { name: card.name, room: ticket.room });
      const outbox = new Outbox(vault, ticket.room);
      if (earlier !== null) outbox.add({ kind: 'restart-accepted', earlier });
    });
  }

  /** A call leads into a room of the channel it came from, and an invitation to a channel into no such room. */
  #requireBelongs({ name }: Card, { transcript }: Room): void {
    const aside = transcript.terms.kind !== 'plenary';
    if (aside !== isRoomName(name)) throw this.#badWelcome('it leads into another kind of room');
    const { earlier } = transcript.terms;
    const accepted = acceptedFor(this.#context, name);
    if (earlier !== null && (accepted === undefined || !sameEarlier(accepted, earlier)))
      throw this.#badWelcome('nobody accepted here to go on from that record');
    if (!aside) return;
    const before = earlier === null ? undefined : this.#context.roomNamed(earlier.room);
    if (before !== undefined && !sameTerms(before.transcript.terms, transcript.terms))
      throw this.#badWelcome('it is not for the parties that the room was for');
    const { channel } = this.#context.room(this.#context.plenaryOf({ name })).transcript;
    if (channel === null || transcript.channel === null || !sameBytes(channel, transcript.channel))
      throw this.#badWelcome('it leads into a room of another channel');
  }

  async *#historyEntries(
    log: RelayLog,
    pointer: { secret: Uint8Array; size: number; sha256: Uint8Array },
  ): AsyncGenerator<Uint8Array> {
    const key = fileKey(this.#context.ports.crypto, pointer.secret);
    const opener = new FileOpener(this.#context.ports.crypto, key, pointer);
    let waiting = Buffer.alloc(0);
    for await (const chunk of sealedChunks(log, { key, plan: opener.plan })) {
      if (!chunk.ok) throw this.#badWelcome(`the record so far is not there: ${chunk.reason}`);
      const opened = opener.next(chunk.value);
      if (!opened.ok) throw this.#badWelcome('the record so far does not open');
      waiting = Buffer.concat([waiting, ...opened.value]);
      while (waiting.length >= 4) {
        const length = waiting.readUInt32BE(0);
        if (length > ENTRY_MAX_BYTES) throw this.#badWelcome('an entry is too long');
        if (waiting.length < 4 + length) break;
        yield new Uint8Array(waiting.subarray(4, 4 + length));
        waiting = waiting.subarray(4 + length);
      }
    }
    if (!opener.finish().ok || waiting.length > 0)
      throw this.#badWelcome('the record so far is not whole');
  }
}

/** A room of some parties goes on after a fork as the kind that it was, for those whom it named. */
function sameTerms(before: RoomTerms, after: RoomTerms): boolean {
  const names = (terms: RoomTerms): string => terms.parties.map(toHex).toSorted().join(' ');
  return before.kind === after.kind && names(before) === names(after);
}
