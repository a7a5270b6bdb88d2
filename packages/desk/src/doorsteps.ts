// The doorsteps of a channel: where this desk leaves calls for single devices, and finds those left for its own.

import { fromUtf8, toHex, utf8 } from '@parley/kernel';
import { doorstepKeys, openCall, sealCall, type Call } from '@parley/channel';
import { capabilityId, logId, type LogId, type RelayLog } from '@parley/post';
import { activeDevices, type Device, type Fingerprint } from '@parley/record';
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

  /** Seals a call to one device and leaves it where that device looks. A call into a caucus only its own party can find. */
  async leave(plenary: OpenCard, to: Device, call: Call): Promise<void> {
    const { ports, identity } = this.#context;
    const channel = this.#channelOf(plenary);
    const hidden = call.kind === 'room' && call.of === 'caucus';
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
    const { vault, identity, ports } = this.#context;
    const { transcript } = this.#context.room(plenary);
    const channel = this.#channelOf(plenary);
    const own = activeDevices(transcript, this.#context.ownParty(plenary));
    const first = own.toSorted((a, b) => a.admittedAt - b.admittedAt)[0];
    const isFirst = first !== undefined && toHex(first.id) === toHex(identity.deviceId);
    let secret = this.#partySecret(channel);
    if (secret === undefined) {
      if (!isFirst) return 0;
      secret = ports.randomness.bytes(32);
      vault.put(SECRET, toHex(channel), secret);
    }
    let given = 0;
    for (const device of own) {
      const mark = `${toHex(channel)}:${toHex(device.id)}`;
      if (toHex(device.id) === toHex(identity.deviceId)) continue;
      if (vault.get(GIVEN, mark) !== undefined) continue;
      await this.leave(plenary, device, { kind: 'secret', secret });
      vault.put(GIVEN, mark, utf8('given'));
      given++;
    }
    return given;
  }

  /** Reads on from where this desk was, and hands each call for this device to `take`; a crash hands it again. */
  async collect(plenary: OpenCard, take: (called: Called) => Promise<void>): Promise<void> {
    const { vault } = this.#context;
    const channel = this.#channelOf(plenary);
    await this.#read(plenary, channel, async ({ call, from }) => {
      if (call.kind !== 'secret') return take({ call, from });
      // Only a fellow device knows it; the first that comes stays, or two halves of a party would lose each other.
      const known = this.#partySecret(channel) !== undefined;
      if (!known && toHex(from.party) === toHex(this.#context.ownParty(plenary)))
        vault.put(SECRET, toHex(channel), call.secret);
    });
    const secret = this.#partySecret(channel);
    if (secret !== undefined) await this.#read(plenary, secret, take);
  }

  async #read(
    plenary: OpenCard,
    secret: Uint8Array,
    take: (called: Called) => Promise<void>,
  ): Promise<void> {
    const { vault, identity, ports } = this.#context;
    const doorstep = this.#doorstep(plenary, secret, this.#context.ownParty(plenary));
    const mark = toHex(doorstep.id);
    for (;;) {
      const stored = fromUtf8(vault.get(PLACE, mark) ?? new Uint8Array(0));
      const after = stored.ok ? Number(stored.value) : 0;
      const page = await doorstep.log.read({ after });
      // Nobody has called yet, or the relay lost the doorstep: whoever calls next makes it again.
      if (!page.ok) return;
      if (page.value.head.seq < after) {
        // Made anew after a loss: read from its beginning. A call taken up before changes nothing.
        vault.put(PLACE, mark, utf8('0'));
        continue;
      }
      const { transcript } = this.#context.room(plenary);
      for (const { seq, envelope } of page.value.envelopes) {
        const opened = openCall(ports, identity, transcript, envelope);
        if (opened.ok) await take(opened.value);
        vault.put(PLACE, mark, utf8(String(seq)));
      }
      if (page.value.envelopes.length === 0) return;
    }
  }
}
