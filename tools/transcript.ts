// Command transcripts: `$ command`, then the output a reader would see. One shell runs them in order; `...` stands for anything.
//
//   $ parley disarm samples/draft-agenda.pdf -o safe.pdf
//   ...
//   removed: ...
//   $ parley open nothing
//   ...
//   [exit 2]
//
// Lines after `$ ` that start with `> ` continue the command. A line that is only `...` stands for any lines, also none;
// inside a line it stands for any text. Standard error is part of the output. Without `[exit N]` the exit code is 0.
// A line that starts with `# ` after an empty line, or at the top, is a remark. Variables, folders and background jobs
// last to the end of the transcript; what still runs then is ended.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// Ends a transcript that hangs, before the test runner gives up on it without saying where it was.
const LIMIT_MS = 840_000;

export type Step = {
  /** Line of the `$` in the text. */
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  readonly exit: number;
};

export type Mismatch = {
  readonly step: Step;
  readonly actual: readonly string[];
  /** Undefined where the transcript ended before the command did. */
  readonly exit: number | undefined;
};

/** Reads a transcript. Text before the first command has to be remarks. */
export function parseTranscript(text: string): Step[] {
  const steps: { line: number; command: string; expected: string[] }[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const step = steps.at(-1);
    const isRemark = line.startsWith('# ') && (lines[index - 1] ?? '').trim() === '';
    if (line.startsWith('$ '))
      steps.push({ line: index + 1, command: line.slice(2), expected: [] });
    else if (isRemark) continue;
    else if (step === undefined) {
      if (line.trim() !== '') throw new Error(`line ${index + 1}: output before any command`);
    } else if (line.startsWith('> ') && step.expected.length === 0)
      step.command += `\n${line.slice(2)}`;
    else step.expected.push(line.trimEnd());
  }
  return steps.map(({ line, command, expected }) => {
    const trimmed = trimEnd(expected);
    const exit = /^\[exit (\d+)\]$/.exec(trimmed.at(-1) ?? '')?.[1];
    if (exit === undefined) return { line, command, expected: trimmed, exit: 0 };
    return { line, command, expected: trimEnd(trimmed.slice(0, -1)), exit: Number(exit) };
  });
}

function trimEnd(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

/** Wildcard matching with one step back to the latest wildcard: linear in practice, never exponential. */
function matches<P, A>(
  pattern: readonly P[],
  actual: readonly A[],
  rules: { isAny: (part: P) => boolean; fits: (part: P, item: A) => boolean },
): boolean {
  let p = 0;
  let a = 0;
  let lastAny = -1;
  let resumeAt = 0;
  while (a < actual.length) {
    const part = pattern[p];
    if (part !== undefined && rules.isAny(part)) {
      lastAny = p++;
      resumeAt = a;
    } else if (part !== undefined && rules.fits(part, actual[a] as A)) {
      p++;
      a++;
    } else if (lastAny >= 0) {
      p = lastAny + 1;
      a = ++resumeAt;
    } else return false;
  }
  return pattern.slice(p).every((part) => rules.isAny(part));
}

const ANY = '...';

function lineFits(pattern: string, line: string): boolean {
  const parts = pattern
    .split(ANY)
    .flatMap((text, index) => (index === 0 ? Array.from(text) : [ANY, ...Array.from(text)]));
  return matches(parts, Array.from(line), {
    isAny: (part) => part === ANY,
    fits: (part, letter) => part === letter,
  });
}

/** Whether output is what the transcript shows. */
export function outputFits(expected: readonly string[], actual: readonly string[]): boolean {
  return matches(expected, trimEnd(actual), {
    isAny: (line) => line.trim() === ANY,
    fits: (pattern, line) => lineFits(pattern, line.trimEnd()),
  });
}

/** A home of its own: nothing of the caller's settings, the house's Node and `parley` first, the samples at hand. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter),
    HOME: home,
    TMPDIR: process.env['TMPDIR'] ?? tmpdir(),
    NO_COLOR: '1',
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

function scriptOf(steps: readonly Step[], mark: string): string {
  const body = steps.map(({ command }) => `${command}\nprintf '\\n%s %s\\n' '${mark}' "$?"\n`);
  return `exec 2>&1\n${body.join('')}`;
}

/** Runs a script in its own process group and ends the whole group with it. */
async function output(script: string, folder: string): Promise<string> {
  const shell = spawn('sh', [script], {
    cwd: folder,
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const end = (): void => {
    try {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  const limit = setTimeout(end, LIMIT_MS);
  let text = '';
  shell.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  shell.on('exit', end);
  await new Promise((resolve, reject) => {
    shell.on('close', resolve);
    shell.on('error', reject);
  });
  clearTimeout(limit);
  return text;
}

/** Runs a transcript in a new home and answers every command that did not do what is written. */
export async function runTranscript(text: string): Promise<Mismatch[]> {
  const steps = parseTranscript(text);
  if (steps.length === 0) throw new Error('a transcript without a command');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-transcript-')));
  try {
    const mark = `end-${randomUUID()}`;
    const script = join(folder, '.transcript.sh');
    writeFileSync(script, scriptOf(steps, mark));
    symlinkSync(join(ROOT, 'samples'), join(folder, 'samples'));
    const pieces = (await output(script, folder)).split(new RegExp(`\\n${mark} (\\d+)\\n`));
    return steps.flatMap((step, index) => {
      const actual = trimEnd((pieces[2 * index] ?? '').split('\n'));
      const code = pieces[2 * index + 1];
      const exit = code === undefined ? undefined : Number(code);
      const fits = exit === step.exit && outputFits(step.expected, actual);
      return fits ? [] : [{ step, actual, exit }];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a reader needs to mend it. */
export function describeMismatch({ step, actual, exit }: Mismatch, where: string): string {
  const indent = (lines: readonly string[]): string =>
    lines.map((line) => `    ${line}`).join('\n');
  return [
    `${where}:${step.line}: $ ${step.command}`,
    `  expected, with exit ${step.exit}:`,
    indent(step.expected),
    `  got, with ${exit === undefined ? 'no end' : `exit ${exit}`}:`,
    indent(actual),
  ].join('\n');
}
