// The kinds of tests, each a project: `npx vitest run --project NAME`. `npm test` runs all of them.

import { defineConfig } from 'vitest/config';

// Not a promise about speed: it ends a test that hangs, on however slow a machine.
const HANGS_MS = 900_000;

const project = (name: string, include: string[], isolate = true) => ({
  test: {
    name,
    include,
    isolate,
    testTimeout: HANGS_MS,
    // Tests that say so run side by side, two at a time: most of what they do is waiting for each other's programs.
    maxConcurrency: 2,
    hookTimeout: HANGS_MS,
    exclude: ['**/node_modules/**'],
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts']),
      // These read the house and change nothing, so its parsed files serve all of them.
      project('architecture', ['tests/architecture/**/*.test.ts'], false),
      project('docs', ['tests/docs/**/*.test.ts'], false),
      project('scenario', ['tests/scenario/**/*.test.ts']),
      // One real Chromium, two desks and a relay.
      project('browser', ['tests/browser/**/*.test.ts']),
      project('simulation', ['tests/simulation/**/*.test.ts']),
    ],
  },
});
