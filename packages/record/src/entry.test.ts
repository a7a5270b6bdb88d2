// What an author writes: a zone that exists or none, a kind that is a word, a hash over salt and body, a signature for entries.

import { expect, test } from 'vitest';
import { concat, hybridVerify } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import { authorUnknownEntry, BODY_MAX_BYTES, readHeader } from './index.ts';

const { room, kim } = summit('entry');
const text = { kind: 'text', text: 'Agreed.' } as const;

function zoneOf(zone: number | null | undefined): number | null | string {
  const { entry, header } = room.draft(kim, text, { zone });
  const read = readHeader(entry.signed);
  if (!read.ok) return read.reason;
  expect(read.value).toEqual(header);
  return read.value.zone;
}

test('a zone is stated where this world has it, and none is otherwise', () => {
  for (const zone of [-720, -719, 0, 480, 839, 840]) expect(zoneOf(zone)).toBe(zone);
  for (const zone of [-721, 841, 1.5, Number.NaN, Infinity, null, undefined])
    expect(zoneOf(zone)).toBeNull();
});

test('an entry is signed as an entry, and names the hash of its salt and body', () => {
  const { entry, header } = room.draft(kim, text);
  const { signed, opened } = entry;
  const holds = (purpose: string): boolean =>
    hybridVerify(
      crypto,
      { publicKey: kim.signer.publicKey, purpose },
      signed.header,
      signed.signature,
    );
  expect(holds('entry')).toBe(true);
  expect(holds('checkpoint')).toBe(false);
  expect(header.body).toEqual(crypto.hash('sha256', concat(opened.salt, opened.body)));
  expect(opened.salt).toHaveLength(32);
  expect(header.version).toBe(1);
});

test('a kind that is no word, or a body over the limit, is a bug of its author', () => {
  const said = (kind: string, length = 1): (() => unknown) => {
    const body = new Uint8Array(length);
    return () =>
      authorUnknownEntry(room.ports, room.placeOf(kim), { kind, body }, kim.signer.secretKey);
  };
  expect(said('seating-plan', BODY_MAX_BYTES)).not.toThrow();
  expect(said('seating-plan', BODY_MAX_BYTES + 1)).toThrow(`a body of ${BODY_MAX_BYTES + 1} bytes`);
  for (const kind of ['', 'Text', '9lives', '-x', 'a b', 'text\n', '회담'])
    expect(said(kind)).toThrow('not a kind');
});
