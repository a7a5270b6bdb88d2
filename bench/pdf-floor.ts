// What a rebuilt PDF costs at the least: the engine alone, in one fresh process a document, drawing each page once (nobody
// checks anything) and twice (the original and the copy, as the self-check must). Beside it our whole way, in the same run.
//
// node bench/pdf-floor.ts FILE... [--runs N]

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { defaultPolicy, disarm, quarantine } from '@parley/disarm';

import { openDocument } from '../packages/disarm/src/pdf/convert.ts';
import { loadEngine } from '../packages/disarm/src/pdf/engine.ts';
import { drawArea } from '../packages/disarm/src/pdf/raster.ts';

const DPI = 72;

type Floor = { readonly pages: number; readonly cpuSeconds: number };

function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** Runs in the fresh process: everything since its start counts. */
async function drawAlone(file: string, times: number): Promise<Floor> {
  const engine = await loadEngine();
  const document = openDocument(engine, readFileSync(file), null);
  const pages = engine.call.FPDF_GetPageCount(document);
  for (let i = 0; i < pages; i++) {
    for (let time = 0; time < times; time++) {
      const page = engine.call.FPDF_LoadPage(document, i);
      const right = engine.call.FPDF_GetPageWidthF(page);
      const top = engine.call.FPDF_GetPageHeightF(page);
      drawArea(engine, page, top, { left: 0, bottom: 0, right, top }, DPI, () => undefined);
      engine.call.FPDF_ClosePage(page);
    }
  }
  return { pages, cpuSeconds: cpuSeconds() };
}

function inFreshProcess(file: string, times: number): Floor {
  const child = spawnSync(
    process.execPath,
    ['--no-warnings', fileURLToPath(import.meta.url), '--draw', String(times), file],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(child.stderr.slice(0, 500));
  return JSON.parse(child.stdout) as Floor;
}

async function ours(file: string): Promise<Floor> {
  const before = process.cpuUsage();
  const verdict = await disarm(quarantine(readFileSync(file)), defaultPolicy);
  if (!verdict.ok) throw new Error(`${file}: ${verdict.reason}`);
  const { report, cageCpuMs } = verdict.value;
  return { pages: report.pages.length, cpuSeconds: cpuSeconds(before) + cageCpuMs / 1000 };
}

async function best(runs: number, once: () => Promise<Floor> | Floor): Promise<Floor> {
  const all: Floor[] = [];
  for (let i = 0; i < runs; i++) all.push(await once());
  return all.reduce((least, one) => (one.cpuSeconds < least.cpuSeconds ? one : least));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { draw: { type: 'string' }, runs: { type: 'string', default: '3' } },
    allowPositionals: true,
  });
  if (values.draw !== undefined) {
    console.log(JSON.stringify(await drawAlone(positionals[0] ?? '', Number(values.draw))));
    return;
  }
  if (positionals.length === 0) {
    console.log('usage: node bench/pdf-floor.ts FILE... [--runs N]');
    return;
  }
  console.log('processor time, best of', values.runs, 'runs; pages a second of one core');
  for (const file of positionals) {
    const runs = Number(values.runs);
    const ways: [string, Floor][] = [
      ['engine starts, draws nothing', await best(runs, () => inFreshProcess(file, 0))],
      ['engine draws each page once', await best(runs, () => inFreshProcess(file, 1))],
      ['engine draws each page twice', await best(runs, () => inFreshProcess(file, 2))],
      ['rebuilt, checked and written by us', await best(runs, () => ours(file))],
    ];
    console.log(file);
    for (const [name, { pages, cpuSeconds: cpu }] of ways) {
      console.log(
        `  ${name.padEnd(36)}${cpu.toFixed(2).padStart(7)} s${(pages / cpu).toFixed(1).padStart(7)} pages/s`,
      );
    }
  }
}

await main();
