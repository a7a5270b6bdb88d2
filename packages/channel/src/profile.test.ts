// The profile, rule by rule: what each commit is that a room accepts, and by which name each other one is refused.

import { expect, test } from 'vitest';
import type { Commit, KeyPackage } from 'ts-mls';
import { checkProfile, DEVICES_MAX } from './profile.ts';

type Item = Commit['proposals'][number];
type Path = NonNullable<Commit['path']>;

// The profile looks at what kinds of proposals there are, and never into them.
const keyPackage = { version: 'mls10' } as KeyPackage;
const path = { nodes: [] } as unknown as Path;
const inside = (proposal: unknown): Item => ({ proposalOrRefType: 'proposal', proposal }) as Item;
const add = inside({ proposalType: 'add', add: { keyPackage } });
const remove = (removed: number): Item => inside({ proposalType: 'remove', remove: { removed } });

function judged(proposals: readonly Item[], updated: Path | undefined = path): unknown {
  const verdict = checkProfile({ proposals: [...proposals], path: updated });
  return verdict.ok ? verdict.value : `${verdict.reason}: ${verdict.detail}`;
}

test('a commit adds, removes or renews', () => {
  expect(judged([add, add])).toEqual({ kind: 'add', keyPackages: [keyPackage, keyPackage] });
  expect(judged([remove(3), remove(1)])).toEqual({ kind: 'remove', leaves: [3, 1] });
  expect(judged([])).toEqual({ kind: 'update' });
});

test('without new keys for the path a commit may add, and neither remove nor renew', () => {
  const verdict = checkProfile({ proposals: [add], path: undefined });
  expect(verdict.ok && verdict.value.kind).toBe('add');
  for (const proposals of [[], [remove(1)], [remove(1), remove(2)]]) {
    const refused = checkProfile({ proposals, path: undefined });
    expect(refused).toEqual({ ok: false, reason: 'outside-profile', detail: 'no update path' });
  }
});

test('what is by reference, of another type, or two things at once is refused by its name', () => {
  const reference = { proposalOrRefType: 'reference', reference: new Uint8Array(32) } as Item;
  expect(judged([reference])).toBe('outside-profile: a proposal by reference');
  expect(judged([add, reference])).toBe('outside-profile: a proposal by reference');
  for (const proposalType of [
    'update',
    'psk',
    'reinit',
    'external_init',
    'group_context_extensions',
  ])
    expect(judged([remove(1), inside({ proposalType })])).toBe(
      `outside-profile: a proposal of type ${proposalType}`,
    );
  expect(judged([inside({ proposalType: 0xf00 })])).toBe(
    'outside-profile: a proposal of type 3840',
  );
  expect(judged([add, remove(1)])).toBe('outside-profile: an add beside a remove');
  expect(judged([remove(1), add])).toBe('outside-profile: an add beside a remove');
});

test('as many devices as a room holds, and no more, come or go in one commit', () => {
  const full = Array.from({ length: DEVICES_MAX }, (_, i) => remove(i));
  expect(judged(full)).toMatchObject({ kind: 'remove' });
  expect(judged([...full, remove(DEVICES_MAX)])).toBe(
    'outside-profile: more proposals than members',
  );
  const guests = Array.from({ length: DEVICES_MAX + 1 }, () => add);
  expect(judged(guests)).toBe('outside-profile: more proposals than members');
});
