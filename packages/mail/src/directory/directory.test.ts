import { describe, expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import {
  ADDITION_DELAY_MS,
  describeChange,
  directoryChanges,
  effectiveDirectory,
  sameContent,
} from './directory-change.ts';
import { directoryJson, readDirectoryJson } from './directory-text.ts';
import {
  acceptNewer,
  decodeDirectory,
  encodeDirectory,
  newDirectory,
  type Directory,
} from './directory.ts';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

function full(): Directory {
  return {
    ...newDirectory('Ministry', { issuedMs: NOW, expiresMs: NOW + 100 * DAY }),
    domains: ['mofa.go.kr'],
    people: [{ name: 'Kim Jong-su', aliases: ['김종수'], addresses: ['kim@mofa.go.kr'] }],
    keys: [{ domain: 'mofa.go.kr', selector: 's1', record: 'v=DKIM1; p=AAAA' }],
    relays: [{ kind: 'list', domain: 'lists.example.org' }],
    policies: [{ rule: 'no-files', sinceMs: NOW }],
  };
}

describe('a directory', () => {
  test('survives its bytes and its JSON', () => {
    const directory = full();
    expect(decodeDirectory(encodeDirectory(directory))).toEqual({ ok: true, value: directory });
    expect(readDirectoryJson(JSON.parse(JSON.stringify(directoryJson(directory))), 0)).toEqual({
      ok: true,
      value: directory,
    });
  });

  test.each<[string, (directory: Directory) => Directory]>([
    ['bad-domain', (d) => ({ ...d, domains: ['Mofa.go.kr'] })],
    ['bad-domain', (d) => ({ ...d, domains: ['bücher.example'] })],
    ['bad-domain', (d) => ({ ...d, domains: ['localhost'] })],
    [
      'bad-address',
      (d) => ({ ...d, people: [{ name: 'x', aliases: [], addresses: ['Kim@mofa.go.kr'] }] }),
    ],
    [
      'bad-address',
      (d) => ({ ...d, people: [{ name: 'x', aliases: [], addresses: ['a@b@mofa.go.kr'] }] }),
    ],
    ['shared-domain', (d) => ({ ...d, domains: ['gmail.com'] })],
    ['shared-domain', (d) => ({ ...d, domains: ['go.kr'] })],
    ['lives-too-long', (d) => ({ ...d, expiresMs: NOW + 401 * DAY })],
    ['expired', (d) => ({ ...d, expiresMs: d.issuedMs })],
  ])('is refused as %s', (reason, change) => {
    expect(decodeDirectory(encodeDirectory(change(full())))).toMatchObject({ ok: false, reason });
  });

  test('no other bytes are one', () => {
    const encoded = encodeDirectory(full());
    expect(decodeDirectory(encoded.subarray(0, -1))).toMatchObject({
      ok: false,
      reason: 'unreadable',
    });
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(encoded);
        changed[at] = (changed[at] ?? 0) ^ change;
        const decoded = decodeDirectory(changed);
        if (decoded.ok)
          expect(Buffer.from(encodeDirectory(decoded.value))).toEqual(Buffer.from(changed));
      }),
    );
  });

  test.each<[unknown, string]>([
    [[], 'directory: must be an object'],
    [{}, 'party: must be a text'],
    [{ party: 'x', domains: 'y' }, 'domains: must be a list'],
    [{ party: 'x', domains: ['y y'] }, 'domains[0]: is no domain'],
    [{ party: 'x', people: [{}] }, 'people[0].name: must be a text'],
    [{ party: 'x', policies: ['never'] }, 'policies[0]: must be one of'],
    [{ party: 'x', issued: 'soon' }, 'issued: is no time'],
  ])('JSON %j is refused with its place', (value, detail) => {
    const read = readDirectoryJson(value, NOW);
    expect(read.ok ? '' : read.detail).toContain(detail);
  });

  test('only a newer, living one takes the place of another', () => {
    const held = full();
    expect(acceptNewer(held, { ...held, version: 2 }, NOW + DAY).ok).toBe(true);
    expect(acceptNewer(held, held, NOW + DAY)).toMatchObject({ reason: 'older-version' });
    expect(acceptNewer(held, { ...held, version: 2 }, NOW + 101 * DAY)).toMatchObject({
      reason: 'expired',
    });
    expect(acceptNewer(held, { ...held, version: 2, issuedMs: NOW + 3 * DAY }, NOW)).toMatchObject({
      reason: 'not-yet',
    });
  });
});

describe('changes', () => {
  const before = full();
  const wider: Directory = { ...before, version: 2, domains: ['mofa.go.kr', 'mofa-office.kr'] };

  test('are named in sentences, removals first', () => {
    const changes = directoryChanges(before, { ...wider, people: [] });
    expect(changes.map((change) => describeChange('Ministry', change))).toEqual([
      'Ministry no longer lists the address Kim Jong-su: kim@mofa.go.kr. This holds at once.',
      'Ministry no longer lists the alias Kim Jong-su: 김종수. This holds at once.',
      'Ministry no longer lists the person Kim Jong-su. This holds at once.',
      'Ministry now lists the domain mofa-office.kr.',
    ]);
    expect(sameContent(before, { ...before, version: 9, issuedMs: 5 })).toBe(true);
  });

  test('an added domain waits a day, unless a second officer releases it', () => {
    const first = { directory: before, receivedMs: NOW, secondOfficer: false };
    const second = { directory: wider, receivedMs: NOW + DAY, secondOfficer: false };
    const early = effectiveDirectory([first, second], NOW + DAY + 1);
    expect(early.directory?.domains).toEqual(['mofa.go.kr']);
    expect(early.waiting).toEqual([
      {
        change: { what: 'domain', how: 'added', entry: 'mofa-office.kr' },
        fromMs: NOW + DAY + ADDITION_DELAY_MS,
      },
    ]);
    expect(
      effectiveDirectory([first, second], NOW + DAY + ADDITION_DELAY_MS).directory?.domains,
    ).toEqual(wider.domains);
    expect(
      effectiveDirectory([first, { ...second, secondOfficer: true }], NOW + DAY + 1).directory
        ?.domains,
    ).toEqual(wider.domains);
  });

  test('a removal holds at once, and what comes back waits again', () => {
    const first = { directory: wider, receivedMs: NOW, secondOfficer: false };
    const gone = {
      directory: { ...before, version: 3 },
      receivedMs: NOW + DAY,
      secondOfficer: false,
    };
    const back = {
      directory: { ...wider, version: 4 },
      receivedMs: NOW + 2 * DAY,
      secondOfficer: false,
    };
    expect(effectiveDirectory([first, gone], NOW + DAY).directory?.domains).toEqual(['mofa.go.kr']);
    expect(effectiveDirectory([first, gone, back], NOW + 2 * DAY).directory?.domains).toEqual([
      'mofa.go.kr',
    ]);
  });

  test('a rule that a party set for itself is not taken back at once', () => {
    const first = { directory: before, receivedMs: NOW, secondOfficer: false };
    const looser = {
      directory: { ...before, version: 2, policies: [] },
      receivedMs: NOW + DAY,
      secondOfficer: false,
    };
    expect(effectiveDirectory([first, looser], NOW + DAY).directory?.policies).toEqual(
      before.policies,
    );
    expect(
      effectiveDirectory([first, looser], NOW + DAY + ADDITION_DELAY_MS).directory?.policies,
    ).toEqual([]);
  });
});
