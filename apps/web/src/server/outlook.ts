// The outlook as the page shows it: forecasts of the shipped and imported history, their pictures, and who was right.

import type { Crypto, Ports } from '@parley/kernel';
import {
  cautionText,
  checkQuestion,
  countryCode,
  estimativeWords,
  forecast,
  horizonRows,
  RANKED_MIN,
  scoreLedger,
  SHIPPED_HISTORY,
  snapshotHash,
  standardRule,
  textOfDay,
  textOfEstimate,
  verifyLedger,
  type Caution,
  type CountryCode,
  type Day,
  type HistoryRecord,
  type Question,
} from '@parley/outlook';
import {
  horizonCurve,
  OutlookStore,
  readLines,
  timeline,
  type Figure,
  type HorizonPoint,
} from '@parley/outlook/node';
import type { Language } from '../words/languages.ts';
import { pictureSpeech, type PictureSpeech } from './picture-speech.ts';
import { PageRefusal } from './refusals.ts';
import type { OutlookAnswer, Picture } from './wire-outlook.ts';

const DAY_MS = 86_400_000;
const DAYS = 28;
const CURVE_DAYS = 180;
/** The dyads of the shipped history. */
const PAIRS: readonly (readonly [who: string, whom: readonly string[]])[] = [
  ['KP', ['US', 'KR']],
  ['RU', ['UA']],
  ['IR', ['US']],
  ['IR', ['IL']],
  ['CN', ['US']],
];

function historyOf(store: OutlookStore): HistoryRecord[] {
  const imported = store.history();
  const incidents = imported.some(({ type }) => type === 'incident');
  return [...SHIPPED_HISTORY.filter(({ type }) => !incidents || type === 'event'), ...imported];
}

/** The picture with colours of its own: inside an image it knows nothing of the page's. */
function picture({ id, title, says, svg, table }: Figure): Picture {
  const style =
    '<style>svg{color:#14181f;--accent:#0b4fa8;--second:#a1121f;--quiet:#5a6472;font-family:system-ui,sans-serif}' +
    // A label is read as its own language is, whichever way the image is.
    'text{unicode-bidi:plaintext}' +
    '@media (prefers-color-scheme:dark){svg{color:#eef1f5;--accent:#8fc0ff;--second:#ff9ea4;--quiet:#b3bdca}}</style>';
  const named = svg.includes('xmlns=')
    ? svg
    : svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return { id, title, says, svg: named.replace('>', `>${style}`), table };
}

type Pair = OutlookAnswer['forecasts'][number];

type Drawn = { row: Pair; horizon: readonly HorizonPoint[]; cautions: readonly Caution[] };

function forecastOf(
  crypto: Crypto,
  records: readonly HistoryRecord[],
  [who, whom]: (typeof PAIRS)[number],
  nowMs: number,
): Drawn | undefined {
  const today = Math.floor(nowMs / DAY_MS);
  const draft = {
    initiator: countryCode(who) as CountryCode,
    receivers: whom.map((one) => countryCode(one) as CountryCode),
    group: null,
    issued: textOfDay(today as Day),
    closes: textOfDay((today + DAYS - 1) as Day),
  };
  const rule = standardRule(draft);
  const question = checkQuestion({ ...draft, source: 'EuRepoC Global Database', rule });
  if (!question.ok) return undefined;
  const made = forecast(question.value, records, snapshotHash(crypto, records));
  if (!made.ok) return undefined;
  const { p, interval90, baseRate, cautions } = made.value;
  return {
    row: {
      who,
      whom,
      p,
      low: interval90.low,
      high: interval90.high,
      word: estimativeWords(p, 'icd203'),
      base: baseRate,
    },
    horizon: horizonRows(made.value.question, records, CURVE_DAYS),
    cautions,
  };
}

function questionView(
  hash: string,
  { initiator, receivers, group, issued, closes }: Question,
  open: boolean,
): OutlookAnswer['questions'][number] {
  const id = hash.slice(0, 12);
  return { id, who: initiator, whom: receivers, group, issued, closes, open };
}

function ledgerOf(
  crypto: Crypto,
  store: OutlookStore,
): Pick<OutlookAnswer, 'questions' | 'scores'> {
  const verified = verifyLedger(crypto, readLines(store.path('ledger.jsonl')));
  if (!verified.ok) {
    throw new PageRefusal(500, 'ledger-broken', {
      message: `The ledger of forecasts does not hold at line ${verified.at ?? 0}.`,
      next: 'compare it with the copy in the room’s record or a backup',
    });
  }
  const resolved = new Set(
    verified.value.flatMap(({ body }) => (body.type === 'resolution' ? [body.question] : [])),
  );
  const questions = verified.value.flatMap(({ hash, body }) =>
    body.type === 'question' ? [questionView(hash, body.question, !resolved.has(hash))] : [],
  );
  const scores = scoreLedger(verified.value).map((score) => ({
    forecaster: score.forecaster,
    forecasts: score.forecasts,
    resolved: score.resolved,
    brier: score.brier === null ? null : textOfEstimate(score.brier).replaceAll('+', ''),
    rank: score.rank,
  }));
  return { questions, scores };
}

function picturesOf(
  records: readonly HistoryRecord[],
  forecasts: readonly Drawn[],
  speech: PictureSpeech,
): Picture[] {
  return [
    ...forecasts.map(({ row: { who, whom }, horizon }) =>
      horizonCurve(
        horizon,
        speech.between(who, whom),
        `horizon-${who}-${whom.join('-')}`,
        speech.figures,
      ),
    ),
    ...(['occurred', 'disclosed'] as const).map((by) => timeline(records, by, speech.figures)),
  ].map(picture);
}

/** Made anew only when the history or the day has changed: the forecasts and the pictures take a moment. */
const made = new Map<
  string,
  { readonly forecasts: readonly Drawn[]; readonly pictures: Map<Language, readonly Picture[]> }
>();

export async function outlookAnswer(
  { crypto, clock }: Ports,
  home: string,
  language: Language,
): Promise<OutlookAnswer> {
  const speech = await pictureSpeech(language);
  const nowMs = clock.nowMs();
  const store = new OutlookStore(home);
  const records = historyOf(store);
  const key = `${snapshotHash(crypto, records)} ${Math.floor(nowMs / DAY_MS)}`;
  let known = made.get(key);
  if (known === undefined) {
    const forecasts = PAIRS.flatMap((pair) => forecastOf(crypto, records, pair, nowMs) ?? []);
    known = { forecasts, pictures: new Map() };
    made.clear();
    made.set(key, known);
  }
  const { forecasts, pictures } = known;
  const drawn = pictures.get(language) ?? picturesOf(records, forecasts, speech);
  pictures.set(language, drawn);
  const cautions = forecasts
    .flatMap((one) => one.cautions)
    .map((said) => [cautionText(said), { said, text: cautionText(said) }] as const);
  return {
    records: records.length,
    forecasts: forecasts.map(({ row }) => row),
    pictures: drawn,
    cautions: [...new Map(cautions).values()],
    days: DAYS,
    rankedFrom: RANKED_MIN,
    ...ledgerOf(crypto, store),
  };
}
