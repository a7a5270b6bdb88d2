// Forged mails for the mail bench: seven kinds of impersonation, header tricks, and what a mailing list does to a mail.
//
// Shares no code with the detectors: it splits headers, changes letters and builds addresses by itself.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Base, Dice, Made } from './mail-bases.ts';

const FREE = [
  'gmail.com',
  'outlook.com',
  'yahoo.com',
  'proton.me',
  'naver.com',
  'mail.ru',
  'gmx.net',
  'hotmail.com',
];
export type Parts = {
  from: string;
  extra?: string;
  envelope?: string;
  name?: string;
  body?: string;
  subject?: string;
  ip?: string;
  /** The body is ours: its MIME lines are not the base's. */
  plain?: boolean;
};

export function assemble(base: Base, parts: Parts, dice: Dice): string {
  const envelope = parts.envelope ?? base.address;
  const host = envelope.split('@')[1] ?? 'mail.example';
  const ip =
    parts.ip ??
    `${[45, 62, 81, 103, 185, 193][dice.below(6)]}.${dice.below(250) + 1}.${dice.below(250)}.${dice.below(250) + 1}`;
  const id = createHash('sha256')
    .update(`${dice.below(1e9)} ${base.subject}`)
    .digest('hex')
    .slice(0, 20);
  const at = new Date(Date.parse(base.date.replace(/\([^)]*\)/g, '')) || Date.UTC(2026, 9, 5));
  const stamp = (seconds: number): string =>
    new Date(at.getTime() + 1000 * seconds).toUTCString().replace('GMT', '+0000');
  return (
    `Return-Path: <${envelope}>\n` +
    `Received: from mail.${host} (mail.${host} [${ip}])\n\tby mx.our-mission.example (Postfix) with ESMTPS id ${id.slice(0, 10).toUpperCase()}\n\tfor <${base.to}>; ${stamp(4)}\n` +
    `Received: from [10.0.${dice.below(255)}.${dice.below(255)}] by mail.${host} with ESMTPSA; ${stamp(1)}\n` +
    `${parts.extra ?? ''}${parts.from}To: ${base.to}\nSubject: ${parts.subject ?? base.subject}\nDate: ${stamp(0)}\nMessage-ID: <${id}@${host}>\n${base.rest}\n${parts.body ?? base.body}`
  );
}

export function quoted(name: string): string {
  return /[^\x20-\x7e]/.test(name)
    ? `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
    : `"${name}"`;
}

/** Latin-1 text of a real mail, or UTF-8 of ours, as bytes with network line ends. */
export function toBytes(source: string, text: string): Buffer {
  return Buffer.from(text.replace(/\n/g, '\r\n'), source === 'written' ? 'utf8' : 'latin1');
}

const CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  o: 'о',
  p: 'р',
  x: 'х',
  y: 'у',
  i: 'і',
  s: 'ѕ',
  j: 'ј',
  A: 'А',
  B: 'В',
  C: 'С',
  E: 'Е',
  H: 'Н',
  K: 'К',
  M: 'М',
  O: 'О',
  P: 'Р',
  T: 'Т',
  X: 'Х',
  n: 'п',
  m: 'м',
  k: 'к',
  t: 'т',
  h: 'һ',
};
const GREEK: Readonly<Record<string, string>> = {
  A: 'Α',
  B: 'Β',
  E: 'Ε',
  I: 'Ι',
  K: 'Κ',
  M: 'Μ',
  N: 'Ν',
  O: 'Ο',
  P: 'Ρ',
  T: 'Τ',
  o: 'ο',
  v: 'ν',
  a: 'α',
  i: 'ι',
  u: 'υ',
};

function foreignLetters(name: string, dice: Dice): string {
  const map = dice.below(4) === 0 ? GREEK : CYRILLIC;
  const places = Array.from(name)
    .map((letter, at) => (map[letter] === undefined ? -1 : at))
    .filter((at) => at >= 0);
  if (places.length === 0) return `${name.slice(0, 2)}\u200b${name.slice(2)}`;
  const chosen = new Set(
    Array.from({ length: 1 + dice.below(Math.min(3, places.length)) }, () => dice.of(places)),
  );
  return Array.from(name)
    .map((letter, at) => (chosen.has(at) ? (map[letter] ?? letter) : letter))
    .join('');
}

function namesLike(name: string, dice: Dice): string {
  const words = name.split(' ');
  switch (dice.below(6)) {
    case 0:
      return [words.at(-1) ?? '', ...words.slice(0, -1)].join(' ');
    case 1:
      return `${words.at(-1) ?? ''}, ${words.slice(0, -1).join(' ')}`;
    case 2:
      return name.toUpperCase();
    case 3:
      return `Dr. ${name}`;
    case 4:
      return `${name} (private)`;
    default:
      return name;
  }
}

const twists = new Map<string, readonly string[]>();

/** Variants by Debian's dnstwist where it is installed, else five rules of our own. */
export function variantsOf(domain: string): readonly string[] {
  const known = twists.get(domain);
  if (known !== undefined) return known;
  let made: string[];
  try {
    made = execFileSync('dnstwist', ['--format', 'list', domain], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    })
      .split('\n')
      .filter((line) => line !== '' && line !== domain);
  } catch {
    const [label = '', ...rest] = domain.split('.');
    const end = rest.join('.');
    made = [
      `${label}-mail.${end}`,
      `${label}s.${end}`,
      `${label.slice(0, -1)}.${end}`,
      `${label.replace('m', 'rn')}x.${end}`,
      `${label}.${end}.co`,
      `${label.charAt(0)}-${label.slice(1)}.${end}`,
    ];
  }
  twists.set(domain, made);
  return made;
}

function freeAddress(base: Base, dice: Dice): string {
  const local = base.address.split('@')[0] ?? 'mail';
  return `${local.replace(/[^a-z0-9.]/g, '')}${dice.below(900) + 10}@${dice.of(FREE)}`;
}

type Maker = (base: Base, dice: Dice) => Parts;

/** The seven classes of the issue. */
export const CLASSES: Readonly<Record<string, Maker>> = {
  '1 exact address, no proof': (base) => ({
    from: `From: ${quoted(base.name)} <${base.address}>\n`,
  }),
  '2 look-alike domain': (base, dice) => {
    const [local = '', domain = ''] = base.address.split('@');
    const fake = `${local}@${dice.of(variantsOf(domain))}`;
    return {
      from: `From: ${quoted(dice.below(3) === 0 ? 'Secretariat' : base.name)} <${fake}>\n`,
      envelope: fake,
    };
  },
  '3 real name, free address': (base, dice) => {
    const fake = freeAddress(base, dice);
    return { from: `From: ${quoted(namesLike(base.name, dice))} <${fake}>\n`, envelope: fake };
  },
  '4 answers go elsewhere': (base, dice) => ({
    from: `From: ${quoted(base.name)} <${base.address}>\nReply-To: ${quoted(base.name)} <${freeAddress(base, dice)}>\n`,
  }),
  '5 real address in the name': (base, dice) => {
    const fake = freeAddress({ ...base, address: 'office@x' }, dice);
    const shown = dice.of([
      base.address,
      `${base.name} <${base.address}>`,
      `${base.name} ${base.address}`,
      `<${base.address}>`,
      `${base.address} (via secure mail)`,
    ]);
    return { from: `From: "${shown.replace(/"/g, '')}" <${fake}>\n`, envelope: fake };
  },
  '6 foreign letters in the name': (base, dice) => {
    const fake = freeAddress({ ...base, address: 'delegation@x' }, dice);
    return { from: `From: ${quoted(foreignLetters(base.name, dice))} <${fake}>\n`, envelope: fake };
  },
  '7 several sender lines': (base, dice) => {
    const fake = freeAddress(base, dice);
    const real = `From: ${quoted(base.name)} <${base.address}>\n`;
    const other = `From: <${fake}>\n`;
    return { from: dice.below(2) === 0 ? real + other : other + real, envelope: fake };
  },
};

/** Header tricks against mail programs, written anew from what is published about them. R is the real, E another address. */
export const TRICKS: Readonly<Record<string, Maker>> = Object.fromEntries(
  (
    [
      ['two mailboxes', 'From: <R>, <E>\n'],
      ['two mailboxes, other order', 'From: <E>, <R>\n'],
      ['group', 'From: R:<E>;\n'],
      ['group of two', 'From: Delegation:<R>,<E>;\n'],
      ['route', 'From: <@relay.example,@x.example:R>\n'],
      ['two brackets', 'From: <R><E>\n'],
      ['text after the bracket', 'From: <E> R\n'],
      ['nested brackets', 'From: <<R>E>\n'],
      ['comment before the domain', 'From: <E(R)>\n'],
      ['quoted local part', 'From: "R"@evil.example\n'],
      ['quoted local part in brackets', 'From: <"R"@evil.example>\n'],
      ['NUL in the address', 'From: <R\0@evil.example>\n'],
      ['encoded address', 'From: =?utf-8?B?B64R?= <E>\n'],
      ['encoded whole field', 'From: =?utf-8?Q?=22QR=22_=3C?= <E>\n'],
      ['space before the colon', 'From : <R>\nFrom: <E>\n'],
      ['folded name', 'From\n : <R>\nFrom: <E>\n'],
      ['leading space', ' From: <R>\nFrom: <E>\n'],
      ['Sender is the real one', 'From: <E>\nSender: <R>\n'],
      ['Resent lines', 'Resent-From: <R>\nFrom: <R>\n'],
      ['upper case second', 'FROM: <R>\nfrom: <E>\n'],
      ['full-width name', '\u00ef\u00bc\u00a6rom: <R>\nFrom: <E>\n'],
      [
        'long name pushes the address out',
        'From: "R                                                                                                     " <E>\n',
      ],
      ['carriage return inside', 'From: <R>\r\rFrom: <E>\n'],
      ['backslash escape', 'From: <R\\@evil.example>\n'],
    ] as const
  ).map(([name, pattern]) => [
    name,
    (base: Base, dice: Dice): Parts => {
      const fake = freeAddress({ ...base, address: 'box@x' }, dice);
      const b64 = Buffer.from(base.address).toString('base64');
      const from = pattern
        .replaceAll('B64R', b64)
        .replaceAll('QR', base.address.replace('@', '=40'))
        .replace(/\bR\b/g, base.address)
        .replace(/\bE\b/g, fake);
      return { from, envelope: fake };
    },
  ]),
);

export function make(kind: string, maker: Maker, base: Base, dice: Dice): Made {
  return {
    kind,
    source: base.source,
    bytes: toBytes(base.source, assemble(base, maker(base, dice), dice)),
  };
}

/** A mail as its real author would have sent it, before any seal. */
export function genuine(base: Base, dice: Dice): Buffer {
  return make('genuine', CLASSES['1 exact address, no proof'] as Maker, base, dice).bytes;
}

export const LIST_HOST = 'lists.our-forum.example';

const FOOTER = `_______________________________________________\nTalks mailing list -- talks@${LIST_HOST}\nTo leave, write to talks-leave@${LIST_HOST} or see https://${LIST_HOST}/info/talks\n`;

/** What a mailing list does to a mail: tags the subject, adds its lines, and a footer inside or as a part of its own. */
export function throughList(bytes: Buffer, how: 'footer' | 'wrap' | 'recode' | 'plain'): Buffer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  let head = text.slice(0, end).replace(/^Subject: /im, 'Subject: [talks] ');
  let body = text.slice(end + 4);
  const own = `List-Id: Talks <talks.${LIST_HOST}>\r\nList-Post: <mailto:talks@${LIST_HOST}>\r\nPrecedence: list\r\n`;
  const footer = FOOTER.replace(/\n/g, '\r\n');
  const take = (name: string): string => {
    const found =
      new RegExp(`^${name}:[^\\r\\n]*(?:\\r\\n[ \\t][^\\r\\n]*)*\\r\\n`, 'im').exec(
        `${head}\r\n`,
      )?.[0] ?? '';
    head = `${head}\r\n`.replace(found, '').replace(/\r\n$/, '');
    return found;
  };
  const encoding =
    /^content-transfer-encoding:\s*([\w-]+)/im.exec(head)?.[1]?.toLowerCase() ?? '7bit';
  const type = /^content-type:\s*([\w/-]+)/im.exec(head)?.[1]?.toLowerCase() ?? 'text/plain';
  if (how === 'recode' && type === 'text/plain' && ['7bit', '8bit'].includes(encoding)) {
    take('content-transfer-encoding');
    head += '\r\nContent-Transfer-Encoding: base64';
    body = (
      Buffer.from(`${body.replace(/(?:\r\n)+$/, '\r\n')}${footer}`, 'latin1')
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n');
  } else if (how === 'footer' && type === 'text/plain' && ['7bit', '8bit'].includes(encoding))
    body = `${body.replace(/(?:\r\n)*$/, '\r\n')}${footer}`;
  else if (how !== 'plain') {
    const inner = `${take('content-type')}${take('content-transfer-encoding')}${take('content-disposition')}`;
    const mark = `===============${createHash('sha256').update(body).digest('hex').slice(0, 19)}==`;
    head += `\r\nContent-Type: multipart/mixed; boundary="${mark}"`;
    body = `--${mark}\r\n${inner}\r\n${body}\r\n--${mark}\r\nContent-Type: text/plain; charset="us-ascii"\r\nContent-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n${footer}--${mark}--\r\n`;
  }
  return Buffer.from(
    `Received: from ${LIST_HOST} (${LIST_HOST} [198.51.100.7])\r\n\tby mx.our-mission.example; Mon, 5 Oct 2026 10:00:00 +0000\r\n${own}${head}\r\n\r\n${body}`,
    'latin1',
  );
}
