// What waits for this desk's person, said with a sync that asks for it: somebody who used an invitation, a fellow officer who asks.

import { isFault, sameBytes, toHex } from '@parley/kernel';
import { deviceOf, isOfficer, type Device, type DeviceId } from '@parley/record';
import type { Admission } from './admission.ts';
import type { Context, OpenCard } from './context.ts';
import type { PartyAtDesk } from './party-at-desk.ts';
import { shareOf } from './recovery-shares.ts';
import { DeskRefusal } from './refusal.ts';
import { isRoomName } from './room-name.ts';
import type { SyncedChannel, SyncReport } from './traffic.ts';

type Parts = {
  readonly admission: Admission;
  readonly party: PartyAtDesk;
};

/** The same report, with a remark for each thing that a person is asked for, and the command that answers it. */
export async function withAwaiting(
  context: Context,
  parts: Parts,
  report: SyncReport,
): Promise<SyncReport> {
  const channels: SyncedChannel[] = [];
  let first = true;
  for (const channel of report.channels) {
    const here = isRoomName(channel.name) || channel.waiting !== undefined;
    const card = here ? undefined : context.openCard(channel.name);
    if (card === undefined || card.frozen !== null) {
      channels.push(channel);
      continue;
    }
    // Who asks to come into the party asks for all channels: said once, with the first.
    const fellows = first ? await fellowsAsking(parts) : [];
    first = false;
    const guests = await guestAsking(parts, card);
    const remarks = [
      ...channel.remarks,
      ...fellows,
      ...guests,
      ...officersAsk(context, parts, card),
    ];
    channels.push({ ...channel, remarks });
  }
  return { channels };
}

/** Nothing here is worth failing for: whoever waits is asked about again with the next sync. */
async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isFault(error) || error instanceof DeskRefusal) return undefined;
    throw error;
  }
}

async function guestAsking(
  { admission }: Parts,
  { name, invitations }: OpenCard,
): Promise<string[]> {
  if (invitations.length === 0) return [];
  const asking = await quietly(admission.request(name));
  if (asking === undefined) return [];
  const { member, party } = asking.view;
  return [
    `${member} of ${party} has used your invitation and asks to be let in: parley channel admit ${name}`,
  ];
}

async function fellowsAsking({ party }: Parts): Promise<string[]> {
  const asking = (await quietly(party.asking())) ?? [];
  return asking.map(
    ({ member, device }) =>
      `${member} (${device}) has used an invitation of your party and asks to be let in: parley party requests`,
  );
}

/** What fellow officers have said that takes this desk's word as well. */
function officersAsk(context: Context, { party: own }: Parts, card: OpenCard): string[] {
  const { device, transcript } = context.room(card);
  const me = deviceOf(transcript, device);
  const party = transcript.parties.get(toHex(context.ownParty(card)));
  if (me === undefined || party === undefined || !isOfficer(me)) return [];
  const fellow = (by: DeviceId): Device | undefined => {
    const found = deviceOf(transcript, by);
    return found !== undefined && isOfficer(found) && found.member !== me.member
      ? found
      : undefined;
  };
  const proposed = party.proposals.flatMap(({ on, by }) => {
    const officer = deviceOf(transcript, on) === undefined ? fellow(by) : undefined;
    return officer === undefined
      ? []
      : [`${officer.member} proposes to let a device in; you decide: parley party requests`];
  });
  const { loosening } = party;
  const asks = loosening === null ? undefined : fellow(loosening.by);
  const fewer =
    loosening === null || asks === undefined
      ? []
      : [
          `${asks.member} asks for other rules; if you agree: parley party policy --admission ${loosening.policy.officersForAdmission} --authority ${loosening.policy.officersForAuthority}`,
        ];
  const said = (by: DeviceId): boolean => sameBytes(by, me.id);
  const claims = party.claims.flatMap(({ on, by }) => {
    const answered = party.claims.some((one) => sameBytes(one.on, on) && said(one.by));
    const officer = answered ? undefined : fellow(by);
    return officer === undefined
      ? []
      : [
          `${officer.member} asks for a new authority key in place of a lost one: parley party authority show`,
        ];
  });
  const holds = shareOf(context, party.fingerprint) !== undefined;
  const shares = own.recovery
    .asked()
    .filter(({ channel }) => holds && channel === card.name)
    .map(
      ({ member }) => `${member} asks for your share of the authority: parley party recovery give`,
    );
  return [...proposed, ...fewer, ...claims, ...shares];
}
