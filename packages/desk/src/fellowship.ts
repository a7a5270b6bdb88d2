// A device comes into its own party: asks in the box of an officer's invitation, gets its certificate and its rooms.
//
// A new desk has keys and no identity until the authority has signed: until then it can do nothing else. A desk that was
// certified before uses the same way to come back after a suspension, and into channels that are new to it.

import {
  assert,
  bytes,
  decode,
  encode,
  hybridSignerFromSecret,
  list,
  nullable,
  sameBytes,
  struct,
  text,
  toHex,
  uint,
  xwingFromSeed,
  type Decoded,
  type Ports,
} from '@parley/kernel';
import {
  FELLOW_ROOMS_MAX,
  assembleIdentity,
  boxKeys,
  channelInvitationText,
  decodeJoining,
  encodeJoining,
  fellowCertificate,
  generateDeviceKeys,
  openFellowAnswer,
  openFellowTerms,
  readInvitation,
  requestFellowship,
  type DeviceKeys,
  type FellowAnswer,
  type FellowTerms,
  type Identity,
  type Invitation,
} from '@parley/channel';
import type { Context } from './context.ts';
import { boxLog, invitationRefusal, relayRefusal, taken } from './invitation-box.ts';
import type { Joiner } from './joining.ts';
import { DeskRefusal } from './refusal.ts';
import type { Vault } from './vault.ts';

const ASKED = 'fellowship';
const FIRST_ANSWER = 3;
const PAGE = 16;

const askedCodec = struct({
  text: text(4096),
  expiresMs: uint(),
  member: text(120),
  party: text(120),
  /** Secrets of a device that has no identity yet; null where the desk has one. */
  keys: nullable(
    struct({
      signer: bytes({ exactly: 64 }),
      mls: bytes({ exactly: 32 }),
      seal: bytes({ exactly: 32 }),
    }),
  ),
  body: bytes({ max: 6_000 }),
  joinings: list(bytes({ max: 65_536 }), FELLOW_ROOMS_MAX),
  request: bytes({ max: 1_048_576 }),
  /** Envelopes of the box that were read. */
  read: uint(),
});
type Asked = Decoded<typeof askedCodec>;

export type FellowshipAsked = {
  readonly party: string;
  readonly member: string;
  readonly role: string;
  /** The fingerprint of the party's authority, as the invitation names it. */
  readonly fingerprint: string;
  /** What the officer sees, and compares with what this desk shows. */
  readonly deviceId: string;
};

type Here = Pick<Context, 'ports' | 'vault'>;

function put(vault: Vault, box: string, asked: Asked): void {
  vault.put(ASKED, box, encode(askedCodec, asked));
}

function all(vault: Vault): Asked[] {
  return vault.list(ASKED).map((stored) => {
    const asked = decode(askedCodec, stored);
    assert(asked.ok, 'what was asked reads back');
    return asked.value;
  });
}

const boxOf = (ports: Pick<Ports, 'crypto'>, invitation: Invitation): string =>
  toHex(boxKeys(ports.crypto, invitation).id);

function invitationOf({ ports }: Pick<Here, 'ports'>, asked: Asked): Invitation {
  const read = readInvitation(ports.crypto, asked.text, 0);
  assert(read.ok, 'an invitation that was used reads back');
  return read.value;
}

/** Reads an invitation into a party and whom it is for; refuses what is none, is used, expired or forged. */
export async function readFellowInvitation(
  { ports }: Pick<Here, 'ports'>,
  written: string,
): Promise<{ written: string; invitation: Invitation; terms: FellowTerms }> {
  const channelText = channelInvitationText(written);
  if (channelText === undefined) {
    throw new DeskRefusal('wrong-use', 'not-for-a-device', {
      message:
        'This is not an invitation into a party: such an invitation starts with parleyfellow1.',
      next: 'ask an officer of your party: parley party invite. One that starts with parley1 leads into a channel: parley channel join',
    });
  }
  const nowMs = ports.clock.nowMs();
  const read = readInvitation(ports.crypto, channelText, nowMs);
  if (!read.ok) throw invitationRefusal(read, nowMs);
  const page = await boxLog({ ports }, read.value).read({ after: 0, limit: 2 });
  const [first, used] = page.ok ? page.value.envelopes : [];
  if (!page.ok || first === undefined) {
    throw new DeskRefusal('policy', 'invitation-unknown', {
      message: 'The relay does not know this invitation.',
      next: 'ask the officer for a new one',
    });
  }
  if (used !== undefined) throw usedAlready();
  const terms = openFellowTerms(ports.crypto, read.value, first.envelope);
  if (!terms.ok) {
    throw new DeskRefusal('tampering', 'forged-invitation', {
      message: `What lies in the box of this invitation is not what an officer put there (${terms.reason}).`,
      next: 'show this to the officer who gave it to you, and ask for a new one by another way',
    });
  }
  return { written: channelText, invitation: read.value, terms: terms.value };
}

function usedAlready(): DeskRefusal {
  return new DeskRefusal('policy', 'invitation-used', {
    message: 'This invitation has been used already. It works once.',
    next: 'if it was not you, tell the officer at once: a stranger holds it; then ask for a new one',
  });
}

/** Stores what is asked, then asks. With `identity` the desk's own certificate is used again. */
async function ask(
  here: Here,
  from: Awaited<ReturnType<typeof readFellowInvitation>>,
  device: { keys: DeviceKeys; body: Uint8Array; fresh: boolean },
): Promise<FellowshipAsked> {
  const { ports, vault } = here;
  const { invitation, terms, written } = from;
  const { keys, body, fresh } = device;
  const made = await requestFellowship(ports, invitation, device, terms.rooms);
  const secrets = {
    signer: keys.signer.secretKey,
    mls: keys.mls.secretKey,
    seal: keys.seal.secretKey,
  };
  put(vault, boxOf(ports, invitation), {
    text: written,
    expiresMs: invitation.expiresMs,
    member: terms.member,
    party: terms.party,
    keys: fresh ? secrets : null,
    body,
    joinings: made.joinings.map(encodeJoining),
    request: made.request,
    read: 2,
  });
  await send(here, invitation, made.request);
  return {
    party: terms.party,
    member: terms.member,
    role: terms.role,
    fingerprint: toHex(invitation.inviter),
    deviceId: toHex(made.deviceId),
  };
}

async function send(here: Here, invitation: Invitation, request: Uint8Array): Promise<void> {
  const sent = await boxLog(here, invitation).append({ expectedSeq: 2, envelope: request });
  if (sent.ok) return;
  if (sent.reason !== 'conflict') throw relayRefusal(sent.reason);
  here.vault.remove(ASKED, boxOf(here.ports, invitation));
  throw usedAlready();
}

/** A new desk asks with keys of its own. */
export async function askAsNewDevice(
  here: Here,
  from: Awaited<ReturnType<typeof readFellowInvitation>>,
  label: string,
): Promise<FellowshipAsked> {
  const keys = generateDeviceKeys(here.ports);
  const body = fellowCertificate(here.ports, from.terms, keys, label);
  return ask(here, from, { keys, body, fresh: true });
}

/** A desk that has its certificate asks again: it comes back, or into rooms that are new to it. */
export async function askAgain(context: Context, written: string): Promise<FellowshipAsked> {
  const from = await readFellowInvitation(context, written);
  const identity = askingAs(context);
  if (from.terms.party !== identity.certified.party) {
    throw new DeskRefusal('policy', 'other-party', {
      message: `This invitation is into ${from.terms.party}; this desk belongs to ${identity.certified.party}.`,
      next: 'use a home of its own for another party: parley init --home DIR --invited TEXT',
    });
  }
  return ask(context, from, { keys: identity, body: identity.certificate.body, fresh: false });
}

/** A desk that was taken out of a channel comes back there as its record knows it; elsewhere its newest certificate counts. */
function askingAs(context: Context): Identity {
  const out = context.openCards().find((card) => card.frozen?.startsWith('removed') === true);
  return out === undefined ? context.identity : context.identityIn(context.room(out));
}

/** Whether a vault without an identity waits for one. */
export function awaitsIdentity(vault: Vault): boolean {
  return all(vault).some((asked) => asked.keys !== null);
}

/** The refusal of everything at a desk whose authority has not signed yet. */
export function notCertifiedYet(vault: Vault): DeskRefusal {
  const asked = all(vault).find((one) => one.keys !== null);
  return new DeskRefusal('waiting', 'not-certified-yet', {
    message: `An officer of ${asked?.party ?? 'your party'} has not let this device in yet.`,
    next: 'ask the officer to run "parley party admit" (and "parley sync" where a second officer has agreed since), then run "parley sync"',
  });
}

/** Hands the identity of a new desk to `store` once its authority has signed, in one transaction; false while it has not. */
export async function fetchIdentity(
  here: Here,
  store: (identity: Identity) => void,
): Promise<boolean> {
  const { ports, vault } = here;
  for (const asked of all(vault)) {
    if (asked.keys === null) continue;
    const invitation = invitationOf(here, asked);
    const keys: DeviceKeys = {
      signer: hybridSignerFromSecret(ports.crypto, asked.keys.signer),
      mls: ports.crypto.signerFromSecret('ed25519', asked.keys.mls),
      seal: xwingFromSeed(ports.crypto, asked.keys.seal),
    };
    const page = taken(await boxLog(here, invitation).read({ after: 1, limit: PAGE }));
    const [request, ...answers] = page.envelopes;
    // Cut off before it was sent.
    if (request === undefined) await send(here, invitation, asked.request);
    else if (!sameBytes(request.envelope, asked.request)) throw usedAlready();
    for (const { envelope } of answers) {
      const answer = openFellowAnswer(ports, invitation, { keys, body: asked.body }, envelope);
      if (!answer.ok) continue;
      const identity = assembleIdentity(ports, keys, answer.value.certificate);
      if (!identity.ok) throw badAnswer(identity.reason);
      vault.transaction(() => {
        store(identity.value);
        put(vault, boxOf(ports, invitation), { ...asked, keys: null });
      });
      return true;
    }
  }
  return false;
}

function badAnswer(why: string): DeskRefusal {
  return new DeskRefusal('tampering', 'bad-answer', {
    message: `The answer to this device's request cannot be right (${why}).`,
    next: 'ask the officer for a new invitation by another way, and compare the fingerprints',
  });
}

/** Joins the rooms that officers have let this device into since the last look. Gives the names of those. */
export async function collectRooms(context: Context, joiner: Joiner): Promise<string[]> {
  const { ports, vault, identities } = context;
  const joined: string[] = [];
  for (const asked of all(vault)) {
    const invitation = invitationOf(context, asked);
    const box = boxOf(ports, invitation);
    const log = boxLog(context, invitation);
    if (asked.read < FIRST_ANSWER - 1) continue;
    const page = await log.read({ after: asked.read, limit: PAGE });
    // The relay lets a box go some time after its end.
    if (!page.ok) continue;
    let { read } = asked;
    for (const { seq, envelope } of page.value.envelopes) {
      const answer = openFellowAnswer(
        ports,
        invitation,
        { keys: identities.first, body: asked.body },
        envelope,
      );
      const asWhom = identities.of(toHex(ports.crypto.hash('sha256', asked.body)));
      if (answer.ok && asWhom !== undefined)
        joined.push(await join(joiner, asWhom, { asked, answer: answer.value }));
      read = seq;
      put(vault, box, { ...asked, read });
    }
  }
  return joined;
}

async function join(
  joiner: Joiner,
  asWhom: Identity,
  { asked, answer }: { asked: Asked; answer: FellowAnswer },
): Promise<string> {
  const stored = asked.joinings[answer.keyPackage];
  const joining = stored === undefined ? undefined : decodeJoining(stored);
  if (joining?.ok !== true) throw badAnswer('it is for no key package of ours');
  const { name, relay, relayKey, welcome } = answer;
  return joiner.enterAsFellow({ name, relay, relayKey }, asWhom, {
    joining: joining.value,
    welcome,
  });
}
