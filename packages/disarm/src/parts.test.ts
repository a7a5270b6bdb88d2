import { accept, refuse } from '@parley/kernel';
import { describe, expect, it } from 'vitest';

import { makeZip } from '../testing/office-maker.ts';
import { Budget } from './budget.ts';
import { defaultPolicy, disarm, quarantine, type Original } from './index.ts';
import { noteText } from './notes.ts';
import { disarmParts, type Rebuilt } from './parts.ts';
import type { Report } from './report.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.txt`, `words ${i}`]));

/** Parts by a rebuilder that only copies: the counting is what is tested. */
async function counted(policy: Partial<typeof defaultPolicy>, parts: number, waitMs = 0) {
  const whole = { ...defaultPolicy, ...policy };
  const started: Original[] = [];
  const budget = new Budget(whole);
  const verdict = await disarmParts(
    Array.from({ length: parts }, (_, i) => ({ name: `${i}`, bytes: text(`part ${i}`) })),
    [{ name: 'left in the cage', reason: 'not-reached' }],
    {
      depth: 0,
      policy: whole,
      budget,
      signal: undefined,
      rebuild: async (original) => {
        started.push(original);
        await new Promise((settle) => setTimeout(settle, waitMs));
        if (budget.over.aborted) return refuse('cancelled');
        const safe = { bytes: original.bytes } as unknown as Rebuilt['safe'];
        return accept({ safe, report: {} as Report, parts: [] });
      },
    },
  );
  if (!verdict.ok) throw new Error(verdict.reason);
  const reasons = verdict.value.reports.map(({ reason }) => reason ?? 'rebuilt');
  return { reasons, started: started.length };
}

describe('one budget for everything inside', () => {
  it('ends with its files, its bytes, its cages or its room for copies; the rest is named', async () => {
    for (const policy of [{ treePartsMax: 2 }, { treeBytesMax: 12 }, { treeCagesMax: 2 }]) {
      const { reasons, started } = await counted(policy, 4);
      expect(started).toBe(2);
      expect(reasons).toEqual(['rebuilt', 'rebuilt', ...Array<string>(3).fill('not-reached')]);
    }
    const { reasons } = await counted({ outputMaxBytes: 7 }, 2);
    expect(reasons).toEqual(['rebuilt', 'output-too-large', 'not-reached']);
  });

  it('ends with its time, in the middle of a part, and starts no further one', async () => {
    const { reasons, started } = await counted({ treeMs: 30 }, 4, 60);
    expect(started).toBe(1);
    expect(reasons).toEqual(Array<string>(5).fill('not-reached'));
  });

  it('counts over all depths: archives in archives share it', async () => {
    const inner = makeZip(many(3));
    const verdict = await disarm(quarantine(makeZip({ 'a.zip': inner, 'b.zip': inner })), {
      ...defaultPolicy,
      treePartsMax: 3,
    });
    if (!verdict.ok) throw new Error(verdict.reason);
    const [a, b] = verdict.value.report.parts;
    expect(a?.report?.parts.map((part) => part.reason)).toEqual([null, null, 'not-reached']);
    expect(b?.reason).toBe('not-reached');
    expect(verdict.value.parts.map((part) => part.name)).toEqual([
      'a.zip',
      'a.zip/0.txt',
      'a.zip/1.txt',
    ]);
  });
});

describe('more files than the policy allows', () => {
  it('a mail keeps its words and its first attachments; the others are named', async () => {
    const part = (i: number): string =>
      `--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=n${i}.txt\r\n\r\nwords\r\n`;
    const mail =
      'From: a@alpha.example\r\nTo: b@beta.example\r\nSubject: Many\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n' +
      `--x\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n${Array.from({ length: 10_000 }, (_, i) => part(i)).join('')}--x--\r\n`;
    const verdict = await disarm(quarantine(text(mail)), { ...defaultPolicy, partsMax: 2 });
    if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
    const { report, parts, safe } = verdict.value;
    expect(new TextDecoder().decode(safe.bytes)).toContain('See the files.');
    expect(parts.map(({ name }) => name)).toEqual(['n0.txt', 'n1.txt']);
    expect(report.parts).toHaveLength(1002);
    expect(report.parts[2]).toMatchObject({ name: 'n2.txt', reason: 'not-reached' });
    expect(report.notes.map(noteText).join(' ')).toContain('10000 files are inside; 9998 of them');
  });
});
