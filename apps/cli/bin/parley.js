#!/usr/bin/env node
// Starts the command on a Node that can run it: this one, or the one that the project's own lock file installs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 12)) {
  // Halves the start of every command. Beside our own modules, so that whoever could change the cache could change them.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(
    fileURLToPath(new URL('../../../node_modules/.cache/parley', import.meta.url)),
  );
  const { run } = await import('../src/main.ts');
  await run(process.argv);
} else {
  const bundled = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  if (!existsSync(bundled)) {
    process.stderr.write(
      `error: Parley needs Node 24.12 or newer; this is ${process.versions.node}. [node-too-old]\n` +
        '  next: install Node 24 (nodejs.org), or run "npm ci" in the checkout on Linux x64, which brings its own.\n',
    );
    process.exit(1);
  }
  const child = spawnSync(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  const signal = child.signal === null ? undefined : constants.signals[child.signal];
  process.exit(signal === undefined ? (child.status ?? 1) : 128 + signal);
}
