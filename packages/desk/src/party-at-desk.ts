// How a party governs itself, as its officers do it: look, invite, admit, rename, suspend, resume, decide, object.

import { sameBytes, toHex } from '@parley/kernel';
import {
  activeDevices,
  checkCertificate,
  isOfficer,
  type Device,
  type PartyPolicy,
  type Role,
  type SignedCertificate,
} from '@parley/record';
import { AuthorityAtDesk } from './authority-at-desk.ts';
import { authorityKey, isAuthority } from './authority-key.ts';
import type { Context, OpenCard } from './context.ts';
import { askAgain, type FellowshipAsked } from './fellowship.ts';
import type { FellowAsking, FellowInvitation, Fellows, FellowStep } from './fellows.ts';
import {
  devicesOf,
  inEachChannel,
  plenaries,
  requireReason,
  type GovernStep,
} from './party-acts.ts';
import { RecoveryAtDesk } from './recovery-at-desk.ts';
import { DeskRefusal } from './refusal.ts';
import { statements } from './statements.ts';
import { tidyName } from './tidy-name.ts';
import type { Traffic } from './traffic.ts';

export type PartyDeviceView = {
  readonly id: string;
  readonly label: string;
  readonly role: Role;
  readonly channels: readonly string[];
  readonly suspended: boolean;
  readonly here: boolean;
};
export type MemberView = { readonly member: string; readonly devices: readonly PartyDeviceView[] };

export type OwnPartyView = {
  readonly party: string;
  /** Of the authority's key as this desk knows it. */
  readonly fingerprint: string;
  /** This desk holds the authority's secret and can certify devices. */
  readonly holdsAuthority: boolean;
  readonly members: readonly MemberView[];
  readonly channels: readonly {
    readonly name: string;
    readonly fingerprint: string;
    readonly policy: PartyPolicy;
    readonly loosening: PartyPolicy | null;
  }[];
};

/** An admission that one officer proposed and that waits for a second. */
export type ProposalView = {
  readonly channel: string;
  readonly entry: number;
  readonly by: string;
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly role: Role;
  readonly id: string;
  /** What its own desk shows and people compare: of the device in our party, of the authority of another. */
  readonly fingerprint: string;
  /** Whether this desk's member is the one who proposed it. */
  readonly mine: boolean;
};

type Proposal = {
  readonly view: ProposalView;
  readonly certificate: SignedCertificate;
  /** Of a device of our own party. */
  readonly own: boolean;
};

export class PartyAtDesk {
  readonly #context: Context;
  readonly #traffic: Traffic;
  readonly #fellows: Fellows;
  readonly authority: AuthorityAtDesk;
  readonly recovery: RecoveryAtDesk;

  constructor(context: Context, parts: { traffic: Traffic; fellows: Fellows }) {
    this.#context = context;
    this.#traffic = parts.traffic;
    this.#fellows = parts.fellows;
    const governed = { context, traffic: parts.traffic };
    this.authority = new AuthorityAtDesk(governed);
    this.recovery = new RecoveryAtDesk(governed);
  }

  /** Our party as its channels have it. */
  view(): OwnPartyView {
    this.authority.finish();
    const { identity } = this.#context;
    const cards = plenaries(this.#context);
    const devices = new Map<string, { device: Device; channels: string[] }>();
    for (const card of cards) {
      const { transcript } = this.#context.room(card);
      const own = this.#context.ownParty(card);
      for (const [id, device] of transcript.devices) {
        if (!sameBytes(device.party, own) || device.removed !== null) continue;
        const known = devices.get(id) ?? { device, channels: [] };
        devices.set(id, { device, channels: [...known.channels, card.name] });
      }
    }
    const names = [...new Set([...devices.values()].map(({ device }) => device.member))];
    const [first] = cards;
    const fingerprint = first === undefined ? identity.party : this.#context.ownParty(first);
    const key = authorityKey(this.#context);
    return {
      party: identity.certified.party,
      fingerprint: toHex(fingerprint),
      holdsAuthority: key !== null && isAuthority(this.#context, key, fingerprint),
      members: names.map((member) => ({
        member,
        devices: [...devices.entries()].flatMap(([id, { device, channels }]) =>
          device.member === member
            ? [
                {
                  id,
                  label: device.certificate.label,
                  role: device.certificate.role,
                  channels,
                  suspended: device.suspended !== null,
                  here: this.#context.identities.of(id) !== undefined,
                },
              ]
            : [],
        ),
      })),
      channels: cards.flatMap((card) => {
        const own = toHex(this.#context.ownParty(card));
        const party = this.#context.room(card).transcript.parties.get(own);
        if (party === undefined) return [];
        const { policy, loosening } = party;
        return [
          { name: card.name, fingerprint: own, policy, loosening: loosening?.policy ?? null },
        ];
      }),
    };
  }

  /** An invitation for one device; only the desk with the authority's key can make it. */
  async invite(asked: {
    member: string;
    role: Role;
    days: number;
    relay?: string | undefined;
  }): Promise<FellowInvitation> {
    if (!(asked.days > 0 && asked.days <= 90)) {
      throw new DeskRefusal('wrong-use', 'bad-expiry', {
        message: 'An invitation is good for 1 to 90 days.',
        next: 'give --expires a number of days',
      });
    }
    this.authority.finish();
    return this.#fellows.invite({ ...asked, member: tidyName('member', asked.member, 120) });
  }

  /** Asks, with this desk's own certificate, to come back into rooms or into new ones. */
  async join(invitation: string): Promise<FellowshipAsked> {
    return askAgain(this.#context, invitation);
  }

  /** Who asks at the invitations of our party that this desk gave out. */
  async asking(): Promise<readonly FellowAsking[]> {
    return (await this.#fellows.requests()).asking;
  }

  /** Who asks at our invitations, and what waits for a second officer. */
  async requests(): Promise<{
    asking: FellowAsking[];
    proposals: ProposalView[];
    troubles: string[];
  }> {
    for (const { name } of plenaries(this.#context)) await this.#traffic.exchangeIfReachable(name);
    const { asking, troubles } = await this.#fellows.requests();
    return { asking, proposals: this.#proposals().map(({ view }) => view), troubles };
  }

  #proposals(): Proposal[] {
    return plenaries(this.#context).flatMap((card) => this.#proposalsIn(card));
  }

  #proposalsIn(card: OpenCard): Proposal[] {
    const { ports } = this.#context;
    const { transcript } = this.#context.room(card);
    const own = this.#context.ownParty(card);
    const waiting = transcript.parties.get(toHex(own))?.proposals ?? [];
    const found: Proposal[] = [];
    for (const one of statements(this.#context, card, ['admission-proposed'])) {
      if (!one.mine || one.body.kind !== 'admission-proposed') continue;
      const checked = checkCertificate(ports.crypto, one.body.certificate);
      if (!checked.ok || transcript.devices.has(toHex(checked.value.deviceId))) continue;
      const { deviceId, party, certificate } = checked.value;
      const stands = waiting.some(
        (voice) => sameBytes(voice.on, deviceId) && toHex(voice.by) === one.deviceId,
      );
      if (!stands) continue;
      const view = {
        channel: card.name,
        entry: one.entry,
        by: one.member,
        party: certificate.party,
        member: certificate.member,
        device: certificate.label,
        role: certificate.role,
        id: toHex(deviceId),
        fingerprint: toHex(sameBytes(party, own) ? deviceId : party),
        mine: one.member === this.#ownMember(card),
      };
      found.push({
        view,
        certificate: one.body.certificate,
        own: sameBytes(party, own),
      });
    }
    return found;
  }

  #ownMember(card: OpenCard): string | undefined {
    const { device, transcript } = this.#context.room(card);
    return transcript.devices.get(toHex(device))?.member;
  }

  /** The explicit act that lets a device in: as the first officer, or as the second. `id` is the whole of its id. */
  async admit(id: string): Promise<FellowStep[]> {
    const proposals = this.#proposals().filter(({ view }) => view.id === id);
    const others = proposals.filter(({ view }) => !view.mine);
    const { asking } = await this.#fellows.requests();
    if (asking.some((one) => one.id === id)) return this.#admitAsking(id);
    if (others.length > 0) return this.#confirm(others);
    if (proposals.length > 0) {
      throw new DeskRefusal('waiting', 'second-officer', {
        message: 'You proposed this yourself. A second officer of your party must agree.',
        next: 'ask a fellow officer to run "parley party admit" at their desk',
      });
    }
    throw new DeskRefusal('wrong-use', 'nobody-asks-so', {
      message: 'No device with this id asks to be let in.',
      next: 'look at "parley party requests"',
    });
  }

  async #admitAsking(id: string): Promise<FellowStep[]> {
    const { steps } = await this.#fellows.admit(id);
    const done: FellowStep[] = [];
    for (const step of steps) {
      if (step.state !== 'queued') {
        done.push(step);
        continue;
      }
      const exchanged = await this.#traffic.exchangeIfReachable(step.channel);
      const card = this.#context.openCard(step.channel);
      const { transcript } = this.#context.room(card);
      if (exchanged === undefined) done.push(step);
      else if (transcript.devices.has(id)) done.push({ ...step, state: 'admitted' });
      else if (this.#proposalsIn(card).some(({ view }) => view.id === id))
        done.push({ ...step, state: 'proposed' });
      else done.push({ ...step, state: 'refused', detail: exchanged.remarks.join('; ') });
    }
    return done;
  }

  async #confirm(proposals: readonly Proposal[]): Promise<FellowStep[]> {
    const done: FellowStep[] = [];
    for (const { view, certificate, own } of proposals) {
      const { channel } = view;
      const kind = own ? 'device-admitted' : 'party-admitted';
      const { state } = await this.#traffic.deliver(channel, { kind, certificate });
      done.push({ channel, state: state === 'queued' ? 'queued' : 'admitted' });
    }
    return done;
  }

  async rename(member: string, to: string): Promise<GovernStep[]> {
    const name = tidyName('member', to, 120);
    return this.#govern(({ transcript, own }) => {
      if (devicesOf(transcript, own, member).length === 0) return undefined;
      if (devicesOf(transcript, own, name).length > 0) {
        throw new DeskRefusal('policy', 'not-sent', {
          message: `A member of your party is called "${name}" already. Nobody was renamed.`,
          next: 'choose another name; "parley party show" has those that are taken',
        });
      }
      return { kind: 'member-renamed', member, to: name };
    });
  }

  /** Nothing the member's devices say stands, and they read nothing more, until the member is resumed. */
  async suspend(member: string, reason: string): Promise<GovernStep[]> {
    requireReason(reason);
    return this.#govern(({ transcript, own, card }) => {
      if (member === this.#ownMember(card)) {
        throw new DeskRefusal('policy', 'not-sent', {
          message: 'Nobody suspends itself. Nothing was done.',
          next: 'another officer does it at their desk; to remove a lost device of yours: parley channel remove',
        });
      }
      return devicesOf(transcript, own, member).some(
        (id) => transcript.devices.get(id)?.suspended === null,
      )
        ? { kind: 'member-suspended', member, reason }
        : undefined;
    });
  }

  async resume(member: string, reason: string): Promise<GovernStep[]> {
    requireReason(reason);
    return this.#govern(({ transcript, own }) =>
      devicesOf(transcript, own, member).some((id) => transcript.devices.get(id)?.suspended != null)
        ? { kind: 'member-resumed', member, reason }
        : undefined,
    );
  }

  /** More officers at once; fewer when a second officer asks for the same. */
  async decide(policy: Partial<PartyPolicy>): Promise<{ steps: GovernStep[]; waiting: string[] }> {
    const steps = await this.#govern(({ transcript, own }) => {
      const now = transcript.parties.get(toHex(own))?.policy;
      if (now === undefined) return undefined;
      const next = { ...now, ...policy };
      const members = new Set(
        activeDevices(transcript, own)
          .filter(isOfficer)
          .map((device) => device.member),
      );
      if (next.officersForAdmission > Math.max(now.officersForAdmission, members.size)) {
        throw new DeskRefusal('policy', 'too-few-officers', {
          message: `Two officers cannot agree where there is one: your party has ${[...members].join(', ')}. Nothing was changed.`,
          next: 'let another officer in first: parley party invite --member NAME --officer',
        });
      }
      return { kind: 'party-policy', ...next };
    });
    const waiting = this.view().channels.filter((one) => one.loosening !== null);
    return { steps, waiting: waiting.map((one) => one.name) };
  }

  /** Tells everybody in a channel that our party doubts a device of another. It changes nothing but what people know. */
  async object(name: string, prefix: string, reason: string): Promise<GovernStep> {
    requireReason(reason);
    await this.#traffic.exchangeIfReachable(name);
    const card = this.#context.openCard(name);
    const { transcript } = this.#context.room(card);
    const own = this.#context.ownParty(card);
    const found = [...transcript.devices.entries()].filter(
      ([id, device]) => id.startsWith(prefix.toLowerCase()) && !sameBytes(device.party, own),
    );
    const [only] = found;
    if (only === undefined || found.length > 1 || prefix.length < 4) {
      throw new DeskRefusal('wrong-use', 'no-such-device', {
        message: 'No single device of another party in this channel begins like that.',
        next: 'look at "parley channel list" and give at least four characters of its id',
      });
    }
    const { entry, state } = await this.#traffic.deliver(name, {
      kind: 'objection',
      device: only[1].id,
      reason,
    });
    return { channel: name, entry, state: state === 'queued' ? 'queued' : 'done' };
  }

  async #govern(actFor: Parameters<typeof inEachChannel>[1]): Promise<GovernStep[]> {
    this.#requireOfficer();
    const governed = { context: this.#context, traffic: this.#traffic };
    return inEachChannel(governed, actFor);
  }

  /** Said before anything is sent, where no room would take it. */
  #requireOfficer(): void {
    const officer = plenaries(this.#context).some((card) => {
      const room = this.#context.room(card);
      const device = room.transcript.devices.get(toHex(room.device));
      return device !== undefined && isOfficer(device);
    });
    if (officer || plenaries(this.#context).length === 0) return;
    throw new DeskRefusal('policy', 'not-an-officer', {
      message: "Only an officer's device governs its party, and this is a member's.",
      next: 'ask an officer of your party: parley party show names them',
    });
  }
}
