// Names of groups to look for in a text, with what is known of them, and what they could also mean.

import { countryCode } from '../country.ts';
import type { NamedActor } from '../imports/imported.ts';
import { ACTOR_LINES } from './actor-table.ts';

export type ActorMention = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** More than one: the name is used for several groups, and a person must choose. */
  readonly actors: readonly NamedActor[];
};

export type Gazetteer = {
  find(text: string): ActorMention[];
  readonly names: number;
  /** Names that several groups share. */
  readonly ambiguous: readonly string[];
};

/** Words that are names of groups and ordinary words, seen firing on prose: they count only when written exactly so, next to a cue. */
const ORDINARY = new Set([
  'summit',
  'snake',
  'tick',
  'reaper',
  'trinity',
  'careto',
  'leviathan',
  'confucius',
  'chafer',
  'axiom',
  'buckeye',
  'lazarus',
  'trident',
  'hangover',
  'elderwood',
  'zinc',
  'barium',
  'nobelium',
  'iridium',
  'electrum',
  'patchwork',
  'callisto',
  'equation',
  'machete',
  'platinum',
  'silence',
  'cobalt',
  'carbon',
  'turla',
  'phantom',
  'orangeworm',
  'raven',
  'gallium',
  'sandworm',
  'rocket',
  'cyber',
  'anonymous',
  'nightmare group',
  'armageddon',
  'bahamut',
  'corsair',
  'comet',
  'hammer',
  'typhoon',
  'hurricane',
  'group',
  'team',
  'mirage',
  'shadow',
  'moses',
  'sphinx',
  'whisper',
]);

/** Shorter names say nothing: "TA", "G". */
const NAME_MIN = 3;
const NAMES_MAX = 20_000;

const SHIPPED: readonly NamedActor[] = ACTOR_LINES.trim()
  .split('\n')
  .map((line) => {
    const [head = '', names = ''] = line.split('|');
    const [country = '', sponsor] = head.split('/');
    const [name = '', ...aliases] = names.split(';');
    return {
      name,
      aliases,
      country: countryCode(country) ?? null,
      sponsor: sponsor === 's' ? 'state' : 'non-state',
      techniques: [],
      source: 'Parley',
    };
  });

const escape = (text: string): string =>
  text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/[\s-]+/g, String.raw`[\s-]*`)
    .replaceAll(/(?<=[A-Za-z])(?=\d)/g, String.raw`[\s-]*`);

/** "APT 10", "APT10" and "apt-10" are one name; data sets lose spaces in names, and so do headlines. */
const keyOf = (name: string): string => name.toLowerCase().replaceAll(/[\s-]+/g, '');

/** True where cue words make an ordinary word a name: "the group Reaper", "Lazarus hackers". */
function hasCue(text: string, start: number, end: number): boolean {
  return (
    /\b(group|hackers?|actor|gang|team|APT|attackers?|campaign|crew|dubbed|called|known as|named|tracked as|by|malware)\W{1,3}$/i.test(
      text.slice(Math.max(0, start - 24), start),
    ) ||
    /^\W{1,3}(group|hackers?|actors?|gang|team|APT|attackers?|campaign|crew|\(|threat)/i.test(
      text.slice(end, end + 20),
    )
  );
}

/** Builds one pattern over all names; building is linear in the names, finding in the text. */
export function buildGazetteer(imported: readonly NamedActor[] = []): Gazetteer {
  const byName = new Map<string, { exact: string; actors: NamedActor[] }>();
  for (const actor of [...SHIPPED, ...imported]) {
    for (const name of [actor.name, ...actor.aliases]) {
      const exact = name.trim();
      if (
        exact.length < NAME_MIN ||
        exact.length > 80 ||
        countryCode(exact) !== undefined ||
        byName.size >= NAMES_MAX
      )
        continue;
      const key = keyOf(exact);
      const entry = byName.get(key) ?? { exact, actors: [] };
      const same = entry.actors.some(
        (other) => other.country === actor.country || actor.country === null,
      );
      // The same country under another group's name is no ambiguity that matters for who did it.
      if (!same || entry.actors.length === 0) entry.actors.push(actor);
      byName.set(key, entry);
    }
  }
  const names = [...byName.values()]
    .map(({ exact }) => exact)
    .toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_#@/.-])(?:${names.map(escape).join('|')})(?![\\p{L}\\p{N}_])`,
    'giu',
  );
  return {
    names: names.length,
    ambiguous: [...byName.values()]
      .filter(({ actors }) => new Set(actors.map((one) => one.country)).size > 1)
      .map(({ exact }) => exact),
    find(text) {
      const found: ActorMention[] = [];
      for (const match of text.matchAll(pattern)) {
        const entry = byName.get(keyOf(match[0]));
        if (entry === undefined) continue;
        const end = match.index + match[0].length;
        // A single word must be written as a name; an ordinary word must also stand beside a cue.
        const single = !/[\s\d-]/.test(entry.exact);
        if (single && !/^[A-Z0-9]/.test(match[0])) continue;
        if (ORDINARY.has(match[0].toLowerCase()) && !hasCue(text, match.index, end)) continue;
        if (entry.exact.length <= 4 && match[0].replaceAll(/[\s-]/g, '') !== entry.exact) continue;
        found.push({ start: match.index, end, text: match[0], actors: entry.actors });
      }
      return found;
    },
  };
}
