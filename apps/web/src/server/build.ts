// The page's files: built from our sources when they are absent or older than the sources. No network is used.

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOM = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOM, 'dist');
/** Says of which sources the files were built. */
const STAMP = 'built-from.txt';

/** SHA-256 over the names and bytes of everything the page is made of. */
export function sourcesHash(): string {
  const hash = createHash('sha256');
  const folders = ['src/page', 'src/words'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOM, folder)).map((name) => `${folder}/${name}`),
  );
  const others = ['index.html', 'vite.config.ts', 'package.json', 'src/server/build.ts'];
  for (const name of [...others, ...files.toSorted()]) {
    const content = readFileSync(join(ROOM, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function stampOf(folder: string): string | undefined {
  const path = join(folder, STAMP);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Answers the folder with the built page; builds it first where that is needed, about a second's work. */
export async function builtPage(onBuild: () => void = () => {}): Promise<string> {
  const wanted = sourcesHash();
  if (stampOf(DIST) === wanted) return DIST;
  onBuild();
  const { build } = await import('vite');
  // Built beside it and moved in place, so that two programs at once never serve half a page.
  const fresh = join(ROOM, `dist-${process.pid}`);
  // Under another name of the environment, as in tests, React's slow and large variant would be taken.
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({
      root: ROOM,
      configFile: join(ROOM, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh, emptyOutDir: true },
    });
    writeFileSync(join(fresh, STAMP), `${wanted}\n`);
    mkdirSync(DIST, { recursive: true });
    rmSync(DIST, { recursive: true, force: true });
    renameSync(fresh, DIST);
  } catch (error) {
    // Another program may have built the same page in the meantime.
    if (stampOf(DIST) !== wanted) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  return DIST;
}
