// A child made ready ahead: its office engine has started and it has seen no document. Still one fresh child a document; only the waiting is done before.

import type { Policy } from '../policy.ts';
import { OFFICE_PACKAGES } from '../needs.ts';
import { startChild, type StartedChild } from './cage.ts';

/** Keeps at most one child ready, about 1.1 GB of memory, for whoever rebuilds several office files in a row. */
export class WarmOffice {
  readonly #policy: Policy;
  #ready: StartedChild | undefined;
  #enough = false;

  constructor(policy: Policy) {
    this.#policy = { ...policy, memoryMaxBytes: policy.officeMemoryMaxBytes };
  }

  /** Starts the next child, unless one is there. Does nothing where the policy's cage is missing. */
  start(): void {
    if (this.#enough || this.#ready !== undefined) return;
    const started = startChild(this.#policy, {
      packages: OFFICE_PACKAGES,
      threads: true,
      engine: 'office',
    });
    if (started === undefined) return;
    this.#ready = started;
    hold(started, false);
  }

  /** The child that is ready or getting ready; the caller owns it. Undefined where there is none. */
  take(): StartedChild | undefined {
    const started = this.#ready;
    this.#ready = undefined;
    if (started === undefined || started.child.exitCode !== null) return undefined;
    hold(started, true);
    return started;
  }

  /** No further child will be wanted after the one that is there. */
  enough(): void {
    this.#enough = true;
  }

  close(): void {
    this.#enough = true;
    this.#ready?.child.kill('SIGKILL');
    this.#ready = undefined;
  }
}

/** A child that waits does not keep our own process from ending. */
function hold({ child }: StartedChild, held: boolean): void {
  const method = held ? 'ref' : 'unref';
  child[method]();
  for (const pipe of child.stdio) {
    if (pipe !== null && pipe !== undefined && 'unref' in pipe) {
      (pipe as unknown as Record<'ref' | 'unref', () => void>)[method]();
    }
  }
}
