// An entry into the room: judged by the record's rules, then what it means for ceremonies and admissions.

import { assert, sameBytes } from '@parley/kernel';
import {
  asDeviceId,
  decodeOpenedEntry,
  judge,
  readHeader,
  type Device,
  type Judged,
  type OpenedEntry,
} from '@parley/record';
import { advanceCeremonies } from './ceremony.ts';
import { compareSeen } from './fork.ts';
import type { Outcome } from './outcome.ts';
import { DEVICES_MAX } from './profile.ts';
import type { Room } from './room.ts';
import { saysTheRightWords } from './verification.ts';
import { COVER, freeze, freezeForFork, skip, type Context, type Taken } from './take.ts';

const NONCES_KEPT = 16;

/** An entry another device sent. `room` has its sender's ratchet moved on already. */
export function takeEntry(
  context: Context,
  room: Room,
  sender: Device,
  content: Uint8Array,
): Taken {
  if (content.length === COVER.length) return { room, outcomes: [] };
  const read = decodeOpenedEntry(content);
  if (!read.ok) return skip(context, room, 'malformed', read.reason);
  const entry = read.value;
  const header = readHeader(entry.signed);
  if (!header.ok) return skip(context, room, 'malformed', header.reason);
  if (!sameBytes(header.value.author, sender.id)) return skip(context, room, 'wrong-sender');

  const judged = judge(context.ports.crypto, room.transcript, entry);
  if (judged.ok) return settle(context, room, entry, judged.value);
  const detail = `${judged.reason}: ${judged.detail ?? ''}`;
  switch (judged.reason) {
    case 'stale-seen':
    case 'seen-ahead':
    case 'false-seen': {
      // The signature held, so its author answers for what it says it has seen.
      const { seen } = header.value;
      const comparison = compareSeen(room, context.history, seen);
      if (comparison === 'behind') return skip(context, room, 'stale', detail);
      const statement = { kind: 'entry', signed: entry.signed } as const;
      return freezeForFork(context, room, { statement, seen, by: sender }, detail);
    }
    default:
      return skip(context, room, 'not-allowed', detail);
  }
}

/** The entry this device sent came back in its place. */
export function takeOwnEntry(context: Context, room: Room): Taken {
  const { draft } = room;
  // Cover is sent only where no entry is drafted.
  if (draft === null) return { room, outcomes: [] };
  const entry = decodeOpenedEntry(draft.entry);
  assert(entry.ok, 'our own entry reads back');
  const { crypto } = context.ports;
  const judged = judge(crypto, room.transcript, entry.value);
  assert(judged.ok, 'our own entry still stands, since the record has not moved');
  let kept = room;
  if (draft.nonce !== null) {
    const nonces = [...room.nonces, { offer: draft.leaf, nonce: draft.nonce }];
    kept = { ...kept, nonces: nonces.slice(-NONCES_KEPT) };
  }
  const { body } = judged.value;
  const admits =
    body?.kind === 'party-admitted' ||
    body?.kind === 'device-admitted' ||
    body?.kind === 'admission-proposed';
  if (admits && draft.keyPackage !== null) {
    const device = asDeviceId(crypto.hash('sha256', body.certificate.body));
    const admission = { device, keyPackage: draft.keyPackage };
    const others = room.admissions.filter((one) => !sameBytes(one.device, device));
    kept = { ...kept, admissions: [...others, admission].slice(-DEVICES_MAX) };
  }
  return settle(context, kept, entry.value, judged.value);
}

function settle(context: Context, room: Room, entry: OpenedEntry, judged: Judged): Taken {
  const { transcript, author, body, header, index, leaf } = judged;
  assert(body !== null, 'an opened entry has a body');
  const { crypto } = context.ports;
  const { ceremonies, moved } = advanceCeremonies(crypto, room.ceremonies, {
    transcript,
    author,
    leaf,
    body,
  });
  const outcomes: Outcome[] = [
    {
      kind: 'entry',
      seq: context.seq,
      index,
      entry,
      header,
      body,
      author,
      leaf,
      root: transcript.root,
      own: sameBytes(author.id, room.device),
    },
  ];
  if (moved !== null) outcomes.push({ kind: 'ceremony', seq: context.seq, ceremony: moved });
  const after = { ...room, transcript, ceremonies };
  const mismatch =
    body.kind === 'mismatch' ||
    moved?.phase === 'mismatch' ||
    (body.kind === 'verified' &&
      body.how === 'writing' &&
      !saysTheRightWords(room.ceremonies, body));
  if (room.frozen === null && mismatch) {
    const who = author.certificate.party;
    const frozen = freeze(context, after, {
      reason: 'mismatch',
      detail: `the words did not match, as ${who} says`,
    });
    return { room: frozen.room, outcomes: [...outcomes, ...frozen.outcomes] };
  }
  return { room: after, outcomes };
}
