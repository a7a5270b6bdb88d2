import { hybridSignerFromSecret, sameBytes } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { fingerprint } from '@parley/record';
import { expect, test } from 'vitest';
import { combineAuthority, splitAuthority, type Share } from './recovery-shares.ts';

const { crypto } = nativePorts;
const [authority, other] = [1, 2].map((n) =>
  hybridSignerFromSecret(crypto, new Uint8Array(64).fill(n)),
) as [ReturnType<typeof hybridSignerFromSecret>, ReturnType<typeof hybridSignerFromSecret>];
const of = fingerprint(crypto, authority.publicKey);
const [shares, foreign, earlier] = await Promise.all([
  splitAuthority(nativePorts, authority, { officers: 5, needed: 3 }),
  splitAuthority(nativePorts, other, { officers: 5, needed: 3 }),
  splitAuthority(nativePorts, authority, { officers: 5, needed: 3 }),
]);
const restores = async (given: readonly (Share | undefined)[], needed = 3): Promise<string> => {
  const found = await combineAuthority(nativePorts, { of, needed }, given as Share[]);
  if (found === undefined) return 'nothing';
  expect(sameBytes(found.key.publicKey, authority.publicKey)).toBe(true);
  return `the key, ${found.wrong.length} wrong`;
};
const bent = (share: Share | undefined): Share => {
  const bytes = (share as Share).share.slice();
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return { ...(share as Share), share: bytes };
};

test('any three of five shares restore the authority; two, or one of them twice, do not', async () => {
  expect(await restores(shares.slice(0, 3))).toBe('the key, 0 wrong');
  expect(await restores(shares.slice(2))).toBe('the key, 0 wrong');
  expect(await restores(shares)).toBe('the key, 0 wrong');
  expect(await restores(shares.slice(0, 2))).toBe('nothing');
  expect(await restores([shares[0], shares[1], shares[1], shares[0]])).toBe('nothing');
  expect(await restores([])).toBe('nothing');
});

test('shares of another party, and those of two handings-out, make nothing together', async () => {
  expect(await restores(foreign)).toBe('nothing');
  expect(await restores([...shares.slice(0, 2), foreign[2]])).toBe('nothing');
  expect(await restores([...shares.slice(0, 2), earlier[2]])).toBe('nothing');
  // A share that calls itself ours and is of another secret.
  expect(await restores(foreign.map((one) => ({ ...one, authority: of })))).toBe('nothing');
});

test('who gives a wrong share keeps nobody from the key, and is named', async () => {
  const wrong = bent(shares[0]);
  expect(await restores([wrong, shares[1], shares[2]])).toBe('nothing');
  expect(await restores([wrong, ...shares.slice(1, 4)])).toBe('the key, 1 wrong');
  expect(await restores([wrong, earlier[4], ...shares.slice(1, 4)])).toBe('the key, 2 wrong');
  // The number that a share carries is its giver's word; how many it takes is the record's.
  expect(await restores(shares.slice(0, 3).map((one) => ({ ...one, needed: 16 })))).toBe(
    'the key, 0 wrong',
  );
  expect(await restores(shares.slice(0, 1), 1)).toBe('nothing');
  expect(await restores(shares.slice(0, 3), 0)).toBe('nothing');
});
