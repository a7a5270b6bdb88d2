// Writes src/cage/example-pages.pdf anew: our own example of a text, as the office engine draws it. Run it when example.ts changes.

import { writeFileSync } from 'node:fs';

import { runCage } from '../src/cage/cage.ts';
import { exampleOf } from '../src/cage/example.ts';
import { SAMPLE_JOB } from '../src/cage/example-pages.ts';
import { FRAME } from '../src/list/frame.ts';
import { OFFICE_PACKAGES } from '../src/needs.ts';
import { defaultPolicy } from '../src/policy.ts';

const { bytes, kind } = exampleOf('text');
const { officeMemoryMaxBytes: memoryMaxBytes } = defaultPolicy;
const ran = await runCage(
  { ...SAMPLE_JOB, kind, into: 'pdf', memoryMaxBytes },
  bytes,
  { ...defaultPolicy, memoryMaxBytes, documentMs: 60_000, silenceMs: 60_000 },
  {
    signal: undefined,
    packages: OFFICE_PACKAGES,
    ahead: ['office', ''],
    threads: true,
    onFrame({ type, payload }) {
      if (type !== FRAME.document) return undefined;
      writeFileSync(new URL('../src/cage/example-pages.pdf', import.meta.url), payload);
      return undefined;
    },
  },
);
if (!ran.ok) throw new Error(`${ran.reason} ${ran.detail}`);
