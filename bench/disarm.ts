// Conformance of disarm on a folder of documents: what was rebuilt, what was refused and why, how good, how fast; beside the pixel pipeline.
//
// node bench/disarm.ts --corpus DIR [--match REGEX] [--limit N] [--mode structure|pixel|edit] [--no-peer] [--html F] [--json F]
//   --resume F [--again REGEX]: documents that F (--json of an earlier run) has are not measured again, but those that match are.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import {
  defaultPolicy,
  detect,
  disarm,
  isOffice,
  quarantine,
  type Kind,
  type Mode,
} from '@parley/disarm';

import { earlierFigures, summarize } from './disarm-figures.ts';
import { judgeFonts, type JudgeFonts } from './judge-fonts.ts';
import { conformancePage, type Measured, type Peer } from './disarm-page.ts';

const ORACLE = fileURLToPath(new URL('../../shared/tools/disarm-oracle.mjs', import.meta.url));

function has(command: string): boolean {
  return spawnSync('which', [command]).status === 0;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

type OracleAnswer = {
  verdict?: string;
  active?: string[];
  structure?: string[];
  leaks?: string[];
  broken?: string;
  text?: { recall: number | null; words_original: number };
  visual?: { ssim_mean: number; ssim_min: number };
};

function askOracle(original: string, safe: string, { env }: JudgeFonts): OracleAnswer {
  const asked = spawnSync(process.execPath, [ORACLE, original, safe, '--json', '--strict'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  try {
    return JSON.parse(asked.stdout) as OracleAnswer;
  } catch {
    return { verdict: 'oracle failed', broken: asked.stderr.slice(0, 200) };
  }
}

function popplerPages(file: string): number {
  const asked = spawnSync('pdfinfo', [file], { encoding: 'utf8', timeout: 30_000 });
  return Number(/Pages:\s+(\d+)/.exec(asked.stdout)?.[1] ?? 0);
}

type Tools = {
  readonly oracle: boolean;
  readonly poppler: boolean;
  readonly peer: boolean;
  readonly soffice: boolean;
  readonly fonts: JudgeFonts;
};

/** Pages of an office file by the machine's own LibreOffice, with the processor time it took; undefined where it makes none. */
function sofficePages(
  file: string,
  work: string,
  { fonts }: Tools,
): { readonly pdf: string; readonly cpuSeconds: number } | undefined {
  const folder = join(work, 'soffice');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const profile = `-env:UserInstallation=file://${work}/profile`;
  const { cpuSeconds } = timed(
    'soffice',
    [profile, '--headless', '--safe-mode', '--convert-to', 'pdf', '--outdir', folder, file],
    fonts.env,
  );
  const [made] = readdirSync(folder);
  return made === undefined ? undefined : { pdf: join(folder, made), cpuSeconds };
}

async function measure(file: string, work: string, mode: Mode, tools: Tools): Promise<Measured> {
  const bytes = readFileSync(file);
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const verdict = await disarm(quarantine(bytes), { ...defaultPolicy, mode });
  const seconds = (performance.now() - started) / 1000;
  const spent = process.cpuUsage(cpuBefore);
  const cageMs = verdict.ok ? verdict.value.cageCpuMs : 0;
  const cpuSeconds = (spent.user + spent.system) / 1e6 + cageMs / 1000;
  const base = { file, bytes: bytes.length, seconds, cpuSeconds };
  if (!verdict.ok) {
    return {
      ...base,
      kind: extname(file).slice(1).toLowerCase(),
      outcome: 'refused',
      reason: verdict.reason,
      detail: verdict.detail ?? '',
      pages: 0,
      pixelPages: 0,
      safeBytes: 0,
      peakMB: 0,
      verdict: '-',
      recall: null,
      words: 0,
      ssim: null,
      ssimMin: null,
      readable: readableElsewhere(file, bytes, work, tools),
      opens: null,
    };
  }
  const { safe, report, cagePeakBytes } = verdict.value;
  const out = join(work, `safe.${safe.extension}`);
  writeFileSync(out, safe.bytes);
  const answer = tools.oracle ? askOracle(file, out, tools.fonts) : {};
  return {
    ...base,
    kind: report.detected,
    outcome: 'rebuilt',
    reason: '',
    pages: report.pages.length,
    pixelPages: report.pages.filter((page) => page.mode === 'pixel').length,
    safeBytes: safe.bytes.length,
    peakMB: Math.round(cagePeakBytes / 1e6),
    verdict: answer.verdict ?? 'not asked',
    detail: [
      ...(answer.active ?? []),
      ...(answer.structure ?? []),
      ...(answer.leaks ?? []),
      answer.broken ?? '',
    ]
      .filter((text) => text !== '')
      .join('; ')
      .slice(0, 200),
    recall: answer.text?.recall ?? null,
    words: answer.text?.words_original ?? 0,
    ssim: answer.visual?.ssim_mean ?? null,
    ssimMin: answer.visual?.ssim_min ?? null,
    readable: true,
    opens:
      tools.soffice && ['docx', 'xlsx'].includes(safe.extension)
        ? sofficePages(out, work, tools) !== undefined
        : null,
  };
}

/** Whether the machine's own reader opens what we refused; null where it has none. */
function readableElsewhere(
  file: string,
  bytes: Buffer,
  work: string,
  tools: Tools,
): boolean | null {
  if (bytes.subarray(0, 1029).includes('%PDF-'))
    return tools.poppler ? popplerPages(file) > 0 : null;
  if (!tools.soffice || !isOffice(detect(new Uint8Array(bytes)).kind)) return null;
  return sofficePages(file, work, tools) !== undefined;
}

/** Runs a program; the shell tells how much processor time it took. */
function timed(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { status: number; cpuSeconds: number } {
  const ran = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null', 'peer', command, ...args],
    { encoding: 'utf8', timeout: 300_000, env: { ...process.env, ...env } },
  );
  const [user = 0, system = 0] = ran.stderr.trim().split(' ').map(Number);
  return { status: ran.status ?? -1, cpuSeconds: user + system };
}

/** Kinds whose pages the pixel pipeline can show here. */
const hasPeer = ({ kind }: Measured, tools: Tools): boolean =>
  kind === 'pdf' || (tools.soffice && isOffice(kind as Kind) && kind !== 'svg');

/** The pixel pipeline as Dangerzone does it: pages at 150 dpi, then a PDF of pictures. */
function peer(file: string, work: string, ours: Measured, tools: Tools): Peer | undefined {
  const folder = join(work, 'peer');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const started = performance.now();
  const paged =
    ours.kind === 'pdf' ? { pdf: file, cpuSeconds: 0 } : sofficePages(file, work, tools);
  if (paged === undefined) return undefined;
  const raster = timed('pdftoppm', ['-r', '150', '-png', paged.pdf, join(folder, 'p')]);
  const pages = readdirSync(folder).toSorted();
  if (raster.status !== 0 || pages.length === 0) return undefined;
  const out = join(work, 'peer.pdf');
  const built = timed('img2pdf', [...pages.map((page) => join(folder, page)), '-o', out]);
  if (built.status !== 0) return undefined;
  const peerSeconds = (performance.now() - started) / 1000;
  return {
    file,
    pages: pages.length,
    peerSeconds,
    peerBytes: statSync(out).size,
    ourSeconds: ours.seconds,
    peerCpuSeconds: paged.cpuSeconds + raster.cpuSeconds + built.cpuSeconds,
    ourCpuSeconds: ours.cpuSeconds,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      match: { type: 'string', default: '' },
      limit: { type: 'string', default: '100000' },
      mode: { type: 'string', default: 'structure' },
      'no-peer': { type: 'boolean', default: false },
      'no-oracle': { type: 'boolean', default: false },
      html: { type: 'string' },
      json: { type: 'string' },
      resume: { type: 'string' },
      again: { type: 'string' },
    },
  });
  const corpus =
    values.corpus ?? fileURLToPath(new URL('../../shared/corpus/disarm', import.meta.url));
  if (!existsSync(corpus)) {
    console.log(`not run: ${corpus} missing (give --corpus DIR)`);
    return;
  }
  const mode =
    (['structure', 'pixel', 'edit'] as const).find((m) => m === values.mode) ?? 'structure';
  const work = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const fonts = judgeFonts(work);
  const tools: Tools = {
    fonts,
    oracle:
      !values['no-oracle'] && existsSync(ORACLE) && has('qpdf') && has('pdftoppm') && has('unzip'),
    poppler: has('pdfinfo'),
    peer: !values['no-peer'] && has('pdftoppm') && has('img2pdf'),
    soffice: has('soffice'),
  };
  if (!tools.oracle)
    console.log('not run: the oracle (needs ../shared, qpdf, poppler-utils, unzip)');
  if (!tools.soffice)
    console.log(
      "not run: the machine's own LibreOffice (needs libreoffice-writer-nogui, -calc-nogui, -impress-nogui)",
    );
  if (!tools.peer) console.log('not run: the pixel peer (needs poppler-utils, img2pdf)');
  const match = new RegExp(values.match);
  const files = filesUnder(corpus)
    .filter((file) => match.test(relative(corpus, file)) && !file.endsWith('SOURCE.txt'))
    .slice(0, Number(values.limit));
  console.log(`the judge's LibreOffice draws with ${fonts.said}`);
  const all: Measured[] = [];
  const peers: Peer[] = [];
  const earlier = earlierFigures(values.resume, values.again, { mode, fonts: fonts.said });
  const write = (): void => {
    if (values.json !== undefined)
      writeFileSync(values.json, JSON.stringify({ mode, fonts: fonts.said, all, peers }, null, 1));
  };
  try {
    for (const [i, file] of files.entries()) {
      const known = earlier.get(relative(corpus, file));
      if (known !== undefined) {
        all.push(known.measured);
        if (known.peer !== undefined) peers.push(known.peer);
        continue;
      }
      const m = await measure(file, work, mode, tools);
      all.push({ ...m, file: relative(corpus, file) });
      if (tools.peer && hasPeer(m, tools) && m.outcome === 'rebuilt' && m.pages <= 60) {
        const measured = peer(file, work, m, tools);
        if (measured !== undefined) peers.push({ ...measured, file: relative(corpus, file) });
      }
      const shown = m.outcome === 'rebuilt' ? m.verdict : `refused: ${m.reason}`;
      const figures = `recall ${m.recall ?? '-'} ssim ${m.ssim ?? '-'} size ${(m.safeBytes / Math.max(1, m.bytes)).toFixed(2)} ${m.pages}p ${m.pixelPages}px ${m.seconds.toFixed(2)}s ${m.cpuSeconds.toFixed(2)}cpu ${m.peakMB}MB`;
      console.log(
        `${i + 1}/${files.length} ${relative(corpus, file)}: ${shown} ${figures} ${m.detail}`,
      );
      write();
    }
    write();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const kinds = [...new Set(all.map((m) => m.kind))].toSorted();
  const rows = [
    ...kinds.map((kind) =>
      summarize(
        kind,
        all.filter((m) => m.kind === kind),
      ),
    ),
    summarize('all', all),
  ];
  console.table(rows);
  const reasons = new Map<string, number>();
  for (const m of all)
    if (m.outcome === 'refused') reasons.set(m.reason, (reasons.get(m.reason) ?? 0) + 1);
  console.log('refusals:', Object.fromEntries(reasons));
  const slow = peers.reduce((sum, p) => sum + p.peerSeconds, 0);
  const ours = peers.reduce((sum, p) => sum + p.ourSeconds, 0);
  const slowCpu = peers.reduce((sum, p) => sum + p.peerCpuSeconds, 0);
  const oursCpu = peers.reduce((sum, p) => sum + p.ourCpuSeconds, 0);
  if (peers.length > 0) {
    const pages = peers.reduce((sum, p) => sum + p.pages, 0);
    console.log(
      `pixel peer on ${peers.length} documents, ${pages} pages: ${slow.toFixed(1)} s against our ${ours.toFixed(1)} s: ${(slow / ours).toFixed(1)} times; processor time ${slowCpu.toFixed(1)} s against our ${oursCpu.toFixed(1)} s: ${(slowCpu / oursCpu).toFixed(1)} times`,
    );
  }
  if (values.html !== undefined)
    writeFileSync(values.html, conformancePage(rows, all, peers, fonts.said));
}

await main();
