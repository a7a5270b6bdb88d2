// One allowance for everything that one document holds: time, bytes, files and cages, shared by all depths of archives and mails.

import type { Policy } from './policy.ts';

/** Counts down. What does not fit any more is named in the report as not reached. */
export class Budget {
  readonly #endsAt: number;
  #bytes: number;
  #parts: number;
  #cages: number;
  #outBytes: number;
  /** Aborts when the time is over, whatever is being done. */
  readonly over: AbortSignal;

  /** Starts its clock now: when the outermost document has been read and its parts are next. */
  constructor(policy: Policy) {
    this.#endsAt = performance.now() + policy.treeMs;
    this.#bytes = policy.treeBytesMax;
    this.#parts = policy.treePartsMax;
    this.#cages = policy.treeCagesMax;
    this.#outBytes = policy.outputMaxBytes;
    this.over = AbortSignal.timeout(policy.treeMs);
  }

  /** Real time left, busy processor or not. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Takes one part's bytes and cages. False, and nothing taken, where something is used up. */
  take(bytes: number, cages: number): boolean {
    if (this.leftMs === 0 || this.#parts < 1 || this.#bytes < bytes || this.#cages < cages) {
      return false;
    }
    this.#parts -= 1;
    this.#bytes -= bytes;
    this.#cages -= cages;
    return true;
  }

  /** Room for one more copy. False, and nothing taken, where all copies together would be too large. */
  keep(bytes: number): boolean {
    if (this.#outBytes < bytes) return false;
    this.#outBytes -= bytes;
    return true;
  }
}
