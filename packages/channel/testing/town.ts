// A small world for tests: desks with real keys that store before they send, and a relay that only keeps a log.

import { createHash } from 'node:crypto';
import { assert, concat, sameBytes, type Ports, type Randomness } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import { encodeEntry, type Role, type RootHash } from '@parley/record';
import {
  acceptWelcome,
  assembleIdentity,
  author,
  boxKeys,
  certifyDevice,
  createIdentity,
  decodeRoom,
  dueActs,
  encodeRoom,
  foundRoom,
  generateDeviceKeys,
  joinRoom,
  makeInvitation,
  readJoinRequest,
  receive,
  requestJoin,
  sealWelcome,
  type Act,
  type AuthorReason,
  type History,
  type Identity,
  type Outcome,
  type Room,
} from '../src/index.ts';

export const crypto = nativeCrypto;
export const START_MS = Date.UTC(2026, 10, 21, 9);

/** The same bytes for the same seed. For rehearsals only. */
export function seededRandomness(seed: string): Randomness {
  let drawn = 0;
  return {
    bytes(length) {
      const blocks: Uint8Array[] = [];
      for (let have = 0; have < length; have += 64)
        blocks.push(Uint8Array.from(createHash('sha512').update(`${seed}/${drawn++}`).digest()));
      return concat(...blocks).slice(0, length);
    },
  };
}

export function seededPorts(seed: string, clock = { nowMs: () => START_MS }): Ports {
  return { clock, crypto: nativeCrypto, randomness: seededRandomness(seed) };
}

/** An honest log: the next place only, and the same envelope at its own place again. */
export class Log {
  readonly envelopes: Uint8Array[] = [];

  append(seq: number, envelope: Uint8Array): 'stored' | 'conflict' {
    const there = this.envelopes[seq - 1];
    if (there !== undefined) return sameBytes(there, envelope) ? 'stored' : 'conflict';
    if (seq !== this.envelopes.length + 1) return 'conflict';
    this.envelopes.push(envelope);
    return 'stored';
  }
}

export type Named = { readonly party: string; readonly member: string; readonly label?: string };

/** A member's desk: what a vault would hold, and the loop that a real desk runs. */
export class Desk {
  readonly ports: Ports;
  readonly identity: Identity;
  readonly name: string;
  room: Room;
  /** Roots by size: the answer to `History.rootAt`. */
  roots: RootHash[] = [];
  entries: Uint8Array[] = [];
  outcomes: Outcome[] = [];
  /** Acts that wait for their turn. */
  queue: Act[] = [];
  #stored: Room;

  constructor(ports: Ports, identity: Identity, room: Room) {
    this.ports = ports;
    this.identity = identity;
    this.name = identity.certified.member;
    this.room = room;
    this.roots = [room.transcript.root];
    this.#stored = room;
  }

  get history(): History {
    return { rootAt: (size) => this.roots[size] };
  }

  /** What is on disk: everything else is lost in a crash. */
  store(room: Room): void {
    this.room = room;
    this.#stored = room;
  }

  /** The process dies and comes back with what was stored. */
  crash(): void {
    const restored = decodeRoom(crypto, this.vault);
    assert(restored.ok, 'a stored room reads back');
    this.room = restored.value;
  }

  /** The bytes of what is stored. A room is immutable, so they can be made when they are asked for. */
  get vault(): Uint8Array {
    return encodeRoom(this.#stored);
  }

  async take(seq: number, envelope: Uint8Array): Promise<readonly Outcome[]> {
    const { ports, room, identity, history } = this;
    const received = await receive(ports, room, identity, { seq, envelope }, history);
    for (const outcome of received.outcomes) {
      if (outcome.kind === 'entry') {
        this.roots[outcome.index + 1] = outcome.root;
        this.entries[outcome.index] = encodeEntry(outcome.entry);
      }
      if (outcome.kind === 'lost') this.queue.unshift(outcome.act);
    }
    this.store(received.state);
    this.outcomes.push(...received.outcomes);
    return received.outcomes;
  }

  async sync(log: Log): Promise<readonly Outcome[]> {
    const seen: Outcome[] = [];
    for (let seq = this.room.seq + 1; seq <= log.envelopes.length; seq++)
      seen.push(...(await this.take(seq, log.envelopes[seq - 1] as Uint8Array)));
    return seen;
  }

  /** Authors one act, sends it, and repeats while others win the race. Gives the reason of a final refusal. */
  async act(log: Log, act: Act): Promise<AuthorReason | 'done'> {
    this.queue.push(act);
    for (;;) {
      await this.sync(log);
      const next = this.queue[0];
      if (next === undefined) return 'done';
      const made = await author(this.ports, this.room, this.identity, next);
      this.queue.shift();
      if (!made.ok) return made.reason;
      this.store(made.value.state);
      log.append(made.value.expectedSeq, made.value.envelope);
    }
  }

  /** Does everything the room says this device owes. */
  async settle(log: Log): Promise<void> {
    await this.sync(log);
    const [due] = dueActs(this.room, this.identity);
    if (due === undefined) return;
    await this.act(log, due.act);
    await this.settle(log);
  }

  /** Outcomes of one kind so far. */
  seen<K extends Outcome['kind']>(kind: K): Extract<Outcome, { kind: K }>[] {
    return this.outcomes.filter((one): one is Extract<Outcome, { kind: K }> => one.kind === kind);
  }
}

export function person(
  seed: string,
  named: Named,
  clock?: { nowMs: () => number },
): {
  ports: Ports;
  identity: Identity;
} {
  const ports = seededPorts(`${seed}/${named.party}/${named.member}`, clock);
  return { ports, identity: createIdentity(ports, { label: 'laptop', ...named }) };
}

/** Another device of a delegation that is there, certified by its authority. */
export function colleague(
  seed: string,
  of: { identity: Identity },
  member: string,
  role: Role = 'officer',
): { ports: Ports; identity: Identity } {
  const { authority, certified } = of.identity;
  assert(authority !== null, 'the first device of a party holds its authority');
  const ports = seededPorts(`${seed}/${certified.party}/${member}`);
  const keys = generateDeviceKeys(ports);
  const certificate = certifyDevice(ports, authority, {
    party: certified.party,
    member,
    label: 'laptop',
    role,
    keys: {
      signer: keys.signer.publicKey,
      mls: keys.mls.publicKey,
      seal: keys.seal.publicKey,
    },
  });
  const identity = assembleIdentity(ports, keys, certificate);
  assert(identity.ok, 'a device that its authority certified has an identity');
  return { ports, identity: identity.value };
}

export async function found(
  log: Log,
  { ports, identity }: { ports: Ports; identity: Identity },
): Promise<Desk> {
  const terms = { name: 'talks', relay: 'https://relay.example' };
  const { state, act } = await foundRoom(ports, identity, terms);
  const desk = new Desk(ports, identity, state);
  assert((await desk.act(log, act)) === 'done', 'the room is founded');
  return desk;
}

/** The whole admission: invitation, request, entry, commit, welcome, replay of the record. */
export async function invite(
  log: Log,
  inviter: Desk,
  guest: { ports: Ports; identity: Identity },
): Promise<Desk> {
  const { invitation } = makeInvitation(inviter.ports, {
    relay: 'https://relay.example',
    relayKey: new Uint8Array(32),
    inviter: inviter.identity.party,
    name: 'talks',
    expiresMs: inviter.ports.clock.nowMs() + 86_400_000,
  });
  const { joining, request } = await requestJoin(guest.ports, guest.identity, invitation);
  const read = await readJoinRequest(inviter.ports, invitation, request);
  assert(read.ok, 'the request reads');
  const { certificate, keyPackage } = read.value;
  const admitted = await inviter.act(log, { kind: 'admit', certificate, keyPackage });
  assert(admitted === 'done', `the guest is admitted, not ${admitted}`);
  await inviter.settle(log);
  const outcome = inviter.seen('admitted').at(-1);
  assert(outcome !== undefined, 'the commit lets the guest in');
  const sealed = sealWelcome(inviter.ports, invitation, read.value, {
    welcome: outcome.welcome,
    capability: boxKeys(crypto, invitation).capability,
    history: new Uint8Array(0),
  });
  assert(sealed.ok, 'the welcome is sealed');
  const welcome = acceptWelcome(guest.ports, guest.identity, joining, sealed.value);
  assert(welcome.ok, 'the welcome opens');
  const roots: RootHash[] = [];
  const entries = inviter.entries.slice(0, welcome.value.ticket.size);
  const joined = await joinRoom(
    guest.ports,
    guest.identity,
    joining,
    welcome.value,
    entries,
    (one) => {
      roots[one.index + 1] = one.root;
    },
  );
  assert(joined.ok, `the guest joins: ${joined.ok ? '' : joined.reason}`);
  const desk = new Desk(guest.ports, guest.identity, joined.value);
  desk.roots = [inviter.roots[0] as RootHash, ...roots.slice(1)];
  desk.entries = entries;
  await desk.sync(log);
  return desk;
}

/** Two parties, founded and joined. */
export async function summit(seed: string): Promise<{ log: Log; ana: Desk; bo: Desk }> {
  const log = new Log();
  const ana = await found(log, person(seed, { party: 'Republic of Alpha', member: 'Ana' }));
  const bo = await invite(log, ana, person(seed, { party: 'Kingdom of Beta', member: 'Bo' }));
  return { log, ana, bo };
}
