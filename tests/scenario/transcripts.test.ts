import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeMismatch, runTranscript } from '../../tools/transcript.ts';

// Stories told through the command: every *.txt beside this file, in the form that tools/transcript.ts explains.

const stories = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));

describe('stories', () => {
  it('are there', () => {
    expect(stories).toContain('five-minutes.txt');
  });

  it.concurrent.each(stories)('%s', async (name) => {
    const problems = await runTranscript(readFileSync(join(import.meta.dirname, name), 'utf8'));
    expect(problems.map((problem) => describeMismatch(problem, name)).join('\n')).toBe('');
  });
});
