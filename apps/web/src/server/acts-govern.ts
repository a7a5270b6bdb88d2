// What the page can ask of a party's own government, of rooms and of the other ways to verify: grave acts by passphrase.

import { isAbsolute } from 'node:path';
import type { Desk } from '@parley/desk';
import type { Asked } from './asked.ts';
import type { Act } from './acts.ts';
import { PageRefusal } from './refusals.ts';
import type {
  ComeBackAnswer,
  DisclosureAnswer,
  MeetingAnswer,
  OwnPartyAnswer,
  RecoveryAnswer,
  SharedAnswer,
  WritingAnswer,
  WrittenAnswer,
} from './wire.ts';

const NAME_MAX = 200;
const REASON_MAX = 1000;
const PASSPHRASE_MAX = 1024;
const CODE_MAX = 8192;
const FOLDER_MAX = 4096;

const channelOf = (asked: Asked): string => asked.text('channel', NAME_MAX);
const memberOf = (asked: Asked): string => asked.text('member', NAME_MAX);
const reasonOf = (asked: Asked): string => asked.text('reason', REASON_MAX);

/** An act that is done only with the vault's passphrase. */
function grave(act: Act): Act {
  return (at, asked) => {
    at.confirmation.require(asked.text('passphrase', PASSPHRASE_MAX));
    return act(at, asked);
  };
}

async function ownParty(desk: Desk): Promise<OwnPartyAnswer> {
  const { members, holdsAuthority } = desk.party.view();
  const { asking, proposals } = await desk.party.requests();
  return {
    holdsAuthority,
    members: members.map(({ member, devices }) => ({
      member,
      devices: devices.map(({ id, label, role, suspended, here }) => ({
        id,
        label,
        role,
        suspended,
        here,
      })),
    })),
    asking: asking.map(({ id, member, device, role }) => ({ id, member, device, role })),
    proposals: proposals.map(({ id, fingerprint, member, device, by, mine }) => ({
      id,
      fingerprint,
      member,
      device,
      by,
      mine,
    })),
    sharesAsked: desk.party.recovery
      .asked()
      .map(({ member, deviceId, reason }) => ({ member, deviceId, reason })),
  };
}

const entryOf = (asked: Asked): string => String(asked.whole('entry', { min: 0, max: 1e9 }));

const forwarded = (asked: Asked) => ({
  from: channelOf(asked),
  entry: entryOf(asked),
  to: asked.text('to', NAME_MAX),
});

export const GOVERNING: Readonly<Record<string, Act>> = {
  meeting: ({ desk }, asked): Promise<MeetingAnswer> => desk.verifying.meeting(channelOf(asked)),
  scanned: ({ desk }, asked) =>
    desk.verifying.scanned(channelOf(asked), asked.text('code', CODE_MAX)),
  writing: ({ desk }, asked): Promise<WritingAnswer> =>
    desk.verifying.writing(channelOf(asked), asked.text('language', 20)),
  written: ({ desk }, asked) =>
    desk.verifying.written(channelOf(asked), asked.text('words', REASON_MAX)),

  'open-room': ({ desk }, asked) =>
    desk.rooms.open({
      channel: channelOf(asked),
      kind: asked.oneOf('kind', ['caucus', 'bilateral']),
      with: asked.text('with', 20_000).split('\n').filter(Boolean),
      name: asked.text('name', NAME_MAX),
    }),
  /** Shows what would be disclosed; only what was shown can be forwarded afterwards. */
  disclose: ({ desk }, asked): DisclosureAnswer => desk.rooms.disclose(forwarded(asked)),
  forward: ({ desk }, asked) => desk.rooms.forward(forwarded(asked)),

  /** An original is asked for, approved and written to a file by the client. No act answers with its bytes. */
  'ask-original': ({ desk }, asked) =>
    desk.originals.ask(channelOf(asked), entryOf(asked), reasonOf(asked)),
  'approve-original': grave(({ desk }, asked) =>
    desk.originals.approve(channelOf(asked), entryOf(asked)),
  ),
  'write-original': grave(async ({ desk }, asked): Promise<WrittenAnswer> => {
    const folder = asked.text('folder', FOLDER_MAX);
    if (!isAbsolute(folder)) {
      throw new PageRefusal(400, 'no-such-folder', {
        message: 'The directory is named from the root of this machine.',
        next: 'give its whole path',
      });
    }
    const written = await desk.originals.write(channelOf(asked), entryOf(asked), { folder });
    return { path: written.path, sha256: written.sha256 };
  }),

  'own-party': ({ desk }) => ownParty(desk),
  'invite-fellow': grave(({ desk }, asked) =>
    desk.party.invite({
      member: memberOf(asked),
      role: asked.oneOf('role', ['officer', 'member']),
      days: 7,
    }),
  ),
  'admit-fellow': grave(async ({ desk }, asked) => ({
    steps: await desk.party.admit(asked.text('id', 128)),
  })),
  suspend: grave(({ desk }, asked) => desk.party.suspend(memberOf(asked), reasonOf(asked))),
  resume: grave(({ desk }, asked) => desk.party.resume(memberOf(asked), reasonOf(asked))),
  rename: grave(({ desk }, asked) =>
    desk.party.rename(memberOf(asked), asked.text('to', NAME_MAX)),
  ),
  /** A desk that was suspended, or was let go by a lost state, asks with an invitation of its own party. */
  'come-back': ({ desk }, asked): Promise<ComeBackAnswer> =>
    desk.party.join(asked.text('invitation', CODE_MAX).trim()),

  'share-recovery': grave(async ({ desk }, asked): Promise<SharedAnswer> => {
    const { officers } = await desk.party.recovery.share(
      asked.whole('needed', { min: 2, max: 99 }),
    );
    return { officers };
  }),
  'ask-recovery': grave(({ desk }, asked) => desk.party.recovery.ask(reasonOf(asked))),
  'give-recovery': grave(({ desk }, asked) => desk.party.recovery.give(asked.text('device', 128))),
  recover: grave(({ desk }): Promise<RecoveryAnswer> => desk.party.recovery.recover()),

  object: ({ desk }, asked) =>
    desk.party.object(channelOf(asked), asked.text('device', 128), reasonOf(asked)),
};
