import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyHistory, learn } from '../history/history.ts';
import { fc } from '../testing/fuzz.ts';
import { png, squareCode, squareCodePng } from '../testing/picture.ts';
import { check, mail, NOW, REAL, sign } from '../testing/world.ts';
import { readMessage } from './message.ts';
import { readSquareCodes } from './square-codes.ts';

function withPicture(from: string, picture: Uint8Array, type = 'image/png'): Buffer {
  return mail(
    `${from}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b`,
    `--b\r\nContent-Type: text/plain\r\n\r\nScan to see the agenda.\r\n--b\r\nContent-Type: ${type}; name=agenda\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(picture).toString('base64')}\r\n--b--\r\n`,
  );
}
const codesOf = (bytes: Buffer) => readSquareCodes(readMessage(bytes));
const KIM = 'From: Kim Jong-su <kim.j@free2.example>';
const said = async (bytes: Buffer) =>
  (await check(bytes)).evidence
    .filter(({ detector }) => detector === 'D14')
    .map(({ strength, text }) => `${strength} ${text}`)
    .join(' ');

let jpeg: Uint8Array;
beforeAll(async () => {
  const path = import.meta.resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  const host = globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object };
  };
  await initJpeg(
    new host.WebAssembly.Module(readFileSync(fileURLToPath(path))) as Parameters<
      typeof initJpeg
    >[0],
  );
  const { side, at } = squareCode('https://jpeg.example.net/x');
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let i = 0; i < side * side; i++)
    data.fill(at(i % side, Math.floor(i / side)), 4 * i, 4 * i + 3);
  const picture = { width: side, height: side, data } as Parameters<typeof encodeJpeg>[0];
  jpeg = new Uint8Array(await encodeJpeg(picture, { quality: 70 }));
});

describe('square codes', () => {
  test('are read from PNG and JPEG, whatever the picture calls itself', async () => {
    const code = squareCodePng('https://mofa-agenda.example.net/?id=7');
    expect(await codesOf(withPicture(KIM, code))).toMatchObject({
      codes: [{ host: 'mofa-agenda.example.net', picture: 'agenda' }],
      unread: 0,
    });
    expect((await codesOf(withPicture(KIM, jpeg, 'image/gif'))).codes).toMatchObject([
      { text: 'https://jpeg.example.net/x', host: 'jpeg.example.net' },
    ]);
  });

  test('warn of where they lead, and most of all of a look-alike', async () => {
    const to = (host: string) => said(withPicture(KIM, squareCodePng(`https://${host}/a`)));
    expect(await to('agenda.example.net')).toContain('warn A square code in a picture opens');
    expect(await to('f0reignoffice.org')).toContain('stop A square code in a picture opens');
    expect(await to('www.foreignoffice.org')).toContain('info A square code in a picture opens');
  });

  test('are not looked for in the mail of strangers', async () => {
    const code = squareCodePng('https://agenda.example.net/');
    expect(await said(withPicture('From: Anna <anna@free2.example>', code))).toBe('');
  });

  test('under the seal of the party are worth knowing, no more', async () => {
    const bytes = await sign(withPicture(REAL, squareCodePng('https://agenda.example.net/')));
    expect((await check(bytes)).verdict).toBe('proven');
    expect(await said(bytes)).toContain('info A square code');
  });

  test('turn a conversation that was harmless', async () => {
    const plain = readMessage(mail('From: Anna <anna@free2.example>'));
    const seen = { message: plain, seenMs: NOW };
    const history = learn(emptyHistory, [seen, seen, seen]);
    const code = withPicture(
      'From: Anna <anna@free2.example>',
      squareCodePng('https://a.example.net'),
    );
    const { evidence } = await check(code, { history });
    expect(evidence.map(({ text }) => text).join(' ')).toContain('the first with a square code');
  });

  test('drawn with letters are noticed, not read', async () => {
    const line = `${'\u2588\u2584 \u2580'.repeat(8)}\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\r\n`;
    const bytes = mail(`${KIM}\nContent-Type: text/plain; charset=utf-8`, line.repeat(14));
    expect(await said(bytes)).toContain('drawn with letters');
  });
});

describe('pictures that would cost too much', () => {
  const huge = png(30_000, 30_000, Buffer.alloc(1000));
  const scans = Buffer.concat([
    Buffer.from(jpeg ?? [0xff, 0xd8]),
    Buffer.alloc(2000, Buffer.from([0xff, 0xda, 0, 2])),
  ]);
  test.each([
    ['a claim of 900 million pixels', huge],
    ['a JPEG of a thousand passes', scans],
    ['a picture cut short', squareCodePng('https://a.example').subarray(0, 60)],
    ['no picture at all', Buffer.from('GIF89a')],
  ])('%s is left unread, and counted', async (_what, picture) => {
    expect(await codesOf(withPicture(KIM, picture))).toEqual({
      codes: [],
      unread: 1,
      drawn: false,
    });
  });

  test('many pictures are not all looked at', async () => {
    const part = `--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${squareCodePng('https://a.example.net').toString('base64')}\r\n`;
    const bytes = mail(`${KIM}\nContent-Type: multipart/mixed; boundary=b`, part.repeat(40));
    const { codes, unread } = await codesOf(bytes);
    expect(codes.length + unread).toBe(40);
    expect(codes.length).toBeLessThan(10);
  });

  test('any damage is survived', async () => {
    const whole = [squareCodePng('https://a.example.net/x'), Buffer.from(jpeg)];
    const places = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.nat(1), places, async (which, changes) => {
        const bytes = Buffer.from(whole[which] ?? []);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const { codes, unread } = await codesOf(withPicture(KIM, bytes));
        expect(codes.length + unread).toBeLessThan(2);
      }),
    );
  });
});
