// Forecasts that articles quote: who says it, for how long it looks ahead, and in which words. No number is invented.

import type { Day } from '../calendar.ts';
import { countryMentions } from '../country-mentions.ts';
import type { CountryCode } from '../country.ts';
import type { IncidentKind } from '../history/record.ts';
import { CYBER_WORD, FORECAST_CUE, incidentCues } from './cues.ts';
import { horizonIn, type Horizon } from './dates.ts';
import type { Sentence } from './article.ts';

export type Span = { readonly start: number; readonly end: number; readonly text: string };

export type QuotedForecast = {
  readonly type: 'forecast';
  readonly sentence: Span;
  readonly speaker: Span | null;
  /** Title or organisation as the text gives it. */
  readonly role: Span | null;
  readonly outlet: string;
  readonly horizon: Horizon | null;
  /** "likely", "could": as said. */
  readonly words: Span | null;
  /** Only where the text states one: "a 70 percent chance". */
  readonly probability: { readonly value: number; readonly span: Span } | null;
  readonly kinds: readonly IncidentKind[];
  readonly targets: readonly { readonly country: CountryCode; readonly span: Span }[];
  /** What a person must fix before it can be scored. */
  readonly missing: readonly ('speaker' | 'horizon' | 'probability' | 'kind' | 'target')[];
};

const NAME = String.raw`(?:[A-Z][\p{L}'’.-]+|[A-Z]\.)(?:[ -](?:[A-Z][\p{L}'’.-]+|[A-Z]\.|de|van|von|al|bin|Jong|un|il)){1,4}`;
const VERB =
  '(?:said|says|warned|warns|told|tells|wrote|writes|predicted|predicts|expects|expected|added|argued|argues|noted|believes|forecasts?|cautioned|estimated|estimates)';
const SPEAKER: readonly RegExp[] = [
  new RegExp(String.raw`(?<name>${NAME}), (?<role>[^,."“”]{3,100}), ${VERB}\b`, 'u'),
  new RegExp(String.raw`\b${VERB} (?<name>${NAME})(?:, (?<role>[^,."“”]{3,100}))?`, 'u'),
  new RegExp(
    String.raw`(?<name>${NAME}) (?:of|at|from|with) (?<role>[A-Z][^,."“”]{2,60}?) (?:has |have )?${VERB}\b`,
    'u',
  ),
  new RegExp(String.raw`(?<name>${NAME}) (?:has |have |had |also )?${VERB}\b`, 'u'),
  new RegExp(String.raw`[Aa]ccording to (?<name>${NAME})(?:, (?<role>[^,."“”]{3,100}))?`, 'u'),
];
const BODY = new RegExp(
  String.raw`(?:\b(?:officials|analysts|researchers|experts|intelligence|agency|ministry|company|firm|spokes(?:man|woman|person))\b[^,.]{0,60}?) ${VERB}\b|\b(?:officials|analysts|researchers|experts)(?: at (?<role>[A-Z][\w ]+))?`,
  'i',
);

const spanOf = (text: string, start: number): Span => ({ start, end: start + text.length, text });

function speakerOf(sentence: Sentence): { speaker: Span | null; role: Span | null } {
  for (const pattern of SPEAKER) {
    const match = pattern.exec(sentence.text);
    const name = match?.groups?.['name'];
    if (match === null || name === undefined) continue;
    const role = match.groups?.['role'];
    return {
      speaker: spanOf(name, sentence.start + match.index + match[0].indexOf(name)),
      role:
        role === undefined
          ? null
          : spanOf(role, sentence.start + match.index + match[0].indexOf(role)),
    };
  }
  const body = BODY.exec(sentence.text);
  return {
    speaker:
      body === null
        ? null
        : spanOf(body[0].replace(new RegExp(` ${VERB}$`), ''), sentence.start + body.index),
    role: null,
  };
}

const WORDS =
  /\b(?:almost certain(?:ly)?|(?:very|highly|extremely) (?:un)?likely|unlikely|likely|probabl[ey]|realistic possibility|remote|possible|could|might|may|will|would|expects?)\b/;
const PERCENT =
  /\b(\d{1,3})(?:\.\d)?\s?(?:%|percent|per cent)\s+(?:chance|probability|likelihood)\b/i;

/** A quoted forecast of a sentence, or undefined where it is none. */
export function quotedForecast(
  sentence: Sentence,
  outlet: string,
  reference: Day,
): QuotedForecast | undefined {
  const { text, start } = sentence;
  const horizon = horizonIn(text, reference, start) ?? null;
  const words = WORDS.exec(text);
  const said = new RegExp(String.raw`\b${VERB}\b|[Aa]ccording to`).test(text);
  const percent = PERCENT.exec(text);
  if (!FORECAST_CUE.test(text) || !CYBER_WORD.test(text)) return undefined;
  if (words === null && percent === null) return undefined;
  // Somebody says it, or it looks ahead in so many words; "could not be reached" is no forecast.
  if (!said && horizon === null) return undefined;
  if (
    /\bcould not\b|\bwould not (?:say|comment|confirm)\b|\bmay have\b|\bmight have\b|\bcould have\b|\bwould have\b/i.test(
      text,
    ) &&
    horizon === null
  )
    return undefined;
  const { speaker, role } = speakerOf(sentence);
  const kinds = [...new Set(incidentCues(text).map((cue) => cue.what))];
  const targets = countryMentions(text)
    .filter((mention) =>
      /\b(?:against|on|at|target(?:s|ing)?|in|of|the)\s+(?:\w+\s+){0,2}$/i.test(
        text.slice(Math.max(0, mention.start - 30), mention.start),
      ),
    )
    .map((mention) => ({
      country: mention.country,
      span: spanOf(text.slice(mention.start, mention.end), start + mention.start),
    }));
  const missing: QuotedForecast['missing'][number][] = [];
  if (speaker === null) missing.push('speaker');
  if (horizon === null || horizon.vague) missing.push('horizon');
  if (percent === null) missing.push('probability');
  if (kinds.length === 0) missing.push('kind');
  if (targets.length === 0) missing.push('target');
  return {
    type: 'forecast',
    sentence: spanOf(text, start),
    speaker,
    role,
    outlet,
    horizon,
    words: words === null ? null : spanOf(words[0], start + words.index),
    probability:
      percent === null
        ? null
        : { value: Number(percent[1]) / 100, span: spanOf(percent[0], start + percent.index) },
    kinds,
    targets,
    missing,
  };
}
