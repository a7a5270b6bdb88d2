import { expect, it } from 'vitest';

import { Findings } from './findings.ts';

const frame = (said: object): Uint8Array => new TextEncoder().encode(JSON.stringify(said));
const comment = (text: string, page?: number): Uint8Array =>
  frame({ list: 'remark', what: 'comment', author: 'Bea', text, ...(page && { page }) });

it('a comment that the office engine draws once more is one comment, with its page', () => {
  const findings = new Findings();
  for (const text of ['our floor is 5', 'the same', 'the same']) findings.take(comment(text));
  findings.muteEngine();
  for (const page of [3, 4]) findings.take(comment('the same', page));
  findings.take(comment('drawn only', 5));
  expect(findings.remarks.map(({ text, page }) => [text, page])).toEqual([
    ['our floor is 5', null],
    ['the same', 3],
    ['the same', 4],
    ['drawn only', 5],
  ]);
});

it('in a document of pages two equal comments stay two', () => {
  const findings = new Findings();
  findings.take(comment('the same'));
  findings.take(comment('the same', 2));
  expect(findings.remarks).toHaveLength(2);
});
