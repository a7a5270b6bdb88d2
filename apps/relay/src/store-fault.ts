// What a database or a file system says, as one of the few faults an operator can act on.

import { Fault, isFault } from '@parley/kernel';
import type { StoreFaultCode } from '@parley/post';

type Kind = { code: StoreFaultCode; message: string; retry: boolean; nextAction: string };

const FULL: Kind = {
  code: 'store-full',
  message: 'The disk of the relay is full.',
  retry: true,
  nextAction: 'free space or enlarge the disk; the relay goes on by itself',
};
const READ_ONLY: Kind = {
  code: 'store-read-only',
  message: 'The relay cannot write to its disk.',
  retry: true,
  nextAction: 'look for file system errors (dmesg), then mount it writable or restore a backup',
};
const DAMAGED: Kind = {
  code: 'store-damaged',
  message: 'The store is damaged.',
  retry: false,
  nextAction:
    'stop the relay, keep a copy of its directory, and follow "recover" in docs/operations.md',
};
const UNREACHABLE: Kind = {
  code: 'store-unreachable',
  message: 'The store does not answer.',
  retry: true,
  nextAction: 'see whether it is running; the relay tries again by itself',
};

function kindOf(code: string): Kind | undefined {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return FULL;
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|^(EROFS|EACCES|EPERM)$/.test(code)) return READ_ONLY;
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR)|^EIO$/.test(code)) return DAMAGED;
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return UNREACHABLE;
  return undefined;
}

/** A store fault for what the disk did; anything else is a bug of ours and comes back as it is. */
export function storeFault(error: unknown): unknown {
  if (isFault(error)) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const kind = typeof code === 'string' ? kindOf(code) : undefined;
  if (kind === undefined) return error;
  const { retry, nextAction } = kind;
  return new Fault<StoreFaultCode>(kind.code, kind.message, { cause: error, retry, nextAction });
}
