// The ledger: who forecast what, when, and what came. Lines are only ever added, and each holds the hash of the one before.

import { accept, refuse, toHex, utf8, type Crypto, type Verdict } from '@parley/kernel';
import { brierScore, logScore, quantile, type Estimate } from './backtest/score.ts';
import type { Question, Resolution } from './forecast/question.ts';
import { seeded } from './random.ts';
import { canonicalJson } from './snapshot.ts';

/** Whose forecast it is. A quoted expert is scored by name and outlet, never by whoever wrote the quote down. */
export type Forecaster =
  | { readonly kind: 'model'; readonly id: string }
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'quoted'; readonly name: string; readonly outlet: string };

export type LedgerBody =
  | { readonly type: 'question'; readonly question: Question }
  | {
      readonly type: 'forecast';
      /** Hash of the question's line. */
      readonly question: string;
      readonly by: Forecaster;
      readonly p: number;
      readonly interval90: { readonly low: number; readonly high: number } | null;
      readonly baseRate: number | null;
      readonly rationale: string;
      readonly evidence: readonly string[];
      readonly snapshot: string | null;
    }
  | {
      readonly type: 'resolution';
      readonly question: string;
      readonly resolution: Resolution;
      readonly by: string;
      readonly note: string;
      /** Hash of the resolution that this one revises. */ readonly revises: string | null;
    };

export type LedgerLine = {
  readonly seq: number;
  readonly prev: string;
  readonly timeMs: number;
  readonly body: LedgerBody;
  readonly hash: string;
};

export type LedgerReason =
  | 'broken-chain'
  | 'changed-line'
  | 'wrong-order'
  | 'wrong-shape'
  | 'no-such-question'
  | 'question-closed'
  | 'bad-probability'
  | 'already-resolved';

export const LEDGER_START = '0'.repeat(64);

function hashOf(crypto: Crypto, line: Omit<LedgerLine, 'hash'>): string {
  return toHex(crypto.hash('sha256', utf8(`parley/v1/outlook-ledger\0${canonicalJson(line)}`)));
}

/** Whether a line's hash is that of its content. */
export function lineHolds(crypto: Crypto, { hash, ...rest }: LedgerLine): boolean {
  return hashOf(crypto, rest) === hash;
}

function checkBody(
  lines: readonly LedgerLine[],
  body: LedgerBody,
  timeMs: number,
): Verdict<undefined, LedgerReason> {
  if (body.type === 'question') return accept(undefined);
  const asked = lines.find((line) => line.hash === body.question && line.body.type === 'question');
  if (asked === undefined || asked.body.type !== 'question')
    return refuse('no-such-question', { detail: body.question.slice(0, 64) });
  const resolved = lines.findLast(
    (line) => line.body.type === 'resolution' && line.body.question === body.question,
  );
  if (body.type === 'resolution') {
    if (resolved !== undefined && body.revises !== resolved.hash)
      return refuse('already-resolved', {
        detail: 'a new resolution must name the one that it revises',
      });
    return accept(undefined);
  }
  if (!(body.p >= 0 && body.p <= 1))
    return refuse('bad-probability', { detail: 'a probability lies between 0 and 1' });
  // Nobody forecasts what is already over: that would be hindsight with a date.
  if (resolved !== undefined || timeMs > Date.parse(`${asked.body.question.closes}T23:59:59Z`)) {
    return refuse('question-closed', { detail: `it closed on ${asked.body.question.closes}` });
  }
  return accept(undefined);
}

/** Makes the next line. Refuses a forecast without its question, or after it closed, and a second answer out of the blue. */
export function nextLine(
  crypto: Crypto,
  lines: readonly LedgerLine[],
  body: LedgerBody,
  timeMs: number,
): Verdict<LedgerLine, LedgerReason> {
  const checked = checkBody(lines, body, timeMs);
  if (!checked.ok) return checked;
  const line = { seq: lines.length + 1, prev: lines.at(-1)?.hash ?? LEDGER_START, timeMs, body };
  return accept({ ...line, hash: hashOf(crypto, line) });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Checks the whole chain; `at` is the first line that does not hold. */
export function verifyLedger(
  crypto: Crypto,
  values: readonly unknown[],
): Verdict<LedgerLine[], LedgerReason> {
  const lines: LedgerLine[] = [];
  let prev = LEDGER_START;
  for (const [i, value] of values.entries()) {
    const at = i + 1;
    if (
      !isObject(value) ||
      !isObject(value['body']) ||
      typeof value['hash'] !== 'string' ||
      typeof value['timeMs'] !== 'number'
    ) {
      return refuse('wrong-shape', { at });
    }
    const line = value as unknown as LedgerLine;
    const { hash, ...rest } = line;
    if (line.seq !== at)
      return refuse('wrong-order', { at, detail: `line ${at} says it is number ${line.seq}` });
    if (line.prev !== prev)
      return refuse('broken-chain', { at, detail: 'it does not follow the line before it' });
    if (hashOf(crypto, rest) !== hash)
      return refuse('changed-line', { at, detail: 'its content is not what was hashed' });
    lines.push(line);
    prev = hash;
  }
  return accept(lines);
}

export type LedgerScore = {
  readonly forecaster: string;
  readonly kind: Forecaster['kind'];
  readonly forecasts: number;
  readonly resolved: number;
  readonly brier: Estimate | null;
  readonly log: Estimate | null;
  /** 1 - Brier / Brier of the base rate stated with each forecast. */
  readonly skillOverBaseRate: Estimate | null;
  /** Null under the minimum: nobody is ranked on luck. */
  readonly rank: number | null;
};

/** Below so many resolved questions a score says more about luck than about the forecaster. */
export const RANKED_MIN = 20;

export function nameOfForecaster(by: Forecaster): string {
  return by.kind === 'model' ? by.id : by.kind === 'person' ? by.name : `${by.name} (${by.outlet})`;
}

function bootstrapMean(
  values: readonly number[],
  weights: readonly number[],
  seed: number,
): Estimate {
  const total = (indexes: readonly number[]): number => {
    const w = indexes.reduce((sum, i) => sum + (weights[i] ?? 0), 0);
    return w === 0 ? 0 : indexes.reduce((sum, i) => sum + (values[i] ?? 0), 0) / w;
  };
  const all = values.map((_, i) => i);
  const random = seeded(seed);
  const sampled = Float64Array.from({ length: 2000 }, () =>
    total(all.map(() => random.below(all.length))),
  ).toSorted();
  return {
    value: total(all),
    interval90: { low: quantile(sampled, 0.05), high: quantile(sampled, 0.95) },
  };
}

type Scored = Pick<LedgerLine, 'body'>;
type Scorable = { p: number; baseRate: number | null; outcome: 0 | 1 };

/** The last resolution of each question, where it is a plain yes or no. */
function outcomesOf(lines: readonly Scored[]): Map<string, 0 | 1> {
  const outcomes = new Map<string, 0 | 1>();
  for (const { body } of lines) {
    if (body.type !== 'resolution') continue;
    if (body.resolution.outcome === 'yes') outcomes.set(body.question, 1);
    else if (body.resolution.outcome === 'no') outcomes.set(body.question, 0);
    else outcomes.delete(body.question);
  }
  return outcomes;
}

/** Scores everybody alike. The last forecast of a forecaster on a question counts; open questions count for nothing. */
export function scoreLedger(lines: readonly Scored[]): LedgerScore[] {
  const outcomes = outcomesOf(lines);
  const byName = new Map<string, { by: Forecaster; made: number; last: Map<string, Scorable> }>();
  for (const { body } of lines) {
    if (body.type !== 'forecast') continue;
    const name = `${body.by.kind}:${nameOfForecaster(body.by)}`;
    const entry = byName.get(name) ?? { by: body.by, made: 0, last: new Map<string, Scorable>() };
    entry.made++;
    const outcome = outcomes.get(body.question);
    if (outcome !== undefined)
      entry.last.set(body.question, { p: body.p, baseRate: body.baseRate, outcome });
    byName.set(name, entry);
  }
  const scores = [...byName.values()].map(({ by, made, last }): LedgerScore => {
    const scored = [...last.values()];
    const ones = scored.map(() => 1);
    const based = scored.filter(
      (one): one is Scorable & { baseRate: number } => one.baseRate !== null,
    );
    const baseScores = based.map((one) => brierScore(one.baseRate, one.outcome));
    const shares = bootstrapMean(
      based.map((one) => brierScore(one.p, one.outcome)),
      baseScores,
      3,
    );
    return {
      forecaster: nameOfForecaster(by),
      kind: by.kind,
      forecasts: made,
      resolved: scored.length,
      brier:
        scored.length === 0
          ? null
          : bootstrapMean(
              scored.map((one) => brierScore(one.p, one.outcome)),
              ones,
              1,
            ),
      log:
        scored.length === 0
          ? null
          : bootstrapMean(
              scored.map((one) => logScore(one.p, one.outcome)),
              ones,
              2,
            ),
      skillOverBaseRate:
        based.length === 0 || baseScores.every((score) => score === 0)
          ? null
          : {
              value: 1 - shares.value,
              interval90: { low: 1 - shares.interval90.high, high: 1 - shares.interval90.low },
            },
      rank: null,
    };
  });
  const ranked = scores
    .filter((score) => score.resolved >= RANKED_MIN)
    .toSorted((a, b) => (a.brier?.value ?? 1) - (b.brier?.value ?? 1));
  return scores.map((score) => ({
    ...score,
    rank: ranked.includes(score) ? ranked.indexOf(score) + 1 : null,
  }));
}
