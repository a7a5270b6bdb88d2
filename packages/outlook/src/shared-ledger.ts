// Ledgers that members share in a room: lines as statements of the record, joined to one score for everybody.
//
// A member's own chain stays his: a line is known by its hash, and two lines with one number are two stories.

import { accept, fromUtf8, refuse, utf8, type Crypto, type Verdict } from '@parley/kernel';
import { checkQuestion, type Question } from './forecast/question.ts';
import {
  lineHolds,
  scoreLedger,
  type Forecaster,
  type LedgerBody,
  type LedgerLine,
  type LedgerScore,
} from './ledger.ts';
import { canonicalJson } from './snapshot.ts';

/** What one entry of a record holds, a little below its limit; longer ledgers take several entries. */
export const SHARED_MAX_BYTES = 60_000;
const LINES_MAX = 1000;
const TEXT_MAX = 2000;
const EVIDENCE_MAX = 100;

export type SharedReason = 'not-a-ledger' | 'too-large' | 'wrong-shape' | 'changed-line';

/** Cuts lines into statements. Asserts nothing about them: they are our own and were checked when the file was read. */
export function encodeShared(lines: readonly LedgerLine[]): Uint8Array[] {
  const statements: Uint8Array[] = [];
  let held: LedgerLine[] = [];
  const bytesOf = (some: readonly LedgerLine[]): Uint8Array =>
    utf8(canonicalJson({ format: 'parley-outlook-ledger', version: 1, lines: some }));
  for (const line of lines) {
    if (held.length > 0 && bytesOf([...held, line]).length > SHARED_MAX_BYTES) {
      statements.push(bytesOf(held));
      held = [];
    }
    held.push(line);
  }
  return held.length === 0 ? statements : [...statements, bytesOf(held)];
}

type Loose = Readonly<Record<string, unknown>>;
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= TEXT_MAX;
const isHash = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isChance = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1;
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= EVIDENCE_MAX && value.every(isText);

function isForecaster(by: unknown): by is Forecaster {
  if (!isLoose(by)) return false;
  if (by['kind'] === 'model') return isText(by['id']);
  if (by['kind'] === 'person') return isText(by['name']);
  return by['kind'] === 'quoted' && isText(by['name']) && isText(by['outlet']);
}

function isQuestion(value: unknown): value is Question {
  if (!isLoose(value) || !Array.isArray(value['receivers']) || value['receivers'].length > 30)
    return false;
  const texts = ['initiator', 'issued', 'closes', 'source', 'rule'].every((name) =>
    isText(value[name]),
  );
  const { group } = value;
  if (!texts || !areTexts(value['receivers']) || !(group === null || isText(group))) return false;
  return checkQuestion(value as unknown as Question).ok;
}

function isInterval(value: unknown): boolean {
  return value === null || (isLoose(value) && isChance(value['low']) && isChance(value['high']));
}

function isBody(body: unknown): body is LedgerBody {
  if (!isLoose(body)) return false;
  if (body['type'] === 'question') return isQuestion(body['question']);
  if (!isHash(body['question'])) return false;
  if (body['type'] === 'forecast') {
    const snapshot = body['snapshot'] ?? null;
    return (
      isForecaster(body['by']) &&
      isChance(body['p']) &&
      isInterval(body['interval90'] ?? null) &&
      (body['baseRate'] === null || isChance(body['baseRate'])) &&
      isText(body['rationale']) &&
      areTexts(body['evidence']) &&
      (snapshot === null || isText(snapshot))
    );
  }
  const said = body['resolution'];
  return (
    body['type'] === 'resolution' &&
    isLoose(said) &&
    ['yes', 'no', 'open', 'unclear'].includes(String(said['outcome'])) &&
    isText(said['asOf']) &&
    areTexts(said['evidence']) &&
    isText(body['by']) &&
    isText(body['note']) &&
    (body['revises'] === null || isHash(body['revises']))
  );
}

function isLine(value: unknown): value is LedgerLine {
  return (
    isLoose(value) &&
    Number.isSafeInteger(value['seq']) &&
    Number(value['seq']) >= 1 &&
    isHash(value['prev']) &&
    isHash(value['hash']) &&
    Number.isSafeInteger(value['timeMs']) &&
    Math.abs(Number(value['timeMs'])) < 8e15 &&
    isBody(value['body'])
  );
}

function parsed(encoded: Uint8Array): unknown {
  const text = fromUtf8(encoded);
  try {
    return text.ok ? JSON.parse(text.value) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a statement that somebody else made. Every line has its shape and is what its hash says; `at` counts from 1. */
export function decodeShared(
  crypto: Crypto,
  encoded: Uint8Array,
): Verdict<LedgerLine[], SharedReason> {
  if (encoded.length > SHARED_MAX_BYTES + 5536) return refuse('too-large');
  const value = parsed(encoded);
  if (!isLoose(value) || value['format'] !== 'parley-outlook-ledger' || value['version'] !== 1)
    return refuse('not-a-ledger');
  const { lines } = value;
  if (!Array.isArray(lines) || lines.length > LINES_MAX) return refuse('wrong-shape');
  for (const [i, line] of lines.entries()) {
    if (!isLine(line)) return refuse('wrong-shape', { at: i + 1 });
    if (!lineHolds(crypto, line)) return refuse('changed-line', { at: i + 1 });
  }
  return accept(lines as LedgerLine[]);
}

/** What one device has put on the record, in the order of its entries. */
export type SharedBy = {
  /** As people see it: party and member. */
  readonly who: string;
  readonly party: string;
  readonly device: string;
  readonly lines: readonly {
    readonly line: LedgerLine;
    readonly entry: number;
    /** When the entry reached this desk, by its own clock: the only time that the other side cannot choose. */
    readonly receivedMs: number;
  }[];
};

export type JointQuestion = {
  /** The line that asked it first. Whoever asks the same asks this one question. */
  readonly id: string;
  readonly question: Question;
  readonly askedBy: readonly string[];
  readonly forecasts: readonly {
    readonly who: string;
    readonly by: Forecaster;
    readonly p: number;
    readonly baseRate: number | null;
    readonly rationale: string;
    readonly entry: number;
    /** It reached us after the question had closed: shown, and not scored. */
    readonly late: boolean;
  }[];
  readonly answers: readonly {
    readonly who: string;
    readonly party: string;
    readonly outcome: 'yes' | 'no' | 'open' | 'unclear';
    readonly note: string;
    readonly evidence: readonly string[];
    readonly entry: number;
  }[];
  /** Yes or no where all parties that answered say the same; `disputed` where they do not. */
  readonly settled: 'yes' | 'no' | 'disputed' | 'open';
};

export type JointLedger = {
  readonly questions: readonly JointQuestion[];
  readonly scores: readonly LedgerScore[];
  readonly remarks: readonly string[];
};

const DAY_END = 'T23:59:59Z';

type Drafted = {
  id: string;
  question: Question;
  askedBy: Set<string>;
  forecasts: JointQuestion['forecasts'][number][];
  answers: JointQuestion['answers'][number][];
};

/** Lines of one device without those under a number that it used twice: what is told in two ways is not scored. */
function consistent(said: SharedBy, remarks: string[]): SharedBy['lines'] {
  const byNumber = Map.groupBy(said.lines, ({ line }) => line.seq);
  const twice = new Set<number>();
  for (const [seq, lines] of byNumber) {
    const hashes = new Set(lines.map(({ line }) => line.hash));
    const next = byNumber.get(seq + 1)?.[0];
    const broken = next !== undefined && !hashes.has(next.line.prev);
    if (hashes.size === 1 && !broken) continue;
    twice.add(seq);
    const entries = [...lines, ...(broken ? [next] : [])].map(({ entry }) => entry);
    remarks.push(
      `${said.who} shared two stories of line ${seq} of one ledger (entries ${[...new Set(entries)].join(', ')}): it is not scored`,
    );
  }
  return [...byNumber.values()].flatMap(([first]) =>
    first === undefined || twice.has(first.line.seq) ? [] : [first],
  );
}

function settledBy(answers: Drafted['answers']): JointQuestion['settled'] {
  const latest = new Map(answers.map(({ party, outcome }) => [party, outcome]));
  const plain = new Set([...latest.values()].filter((one) => one === 'yes' || one === 'no'));
  if (plain.size > 1) return 'disputed';
  return [...plain][0] ?? 'open';
}

/** Joins what the devices of a room shared. Everybody is scored alike; what came late, or in two versions, is not scored. */
export function joinLedgers(shared: readonly SharedBy[]): JointLedger {
  const remarks: string[] = [];
  const drafts = new Map<string, Drafted>();
  for (const said of shared) {
    const lines = consistent(said, remarks);
    const own = new Map<string, Drafted>();
    for (const { line } of lines) {
      if (line.body.type !== 'question') continue;
      const content = canonicalJson(line.body.question);
      const drafted = drafts.get(content) ?? {
        id: line.hash,
        question: line.body.question,
        askedBy: new Set(),
        forecasts: [],
        answers: [],
      };
      drafted.askedBy.add(said.who);
      drafts.set(content, drafted);
      own.set(line.hash, drafted);
    }
    let unknown = 0;
    for (const { line, entry, receivedMs } of lines) {
      const { body } = line;
      if (body.type === 'question') continue;
      const drafted = own.get(body.question);
      if (drafted === undefined) unknown++;
      else if (body.type === 'resolution') {
        const { outcome, evidence } = body.resolution;
        const { who, party } = said;
        drafted.answers.push({ who, party, outcome, note: body.note, evidence, entry });
      } else {
        const { by, p, baseRate, rationale } = body;
        // Written earlier is only a claim: what counts is that it was on the record before the question closed.
        const late = receivedMs > Date.parse(`${drafted.question.closes}${DAY_END}`);
        drafted.forecasts.push({ who: said.who, by, p, baseRate, rationale, entry, late });
      }
    }
    if (unknown > 0)
      remarks.push(`${said.who} shared ${unknown} lines on questions that were not shared`);
  }
  const questions = [...drafts.values()]
    .toSorted((a, b) => (a.question.closes < b.question.closes ? -1 : 1))
    .map((drafted) => ({
      ...drafted,
      askedBy: [...drafted.askedBy],
      settled: settledBy(drafted.answers),
    }));
  return { questions, scores: scoreLedger(questions.flatMap(scorable)), remarks };
}

/** The lines that count, as the ledger's own score reads them, with each person under his party. */
function scorable(question: JointQuestion): { readonly body: LedgerBody }[] {
  const forecasts = question.forecasts
    .filter(({ late }) => !late)
    .map(({ who, by, p, baseRate, rationale }) => ({
      body: {
        type: 'forecast' as const,
        question: question.id,
        by: by.kind === 'person' ? { ...by, name: `${who}: ${by.name}` } : by,
        p,
        interval90: null,
        baseRate,
        rationale,
        evidence: [],
        snapshot: null,
      },
    }));
  if (question.settled !== 'yes' && question.settled !== 'no') return forecasts;
  const resolution = { outcome: question.settled, asOf: question.question.closes, evidence: [] };
  return [
    ...forecasts,
    {
      body: {
        type: 'resolution' as const,
        question: question.id,
        resolution,
        by: '',
        note: '',
        revises: null,
      },
    },
  ];
}

/** The question that a device shared in a line whose hash begins so: what another member answers to. */
export function sharedQuestion(shared: readonly SharedBy[], prefix: string): Question | undefined {
  const found = new Map<string, Question>();
  for (const { line } of shared.flatMap(({ lines }) => lines)) {
    if (line.body.type === 'question' && line.hash.startsWith(prefix))
      found.set(canonicalJson(line.body.question), line.body.question);
  }
  const [only] = found.values();
  return found.size === 1 ? only : undefined;
}
