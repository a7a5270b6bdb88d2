// Writes samples/: `node tools/make-samples.ts [DIR]`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samples } from './samples/all.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../samples', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const { name, bytes } of samples()) {
  writeFileSync(join(folder, name), bytes);
  console.log(`${String(bytes.length).padStart(7)} ${name}`);
}
