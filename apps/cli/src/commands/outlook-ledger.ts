// parley outlook ledger | share: the chain of one member, and what the members of a channel shared of theirs.

import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import type { Desk } from '@parley/desk';
import {
  canonicalJson,
  decodeShared,
  encodeShared,
  joinLedgers,
  nameOfForecaster,
  nextLine,
  questionText,
  RANKED_MIN,
  scoreLedger,
  sharedQuestion,
  textOfEstimate,
  verifyLedger,
  type JointQuestion,
  type LedgerBody,
  type LedgerLine,
  type LedgerScore,
  type Question,
  type SharedBy,
} from '@parley/outlook';
import { appendLine, OutlookStore, readLines } from '@parley/outlook/node';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';

const LEDGER = 'ledger.jsonl';

export function readLedger(store: OutlookStore): LedgerLine[] {
  const verified = verifyLedger(nativePorts.crypto, readLines(store.path(LEDGER)));
  if (!verified.ok) {
    throw new Stop(
      5,
      verified.reason,
      `The ledger does not hold at line ${verified.at ?? 0}: ${verified.detail ?? verified.reason}.`,
      'compare it with the copy in the room’s record or a backup; nothing was added',
    );
  }
  return verified.value;
}

export function add(
  store: OutlookStore,
  lines: readonly LedgerLine[],
  body: LedgerBody,
): LedgerLine {
  const line = nextLine(nativePorts.crypto, lines, body, Date.now());
  if (!line.ok)
    throw new Stop(3, line.reason, `The ledger refuses it: ${line.detail ?? line.reason}.`);
  appendLine(store.path(LEDGER), line.value);
  return line.value;
}

export function findQuestion(
  lines: readonly LedgerLine[],
  prefix: string,
): { hash: string; question: Question } {
  const found = lines.filter(
    (line) => line.body.type === 'question' && line.hash.startsWith(prefix.toLowerCase()),
  );
  const [line] = found;
  if (
    found.length !== 1 ||
    line === undefined ||
    line.body.type !== 'question' ||
    prefix.length < 4
  ) {
    throw new Stop(
      2,
      'no-such-question',
      `"${printable(prefix)}" names ${found.length} questions.`,
      'parley outlook ledger lists them',
    );
  }
  return { hash: line.hash, question: line.body.question };
}

/** What the members of a channel shared, by device; what cannot be read is said and left out. */
function sharedIn(desk: Desk, channel: string): { shared: SharedBy[]; remarks: string[] } {
  const remarks: string[] = [];
  const byDevice = new Map<
    string,
    { who: string; party: string; lines: SharedBy['lines'][number][] }
  >();
  for (const { body, party, member, deviceId, entry, receivedMs } of desk.statements(channel, [
    'forecast',
  ])) {
    if (body.kind !== 'forecast') continue;
    const read = decodeShared(nativePorts.crypto, body.ledger);
    if (!read.ok) {
      remarks.push(
        `entry ${entry} of ${party.name} holds no ledger that can be read: ${read.reason}`,
      );
      continue;
    }
    const said = byDevice.get(deviceId) ?? {
      who: `${party.name} / ${member}`,
      party: party.fingerprint,
      lines: [],
    };
    for (const line of read.value) said.lines.push({ line, entry, receivedMs });
    byDevice.set(deviceId, said);
  }
  return { shared: [...byDevice].map(([device, said]) => ({ device, ...said })), remarks };
}

/** The own line of a question that another member shared; makes one, so that it can be answered here. */
export async function adoptQuestion(
  shell: Shell,
  store: OutlookStore,
  channel: string,
  prefix: string,
): Promise<string> {
  const question = await atDesk<Question | undefined>(shell, async (desk) =>
    sharedQuestion(sharedIn(desk, channel).shared, prefix.toLowerCase()),
  );
  if (question === undefined || prefix.length < 4) {
    throw new Stop(
      2,
      'no-such-question',
      `"${printable(prefix)}" names no question shared in ${printable(channel)}.`,
      `parley outlook ledger --channel ${printable(channel)} lists them`,
    );
  }
  const lines = readLedger(store);
  const content = canonicalJson(question);
  const known = lines.find(
    ({ body }) => body.type === 'question' && canonicalJson(body.question) === content,
  );
  return (known ?? add(store, lines, { type: 'question', question })).hash;
}

function showScores(shell: Shell, scores: readonly LedgerScore[]): void {
  shell.line(`Scores (lower Brier is better; ranks from ${RANKED_MIN} resolved questions on):`);
  for (const score of scores) {
    const brier =
      score.brier === null
        ? 'nothing resolved'
        : `Brier ${textOfEstimate(score.brier).replaceAll('+', '')}`;
    const skill =
      score.skillOverBaseRate === null
        ? ''
        : `, skill over base rate ${textOfEstimate(score.skillOverBaseRate)}`;
    const rank =
      score.rank === null
        ? `not ranked: ${score.resolved} of ${RANKED_MIN} resolved`
        : `rank ${score.rank}`;
    shell.line(
      `  ${printable(score.forecaster)}: ${brier}${skill}; ${score.resolved} resolved of ${score.forecasts}; ${rank}`,
    );
  }
}

function showOwn(shell: Shell): void {
  const store = new OutlookStore(shell.home());
  const lines = readLedger(store);
  const scores = scoreLedger(lines);
  for (const line of lines) {
    const { body } = line;
    const when = new Date(line.timeMs).toISOString().slice(0, 10);
    if (body.type === 'question')
      shell.line(`${when} ${line.hash.slice(0, 12)} asked: ${questionText(body.question)}`);
    else if (body.type === 'forecast')
      shell.line(
        `${when} ${body.question.slice(0, 12)} ${printable(nameOfForecaster(body.by))}: ${(100 * body.p).toFixed(1)} %${body.rationale === '' ? '' : `, ${printable(body.rationale)}`}`,
      );
    else
      shell.line(
        `${when} ${body.question.slice(0, 12)} ${body.resolution.outcome.toUpperCase()}${body.revises === null ? '' : ' (revised)'}: ${printable(body.note)}`,
      );
  }
  shell.line();
  shell.line(`${lines.length} lines, chain whole.`);
  showScores(shell, scores);
  shell.result({ ok: true, lines, scores });
}

const SETTLED: Record<JointQuestion['settled'], string> = {
  yes: 'YES',
  no: 'NO',
  disputed: 'DISPUTED: the parties answer it differently, so it is not scored',
  open: 'open',
};

function showQuestion(shell: Shell, one: JointQuestion): void {
  shell.line(`${one.id.slice(0, 12)} ${questionText(one.question)}: ${SETTLED[one.settled]}`);
  shell.line(`    asked by ${one.askedBy.map(printable).join('; ')}`);
  for (const { who, by, p, rationale, entry, late } of one.forecasts) {
    const why = rationale === '' ? '' : `, ${printable(rationale)}`;
    const note = late ? ' [shared after it closed: not scored]' : '';
    shell.line(
      `    entry ${entry}  ${printable(who)}, ${printable(nameOfForecaster(by))}: ${(100 * p).toFixed(1)} %${why}${note}`,
    );
  }
  for (const { who, outcome, note, evidence, entry } of one.answers) {
    const named = evidence.length === 0 ? 'no evidence named' : evidence.map(printable).join(', ');
    shell.line(
      `    entry ${entry}  ${printable(who)} answers ${outcome.toUpperCase()}: ${printable(note)} (${named})`,
    );
  }
}

async function showShared(shell: Shell, channel: string): Promise<void> {
  await atDesk(shell, async (desk) => {
    const { shared, remarks } = sharedIn(desk, channel);
    const joint = joinLedgers(shared);
    if (joint.questions.length === 0)
      shell.line('Nothing is shared here yet. Next: parley outlook share');
    for (const one of joint.questions) showQuestion(shell, one);
    showScores(shell, joint.scores);
    const all = [...remarks, ...joint.remarks];
    for (const remark of all) shell.note(printable(remark));
    shell.result({ ok: true, channel, ...joint, remarks: all });
  });
}

async function share(shell: Shell, channel: string, prefix: string | undefined): Promise<void> {
  const store = new OutlookStore(shell.home());
  const all = readLedger(store);
  const only = prefix === undefined ? undefined : findQuestion(all, prefix).hash;
  const chosen = all.filter(
    ({ hash, body }) =>
      only === undefined || hash === only || (body.type !== 'question' && body.question === only),
  );
  await atDesk(shell, async (desk) => {
    const { shared } = sharedIn(desk, channel);
    const known = new Set(shared.flatMap(({ lines }) => lines.map(({ line }) => line.hash)));
    const fresh = chosen.filter(({ hash }) => !known.has(hash));
    const entries: (number | null)[] = [];
    for (const ledger of encodeShared(fresh)) {
      const sent = await desk.state(channel, { kind: 'forecast', ledger });
      entries.push(sent.entry);
    }
    const where = entries.map((entry) => (entry === null ? 'queued' : `entry ${entry}`)).join(', ');
    shell.line(
      fresh.length === 0
        ? `Nothing new to share: all ${chosen.length} lines are in the record of ${printable(channel)}.`
        : `Shared ${fresh.length} of ${chosen.length} lines with everybody in ${printable(channel)}: ${where}.`,
    );
    shell.result({ ok: true, channel, shared: fresh.length, of: chosen.length, entries });
  });
}

export function registerLedger(outlook: Command, shell: Shell): void {
  outlook
    .command('ledger')
    .description('every question, forecast and answer, the chain checked, and the scores')
    .option('--channel <name>', 'what the members of a channel shared, and how they compare')
    .action(async ({ channel }: { channel?: string }) =>
      channel === undefined ? showOwn(shell) : showShared(shell, channel),
    );
  outlook
    .command('share')
    .description(
      'put the ledger into the record of a channel: everybody there sees it from then on',
    )
    .argument('<channel>')
    .option('--question <id>', 'only one question, with its forecasts and answers')
    .action(async (channel: string, { question }: { question?: string }) =>
      share(shell, channel, question),
    );
}
