import { expect, it } from 'vitest';
import { namesMember } from './mention.ts';

it.each([
  ['@Ana, can you look?', 'Ana', true],
  ['for @ana petrova.', 'Ana Petrova', true],
  ['(@بدر)', 'بدر', true],
  ['@민지 님', '민지', true],
  ['@Anabel, not Ana', 'Ana', false],
  ['Ana without the sign', 'Ana', false],
  ['@Anabel and @Ana', 'Ana', true],
  ['ana@example.org', 'example', false],
])('%j names %s: %s', (text, member, named) => {
  expect(namesMember(text, member)).toBe(named);
});
