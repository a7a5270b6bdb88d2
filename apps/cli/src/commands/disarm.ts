// `parley disarm`: documents in, safe copies and reports out, without any channel. Files, folders, standard input, a watched folder.

import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import {
  defaultPolicy,
  describeReport,
  explainRefusal,
  type DisarmReason,
  familiesOf,
  type Mode,
  WarmOffice,
  type Policy,
} from '@parley/disarm';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { Stop, printable, type Shell } from '../shell.ts';
import { watchFolder } from './disarm-watch.ts';
import {
  DisarmRun,
  exists,
  writeParts,
  writeWhole,
  type DisarmOptions as Options,
  type Done,
} from './disarm-run.ts';

function jobsOf(options: Options): number {
  const jobs = Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 16) {
    throw new Stop(2, 'jobs', `${printable(options.jobs)} is no number of jobs.`, 'Give 1 to 16.');
  }
  return jobs;
}

function policyOf(options: Options): Policy {
  const mode = (['structure', 'pixel', 'edit'] as const).find(
    (word): word is Mode => word === options.mode,
  );
  if (mode === undefined) {
    throw new Stop(
      2,
      'unknown-mode',
      `No mode "${printable(options.mode)}".`,
      'Use structure, pixel or edit.',
    );
  }
  return {
    ...defaultPolicy,
    mode,
    cage: options.requireBubblewrap === true ? 'require-bubblewrap' : defaultPolicy.cage,
  };
}

async function filesOf(inputs: readonly string[]): Promise<{ file: string; name: string }[]> {
  const found: { file: string; name: string }[] = [];
  for (const input of inputs) {
    const info = await stat(input).catch(() => {
      throw new Stop(2, 'not-found', `There is no ${printable(input)}.`);
    });
    if (!info.isDirectory()) {
      found.push({ file: input, name: basename(input) });
      continue;
    }
    const entries = await readdir(input, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) found.push({ file, name: relative(input, file) });
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function refusal(reason: DisarmReason, detail: string | undefined): Stop {
  const { happened, next: usual } = explainRefusal(reason);
  // For kinds that are not read, what is asked for depends on the kind.
  const asked = detail === undefined || detail === '' ? usual : printable(detail);
  const next = reason === 'unsupported' ? asked : usual;
  return new Stop(reason === 'cancelled' ? 1 : 3, reason, happened, next, { detail: detail ?? '' });
}

/** One document from a file or standard input to one file. */
async function one(shell: Shell, run: DisarmRun, input: string, options: Options): Promise<void> {
  const bytes =
    input === '-'
      ? await shell.stdin(defaultPolicy.inputMaxBytes)
      : new Uint8Array(await readFile(input));
  const name = input === '-' ? 'standard input' : basename(input);
  const { verdict, seconds } = await run.rebuild(bytes, name);
  if (!verdict.ok) throw refusal(verdict.reason, verdict.detail);
  const { safe, report, engine, policy } = verdict.value;
  const out = options.out ?? `${input === '-' ? 'document' : input}.safe.${safe.extension}`;
  if (options.force !== true && (await exists(out))) {
    throw new Stop(
      2,
      'exists',
      `${printable(out)} is already there.`,
      'Give --force to write over it, or another -o.',
    );
  }
  await writeWhole(out, safe.bytes);
  const parts = await writeParts(`${out}.parts`, verdict.value);
  if (options.report === true) await run.writeReports(out, name, verdict.value, basename(out));
  for (const line of describeReport(report)) shell.line(printable(line));
  shell.line(`Safe copy: ${printable(out)} (${safe.bytes.length} bytes, SHA-256 ${safe.sha256})`);
  for (const part of parts) shell.line(`Part: ${printable(part)}`);
  shell.result({
    ok: true,
    out,
    parts,
    sha256: safe.sha256,
    mediaType: safe.mediaType,
    engine,
    policy,
    seconds,
    report,
  });
}

function showTable(shell: Shell, all: readonly Done[]): void {
  const table = new Table({
    head: ['document', 'outcome', 'pages', 'findings', 'size', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const done of all) {
    const outcome = done.reason === null ? done.outcome : `refused: ${done.reason}`;
    const size =
      done.outcome === 'refused'
        ? ''
        : `${((100 * done.safeBytes) / Math.max(1, done.bytes)).toFixed(0)} %`;
    table.push([
      printable(done.name),
      outcome,
      done.pages,
      done.findings,
      size,
      done.seconds.toFixed(1),
    ]);
  }
  shell.line(table.toString());
  const count = (outcome: Done['outcome']): number =>
    all.filter((done) => done.outcome === outcome).length;
  shell.line(
    `${count('rebuilt')} rebuilt, ${count('kept')} done before, ${count('refused')} refused`,
  );
}

async function many(
  shell: Shell,
  { run, warm }: { run: DisarmRun; warm: WarmOffice },
  inputs: readonly string[],
  options: Options,
): Promise<void> {
  if (options.out === undefined) {
    throw new Stop(
      2,
      'out-missing',
      'Several documents need a folder for their copies.',
      'Give -o DIR.',
    );
  }
  const folder = options.out;
  const files = await filesOf(inputs);
  const jobs = jobsOf(options);
  const all: Done[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const item = files[next++];
      if (item === undefined) return;
      warm.plan(familiesOf(files[next]?.name ?? '').length === 0 ? null : []);
      const done = await run.intoFolder(item.file, item.name, folder);
      all.push(done);
      shell.item(done);
      shell.note(
        `${all.length} of ${files.length}: ${printable(item.name)}: ${done.reason ?? done.outcome}`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  all.sort((a, b) => (a.file < b.file ? -1 : 1));
  showTable(shell, all);
  const refused = all.filter((done) => done.outcome === 'refused');
  if (refused.length > 0) {
    throw new Stop(
      3,
      'some-refused',
      `${refused.length} of ${all.length} documents have no safe copy.`,
      'The table names each reason.',
    );
  }
}

export function registerDisarm(program: Command, shell: Shell): void {
  program
    .command('disarm')
    .description('rebuild documents into safe copies, without any channel')
    .argument('[inputs...]', 'files, folders, or - for standard input')
    .option('-o, --out <path>', 'the copy, or the folder for the copies of several documents')
    .option(
      '--mode <mode>',
      'structure (text kept), pixel (pictures of pages) or edit (a fresh editable file)',
      'structure',
    )
    .option('--report', 'also write the report as JSON and as a page')
    .option('--jobs <n>', 'documents at a time', '1')
    .option('--password-file <file>', 'the password of an encrypted document')
    .option('--require-bubblewrap', 'refuse where documents cannot be caged fully')
    .option('--force', 'make copies anew and write over existing ones')
    .option('--watch <dir>', 'rebuild whatever is dropped into this folder; needs -o DIR')
    .action(async (inputs: string[], options: Options) => {
      const policy = policyOf(options);
      if (options.watch !== undefined) {
        if (options.out === undefined || resolve(options.out) === resolve(options.watch)) {
          throw new Stop(
            2,
            'out-missing',
            'A watched folder needs another folder for the copies.',
            'Give -o DIR.',
          );
        }
        const warm = new WarmOffice(policy);
        const run = new DisarmRun(shell, policy, options, warm);
        await run.readPassword();
        warm.start();
        const wishes = { source: options.watch, folder: options.out, jobs: jobsOf(options) };
        return watchFolder(shell, run, wishes).finally(() => warm.close());
      }
      const [first] = inputs;
      if (first === undefined) {
        throw new Stop(
          2,
          'nothing-given',
          'No document was given.',
          'Give files, folders, or - for standard input.',
        );
      }
      const single =
        inputs.length === 1 &&
        (first === '-' || !(await stat(first).catch(() => undefined))?.isDirectory());
      if (single && first !== '-' && !(await exists(first))) {
        throw new Stop(2, 'not-found', `There is no ${printable(first)}.`);
      }
      const warm = single ? undefined : new WarmOffice(policy);
      const run = new DisarmRun(shell, policy, options, warm);
      await run.readPassword();
      await (warm === undefined
        ? one(shell, run, first, options)
        : many(shell, { run, warm }, inputs, options).finally(() => warm.close()));
    });
}
