// From a stored article to proposals: dated events, incidents and quoted forecasts, every field with its exact span.

import { accept, type Verdict } from '@parley/kernel';
import { day, type Day } from '../calendar.ts';
import { countryMentions } from '../country-mentions.ts';
import { countryName, type CountryCode } from '../country.ts';
import type { EventClass, IncidentKind } from '../history/record.ts';
import {
  checkArticle,
  sentencesOf,
  type Article,
  type ArticleReason,
  type Sentence,
} from './article.ts';
import { eventCues, HYPOTHETICAL, incidentCues, type Cue } from './cues.ts';
import { datesIn, type DateMention } from './dates.ts';
import type { Gazetteer } from './gazetteer.ts';
import { INITIATOR_THRESHOLD, initiatorMentions, type InitiatorMention } from './initiator.ts';
import { quotedForecast, type QuotedForecast, type Span } from './quotes.ts';

export type ReadIncident = {
  readonly type: 'incident';
  readonly sentence: Span;
  readonly date: DateMention;
  readonly kinds: readonly { readonly kind: IncidentKind; readonly span: Span }[];
  readonly initiators: readonly InitiatorMention[];
  readonly receivers: readonly { readonly country: CountryCode; readonly span: Span }[];
  /** Names that several groups share: which one it is, a person says. */
  readonly ambiguous: readonly string[];
};

export type ReadEvent = {
  readonly type: 'event';
  readonly sentence: Span;
  readonly date: DateMention;
  readonly class: { readonly name: EventClass; readonly span: Span };
  readonly actors: readonly { readonly country: CountryCode; readonly span: Span }[];
};

export type Proposal = ReadIncident | ReadEvent | QuotedForecast;

export type Reading = { readonly article: Article; readonly proposals: readonly Proposal[] };

/** What a scheduled date may announce; other classes happen and are not scheduled in public. */
const SCHEDULED: ReadonlySet<EventClass> = new Set(['summit', 'election', 'exercise', 'agreement']);

const spanAt = (sentence: Sentence, start: number, end: number): Span => ({
  start: sentence.start + start,
  end: sentence.start + end,
  text: sentence.text.slice(start, end),
});

function countries(sentence: Sentence): { country: CountryCode; span: Span }[] {
  const seen = new Set<CountryCode>();
  return countryMentions(sentence.text).flatMap(({ country, start, end }) => {
    if (seen.has(country)) return [];
    seen.add(country);
    return [{ country, span: spanAt(sentence, start, end) }];
  });
}

/** Clause ends between two places make them strangers: a date after a semicolon belongs to what follows it. */
function distance(sentence: Sentence, cue: Cue<unknown>, date: DateMention): number {
  const at = date.start - sentence.start;
  const [low, high] = at < cue.start ? [date.end - sentence.start, cue.start] : [cue.end, at];
  const between = sentence.text.slice(Math.max(0, low), Math.max(0, high));
  const clauses =
    between.match(
      /[;:]|, (?:and|but|while|after|before|when|which|who|a (?:day|week|month|year))\b|\b(?:after|before|since|while|following|months?|weeks?|days?|years?) /g,
    )?.length ?? 0;
  return between.length + 60 * clauses;
}

type Chosen = {
  readonly date: DateMention;
  readonly incident: Cue<IncidentKind> | undefined;
  readonly event: Cue<EventClass> | undefined;
};

const SAYING =
  /\b(?:said|says|reported|admitted|announced|disclosed|confirmed|told (?:\w+ )?\w+|discovered|found|detected|uncovered|noticed|revealed|published a (?:report|repair)|seized|summoned|resigned|denied|restored)(?: (?:that|it|in a \w+|first|late|early))?(?: on| in)?\s*$/i;
const BLAMING =
  /\b(?:blam(?:e[sd]?|ing)|attribut(?:e[sd]?|ing)|accus(?:e[sd]?|ing)|point(?:ed|s) (?:at|to))\b[^;:]*$/i;

/** "Officials said on Friday", "blamed Russia on Tuesday": the day of the words, not of the deed. */
function datesTheWords(sentence: Sentence, date: DateMention): boolean {
  const before = sentence.text
    .slice(0, date.start - sentence.start)
    .replace(/\s+(?:on|in)\s*$/i, ' ');
  return (
    SAYING.test(before) ||
    (BLAMING.test(before) && !/\b(?:that|which|who)\b/i.test(BLAMING.exec(before)?.[0] ?? ''))
  );
}

/** Each date goes to the cue that stands nearest in its clause. */
function choose(sentence: Sentence, dates: readonly DateMention[]): Chosen[] {
  const incidents = incidentCues(sentence.text);
  const events = eventCues(sentence.text);
  return dates.map((date) => {
    const nearest = <T>(cues: readonly Cue<T>[]): Cue<T> | undefined =>
      cues.toSorted((a, b) => distance(sentence, a, date) - distance(sentence, b, date))[0];
    const incident = nearest(incidents);
    const event = nearest(events);
    if (incident !== undefined && event !== undefined) {
      return distance(sentence, event, date) < distance(sentence, incident, date)
        ? { date, incident: undefined, event }
        : { date, incident, event: undefined };
    }
    return { date, incident, event };
  });
}

function incidentOf(sentence: Sentence, date: DateMention, gazetteer: Gazetteer): ReadIncident {
  const initiators = initiatorMentions(sentence.text, gazetteer).filter(
    (mention) => mention.weight >= INITIATOR_THRESHOLD,
  );
  const blamed = new Set(initiators.map((mention) => mention.country));
  return {
    type: 'incident',
    sentence: spanAt(sentence, 0, sentence.text.length),
    date,
    kinds: incidentCues(sentence.text).map((cue) => ({
      kind: cue.what,
      span: spanAt(sentence, cue.start, cue.end),
    })),
    initiators: initiators.map((mention) => ({
      ...mention,
      start: mention.start + sentence.start,
      end: mention.end + sentence.start,
    })),
    receivers: countries(sentence).filter(({ country }) => !blamed.has(country)),
    ambiguous: initiators
      .filter((mention) => mention.ambiguous)
      .map((mention) => mention.actor ?? ''),
  };
}

function proposalsOf(
  sentence: Sentence,
  article: Article,
  reference: Day,
  gazetteer: Gazetteer,
): Proposal[] {
  const found: Proposal[] = [];
  const forecast = quotedForecast(sentence, article.outlet, reference);
  if (forecast !== undefined) found.push(forecast);
  const seen = new Set<string>();
  for (const { date, incident, event } of choose(
    sentence,
    datesIn(sentence.text, reference, sentence.start).filter(
      (date) => !datesTheWords(sentence, date),
    ),
  )) {
    const key = `${date.span.start}/${date.span.end}/${incident === undefined ? event?.what : 'incident'}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (incident !== undefined) {
      // What may happen is a forecast, and what is dated after the article has not happened.
      if (!date.future && !HYPOTHETICAL.test(sentence.text))
        found.push(incidentOf(sentence, date, gazetteer));
    } else if (event !== undefined && (!date.future || SCHEDULED.has(event.what))) {
      found.push({
        type: 'event',
        sentence: spanAt(sentence, 0, sentence.text.length),
        date,
        class: { name: event.what, span: spanAt(sentence, event.start, event.end) },
        actors: countries(sentence),
      });
    }
  }
  return found;
}

/** Reads an article. Nothing it proposes is in the history: a person confirms, corrects or rejects each proposal. */
export function readArticle(
  article: Article,
  gazetteer: Gazetteer,
): Verdict<Reading, ArticleReason> {
  const checked = checkArticle(article);
  if (!checked.ok) return checked;
  const reference = day(article.published);
  const proposals = sentencesOf(article.text).flatMap((sentence) =>
    proposalsOf(sentence, article, reference, gazetteer),
  );
  return accept({ article, proposals });
}

/** A proposal in one line for a person to judge. */
export function describeProposal(proposal: Proposal): string {
  if (proposal.type === 'forecast') {
    const who = proposal.speaker?.text ?? 'somebody unnamed';
    const number =
      proposal.probability === null
        ? `"${proposal.words?.text ?? ''}", no number`
        : `${Math.round(100 * proposal.probability.value)} %`;
    return `forecast by ${who}: ${number}, ${proposal.horizon === null ? 'no horizon' : `"${proposal.horizon.text}"`}; to be fixed: ${proposal.missing.join(', ') || 'nothing'}`;
  }
  const when = `${proposal.date.span.start}${proposal.date.span.end === proposal.date.span.start ? '' : ` to ${proposal.date.span.end}`} ("${proposal.date.text}")`;
  if (proposal.type === 'event')
    return `${proposal.class.name} on ${when}: ${proposal.actors.map(({ country }) => countryName(country)).join(', ') || 'nobody named'}`;
  const by =
    proposal.initiators
      .map((mention) => mention.actor ?? countryName(mention.country ?? ''))
      .join(', ') || 'nobody named';
  const ambiguous =
    proposal.ambiguous.length === 0 ? '' : `; ambiguous: ${proposal.ambiguous.join(', ')}`;
  return `incident (${[...new Set(proposal.kinds.map(({ kind }) => kind))].join('+')}) on ${when}: ${by} -> ${proposal.receivers.map(({ country }) => countryName(country)).join(', ') || 'nobody named'}${ambiguous}`;
}
