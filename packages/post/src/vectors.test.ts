import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, decode, encode, fromHex, toHex, type Codec } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import { provesTerms, signTerms } from './blob-terms.ts';
import { authorisation, provesCapability, readAuthorisation } from './capability.ts';
import { blobId, capabilityId, logId } from './ids.ts';
import {
  checkReceipt,
  emptyHead,
  nextHead,
  receiptCodec,
  signReceipt,
  signReceipts,
} from './receipt.ts';
import { restoreRequestCodec, restoreStateCodec } from './restoring.ts';
import { fileKey, openChunk, sealChunk } from './sealing.ts';
import {
  blobRequestCodec,
  blobStateCodec,
  factsCodec,
  grantCodec,
  logRequestCodec,
  pageCodec,
  provesFacts,
  refusalCodec,
} from './wire.ts';
import { checkWork, proveWork } from './work.ts';

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/post/${name}.json`, import.meta.url), 'utf8'));

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  if (!read.ok) throw new Error('a vector that is not hexadecimal');
  return read.value;
}

const CODECS: Record<string, Codec<unknown>> = {
  receipt: receiptCodec,
  page: pageCodec,
  'log-request': logRequestCodec,
  grant: grantCodec,
  'restore-request': restoreRequestCodec,
  'restore-state': restoreStateCodec,
  'blob-request': blobRequestCodec,
  'blob-state': blobStateCodec,
  facts: factsCodec,
  refusal: refusalCodec,
};

type Case = { name: string; hex: string; reason?: string };

describe('bodies on the wire', () => {
  const { codecs } = vectors('bodies') as {
    codecs: Record<string, { valid: Case[]; invalid: Case[] }>;
  };

  it('have vectors for every codec', () => {
    expect(Object.keys(codecs).toSorted()).toEqual(Object.keys(CODECS).toSorted());
  });

  for (const [name, { valid, invalid }] of Object.entries(codecs)) {
    const codec = CODECS[name] as Codec<unknown>;
    it(`${name}: ${valid.length} valid and ${invalid.length} invalid`, () => {
      for (const one of valid) {
        const read = decode(codec, hex(one.hex));
        expect(read, one.name).toMatchObject({ ok: true });
        if (read.ok) expect(toHex(encode(codec, read.value))).toBe(one.hex);
      }
      for (const one of invalid)
        expect(decode(codec, hex(one.hex)), one.name).toMatchObject({
          ok: false,
          reason: one.reason,
        });
    });

    it(`${name}: whatever decodes encodes to the same bytes`, () => {
      const runs = process.env['SLOW'] === '1' ? 20_000 : 200;
      const base = hex((valid[0] as Case).hex);
      const change = fc.tuple(fc.nat(base.length - 1), fc.nat(255));
      fc.assert(
        fc.property(fc.array(change, { maxLength: 3 }), fc.nat(base.length), (changes, length) => {
          const bytes = base.slice(0, changes.length === 0 ? length : undefined);
          for (const [at, to] of changes) bytes[at] = to;
          const read = decode(codec, bytes);
          if (read.ok) expect(encode(codec, read.value)).toEqual(bytes);
        }),
        { numRuns: runs },
      );
    });
  }

  it('facts are signed by the key they name', () => {
    const read = decode(
      factsCodec,
      hex((codecs['facts'] as { valid: Case[] }).valid[0]?.hex ?? ''),
    );
    expect(read.ok && provesFacts(crypto, read.value)).toBe(true);
    expect(read.ok && provesFacts(crypto, { ...read.value, nowMs: 1 })).toBe(false);
  });
});

type Proofs = {
  heads: { log: string; empty: string; steps: { envelope: string; head: string }[] };
  receipt: Record<'secretKey' | 'relay' | 'log' | 'head' | 'signature' | 'leaf', string> &
    Record<'seq' | 'timeMs', number> & { together: Together & { forged: Partial<Together>[] } };
  authorisation: {
    id: string;
    key: string;
    method: string;
    target: string;
    expiresMs: number;
    header: string;
    refused: string[];
    forged: { method: string; target: string }[];
  };
  blob: Record<'secret' | 'blob' | 'chunkKey' | 'nonce' | 'plaintext' | 'sealed', string> & {
    number: number;
    last: boolean;
    terms: Terms & { refused: Partial<Terms & { blob: string }>[] };
  };
  work: Work & { refused: Work[] };
};
type Together = { place: number; path: string[]; signature: string; seq: number };
type Terms = Record<'log' | 'signer' | 'signature', string> &
  Record<'chunks' | 'size' | 'expiresMs', number>;
type Work = { method: string; target: string; nowMs: number; bits: number; nonce: string };

describe('proofs', () => {
  const proofs = vectors('proofs') as Proofs;

  it('heads chain from the name of the log', () => {
    let head = emptyHead(crypto, logId(hex(proofs.heads.log)));
    expect(toHex(head)).toBe(proofs.heads.empty);
    for (const step of proofs.heads.steps) {
      head = nextHead(crypto, head, hex(step.envelope));
      expect(toHex(head)).toBe(step.head);
    }
  });

  it('a receipt is signed over all of it', () => {
    const { secretKey, relay, log, head, seq, timeMs, signature } = proofs.receipt;
    const claim = { relay: hex(relay), log: hex(log), seq, head: hex(head), timeMs };
    const receipt = signReceipt(crypto, hex(secretKey), claim);
    expect(toHex(receipt.signature)).toBe(signature);
    expect(checkReceipt(crypto, receipt, { relayKey: hex(relay), log: hex(log) })).toMatchObject({
      ok: true,
    });
    for (const changed of [
      { seq: 2 },
      { timeMs: 1 },
      { head: hex(log) },
      { signature: new Uint8Array(64) },
    ])
      expect(checkReceipt(crypto, { ...receipt, ...changed })).toMatchObject({ reason: 'forged' });
    expect(checkReceipt(crypto, receipt, { relayKey: hex(log) })).toMatchObject({
      reason: 'wrong-relay',
    });
    expect(checkReceipt(crypto, receipt, { log: hex(relay) })).toMatchObject({
      reason: 'wrong-log',
    });
  });

  it('a receipt signed with others is as good as one of its own, at its place and for its claim', () => {
    const { relay, log, head, seq, timeMs, together } = proofs.receipt;
    const claim = { relay: hex(relay), log: hex(log), seq, head: hex(head), timeMs };
    const { forged, ...shown } = together;
    const judged = (told: Partial<Together>): boolean => {
      const { place, path, signature, ...more } = { ...shown, ...told };
      const way = { place, path: path.map(hex), signature: hex(signature) };
      return checkReceipt(crypto, { ...claim, ...more, ...way }).ok;
    };
    expect(judged({ seq })).toBe(true);
    expect(forged.map((told) => judged({ seq, ...told }))).toEqual(forged.map(() => false));
  });

  it('however many claims are signed, each receipt is genuine, and with another claim or place it is not', () => {
    const key = crypto.signerFromSecret('ed25519', hex(proofs.receipt.secretKey));
    const numRuns = process.env['SLOW'] === '1' ? 300 : 8;
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const claims = fc.array(
      fc.record({ log: bytes32, head: bytes32, seq: fc.nat(1000), timeMs: fc.nat() }),
      { maxLength: 70 },
    );
    fc.assert(
      fc.property(claims, bytes32, (some, noise) => {
        const randomness = {
          bytes: (length: number) => new Uint8Array(length).map((_, i) => (noise[i % 32] ?? 0) ^ i),
        };
        const asked = some.map((one) => ({ ...one, relay: key.publicKey }));
        const made = signReceipts({ crypto, randomness }, key.secretKey, asked);
        expect(made.map(({ place: _p, path: _w, signature: _s, ...claim }) => claim)).toEqual(
          asked,
        );
        for (const receipt of made) {
          expect(checkReceipt(crypto, receipt).ok).toBe(true);
          const place = (receipt.place + 1) % 32;
          for (const changed of [{ timeMs: receipt.timeMs + 1 }, { place }])
            expect(checkReceipt(crypto, { ...receipt, ...changed }).ok).toBe(false);
        }
      }),
      { numRuns },
    );
  });

  it('an authorisation fits one request, in one spelling', () => {
    const { id, key, method, target, expiresMs, header, refused, forged } = proofs.authorisation;
    const capability = { id: capabilityId(hex(id)), key: hex(key) };
    expect(authorisation(crypto, capability, { method, target, expiresMs })).toBe(header);
    const shown = readAuthorisation(header);
    if (!shown.ok) throw new Error(shown.reason);
    expect(shown.value).toMatchObject({ id: capability.id, expiresMs });
    expect(provesCapability(crypto, hex(key), { method, target }, shown.value)).toBe(true);
    for (const asked of forged)
      expect(provesCapability(crypto, hex(key), asked, shown.value)).toBe(false);
    expect(provesCapability(crypto, new Uint8Array(32), { method, target }, shown.value)).toBe(
      false,
    );
    for (const text of refused)
      expect(readAuthorisation(text), text).toMatchObject({ reason: 'malformed' });
  });

  it('a blob has one name and one chunk key for a secret', () => {
    const { secret, blob, chunkKey, nonce, number, last, plaintext, sealed } = proofs.blob;
    const key = fileKey(crypto, hex(secret));
    expect([toHex(key.blob), toHex(key.chunkKey)]).toEqual([blob, chunkKey]);
    const ports = { crypto, randomness: { bytes: () => hex(nonce) } };
    expect(toHex(concat(...sealChunk(ports, key, { number, last }, hex(plaintext))))).toBe(sealed);
    const opened = openChunk(key, { number, last }, [hex(sealed)]);
    expect(opened.ok && toHex(concat(...opened.value))).toBe(plaintext);
  });

  it('the end of a blob is what a holder of its secret signed for this log, and nothing else', () => {
    const { secret, terms } = proofs.blob;
    const { refused, ...shown } = terms;
    const key = fileKey(crypto, hex(secret));
    const { chunks, size, expiresMs } = shown;
    const log = logId(hex(shown.log));
    const signed = signTerms(crypto, { log, key }, { chunks, size, expiresMs });
    expect([toHex(signed.signer), toHex(signed.signature)]).toEqual([
      shown.signer,
      shown.signature,
    ]);
    const proven = (told: Terms & { blob: string }): boolean =>
      provesTerms(
        crypto,
        { log: logId(hex(told.log)), blob: blobId(hex(told.blob)) },
        { ...told, signer: hex(told.signer), signature: hex(told.signature) },
      );
    const whole = { ...shown, blob: proofs.blob.blob };
    expect(proven(whole)).toBe(true);
    expect(refused.map((other) => proven({ ...whole, ...other }))).toEqual(
      refused.map(() => false),
    );
  });

  it('work counts for one kind of request and one time', async () => {
    const { refused, ...good } = proofs.work;
    const counts = (work: Work): boolean =>
      checkWork(crypto, work, { nonce: hex(work.nonce), bits: work.bits });
    expect(counts(good)).toBe(true);
    expect(refused.map(counts)).toEqual(refused.map(() => false));
    const randomness = { bytes: (length: number) => new Uint8Array(length).fill(9) };
    const nonce = await proveWork({ crypto, randomness }, good);
    expect(nonce !== undefined && checkWork(crypto, good, { nonce, bits: good.bits })).toBe(true);
    expect(await proveWork({ crypto, randomness }, { ...good, bits: 40 })).toBeUndefined();
  });
});
