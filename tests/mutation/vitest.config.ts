// The tests that mutants of the record's and the channel's core are run against: those that stand beside that core.
// A package is found beside its neighbours, so that a mutant of record is what channel sees.

import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '../..');

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@parley\/kernel\/node$/, replacement: `${root}/packages/kernel/src/node/index.ts` },
      {
        find: /^@parley\/(kernel|record|channel)$/,
        replacement: `${root}/packages/$1/src/index.ts`,
      },
    ],
  },
  test: {
    root,
    // MUTATION_TESTS names fewer, for a run on one file: packages/record/src/tree.test.ts
    include: (process.env['MUTATION_TESTS'] ?? 'packages/{record,channel}/src/**/*.test.ts').split(
      ' ',
    ),
    exclude: ['**/node_modules/**', '**/second-check.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
