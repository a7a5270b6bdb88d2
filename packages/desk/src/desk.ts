// A member's desk: the one place where the parts meet. Apps call it and show what it answers; they hold no policy.

import { resolve } from 'node:path';
import type { Ports } from '@parley/kernel';
import { createIdentity, type Act } from '@parley/channel';
import { TEXT_MAX_BYTES } from '@parley/record';
import { Admission, type AdmissionRequest } from './admission.ts';
import { withAwaiting } from './awaiting.ts';
import { Bringing } from './bringing.ts';
import { Context } from './context.ts';
import { Courier } from './courier.ts';
import { Doorsteps } from './doorsteps.ts';
import { Documents, type OpenedDocument, type SafeCopyView } from './documents.ts';
import { Drafts } from './drafts.ts';
import { Exporting } from './exporting.ts';
import { Fellows } from './fellows.ts';
import type { FellowshipAsked } from './fellowship.ts';
import { Joiner } from './joining.ts';
import { channelView, removeDevice, type ChannelView } from './membership.ts';
import { MailAtDesk } from './mail-at-desk.ts';
import type { StatementKind } from './notices.ts';
import { createInvitedVault, enterVault, keepIdentity, openVault } from './opening.ts';
import { OffRecordAtDesk } from './off-record-at-desk.ts';
import { PartyAtDesk } from './party-at-desk.ts';
import { Pins } from './pins.ts';
import { PostureAtDesk } from './posture-at-desk.ts';
import { rulesOf } from './posture-record.ts';
import { OriginalRelease } from './original-release.ts';
import { Reading, type InboxView, type LogView, type SpanView, type Stretch } from './reading.ts';
import { DeskRefusal } from './refusal.ts';
import { Restart } from './restart.ts';
import { Rooms } from './rooms.ts';
import { Releasing } from './release.ts';
import { RoomsAtDesk } from './rooms-at-desk.ts';
import { requirePlenary, requireStanding } from './room-standing.ts';
import { signCorrection, whoIs, type OwnSignature } from './own-signature.ts';
import { sendFile } from './sending.ts';
import { statements, type Statement } from './statements.ts';
import { tidyName } from './tidy-name.ts';
import { Traffic, requireThawed, type Sent, type SyncOptions, type SyncReport } from './traffic.ts';
import { Vault, type VaultOptions } from './vault.ts';
import type { CeremonyView } from './verification.ts';
import { Verifying } from './verifying.ts';
import { readyCopy, viewDocument } from './viewing.ts';
import type { DeviceView, ViewOptions, WhoAmI } from './views.ts';

/** One open desk. Its vault is locked to this process until `close`. */
export class Desk {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #fellows: Fellows;
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
  /** Two people release a document where the posture asks for it. */
  readonly releasing: Releasing;
  /** Two officers let an original out of the quarantine. */
  readonly originals: OriginalRelease;
  /** Envelopes by file, for the day when the network is cut. */
  readonly courier: Courier;
  readonly rooms: RoomsAtDesk;
  readonly offRecord: OffRecordAtDesk;
  readonly drafts: Drafts;
  readonly pins: Pins;
  readonly verifying: Verifying;
  /** For the day when the relay loses everything. */
  readonly bringing: Bringing;

  private constructor(context: Context) {
    this.#context = context;
    this.#admission = new Admission(context);
    this.#fellows = new Fellows(context);
    this.#joiner = new Joiner(context);
    this.#documents = new Documents(context);
    this.#reading = new Reading(context, this.#documents);
    const rooms = new Rooms({
      context,
      admission: this.#admission,
      joiner: this.#joiner,
      doorsteps: new Doorsteps(context),
    });
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
    this.drafts = new Drafts(context);
    this.pins = new Pins(context);
    this.verifying = new Verifying({
      context,
      traffic: this.#traffic,
      joiner: this.#joiner,
      exporting: this.#exporting,
    });
    this.mail = new MailAtDesk(context, this.#traffic);
    this.posture = new PostureAtDesk(context, this.#traffic);
    this.courier = new Courier(context, this.#traffic);
    this.releasing = new Releasing(context, this.#traffic);
    this.originals = new OriginalRelease(context, this.#reading, this.#traffic);
    const restart = new Restart({ context, admission: this.#admission, joiner: this.#joiner });
    this.rooms = new RoomsAtDesk(context, { rooms, traffic: this.#traffic, restart });
    this.bringing = new Bringing(context);
    this.offRecord = new OffRecordAtDesk(context, this.#traffic);
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
    keepIdentity(vault, identity);
    return new Desk(new Context(ports, vault, identity, options.home));
  }

  /**
   * Makes a vault with this device's keys and asks, with an officer's invitation, to be certified and let in. Until an
   * officer has admitted it the desk opens only by `enter`, which refuses (waiting).
   */
  static async createInvited(
    ports: Ports,
    options: VaultOptions,
    { invited, label }: { invited: string; label: string },
  ): Promise<FellowshipAsked> {
    return createInvitedVault(ports, options, { invited, label: tidyName('device', label, 60) });
  }

  /** As `open`; a desk that asked to be certified first looks whether it was. */
  static async enter(ports: Ports, options: VaultOptions): Promise<Desk> {
    const { vault, identity } = await enterVault(ports, options);
    return new Desk(new Context(ports, vault, identity, options.home));
  }

  static open(ports: Ports, options: VaultOptions): Desk {
    const { vault, identity } = openVault(ports, options);
    return new Desk(new Context(ports, vault, identity, options.home));
  }

  close(): void {
    this.offRecord.abandon();
    this.#context.vault.close();
  }

  /** The directory that holds everything of this desk. */
  get home(): string {
    return this.#context.home;
  }

  whoAmI(): WhoAmI {
    return whoIs(this.#context);
  }

  /** This device's signature under a correction of the outlook's history. */
  signCorrection(message: Uint8Array): OwnSignature {
    return signCorrection(this.#context, message);
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
    requirePlenary(name);
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
  }): Promise<{ channel: string; inviter: string; entered: boolean; fingerprint: string }> {
    const joined = await this.#joiner.ask(asked.invitation, asked.name);
    return { ...joined, fingerprint: this.whoAmI().fingerprint };
  }

  async admissionRequest(name: string): Promise<AdmissionRequest> {
    requirePlenary(name);
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
    const proposes = this.#fellows.needsSecondOfficer(this.#context.openCard(name));
    this.#admission.queueAdmission(name, asking, { proposes });
    const { remarks } = await this.#traffic.exchange(name);
    const room = this.#context.room(this.#context.openCard(name));
    if (proposes && remarks.length === 0 && !room.transcript.parties.has(request.fingerprint)) {
      throw new DeskRefusal('waiting', 'second-officer', {
        message:
          'Proposed on the record. A second officer of your party must agree to let them in.',
        next: 'ask a fellow officer to run "parley party admit" at their desk, then run "parley sync" here',
      });
    }
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

  // ---- verification by voice; `verifying` has the other ways

  async ceremony(
    name: string,
    language: string,
    { shows } = { shows: true },
  ): Promise<CeremonyView> {
    return this.verifying.ceremony(name, language, { shows });
  }

  async confirmWords(name: string): Promise<Sent> {
    return this.verifying.confirmWords(name);
  }

  async mismatch(name: string): Promise<string> {
    return this.verifying.mismatch(name);
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
    requireStanding(this.#context, card);
    const announce = async (act: Act): Promise<Sent> => this.#traffic.deliver(name, act);
    const to = { card, log: this.#context.log(card), announce };
    return sendFile(this.#context, to, { path: resolve(path), as: options.as }, options.onProgress);
  }

  /** Fetches and sends what waits in one channel or all, and rebuilds new documents. Refuses (tampering) after alarms. */
  async sync(name?: string, options: SyncOptions = {}): Promise<SyncReport> {
    const report = await this.#traffic.sync(name, options);
    for (const channel of report.channels) await this.courier.prepare(channel.name);
    if (options.awaiting !== true) return report;
    return withAwaiting(this.#context, { admission: this.#admission, party: this.party }, report);
  }

  // ---- reading

  /** Messages and documents of the others. Shown once, they are no longer fresh. */
  inbox(name: string | undefined, freshOnly: boolean): InboxView[] {
    return this.#reading.inbox(name, freshOnly);
  }

  /** How many messages and documents of others were not shown yet, and how many of them name this desk's member. */
  unseen(name: string): { fresh: number; mentions: number } {
    return this.#reading.unseen(name);
  }

  /** Entries of given numbers, or from one on at most `count`; what waits to be sent stands behind the last. */
  span(name: string, asked: Stretch): SpanView {
    return this.#reading.span(name, asked);
  }

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
    const parts = { documents: this.#documents, reading: this.#reading, traffic: this.#traffic };
    return viewDocument(this.#context, parts, { name, entry, ...options });
  }

  /** A safe copy that is ready, for a machine that reads it: no receipt says that a person opened it. */
  async readyCopy(name: string, entry: number): Promise<SafeCopyView> {
    const parts = { documents: this.#documents, reading: this.#reading };
    return readyCopy(this.#context, parts, { name, entry });
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
