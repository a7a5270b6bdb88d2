// Directories that the operator named: made one level at a time, or refused. Node's recursive mkdir never ends where a parent
// exists and a child cannot be made, as under /proc.

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '@parley/kernel';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function makeOne(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

async function make(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await make(dirname(path));
    // A parent that is there and still says 'no such file' takes no directories.
    await makeOne(path);
  }
}

/** Makes a directory and what is missing above it, for this user alone. Faults with 'directory-refused'. */
export async function namedDirectory(path: string): Promise<void> {
  await make(path).catch((error: unknown) => {
    throw new Fault('directory-refused', `The directory cannot be made: ${path}`, {
      cause: error,
      nextAction: 'name a directory on a disk that this user may write to',
    });
  });
}
