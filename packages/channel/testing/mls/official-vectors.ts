// The official MLS vectors (mlswg/mls-implementations) through the house's own suites 1-7.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as keys from './key-vectors.ts';
import * as trees from './tree-vectors.ts';
import { VectorCase, type Json } from './vector-case.ts';

/** Where the shared vectors stand, or undefined on a machine without them. */
export function vectorsDirectory(): string | undefined {
  const directory = fileURLToPath(new URL('../../../../../shared/vectors/mls', import.meta.url));
  return existsSync(directory) ? directory : undefined;
}

type Check = (vector: VectorCase) => Promise<void>;

/** Every file of the set with its check and the cases of its short run: every n-th. */
export const FILES: readonly { file: string; check: Check; every: number }[] = [
  { file: 'crypto-basics', check: keys.cryptoBasics, every: 1 },
  { file: 'deserialization', check: keys.deserialization, every: 1 },
  { file: 'key-schedule', check: keys.keySchedule, every: 1 },
  { file: 'message-protection', check: keys.messageProtection, every: 1 },
  { file: 'messages', check: keys.messages, every: 10 },
  { file: 'passive-client-handling-commit', check: trees.passiveClient, every: 10 },
  { file: 'passive-client-random', check: trees.passiveClient, every: 0 },
  { file: 'passive-client-welcome', check: trees.passiveClient, every: 8 },
  { file: 'psk_secret', check: keys.pskSecret, every: 4 },
  { file: 'secret-tree', check: keys.secretTree, every: 3 },
  { file: 'transcript-hashes', check: keys.transcriptHashes, every: 1 },
  { file: 'tree-math', check: trees.treeMath, every: 2 },
  { file: 'tree-operations', check: trees.treeOperations, every: 1 },
  { file: 'tree-validation', check: trees.treeValidation, every: 14 },
  { file: 'treekem', check: trees.treeKem, every: 11 },
  { file: 'welcome', check: keys.welcome, every: 1 },
];

export type FileResult = {
  readonly file: string;
  readonly passed: number;
  readonly cases: number;
  readonly failures: readonly string[];
};

/** Runs one file: all of it, or the cases of the short run. */
export async function runFile(
  directory: string,
  { check, every, file }: (typeof FILES)[number],
  full: boolean,
): Promise<FileResult> {
  const all = JSON.parse(readFileSync(join(directory, `${file}.json`), 'utf8')) as readonly Json[];
  const failures: string[] = [];
  let ran = 0;
  for (const [i, json] of all.entries()) {
    if (!full && (every === 0 || i % every !== 0)) continue;
    ran++;
    try {
      await check(new VectorCase(json));
    } catch (error) {
      failures.push(`${file} ${i}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { file, passed: ran - failures.length, cases: all.length, failures };
}
