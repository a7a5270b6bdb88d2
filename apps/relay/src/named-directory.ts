// Directories that the operator named: made, or refused.

import { Fault } from '@parley/kernel';
import { makeDirectories } from '@parley/kernel/node';

/** Makes a directory and what is missing above it, for this user alone. Faults with 'directory-refused'. */
export function namedDirectory(path: string): void {
  try {
    makeDirectories(path);
  } catch (cause) {
    throw new Fault('directory-refused', `The directory cannot be made: ${path}`, {
      cause,
      nextAction: 'name a directory on a disk that this user may write to',
    });
  }
}
