// A member's desk: the one place where the parts meet. Apps call it and show what it answers; they hold no policy.

import { mkdirSync, renameSync, rmSync, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault, isFault, toHex, utf8, type Ports } from '@parley/kernel';
import {
  checkpointOf,
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  type Act,
  type Room,
} from '@parley/channel';
import { capabilityId, encodeReceipt } from '@parley/post';
import {
  TEXT_MAX_BYTES,
  cosignCheckpoint,
  decodeCheckpoint,
  deviceOf,
  entryLeaf,
  exportRecord,
  openEntryProof,
  readHeader,
  type BodyOf,
  type CosignedCheckpoint,
} from '@parley/record';
import { Admission, type AdmissionRequest } from './admission.ts';
import type { Card } from './card.ts';
import { Context, type OpenCard } from './context.ts';
import { Documents, type OpenedDocument } from './documents.ts';
import { Exchange, type Exchanged } from './exchange.ts';
import { safeName } from './file-name.ts';
import { Ledger, type LedgerLine } from './ledger.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import { Vault, type VaultOptions } from './vault.ts';
import { ceremonyView, partyToVerify, verdictAct, type CeremonyView } from './verification.ts';
import {
  documentView,
  isVerifiedBy,
  partyViews,
  readLine,
  summaryOf,
  type DeliveryState,
  type DeviceView,
  type EntryView,
  type PartyView,
} from './views.ts';

export type WhoAmI = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  /** Of the party's authority, in hexadecimal. */
  readonly fingerprint: string;
  readonly deviceId: string;
};

export type ChannelView = {
  readonly name: string;
  readonly stage: Card['stage'];
  readonly relay: string;
  readonly frozen: string | null;
  readonly parties: readonly PartyView[];
  readonly size: number;
  readonly root: string;
};

export type Sent = {
  readonly entry: number | null;
  readonly state: DeliveryState;
  /** Everyone who can read it, as "party / member". */
  readonly audience: readonly string[];
  /** Whether every other party in the channel has been verified by ours. */
  readonly verified: boolean;
};

export type SyncedChannel = {
  readonly name: string;
  readonly received: number;
  readonly sent: number;
  readonly disarmed: number;
  readonly refused: number;
  readonly waiting?: string;
  readonly remarks: readonly string[];
  readonly alarms: readonly string[];
};
export type SyncReport = { readonly channels: readonly SyncedChannel[] };

export type SyncOptions = {
  readonly documents?: boolean;
  readonly onProgress?: (text: string) => void;
};

const IDENTITY = 'identity';

/** One open desk. Its vault is locked to this process until `close`. */
export class Desk {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #documents: Documents;

  private constructor(context: Context) {
    this.#context = context;
    this.#admission = new Admission(context);
    this.#documents = new Documents(context);
  }

  static exists(home: string): boolean {
    return Vault.exists(home);
  }

  /** Makes the party's authority key and this device's keys in a new vault. */
  static create(
    ports: Ports,
    options: VaultOptions,
    names: { party: string; member: string; label: string },
  ): Desk {
    const tidy = {
      party: tidyName('party', names.party, 120),
      member: tidyName('member', names.member, 120),
      label: tidyName('device', names.label, 60),
    };
    const vault = Vault.create(ports, options);
    const identity = createIdentity(ports, tidy);
    vault.put(IDENTITY, 'own', encodeIdentity(identity));
    return new Desk(new Context(ports, vault, identity, options.home));
  }

  static open(ports: Ports, options: VaultOptions): Desk {
    const vault = Vault.open(ports, options);
    try {
      const stored = vault.get(IDENTITY, 'own');
      const identity = stored === undefined ? undefined : decodeIdentity(ports, stored);
      if (identity?.ok !== true) {
        throw new Fault('vault-damaged', 'The vault holds no identity: its set-up was cut off.', {
          nextAction: 'move the directory away and run "parley init" again',
        });
      }
      return new Desk(new Context(ports, vault, identity.value, options.home));
    } catch (error) {
      vault.close();
      throw error;
    }
  }

  close(): void {
    this.#context.vault.close();
  }

  whoAmI(): WhoAmI {
    const { certified, party, deviceId } = this.#context.identity;
    return {
      party: certified.party,
      member: certified.member,
      device: certified.label,
      fingerprint: toHex(party),
      deviceId: toHex(deviceId),
    };
  }

  // ---- channels

  async newChannel(terms: {
    relay: string;
    name: string;
    days: number;
  }): Promise<{ channel: string; invitation: string; expiresMs: number; fingerprint: string }> {
    await this.#admission.found(terms);
    await this.#exchange(terms.name);
    const made = await this.#admission.invite(terms.name, terms.days);
    return { channel: terms.name, ...made, fingerprint: this.whoAmI().fingerprint };
  }

  async invite(name: string, days: number): Promise<{ invitation: string; expiresMs: number }> {
    if (!(days > 0 && days <= 90)) {
      throw new DeskRefusal('wrong-use', 'bad-expiry', {
        message: 'An invitation is good for 1 to 90 days.',
      });
    }
    return this.#admission.invite(name, days);
  }

  async joinChannel(asked: {
    invitation: string;
    name?: string | undefined;
  }): Promise<{ channel: string; inviter: string; fingerprint: string }> {
    const joined = await this.#admission.ask(asked.invitation, asked.name);
    return { ...joined, fingerprint: this.whoAmI().fingerprint };
  }

  async admissionRequest(name: string): Promise<AdmissionRequest> {
    // An admission that was cut off is finished first.
    await this.#exchange(name);
    return (await this.#admission.request(name)).view;
  }

  /** Lets in who asked: the entry, the commit, the welcome. Refuses if somebody else asks by now. */
  async admit(name: string, request: AdmissionRequest): Promise<void> {
    const asking = await this.#admission.request(name);
    if (asking.view.fingerprint !== request.fingerprint || asking.view.box !== request.box) {
      throw new DeskRefusal('policy', 'another-asks', {
        message: 'Who asks now is not who was shown. Nobody was admitted.',
        next: 'run the command again and look at the fingerprint',
      });
    }
    this.#admission.queueAdmission(name, asking);
    const { remarks } = await this.#exchange(name);
    const room = this.#context.room(this.#context.openCard(name));
    if (!room.transcript.parties.has(request.fingerprint)) {
      throw new DeskRefusal('policy', 'not-admitted', {
        message: `They were not admitted: ${remarks.join('; ') || 'the record does not allow it'}.`,
        next: 'look at "parley log" for who is in the channel already',
      });
    }
  }

  channels(): ChannelView[] {
    return this.#context.cards.all().map((card) => this.#channelView(card));
  }

  #channelView(card: Card): ChannelView {
    const { name, stage, relay, frozen } = card;
    if (card.room === null) return { name, stage, relay, frozen, parties: [], size: 0, root: '' };
    const { transcript } = this.#context.room(this.#context.openCard(name));
    return {
      name,
      stage,
      relay,
      frozen,
      parties: partyViews(transcript, this.#context.identity.party),
      size: transcript.tree.size,
      root: toHex(transcript.root),
    };
  }

  /** Removes a device of our own party; `prefix` is the beginning of its id. */
  async removeDevice(name: string, prefix: string, reason: string): Promise<DeviceView> {
    await this.#exchange(name);
    const card = this.#context.openCard(name);
    const { parties } = this.#channelView(card);
    const found = parties
      .flatMap((party) => party.devices)
      .filter((device) => device.id.startsWith(prefix.toLowerCase()));
    const [device] = found;
    if (device === undefined || found.length > 1 || prefix.length < 4) {
      throw new DeskRefusal('wrong-use', 'no-such-device', {
        message:
          found.length > 1
            ? 'Several devices begin like that.'
            : 'No device of this channel has this id.',
        next: `look at "parley channel list" and give at least four characters of the id`,
      });
    }
    const room = this.#context.room(card);
    const known = room.transcript.devices.get(device.id);
    if (known === undefined) throw new Error('bug: a device that is shown is in the transcript');
    this.#add(card, { kind: 'device-removed', device: known.id, reason });
    const { remarks } = await this.#exchange(name);
    const after = this.#context
      .room(this.#context.openCard(name))
      .transcript.devices.get(device.id);
    if (after?.removed === null || after === undefined) {
      throw new DeskRefusal('policy', 'not-removed', {
        message: `The device was not removed: ${remarks.join('; ') || 'the record does not allow it'}.`,
        next: 'only the party of a device removes it',
      });
    }
    const grant = this.#context.vault.get('grant', `${toHex(card.room)}:${device.id}`);
    if (grant !== undefined) await this.#context.log(card).revoke(capabilityId(grant));
    return { ...device, removed: true };
  }

  // ---- verification

  /** Where the comparison of words stands, after an exchange; starts one where none was offered. */
  async ceremony(name: string, language: string): Promise<CeremonyView> {
    if (this.#context.card(name).room === null) await this.#admission.enter(name);
    await this.#exchangeIfReachable(name);
    const { party } = this.#context.identity;
    const card = this.#context.openCard(name);
    const view = ceremonyView(this.#context.room(card), party, language);
    if (view.phase !== 'none' && view.phase !== 'broken') return view;
    if (view.verified) return view;
    const about = partyToVerify(this.#context.room(card), party).fingerprint;
    this.#add(card, { kind: 'verify-offer', about });
    await this.#exchangeIfReachable(name);
    return ceremonyView(this.#context.room(card), party, language);
  }

  async confirmWords(name: string): Promise<void> {
    const card = this.#context.openCard(name);
    this.#add(card, verdictAct(this.#context.room(card), this.#context.identity.party, 'same'));
    await this.#exchangeIfReachable(name);
  }

  /** Freezes the channel and answers where the evidence is. */
  async mismatch(name: string): Promise<string> {
    const card = this.#context.openCard(name);
    this.#add(
      card,
      verdictAct(this.#context.room(card), this.#context.identity.party, 'different'),
    );
    await this.#exchangeIfReachable(name);
    const directory = join(this.#context.home, 'evidence');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const stamp = new Date(this.#context.ports.clock.nowMs())
      .toISOString()
      .replaceAll(/[:.]/g, '-');
    const path = join(directory, `mismatch-${toHex(card.room).slice(0, 12)}-${stamp}.parley`);
    await this.exportRecord(name, path, { force: true });
    return path;
  }

  // ---- traffic

  #add(card: OpenCard, act: Act): number {
    const { vault } = this.#context;
    return vault.transaction(() => new Outbox(vault, card.room).add(act));
  }

  async #exchange(name: string): Promise<Exchanged> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    const room = toHex(card.room);
    const run = async (): Promise<Exchanged> =>
      new Exchange(this.#context, name, ({ own, body, leaf, index }) => {
        if (!own && body.kind === 'document')
          vault.put(`todo:${room}`, toHex(leaf), utf8(String(index)));
      }).run();
    const first = await run();
    if ((await this.#admission.welcome(name)) === undefined) return first;
    const second = await run();
    return {
      received: [...first.received, ...second.received],
      sent: [...first.sent, ...second.sent],
      remarks: [...first.remarks, ...second.remarks],
      alarms: [...first.alarms, ...second.alarms],
    };
  }

  /** As `#exchange`; undefined where the relay cannot be reached, so that work goes on with what is here. */
  async #exchangeIfReachable(name: string): Promise<Exchanged | undefined> {
    try {
      return await this.#exchange(name);
    } catch (error) {
      if (isFault(error, 'relay-unreachable')) return undefined;
      throw error;
    }
  }

  async #deliver(name: string, act: Act): Promise<Sent> {
    const card = this.#context.openCard(name);
    const n = this.#add(card, act);
    const exchanged = await this.#exchangeIfReachable(name);
    const outbox = new Outbox(this.#context.vault, card.room);
    const own = exchanged?.sent.findLast((outcome) => outcome.body.kind === act.kind);
    if (!outbox.has(n) && own === undefined && exchanged !== undefined) {
      throw new DeskRefusal('policy', 'not-sent', {
        message: `It was not sent: ${exchanged.remarks.join('; ') || 'the channel does not take it'}.`,
        next: 'look at "parley log" and "parley channel list"',
      });
    }
    return {
      entry: own?.index ?? null,
      state: own === undefined ? 'queued' : 'at-relay',
      ...this.#audience(card),
    };
  }

  #audience(card: OpenCard): { audience: string[]; verified: boolean } {
    const parties = partyViews(this.#context.room(card).transcript, this.#context.identity.party);
    return {
      audience: parties.flatMap((party) =>
        party.devices
          .filter((device) => !device.removed)
          .map((device) => `${party.name} / ${device.member} (${device.label})`),
      ),
      verified: parties.every((party) => party.verified),
    };
  }

  async say(name: string, text: string): Promise<Sent> {
    const length = Buffer.byteLength(text);
    if (length === 0 || length > TEXT_MAX_BYTES || !text.isWellFormed()) {
      throw new DeskRefusal('wrong-use', length === 0 ? 'nothing-to-say' : 'text-too-long', {
        message: `A message has 1 to ${TEXT_MAX_BYTES} bytes of text.`,
        next: 'send longer texts as a document: parley send',
      });
    }
    this.#requireThawed(name);
    return this.#deliver(name, { kind: 'text', text });
  }

  async send(
    name: string,
    path: string,
    options: { as?: string | undefined; onProgress: (done: number, total: number) => void },
  ): Promise<Sent & { name: string; size: number }> {
    this.#requireThawed(name);
    const card = this.#context.openCard(name);
    const file = { path: resolve(path), as: options.as };
    const document = await this.#documents.send(
      card,
      this.#context.log(card),
      file,
      options.onProgress,
    );
    const sent = await this.#deliver(name, document.act);
    return { ...sent, name: document.name, size: document.size };
  }

  #requireThawed(name: string): void {
    const { frozen } = this.#context.openCard(name);
    if (frozen === null) return;
    throw new DeskRefusal('tampering', 'frozen', {
      message: `The channel is frozen (${frozen}). Nothing can be said in it.`,
      next: 'talk to the other side by another way, and found a new channel',
    });
  }

  /** Fetches and sends what waits in one channel or all, and rebuilds new documents. Refuses (tampering) after alarms. */
  async sync(name?: string, options: SyncOptions = {}): Promise<SyncReport> {
    const names =
      name === undefined
        ? this.#context.cards.all().map((card) => card.name)
        : [this.#context.card(name).name];
    const channels: SyncedChannel[] = [];
    for (const one of names) channels.push(await this.#syncOne(one, options));
    const alarms = channels.flatMap((channel) =>
      channel.alarms.map((alarm) => `${channel.name}: ${alarm}`),
    );
    if (alarms.length > 0) {
      throw new DeskRefusal('tampering', 'alarm', {
        message: `Something was done to the channel that an honest relay and honest members cannot do: ${alarms.join('; ')}.`,
        next: 'what could be read was taken in. Compare the roots that "parley log" shows, by voice',
        data: { channels },
      });
    }
    return { channels };
  }

  async #syncOne(name: string, options: SyncOptions): Promise<SyncedChannel> {
    const nothing = {
      name,
      received: 0,
      sent: 0,
      disarmed: 0,
      refused: 0,
      remarks: [],
      alarms: [],
    };
    const card = this.#context.card(name);
    const joining = card.room === null;
    if (joining && !(await this.#admission.enter(name))) {
      return { ...nothing, waiting: 'asked to join; the other side has not admitted you yet' };
    }
    const before = joining
      ? 0
      : new Ledger(this.#context.vault, this.#context.openCard(name).room).size;
    const first = await this.#exchange(name);
    const documents =
      options.documents === false ? undefined : await this.#disarmAll(name, options);
    const second =
      documents !== undefined && documents.acts > 0 ? await this.#exchange(name) : undefined;
    const after = new Ledger(this.#context.vault, this.#context.openCard(name).room).size;
    const sent = first.sent.length + (second?.sent.length ?? 0);
    return {
      name,
      received: after - before - sent,
      sent,
      disarmed: documents?.disarmed ?? 0,
      refused: documents?.refused ?? 0,
      remarks: [...first.remarks, ...(second?.remarks ?? []), ...(documents?.remarks ?? [])],
      alarms: [...first.alarms, ...(second?.alarms ?? []), ...(documents?.alarms ?? [])],
    };
  }

  async #disarmAll(
    name: string,
    options: SyncOptions,
  ): Promise<{
    acts: number;
    disarmed: number;
    refused: number;
    remarks: string[];
    alarms: string[];
  }> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    const todo = `todo:${toHex(card.room)}`;
    const done = {
      acts: 0,
      disarmed: 0,
      refused: 0,
      remarks: [] as string[],
      alarms: [] as string[],
    };
    const numbers = vault.list(todo).map((value) => Number(new TextDecoder().decode(value)));
    for (const index of numbers.toSorted((a, b) => a - b)) {
      const document = this.#documentAt(card, index);
      try {
        const act = await this.#documents.make(document, this.#context.log(card), {
          onProgress: (text) => options.onProgress?.(text),
        });
        vault.transaction(() => {
          vault.remove(todo, document.leaf);
          if (act !== undefined) new Outbox(vault, card.room).add(act);
        });
        if (act === undefined) continue;
        done.acts++;
        if (act.kind === 'disarmed' && act.outcome === 'rebuilt') done.disarmed++;
        else done.refused++;
      } catch (error) {
        if (!(error instanceof DeskRefusal)) throw error;
        const sentence = `document in entry ${index}: ${error.message}`;
        (error.nature === 'tampering' ? done.alarms : done.remarks).push(sentence);
        if (error.nature === 'tampering') vault.remove(todo, document.leaf);
      }
    }
    return done;
  }

  // ---- reading

  #documentAt(
    card: OpenCard,
    index: number,
  ): { entry: number; leaf: string; body: BodyOf<'document'>; mine: boolean } {
    const line = new Ledger(this.#context.vault, card.room).at(index);
    const { transcript } = this.#context.room(card);
    const read =
      line === undefined ? undefined : readLine(this.#context.ports.crypto, transcript, line);
    if (read?.body?.kind !== 'document') {
      throw new DeskRefusal('wrong-use', read === undefined ? 'no-such-entry' : 'not-a-document', {
        message:
          read === undefined
            ? `There is no entry ${index} in this channel.`
            : `Entry ${index} is no document.`,
        next: `look at "parley inbox ${card.name}" for the numbers`,
      });
    }
    const mine = read.author !== undefined && toHex(read.author.id) === this.whoAmI().deviceId;
    return { entry: index, leaf: read.leaf, body: read.body, mine };
  }

  #views(card: OpenCard, room: Room, from: number): EntryView[] {
    const views: EntryView[] = [];
    for (const line of new Ledger(this.#context.vault, card.room).from(from)) {
      const view = this.#entryView(card, room, line);
      if (view !== undefined) views.push(view);
    }
    return views;
  }

  #entryView(
    card: OpenCard,
    room: Room,
    line: LedgerLine & { index: number },
  ): EntryView | undefined {
    const { transcript } = room;
    const read = readLine(this.#context.ports.crypto, transcript, line);
    if (read === undefined) return undefined;
    const { header, body, author, leaf } = read;
    const own = this.#context.identity;
    const mine = author !== undefined && toHex(author.id) === toHex(own.deviceId);
    const seenByOthers = [...transcript.devices.values()].some(
      (device) => toHex(device.party) !== toHex(own.party) && device.acknowledged > line.index,
    );
    return {
      entry: line.index,
      timeMs: header.timeMs,
      party: author?.certificate.party ?? 'unknown',
      member: author?.certificate.member ?? 'unknown',
      device: author?.certificate.label ?? 'unknown',
      kind: header.kind,
      mine,
      verified: author !== undefined && isVerifiedBy(transcript, own.party, author.party),
      fresh: !mine && line.index >= card.shown,
      state: mine ? (seenByOthers ? 'on-device' : 'at-relay') : null,
      summary: summaryOf(body, transcript),
      leaf,
      ...(body?.kind === 'text' ? { text: body.text } : {}),
      ...(body?.kind === 'document'
        ? { document: documentView(body, this.#documents.facts(leaf, mine)) }
        : {}),
    };
  }

  #queuedViews(card: OpenCard): EntryView[] {
    const { party, member, device } = this.whoAmI();
    return new Outbox(this.#context.vault, card.room).all().flatMap(({ act }) => {
      if (act.kind !== 'text' && act.kind !== 'document') return [];
      return [
        {
          entry: null,
          timeMs: this.#context.ports.clock.nowMs(),
          party,
          member,
          device,
          kind: act.kind,
          mine: true,
          verified: true,
          fresh: false,
          state: 'queued' as const,
          summary: act.kind === 'text' ? act.text : `sends the document "${act.name}"`,
          leaf: null,
          ...(act.kind === 'text' ? { text: act.text } : {}),
        },
      ];
    });
  }

  /** Messages and documents of the others. Shown once, they are no longer fresh. */
  inbox(
    name: string | undefined,
    freshOnly: boolean,
  ): { channel: string; frozen: string | null; entries: EntryView[] }[] {
    const { cards } = this.#context;
    const open = (name === undefined ? cards.all() : [this.#context.card(name)]).filter(
      (card) => card.room !== null,
    );
    if (name !== undefined && open.length === 0) this.#context.openCard(name);
    return open.map((closed) => {
      const card = this.#context.openCard(closed.name);
      const room = this.#context.room(card);
      const entries = this.#views(card, room, freshOnly ? card.shown : 0).filter(
        (view) => !view.mine && (view.kind === 'text' || view.kind === 'document'),
      );
      cards.put({ ...card, shown: room.transcript.tree.size });
      return { channel: card.name, frozen: card.frozen, entries };
    });
  }

  /** The record, oldest first, and what waits to be sent behind it. */
  log(
    name: string,
    last?: number,
  ): {
    channel: string;
    size: number;
    root: string;
    frozen: string | null;
    entries: EntryView[];
    remarks: string[];
  } {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { size } = room.transcript.tree;
    const from = last === undefined ? 0 : Math.max(0, size - last);
    const remarks = [...this.#context.vault.lines(`alarms:${toHex(card.room)}`)].map(
      ({ value }) => `ALARM: ${new TextDecoder().decode(value)}`,
    );
    if (card.frozen !== null) remarks.push(`FROZEN: ${card.frozen}`);
    return {
      channel: name,
      size,
      root: toHex(room.transcript.root),
      frozen: card.frozen,
      entries: [...this.#views(card, room, from), ...this.#queuedViews(card)],
      remarks,
    };
  }

  /** Writes the safe copy of a document out, after fetching and rebuilding it where that is still to be done. */
  async openDocument(
    name: string,
    entry: string,
    options: {
      out?: string | undefined;
      force?: boolean;
      passwordFile?: string | undefined;
      onProgress?: (text: string) => void;
    },
  ): Promise<OpenedDocument> {
    const card = this.#context.openCard(name);
    const document = this.#documentAt(card, entryNumber(name, entry));
    if (document.mine) {
      throw new DeskRefusal('wrong-use', 'own-document', {
        message: 'You sent this document: you have the original.',
        next: 'only documents from others are rebuilt here',
      });
    }
    const password = await this.#documents.passwordFrom(options.passwordFile);
    const act = await this.#documents.make(document, this.#context.log(card), {
      password,
      onProgress: (text) => options.onProgress?.(text),
    });
    const { vault } = this.#context;
    vault.transaction(() => {
      vault.remove(`todo:${toHex(card.room)}`, document.leaf);
      if (act !== undefined) new Outbox(vault, card.room).add(act);
    });
    const refusal = this.#documents.refusal(document.leaf, document.body.name);
    if (act !== undefined)
      await this.#exchangeIfReachable(name).catch((error: unknown) => {
        // The safe copy is there; what is wrong with the channel is said by the next sync.
        if (!(error instanceof DeskRefusal)) throw error;
      });
    if (refusal !== undefined) throw refusal;
    const { extension } = this.#documents.facts(document.leaf, false);
    const path = options.out ?? safeName(document.body.name, extension);
    return this.#documents.writeOut({ ...document, path }, options.force === true);
  }

  /** Writes the record as one file that anyone can verify offline. */
  async exportRecord(
    name: string,
    out: string,
    options: { force?: boolean } = {},
  ): Promise<{ path: string; entries: number; root: string }> {
    const card = this.#context.openCard(name);
    const { transcript } = this.#context.room(card);
    const { vault, identity, ports } = this.#context;
    const ledger = new Ledger(vault, card.room);
    const path = resolve(out);
    const partial = `${path}.part`;
    const file = createWriteStream(partial, { flags: 'w', mode: 0o600 });
    try {
      await once(file, 'open');
      if (options.force !== true) await requireAbsent(path);
      const pieces = exportRecord(ports.crypto, entriesOf(ledger), {
        room: transcript.room,
        size: transcript.tree.size,
        root: transcript.root,
        checkpoints: this.#checkpoints(card),
        receipts: card.receipt === null ? [] : [encodeReceipt(card.receipt)],
        exporter: { device: identity.deviceId, secretKey: identity.signer.secretKey },
      });
      for await (const piece of pieces) if (!file.write(piece)) await once(file, 'drain');
      file.end();
      await once(file, 'finish');
      renameSync(partial, path);
    } catch (error) {
      file.destroy();
      rmSync(partial, { force: true });
      if (error instanceof DeskRefusal) throw error;
      throw new Fault('disk-failed', `The record cannot be written to ${path}.`, {
        cause: error,
        nextAction: 'choose another place, or free some space',
      });
    }
    return { path, entries: transcript.tree.size, root: toHex(transcript.root) };
  }

  /** Writes the proof of one entry: what it says and that the record holds it, without the others. */
  async exportEntry(
    name: string,
    entry: string,
    out: string,
    options: { force?: boolean } = {},
  ): Promise<{ path: string; entry: number; acknowledgedByOther: boolean }> {
    const card = this.#context.openCard(name);
    const { transcript } = this.#context.room(card);
    const { identity, ports, vault } = this.#context;
    const ledger = new Ledger(vault, card.room);
    const index = entryNumber(name, entry);
    const line = ledger.at(index);
    const header = line === undefined ? undefined : readHeader(line.entry.signed);
    if (line === undefined || header?.ok !== true || line.entry.opened === null) {
      throw new DeskRefusal('wrong-use', 'no-such-entry', {
        message: `There is no entry ${index} that can be opened in this channel.`,
        next: `look at "parley log ${name}" for the numbers`,
      });
    }
    const author = deviceOf(transcript, header.value.author);
    const others = [...this.#checkpoints(card)].filter(
      ({ checkpoint, cosignatures }) =>
        checkpoint.size > index &&
        cosignatures.some(
          ({ device }) =>
            toHex(deviceOf(transcript, device)?.party ?? identity.party) !==
            toHex(author?.party ?? identity.party),
        ),
    );
    const cosigned = others.at(-1) ?? this.#cosignNow(card);
    const signers = [header.value.author, ...cosigned.cosignatures.map(({ device }) => device)];
    const certificates = new Map(
      signers.flatMap((id) => {
        const device = deviceOf(transcript, id);
        return device === undefined ? [] : [[toHex(id), device.signed] as const];
      }),
    );
    const proof = openEntryProof(
      ports.crypto,
      { signed: line.entry.signed, opened: line.entry.opened },
      {
        index,
        leaves: (n) => {
          const at = ledger.at(n);
          if (at === undefined) throw new Error(`bug: entry ${n} is in the ledger`);
          return entryLeaf(ports.crypto, at.entry.signed);
        },
        checkpoint: cosigned,
        certificates: [...certificates.values()],
      },
    );
    const path = resolve(out);
    if (options.force !== true) await requireAbsent(path);
    await writeFile(path, proof, { mode: 0o600 });
    return { path, entry: index, acknowledgedByOther: others.length > 0 };
  }

  #cosignNow(card: OpenCard): CosignedCheckpoint {
    const { identity, ports } = this.#context;
    const checkpoint = checkpointOf(this.#context.room(card));
    const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
      device: identity.deviceId,
      publicKey: identity.signer.publicKey,
      secretKey: identity.signer.secretKey,
      timeMs: ports.clock.nowMs(),
    });
    return { checkpoint, cosignatures: [cosignature] };
  }

  *#checkpoints(card: OpenCard): Generator<CosignedCheckpoint> {
    for (const { value } of this.#context.vault.lines(`checkpoints:${toHex(card.room)}`)) {
      const checkpoint = decodeCheckpoint(value);
      if (checkpoint.ok) yield checkpoint.value;
    }
  }
}

function* entriesOf(ledger: Ledger): Generator<LedgerLine['entry']> {
  for (const { entry } of ledger.from(0)) yield entry;
}

function entryNumber(name: string, entry: string): number {
  if (/^#?[0-9]{1,9}$/.test(entry)) return Number(entry.replace(/^#/, ''));
  throw new DeskRefusal('wrong-use', 'no-such-entry', {
    message: 'An entry is named by its number.',
    next: `look at "parley inbox ${name}" for the numbers`,
  });
}

async function requireAbsent(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  throw new DeskRefusal('wrong-use', 'file-exists', {
    message: `${path} is there already.`,
    next: 'give another name, or --force to write over it',
  });
}

function tidyName(what: string, name: string, maxBytes: number): string {
  const tidy = name.normalize('NFC').trim();
  if (tidy !== '' && Buffer.byteLength(tidy) <= maxBytes && !/\p{C}/u.test(tidy)) return tidy;
  throw new DeskRefusal('wrong-use', 'bad-name', {
    message: `The name of the ${what} has 1 to ${maxBytes} bytes and no hidden characters.`,
    next: 'choose another name',
  });
}
