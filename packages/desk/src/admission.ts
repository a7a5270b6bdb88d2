// Letting others into a channel: founding it, inviting, reading who asks, welcoming. Each step can be run again after a crash.

import { Fault, bytes, decode, encode, struct, text, toHex } from '@parley/kernel';
import {
  boxKeys,
  foundRoom,
  makeInvitation,
  readInvitation,
  readJoinRequest,
  sealWelcome,
  type Founding,
  type Invitation,
  type JoinRequest,
} from '@parley/channel';
import type { Fingerprint } from '@parley/record';
import { RelayClient, capabilityId, logId } from '@parley/post';
import { requireCurrentCertificate } from './certified-anew.ts';
import type { Card } from './card.ts';
import type { Context } from './context.ts';
import {
  BOX_ENTRIES,
  boxLog,
  relayRefusal,
  requireNewName,
  taken,
  capabilityOf,
} from './invitation-box.ts';
import { uploadHistory } from './history.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import { relayTokenFor } from './relay-token.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Who asked in time may be answered later than that. */
const BOX_AFTER_MS = 30 * DAY_MS;

export type AdmissionRequest = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  /** Of the asking party's authority, in hexadecimal. */
  readonly fingerprint: string;
  /** Names the invitation that was used; for `admit`. */
  readonly box: string;
};

/** A request as it stands in the box of one of our invitations. */
export type Asking = {
  readonly view: AdmissionRequest;
  readonly request: JoinRequest;
  readonly invitation: Invitation;
  /** The invitation's text and the sealed request, as they came. */
  readonly written: string;
  readonly envelope: Uint8Array;
};

/** An admission under way. The guest's key on the relay is chosen here, so that a repeated step grants the same one. */
const admittingCodec = struct({
  invitation: text(4096),
  request: bytes({ max: 262_144 }),
  key: bytes({ exactly: 32 }),
});

export class Admission {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Makes the room, its log and the first queued entry. */
  async found(terms: {
    relay: string;
    /** This desk's own name for it. */
    name: string;
    /** Its name on the record; the same where it is not given. */
    called?: string;
    founding?: Founding;
    /** The relay's key, where a channel is there already. */
    relayKey?: Uint8Array;
    /** The authority that our party has in the channel this belongs to. */
    party?: Fingerprint;
  }): Promise<void> {
    requireCurrentCertificate(this.#context, terms.party);
    requireNewName(this.#context, terms.name);
    const { ports, cards, vault } = this.#context;
    const identity = this.#context.identityFor(terms.party);
    requireUrl(terms.relay);
    const held = terms.relayKey === undefined ? {} : { relayKey: terms.relayKey };
    const client = new RelayClient({
      url: terms.relay,
      ports,
      ...held,
      ...relayTokenFor(vault, terms.relay),
    });
    const { relay: relayKey } = await client.facts();
    const { state, act } = await foundRoom(ports, identity, {
      ...terms,
      name: terms.called ?? terms.name,
    });
    const capability = {
      id: capabilityOf(ports.crypto, state.room, identity.deviceId),
      key: ports.randomness.bytes(32),
    };
    const made = await client.createLog(logId(state.room), capability);
    if (!made.ok && made.reason === 'forbidden') throw wantsToken(terms.relay);
    const receipt = taken(made);
    const card: Card = {
      name: terms.name,
      stage: 'open',
      relay: terms.relay,
      relayKey,
      room: state.room,
      capability,
      receipt,
      joining: null,
      invitations: [],
      frozen: null,
      shown: 0,
      receipts: false,
    };
    vault.transaction(() => {
      cards.put(card);
      this.#context.putRoom(state);
      new Outbox(vault, state.room).add(act);
    });
  }

  /** A fresh invitation with its box on the relay. */
  async invite(name: string, days: number): Promise<{ invitation: string; expiresMs: number }> {
    const { ports, cards } = this.#context;
    const card = this.#context.openCard(name);
    const expiresMs = ports.clock.nowMs() + Math.round(days * DAY_MS);
    const made = makeInvitation(ports, {
      relay: card.relay,
      relayKey: card.relayKey,
      inviter: this.#context.ownParty(card),
      name: this.#context.room(card).transcript.name || card.name,
      expiresMs,
    });
    const box = boxKeys(ports.crypto, made.invitation);
    const owner = { id: capabilityId(box.capability.id), key: box.capability.key };
    taken(
      await this.#context.client(card).createLog(logId(box.id), owner, {
        maxEntries: BOX_ENTRIES,
        expiresMs: expiresMs + BOX_AFTER_MS,
      }),
    );
    // Read again: the channel may have moved on while the relay answered.
    const now = this.#context.openCard(name);
    const fresh = now.invitations.filter((one) => one.expiresMs > ports.clock.nowMs());
    cards.put({ ...now, invitations: [...fresh, { text: made.text, expiresMs }].slice(-64) });
    return { invitation: made.text, expiresMs };
  }

  /** Who has used one of our invitations and waits; refuses (waiting) where nobody has. */
  async request(name: string): Promise<Asking> {
    const { ports } = this.#context;
    const card = this.#context.openCard(name);
    let trouble: string | undefined;
    for (const { text: written } of card.invitations) {
      const read = readInvitation(ports.crypto, written, ports.clock.nowMs());
      if (!read.ok) continue;
      const found = await this.#inBox(read.value, written);
      if (found === undefined) continue;
      if (typeof found !== 'string') return found;
      trouble = found;
    }
    throw new DeskRefusal('waiting', 'nobody-asked', {
      message:
        trouble === undefined
          ? 'Nobody has used your invitation yet.'
          : `Nobody can be admitted: ${trouble}.`,
      next: `give the invitation to the other side, or make a new one: parley channel invite ${name}`,
    });
  }

  /** Who asked in one box; undefined where nobody did, a sentence where it cannot be read. */
  async #inBox(invitation: Invitation, written: string): Promise<Asking | string | undefined> {
    const { ports } = this.#context;
    const page = await boxLog(this.#context, invitation).read({ after: 0 });
    if (!page.ok) return `the relay refuses: ${page.reason}`;
    const [asked, answered] = page.value.envelopes;
    if (asked === undefined || answered !== undefined) return undefined;
    const request = await readJoinRequest(ports, invitation, asked.envelope);
    if (!request.ok)
      return `somebody used an invitation, but the request is ${request.reason}: make a new invitation`;
    const { party, member, label, fingerprint } = request.value;
    const box = toHex(boxKeys(ports.crypto, invitation).id);
    const view = { party, member, device: label, fingerprint: toHex(fingerprint), box };
    return { view, request: request.value, invitation, written, envelope: asked.envelope };
  }

  /** Queues the admission; the exchange then makes the entry and the commit, and `welcome` answers the guest. */
  queueAdmission(name: string, asking: Asking, { proposes } = { proposes: false }): void {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    const { certificate, keyPackage } = asking.request;
    vault.transaction(() => {
      vault.put(
        'admitting',
        toHex(card.room),
        encode(admittingCodec, {
          invitation: asking.written,
          request: asking.envelope,
          key: this.#context.ports.randomness.bytes(32),
        }),
      );
      const kind = proposes ? 'propose' : 'admit';
      new Outbox(vault, card.room).add({ kind, certificate, keyPackage });
    });
  }

  /** Answers the guest whom a commit of ours has let in, if there is one. */
  async welcome(name: string): Promise<JoinRequest | undefined> {
    const { vault, ports, cards } = this.#context;
    const card = this.#context.openCard(name);
    const key = toHex(card.room);
    const due = vault.get('welcome-due', key);
    if (due === undefined) return undefined;
    const stored = vault.get('admitting', key);
    const admitting = stored === undefined ? undefined : decode(admittingCodec, stored);
    if (admitting?.ok !== true) throw new Error('bug: who is being admitted is stored');
    // As of the admission: an invitation that has expired since was used in time.
    const then = { ...ports, clock: { nowMs: () => 0 } };
    const invitation = readInvitation(ports.crypto, admitting.value.invitation, 0);
    if (!invitation.ok) throw new Error(`bug: a used invitation is ${invitation.reason}`);
    const read = await readJoinRequest(then, invitation.value, admitting.value.request);
    if (!read.ok) throw new Error(`bug: a request that was admitted is ${read.reason}`);
    const request = read.value;
    const box = toHex(boxKeys(ports.crypto, invitation.value).id);
    const log = this.#context.log(card);
    const capability = {
      id: capabilityOf(ports.crypto, card.room, request.deviceId),
      key: admitting.value.key,
    };
    taken(await log.grant({ ...capability, rights: 'owner' }));
    const history = await uploadHistory(this.#context, { card, log }, due);
    const sealed = sealWelcome(ports, invitation.value, request, {
      welcome: due,
      capability,
      history,
    });
    if (!sealed.ok) throw new Error(`bug: the welcome of our own commit is ${sealed.reason}`);
    const answered = await boxLog(this.#context, invitation.value).append({
      expectedSeq: 2,
      envelope: sealed.value,
    });
    // A conflict means that an earlier run, cut off right here, had answered.
    if (!answered.ok && answered.reason !== 'conflict') throw relayRefusal(answered.reason);
    vault.transaction(() => {
      const now = this.#context.openCard(name);
      const left = now.invitations.filter((one) => !this.#isBox(one.text, box));
      cards.put({ ...now, invitations: left });
      vault.remove('welcome-due', key);
      vault.remove('admitting', key);
      // Nobody is verified in a room of some parties, nor anew after a restart: that was done in the plenary.
      const { terms } = this.#context.room(now).transcript;
      if (terms.kind === 'plenary' && terms.earlier === null)
        new Outbox(vault, now.room).add({ kind: 'verify-offer', about: request.fingerprint });
    });
    return request;
  }

  #isBox(written: string, box: string): boolean {
    const { ports } = this.#context;
    const read = readInvitation(ports.crypto, written, 0);
    return read.ok && toHex(boxKeys(ports.crypto, read.value).id) === box;
  }
}

function requireUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return;
  throw new Fault('bad-relay-address', 'A relay address looks like https://relay.example:7447.', {
    nextAction: 'ask the operator of the relay for its address',
  });
}

function wantsToken(relay: string): DeskRefusal {
  return new DeskRefusal('policy', 'relay-wants-token', {
    message: `The relay at ${relay} makes channels only for those to whom its operator gave a token.`,
    next: 'ask the operator for it and give it with --relay-token-file FILE',
  });
}
