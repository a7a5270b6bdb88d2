// The doorsteps of a channel: where this desk leaves calls for single devices, and finds those left for its own.

import { fromUtf8, toHex, utf8 } from '@parley/kernel';
import { doorstepKeys, openCall, sealCall, type Call } from '@parley/channel';
import { capabilityId, logId, type LogId, type RelayLog } from '@parley/post';
import { activeDevices, partyOf, type Device, type Fingerprint } from '@parley/record';
import { takeCertificate } from './certified-anew.ts';
import type { Context, OpenCard } from './context.ts';
import { relayRefusal, taken } from './invitation-box.ts';
import { DeskRefusal } from './refusal.ts';

const SECRET = 'party-secret';
const GIVEN = 'party-secret-given';
const PLACE = 'doorstep-place';
const RACES_MAX = 100;

type Doorstep = { readonly id: LogId; readonly log: RelayLog; make(): Promise<void> };

/** What one device found on its doorsteps, and who left it. */
export type Called = { readonly call: Call; readonly from: Device };

export class Doorsteps {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** What the devices of our own party share in this channel, so that no other finds where its caucuses are called. */
  #partySecret(channel: Uint8Array): Uint8Array | undefined {
    return this.#context.vault.get(SECRET, toHex(channel));
  }

  #doorstep(plenary: OpenCard, secret: Uint8Array, party: Fingerprint): Doorstep {
    const { ports } = this.#context;
    const { id, capability } = doorstepKeys(ports.crypto, secret, party);
    const owner = { id: capabilityId(capability.id), key: capability.key };
    const client = this.#context.client(plenary);
    return {
      id: logId(id),
      log: client.log(logId(id), owner),
      make: async () => void taken(await client.createLog(logId(id), owner)),
    };
  }

  /** Seals a call to one device and leaves it where that device looks; a hidden one where only its own party can find it. */
  async leave(
    plenary: OpenCard,
    to: Device,
    call: Call,
    { hidden } = { hidden: false },
  ): Promise<void> {
    const { ports } = this.#context;
    const identity = this.#context.identityIn(this.#context.room(plenary));
    const channel = this.#channelOf(plenary);
    const secret = hidden ? this.#partySecret(channel) : channel;
    if (secret === undefined) {
      throw new DeskRefusal('waiting', 'caucus-not-ready', {
        message: 'The devices of your party do not share their secret for this channel yet.',
        next: `run "parley sync ${plenary.name}" at the first device of your party, then here`,
      });
    }
    const sealed = sealCall(ports, identity, to, { channel, call });
    if (!sealed.ok) throw relayRefusal(sealed.reason);
    const doorstep = this.#doorstep(plenary, secret, to.party);
    for (let race = 0; race < RACES_MAX; race++) {
      const head = await doorstep.log.head();
      if (!head.ok) {
        if (head.reason !== 'no-such-log') throw relayRefusal(head.reason);
        await doorstep.make();
        continue;
      }
      const left = await doorstep.log.append({
        expectedSeq: head.value.seq + 1,
        envelope: sealed.value,
      });
      if (left.ok) return;
      if (left.reason !== 'conflict') throw relayRefusal(left.reason);
    }
    throw relayRefusal('conflict');
  }

  #channelOf(plenary: OpenCard): Uint8Array {
    const { channel } = this.#context.room(plenary).transcript;
    if (channel === null) throw new Error('bug: an open channel was founded');
    return channel;
  }

  /**
   * The first device of our party makes the secret of its doorstep, and whoever has it gives it to fellow devices that
   * were admitted since. Gives how many got it.
   */
  async shareSecret(plenary: OpenCard): Promise<number> {
    const { vault, ports } = this.#context;
    const { transcript } = this.#context.room(plenary);
    const channel = this.#channelOf(plenary);
    const own = activeDevices(transcript, this.#context.ownParty(plenary));
    const first = own.toSorted((a, b) => a.admittedAt - b.admittedAt)[0];
    const isFirst = first !== undefined && this.#context.isOwn(first.id);
    let secret = this.#partySecret(channel);
    if (secret === undefined) {
      if (!isFirst) return 0;
      secret = ports.randomness.bytes(32);
      vault.put(SECRET, toHex(channel), secret);
    }
    let given = 0;
    for (const device of own) {
      const mark = `${toHex(channel)}:${toHex(device.id)}`;
      if (this.#context.isOwn(device.id)) continue;
      if (vault.get(GIVEN, mark) !== undefined) continue;
      await this.leave(plenary, device, { kind: 'secret', secret });
      vault.put(GIVEN, mark, utf8('given'));
      given++;
    }
    return given;
  }

  /**
   * Reads on from where this desk was, and hands each call for this device to `take`; a crash hands it again, and so does
   * `later`. Certificates come first, however late they were left: a call may need one to be followed.
   */
  async collect(
    plenary: OpenCard,
    take: (called: Called) => Promise<'taken' | 'later'>,
  ): Promise<void> {
    const channel = this.#channelOf(plenary);
    const own = partyOf(this.#context.room(plenary).transcript, this.#context.ownParty(plenary));
    // What was left before our party changed its authority lies on the doorstep of the old one.
    const doorsteps = own === undefined ? [] : [...own.formerly, own.fingerprint];
    const certified = async ({ call, from }: Called): Promise<'taken'> => {
      if (call.kind === 'certificate' && this.#isFellow(plenary, from))
        takeCertificate(this.#context, plenary, call.certificate);
      return 'taken';
    };
    for (const party of doorsteps) await this.#read(plenary, { channel, party, take: certified });
    for (const party of doorsteps) {
      await this.#read(plenary, {
        channel,
        party,
        moves: true,
        take: async ({ call, from }) => {
          if (call.kind === 'certificate') return 'taken';
          if (call.kind !== 'secret') return take({ call, from });
          // Only a fellow device knows it; the first that comes stays, or two halves of a party would lose each other.
          if (this.#partySecret(channel) === undefined && this.#isFellow(plenary, from))
            this.#context.vault.put(SECRET, toHex(channel), call.secret);
          return 'taken';
        },
      });
      const secret = this.#partySecret(channel);
      if (secret !== undefined)
        await this.#read(plenary, { channel: secret, party, moves: true, take });
    }
  }

  #isFellow(plenary: OpenCard, from: Device): boolean {
    return toHex(from.party) === toHex(this.#context.ownParty(plenary));
  }

  /** `moves`: what was taken is not read again. */
  async #read(
    plenary: OpenCard,
    reading: {
      channel: Uint8Array;
      party: Fingerprint;
      moves?: boolean;
      take: (called: Called) => Promise<'taken' | 'later'>;
    },
  ): Promise<void> {
    const { vault, ports } = this.#context;
    const identity = this.#context.identityIn(this.#context.room(plenary));
    const { channel, party, moves = false, take } = reading;
    const doorstep = this.#doorstep(plenary, channel, party);
    const mark = toHex(doorstep.id);
    const stored = fromUtf8(vault.get(PLACE, mark) ?? new Uint8Array(0));
    let after = stored.ok ? Number(stored.value) : 0;
    for (;;) {
      const page = await doorstep.log.read({ after });
      // Nobody has called yet, or the relay lost the doorstep: whoever calls next makes it again.
      if (!page.ok) return;
      if (page.value.head.seq < after) {
        // Made anew after a loss: read from its beginning. A call taken up before changes nothing.
        after = 0;
        continue;
      }
      const { transcript } = this.#context.room(plenary);
      for (const { seq, envelope } of page.value.envelopes) {
        const opened = openCall(ports, identity, transcript, envelope);
        if (opened.ok && (await take(opened.value)) === 'later') return;
        after = seq;
        if (moves) vault.put(PLACE, mark, utf8(String(seq)));
      }
      if (page.value.envelopes.length === 0) return;
    }
  }
}
