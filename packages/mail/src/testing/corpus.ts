// The shared mail corpus, where it stands beside the repository. Its mails are read, never copied.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../../shared/', import.meta.url));

export function sharedPath(path: string): string | null {
  const full = join(ROOT, path);
  return existsSync(full) ? full : null;
}

function under(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? under(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

/** Every n-th mail of the corpus; none where it is missing. */
export function corpusMails(every: number): readonly string[] {
  const folder = sharedPath('corpus/mail');
  return folder === null ? [] : under(folder).filter((_, i) => i % every === 0);
}
