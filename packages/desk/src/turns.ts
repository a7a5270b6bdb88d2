// One piece of work after the other: what reads, waits for a relay and then writes must not do so twice at once.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs work when what was given before it has ended, however that ended. Work that waits for its own turns never ends. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
