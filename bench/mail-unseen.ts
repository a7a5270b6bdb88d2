// Forged mails of kinds that the detectors were not written against: made after them, from what attackers are said to do.

import type { Base, Dice } from './mail-bases.ts';
import { assemble, quoted, toBytes, type Parts } from './mail-classes.ts';
import type { Made } from './mail-bases.ts';

const HOSTS = [
  'consulting-group.example.net',
  'thinktank-review.example.org',
  'event-services.example.com',
  'hosting-77.example.net',
];

/** Letters of mathematics that look like Latin ones: bold, italic, double-struck. */
function mathLetters(name: string, dice: Dice): string {
  const start = dice.of([0x1d400, 0x1d434, 0x1d5a0, 0x1d670]);
  return Array.from(name, (letter) => {
    const code = letter.charCodeAt(0);
    if (code >= 65 && code <= 90) return String.fromCodePoint(start + code - 65);
    // U+1D455, the italic h, was never given out.
    if (code >= 97 && code <= 122 && !(start === 0x1d434 && letter === 'h'))
      return String.fromCodePoint(start + 26 + code - 97);
    return letter;
  }).join('');
}

function lastFirst(name: string): string {
  const words = name.split(' ');
  return `${(words.at(-1) ?? '').toUpperCase()} ${words.slice(0, -1).join(' ')}`;
}

function elsewhere(local: string, dice: Dice): string {
  return `${local}${dice.below(90)}@${dice.of(HOSTS)}`;
}

type Maker = (base: Base, dice: Dice) => Parts;

export const UNSEEN: Readonly<Record<string, Maker>> = {
  'U1 office of the person': (base, dice) => {
    const fake = elsewhere('office', dice);
    const shown = dice.of([`Office of ${base.name}`, `${base.name} - Private Office`]);
    return { from: `From: ${quoted(shown)} <${fake}>\n`, envelope: fake };
  },
  'U2 assistant, signed by the person': (base, dice) => {
    const fake = elsewhere('assistant', dice);
    const body = `Dear colleague,\n\nthe minister asks you to confirm by tonight.\n\nWith kind regards,\n${base.name}\n${base.address}\n`;
    return {
      from: `From: ${quoted('Personal Assistant')} <${fake}>\n`,
      envelope: fake,
      body,
      plain: true,
    };
  },
  'U3 real domain in front of another': (base, dice) => {
    const [local = '', domain = ''] = base.address.split('@');
    const tail = dice.of(['session-id.net', 'mailgate.org', 'cloud-eu.com']);
    const fake = `${local}@${domain}.${tail}`;
    return { from: `From: ${quoted('Notification')} <${fake}>\n`, envelope: fake };
  },
  'U4 letters of mathematics': (base, dice) => {
    const fake = elsewhere('desk', dice);
    return { from: `From: ${quoted(mathLetters(base.name, dice))} <${fake}>\n`, envelope: fake };
  },
  'U5 title, capitals, other order': (base, dice) => {
    const fake = elsewhere('mail', dice);
    const shown = `H.E. Ambassador ${lastFirst(base.name)}`;
    return { from: `From: ${quoted(shown)} <${fake}>\n`, envelope: fake };
  },
  'U6 a colleague forwards a look-alike as text': (base, dice) => {
    const [local = '', domain = ''] = base.address.split('@');
    const labels = domain.split('.');
    // Under a longer domain a stranger can register nothing, so its dots become hyphens.
    const twisted =
      labels.length > 2
        ? `${labels.join('-')}.${dice.of(['com', 'net', 'org'])}`
        : `${labels[0]}-${dice.of(['secure', 'login', 'mail'])}.${labels[1]}`;
    const body = `FYI, is this theirs?\n\n---------- Forwarded message ---------\nFrom: ${base.name} <${local}@${twisted}>\nDate: Mon, Oct 5, 2026 at 9:12 AM\nSubject: ${base.subject.replace(/\s+/g, ' ')}\nTo: <${base.to}>\n\nPlease open the annex today.\n`;
    return { from: 'From: "Colleague" <colleague@our-mission.example>\n', body, plain: true };
  },
};

/** As the seven classes are made; a text of ours goes out as plain text. */
export function makeUnseen(kind: string, base: Base, dice: Dice): Made {
  const parts = (UNSEEN[kind] as Maker)(base, dice);
  const rest =
    parts.plain === true
      ? 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
      : base.rest;
  return {
    kind,
    source: base.source,
    bytes: toBytes(base.source, assemble({ ...base, rest }, parts, dice)),
  };
}
