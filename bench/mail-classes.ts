// Mails for the mail bench: genuine ones, seven kinds of impersonation and a set of header tricks, made from real mails.
//
// Shares no code with the detectors: it splits headers, changes letters and signs by itself (signing by mailauth). Sources:
// a public mailing list, a public ham collection (both under ../shared, read and never copied) and letters written here.

import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

export type Base = {
  readonly source: string;
  readonly name: string;
  readonly address: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  /** MIME and mailer fields, as they stood, with line ends. */
  readonly rest: string;
  readonly body: string;
};

export type Made = { readonly kind: string; readonly source: string; readonly bytes: Buffer };

/** Numbers that look random and are the same in every run of one seed. */
export class Dice {
  #state: number;
  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * limit);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

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
const FREE_LIKE =
  /(?:gmail|yahoo|hotmail|outlook|aol|msn|live|gmx|proton|icloud|mail\.ru|web\.de|qq\.com|163\.com)/;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

const KEEP =
  /^(?:mime-version|content-[a-z-]+|user-agent|x-mailer|importance|x-priority|accept-language|thread-topic|organization)$/i;

/** A real mail taken apart; null where its sender has no proper name. */
function takeApart(source: string, raw: string): Base | null {
  const text = raw.replace(/\r\n/g, '\n').replace(/^From [^\n]*\n/, '');
  const end = text.indexOf('\n\n');
  if (end < 0) return null;
  const fields = text
    .slice(0, end)
    .split(/\n(?![ \t])/)
    .map(
      (line) =>
        [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const,
    );
  const get = (name: string): string =>
    fields.find(([written]) => written.toLowerCase() === name)?.[1] ?? '';
  const from = /^"?([^"<]{3,60}?)"?\s*<([^\s<>@]+@[^\s<>@]+)>$/.exec(
    get('from').replace(/\n\s*/g, ' '),
  );
  if (from === null || /=\?|via |@/.test(from[1] ?? '')) return null;
  return {
    source,
    name: (from[1] ?? '').trim(),
    address: (from[2] ?? '').toLowerCase(),
    to: 'delegate@our-mission.example',
    subject:
      get('subject')
        .replace(/\n\s*/g, ' ')
        .replace(/^(?:re: )?\[[^\]]*\]\s*/i, '') || 'Note',
    date: get('date').replace(/\n\s*/g, ' '),
    rest: fields
      .filter(([name]) => KEEP.test(name))
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
    body: text.slice(end + 2),
  };
}

const PEOPLE = [
  ['Kim Jong-su', '김종수'],
  ['Park Min-ji', '박민지'],
  ['Li Weiming', '李伟明'],
  ['Sergei Volkov', 'Сергей Волков'],
  ['Ahmad al-Rashid', 'أحمد الرشيد'],
  ['Maria Fernanda Ortiz', 'María Fernanda Ortiz'],
  ['Jean-Luc Moreau', 'Jean-Luc Moreau'],
  ['Ingrid Sørensen', 'Ingrid Sorensen'],
  ['Thomas Müller', 'Thomas Mueller'],
  ['Oluwaseun Adeyemi', 'Oluwaseun Adeyemi'],
] as const;
const LETTERS = [
  'Dear colleague,\n\nthank you for the useful exchange on Thursday. Our experts suggest a second reading of article 4 before the\nministers meet. Could your side propose a date in the week of the 14th?\n\nWith kind regards\n',
  'Excellency,\n\nplease find below our comments on the draft communique. Paragraphs 2 and 7 remain in brackets. We would prefer\nthe wording agreed at the last round.\n\nBest regards\n',
  'Hello,\n\nthe venue is confirmed. Security will need the list of participants and their passports by Monday noon.\n\nRegards\n',
  'Уважаемые коллеги,\n\nнаправляю согласованную повестку дня. Просим подтвердить участие до пятницы.\n\nС уважением\n',
  '안녕하십니까,\n\n지난 회의록 초안을 검토해 주셔서 감사합니다. 다음 회담 일정을 알려 주시기 바랍니다.\n\n감사합니다\n',
] as const;

/** Letters written here, under modern headers, from people of several scripts. */
function writtenHere(domain: string): Base[] {
  return Array.from({ length: 60 }, (_, i) => {
    const [latin, native] = PEOPLE[i % PEOPLE.length] as (typeof PEOPLE)[number];
    const local = latin
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z]+/g, '.')
      .replace(/^\.|\.$/g, '');
    const body = LETTERS[i % LETTERS.length] ?? '';
    return {
      source: 'written',
      name: i % 2 === 0 ? latin : native,
      address: `${local}@${domain}`,
      to: 'delegate@our-mission.example',
      subject:
        ['Draft communique', 'Second round', 'Venue and participants', 'Повестка дня', '회담 일정'][
          i % 5
        ] ?? '',
      date: new Date(Date.UTC(2026, 9, 1 + (i % 28), 8, i)).toUTCString().replace('GMT', '+0000'),
      rest: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      body: `${body}\n${latin}\n`,
    };
  });
}

/** Base mails by source; a source that is missing is left out and named by the bench. */
export function baseMails(shared: string): {
  readonly bases: readonly Base[];
  readonly missing: readonly string[];
} {
  const bases: Base[] = writtenHere('foreign-ministry.example.org').map((base, i) => ({
    ...base,
    address:
      i % 3 === 0
        ? base.address.replace('foreign-ministry.example.org', 'peacecouncil.int')
        : base.address,
  }));
  const missing: string[] = [];
  for (const [source, folder] of [
    ['mailing list', join(shared, 'corpus/mail/mailinglists')],
    ['ham collection', join(shared, 'corpus/mail/spamassassin-public')],
  ] as const) {
    if (!existsSync(folder)) {
      missing.push(source);
      continue;
    }
    for (const file of filesUnder(folder)) {
      const base = takeApart(source, readFileSync(file, 'latin1'));
      if (base !== null) bases.push(base);
    }
  }
  return { bases, missing };
}

/** The counterpart: people with a full name at a domain of their own, from every source. */
export function counterpartOf(
  bases: readonly Base[],
  dice: Dice,
): { readonly theirs: readonly Base[]; readonly others: readonly Base[] } {
  const addresses = new Set<string>();
  for (const source of new Set(bases.map((base) => base.source))) {
    const fit = bases.filter(
      (base) =>
        base.source === source &&
        /^\S{2,}(?: \S+)+$/.test(base.name) &&
        !FREE_LIKE.test(base.address) &&
        !/list|bounce|noreply|no-reply|news|admin|support/.test(base.address),
    );
    const found = [...new Set(fit.map(({ address }) => address))];
    while (
      found.length > 0 &&
      [...addresses].filter((address) => fit.some((base) => base.address === address)).length < 14
    )
      addresses.add(found.splice(dice.below(found.length), 1)[0] ?? '');
  }
  const domains = new Set([...addresses].map((address) => address.split('@')[1]));
  return {
    theirs: bases.filter((base) => addresses.has(base.address)),
    // Colleagues of theirs are neither: what they send has no label here.
    others: bases.filter((base) => !domains.has(base.address.split('@')[1])),
  };
}

type Parts = {
  from: string;
  extra?: string;
  envelope?: string;
  name?: string;
  body?: string;
  subject?: string;
  ip?: string;
};

function assemble(base: Base, parts: Parts, dice: Dice): string {
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

function quoted(name: string): string {
  return /[^\x20-\x7e]/.test(name)
    ? `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
    : `"${name}"`;
}

/** Latin-1 text of a real mail, or UTF-8 of ours, as bytes with network line ends. */
function toBytes(source: string, text: string): Buffer {
  return Buffer.from(text.replace(/\n/g, '\r\n'), source === 'written' ? 'utf8' : 'latin1');
}

export type Signer = {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
  readonly record: string;
};

export function makeSigner(domain: string, kind: 'rsa' | 'ed25519' = 'rsa'): Signer {
  const selector = kind === 'rsa' ? 's2026' : 'e2026';
  if (kind === 'ed25519') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    return {
      domain,
      selector,
      privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      record: `v=DKIM1; k=ed25519; p=${raw}`,
    };
  }
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return {
    domain,
    selector,
    privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    record: `v=DKIM1; k=rsa; p=${spki}`,
  };
}

/** Signs a mail as of its own date. */
export async function sign(bytes: Buffer, signer: Signer): Promise<Buffer> {
  const date = Date.parse(/^Date: ([^\r\n]*)/m.exec(bytes.toString('latin1'))?.[1] ?? '');
  const { domain: signingDomain, selector, privateKey } = signer;
  const options = {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(Number.isNaN(date) ? Date.UTC(2020, 0, 1) : date),
    signatureData: [{ signingDomain, selector, privateKey }],
  };
  // Its types ask for one signer at the top, its code for a list.
  const made = await dkimSign(bytes, options as unknown as Parameters<typeof dkimSign>[1]);
  return Buffer.concat([Buffer.from(made.signatures), bytes]);
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
