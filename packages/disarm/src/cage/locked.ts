// Encrypted Office files: opened with their password in a cage of their own. What comes out is a stranger's file like any other.

import { COMMON_PASSWORD, unlock, UnlockRefusal } from '../readers/unlock.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';

export function openLocked(bytes: Uint8Array, job: Job): void {
  try {
    emit.document(unlock(bytes, job.password ?? COMMON_PASSWORD));
  } catch (error) {
    if (!(error instanceof UnlockRefusal)) throw error;
    const asks = error.reason === 'wrong-password' && job.password === null;
    throw new JobRefusal(asks ? 'encrypted' : error.reason, error.message);
  }
}
