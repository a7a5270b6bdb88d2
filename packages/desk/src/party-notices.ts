// What a party's acts set off at this desk: an objection and a change of authority are told to the person until they were
// seen, and a share of the authority that is sealed to this device is kept.

import { sameBytes } from '@parley/kernel';
import type { EntryOutcome } from '@parley/channel';
import { deviceOf, fingerprint } from '@parley/record';
import { Alarms, PARTY_ALARM } from './alarms.ts';
import type { Context, OpenCard } from './context.ts';
import { keepShare } from './recovery-shares.ts';

/** Called inside the transaction that stores the entry. */
export function noticeParty(context: Context, card: OpenCard, outcome: EntryOutcome): void {
  const { vault, ports } = context;
  const { body, author, own } = outcome;
  const who = `${author.certificate.party} (${author.member})`;
  const tell = (sentence: string): void =>
    new Alarms(vault, card.room).addOnce(PARTY_ALARM + sentence);
  if (body.kind === 'recovery-shared' && sameBytes(author.party, context.ownParty(card)))
    keepShare(context, body);
  if (own) return;
  if (body.kind === 'objection') {
    const device = deviceOf(context.room(card).transcript, body.device);
    const whose =
      device === undefined
        ? 'a device that is not here'
        : `the device ${device.certificate.label} of ${device.member}, ${device.certificate.party}`;
    tell(`${who} objects to ${whose} (entry ${outcome.index}): ${body.reason}`);
  }
  if (body.kind === 'authority-changed') {
    // The author is of the party as the entry left it: with one officer's word alone nothing has changed yet.
    if (!sameBytes(author.party, fingerprint(ports.crypto, body.authority))) return;
    tell(
      `${who} has changed the authority key of its party (entry ${outcome.index}): ${body.reason}. It is not verified until words are compared anew`,
    );
  }
}
