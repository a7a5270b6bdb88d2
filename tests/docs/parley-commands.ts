// The commands of `parley`, as its own help lists them: asked once, side by side.

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../architecture/house.ts';

/** Commands by the command they stand under; those at the top stand under the empty word. */
export type ParleyCommands = ReadonlyMap<string, ReadonlySet<string>>;

async function helpOf(words: readonly string[]): Promise<string> {
  const program = join(ROOT, 'apps/cli/bin/parley.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words, '--help'], (_error, stdout) => resolve(stdout));
  });
}

function listedIn(help: string): Set<string> {
  const section = /^Commands:\n((?:(?: {2}.*)?\n)*)/m.exec(help)?.[1] ?? '';
  return new Set([...section.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map((match) => match[1] ?? ''));
}

/** Asks for the top and for each given command that stands there. */
export async function askParley(commands: ReadonlySet<string>): Promise<ParleyCommands> {
  const top = listedIn(await helpOf([]));
  const found = new Map([['', top]]);
  const left = [...commands].filter((command) => top.has(command));
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      found.set(next, listedIn(await helpOf([next])));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return found;
}

/** The words of a command line that could name a command: `channel new` of `channel new --relay URL`. */
function plainWords(words: readonly string[]): string[] {
  return words.filter((word) => /^[a-z][a-z-]*$/.test(word));
}

export function knowsParley(known: ParleyCommands, words: readonly string[]): boolean {
  const [first, second] = plainWords(words);
  if (first === undefined) return true;
  if (known.get('')?.has(first) !== true) return false;
  const under = known.get(first);
  return under === undefined || under.size === 0 || (second !== undefined && under.has(second));
}

/** The command that a line names, without its arguments. */
export function commandNamed(known: ParleyCommands, words: readonly string[]): string {
  const [first = '', second = ''] = plainWords(words);
  return known.get(first)?.has(second) === true ? `${first} ${second}` : first;
}
