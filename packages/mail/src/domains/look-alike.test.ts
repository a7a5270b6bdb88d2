import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import { firstLookAlike, knownDomains, lookDistance } from './look-alike.ts';

type Vectors = {
  readonly official: string;
  readonly alike: readonly string[];
  readonly other: readonly string[];
};
const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/mail/look-alikes.json', import.meta.url), 'utf8'),
) as readonly Vectors[];

for (const { official, alike, other } of vectors)
  describe(official, () => {
    const known = knownDomains(official);
    test.each(alike)('%s passes for it', (host) =>
      expect(firstLookAlike(host, known)?.official).toBe(official),
    );
    test.each(other)('%s does not', (host) => expect(firstLookAlike(host, known)).toBeNull());
  });

test('the differing letters are marked', () => {
  const found = firstLookAlike('rnofa.go.kr', knownDomains('mofa.go.kr'));
  expect(found?.marks.map(([start, end]) => found.shown.slice(start, end))).toEqual(['rn']);
  const left = firstLookAlike('stte.gov', knownDomains('state.gov'));
  expect(left?.marks.map(([start, end]) => left.shown.slice(start, end))).toEqual(['tt']);
});

test('any host is compared', () => {
  const known = knownDomains('foreign-ministry.example.org');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('abfmorn.-xyeigt')), maxLength: 70 }),
      (host) => void firstLookAlike(host, known),
    ),
  );
});

test('the price is zero for the same and symmetric for exchanged letters', () => {
  expect(lookDistance('osce', 'osce', 1)).toBe(0);
  expect(lookDistance('rnofa', 'mofa', 1)).toBeLessThan(0.5);
  expect(lookDistance('completely', 'different1', 1)).toBe(Number.POSITIVE_INFINITY);
});

const twist = existsSync('/usr/bin/dnstwist');
if (!twist)
  process.stdout.write(
    'not run: Debian package dnstwist missing (variants of two organisations)\n',
  );
test.runIf(twist)("dnstwist's variants are recognised", () => {
  let seen = 0;
  let all = 0;
  for (const domain of ['osce.org', 'mofa.go.kr']) {
    const made = execFileSync('dnstwist', ['--format', 'list', domain], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for (const host of made.split('\n').filter((line) => line !== '' && line !== domain)) {
      all++;
      if (firstLookAlike(host, knownDomains(domain)) !== null) seen++;
    }
  }
  expect(all).toBeGreaterThan(500);
  expect(seen / all).toBeGreaterThan(0.98);
});
