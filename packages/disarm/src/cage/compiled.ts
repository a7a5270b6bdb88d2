// Our own code and the page engine as Node compiled them before: a child that finds them starts in a third of the time and draws in half.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { confine, hasBubblewrap } from './confine.ts';
import { examplePages, REHEARSAL_JOB } from './example-pages.ts';
import { jobHead } from './job.ts';

const COMPILER = fileURLToPath(new URL('./compile-child.ts', import.meta.url));
/** Beside the modules: whoever could change it could change them. */
const FOLDER = fileURLToPath(
  new URL('../../../../node_modules/.cache/parley-cage', import.meta.url),
);

export type Compiled = { readonly folder: string; readonly fill: boolean };

let known: Compiled | null | undefined;

/**
 * The folder of compiled code, for a child to read; undefined where there is none. The first question after our code
 * has changed starts a child that fills it: it works on a document of our own, and no child that meets a stranger's
 * document can write there. Whether it is there changes the time that a job takes and nothing else.
 */
export function compiledCode(heapMiB: number): Compiled | undefined {
  known ??= lookUp(heapMiB);
  return known ?? undefined;
}

function lookUp(heapMiB: number): Compiled | null {
  if (!hasBubblewrap()) return null;
  try {
    const made = changed(FOLDER);
    const ours = new URL('../..', import.meta.url);
    const kernel = new URL('.', import.meta.resolve('@parley/kernel'));
    const newest = Math.max(...[ours, kernel].map((folder) => newestIn(fileURLToPath(folder))));
    if (made < newest) {
      mkdirSync(FOLDER, { recursive: true });
      const now = new Date();
      utimesSync(FOLDER, now, now);
      fill(heapMiB);
    }
    return { folder: FOLDER, fill: false };
  } catch {
    // A folder that cannot be made costs speed only.
    return null;
  }
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .reduce((most, entry) => Math.max(most, changed(`${entry.parentPath}/${entry.name}`)), 0);
}

/** Runs a child on pages of our own, with leave to write compiled code, and does not wait for it. */
function fill(heapMiB: number): void {
  const input = Buffer.concat([jobHead(REHEARSAL_JOB), examplePages()]);
  const { command, args, env } = confine(COMPILER, {
    heapMiB,
    compiled: { folder: FOLDER, fill: true },
  });
  const filler = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  filler.on('error', () => undefined);
  filler.stdin.on('error', () => undefined);
  filler.stdin.end(input);
  filler.unref();
}
