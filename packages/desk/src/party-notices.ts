// What a party's acts set off at this desk: an objection and a change of authority are told to the person until they were
// seen, and a share of the authority that is sealed to this device is kept.

import { sameBytes, say, type Said } from '@parley/kernel';
import type { EntryOutcome } from '@parley/channel';
import { deviceOf, fingerprint } from '@parley/record';
import type { AlarmCode } from './alarm-sentences.ts';
import { Alarms } from './alarms.ts';
import type { Context, OpenCard } from './context.ts';
import { keepShare } from './recovery-shares.ts';

/** Called inside the transaction that stores the entry. */
export function noticeParty(context: Context, card: OpenCard, outcome: EntryOutcome): void {
  const { vault, ports } = context;
  const { body, author, own } = outcome;
  const who = { party: author.certificate.party, member: author.member, entry: outcome.index };
  const tell = (said: Said<AlarmCode>): void => new Alarms(vault, card.room).addOnce(said);
  if (body.kind === 'recovery-shared' && sameBytes(author.party, context.ownParty(card)))
    keepShare(context, body);
  if (own) return;
  if (body.kind === 'objection') {
    const device = deviceOf(context.room(card).transcript, body.device);
    const { reason } = body;
    tell(
      device === undefined
        ? say('party-objection-elsewhere', { ...who, reason })
        : say('party-objection', {
            ...who,
            reason,
            label: device.certificate.label,
            whose: device.member,
            their: device.certificate.party,
          }),
    );
  }
  if (body.kind === 'authority-changed') {
    // The author is of the party as the entry left it: with one officer's word alone nothing has changed yet.
    if (!sameBytes(author.party, fingerprint(ports.crypto, body.authority))) return;
    tell(say('party-authority-changed', { ...who, reason: body.reason }));
  }
}
