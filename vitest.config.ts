import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[]) => ({
  test: { name, include, testTimeout: 120_000, hookTimeout: 120_000, exclude: ['**/node_modules/**'] },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts']),
      project('architecture', ['tests/architecture/**/*.test.ts']),
      project('docs', ['tests/docs/**/*.test.ts']),
      project('scenario', ['tests/scenario/**/*.test.ts']),
      project('simulation', ['tests/simulation/**/*.test.ts']),
    ],
  },
});
