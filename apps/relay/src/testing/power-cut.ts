// A power cut, simulated: the real store writes under strace; at a random moment every write that no sync had confirmed is
// dropped, kept or torn at a sector; then the store is opened again and must have all that it acknowledged.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { assert, type Randomness } from '@parley/kernel';

const SECTOR = 512;
const WRITER = fileURLToPath(new URL('./power-cut-writer.ts', import.meta.url));

type Change =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly file: string; readonly length: number };
type Step =
  | Change
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'ack'; readonly seq: number };

/** Why it cannot run here, or undefined. */
export function powerCutMissing(): string | undefined {
  const probe = spawnSync('strace', ['-o', '/dev/null', 'true']);
  if (probe.error !== undefined) return 'the Debian package strace is not installed';
  return probe.status === 0 ? undefined : 'strace may not trace processes here';
}

function unescape(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** The calls of a trace, each whole: strace cuts one in two where another thread speaks in between. */
function* wholeCalls(text: string): Generator<string> {
  const begun = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const cut = / <unfinished \.\.\.>$/.exec(call);
    if (cut !== null) {
      begun.set(thread, call.slice(0, cut.index));
      continue;
    }
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/.exec(call) ?? [];
    yield rest === undefined ? call : `${begun.get(thread) ?? ''}${rest}`;
  }
}

/** Reads the trace: only what happens to the store's files, and the acknowledgements on standard output. */
function readTrace(text: string): Step[] {
  const steps: Step[] = [];
  const open = new Map<number, string>();
  const ours = (fd: string): string | undefined => {
    const file = open.get(Number(fd));
    return file !== undefined && /\.db(-wal)?$/.test(file) ? file : undefined;
  };
  for (const call of wholeCalls(text)) {
    const opened = /^openat\([^,]+, "([^"]*)".*= (\d+)$/.exec(call);
    if (opened !== null)
      open.set(Number(opened[2]), basename(unescape(opened[1] ?? '').toString()));
    const written = /^pwrite64\((\d+), "([^"]*)", (\d+), (\d+)\)\s+= (\d+)$/.exec(call);
    if (written !== null) {
      const file = ours(written[1] ?? '');
      const bytes = unescape(written[2] ?? '');
      assert(
        file === undefined || bytes.length === Number(written[5]),
        'the trace holds whole writes',
      );
      if (file !== undefined) steps.push({ kind: 'write', file, at: Number(written[4]), bytes });
    }
    const synced = /^f(?:data)?sync\((\d+)\)\s+= 0$/.exec(call);
    const file = synced === null ? undefined : ours(synced[1] ?? '');
    if (file !== undefined) steps.push({ kind: 'sync', file });
    const cut = /^ftruncate\((\d+), (\d+)\)\s+= 0$/.exec(call);
    const shorter = cut === null ? undefined : ours(cut[1] ?? '');
    if (shorter !== undefined) steps.push({ kind: 'cut', file: shorter, length: Number(cut?.[2]) });
    const acked = /^write\(1, "([^"]*)"/.exec(call);
    const said = acked === null ? '' : unescape(acked[1] ?? '').toString();
    for (const [, seq] of said.matchAll(/ACK (\d+)\n/g))
      steps.push({ kind: 'ack', seq: Number(seq) });
  }
  return steps;
}

/** Runs the writer under strace and answers what reached the disk, in order. */
export function traceWriter(synchronous: 'FULL' | 'NORMAL' | 'OFF'): Step[] {
  const directory = mkdtempSync(join(tmpdir(), 'parley-power-'));
  const trace = join(directory, 'trace');
  const argv = [
    '-f',
    '-xx',
    '-s',
    '2000000',
    '-e',
    'trace=openat,write,pwrite64,fsync,fdatasync,ftruncate',
    '-o',
    trace,
  ];
  const ran = spawnSync(
    'strace',
    [...argv, process.execPath, WRITER, join(directory, 'relay.db'), synchronous],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1e8,
    },
  );
  assert(ran.status === 0, `the writer failed: ${String(ran.stderr)}`);
  const steps = readTrace(readFileSync(trace, 'latin1'));
  rmSync(directory, { recursive: true });
  return steps;
}

/** What one file holds. */
class Contents {
  #buffer = Buffer.alloc(65_536);
  #length = 0;

  apply(change: Change): void {
    const end = change.kind === 'cut' ? change.length : change.at + change.bytes.length;
    if (end > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(grown);
      this.#buffer = grown;
    }
    if (change.kind === 'cut') {
      this.#buffer.fill(0, end);
      this.#length = end;
    } else {
      change.bytes.copy(this.#buffer, change.at);
      this.#length = Math.max(this.#length, end);
    }
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** What a disk may have kept of a write that nobody waited for. */
function surviving(change: Change, draw: () => number): Change | undefined {
  const fate = draw() % 3;
  if (fate === 0) return undefined;
  if (fate === 1 || change.kind === 'cut' || change.bytes.length <= SECTOR) return change;
  const sectors = 1 + (draw() % (Math.ceil(change.bytes.length / SECTOR) - 1));
  return { ...change, bytes: change.bytes.subarray(0, sectors * SECTOR) };
}

export type Crash = {
  readonly acknowledged: number;
  readonly found: number;
  readonly sound: boolean;
};

/** Cuts the power at a random step and opens what is left. */
export function crash(steps: readonly Step[], randomness: Randomness): Crash {
  const draw = (): number => new DataView(randomness.bytes(4).buffer).getUint32(0);
  const end = draw() % (steps.length + 1);
  const files = new Map<string, { contents: Contents; pending: Change[] }>();
  let acknowledged = 0;
  for (const step of steps.slice(0, end)) {
    if (step.kind === 'ack') {
      acknowledged = Math.max(acknowledged, step.seq);
      continue;
    }
    const file = files.get(step.file) ?? { contents: new Contents(), pending: [] };
    files.set(step.file, file);
    if (step.kind !== 'sync') file.pending.push(step);
    else {
      for (const change of file.pending) file.contents.apply(change);
      file.pending = [];
    }
  }
  const directory = mkdtempSync(join(tmpdir(), 'parley-crash-'));
  try {
    mkdirSync(directory, { recursive: true });
    for (const [name, { contents, pending }] of files) {
      for (const change of pending) {
        const kept = surviving(change, draw);
        if (kept !== undefined) contents.apply(kept);
      }
      writeFileSync(join(directory, name), contents.bytes);
    }
    return { acknowledged, ...look(join(directory, 'relay.db')) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function look(path: string): { found: number; sound: boolean } {
  try {
    const db = new Database(path);
    try {
      const sound = db.pragma('integrity_check', { simple: true }) === 'ok';
      const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'envelope'").get();
      if (table === undefined) return { found: 0, sound };
      const row = db
        .prepare<[], { found: number; last: number }>(
          'SELECT count(*) AS found, coalesce(max(seq), 0) AS last FROM envelope',
        )
        .get();
      return { found: row?.found ?? 0, sound: sound && row?.found === row?.last };
    } finally {
      db.close();
    }
  } catch {
    return { found: 0, sound: false };
  }
}
