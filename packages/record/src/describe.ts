// A verified record in sentences, for a terminal or a letter. Foreign names are quoted and isolated.

import { quoted, shortFingerprint, timeText } from './display-text.ts';
import type { DeviceReport, PartyReport, RecordReport } from './report.ts';

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function devicePhrase(device: DeviceReport): string {
  const removed = device.removed === null ? '' : `, removed by entry ${device.removed.at}`;
  const signed = counted(device.entries, 'entry', 'entries');
  return `${quoted(device.member)} (${quoted(device.label)}): signed ${signed}, has seen the first ${device.acknowledged}${removed}.`;
}

function partySentences(party: PartyReport): string[] {
  const verified =
    party.admittedAt === 0
      ? 'it founded the room'
      : party.verified
        ? 'verified by another party'
        : 'not verified by any party';
  const mismatch = party.verifications.some(({ how }) => how === 'mismatch')
    ? ' Another party reported that its words did NOT match.'
    : '';
  return [
    `${quoted(party.name)}, authority ${shortFingerprint(party.fingerprint)}..., ${verified}; it has seen the first ${counted(party.acknowledged, 'entry', 'entries')}.${mismatch}`,
    ...party.devices.map((device) => `  ${devicePhrase(device)}`),
  ];
}

/** What the record shows, then what it cannot show. Lines that begin with two spaces belong to the line above. */
export function describeRecord(report: RecordReport): string[] {
  const { size, withheld, firstMs, lastMs, checkpoints, receipts } = report;
  const span =
    firstMs === null || lastMs === null
      ? ''
      : ` from ${timeText(firstMs)} to ${timeText(lastMs)}, by their authors' clocks`;
  const last = checkpoints.at(-1);
  const backwards =
    report.timesBackwards === 0
      ? []
      : [
          `${counted(report.timesBackwards, 'entry claims', 'entries claim')} an earlier time than the entry before.`,
        ];
  return [
    `The record of ${quoted(report.name)} is whole: ${counted(size, 'entry', 'entries')}${span}.`,
    `Room ${report.room}, root ${report.root}.`,
    withheld === 0
      ? 'No words were withheld.'
      : `The words of ${counted(withheld, 'entry', 'entries')} were withheld; who wrote them, when and of what kind was not.`,
    ...report.parties.flatMap((party) => partySentences(party)),
    last === undefined
      ? 'The file holds no cosigned checkpoint.'
      : `${counted(checkpoints.length, 'checkpoint')}; the last covers ${counted(last.size, 'entry', 'entries')} and is signed by ${last.cosigners.map(({ member }) => quoted(member)).join(', ')}.`,
    `${counted(receipts.length, 'relay receipt')}${report.receiptsUnreadable === 0 ? '' : `, and ${report.receiptsUnreadable} that nobody signed as they say`}.`,
    ...backwards,
    'Whoever exported this file chose where it ends: compare its size and root with the other side. Compare the authority fingerprints with the ones you know.',
  ];
}
