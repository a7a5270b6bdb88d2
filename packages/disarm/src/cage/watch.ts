// Watches a child from outside: memory of its whole process tree, time in all, and silence. WebAssembly memory escapes V8's limits, so the kernel counts it.

import { readFileSync, readdirSync } from 'node:fs';

import type { DisarmReason } from './job.ts';

const PAGE_BYTES = 4096;
/** A tick of /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const EVERY_MS = 50;

export type TreeLoad = {
  readonly residentBytes: number;
  /** Processor time of every thread so far. */
  readonly cpuMs: number;
  /** Some thread wants the processor, whether it has it or not. */
  readonly runnable: boolean;
};

const NOTHING: TreeLoad = { residentBytes: 0, cpuMs: 0, runnable: false };

/** What a process and its descendants use now; undefined where /proc does not tell. */
export function treeLoad(pid: number, depth = 0): TreeLoad | undefined {
  if (depth > 8) return undefined;
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    let load = { ...NOTHING, residentBytes: Number(resident ?? 0) * PAGE_BYTES };
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, 'latin1');
      // The name in brackets may hold anything; the fields follow the last bracket.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
      load = {
        ...load,
        cpuMs: load.cpuMs + ticks * TICK_MS,
        runnable: load.runnable || fields[0] === 'R',
      };
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      for (const child of children === '' ? [] : children.split(' ')) {
        const below = treeLoad(Number(child), depth + 1) ?? NOTHING;
        load = {
          residentBytes: load.residentBytes + below.residentBytes,
          cpuMs: load.cpuMs + below.cpuMs,
          runnable: load.runnable || below.runnable,
        };
      }
    }
    return load;
  } catch {
    return undefined;
  }
}

export type Watch = {
  /** The child said something sensible: its silence starts anew. */
  heard(): void;
  /** Time allowed from the start. */
  allow(totalMs: number): void;
  stop(): void;
  readonly peakBytes: number;
};

/**
 * Calls `end` once, with the limit that was passed. Time is wall-clock time, except that waiting for a busy processor
 * does not count: a crowded machine refuses no honest document, and on a free one the limits are what they say.
 */
export function watchChild(
  pid: number,
  limits: { memoryMaxBytes: number; silenceMs: number; totalMs: number },
  end: (reason: DisarmReason) => void,
): Watch {
  let before = performance.now();
  let cpuBefore = 0;
  let spentMs = 0;
  let silentMs = 0;
  let totalMs = limits.totalMs;
  let peakBytes = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const load = treeLoad(pid);
    const wallMs = now - before;
    const cpuMs = Math.max(0, (load?.cpuMs ?? 0) - cpuBefore);
    const passedMs = load !== undefined && load.runnable ? Math.min(wallMs, cpuMs) : wallMs;
    before = now;
    cpuBefore = Math.max(cpuBefore, load?.cpuMs ?? 0);
    spentMs += passedMs;
    silentMs += passedMs;
    const bytes = load?.residentBytes ?? 0;
    if (bytes > peakBytes) peakBytes = bytes;
    const reason =
      bytes > limits.memoryMaxBytes
        ? 'memory'
        : silentMs > limits.silenceMs || spentMs > totalMs
          ? 'timeout'
          : undefined;
    if (reason === undefined) return;
    clearInterval(timer);
    end(reason);
  }, EVERY_MS);
  return {
    heard: () => (silentMs = 0),
    allow: (ms) => (totalMs = ms),
    stop: () => clearInterval(timer),
    get peakBytes() {
      return peakBytes;
    },
  };
}
