// Getting into a channel: founding one, inviting, asking, letting in. Each step can be run again after a crash.

import {
  Fault,
  bytes,
  decode,
  encode,
  struct,
  text,
  toHex,
  uint,
  type Verdict,
} from '@parley/kernel';
import {
  acceptWelcome,
  boxKeys,
  decodeJoining,
  encodeJoining,
  foundRoom,
  joinRoom,
  makeInvitation,
  readInvitation,
  readJoinRequest,
  requestJoin,
  sealWelcome,
  type Invitation,
  type JoinRequest,
  type Joining,
  type Welcome,
} from '@parley/channel';
import {
  FileOpener,
  RelayClient,
  capabilityId,
  fileKey,
  logId,
  newCapability,
  newFileKey,
  sealedChunks,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import { encodeEntry } from '@parley/record';
import type { Card } from './card.ts';
import type { Context, OpenCard } from './context.ts';
import { Ledger } from './ledger.ts';
import { notice } from './notices.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const BOX_ENTRIES = 2;
const HISTORY_MAX_BYTES = 2 ** 32;
const ENTRY_MAX_BYTES = 160 * 1024;

/** Where the guest finds the record so far, sealed on the relay. */
const historyCodec = struct({
  secret: bytes({ exactly: 32 }),
  size: uint(HISTORY_MAX_BYTES),
  sha256: bytes({ exactly: 32 }),
});

const askedCodec = struct({ invitation: text(4096), request: bytes({ max: 262_144 }) });

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
};

function relayRefusal(reason: string): DeskRefusal {
  return new DeskRefusal('policy', `relay-${reason}`, {
    message: `The relay refuses: ${reason}.`,
    next: 'try again later, or ask its operator',
  });
}

function taken<T>(verdict: Verdict<T, string>): T {
  if (verdict.ok) return verdict.value;
  throw relayRefusal(verdict.reason);
}

export class Admission {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  #requireNewName(name: string): void {
    if (name.trim() === '' || Buffer.byteLength(name) > 100 || /\p{C}/u.test(name)) {
      throw new DeskRefusal('wrong-use', 'bad-channel-name', {
        message: 'A channel name has 1 to 100 visible characters.',
        next: 'choose another --name',
      });
    }
    if (this.#context.cards.get(name) !== undefined) {
      throw new DeskRefusal('wrong-use', 'channel-name-taken', {
        message: `This desk has a channel named "${name}" already.`,
        next: 'choose another --name; it is only your own name for it',
      });
    }
  }

  /** Makes the room, its log and the first queued entry. */
  async found(terms: { relay: string; name: string }): Promise<void> {
    this.#requireNewName(terms.name);
    const { ports, identity, cards, vault } = this.#context;
    requireUrl(terms.relay);
    const client = new RelayClient({ url: terms.relay, ports });
    const { relay: relayKey } = await client.facts();
    const { state, act } = await foundRoom(ports, identity, terms);
    const capability = newCapability(ports.randomness);
    const receipt = taken(await client.createLog(logId(state.room), capability));
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
    const { ports, identity, cards } = this.#context;
    const card = this.#context.openCard(name);
    const expiresMs = ports.clock.nowMs() + Math.round(days * DAY_MS);
    const made = makeInvitation(ports, {
      relay: card.relay,
      relayKey: card.relayKey,
      inviter: identity.party,
      name: this.#context.room(card).transcript.name || card.name,
      expiresMs,
    });
    const box = boxKeys(ports.crypto, made.invitation);
    const owner = { id: capabilityId(box.capability.id), key: box.capability.key };
    taken(
      await this.#context.client(card).createLog(logId(box.id), owner, { maxEntries: BOX_ENTRIES }),
    );
    const fresh = card.invitations.filter((one) => one.expiresMs > ports.clock.nowMs());
    cards.put({ ...card, invitations: [...fresh, { text: made.text, expiresMs }].slice(-64) });
    return { invitation: made.text, expiresMs };
  }

  #read(written: string): Invitation {
    const { ports } = this.#context;
    const read = readInvitation(ports.crypto, written, ports.clock.nowMs());
    if (read.ok) return read.value;
    const said: Record<typeof read.reason, { message: string; next: string }> = {
      'not-an-invitation': {
        message: 'This is not an invitation: an invitation starts with parley1.',
        next: 'copy the whole line you were given',
      },
      damaged: {
        message: 'The invitation is damaged: a letter is wrong or missing.',
        next: 'copy the whole line again, or ask for a new invitation',
      },
      'unknown-version': {
        message: 'The invitation is of a newer kind than this program knows.',
        next: 'update Parley on this machine',
      },
      expired: {
        message: `The invitation expired at ${new Date(read.at ?? 0).toISOString()}; your clock says ${new Date(ports.clock.nowMs()).toISOString()}.`,
        next: 'if your clock is right, ask for a new invitation',
      },
    };
    throw new DeskRefusal('policy', `invitation-${read.reason}`, said[read.reason]);
  }

  #boxLog(invitation: Invitation): RelayLog {
    const { ports } = this.#context;
    const box = boxKeys(ports.crypto, invitation);
    const client = new RelayClient({ url: invitation.relay, relayKey: invitation.relayKey, ports });
    return client.log(logId(box.id), {
      id: capabilityId(box.capability.id),
      key: box.capability.key,
    });
  }

  /** Asks to be let in. Asked again with the same invitation it repeats the same request. */
  async ask(
    written: string,
    named: string | undefined,
  ): Promise<{ channel: string; inviter: string }> {
    const { ports, identity, cards, vault } = this.#context;
    const invitation = this.#read(written);
    const inviter = toHex(invitation.inviter);
    const askedKey = toHex(boxKeys(ports.crypto, invitation).id);
    const before = this.#asked(askedKey);
    const name = before?.name ?? named ?? invitation.name;
    if (before === undefined) {
      this.#requireNewName(name);
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
      vault.transaction(() => {
        cards.put(card);
        vault.put('asked', askedKey, encode(askedCodec, { invitation: written.trim(), request }));
        vault.put('asked-name', askedKey, new TextEncoder().encode(name));
        vault.put('asked-box', name, new TextEncoder().encode(askedKey));
      });
    }
    // Let in already: nothing that a relay says about a used invitation may touch an open channel.
    if ((cards.get(name)?.room ?? null) !== null) return { channel: name, inviter };
    const request = this.#asked(askedKey)?.request;
    if (request === undefined) throw new Error('bug: what was asked is stored');
    const appended = await this.#boxLog(invitation).append({ expectedSeq: 1, envelope: request });
    if (appended.ok) return { channel: name, inviter };
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

  #asked(key: string): { name: string; invitation: string; request: Uint8Array } | undefined {
    const { vault } = this.#context;
    const stored = vault.get('asked', key);
    const name = vault.get('asked-name', key);
    const asked = stored === undefined ? undefined : decode(askedCodec, stored);
    if (asked?.ok !== true || name === undefined) return undefined;
    return { ...asked.value, name: new TextDecoder().decode(name) };
  }

  /** Who has used one of our invitations and waits; refuses (waiting) where nobody has. */
  async request(name: string): Promise<Asking> {
    const { ports } = this.#context;
    const card = this.#context.openCard(name);
    let trouble: string | undefined;
    for (const { text: written } of card.invitations) {
      const read = readInvitation(ports.crypto, written, ports.clock.nowMs());
      if (!read.ok) continue;
      const found = await this.#inBox(read.value, 'unanswered');
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
  async #inBox(
    invitation: Invitation,
    which: 'unanswered' | 'any',
  ): Promise<Asking | string | undefined> {
    const { ports } = this.#context;
    const page = await this.#boxLog(invitation).read({ after: 0 });
    if (!page.ok) return `the relay refuses: ${page.reason}`;
    const [asked, answered] = page.value.envelopes;
    if (asked === undefined || (which === 'unanswered' && answered !== undefined)) return undefined;
    const request = await readJoinRequest(ports, invitation, asked.envelope);
    if (!request.ok)
      return `somebody used an invitation, but the request is ${request.reason}: make a new invitation`;
    const { party, member, label, fingerprint } = request.value;
    const box = toHex(boxKeys(ports.crypto, invitation).id);
    const view = { party, member, device: label, fingerprint: toHex(fingerprint), box };
    return { view, request: request.value, invitation };
  }

  /** Queues the admission; the exchange then makes the entry and the commit, and `welcome` answers the guest. */
  queueAdmission(name: string, asking: Asking): void {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    const { certificate, keyPackage } = asking.request;
    vault.transaction(() => {
      vault.put('admitting', toHex(card.room), new TextEncoder().encode(asking.view.box));
      new Outbox(vault, card.room).add({ kind: 'admit', certificate, keyPackage });
    });
  }

  /** Answers the guest whom a commit of ours has let in, if there is one. */
  async welcome(name: string): Promise<JoinRequest | undefined> {
    const { vault, ports, cards } = this.#context;
    const card = this.#context.openCard(name);
    const key = toHex(card.room);
    const due = vault.get('welcome-due', key);
    if (due === undefined) return undefined;
    const box = new TextDecoder().decode(vault.get('admitting', key) ?? new Uint8Array(0));
    const written = card.invitations.find((one) => this.#isBox(one.text, box))?.text ?? '';
    const invitation = readInvitation(ports.crypto, written, 0);
    if (!invitation.ok) throw new Error('bug: who is being admitted used an invitation of ours');
    const asking = await this.#inBox(invitation.value, 'any');
    if (asking === undefined || typeof asking === 'string')
      throw relayRefusal(asking ?? 'the request is gone');
    const { request } = asking;
    const log = this.#context.log(card);
    const capability = newCapability(ports.randomness);
    taken(await log.grant({ ...capability, rights: 'owner' }));
    const history = await this.#uploadHistory(card, log);
    const sealed = sealWelcome(ports, invitation.value, request, {
      welcome: due,
      capability,
      history,
    });
    if (!sealed.ok) throw new Error(`bug: the welcome of our own commit is ${sealed.reason}`);
    const answered = await this.#boxLog(invitation.value).append({
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
      vault.put('grant', `${key}:${toHex(request.deviceId)}`, capability.id);
      new Outbox(vault, now.room).add({ kind: 'verify-offer', about: request.fingerprint });
    });
    return request;
  }

  #isBox(written: string, box: string): boolean {
    const { ports } = this.#context;
    const read = readInvitation(ports.crypto, written, 0);
    return read.ok && toHex(boxKeys(ports.crypto, read.value).id) === box;
  }

  /** Seals the record so far for the guest: its entries, each with its length before it. */
  async #uploadHistory(card: OpenCard, log: RelayLog): Promise<Uint8Array> {
    const { ports, vault } = this.#context;
    const room = this.#context.room(card);
    const count = room.transcript.tree.size;
    const ledger = new Ledger(vault, card.room);
    let size = 0;
    for (const { index, entry } of ledger.from(0))
      if (index < count) size += 4 + encodeEntry(entry).length;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const { index, entry } of ledger.from(0)) {
        if (index >= count) return;
        const encoded = encodeEntry(entry);
        const length = new Uint8Array(4);
        new DataView(length.buffer).setUint32(0, encoded.length);
        yield length;
        yield encoded;
      }
    }
    const key = newFileKey(ports);
    const uploaded = await uploadFile(log, {
      key,
      size,
      source: source(),
      expiresMs: ports.clock.nowMs() + 90 * DAY_MS,
    });
    const { sha256 } = taken(uploaded);
    return encode(historyCodec, { secret: key.secret, size, sha256 });
  }

  /** Looks into the box of a request of ours; joins if it was answered. False while it was not. */
  async enter(name: string): Promise<boolean> {
    const { ports, identity, vault } = this.#context;
    const card = this.#context.card(name);
    if (card.joining === null) return card.room !== null;
    const joining = decodeJoining(card.joining);
    const boxName = vault.get('asked-box', name);
    const asked =
      boxName === undefined ? undefined : this.#asked(new TextDecoder().decode(boxName));
    if (!joining.ok || asked === undefined) throw new Error('bug: what was asked is stored');
    const read = readInvitation(ports.crypto, asked.invitation, 0);
    if (!read.ok) throw new Error(`bug: a used invitation is ${read.reason}`);
    const page = taken(await this.#boxLog(read.value).read({ after: 0 }));
    const answer = page.envelopes[1];
    if (answer === undefined) return false;
    const welcome = acceptWelcome(ports, identity, joining.value, answer.envelope);
    if (!welcome.ok) throw this.#badWelcome(welcome.reason);
    await this.#joinWith(card, joining.value, welcome.value);
    return true;
  }

  #badWelcome(why: string): DeskRefusal {
    return new DeskRefusal('tampering', 'bad-welcome', {
      message: `The answer to your request cannot be right (${why}). You did not join.`,
      next: 'ask the other side for a new invitation, by another way, and compare fingerprints',
    });
  }

  async #joinWith(card: Card, joining: Joining, welcome: Welcome): Promise<void> {
    const { ports, identity, vault, cards } = this.#context;
    const pointer = decode(historyCodec, welcome.history);
    if (!pointer.ok) throw this.#badWelcome('no record');
    const { ticket, capability } = welcome;
    const log = this.#context
      .client(card)
      .log(logId(ticket.room), { id: capabilityId(capability.id), key: capability.key });
    const ledger = new Ledger(vault, ticket.room);
    const joined = await joinRoom(
      ports,
      identity,
      joining,
      welcome,
      this.#historyEntries(log, pointer.value),
      (outcome) => {
        const { index, entry, root, seq } = outcome;
        vault.transaction(() => {
          ledger.append(index, { seq, entry, root });
          notice({ vault, room: ticket.room, nowMs: ports.clock.nowMs() }, outcome);
        });
      },
    );
    if (!joined.ok) throw this.#badWelcome(`${joined.reason} ${joined.detail ?? ''}`.trim());
    vault.transaction(() => {
      this.#context.putRoom(joined.value);
      cards.put({
        ...card,
        stage: 'open',
        room: ticket.room,
        capability,
        joining: null,
      });
    });
  }

  async *#historyEntries(
    log: RelayLog,
    pointer: { secret: Uint8Array; size: number; sha256: Uint8Array },
  ): AsyncGenerator<Uint8Array> {
    const key = fileKey(this.#context.ports.crypto, pointer.secret);
    const opener = new FileOpener(this.#context.ports.crypto, key, pointer);
    let waiting = Buffer.alloc(0);
    for await (const chunk of sealedChunks(log, { key, chunks: opener.plan.chunks })) {
      if (!chunk.ok) throw this.#badWelcome(`the record so far is not there: ${chunk.reason}`);
      const opened = opener.next(chunk.value);
      if (!opened.ok) throw this.#badWelcome('the record so far does not open');
      waiting = Buffer.concat([waiting, opened.value]);
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

function requireUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return;
  throw new Fault('bad-relay-address', 'A relay address looks like https://relay.example:7447.', {
    nextAction: 'ask the operator of the relay for its address',
  });
}
