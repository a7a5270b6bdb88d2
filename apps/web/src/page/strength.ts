// How hard a passphrase is to guess, by zxcvbn with common passwords and English words. Fetched only at set-up.

/** 0: guessed at once; 4: not by anyone who has the stolen machine alone. */
export type Strength = 0 | 1 | 2 | 3 | 4;

const LENGTH_MAX = 200;

/** `known` are names that a thief of the machine would try first. */
export async function strengthOf(passphrase: string, known: readonly string[]): Promise<Strength> {
  const { ZxcvbnFactory } = await import('@zxcvbn-ts/core');
  const common = await import('@zxcvbn-ts/language-common');
  const judge = new ZxcvbnFactory({
    dictionary: common.dictionary,
    graphs: common.adjacencyGraphs,
  });
  return judge.check(passphrase.slice(0, LENGTH_MAX), [...known]).score;
}
