// What we ask of a cage and how it may refuse: the words on both sides of the pipe.

import { utf8 } from '@parley/kernel';

import type { Kind } from '../kind.ts';
import type { Mode } from '../policy.ts';

/** Why there is no safe copy. `docs/disarm.md` says for each what a person can do. */
export const DISARM_REASONS = [
  'empty',
  'encrypted',
  'wrong-password',
  'broken',
  'unsupported',
  'too-large',
  'too-many-pages',
  'page-too-large',
  'too-many-pixels',
  'too-many-parts',
  'too-deep',
  'not-reached',
  'compression-bomb',
  'output-too-large',
  'timeout',
  'memory',
  'cage-missing',
  'cage-broken',
  'cancelled',
] as const;
export type DisarmReason = (typeof DISARM_REASONS)[number];

/** One job for one cage. Travels as JSON before the document's bytes. */
export type Job = {
  readonly kind: Kind;
  readonly mode: Mode;
  readonly rasterDpi: number;
  readonly pictureDpi: number;
  readonly likenessFloor: number;
  readonly pagesMax: number;
  readonly pixelsMax: number;
  readonly pageSideMax: number;
  readonly memoryMaxBytes: number;
  readonly inputMaxBytes: number;
  readonly partsMax: number;
  /** What the office engine makes of an office file. */
  readonly into?: 'pdf' | 'docx' | 'xlsx' | null;
  /** What the document holds has been told already. */
  readonly told?: boolean;
  readonly password: string | null;
  readonly languages: readonly ('eng' | 'kor')[];
};

/** A job as it goes before the document: four bytes of length, then its words. */
export function jobHead(job: Job): Uint8Array {
  const words = utf8(JSON.stringify(job));
  const head = new Uint8Array(4 + words.length);
  new DataView(head.buffer).setUint32(0, words.length, true);
  head.set(words, 4);
  return head;
}
