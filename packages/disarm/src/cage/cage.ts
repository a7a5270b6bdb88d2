// One cage for one document: starts the child, feeds it, reads its frames, ends it when it breaks a limit.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { accept, refuse, type Verdict } from '@parley/kernel';

import { FRAME } from '../list/frame.ts';
import type { CageReport } from '../report.ts';
import type { Policy } from '../policy.ts';
import { compiledCode } from './compiled.ts';
import { confine, hasBubblewrap, type Confinement } from './confine.ts';
import { FrameReader, type Frame } from './frames.ts';
import { DISARM_REASONS, jobHead, type DisarmReason, type Job } from './job.ts';
import { watchChild } from './watch.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** Bytes of frames that are not pixels: a page of a million items is far below. */
const FRAME_MAX_BYTES = 64 * 1024 * 1024;
/** For an engine to start and rehearse, on nobody's document. On a free machine it takes a tenth of this. */
export const READY_MS = 120_000;

/** How long an office engine may neither work nor wait for a processor. Reading its files from a slow disk is work enough. */
export const STANDSTILL_MS = 8000;
/** Why an engine's child was ended that waited for itself. */
export const STOOD_STILL = 'the engine stood still';

export type CageResult = {
  readonly report: CageReport;
  readonly peakBytes: number;
  readonly cpuMs: number;
};

export type CageOptions = {
  readonly signal: AbortSignal | undefined;
  /** Called for each frame but the last. A reason ends the work. */
  readonly onFrame: (frame: Frame) => DisarmReason | undefined;
  readonly packages?: readonly string[];
  readonly threads?: boolean;
  /** The child makes itself ready before it reads the document: the document's own time starts after that. */
  readonly ahead?: Ahead;
  /** Ends a child that stands still: a timeout whose detail is `STOOD_STILL`. */
  readonly standstill?: boolean;
  /** A child that was started with `ahead` before; without it one is started now. */
  readonly started?: StartedChild | undefined;
  /** Told at the end how much of the document's time was used, in milliseconds; not where the child was never ready. */
  readonly onSpent?: (ms: number) => void;
};

/** A child that has no job yet. */
export type StartedChild = {
  readonly child: ChildProcessWithoutNullStreams;
  readonly confinement: Confinement;
};

/** What a child does before it reads a job: starts an engine and works on documents of our own with it. */
export type Ahead = readonly ['office' | 'pages', string];

/** Starts a child. Undefined where the policy's cage is missing. */
export function startChild(
  policy: Policy,
  {
    packages = [],
    threads = false,
    ahead,
  }: { packages?: readonly string[]; threads?: boolean; ahead?: Ahead },
): StartedChild | undefined {
  if (policy.cage === 'require-bubblewrap' && !hasBubblewrap()) return undefined;
  const heapMiB = Math.ceil(policy.memoryMaxBytes / 2 / 1048576);
  const compiled = compiledCode(heapMiB);
  const confinement = confine(CHILD, { packages, threads, heapMiB, compiled });
  const told = ahead === undefined ? [] : [...ahead, String(policy.memoryMaxBytes)];
  const child = spawn(confinement.command, [...confinement.args, ...told], {
    env: confinement.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return { child, confinement };
}

/** Runs one job. Nothing the child does makes this throw; the last frame decides. */
export async function runCage(
  job: Job,
  bytes: Uint8Array,
  policy: Policy,
  {
    signal,
    onFrame,
    packages = [],
    threads = false,
    ahead,
    started,
    standstill = false,
    onSpent,
  }: CageOptions,
): Promise<Verdict<CageResult, DisarmReason>> {
  const ready =
    started ?? startChild(policy, { packages, threads, ...(ahead === undefined ? {} : { ahead }) });
  const { silenceMs, documentMs: totalMs } = policy;
  let begun = ahead === undefined && started === undefined;
  if (ready === undefined) {
    return refuse('cage-missing', { detail: 'bubblewrap is not usable on this machine' });
  }
  const { child, confinement } = ready;
  return new Promise((resolve) => {
    let settled = false;
    let complaint = '';
    const settle = (verdict: Verdict<CageResult, DisarmReason>): void => {
      if (settled) return;
      settled = true;
      watch.stop();
      if (begun) onSpent?.(watch.spentMs);
      signal?.removeEventListener('abort', cancel);
      child.kill('SIGKILL');
      resolve(verdict);
    };
    const stop = (reason: DisarmReason, detail = ''): void => settle(refuse(reason, { detail }));
    const cancel = (): void => stop('cancelled');
    const watch = watchChild(
      child.pid ?? 0,
      {
        memoryMaxBytes: policy.memoryMaxBytes,
        silenceMs: begun ? silenceMs : READY_MS,
        totalMs: begun ? totalMs : READY_MS,
        standstillMs: standstill ? STANDSTILL_MS : undefined,
      },
      (reason) => (reason === 'standstill' ? stop('timeout', STOOD_STILL) : stop(reason)),
    );
    if (signal?.aborted === true) return cancel();
    signal?.addEventListener('abort', cancel);
    const frames = new FrameReader(Math.max(FRAME_MAX_BYTES, policy.pixelsMax * 4 + 64));
    child.stdout.on('data', (chunk: Buffer) => {
      if (settled) return;
      const cut = frames.push(chunk);
      if (!cut.ok) return stop('cage-broken', cut.reason);
      for (const frame of cut.value) {
        if (!begun) {
          // It says so once, before it reads the document. Later ones are progress like any other.
          begun = true;
          watch.restart({ silenceMs, totalMs });
          continue;
        }
        if (frame.type === FRAME.done) {
          const { peakBytes, cpuMs } = watch;
          return settle(accept({ report: confinement.report, peakBytes, cpuMs }));
        }
        if (frame.type === FRAME.refusal) {
          const { reason, detail } = readRefusal(frame.payload);
          return stop(reason, detail);
        }
        if (frame.type === FRAME.progress) {
          const { total } = readProgress(frame.payload);
          watch.allow(policy.documentMs + Math.min(total, policy.pagesMax) * policy.pageMs);
        }
        const reason = onFrame(frame);
        if (reason !== undefined) return stop(reason);
      }
      if (cut.value.length > 0) watch.heard();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-2000);
    });
    child.on('error', (error) => stop('cage-broken', error.message));
    child.on('close', (code, killed) => {
      // V8 ends the process by itself when its heap is full.
      const full = /heap out of memory|memory limit/i.test(complaint);
      stop(
        full ? 'memory' : 'cage-broken',
        `ended with ${code ?? killed}: ${complaint.slice(-500)}`,
      );
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(jobHead(job));
    child.stdin.end(bytes);
  });
}

function parse(payload: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function readRefusal(payload: Uint8Array): { reason: DisarmReason; detail: string } {
  const { reason, detail } = parse(payload.subarray(0, 4096));
  return {
    reason: DISARM_REASONS.find((word) => word === reason) ?? 'cage-broken',
    detail: typeof detail === 'string' ? detail.slice(0, 500) : '',
  };
}

/** Pages done and pages in all; zeros for anything else. */
export function readProgress(payload: Uint8Array): { done: number; total: number } {
  const { done, total } = parse(payload.subarray(0, 256));
  const count = (value: unknown): number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e6 ? value : 0;
  return { done: count(done), total: count(total) };
}
