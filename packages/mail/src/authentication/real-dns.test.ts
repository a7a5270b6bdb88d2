import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { generateKeyPairSync } from 'node:crypto';
import { readMessage } from '../message/message.ts';
import { authenticate } from './authenticate.ts';
import { liveDns } from './live-dns.ts';
import { realDnsMissing, startRealDns, type RealDns } from './real-dns.ts';

const NOW = Date.UTC(2026, 10, 21);
// Long enough that the key does not fit into one packet of old size: it comes in several strings.
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const P = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const KEY = `s._domainkey IN TXT "v=DKIM1; k=rsa; p=" "${P.slice(0, 200)}" "${P.slice(200)}"`;
const long = Array.from({ length: 40 }, (_, i) => `many IN TXT "${i} ${'x'.repeat(200)}"`);

async function signedBy(domain: string): Promise<Buffer> {
  const bytes = Buffer.from(
    `From: Kim <kim@${domain}>\r\nTo: me@our.example\r\nSubject: Draft\r\nDate: Sat, 21 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@${domain}>\r\n\r\nThe text.\r\n`,
  );
  const options = {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(NOW - 1000),
    signatureData: [
      {
        signingDomain: domain,
        selector: 's',
        privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      },
    ],
  };
  const made = await dkimSign(bytes, options as unknown as Parameters<typeof dkimSign>[1]);
  return Buffer.concat([Buffer.from(made.signatures), bytes]);
}

const missing = realDnsMissing();
if (missing !== null)
  process.stdout.write(`not run: 7 tests with a real resolver and DNSSEC: ${missing}\n`);

describe.runIf(missing === null)('with NSD and a validating Unbound', () => {
  let real: RealDns;
  beforeAll(async () => {
    real = await startRealDns([
      { name: 'signed.test', how: 'signed', lines: [KEY, ...long] },
      { name: 'altered.test', how: 'altered', lines: [KEY] },
      { name: 'unsigned.test', how: 'unsigned', lines: [KEY] },
    ]);
  });
  afterAll(() => real.remove());
  const ask = (name: string) => liveDns({ server: real.server }).ask(name, 'TXT');

  test("a signed answer carries the resolver's word for it", async () => {
    expect(await ask('s._domainkey.signed.test')).toMatchObject({
      status: 'found',
      dnssec: true,
      source: 'live',
    });
  });

  test('an unsigned one does not', async () => {
    expect(await ask('s._domainkey.unsigned.test')).toMatchObject({
      status: 'found',
      dnssec: false,
    });
  });

  test('one that was altered on the way is no answer', async () => {
    expect(await ask('s._domainkey.altered.test')).toMatchObject({ status: 'failed', records: [] });
  });

  test('a name that is not there is told apart, and that it is not there is signed too', async () => {
    expect(await ask('nothing.signed.test')).toMatchObject({
      status: 'no-such-name',
      dnssec: true,
    });
  });

  test('an answer too long for a packet comes whole', async () => {
    expect((await ask('many.signed.test')).records).toHaveLength(40);
  });

  test('a seal is judged by such answers, and they are kept as evidence', async () => {
    const judge = async (domain: string) =>
      authenticate(readMessage(await signedBy(domain)), {
        dns: liveDns({ server: real.server, timeoutMs: 800 }),
        pinned: [],
        nowMs: NOW,
      });
    const good = await judge('signed.test');
    expect(good.signatures).toMatchObject([{ result: 'pass', keySource: 'dns' }]);
    expect(good.dns).toContainEqual(
      expect.objectContaining({ name: 's._domainkey.signed.test', dnssec: true, source: 'live' }),
    );
    expect((await judge('altered.test')).signatures[0]?.result).not.toBe('pass');
  });

  test('a resolver that has gone silent costs its time and no more', async () => {
    real.sleep();
    const dns = liveDns({ server: real.server, timeoutMs: 150 });
    expect((await dns.ask('s._domainkey.signed.test', 'TXT')).status).toBe('timeout');
    real.wake();
  });
});
