// Every decoder of the record: a stranger's bytes are refused or read as exactly themselves, and never throw.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, type Codec } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import { deviceCertificateCodec } from './identity.ts';
import { recordItemCodec } from './export.ts';
import { entryHeaderCodec } from './entry.ts';
import {
  BODY_MAX_BYTES,
  checkCertificate,
  decodeBody,
  decodeEntry,
  decodeOpenedEntry,
  decodeTranscript,
  encodeBody,
  encodeEntry,
  encodeTranscript,
  KNOWN_KINDS,
  readHeader,
  readReceipt,
  recordEntryCodec,
  signedCertificateCodec,
  verifyEntryProof,
  verifyEvidence,
  type Body,
} from './index.ts';
import { signedReceipt } from '../testing/rehearsed-room.ts';
import { receiptCodec } from './receipt.ts';

const runs = { numRuns: process.env['SLOW'] === '1' ? 5_000 : 100 };
const { room, kim } = summit();
const valid = room.entries[8];
if (valid === undefined) throw new Error('no entry');

/** Codecs with one valid encoding each. */
const SAMPLES: [string, Codec<never> | Codec<unknown>, Uint8Array][] = [
  ['device certificate', deviceCertificateCodec, kim.signed.body],
  ['signed certificate', signedCertificateCodec, encode(signedCertificateCodec, kim.signed)],
  ['entry header', entryHeaderCodec, valid.signed.header],
  ['record entry', recordEntryCodec, encodeEntry(valid)],
  ['frame', recordItemCodec, encode(recordItemCodec, { kind: 'entry', ...valid })],
  ['receipt', receiptCodec, signedReceipt(crypto.generateSigner('ed25519'), { seq: 1 })],
];

test.each(SAMPLES)(
  '%s: bytes with one place changed are refused or read as themselves',
  (_, codec, bytes) => {
    const any = codec as Codec<unknown>;
    expect(decode(any, bytes).ok).toBe(true);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        // Heads and field names stand at the front: most of the changes go there.
        const bent = bytes.slice();
        bent[at % 2 === 0 ? at : at % Math.min(64, bytes.length)] = value;
        const decoded = decode(any, bent);
        if (decoded.ok) expect(encode(any, decoded.value)).toEqual(bent);
        expect(decode(any, bytes.subarray(0, at)).ok).toBe(false);
      }),
      runs,
    );
  },
);

test('random bytes are refused by every reader, and none throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeEntry(bytes).ok).toBe(false);
      expect(decodeOpenedEntry(bytes).ok).toBe(false);
      expect(readHeader({ header: bytes, signature: bytes }).ok).toBe(false);
      expect(checkCertificate(crypto, { body: bytes, signature: bytes }).ok).toBe(false);
      expect(readReceipt(crypto, bytes).ok).toBe(false);
      expect(decodeTranscript(crypto, bytes).ok).toBe(false);
      expect(verifyEvidence(crypto, bytes).ok).toBe(false);
      expect(verifyEntryProof(crypto, bytes).ok).toBe(false);
      for (const kind of KNOWN_KINDS) decodeBody(kind, bytes);
    }),
    runs,
  );
});

test('an opened entry is what travels; a withheld one is not', () => {
  expect(decodeOpenedEntry(encodeEntry(valid))).toEqual({ ok: true, value: valid });
  const withheld = encodeEntry({ signed: valid.signed, opened: null });
  expect(decodeOpenedEntry(withheld)).toMatchObject({ reason: 'body-withheld' });
  expect(decodeEntry(withheld).ok).toBe(true);
});

const digest = (): Uint8Array => room.randomness.bytes(32);
const longest: Body[] = [
  { kind: 'text', text: 'x'.repeat(65_536) },
  { kind: 'device-removed', device: kim.id, reason: '\u{1F91D}'.repeat(125) },
  {
    kind: 'document',
    name: 'n'.repeat(255),
    size: Number.MAX_SAFE_INTEGER,
    sha256: digest(),
    mediaType: 'm'.repeat(100),
    blob: { id: digest(), chunks: 0xffff_ffff, key: digest(), sealedSize: 0 },
  },
];

test('bodies are read up to their limits and not beyond', () => {
  for (const body of longest) {
    const decoded = decodeBody(body.kind, encodeBody(body));
    expect(decoded).toEqual({ ok: true, value: body });
  }
  expect(() => encodeBody({ kind: 'text', text: 'x'.repeat(65_537) })).toThrow('bug');
  expect(decodeBody('text', new Uint8Array(BODY_MAX_BYTES + 1))).toMatchObject({
    reason: 'too-large',
  });
  const over = decodeBody('anything', new Uint8Array(BODY_MAX_BYTES + 1));
  expect(over).toMatchObject({ reason: 'too-large' });
});

test('a header of another version, or with an odd kind, is refused', () => {
  const header = readHeader(valid.signed);
  if (!header.ok) throw new Error('no header');
  const bent = (change: (bytes: Uint8Array) => void): string => {
    const bytes = valid.signed.header.slice();
    change(bytes);
    const verdict = readHeader({ header: bytes, signature: valid.signed.signature });
    return verdict.ok ? 'accepted' : verdict.reason;
  };
  const at = (needle: string): number =>
    Buffer.from(valid.signed.header).indexOf(needle, 0, 'latin1') + needle.length;
  expect(bent(() => undefined)).toBe('accepted');
  expect(bent((bytes) => void (bytes[at('version')] = 2))).toBe('out-of-range');
  expect(bent((bytes) => void (bytes[at('kindd')] = 0x20))).toBe('out-of-range');
  expect(bent((bytes) => void (bytes[at('kindd')] = 'T'.charCodeAt(0)))).toBe('out-of-range');
});

test('a stored transcript with any byte changed is refused, or is another transcript', () => {
  const stored = encodeTranscript(room.transcript);
  fc.assert(
    fc.property(fc.nat(stored.length - 1), fc.nat(255), (at, value) => {
      const bent = stored.slice();
      bent[at] = value;
      const decoded = decodeTranscript(crypto, bent);
      if (decoded.ok) expect(encodeTranscript(decoded.value)).toEqual(bent);
    }),
    runs,
  );
});
