// `npm run vectors:mail`: the openspf RFC 7208 suite and the ARC validation suite, counted against our layer.

import { existsSync } from 'node:fs';
import { arcVectors, spfVectors, type VectorCount } from '../src/authentication/vectors.ts';

const SHARED = new URL('../../../../shared/vectors/', import.meta.url);
let failed = 0;

function report(name: string, count: VectorCount): void {
  process.stdout.write(`${name}: ${count.passed}/${count.total}\n`);
  for (const miss of count.missed) process.stdout.write(`  missed ${miss}\n`);
  failed += count.missed.length;
}

if (existsSync(SHARED)) {
  report(
    'SPF (openspf rfc7208-tests.yml)',
    await spfVectors(new URL('spf/rfc7208-tests.yml', SHARED)),
  );
  report(
    'SPF explanations of the same suite',
    await spfVectors(new URL('spf/rfc7208-tests.yml', SHARED), 'explanations'),
  );
  report(
    'ARC validation (arc-draft-validation-tests.yml)',
    await arcVectors(new URL('arc/arc-draft-validation-tests.yml', SHARED)),
  );
  report(
    'ARC tests whose names the suite repeats',
    await arcVectors(new URL('arc/arc-draft-validation-tests.yml', SHARED), 'repeated'),
  );
} else process.stdout.write('not run: ../shared missing\n');
process.exitCode = failed === 0 ? 0 : 1;
