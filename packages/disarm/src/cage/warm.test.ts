import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { onePage } from '../../testing/pdf-maker.ts';
import { defaultPolicy, detect } from '../index.ts';
import { practise } from '../practice.ts';
import { runCage, startChild } from './cage.ts';
import { exampleOf, FAMILIES } from './example.ts';
import { examplePages, SAMPLE_JOB } from './example-pages.ts';
import { familiesOf, WarmOffice } from './warm.ts';

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim().split(' ').filter(Boolean),
  );
  return children.flatMap((child) => [Number(child), ...descendants(Number(child))]);
}

/** Stops them all; one that was just being started by another is found at the next look. */
async function stopDescendants(pid: number): Promise<Set<number>> {
  const stopped = new Set<number>();
  for (let before = -1; stopped.size > before;) {
    before = stopped.size;
    for (const one of descendants(pid)) {
      process.kill(one, 'SIGSTOP');
      stopped.add(one);
    }
    await sleep(100);
  }
  return stopped;
}

describe('what is made ready ahead', () => {
  it('rehearses on documents of our own, one a family', () => {
    const kinds = FAMILIES.map((family) => detect(exampleOf(family).bytes).kind);
    expect(kinds).toEqual(['docx', 'xlsx', 'pptx']);
    const [one, two] = [exampleOf('text'), exampleOf('text')];
    expect(one.bytes).toEqual(two.bytes);
    expect(detect(examplePages()).kind).toBe('pdf');
  });

  it('practises decoding and writing without a document', () => {
    practise(defaultPolicy);
    // Once is enough in a process: another policy's turn is not another practice.
    practise({ ...defaultPolicy, outputMaxBytes: 1 });
  });

  it('begins again what stands still, and gives the one that came to be ready', async () => {
    const warm = new WarmOffice({ ...defaultPolicy, mode: 'edit' });
    warm.plan([]);
    warm.start();
    const stopped = await stopDescendants(process.pid);
    try {
      expect(stopped.size).toBeGreaterThan(0);
      await warm.ready();
      const taken = warm.takeOffice();
      expect(taken).toBeDefined();
      expect([...stopped]).not.toContain(taken?.child.pid);
      taken?.child.kill('SIGKILL');
    } finally {
      warm.close();
      for (const pid of descendants(process.pid)) process.kill(pid, 'SIGCONT');
    }
  });

  it('takes names as hints', () => {
    expect(familiesOf('Draft.DOCX', 'costs.xlsb', 'talk.ppsx')).toEqual([...FAMILIES]);
    expect(familiesOf('draft.pdf', 'docx', 'note.docx.exe')).toEqual([]);
  });

  it('says of a page what a fresh child says, frame by frame', async () => {
    const page = onePage('BT /F1 18 Tf 20 100 Td (the same words) Tj ET 10 10 50 50 re f');
    const said = async (ahead: boolean): Promise<string[]> => {
      const frames: string[] = [];
      const started = ahead ? startChild(defaultPolicy, { ahead: ['pages', '1'] }) : undefined;
      const ran = await runCage(SAMPLE_JOB, page, defaultPolicy, {
        signal: undefined,
        started,
        onFrame({ type, payload }) {
          frames.push(`${type} ${Buffer.from(payload).toString('base64')}`);
          return undefined;
        },
      });
      expect(ran.ok).toBe(true);
      return frames;
    };
    const fresh = await said(false);
    expect(fresh.length).toBeGreaterThan(3);
    expect(await said(true)).toEqual(fresh);
  });
});
