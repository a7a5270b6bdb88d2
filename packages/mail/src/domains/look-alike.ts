// Does this domain pass for that one? UTS #39 looks first, then edit rules priced by what the eye confuses.

import { parse } from 'tldts';
import { shownHost } from '../message/links.ts';
import { lookFold } from '../unicode/skeleton.ts';

export type LookAlike = {
  readonly how:
    | 'same-look'
    | 'one-letter-off'
    | 'hyphen'
    | 'other-ending'
    | 'inside'
    | 'split'
    | 'with-words';
  readonly official: string;
  /** The suspect host as a reader sees it. */
  readonly shown: string;
  /** UTF-16 offsets in `shown` of what differs. */
  readonly marks: readonly (readonly [start: number, end: number])[];
};

/** One name worth guarding in an official domain, prepared once. */
export type KnownDomain = {
  readonly domain: string;
  /** What a registrant chose, folded to its look: `mofa` of mofa.go.kr, `eda` of eda.admin.ch. */
  readonly label: string;
  readonly suffix: string;
  /** Label and suffix without dots. */
  readonly joined: string;
  /** True for the name above an official subdomain: only its close neighbours count, not every use of the word. */
  readonly parent: boolean;
};

type Host = {
  readonly host: string;
  readonly shown: string;
  readonly subdomain: string;
  readonly label: string;
  readonly suffix: string;
  /** The label folded to its look. */
  readonly look: string;
  /** Everything before the suffix, folded. */
  readonly before: string;
  /** The whole host folded, without dots and hyphens. */
  readonly squashed: string;
};

function splitHost(host: string): Host {
  const parsed = parse(host, { allowPrivateDomains: false });
  const shown = shownHost(host);
  let [subdomain, label, suffix] = ['', '', ''];
  if (parsed.domain === null || parsed.publicSuffix === null) {
    // No public suffix above it, or the host is one (gov.uk): the first label stands for the name.
    const [first = host, ...rest] = host.split('.');
    [label, suffix] = [shownHost(first), rest.join('.')];
  } else {
    subdomain = shownHost(parsed.subdomain ?? '');
    label = shownHost(parsed.domainWithoutSuffix ?? '');
    suffix = parsed.publicSuffix;
  }
  const look = lookFold(label);
  const before = subdomain === '' ? look : `${lookFold(subdomain)}.${look}`;
  const squashed = `${before}${suffix}`.replace(/[.-]/g, '');
  return { host, shown, subdomain, label, suffix, look, before, squashed };
}

function known(domain: string, label: string, suffix: string, parent: boolean): KnownDomain {
  return {
    domain,
    label: lookFold(label),
    suffix,
    joined: `${lookFold(label)}${suffix}`.replaceAll('.', ''),
    parent,
  };
}

/** The names to guard for an official domain: one, or two where it lies below another name (eda in admin.ch). */
export function knownDomains(domain: string): readonly KnownDomain[] {
  const { label, suffix, subdomain } = splitHost(domain);
  if (subdomain === '') return [known(domain, label, suffix, false)];
  const [first = '', ...rest] = domain.split('.');
  const own = shownHost(first);
  const parent = known(domain, label, suffix, true);
  // mail.example.org: nobody forges the word "mail".
  return ADDED.has(own)
    ? [{ ...parent, parent: false }]
    : [known(domain, own, rest.join('.'), false), parent];
}

/** True for the domain itself and everything below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

// Letters that a hurried reader takes for one another, beyond those that fold to one look: half the price of an edit.
const NEAR = new Set(
  (
    'il i1 l1 ij lj tl ti o0 oq oc ce co bd bh dq gq g9 q9 pq nm nr nh rm un uv vy vw nu hn hk kc kx mw ' +
    's5 z2 b6 b8 38 69 83 89 a4 e3 t7 g6 sz ft fr tf jy xk 1t 1j'
  )
    .split(' ')
    .flatMap((pair) => [pair, `${pair.charAt(1)}${pair.charAt(0)}`]),
);

// Two letters that look like one. Left: what is written; right: what is read.
const PAIRS: readonly (readonly [written: string, read: string])[] = [
  ['rn', 'm'],
  ['nn', 'm'],
  ['rr', 'm'],
  ['vv', 'w'],
  ['uu', 'w'],
  ['cl', 'd'],
  ['dl', 'd'],
  ['lb', 'b'],
  ['lh', 'h'],
  ['lk', 'k'],
  ['ik', 'k'],
  ['lc', 'k'],
  ['ii', 'u'],
  ['cj', 'g'],
  ['ri', 'n'],
  ['ci', 'd'],
  ['lb', 'd'],
  ['bl', 'd'],
];

/** Letters that hardly show where they are put in. */
const THIN = new Set('-li1');

const EDIT = 1;
const NEAR_EDIT = 0.5;
const PAIR_EDIT = 0.4;

const CELLS = 64;
const table = new Float64Array(CELLS * CELLS);
const PAIR_READ = new Map(PAIRS.map(([written]) => [written, '']));
for (const [written, read] of PAIRS)
  PAIR_READ.set(written, `${PAIR_READ.get(written) ?? ''}${read}`);

/** Price of turning one folded label into another; above `budget` the answer is only "more". Work: at most 63 x 63 steps. */
export function lookDistance(suspect: string, official: string, budget: number): number {
  if (suspect === official) return 0;
  const [m, n] = [suspect.length, official.length];
  if (Math.abs(m - n) > Math.ceil(budget / PAIR_EDIT) || m >= CELLS || n >= CELLS)
    return Number.POSITIVE_INFINITY;
  for (let j = 0; j <= n; j++) table[j] = j * EDIT;
  let leastBefore = 0;
  for (let i = 1; i <= m; i++) {
    const here = i * CELLS;
    const a = suspect.charAt(i - 1);
    const before = suspect.charAt(i - 2);
    const added = THIN.has(a) || a === before ? NEAR_EDIT : EDIT;
    const reads = i > 1 ? PAIR_READ.get(before + a) : undefined;
    table[here] = i * EDIT;
    let least = i * EDIT;
    for (let j = 1; j <= n; j++) {
      const b = official.charAt(j - 1);
      const diagonal = table[here - CELLS + j - 1] as number;
      let best = diagonal + (a === b ? 0 : NEAR.has(a + b) ? NEAR_EDIT : EDIT);
      const put = (table[here - CELLS + j] as number) + added;
      if (put < best) best = put;
      const left = (table[here + j - 1] as number) + EDIT;
      if (left < best) best = left;
      if (i > 1 && j > 1 && a === official.charAt(j - 2) && before === b)
        best = Math.min(best, (table[here - 2 * CELLS + j - 2] as number) + EDIT);
      if (reads?.includes(b) === true)
        best = Math.min(best, (table[here - 2 * CELLS + j - 1] as number) + PAIR_EDIT);
      table[here + j] = best;
      if (best < least) least = best;
    }
    // An edit reaches back two rows at most, so two dear rows end it.
    if (least > budget && leastBefore > budget) return Number.POSITIVE_INFINITY;
    leastBefore = least;
  }
  return table[m * CELLS + n] as number;
}

/** Marks what differs between the shown label and the official one: all between the common beginning and end. */
function differingMarks(host: Host, official: string): [number, number][] {
  const at = host.shown.length - host.suffix.length - 1 - host.label.length;
  const label = host.label.toLowerCase();
  let front = 0;
  while (
    front < label.length &&
    front < official.length &&
    label.charAt(front) === official.charAt(front)
  )
    front++;
  let back = 0;
  while (
    back < label.length - front &&
    back < official.length - front &&
    label.charAt(label.length - 1 - back) === official.charAt(official.length - 1 - back)
  )
    back++;
  const start = Math.max(0, at + front);
  const end = Math.max(start, at + label.length - back);
  // A letter was left out: the two beside the gap are marked.
  return end > start
    ? [[start, end]]
    : [[Math.max(0, start - 1), Math.min(host.shown.length, start + 1)]];
}

// Words that are put beside a name to make a second domain of it.
const ADDED = new Set(
  (
    'mail email mails webmail online secure security login signin auth account accounts portal office official gov gob gouv ' +
    'government ministry minister embassy mission consulate delegation council secretariat press media news info team ' +
    'support service services help helpdesk it admin my the e www web site cloud docs doc document documents file files ' +
    'share drive meeting meetings conference summit talks international intl int global group hq org net com us uk eu ' +
    'kr jp cn ru fr de ch id updates update alert alerts verify verification contact desk hub center centre app apps ' +
    'foreign affairs policy defense defence state un'
  ).split(' '),
);

const SUFFIX_WORDS = /[.-]/;

function withWords(label: string, known: KnownDomain): boolean {
  if (known.label.length < 3) return label.includes('-') && splitWords(label, known);
  if (label.includes('-')) return splitWords(label, known);
  if (known.label.length < 4) return false;
  const rest = label.startsWith(known.label)
    ? label.slice(known.label.length)
    : label.endsWith(known.label)
      ? label.slice(0, -known.label.length)
      : '';
  const endings = known.suffix.split('.').join('');
  return (
    rest !== '' &&
    rest.length >= 2 &&
    (ADDED.has(rest) || rest === endings || known.suffix.split('.').includes(rest))
  );
}

function splitWords(label: string, known: KnownDomain): boolean {
  const words = label.split('-').filter((word) => word !== '');
  const flat = words.join('');
  if (flat === known.label || flat === known.joined) return true;
  const own = known.label.split('-');
  const first = words.findIndex((_, index) =>
    own.every((part, offset) => words[index + offset] === part),
  );
  if (first < 0) return false;
  const others = words.toSpliced(first, own.length);
  const endings = known.suffix.split(SUFFIX_WORDS);
  return (
    others.length > 0 &&
    others.every((word) => ADDED.has(word) || endings.includes(word) || /^\d{1,4}$/.test(word))
  );
}

function budgetFor(length: number, sameSuffix: boolean): number {
  if (sameSuffix) return length >= 7 ? 1.5 : 1;
  return length >= 9 ? 1 : length >= 5 ? 0.5 : 0;
}

function hit(
  how: LookAlike['how'],
  known: KnownDomain,
  host: Host,
  marks?: LookAlike['marks'],
): LookAlike {
  return {
    how,
    official: known.domain,
    shown: host.shown,
    marks: marks ?? differingMarks(host, known.label),
  };
}

/** The official name inside a longer host: state.gov.evil.example, or mofa-go-kr.example. */
function insideLonger(host: Host, known: KnownDomain): LookAlike | null {
  if (host.before.length <= known.label.length) return null;
  const official = `${known.label}.${known.suffix}`;
  const at = `.${host.before.replaceAll('-', '.')}.`.indexOf(`.${official.replaceAll('-', '.')}.`);
  if (at < 0) return null;
  return hit('inside', known, host, [[at, Math.min(host.shown.length, at + official.length)]]);
}

// Endings that only a state or an institution gives out: mofa.go.jp is Japan's ministry, not a copy of Korea's.
const GIVEN_OUT = /^(?:gov|go|gob|gouv|gouvernement|govt|gc|admin|mil|int|edu|ac)(?:\.|$)/;

/** The same first name under an ending that differs: mofa.go.example for mofa.go.kr. */
function longEnding(host: Host, known: KnownDomain): boolean {
  if (!known.suffix.includes('.') || !host.before.startsWith(known.label)) return false;
  const [first = '', ...rest] = host.shown.split('.');
  const official = known.suffix.split('.');
  if (rest.length !== official.length || lookFold(first) !== known.label) return false;
  const middle = lookFold(rest.slice(0, -1).join('.'));
  const expected = official.slice(0, -1).join('.');
  if (middle === expected) return !GIVEN_OUT.test(host.suffix);
  return rest.at(-1) === official.at(-1) && lookDistance(middle, expected, 1) <= 1;
}

/** mo.fa.go.kr, mofago.kr, www-mofa.kr: dots and endings that moved. */
function rearranged(host: Host, label: string, known: KnownDomain): LookAlike | null {
  const sameSuffix = host.suffix === known.suffix;
  if (host.subdomain !== '' && sameSuffix && host.before.replaceAll('.', '') === known.label)
    return hit('split', known, host, [[0, host.shown.length - host.suffix.length - 1]]);
  if (known.joined.length < 5) return null;
  const { squashed } = host;
  if (squashed === known.joined || squashed === `www${known.joined}`)
    return hit('split', known, host);
  const www = label.replace(/^www-?/, '');
  if (www !== label && www === known.label) return hit('with-words', known, host);
  const withoutTop = known.joined.slice(0, -(known.suffix.split('.').at(-1)?.length ?? 0));
  const slid =
    label === known.joined ||
    (label === withoutTop && label !== known.label) ||
    label === `${known.label}com`;
  return slid && known.label.length >= 3 ? hit('with-words', known, host) : null;
}

/**
 * Tells whether `host` (ASCII, lower case) could be taken for an official domain, and how; null for the official domain
 * itself, for what lies below it and for everything else. Constant work for one pair.
 */
export function lookAlike(host: string, known: KnownDomain): LookAlike | null {
  return isWithin(host, known.domain) ? null : compare(splitHost(host), known);
}

function compare(suspect: Host, known: KnownDomain): LookAlike | null {
  if (known.label === '') return null;
  const label = suspect.look;
  const sameSuffix = suspect.suffix === known.suffix;
  // Another house of the same owner: visa.state.gov beside mail.state.gov.
  if (sameSuffix && suspect.label.toLowerCase() === known.label) return null;
  if (label === known.label && sameSuffix) return hit('same-look', known, suspect);
  if (!known.parent) {
    if (label === known.label && (!GIVEN_OUT.test(suspect.suffix) || suspect.label !== label))
      return hit('other-ending', known, suspect, [
        [suspect.shown.length - suspect.suffix.length, suspect.shown.length],
      ]);
    const inside = insideLonger(suspect, known);
    if (inside !== null) return inside;
    if (longEnding(suspect, known))
      return hit('other-ending', known, suspect, [[known.label.length + 1, suspect.shown.length]]);
  }
  // Names of two letters are all taken, by honest people.
  const shared = Array.from(label).some((letter) => known.label.includes(letter));
  const tooShort =
    (label.length <= 2 && known.label.length > 2) ||
    (known.parent && known.label.length <= 2) ||
    !shared;
  const budget = tooShort ? 0 : budgetFor(known.label.length, sameSuffix);
  if (budget > 0 && (sameSuffix || (!known.parent && !GIVEN_OUT.test(suspect.suffix))))
    if (lookDistance(label, known.label, budget) <= budget)
      return hit(
        label.replaceAll('-', '') === known.label ? 'hyphen' : 'one-letter-off',
        known,
        suspect,
      );
  if (known.parent) return null;
  return (
    rearranged(suspect, label, known) ??
    (withWords(label, known) ? hit('with-words', known, suspect) : null)
  );
}

/** The first look-alike among several official domains. */
export function firstLookAlike(host: string, officials: readonly KnownDomain[]): LookAlike | null {
  if (officials.some(({ domain }) => isWithin(host, domain))) return null;
  const suspect = splitHost(host);
  for (const official of officials) {
    const found = compare(suspect, official);
    if (found !== null) return found;
  }
  return null;
}
