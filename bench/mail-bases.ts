// Genuine mails for the mail bench, from several sources, and the keys that sign them. Shares no code with the detectors.
//
// A public mailing list and a public ham collection (both under ../shared, read and never copied), and letters written here.

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
const FREE_LIKE =
  /(?:gmail|yahoo|hotmail|outlook|aol|msn|live|gmx|proton|icloud|mail\.ru|web\.de|qq\.com|163\.com)/;

export function filesUnder(folder: string): string[] {
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
export function baseMails(
  shared: string,
  /** Genuine mails nobody tuned on, instead of those of the corpus; null for the corpus. */
  own: string | null,
): {
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
  const corpus = [
    ['mailing list', join(shared, 'corpus/mail/mailinglists')],
    ['ham collection', join(shared, 'corpus/mail/spamassassin-public')],
  ] as const;
  for (const [source, folder] of own === null ? corpus : [['held out', own] as const]) {
    if (!existsSync(folder)) {
      missing.push(source);
      continue;
    }
    for (const file of filesUnder(folder)) {
      if (file.endsWith('.json')) continue;
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
