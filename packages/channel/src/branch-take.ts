// What an envelope of a talk off the record does: judged like a stranger's bytes, since its author may be one.

import {
  accept,
  concat,
  refuse,
  sameBytes,
  type Crypto,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import { digestKey, type Transcript } from '@parley/record';
import {
  isOpen,
  isOwn,
  present,
  type AtRoom,
  type Branch,
  type BranchOutcome,
  type BranchRefusal,
} from './branch.ts';
import { answersRight, answerTo, guestOf, openKey, sideOf, type Seat } from './branch-seats.ts';
import {
  openBranch,
  SEATS_MAX,
  verifiesBranch,
  type BranchBody,
  type BranchMessage,
} from './branch-wire.ts';

const HARMLESS: ReadonlySet<BranchRefusal> = new Set<BranchRefusal>([
  // A line of a talk before this device came, or of one whose key it was not given.
  'unreadable',
  'unknown-device',
  'unproven',
]);

function nextBranchHead(crypto: Crypto, head: Uint8Array, envelope: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(head, crypto.hash('sha256', envelope)));
}

/** The talk after an envelope, and what came of it. */
export type Step = { readonly branch: Branch; readonly outcomes: readonly BranchOutcome[] };

type Placed = { readonly seq: number; readonly envelope: Uint8Array };

/** Takes in the next envelope of the log. Whatever it holds, the place is used up. */
export function takeBranch(ports: Ports, at: AtRoom, before: Branch, placed: Placed): Step {
  const step = taken(ports, at, before, placed);
  if (before.opened || !isOpen(step.branch)) return step;
  return {
    branch: { ...step.branch, opened: true },
    outcomes: [...step.outcomes, { kind: 'opened' }],
  };
}

function taken(ports: Ports, at: AtRoom, before: Branch, { seq, envelope }: Placed): Step {
  const { crypto } = ports;
  const { door } = before;
  const head = nextBranchHead(crypto, before.head, envelope);
  const branch: Branch = { ...before, seq, head };
  const place = { log: door.id, seq };
  const refused = (reason: BranchRefusal): Step =>
    // What others did before this process came is theirs.
    branch.own.seat === null
      ? { branch, outcomes: [] }
      : { branch, outcomes: [{ kind: 'refused', seq, reason, alarm: !HARMLESS.has(reason) }] };

  const keys = { door: door.key, talk: before.key?.bytes ?? null };
  const opened = openBranch(crypto, keys, place, envelope);
  if (!opened.ok) return refused(opened.reason);
  const message = opened.value;
  const { body } = message;
  if (body.kind === 'hello') {
    const author = takeSeat(branch, at, seq, message, body);
    if (!author.ok) return refused(author.reason);
    if (!verifiesBranch(crypto, body.signer, place, message)) return refused('wrong-signature');
    if (!sameBytes(message.after, before.head)) return refused('malformed');
    return seated(branch, author.value);
  }
  const author = branch.seats.get(message.seat);
  if (author === undefined) return refused('unknown-seat');
  if (author.gone !== null) return refused('gone');
  if (!verifiesBranch(crypto, author.signer, place, message)) return refused('wrong-signature');
  if (!sameBytes(message.after, before.head)) {
    const isKnown = author.proven && branch.own.seat !== null;
    return isKnown
      ? { branch, outcomes: [{ kind: 'forked', seat: author }] }
      : refused('malformed');
  }
  return act(ports, at, branch, { author, body, refused });
}

function withSeat(branch: Branch, seat: Seat): Branch {
  return { ...branch, seats: new Map(branch.seats).set(seat.seat, seat) };
}

function takeSeat(
  branch: Branch,
  { transcript }: AtRoom,
  seq: number,
  message: BranchMessage,
  hello: Extract<BranchBody, { kind: 'hello' }>,
): Verdict<Seat, 'malformed' | 'full' | 'unknown-device'> {
  if (message.seat !== seq) return refuse('malformed');
  if (guestOf(transcript, hello.device) === undefined) return refuse('unknown-device');
  const { device, signer, seal, logged } = hello;
  if ([...branch.seats.values()].some((one) => sameBytes(one.signer, signer)))
    return refuse('malformed');
  if ([...branch.seats.values()].filter(({ gone }) => gone === null).length >= SEATS_MAX)
    return refuse('full');
  return accept({
    seat: seq,
    device,
    signer,
    seal,
    logged,
    proposal: null,
    proven: false,
    greeted: false,
    owed: null,
    gone: null,
  });
}

function seated(branch: Branch, seat: Seat): Step {
  const next = withSeat(branch, seat);
  if (sameBytes(seat.signer, branch.own.signer.publicKey)) {
    const own = { ...branch.own, seat: seat.seat };
    return { branch: { ...next, own }, outcomes: [{ kind: 'entered' }] };
  }
  const outcomes: BranchOutcome[] = branch.own.seat === null ? [] : [{ kind: 'came', seat }];
  return { branch: next, outcomes };
}

type Said = {
  readonly author: Seat;
  readonly body: Exclude<BranchBody, { kind: 'hello' }>;
  readonly refused: (reason: BranchRefusal) => Step;
};

function act(ports: Ports, at: AtRoom, branch: Branch, { author, body, refused }: Said): Step {
  switch (body.kind) {
    case 'meet':
      return met(ports, at, branch, { author, body, refused });
    case 'ring': {
      const { proposal } = body;
      const seat = { ...author, proposal };
      const outcomes: BranchOutcome[] = isOwn(branch, seat.seat)
        ? []
        : [{ kind: 'rings', seat, proposal }];
      return { branch: withSeat(branch, seat), outcomes };
    }
    case 'key':
      return rekeyed(ports, branch, { author, body, refused });
    case 'line': {
      const mine = isOwn(branch, author.seat);
      if (branch.key?.seats.includes(author.seat) !== true || !(mine || author.proven))
        return refused('unproven');
      const { seat, device } = author;
      return { branch, outcomes: [{ kind: 'line', seat, device, text: body.text, mine }] };
    }
    default: {
      const key = ports.crypto.signerFromSecret('ed25519', body.secretKey).publicKey;
      const published = sameBytes(key, author.signer);
      return gone(branch, author, published ? 'left' : 'false-key');
    }
  }
}

function met(
  ports: Ports,
  { identity }: AtRoom,
  branch: Branch,
  { author, body, refused }: Said & { body: Extract<BranchBody, { kind: 'meet' }> },
): Step {
  const { own, door } = branch;
  const mine = sideOf(own);
  if (mine === undefined) return { branch, outcomes: [] };
  if (author.seat === mine.seat) {
    const seats = new Map(branch.seats);
    for (const [number, seat] of seats)
      seats.set(number, {
        ...seat,
        greeted: seat.greeted || body.greets.some((one) => one.seat === number),
        owed: body.answers.some((one) => one.seat === number) ? null : seat.owed,
      });
    return { branch: { ...branch, seats }, outcomes: [] };
  }
  const greeting = body.greets.find(({ seat }) => seat === mine.seat);
  const answer = body.answers.find(({ seat }) => seat === mine.seat);
  const log = door.id;
  const owed =
    greeting &&
    answerTo(ports, { log, sealSecretKey: identity.seal.secretKey, mine }, author, greeting.sealed);
  let next = withSeat(branch, { ...author, owed: owed ?? author.owed });
  if (answer === undefined) return { branch: next, outcomes: [] };
  if (!author.greeted || !answersRight(ports.crypto, { log, own, mine }, author, answer.mac)) {
    const step = refused('false-answer');
    return { ...step, branch: next };
  }
  const seat = { ...author, owed: owed ?? author.owed, proven: true };
  next = withSeat(next, seat);
  // The same device came again: its process before this one is no more.
  for (const other of present(next))
    if (other.seat < seat.seat && digestKey(other.device) === digestKey(seat.device))
      next = withSeat(next, { ...other, gone: 'replaced' });
  return { branch: next, outcomes: author.proven ? [] : [{ kind: 'proven', seat }] };
}

function rekeyed(
  ports: Ports,
  branch: Branch,
  { author, body, refused }: Said & { body: Extract<BranchBody, { kind: 'key' }> },
): Step {
  const { own, door, seq } = branch;
  if (own.seat === null) return { branch, outcomes: [] };
  const numbers = body.seats.map(({ seat }) => seat);
  const isSet = new Set(numbers).size === numbers.length && numbers.includes(author.seat);
  const areThere = numbers.every((number) => branch.seats.get(number)?.gone === null);
  if (!isSet || !areThere) return refused('malformed');
  // Until it has proven whose seat it is, nobody takes a working key away.
  if (isOpen(branch) && !author.proven && !isOwn(branch, author.seat)) return refused('unproven');
  const given = body.seats.find(({ seat }) => seat === own.seat);
  if (given === undefined) return { branch: { ...branch, key: null }, outcomes: [] };
  const key = openKey(
    ports,
    { log: door.id, seq },
    { ...own, seat: own.seat },
    { commitment: body.commitment, sealed: given.sealed },
  );
  if (!key.ok) return refused('false-key');
  branch.key?.bytes.fill(0);
  return { branch: { ...branch, key: { bytes: key.value, seats: numbers } }, outcomes: [] };
}

function gone(branch: Branch, author: Seat, how: 'left' | 'false-key' | 'removed'): Step {
  const seat: Seat = { ...author, gone: how };
  const next = withSeat(branch, seat);
  if (branch.own.seat === null) return { branch: next, outcomes: [] };
  if (isOwn(branch, seat.seat)) return { branch: next, outcomes: [{ kind: 'ended' }] };
  const outcomes: BranchOutcome[] = [{ kind: 'left', seat, published: how === 'left' }];
  if (branch.opened && present(next).length === 0) outcomes.push({ kind: 'over' });
  return { branch: next, outcomes };
}

/** Lets go whom the record of the room has removed or suspended meanwhile. */
export function reviewBranch(transcript: Transcript, before: Branch): Step {
  let branch = before;
  const outcomes: BranchOutcome[] = [];
  for (const seat of before.seats.values()) {
    if (seat.gone !== null || guestOf(transcript, seat.device) !== undefined) continue;
    const step = gone(branch, seat, 'removed');
    branch = step.branch;
    outcomes.push(...step.outcomes);
  }
  return { branch, outcomes };
}
