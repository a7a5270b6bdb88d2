// A file written for a person: whole under its name, or not there at all.

import { constants } from 'node:fs';
import { copyFile, link, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Also on a full disk, and after kill -9. Fails with EEXIST where the name is taken, unless `force` puts the new file in
 * the place of the old one.
 */
export async function writeWhole(path: string, content: Uint8Array, force: boolean): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await writeFile(partial, content, { flag: 'w', mode: 0o600 });
    if (force) await rename(partial, path);
    else await link(partial, path).catch((error: unknown) => copyIfNoLinks(error, partial, path));
  } finally {
    await rm(partial, { force: true });
  }
}

/** Some file systems have no hard links; there the copy takes their part. */
async function copyIfNoLinks(error: unknown, from: string, to: string): Promise<void> {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  await copyFile(from, to, constants.COPYFILE_EXCL);
}
