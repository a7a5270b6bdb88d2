// The profile of an actor: given that it strikes, with which kind, and whom. Here the data show real skill.

/** Counts over named classes, shrunk level by level: everybody, then a group of actors, then the actor. */
export type ProfileSettings = {
  /** A level above counts like so many incidents of the level below. */
  readonly shrinkage: number;
  /** Months after which an incident counts half in the levels below the pool; Infinity: never. */
  readonly halfLifeMonths: number;
};

/** One incident as seen by a profile: which actor, which class, and the group (such as actor and sponsor) it may share. */
export type ProfileCase = {
  /** Months since any fixed point; cases come in this order. */
  readonly month: number;
  readonly actor: string;
  /** A group of cases across actors that is asked before the actor; empty for none. */
  readonly group: string;
  readonly outcome: string;
};

export const KIND_PROFILE: ProfileSettings = { shrinkage: 6, halfLifeMonths: 120 };
export const TARGET_PROFILE: ProfileSettings = {
  shrinkage: 6,
  halfLifeMonths: Number.POSITIVE_INFINITY,
};

const shrink = (
  parent: readonly number[],
  counts: readonly number[],
  shrinkage: number,
): number[] => {
  const total = counts.reduce((sum, count) => sum + count, shrinkage);
  return parent.map((share, i) => (shrinkage * share + (counts[i] ?? 0)) / total);
};

/** Counts that can be asked for a distribution at any month. Adding and asking cost time by the number of classes. */
export class Profile {
  readonly classes: readonly string[];
  #settings: ProfileSettings;
  #pool: number[];
  #levels = new Map<string, { counts: number[]; month: number }>();

  constructor(classes: readonly string[], settings: ProfileSettings) {
    this.classes = classes;
    this.#settings = settings;
    // One incident spread over all classes, so that nothing is impossible.
    this.#pool = classes.map(() => 1 / classes.length);
  }

  #decayed(key: string, month: number): number[] {
    const level = this.#levels.get(key);
    if (level === undefined) return this.classes.map(() => 0);
    const factor = 2 ** (-Math.max(0, month - level.month) / this.#settings.halfLifeMonths);
    return level.counts.map((count) => count * factor);
  }

  add(one: ProfileCase): void {
    const index = this.classes.indexOf(one.outcome);
    if (index < 0) return;
    this.#pool[index] = (this.#pool[index] ?? 0) + 1;
    for (const key of [`a|${one.actor}`, ...(one.group === '' ? [] : [`g|${one.group}`])]) {
      const counts = this.#decayed(key, one.month);
      counts[index] = (counts[index] ?? 0) + 1;
      this.#levels.set(key, { counts, month: one.month });
    }
  }

  /** Shares of the classes over everybody. */
  pooled(): number[] {
    const total = this.#pool.reduce((sum, count) => sum + count, 0);
    return this.#pool.map((count) => count / total);
  }

  /** Shares of the classes for an actor: pool, then the group, then the actor's own cases. */
  shares(actor: string, group: string, month: number): number[] {
    const parent =
      group === ''
        ? this.pooled()
        : shrink(this.pooled(), this.#decayed(`g|${group}`, month), this.#settings.shrinkage);
    return shrink(parent, this.#decayed(`a|${actor}`, month), this.#settings.shrinkage);
  }
}
