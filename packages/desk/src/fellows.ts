// An officer's desk lets a device of its own party in: invitation, request, certificate, one admission in each room, and
// the answers. Each step can be run again after a crash.

import {
  assert,
  bytes,
  decode,
  encode,
  sameBytes,
  struct,
  text,
  toHex,
  type Decoded,
  type HybridKeyPair,
} from '@parley/kernel';
import {
  FELLOW_ROOMS_MAX,
  boxKeys,
  entryTicketCodec,
  fellowInvitationText,
  makeInvitation,
  members,
  sealFellowAnswer,
  sealFellowTerms,
  type Act,
  type FellowRequest,
  type Invitation,
} from '@parley/channel';
import { RelayClient, capabilityId, logId } from '@parley/post';
import {
  deviceOf,
  fingerprint,
  issueCertificate,
  maySign,
  type Device,
  type DeviceId,
  type Role,
  type SignedCertificate,
} from '@parley/record';
import { isAuthority, noAuthorityHere, requireAuthority } from './authority-key.ts';
import type { Context, OpenCard } from './context.ts';
import {
  invitations,
  putInvited,
  requestAgain,
  requestIn,
  type Invited,
} from './fellow-invitations.ts';
import { resumed } from './following-plenary.ts';
import { uploadHistory } from './history.ts';
import { boxLog, capabilityOf, relayRefusal, taken } from './invitation-box.ts';
import { Outbox } from './outbox.ts';
import { rulesOf } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { relayTokenFor } from './relay-token.ts';
import { isRoomName } from './room-name.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ADMITTING = 'fellow-admitting';
const DUE = 'fellow-due';
const ANSWERS_FROM = 3;

const admittingCodec = struct({
  box: text(64),
  room: bytes({ exactly: 32 }),
  /** The device's key on the relay, chosen here so that a repeated step grants the same one. */
  key: bytes({ exactly: 32 }),
});
const dueCodec = struct({ admitting: text(130), welcome: bytes({ max: 4 * 1024 * 1024 }) });

export type FellowInvitation = {
  readonly invitation: string;
  readonly expiresMs: number;
  readonly member: string;
  readonly role: Role;
  readonly rooms: number;
};

/** A device that asks. `id` is what its own desk shows: the people compare it before it is let in. */
export type FellowAsking = {
  readonly member: string;
  readonly device: string;
  readonly role: Role;
  readonly id: string;
  /** It was in the party's rooms before: it comes back, or into rooms that are new to it. */
  readonly known: boolean;
};

export type FellowStep = {
  readonly channel: string;
  /** `proposed`: a second officer must agree. `queued`: the relay was not reached yet. */
  readonly state:
    | 'admitted'
    | 'proposed'
    | 'queued'
    | 'there-already'
    | 'removed'
    | 'suspended'
    | 'refused';
  readonly detail?: string;
};

const markOf = (room: Uint8Array, device: Uint8Array): string => `${toHex(room)}:${toHex(device)}`;

/** Called where a commit of ours has let devices in: whether one of them is a fellow, whose answer is then due. */
export function noteFellowAdmitted(
  context: Pick<Context, 'vault'>,
  room: Uint8Array,
  { devices, welcome }: { devices: readonly DeviceId[]; welcome: Uint8Array },
): boolean {
  const marks = devices.map((device) => markOf(room, device));
  const admitting = marks.find((mark) => context.vault.get(ADMITTING, mark) !== undefined);
  if (admitting === undefined) return false;
  context.vault.put(DUE, admitting, encode(dueCodec, { admitting, welcome }));
  return true;
}

export class Fellows {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** A key that the party has given up certifies nobody: the rooms would refuse the device. */
  #requireCurrentAuthority(): HybridKeyPair {
    const key = requireAuthority(this.#context);
    const [first] = this.#channels();
    if (first === undefined || isAuthority(this.#context, key, this.#context.ownParty(first)))
      return key;
    throw noAuthorityHere(this.#context);
  }

  /** Every room of ours that goes on, the plenaries first: what they decided is followed by the others. */
  #rooms(): OpenCard[] {
    const open = this.#context.openCards().filter((card) => card.frozen === null);
    return open.toSorted((a, b) => Number(isRoomName(a.name)) - Number(isRoomName(b.name)));
  }

  #channels(): OpenCard[] {
    return this.#rooms().filter((card) => !isRoomName(card.name));
  }

  /** An invitation for one device of a member of our own party, with its box on a relay. */
  async invite(asked: {
    member: string;
    role: Role;
    days: number;
    relay?: string | undefined;
  }): Promise<FellowInvitation> {
    const { ports, identity } = this.#context;
    const authority = this.#requireCurrentAuthority();
    const [first] = this.#channels();
    const relay = asked.relay ?? first?.relay;
    if (relay === undefined) {
      throw new DeskRefusal('wrong-use', 'relay-needed', {
        message: 'This desk is in no channel yet, so it knows no relay for the invitation.',
        next: 'give --relay URL, or open a channel first',
      });
    }
    const facts = await new RelayClient({ url: relay, ports }).facts();
    const relayKey = relay === first?.relay ? first.relayKey : facts.relay;
    const terms = {
      party: identity.certified.party,
      authority: authority.publicKey,
      member: asked.member,
      role: asked.role,
      rooms: Math.min(this.#rooms().length, FELLOW_ROOMS_MAX),
    };
    const expiresMs = ports.clock.nowMs() + Math.round(asked.days * DAY_MS);
    const made = makeInvitation(ports, {
      relay,
      relayKey,
      inviter: fingerprint(ports.crypto, authority.publicKey),
      name: identity.certified.party,
      expiresMs,
    });
    const keys = boxKeys(ports.crypto, made.invitation);
    const owner = { id: capabilityId(keys.capability.id), key: keys.capability.key };
    const client = new RelayClient({
      url: relay,
      relayKey,
      ports,
      ...relayTokenFor(this.#context.vault, relay),
    });
    const maxEntries = ANSWERS_FROM + FELLOW_ROOMS_MAX;
    taken(await client.createLog(logId(keys.id), owner, { maxEntries }));
    const envelope = sealFellowTerms(ports, made.invitation, terms);
    taken(await boxLog(this.#context, made.invitation).append({ expectedSeq: 1, envelope }));
    const { member, role } = asked;
    const invited = { text: made.text, member, role, expiresMs, admitted: null, answered: 0 };
    putInvited(this.#context, toHex(keys.id), invited);
    return {
      invitation: fellowInvitationText(made.text),
      expiresMs,
      member,
      role,
      rooms: terms.rooms,
    };
  }

  /** A device as some room of ours knows it. */
  #known(id: DeviceId): Device | undefined {
    for (const card of this.#context.openCards()) {
      const device = deviceOf(this.#context.room(card).transcript, id);
      if (device !== undefined) return device;
    }
    return undefined;
  }

  async #requestIn(invitation: Invitation, invited: Invited): ReturnType<typeof requestIn> {
    return requestIn(this.#context, invitation, { invited, known: (id) => this.#known(id) });
  }

  /** Devices that have used our invitations and wait for an officer's word, and sentences about what cannot be read. */
  async requests(): Promise<{ asking: FellowAsking[]; troubles: string[] }> {
    const nowMs = this.#context.ports.clock.nowMs();
    const asking: FellowAsking[] = [];
    const troubles: string[] = [];
    for (const { invited, invitation } of invitations(this.#context)) {
      if (invited.admitted !== null || invited.expiresMs < nowMs) continue;
      const read = await this.#requestIn(invitation, invited);
      if (typeof read === 'string') troubles.push(read);
      else if (read !== undefined) asking.push(this.#asking(invited, read.request));
    }
    return { asking, troubles };
  }

  #asking({ member }: Invited, { certificate, deviceId }: FellowRequest): FellowAsking {
    const { label, role } = certificate;
    const known = this.#known(deviceId) !== undefined;
    return { member, device: label, role, id: toHex(deviceId), known };
  }

  /** The officer's explicit act for the device with this id: certifies it and queues what each room needs. */
  async admit(id: string): Promise<{ device: FellowAsking; steps: FellowStep[] }> {
    const nowMs = this.#context.ports.clock.nowMs();
    for (const { invited, invitation, box } of invitations(this.#context)) {
      if (invited.admitted !== null || invited.expiresMs < nowMs) continue;
      const read = await this.#requestIn(invitation, invited);
      if (read === undefined || typeof read === 'string') continue;
      const { request, envelope } = read;
      if (toHex(request.deviceId) !== id) continue;
      const certificate = this.#certify(request);
      const rooms = this.#rooms().filter((card) => this.#belongs(card, request.deviceId));
      const device = this.#asking(invited, request);
      const chosen = rooms.slice(0, request.keyPackages.length);
      if (chosen.length > 0 && chosen.every((card) => this.#isSuspended(card, request.deviceId)))
        throw suspendedMember(invited.member);
      const steps = this.#context.vault.transaction(() => {
        const admitted = {
          request: envelope,
          signature: certificate.signature,
          rooms: chosen.map((card) => card.room),
        };
        putInvited(this.#context, box, { ...invited, admitted });
        return chosen.map((card, at) => this.#queue(card, { certificate, request, box, at }));
      });
      const left = rooms.slice(chosen.length).map(({ name }): FellowStep => ({
        channel: name,
        state: 'refused',
        detail: 'opened after the invitation was made: make another',
      }));
      return { device, steps: [...steps, ...left] };
    }
    throw new DeskRefusal('wrong-use', 'nobody-asks-so', {
      message: 'No device with this id asks to be let in.',
      next: 'look at "parley party requests"',
    });
  }

  /** New devices come into the channels; their rooms call them from there. One that is known comes back to all of its own. */
  #belongs(card: OpenCard, id: DeviceId): boolean {
    if (!isRoomName(card.name)) return true;
    return deviceOf(this.#context.room(card).transcript, id) !== undefined;
  }

  #isSuspended(card: OpenCard, id: DeviceId): boolean {
    const device = deviceOf(this.#context.room(card).transcript, id);
    return device !== undefined && device.removed === null && !maySign(device);
  }

  #certify({ certificate, deviceId, body }: FellowRequest): SignedCertificate {
    const known = this.#known(deviceId);
    if (known !== undefined) return known.signed;
    const authority = this.#requireCurrentAuthority();
    const { ports } = this.#context;
    const signed = issueCertificate(ports.crypto, authority.secretKey, certificate);
    assert(sameBytes(signed.body, body), 'a certificate has one encoding');
    return signed;
  }

  #queue(
    card: OpenCard,
    asked: { certificate: SignedCertificate; request: FellowRequest; box: string; at: number },
  ): FellowStep {
    const { vault, ports } = this.#context;
    const { certificate, request, box, at } = asked;
    const room = this.#context.room(card);
    const channel = card.name;
    const device = deviceOf(room.transcript, request.deviceId);
    if (device !== undefined && device.removed !== null) return { channel, state: 'removed' };
    const outbox = new Outbox(vault, card.room);
    if (this.#isSuspended(card, request.deviceId)) {
      const plenary = this.#context.plenaryOf(card);
      if (plenary.name === channel || this.#isSuspended(plenary, request.deviceId))
        return { channel, state: 'suspended' };
      // The room has not heard yet what its plenary decided.
      for (const act of resumed(this.#context, card)) outbox.add(act);
    }
    const there = members(room.group).some((leaf) => sameBytes(leaf.device, request.deviceId));
    if (device !== undefined && there) return { channel, state: 'there-already' };
    if (rulesOf(this.#context, card).rules.deviceAdmission === 'frozen')
      return { channel, state: 'refused', detail: 'its posture is severe: nobody is admitted' };
    const keyPackage = request.keyPackages[at];
    assert(keyPackage !== undefined, 'there are as many key packages as rooms');
    const mark = markOf(card.room, request.deviceId);
    const key = ports.randomness.bytes(32);
    vault.put(ADMITTING, mark, encode(admittingCodec, { box, room: card.room, key }));
    const act: Act =
      device === undefined
        ? { kind: this.needsSecondOfficer(card) ? 'propose' : 'admit', certificate, keyPackage }
        : { kind: 'commit', change: { kind: 'add', keyPackages: [keyPackage] } };
    outbox.add(act);
    return { channel, state: 'queued' };
  }

  /** Two officers, where the party's policy or the channel's posture asks for them. */
  needsSecondOfficer(card: OpenCard): boolean {
    const { transcript } = this.#context.room(card);
    const party = transcript.parties.get(toHex(this.#context.ownParty(card)));
    const byPosture = rulesOf(this.#context, card).rules.deviceAdmission === 'two-officers';
    return (party?.policy.officersForAdmission ?? 1) > 1 || byPosture;
  }

  /** Answers the devices that commits of ours have let into this room. */
  async welcome(name: string): Promise<number> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    let answered = 0;
    for (const stored of vault.list(DUE)) {
      const due = decode(dueCodec, stored);
      assert(due.ok, 'what is due reads back');
      if (!due.value.admitting.startsWith(toHex(card.room))) continue;
      await this.#answer(card, due.value);
      answered++;
    }
    return answered;
  }

  async #answer(card: OpenCard, due: Decoded<typeof dueCodec>): Promise<void> {
    const { vault, ports } = this.#context;
    const storedAdmitting = vault.get(ADMITTING, due.admitting);
    const admitting =
      storedAdmitting === undefined ? undefined : decode(admittingCodec, storedAdmitting);
    assert(admitting?.ok === true, 'who is being let in is stored');
    const { box, key } = admitting.value;
    const found = invitations(this.#context).find((one) => one.box === box);
    assert(found?.invited.admitted != null, 'the invitation that let it in is stored');
    const { invited, invitation } = found;
    const { admitted } = invited;
    assert(admitted !== null, 'it was admitted');
    const request = await requestAgain(this.#context, invitation, admitted.request);
    const log = this.#context.log(card);
    const id = capabilityOf(ports.crypto, card.room, request.deviceId);
    taken(await log.grant({ id, key, rights: 'owner' }));
    const history = await uploadHistory(this.#context, { card, log }, due.welcome);
    const ticket = decode(entryTicketCodec, due.welcome);
    assert(ticket.ok, 'a welcome of our own commit reads back');
    const sealed = sealFellowAnswer(ports, invitation, request, {
      signature: admitted.signature,
      keyPackage: admitted.rooms.findIndex((room) => sameBytes(room, card.room)),
      name: card.name,
      relay: card.relay,
      relayKey: card.relayKey,
      welcome: { ticket: ticket.value, capability: { id, key }, history },
    });
    assert(sealed.ok, 'an answer to a request that was read is sealed');
    const place = ANSWERS_FROM + invited.answered;
    const put = await boxLog(this.#context, invitation).append({
      expectedSeq: place,
      envelope: sealed.value,
    });
    // A conflict means that an earlier run, cut off right here, had answered.
    if (!put.ok && put.reason !== 'conflict') throw relayRefusal(put.reason);
    vault.transaction(() => {
      putInvited(this.#context, box, { ...invited, answered: invited.answered + 1 });
      vault.remove(ADMITTING, due.admitting);
      vault.remove(DUE, due.admitting);
    });
  }
}

/** Whatever certificate it asks by, an older authority's too: only an entry brings it back. The invitation stays good. */
function suspendedMember(member: string): DeskRefusal {
  return new DeskRefusal('policy', 'suspended-member', {
    message: `${member} is suspended. Nobody was let in.`,
    next: `run: parley party resume "${member}" --reason TEXT, which the other side sees; then this again`,
  });
}
