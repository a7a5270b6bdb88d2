// Watches a child from outside: memory of its whole process tree, time in all, and silence. WebAssembly memory escapes V8's limits, so it is counted by the kernel.

import { readFileSync, readdirSync } from 'node:fs';

import type { DisarmReason } from './job.ts';

const PAGE_BYTES = 4096;
const EVERY_MS = 50;

/** Resident bytes of a process and its descendants; 0 where /proc does not tell. */
export function residentBytes(pid: number, depth = 0): number {
  if (depth > 8) return 0;
  let bytes = 0;
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    bytes += Number(resident ?? 0) * PAGE_BYTES;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      if (children === '') continue;
      for (const child of children.split(' ')) bytes += residentBytes(Number(child), depth + 1);
    }
  } catch {
    // The process has just ended.
  }
  return bytes;
}

export type Watch = {
  /** The child said something sensible: its silence starts anew. */
  heard(): void;
  /** Time allowed from the start. */
  allow(totalMs: number): void;
  stop(): void;
  readonly peakBytes: number;
};

/** Calls `end` once, with the limit that was passed. */
export function watchChild(
  pid: number,
  limits: { memoryMaxBytes: number; silenceMs: number; totalMs: number },
  end: (reason: DisarmReason) => void,
): Watch {
  const started = performance.now();
  let last = started;
  let totalMs = limits.totalMs;
  let peakBytes = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const bytes = residentBytes(pid);
    if (bytes > peakBytes) peakBytes = bytes;
    const reason =
      bytes > limits.memoryMaxBytes
        ? 'memory'
        : now - last > limits.silenceMs || now - started > totalMs
          ? 'timeout'
          : undefined;
    if (reason === undefined) return;
    clearInterval(timer);
    end(reason);
  }, EVERY_MS);
  return {
    heard: () => (last = performance.now()),
    allow: (ms) => (totalMs = ms),
    stop: () => clearInterval(timer),
    get peakBytes() {
      return peakBytes;
    },
  };
}
