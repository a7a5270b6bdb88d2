// Encrypted Office files: opened with their password in a cage of their own. What comes out is a stranger's file like any other.

import { unlockOpenDocument } from '../readers/unlock-odf.ts';
import { COMMON_PASSWORD, unlock, UnlockRefusal } from '../readers/unlock.ts';
import { ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';

/** What `open` gives; a refusal asks for a password where none was given. */
function asking<T>(job: Job, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    if (!(error instanceof UnlockRefusal)) throw error;
    const asks = error.reason === 'wrong-password' && job.password === null;
    throw new JobRefusal(asks ? 'encrypted' : error.reason, error.message);
  }
}

export function openLocked(bytes: Uint8Array, job: Job): void {
  emit.document(asking(job, () => unlock(bytes, job.password ?? COMMON_PASSWORD)));
}

/** An OpenDocument file without its lock, in the cage where it is read. */
export function openOpenDocument(bytes: Uint8Array, job: Job): Uint8Array {
  const open = asking(job, () => unlockOpenDocument(bytes, job.password));
  if (open !== bytes) emit.note('was-locked');
  return open;
}
