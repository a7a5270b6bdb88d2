// Who did it: countries and groups that a text puts in the place of the attacker, by the words around them.

import { countryMentions, type CountryMention } from '../country-mentions.ts';
import type { CountryCode } from '../country.ts';
import type { ActorMention, Gazetteer } from './gazetteer.ts';

export type InitiatorMention = {
  readonly country: CountryCode | null;
  /** The group's name as the text has it. */
  readonly actor: string | null;
  readonly start: number;
  readonly end: number;
  /** Which words put it there: shown to the person who confirms. */
  readonly how: string;
  /** 0 to 1: how strongly; for ordering and the threshold, never shown as a probability. */
  readonly weight: number;
  readonly ambiguous: boolean;
};

/** Under this a mention is not proposed as the attacker. Chosen on half of the corpus, measured on the other: bench/outlook.ts. */
export const INITIATOR_THRESHOLD = 0.7;

const FILLER = String.raw`(?:[\s-]+(?:[a-z][\w'-]*|[A-Z][\w'-]*)){0,3}?[\s-]*`;

const HACKERS = String.raw`(?:hack(?:er|tivist|tist)s?|hack(?:er|ing)?[- ]?(?:groups?|teams?|crew|collective|army)|cyber[- ]?(?:attackers?|spies|criminals?|warriors?|army|militants?|operatives?|units?|soldiers?|activists?|gang|espionage (?:group|actors?))|attackers?|crackers?|threat[- ]actors?|APT|spies|netizens|hacktivists?)`;

const DEED = String.raw`(?:hack(?:s|ed)?|attack(?:s|ed)?|deface[sd]?|st(?:eals?|ole)|infiltrate[sd]?|breache[sd]|target(?:s|ed)?|sp(?:y|ies|ied)|compromise[sd]?|infect(?:s|ed)?|launche[sd]|conduct(?:s|ed)|penetrate[sd]?|hijack(?:s|ed)?|sabotage[sd]?|disrupt(?:s|ed)?|t(?:ake|akes|ook) (?:down|over|offline)|shuts? down|leak(?:s|ed)?|downloaded|tapp?(?:s|ed)|intercept(?:s|ed)|jam(?:s|med)|created|knocks?|knocked|dump(?:s|ed)|retaliate[sd]?|purchase[sd]|monitor(?:s|ed)|broke|breaks? into|br(?:ing|ought)s? down)`;

type Sign = readonly [pattern: RegExp, weight: number, how: string];

const sign = (source: string, weight: number, how: string): Sign => [
  new RegExp(source, 'i'),
  weight,
  how,
];

/** After a country: what makes it the attacker. */
const AFTER: readonly Sign[] = [
  sign(
    String.raw`^(?![\s-,]*\w*[\s-]*speaking)(?!(?:['’]s)?\s+(?:\w+\s+)?(?:officials?|authorities|experts?|researchers?|media|newspapers?|police|prosecutors|investigators?)\b)(?:['’]s)?${FILLER}${HACKERS}\b`,
    0.95,
    'attackers of that country',
  ),
  sign(
    String.raw`^(?:['’]s)?[\s-]+(?:state|government|military|intelligence|army|regime)?[\s-]*(?:linked|affiliated|aligned|sponsored|backed|supported|nexus|directed)\b`,
    0.95,
    '"-linked", "-backed", "state-sponsored"',
  ),
  sign(
    String.raw`^[\s-]*based[\s-]+(?:\w+[\s-]+){0,2}?(?:hack\w*|group|actors?|attack\w*|threat)`,
    0.9,
    '"-based attackers"',
  ),
  sign(
    String.raw`^(?:['’]s)?\s+(?:\w+\s+){0,2}?(?:intelligence|military|security|secret|spy|cyber|state|army|armed|government|regime|forces)\s*(?:services?|agency|agencies|forces|officers?|units?|command)?\s+(?:(?!are\b|were\b|was\b|is\b|be\b|been\b|being\b)[\w(),/-]+\s+){0,1}?(?:${DEED}|used|gained|monitor(?:s|ed))\b`,
    0.85,
    'a service of that country acts',
  ),
  sign(
    String.raw`^\s+(?:allegedly\s+|reportedly\s+|has\s+|have\s+|also\s+|secretly\s+|presumably\s+|probably\s+|used\s+[\w\s-]{0,30}?to\s+)*${DEED}\b`,
    0.85,
    'it stands before the deed',
  ),
  [
    new RegExp(
      String.raw`^\s+[A-Z]{2,}\w*\s+(?:has |have |had |reportedly )?(?:used\s+[\w\s-]{0,30}?to\s+)?${DEED}\b`,
    ),
    0.85,
    'a service of that country acts',
  ],
  sign(
    String.raw`^\s+(?:[a-z]+\s+)?(?:group\b|gang\b|collective\b)(?:\(s\))?`,
    0.75,
    'a group of that country',
  ),
  sign(
    String.raw`^(?:['’]s)?\s+(?:[\w-]+\s+){0,3}?(?:(?:was|were|is|are|be|being|stood|stands)\s+)?(?:most\s+)?(?:likely\s+|probably\s+|presumably\s+)?behind\s+(?:the|this|these|it|an?|many|several)\b`,
    0.85,
    '"behind the attack"',
  ),
  sign(
    String.raw`^(?:['’]s)?\s+(?:(?:state|government|military|intelligence|secret|security|services?|agency|agencies)\s+){0,2}(?:is|are|was|were)\s+(?:suspected|believed|thought|alleged|said|reported)\s+to\s+have\b`,
    0.85,
    '"suspected to have"',
  ),
  sign(
    String.raw`^(?:['’]s)?\s+(?:government\s+|military\s+)?(?:starts?|started|initiate[sd]|began|begins|opens?|opened|runs?|ran|waged|wages)\s+(?:an?\s+|the\s+|its\s+)?(?:[\w-]+\s+){0,2}?(?:cyber[\w-]*|hacking|espionage)\b`,
    0.85,
    'it begins a campaign',
  ),
  [/^[\s-]*based\s+[A-Z]\w+/, 0.85, '"-based" and a name'],
  sign(String.raw`^[^.]{0,40}?\s+(?:vs\.?|versus)\s`, 0.9, 'first in "A vs. B"'),
  sign(
    String.raw`^(?:['’]s)?\s+(?:cyber[- ]?)?(?:attack|hack|espionage|operation|campaign|cyberattack|DDoS|intrusion|retaliation|spying)\w*\s+(?:on|against|in|at|targeting)\b`,
    0.85,
    '"attack on"',
  ),
  sign(String.raw`^\s+origins?\b`, 0.85, '"of that origin"'),
];

/** Before a country: what makes it the attacker. */
const BEFORE: readonly Sign[] = [
  sign(
    String.raw`\b(?:hackers?|hacktivists?|attackers?|groups?|actors?|spies)\s+(?:from|of|in)\s+(?:the\s+|mainland\s+|within\s+)?$`,
    0.85,
    '"hackers from"',
  ),
  sign(
    String.raw`\b(?:(?:cyber[- ]?)?attacks?|\(DDoS\) attack|campaign|intrusions?|traffic|originat\w+|stemm\w+|operat\w+)\s+(?:back\s+)?(?:from|out\s+of)\s+(?:the\s+|mainland\s+|within\s+|(?:the\s+)?\w+ province in\s+)?$`,
    0.85,
    '"attacks from"',
  ),
  sign(
    String.raw`\b(?:linked|tied|connected|traced(?: back)?|attributed|ascribed|affiliated|links|ties|attribution)\s+(?:by \w+ )?(?:back\s+)?(?:to|with)\s+(?:the\s+|a\s+)?(?:government of\s+)?$`,
    0.92,
    '"linked to"',
  ),
  sign(
    String.raw`\b(?:blam(?:e|ed|es|ing)|suspect(?:s|ed)?|point(?:s|ed|ing)? (?:the finger )?(?:at|to)|hint\w* at|implicat\w+)\s+(?:that\s+)?(?:the\s+)?(?:government of\s+)?$`,
    0.85,
    '"blamed"',
  ),
  sign(
    String.raw`\b(?:campaign|operation|sponsored|backed|supported|carried out|conducted|launched|committed|orchestrated|perpetrated|directed|placed|hacked|attacked|defaced|infiltrated|compromised|breached|stolen|targeted|hit|taken down)\s+(?:\(?allegedly\)?\s+)?by\s+(?:the\s+|a\s+|an\s+|alleged\s+|suspected\s+|unknown\s+|presumably\s+|likely\s+|probably\s+|several\s+|two\s+|some\s+|hackers (?:of|from)\s+)*$`,
    0.9,
    '"by"',
  ),
  sign(
    String.raw`\b(?:on behalf of|working (?:for|with)|work for|in the service of|ordered by|believed to be (?:from|in)|suspected to be (?:from|in)|operating (?:from|out of))\s+(?:the\s+)?(?:government of\s+)?$`,
    0.85,
    '"working for"',
  ),
  sign(
    String.raw`\b(?:hackers?|groups?|actors?|attackers?|team)\s+(?:\w+\s+){0,3}?(?:based|located|operating|living)\s+in\s+(?:the\s+)?$`,
    0.85,
    '"hackers based in"',
  ),
  sign(String.raw`\b(?:Anonymous|LulzSec|AntiSec|GhostSec)\s*$`, 0.92, 'the branch of a movement'),
  sign(
    String.raw`(?:^|[.!?]\s+)(?:presumably|supposedly|allegedly|apparently)\s+(?:the\s+)?$`,
    0.8,
    '"presumably"',
  ),
  sign(
    String.raw`\b(?:indict(?:s|ed|ments?)|charg(?:es|ed)|arrest warrants?|sanction(?:s|ed))\s+(?:\w+\s+){0,1}?(?:against\s+|for\s+|of\s+)?(?:(?:two|three|four|five|six|seven|ten|twelve|several|\d+)\s+)(?:alleged\s+)?$`,
    0.85,
    '"charged"',
  ),
  sign(String.raw`\baccus(?:e|ed|es|ing)\s+(?:the\s+)?$`, 0.6, '"accused"'),
];

/** A country is the victim where the words say so: these outweigh a weak sign of the attacker. */
const VICTIM_BEFORE =
  /\b(?:against|on|at|targeting|targets?|targeted|attack(?:s|ed|ing)?|hack(?:s|ed|ing)?|defac(?:e|es|ed|ing)|of|in|into|vs\.?|versus|victims?|including|infiltrat\w+|breach\w*|compromis\w+|down|stole from|spied on|spy(?:ing)? on)\s+(?:the\s+|an?\s+|several\s+|many\s+|\d+\s+|various\s+|multiple\s+|over\s+|some\s+|websites? (?:of|in)\s+(?:the\s+)?)*$/i;
const NOT_ATTACKER_AFTER =
  /^(?:['’]s)?\s+(?:(?!hacks\b|attacks\b|steals\b|infiltrates\b|used\b)[\w-]+\s+){0,2}?(?:websites?|sites?|web|servers?|networks?|computers?|systems?|banks?|compan(?:y|ies)|ministr(?:y|ies)|embass(?:y|ies)|parliament|media|newspapers?|journalists?|dissidents?|universit(?:y|ies)|airports?|targets?|victims?|officials?|politicians?|institutions?|organi[sz]ations?|firms?|pages?|accounts?|citizens|users|customers|infrastructure|portals?|agencies|diplomats|election|president|prime minister)\b/i;

function strongest(signs: readonly Sign[], text: string): Sign | undefined {
  return signs.filter(([pattern]) => pattern.test(text)).toSorted(([, a], [, b]) => b - a)[0];
}

function attributed(text: string, at: CountryMention): { weight: number; how: string } | undefined {
  // Words of another sentence say nothing about this one.
  const near =
    text
      .slice(Math.max(0, at.start - 90), at.start)
      .split(/(?<!\bvs)[.!?;]\s/)
      .at(-1) ?? '';
  const next = text.slice(at.end, at.end + 110).split(/(?<!\bvs)[.!?;]\s/)[0] ?? '';
  const before = strongest(BEFORE, near);
  if (before !== undefined) {
    const accused =
      before[1] < INITIATOR_THRESHOLD &&
      /^\s+of\s+(?:\w+\s+){0,2}(?:hack|attack|cyber|spying|infiltrat|breach|steal|being behind|orchestrat)/i.test(
        next,
      );
    return { weight: before[1] + (accused ? 0.25 : 0), how: before[2] };
  }
  const after = strongest(AFTER, next);
  if (after === undefined) return undefined;
  let weight = after[1];
  if (VICTIM_BEFORE.test(near) && weight < 0.95) weight -= 0.5;
  if (
    VICTIM_BEFORE.test(near) &&
    weight >= 0.95 &&
    !/\b(?:by|of|from|to)\s+(?:\w+\s+)?$/i.test(near)
  )
    weight -= 0.2;
  if (NOT_ATTACKER_AFTER.test(next) && weight < 0.9) weight -= 0.4;
  return weight <= 0 ? undefined : { weight, how: after[2] };
}

const DEED_TARGET =
  /\b(?:attack(?:s|ed)? on|hack(?:s|ed)? (?:of|into)|against|targeting|sites? of|accounts? of|hacked|defaced|impersonat\w+|pos(?:ed|ing) as|arrested|ban(?:ned)?)\s+(?:the\s+)?(?:(?!by\b)\w+\s+)?$/i;

function ofActor(text: string, at: ActorMention): InitiatorMention {
  const near = text.slice(Math.max(0, at.start - 50), at.start);
  const countries = new Set(at.actors.map((actor) => actor.country));
  const [first] = at.actors;
  return {
    country: countries.size === 1 ? (first?.country ?? null) : null,
    actor: at.text,
    start: at.start,
    end: at.end,
    how: 'the name of a group',
    weight: DEED_TARGET.test(near) ? 0.3 : 0.97,
    ambiguous: countries.size > 1,
  };
}

/** Every mention in the place of an attacker, strongest first. */
export function initiatorMentions(text: string, gazetteer: Gazetteer): InitiatorMention[] {
  const groups = gazetteer.find(text).map((at) => ofActor(text, at));
  const countries = countryMentions(text)
    .filter((at) => !groups.some((group) => at.start >= group.start && at.end <= group.end))
    .flatMap((at): InitiatorMention[] => {
      const sign = attributed(text, at);
      return sign === undefined
        ? []
        : [
            {
              country: at.country,
              actor: null,
              start: at.start,
              end: at.end,
              how: sign.how,
              weight: sign.weight,
              ambiguous: false,
            },
          ];
    });
  return [...groups, ...countries].toSorted((a, b) => b.weight - a.weight || a.start - b.start);
}

/** The one country a description puts in the attacker's place, or undefined where it does not say, or says two. */
export function initiatorOf(text: string, gazetteer: Gazetteer): InitiatorMention | undefined {
  const mentions = initiatorMentions(text, gazetteer).filter(
    (mention) => mention.weight >= INITIATOR_THRESHOLD,
  );
  return mentions.find((mention) => mention.country !== null);
}
