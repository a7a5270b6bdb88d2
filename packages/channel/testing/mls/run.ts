// `node packages/channel/testing/mls/run.ts`: all 785 official vectors, counted file by file.

import { performance } from 'node:perf_hooks';
import { FILES, runFile, vectorsDirectory } from './official-vectors.ts';

const directory = vectorsDirectory();
if (directory === undefined) {
  console.log('not run: ../shared missing');
} else {
  let passed = 0;
  let failed = 0;
  for (const entry of FILES) {
    const start = performance.now();
    const result = await runFile(directory, entry, true);
    passed += result.passed;
    failed += result.failures.length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${entry.file}: ${result.passed} of ${result.cases} passed, ${seconds} s`);
    for (const failure of result.failures) console.log(`  ${failure}`);
  }
  console.log(`MLS vectors through our suites: ${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
