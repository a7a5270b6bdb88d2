// How a room of some parties stands to its plenary: who is in it that the plenary has let go, and whether it may be used.

import { toHex } from '@parley/kernel';
import { activeDevices, maySign, type Device, type RoomTerms } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { proposalAt, proposalSentence } from './restart-proposal.ts';
import { channelOf, isRoomName } from './room-name.ts';
import { inChannel } from './same-device.ts';

export type RoomKind = RoomTerms['kind'];

/** Who is in a channel, and who they are, is settled in its plenary. */
export function requirePlenary(name: string): void {
  if (!isRoomName(name)) return;
  throw new DeskRefusal('wrong-use', 'for-the-channel', {
    message:
      'Who is in a channel, and who they are, is settled in the channel, not in one of its rooms.',
    next: `give the channel: ${channelOf(name)}`,
  });
}

/** The devices of a room that its plenary has removed, has suspended, or never had. */
export function strangersIn(context: Context, card: OpenCard): Device[] {
  if (!isRoomName(card.name)) return [];
  const plenary = context.plenaryOf(card);
  const { transcript } = context.room(card);
  return [...transcript.devices.values()].filter((device) => {
    // One that is suspended here reads nothing here either.
    if (!maySign(device)) return false;
    const there = inChannel(context, plenary, device);
    return there === undefined || !maySign(there);
  });
}

/** The names of the other parties of a restarted channel that have not accepted to go on from the earlier record. */
function notAccepted(context: Context, card: OpenCard): string[] {
  const { transcript } = context.room(card);
  const { earlier } = transcript.terms;
  const before = earlier === null ? undefined : context.roomNamed(earlier.room)?.transcript;
  if (before === undefined) return [];
  const own = toHex(context.ownParty(card));
  const founder = [...transcript.parties.values()].find((party) => party.admittedAt === 0);
  return [...before.parties.values()]
    .filter(({ fingerprint }) => {
      const key = toHex(fingerprint);
      if (key === own || (founder !== undefined && key === toHex(founder.fingerprint)))
        return false;
      if (activeDevices(before, fingerprint).length === 0) return false;
      return activeDevices(transcript, fingerprint).every((device) => device.entries === 0);
    })
    .map((party) => party.name);
}

/** What has to be done in a room, as sentences: shown until it is done. */
export function overdueIn(context: Context, card: OpenCard): string[] {
  const proposal = proposalAt(context, card);
  const waiting = [
    ...(proposal === undefined
      ? []
      : [`${proposalSentence(proposal)}: parley channel restart ${card.name}`]),
    ...notAccepted(context, card).map((party) => `${party} has not accepted the restart yet`),
  ];
  return [...waiting, ...strangerSentences(context, card)];
}

function strangerSentences(context: Context, card: OpenCard): string[] {
  return strangersIn(context, card).map(
    ({ certificate: { party, member, label } }) =>
      `${party} / ${member} (${label}) is no longer in the channel and still has to be taken out of this room`,
  );
}

/**
 * Refuses to say anything in a room where a device would read it that the plenary has let go, and in one with parties
 * whose plenary is frozen: what makes them known is in doubt. A caucus goes on, so that a party can consult.
 */
export function requireStanding(context: Context, card: OpenCard): void {
  const [unaccepted] = notAccepted(context, card);
  if (unaccepted !== undefined) {
    throw new DeskRefusal('waiting', 'restart-not-accepted', {
      message: `${unaccepted} has not accepted yet to go on in this room. Nothing was sent.`,
      next: `ask them to run "parley channel restart", then: parley sync ${card.name}`,
    });
  }
  if (!isRoomName(card.name)) return;
  const plenary = context.plenaryOf(card);
  const { terms } = context.room(card).transcript;
  if (plenary.frozen?.startsWith('removed') === true) {
    throw new DeskRefusal('policy', 'removed', {
      message: 'This device was removed from the channel, and so from its rooms.',
      next: 'ask a fellow officer of your party to admit this device again',
    });
  }
  if (plenary.frozen !== null && terms.kind !== 'caucus') {
    throw new DeskRefusal('tampering', 'frozen', {
      message: `The channel is frozen (${plenary.frozen}), and its rooms with other parties with it.`,
      next: `talk to the other side by another way; then: parley channel restart ${plenary.name}`,
    });
  }
  const own = toHex(context.ownParty(card));
  const [stranger] = strangersIn(context, card);
  if (stranger === undefined) return;
  const { party, member, label } = stranger.certificate;
  throw new DeskRefusal('policy', 'stranger-in-room', {
    message: `${party} / ${member} (${label}) is no longer in the channel and could still read this room. Nothing was sent.`,
    next:
      toHex(stranger.party) === own
        ? `run "parley sync ${channelOf(card.name)}": your desk takes it out`
        : 'their party has to take it out: ask them, or write in the plenary',
  });
}
