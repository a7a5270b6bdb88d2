// A seeded generator for bootstraps, permutations and simulations: the same seed gives the same report. Never for keys.

/** Uniform numbers from a 32-bit seed (sfc32, Chris Doty-Humphrey); each call of `next` is in [0, 1). */
export type Seeded = {
  next(): number;
  /** A whole number in [0, bound). */
  below(bound: number): number;
};

export function seeded(seed: number): Seeded {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;
  const word = (): number => {
    const mixed = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + mixed;
    return mixed >>> 0;
  };
  // The first words still show the seed; the author's advice is to drop them.
  for (let i = 0; i < 12; i++) word();
  return {
    next: () => word() / 4_294_967_296,
    below: (bound) => Math.floor((word() / 4_294_967_296) * bound),
  };
}
