// Writes files with something badly wrong, for tests of refusals: `node tools/make-bad-samples.ts DIR`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badSamples } from './samples/bad.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tools/make-bad-samples.ts DIR');
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  for (const { name, make, because } of badSamples()) {
    const bytes = make();
    writeFileSync(join(folder, name), bytes);
    console.log(`${String(bytes.length).padStart(8)} ${name}: ${because}`);
  }
}
