import { describe, expect, it } from 'vitest';
import {
  describeMismatch,
  outputFits,
  parseTranscript,
  runTranscript,
} from '../../tools/transcript.ts';

describe('reading a transcript', () => {
  it('takes commands, continued lines, output, exit codes and remarks apart', () => {
    const text = '# first\n$ echo a \\\n> b\na b\n\n# second\n$ false\n[exit 1]\n\n$ true\n';
    expect(parseTranscript(text)).toEqual([
      { line: 2, command: 'echo a \\\nb', expected: ['a b'], exit: 0 },
      { line: 7, command: 'false', expected: [], exit: 1 },
      { line: 10, command: 'true', expected: [], exit: 0 },
    ]);
  });

  it('refuses output before any command', () => {
    expect(() => parseTranscript('lost\n$ true\n')).toThrow('line 1');
  });
});

describe('matching output', () => {
  it.each([
    [['a'], ['a']],
    [['a ...'], ['a 12 b']],
    [['a ... b'], ['a x b y b']],
    [['...'], []],
    [
      ['...', 'z'],
      ['x', 'y', 'z', 'z'],
    ],
    [
      ['a', '...', 'c'],
      ['a', 'c'],
    ],
    [['(a) [b]* ...'], ['(a) [b]* c']],
    [[], ['', '  ']],
  ])('%j fits %j', (expected, actual) => {
    expect(outputFits(expected, actual)).toBe(true);
  });

  it.each([
    [['a'], ['b']],
    [['a'], ['a', 'b']],
    [['a', 'b'], ['a']],
    [
      ['...', 'z'],
      ['x', 'z', 'y'],
    ],
    [['a ... b'], ['a x c']],
    [[], ['a']],
    [['.'], ['a']],
  ])('%j does not fit %j', (expected, actual) => {
    expect(outputFits(expected, actual)).toBe(false);
  });

  it('takes no longer on hostile output than its length allows', () => {
    const pattern = `${'...a'.repeat(20)}...b`;
    expect(outputFits([pattern], ['a'.repeat(20_000)])).toBe(false);
  });
});

describe('running a transcript', () => {
  it('keeps variables and folders, sees standard error, and shows a home of its own', async () => {
    const text = [
      '$ x=1; mkdir in && cd in',
      '$ echo $x; pwd; echo $HOME; echo wrong >&2',
      '1',
      '/.../in',
      '/...',
      'wrong',
      '$ ls ../samples',
      '...',
      'draft-agenda.pdf',
      '...',
      '$ node --version',
      'v2...',
      '$ sleep 100 &',
      '$ (exit 7)',
      '[exit 7]',
    ].join('\n');
    const problems = await runTranscript(text);
    expect(problems.map((problem) => describeMismatch(problem, 'here')).join('\n')).toBe('');
  });

  it('sees wrong output, a wrong exit code, and a shell that ends too early', async () => {
    const problems = await runTranscript('$ echo a\nb\n$ true\n[exit 1]\n$ exit 3\n$ echo c\nc\n');
    expect(problems.map(({ step, exit }) => [step.line, exit])).toEqual([
      [1, 0],
      [3, 0],
      [5, undefined],
      [6, undefined],
    ]);
    expect(problems[0] && describeMismatch(problems[0], 'here')).toContain('here:1: $ echo a');
  });

  it('refuses a transcript without a command', async () => {
    await expect(runTranscript('')).rejects.toThrow('without a command');
  });
});
