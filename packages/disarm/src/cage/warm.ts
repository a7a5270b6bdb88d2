// Children made ready ahead: their engines have started and worked on a document of our own; they have seen no other. Still one fresh child a document; only the waiting is done before.

import { practise } from '../practice.ts';
import { OFFICE_PACKAGES } from '../needs.ts';
import type { Policy } from '../policy.ts';
import { READY_MS, STANDSTILL_MS, startChild, type StartedChild } from './cage.ts';
import { FAMILIES, ROUNDS, type Family } from './example.ts';
import { watchChild } from './watch.ts';

const EXTENSIONS: Record<Family, RegExp> = {
  text: /\.(docx?|dot[xm]?|docm|rtf|odt|ott|fodt)$/i,
  sheets: /\.(xls[xmb]?|xlt[xm]?|ods|ots|csv)$/i,
  slides: /\.(ppt[xm]?|pps[xm]?|pot[xm]?|odp|otp)$/i,
};

/** What a name promises. A hint for what to make ready, nothing more: documents are told apart by their content. */
export function familiesOf(...names: readonly string[]): Family[] {
  return FAMILIES.filter((family) => names.some((name) => EXTENSIONS[family].test(name)));
}

type Ready = StartedChild & { unwatch(): void };

/** What is started, and where it is kept until a document takes it. */
type Start = {
  readonly policy: Policy;
  readonly what: Parameters<typeof startChild>[1];
  readonly put: (made: Ready | undefined) => void;
  readonly current: () => Ready | undefined;
};

/** Starts of one child: its engine may stand still by chance, and nobody waits for this one. */
const STARTS_MAX = 3;

/** Keeps at most one office child (about 1.6 GB of memory) and one child for its pages ready. */
export class WarmOffice {
  readonly #policy: Policy;
  #office: Ready | undefined;
  #pages: Ready | undefined;
  #plan: readonly Family[] | null = FAMILIES;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /**
   * On what children made ready from now on rehearse: the more, the sooner a document is done and the later a child is
   * ready. For work that never rests an empty plan is best: the engine starts, and the document itself is the rehearsal.
   * Null: nothing more is made ready.
   */
  plan(families: readonly Family[] | null): void {
    this.#plan = families;
  }

  /** Makes ready what is planned, unless it is there. Does nothing where the policy's cage is missing. */
  start(): void {
    if (this.#plan === null) return;
    if (this.#plan.length > 0) practise(this.#policy);
    const { officeMemoryMaxBytes: memoryMaxBytes, mode } = this.#policy;
    const ahead = this.#plan;
    const office: Start = {
      policy: { ...this.#policy, memoryMaxBytes },
      what: { packages: OFFICE_PACKAGES, threads: true, ahead: ['office', ahead.join()] },
      put: (made) => (this.#office = made),
      current: () => this.#office,
    };
    if (this.#office === undefined) begin(office);
    // The reader of letters in pictures is another one, and editing has no pages.
    if (mode !== 'structure' || this.#pages !== undefined) return;
    begin({
      policy: this.#policy,
      what: { ahead: ['pages', String(ahead.length > 0 ? ROUNDS : 1)] },
      put: (made) => (this.#pages = made),
      current: () => this.#pages,
    });
  }

  /** Settles when everything that was started has done its rehearsal, or has ended; until then our process stays. */
  async ready(): Promise<void> {
    await Promise.all([done(() => this.#office), done(() => this.#pages)]);
  }

  /** The child that is ready or getting ready; the caller owns it. Undefined where there is none. */
  takeOffice(): StartedChild | undefined {
    const started = this.#office;
    this.#office = undefined;
    return taken(started);
  }

  /** The same for a PDF that the office child made. */
  takePages(): StartedChild | undefined {
    const started = this.#pages;
    this.#pages = undefined;
    return taken(started);
  }

  close(): void {
    this.plan(null);
    for (const child of [this.takeOffice(), this.takePages()]) child?.child.kill('SIGKILL');
  }
}

/** Starts a child and keeps it. One that stands still or grows too large is ended, and begun again if nobody has taken it. */
function begin(start: Start, starts = 1): void {
  const { policy, what, put, current } = start;
  const { memoryMaxBytes } = policy;
  const started = startChild(policy, what);
  if (started === undefined) return put(undefined);
  const { child } = started;
  hold(started, false);
  const watch = watchChild(
    child.pid ?? 0,
    { memoryMaxBytes, silenceMs: READY_MS, totalMs: READY_MS, standstillMs: STANDSTILL_MS },
    () => {
      if (current() === made && starts < STARTS_MAX) begin(start, starts + 1);
      child.kill('SIGKILL');
    },
  );
  const made: Ready = { ...started, unwatch: () => watch.stop() };
  child.stdout.once('readable', () => watch.stop());
  child.once('exit', () => watch.stop());
  put(made);
}

/** Settles when what is kept there is ready, or has ended and is not begun again. */
async function done(current: () => Ready | undefined): Promise<void> {
  for (let one = current(); one !== undefined;) {
    const { child } = one;
    hold(one, true);
    await new Promise<void>((settle) => {
      // What it says stays in the pipe for whoever takes it.
      child.stdout.once('readable', settle);
      child.once('exit', () => settle());
    });
    const next = current();
    if (next === one) hold(one, false);
    if (next === one || !child.killed) return;
    one = next;
  }
}

function taken(started: Ready | undefined): StartedChild | undefined {
  if (started === undefined) return undefined;
  // From now on whoever has it watches it.
  started.unwatch();
  const { exitCode, signalCode, killed } = started.child;
  if (exitCode !== null || signalCode !== null || killed) return undefined;
  hold(started, true);
  return started;
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
