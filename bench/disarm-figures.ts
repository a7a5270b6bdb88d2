// What the conformance run of disarm says in sum, and the figures of an earlier run that stand where a document is not measured again.

import { readFileSync } from 'node:fs';

import type { Mode } from '@parley/disarm';

import type { Measured, Peer } from './disarm-page.ts';

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;
const share = (values: readonly number[], test: (value: number) => boolean): number =>
  values.length === 0 ? Number.NaN : values.filter(test).length / values.length;
const fixed = (value: number, digits = 3): string =>
  Number.isNaN(value) ? '-' : value.toFixed(digits);
const percent = (value: number): string =>
  Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`;
const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null);

/** One row of the table: a kind of document, or all of them. */
export function summarize(name: string, all: readonly Measured[]): Record<string, string> {
  const rebuilt = all.filter((m) => m.outcome === 'rebuilt');
  const readable = all.filter((m) => m.outcome === 'rebuilt' || m.readable === true);
  const refused = readable.length - rebuilt.length;
  const recall = known(rebuilt.filter((m) => m.words > 0).map((m) => m.recall));
  const ssim = known(rebuilt.map((m) => m.ssim));
  const ratios = rebuilt.map((m) => m.safeBytes / Math.max(1, m.bytes));
  const pages = rebuilt.reduce((sum, m) => sum + m.pages, 0);
  const seconds = rebuilt.reduce((sum, m) => sum + m.seconds, 0);
  const cpuSeconds = rebuilt.reduce((sum, m) => sum + m.cpuSeconds, 0);
  const total =
    rebuilt.reduce((sum, m) => sum + m.safeBytes, 0) /
    Math.max(
      1,
      rebuilt.reduce((sum, m) => sum + m.bytes, 0),
    );
  return {
    kind: name,
    files: String(all.length),
    rebuilt: String(rebuilt.length),
    'refused but readable': `${refused} (${percent(refused / Math.max(1, readable.length))})`,
    clean: `${rebuilt.filter((m) => m.verdict === 'clean').length}/${rebuilt.length}`,
    'recall median': fixed(median(recall)),
    'recall >= 0.95': percent(share(recall, (v) => v >= 0.95)),
    'recall >= 0.99': `${recall.filter((v) => v >= 0.99).length}/${recall.length}`,
    'ssim mean': fixed(mean(ssim)),
    'ssim >= 0.90': percent(share(ssim, (v) => v >= 0.9)),
    'with a page < 0.85': String(
      known(rebuilt.map((m) => m.ssimMin)).filter((v) => v < 0.85).length,
    ),
    'pages as pictures': String(rebuilt.reduce((sum, m) => sum + m.pixelPages, 0)),
    opens: `${rebuilt.filter((m) => m.opens === true).length}/${rebuilt.filter((m) => m.opens !== null).length}`,
    'size median': fixed(median(ratios), 2),
    'size total': fixed(total, 2),
    pages: String(pages),
    'pages/s': fixed(pages / seconds, 1),
    'pages/s of processor': fixed(pages / cpuSeconds, 1),
    'peak MB': String(Math.max(0, ...rebuilt.map((m) => m.peakMB))),
  };
}

type Earlier = { readonly measured: Measured; readonly peer: Peer | undefined };

/** The figures of an earlier run by document, without those that are asked for again. */
export function earlierFigures(
  from: string | undefined,
  again: string | undefined,
  { mode, fonts }: { readonly mode: Mode; readonly fonts: string },
): ReadonlyMap<string, Earlier> {
  if (from === undefined) return new Map();
  const run = JSON.parse(readFileSync(from, 'utf8')) as {
    mode: Mode;
    fonts?: string;
    all: Measured[];
    peers: Peer[];
  };
  if (run.mode !== mode) throw new Error(`${from} is of mode ${run.mode}`);
  if (run.fonts !== fonts)
    console.log(`${from} was judged with ${run.fonts ?? "the machine's own fonts"}`);
  const asked = again === undefined ? undefined : new RegExp(again);
  const peers = new Map(run.peers.map((one) => [one.file, one]));
  return new Map(
    run.all
      .filter(({ file }) => asked?.test(file) !== true)
      .map((measured) => [measured.file, { measured, peer: peers.get(measured.file) }]),
  );
}
