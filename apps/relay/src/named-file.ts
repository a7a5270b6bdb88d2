// Files that the operator named on the command line: one that is not there is the operator's business, not a mistake of ours.

import { access, constants, readFile } from 'node:fs/promises';
import { Fault } from '@parley/kernel';

function unreadable(path: string, cause: unknown): Fault<'file-unreadable'> {
  return new Fault('file-unreadable', `The file cannot be read: ${path}`, {
    cause,
    nextAction: 'check its name, and that this user may read it',
  });
}

/** Faults with 'file-unreadable'. */
export async function readNamed(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

/** Faults with 'file-unreadable' where reading could not even begin. */
export async function expectReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}
