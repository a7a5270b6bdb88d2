// Watches a child from outside: memory of its whole process tree, time in all, and silence. WebAssembly memory escapes V8's limits, so the kernel counts it.

import { readFileSync, readdirSync } from 'node:fs';

const PAGE_BYTES = 4096;
/** A tick of /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const EVERY_MS = 50;
/** An engine at work works: one that uses less than this part of a processor waits for itself. */
const STILL_PART = 0.1;
/** Of one look: if we slept ourselves, the child did not stand still for so long. */
const STILL_STEP_MS = 500;

export type TreeLoad = {
  readonly residentBytes: number;
  /** Processor time of every thread so far. */
  readonly cpuMs: number;
  /** Some thread wants the processor, whether it has it or not. */
  readonly runnable: boolean;
  /** How long each thread has waited for a processor so far, where the kernel counts it. */
  readonly waitedMs: ReadonlyMap<string, number>;
};

const NOTHING: TreeLoad = { residentBytes: 0, cpuMs: 0, runnable: false, waitedMs: new Map() };

/** Milliseconds a thread stood in line for a processor; undefined where the kernel does not count. */
function waitedMs(thread: string): number | undefined {
  try {
    return Number(readFileSync(`${thread}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return undefined;
  }
}

/** What a process and its descendants use now; undefined where /proc does not tell. */
export function treeLoad(pid: number, depth = 0): TreeLoad | undefined {
  if (depth > 8) return undefined;
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    const waits = new Map<string, number>();
    let load = { ...NOTHING, residentBytes: Number(resident ?? 0) * PAGE_BYTES };
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, 'latin1');
      // The name in brackets may hold anything; the fields follow the last bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
      const waited = waitedMs(`/proc/${pid}/task/${task}`);
      if (waited !== undefined) waits.set(task, waited);
      load = {
        ...load,
        cpuMs: load.cpuMs + ticks * TICK_MS,
        runnable: load.runnable || fields[0] === 'R',
      };
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      for (const child of children === '' ? [] : children.split(' ')) {
        const below = treeLoad(Number(child), depth + 1) ?? NOTHING;
        for (const [thread, ms] of below.waitedMs) waits.set(thread, ms);
        load = {
          ...load,
          residentBytes: load.residentBytes + below.residentBytes,
          cpuMs: load.cpuMs + below.cpuMs,
          runnable: load.runnable || below.runnable,
        };
      }
    }
    return { ...load, waitedMs: waits };
  } catch {
    return undefined;
  }
}

/** The thread that stood in line longest since the last look: the work could not go on without it. */
function longestWait(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): number {
  let longest = 0;
  for (const [thread, ms] of now) longest = Math.max(longest, ms - (before.get(thread) ?? 0));
  return longest;
}

export type Watch = {
  /** The child said something sensible: its silence starts anew. */
  heard(): void;
  /** Time allowed from the start, or from the last new one. */
  allow(totalMs: number): void;
  /** The clock starts anew, with these limits. */
  restart(limits: { silenceMs: number; totalMs: number }): void;
  stop(): void;
  /** Time that counted since the start, or since the last new one. */
  readonly spentMs: number;
  readonly peakBytes: number;
  /** Processor time of the whole tree so far. */
  readonly cpuMs: number;
};

/**
 * Calls `end` once, with the limit that was passed. Time is wall-clock time, except that waiting for a busy processor
 * does not count: a crowded machine refuses no honest document, and on a free one the limits are what they say.
 * With `standstillMs` also a child ends that neither works nor waits for a processor.
 */
export function watchChild(
  pid: number,
  limits: {
    memoryMaxBytes: number;
    silenceMs: number;
    totalMs: number;
    standstillMs?: number | undefined;
  },
  end: (reason: 'memory' | 'timeout' | 'standstill') => void,
): Watch {
  let before = performance.now();
  let cpuBefore = 0;
  let waitedBefore = NOTHING.waitedMs;
  let spentMs = 0;
  let silentMs = 0;
  let still = { passedMs: 0, cpuMs: 0 };
  let { totalMs, silenceMs } = limits;
  let peakBytes = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const load = treeLoad(pid);
    const wallMs = now - before;
    const cpuMs = Math.max(0, (load?.cpuMs ?? 0) - cpuBefore);
    const lineMs = longestWait(waitedBefore, load?.waitedMs ?? NOTHING.waitedMs);
    waitedBefore = load?.waitedMs ?? waitedBefore;
    const busyMs = load !== undefined && load.runnable ? Math.min(wallMs, cpuMs) : wallMs;
    const passedMs = Math.min(busyMs, Math.max(0, wallMs - lineMs));
    before = now;
    cpuBefore = Math.max(cpuBefore, load?.cpuMs ?? 0);
    spentMs += passedMs;
    silentMs += passedMs;
    const stillMs = limits.standstillMs ?? Number.POSITIVE_INFINITY;
    if (still.passedMs > stillMs) still = { passedMs: 0, cpuMs: 0 };
    still.passedMs += Math.min(passedMs, STILL_STEP_MS);
    still.cpuMs += cpuMs;
    const standsStill =
      load !== undefined && still.passedMs > stillMs && still.cpuMs < still.passedMs * STILL_PART;
    const bytes = load?.residentBytes ?? 0;
    if (bytes > peakBytes) peakBytes = bytes;
    const reason =
      bytes > limits.memoryMaxBytes
        ? 'memory'
        : silentMs > silenceMs || spentMs > totalMs
          ? 'timeout'
          : standsStill
            ? 'standstill'
            : undefined;
    if (reason === undefined) return;
    clearInterval(timer);
    end(reason);
  }, EVERY_MS);
  timer.unref();
  return {
    heard: () => (silentMs = 0),
    allow: (ms) => (totalMs = ms),
    restart(next) {
      ({ totalMs, silenceMs } = next);
      spentMs = 0;
      silentMs = 0;
    },
    stop: () => clearInterval(timer),
    get spentMs() {
      return spentMs;
    },
    get peakBytes() {
      return peakBytes;
    },
    get cpuMs() {
      return Math.max(cpuBefore, treeLoad(pid)?.cpuMs ?? 0);
    },
  };
}
