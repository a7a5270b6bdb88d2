// A safe copy: bytes that our own canonical writers made. The brand cannot be made outside this package.

import { createHash } from 'node:crypto';

import type { SafeKind } from './kind.ts';

declare const safeCopy: unique symbol;

/** A document that a person may open. `extension` has no dot; `sha256` is what two officers compare. */
export type SafeCopy = {
  readonly [safeCopy]: true;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly mediaType: string;
  readonly extension: string;
};

const FORMS: Record<SafeKind, { mediaType: string; extension: string }> = {
  pdf: { mediaType: 'application/pdf', extension: 'pdf' },
  png: { mediaType: 'image/png', extension: 'png' },
  jpeg: { mediaType: 'image/jpeg', extension: 'jpg' },
  text: { mediaType: 'text/plain; charset=utf-8', extension: 'txt' },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
  },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extension: 'xlsx',
  },
};

/** For the writers of this package alone; it is not exported from the package. */
export function mintSafeCopy(bytes: Uint8Array, kind: SafeKind): SafeCopy {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, sha256, ...FORMS[kind] } as SafeCopy;
}
