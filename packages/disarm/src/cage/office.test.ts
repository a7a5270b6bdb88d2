import { describe, expect, it } from 'vitest';

import { FRAME } from '../list/frame.ts';
import { defaultPolicy } from '../policy.ts';
import { readProgress } from './cage.ts';
import { JobRefusal, unsafeCaptureFrames } from './emit.ts';
import type { Job } from './job.ts';
import type { OfficeKit } from './lok.ts';
import { convertOffice } from './office.ts';

/** Converts with an engine that says how many parts a document has; what was told of pages, and whether it was written. */
function converted(
  parts: number,
  kind: Job['kind'],
  into: Job['into'] = 'pdf',
): { totals: number[]; wrote: boolean; reason: string | undefined } {
  const totals: number[] = [];
  let wrote = false;
  const kit: OfficeKit = {
    open: () => ({
      as() {
        wrote = true;
        return new Uint8Array(1);
      },
      parts: () => parts,
      close: () => undefined,
    }),
  };
  const job = { ...defaultPolicy, kind, into, told: true, password: null };
  unsafeCaptureFrames((type, payload) => {
    if (type === FRAME.progress) totals.push(readProgress(payload).total);
  });
  try {
    convertOffice(new Uint8Array(1), job, kit);
    return { totals, wrote, reason: undefined };
  } catch (error) {
    if (!(error instanceof JobRefusal)) throw error;
    return { totals, wrote, reason: error.reason };
  } finally {
    unsafeCaptureFrames(undefined);
  }
}

describe('an office document that is open in its engine', () => {
  it('has time for as many pages as the engine has laid out', () => {
    expect(converted(236, 'docx')).toEqual({ totals: [1, 236], wrote: true, reason: undefined });
    expect(converted(0, 'pptx')).toEqual({ totals: [1, 1], wrote: true, reason: undefined });
  });

  it('with more pages than the policy allows is refused before they are written', () => {
    expect(converted(2001, 'docx')).toEqual({
      totals: [1],
      wrote: false,
      reason: 'too-many-pages',
    });
    // Sheets are no pages, and what becomes editable has none.
    expect(converted(2001, 'xlsx').wrote).toBe(true);
    expect(converted(2001, 'docx', 'docx').wrote).toBe(true);
  });
});
