// Our own code as Node compiled it before: a child that finds it starts in a third of the time.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { OP, type Matrix } from '../list/display-list.ts';
import { PdfWriter } from '../writer/pdf.ts';
import { confine, hasBubblewrap } from './confine.ts';
import { jobHead, type Job } from './job.ts';

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
export function compiledCode(child: string, heapMiB: number): Compiled | undefined {
  known ??= lookUp(child, heapMiB);
  return known ?? undefined;
}

function lookUp(child: string, heapMiB: number): Compiled | null {
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
      fill(child, heapMiB);
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

/** What most documents need, so that the functions they use are compiled as well. */
const SAMPLE_JOB: Job = {
  kind: 'pdf',
  mode: 'structure',
  rasterDpi: 72,
  pictureDpi: 72,
  likenessFloor: 900,
  pagesMax: 1,
  pixelsMax: 1e6,
  pageSideMax: 1000,
  memoryMaxBytes: 1 << 29,
  inputMaxBytes: 1 << 20,
  partsMax: 1,
  password: null,
  languages: ['eng'],
};

const SQUARE = {
  ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.line, OP.close),
  points: Int32Array.of(0, 0, 500, 0, 500, 500, 0, 500),
};

function samplePage(): Uint8Array {
  const writer = new PdfWriter({ jpeg: null, compress: true, maxBytes: 1 << 20 });
  writer.glyph({ font: 0, glyph: 0, width: 500, unicode: 'x', outline: SQUARE });
  const blue = 0x0000ffff;
  const at: Matrix = [12, 0, 0, 12, 20, 20];
  writer.page({
    width: 100,
    height: 100,
    rotate: 0,
    mode: 'structure',
    likeness: 0,
    items: [
      { kind: 'clip', paths: [{ outline: SQUARE, evenOdd: false }] },
      {
        kind: 'path',
        outline: SQUARE,
        fill: 'nonzero',
        fillColor: blue,
        stroke: null,
        blend: 'normal',
        matrix: null,
      },
      {
        kind: 'text',
        font: 0,
        matrix: at,
        color: blue,
        ghost: false,
        glyphs: [0, 0],
        xs: [0, 900],
        ys: [0, 0],
      },
    ],
  });
  return writer.finish();
}

/** Runs the child on a page of our own, with leave to write compiled code, and does not wait for it. */
function fill(child: string, heapMiB: number): void {
  const { command, args, env } = confine(child, {
    heapMiB,
    compiled: { folder: FOLDER, fill: true },
  });
  const filler = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  filler.on('error', () => undefined);
  filler.stdin.on('error', () => undefined);
  filler.stdin.end(Buffer.concat([jobHead(SAMPLE_JOB), samplePage()]));
  filler.unref();
}
