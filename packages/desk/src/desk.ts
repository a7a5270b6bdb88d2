// A member's desk: the one place where the parts meet. Apps call it and show what it answers; they hold no policy.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fault, toHex, utf8, type Ports } from '@parley/kernel';
import { createIdentity, decodeIdentity, encodeIdentity } from '@parley/channel';
import { TEXT_MAX_BYTES, asLeafHash } from '@parley/record';
import { Admission, type AdmissionRequest } from './admission.ts';
import { Bringing } from './bringing.ts';
import { Context } from './context.ts';
import { Courier } from './courier.ts';
import { Doorsteps } from './doorsteps.ts';
import { Documents, type OpenedDocument, type SafeCopyView } from './documents.ts';
import { Exporting } from './exporting.ts';
import { Fellows } from './fellows.ts';
import {
  askAsNewDevice,
  awaitsIdentity,
  fetchIdentity,
  notCertifiedYet,
  readFellowInvitation,
  type FellowshipAsked,
} from './fellowship.ts';
import { Joiner } from './joining.ts';
import { channelView, removeDevice, type ChannelView } from './membership.ts';
import { MailAtDesk } from './mail-at-desk.ts';
import { todoCollection, type StatementKind } from './notices.ts';
import { Outbox } from './outbox.ts';
import { PostureAtDesk } from './posture-at-desk.ts';
import { rulesOf, signsReceipts } from './posture-record.ts';
import { Reading, entryNumber, type InboxView, type LogView } from './reading.ts';
import { DeskRefusal } from './refusal.ts';
import { sendFile } from './sending.ts';
import { statements, type Statement } from './statements.ts';
import { tidyName } from './tidy-name.ts';
import { Traffic, requireThawed, type Sent, type SyncOptions, type SyncReport } from './traffic.ts';
import { Vault, type VaultOptions } from './vault.ts';
import { ceremonyView, partyToVerify, verdictAct, type CeremonyView } from './verification.ts';
import type { DeviceView, ViewOptions, WhoAmI } from './views.ts';

const IDENTITY = 'identity';

/** One open desk. Its vault is locked to this process until `close`. */
export class Desk {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #joiner: Joiner;
  readonly #documents: Documents;
  readonly #reading: Reading;
  readonly #traffic: Traffic;
  readonly #exporting: Exporting;
  /** Mail directories and attestations on the record. */
  readonly mail: MailAtDesk;
  readonly posture: PostureAtDesk;
  /** How our own party governs itself. */
  readonly party: PartyAtDesk;
  /** Envelopes by file, for the day when the network is cut. */
  readonly courier: Courier;
  readonly rooms: RoomsAtDesk;
  readonly verifying: Verifying;
  /** For the day when the relay loses everything. */
  readonly bringing: Bringing;

  private constructor(context: Context) {
    this.#context = context;
    this.#admission = new Admission(context);
    this.#joiner = new Joiner(context);
    this.#documents = new Documents(context);
    this.#reading = new Reading(context, this.#documents);
    this.#traffic = new Traffic({
      context,
      admission: this.#admission,
      joiner: this.#joiner,
      documents: this.#documents,
      reading: this.#reading,
      rooms,
      fellows: this.#fellows,
    });
    this.party = new PartyAtDesk(context, { traffic: this.#traffic, fellows: this.#fellows });
    this.#exporting = new Exporting(context);
    this.verifying = new Verifying({
      context,
      traffic: this.#traffic,
      joiner: this.#joiner,
      exporting: this.#exporting,
    });
    this.mail = new MailAtDesk(context, this.#traffic);
    this.posture = new PostureAtDesk(context, this.#traffic);
    this.courier = new Courier(context, this.#traffic);
    this.rooms = new RoomsAtDesk(context, rooms, this.#traffic);
    this.bringing = new Bringing(context);
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

  /** Whether this is the passphrase that opened the desk: asked again before a grave act. */
  confirms(passphrase: Uint8Array): boolean {
    return this.#context.vault.confirms(passphrase);
  }

  // ---- channels

  async newChannel(terms: {
    relay: string;
    name: string;
    days: number;
  }): Promise<{ channel: string; invitation: string; expiresMs: number; fingerprint: string }> {
    await this.#admission.found(terms);
    await this.#traffic.exchange(terms.name);
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
    const joined = await this.#joiner.ask(asked.invitation, asked.name);
    return { ...joined, fingerprint: this.whoAmI().fingerprint };
  }

  async admissionRequest(name: string): Promise<AdmissionRequest> {
    // An admission that was cut off is finished first.
    await this.#traffic.exchange(name);
    return (await this.#admission.request(name)).view;
  }

  /** Lets in who asked: the entry, the commit, the welcome. Refuses if somebody else asks by now. */
  async admit(name: string, request: AdmissionRequest): Promise<void> {
    if (rulesOf(this.#context, this.#context.openCard(name)).rules.deviceAdmission === 'frozen') {
      throw new DeskRefusal('policy', 'posture-severe', {
        message: 'The posture of this channel is severe: nobody is admitted.',
        next: 'lower it first, with two officers: parley posture lower',
      });
    }
    const asking = await this.#admission.request(name);
    if (asking.view.fingerprint !== request.fingerprint || asking.view.box !== request.box) {
      throw new DeskRefusal('policy', 'another-asks', {
        message: 'Who asks now is not who was shown. Nobody was admitted.',
        next: 'run the command again and look at the fingerprint',
      });
    }
    this.#admission.queueAdmission(name, asking);
    const { remarks } = await this.#traffic.exchange(name);
    const room = this.#context.room(this.#context.openCard(name));
    if (!room.transcript.parties.has(request.fingerprint)) {
      throw new DeskRefusal('policy', 'not-admitted', {
        message: `They were not admitted: ${remarks.join('; ') || 'the record does not allow it'}.`,
        next: 'look at "parley log" for who is in the channel already',
      });
    }
  }

  /** Whether this desk signs receipts for what its person opens and sees in a channel. Off until it is asked for. */
  setReceipts(name: string, on: boolean): void {
    this.#context.cards.put({ ...this.#context.openCard(name), receipts: on });
  }

  channels(): ChannelView[] {
    return this.#context.cards.all().map((card) => channelView(this.#context, card));
  }

  /** Removes a device of our own party; `prefix` is the beginning of its id. */
  async removeDevice(name: string, prefix: string, reason: string): Promise<DeviceView> {
    return removeDevice(this.#context, this.#traffic, { name, prefix, reason });
  }

  // ---- verification

  /**
   * Where the comparison of words stands, after an exchange; starts one where none was offered. With `shows` the person
   * sees the words: only these can be confirmed afterwards.
   */
  async ceremony(
    name: string,
    language: string,
    { shows }: { shows: boolean } = { shows: true },
  ): Promise<CeremonyView> {
    const view = await this.#ceremonyNow(name, language);
    if (shows && view.offer !== null) {
      const room = toHex(this.#context.openCard(name).room);
      this.#context.vault.put('words-shown', room, utf8(view.offer));
    }
    return view;
  }

  async #ceremonyNow(name: string, language: string): Promise<CeremonyView> {
    if (this.#context.card(name).room === null) await this.#joiner.enter(name);
    await this.#traffic.exchangeIfReachable(name);
    const { party } = this.#context.identity;
    const card = this.#context.openCard(name);
    const view = ceremonyView(this.#context.room(card), party, language);
    if (view.phase !== 'none' && view.phase !== 'broken') return view;
    if (view.verified) return view;
    const about = partyToVerify(this.#context.room(card), party).fingerprint;
    this.#traffic.queue(card, { kind: 'verify-offer', about });
    await this.#traffic.exchangeIfReachable(name);
    return ceremonyView(this.#context.room(card), party, language);
  }

  /** The person says that the words are the same. Refuses where others have been offered since they were shown. */
  async confirmWords(name: string): Promise<Sent> {
    const card = this.#context.openCard(name);
    const act = verdictAct(this.#context.room(card), this.#context.identity.party, 'same');
    const shown = this.#context.vault.get('words-shown', toHex(card.room));
    if (act.kind === 'verified' && act.offer !== null && shown !== undefined) {
      if (toHex(act.offer) !== new TextDecoder().decode(shown)) {
        throw new DeskRefusal('policy', 'words-changed', {
          message: 'The words are no longer those that were shown. Nothing was confirmed.',
          next: `run "parley verify ${name}" and compare again`,
        });
      }
    }
    return this.#traffic.deliver(name, act);
  }

  /** Freezes the channel and answers where the evidence is. */
  async mismatch(name: string): Promise<string> {
    const card = this.#context.openCard(name);
    const act = verdictAct(this.#context.room(card), this.#context.identity.party, 'different');
    // Frozen here at once: who stands between the two may well be the relay that is to take the entry.
    this.#context.vault.transaction(() => {
      this.#traffic.queue(card, act);
      this.#context.cards.put({ ...card, frozen: 'mismatch: reported at this desk' });
    });
    await this.#traffic.exchangeIfReachable(name);
    const directory = join(this.#context.home, 'evidence');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const stamp = new Date(this.#context.ports.clock.nowMs())
      .toISOString()
      .replaceAll(/[:.]/g, '-');
    const path = join(directory, `mismatch-${toHex(card.room).slice(0, 12)}-${stamp}.parley`);
    await this.#exporting.record(name, path, { force: true });
    return path;
  }

  async say(name: string, text: string): Promise<Sent> {
    const length = Buffer.byteLength(text);
    if (length === 0 || length > TEXT_MAX_BYTES || !text.isWellFormed()) {
      throw new DeskRefusal('wrong-use', length === 0 ? 'nothing-to-say' : 'text-too-long', {
        message: `A message has 1 to ${TEXT_MAX_BYTES} bytes of text.`,
        next: 'send longer texts as a document: parley send',
      });
    }
    return this.#traffic.deliver(name, { kind: 'text', text });
  }

  async send(
    name: string,
    path: string,
    options: { as?: string | undefined; onProgress: (done: number, total: number) => void },
  ): Promise<Sent & { name: string; size: number }> {
    const card = this.#context.openCard(name);
    requireThawed(card);
    const file = { path: resolve(path), as: options.as };
    const document = await sendFile(
      this.#context,
      { card, log: this.#context.log(card) },
      file,
      options.onProgress,
    );
    const sent = await this.#traffic.deliver(name, document.act);
    return { ...sent, name: document.name, size: document.size };
  }

  /** Fetches and sends what waits in one channel or all, and rebuilds new documents. Refuses (tampering) after alarms. */
  async sync(name?: string, options: SyncOptions = {}): Promise<SyncReport> {
    return this.#traffic.sync(name, options);
  }

  // ---- reading

  /** Messages and documents of the others. Shown once, they are no longer fresh. */
  inbox(name: string | undefined, freshOnly: boolean): InboxView[] {
    return this.#reading.inbox(name, freshOnly);
  }

  /** The record, oldest first, and what waits to be sent behind it. */
  log(name: string, last?: number): LogView {
    return this.#reading.log(name, last);
  }

  /** Writes the safe copy of a document out, after fetching and rebuilding it where that is still to be done. */
  async openDocument(
    name: string,
    entry: string,
    options: ViewOptions & { out?: string | undefined; force?: boolean },
  ): Promise<OpenedDocument> {
    const copy = await this.viewDocument(name, entry, options);
    return this.#documents.writeOut(copy, options.out ?? copy.safeName, options.force === true);
  }

  /** The safe copy of a document in memory, made first where that is still to be done. The original is never given. */
  async viewDocument(
    name: string,
    entry: string,
    options: ViewOptions = {},
  ): Promise<SafeCopyView> {
    const card = this.#context.openCard(name);
    const document = this.#reading.documentAt(card, entryNumber(name, entry));
    if (document.mine) {
      throw new DeskRefusal('wrong-use', 'own-document', {
        message: 'You sent this document: you have the original.',
        next: 'only documents from others are rebuilt here',
      });
    }
    const password = await this.#documents.passwordFrom(options.passwordFile);
    const act = await this.#documents.make(document, this.#context.log(card), {
      mode: rulesOf(this.#context, card).rules.disarmMode,
      password,
      onProgress: (text) => options.onProgress?.(text),
    });
    const { vault } = this.#context;
    vault.transaction(() => {
      vault.remove(todoCollection(card.room), document.leaf);
      if (act !== undefined) new Outbox(vault, card.room).add(act);
    });
    const refusal = this.#documents.refusal(document.leaf, document.body.name);
    if (act !== undefined)
      await this.#traffic.exchangeIfReachable(name).catch((error: unknown) => {
        // The safe copy is there; what is wrong with the channel is said by the next sync.
        if (!(error instanceof DeskRefusal)) throw error;
      });
    if (refusal !== undefined) throw refusal;
    const copy = await this.#documents.read(document);
    if (signsReceipts(this.#context, card)) {
      const leaf = asLeafHash(Uint8Array.from(Buffer.from(document.leaf, 'hex')));
      this.#traffic.queue(card, { kind: 'opened', upTo: document.entry + 1, document: leaf });
    }
    return copy;
  }

  /** Statements on the record for the parts that read them: see `Statement`. Of one channel, or of all. */
  statements(name?: string, kinds?: readonly StatementKind[]): Statement[] {
    return this.#context
      .openCards(name)
      .flatMap((card) => [...statements(this.#context, card, kinds)]);
  }

  /** Puts a statement of this party on the record. */
  async state(name: string, statement: Statement['body']): Promise<Sent> {
    return this.#traffic.deliver(name, statement);
  }

  /** Writes the record as one file that anyone can verify offline. */
  async exportRecord(
    name: string,
    out: string,
    options: { force?: boolean; withhold?: readonly string[] } = {},
  ): Promise<{ path: string; entries: number; root: string }> {
    return this.#exporting.record(name, out, options);
  }

  /** Writes the proof of one entry: what it says and that the record holds it, without the others. */
  async exportEntry(
    name: string,
    entry: string,
    out: string,
    options: { force?: boolean } = {},
  ): Promise<{ path: string; entry: number; acknowledgedByOther: boolean }> {
    return this.#exporting.entry(name, entry, out, options);
  }
}
