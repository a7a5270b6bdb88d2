// What we ask of a cage and how it may refuse: the words on both sides of the pipe.

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
  readonly password: string | null;
  readonly languages: readonly ('eng' | 'kor')[];
};
