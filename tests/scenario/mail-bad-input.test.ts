// A stranger's mail against the real command: whatever it holds, there is a verdict, and nothing of it escapes its line.

import { deflateRawSync } from 'node:zlib';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parley, json } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-bad-mail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  const add = ['mail', 'directory', 'add', 'domain', 'mofa.example', '--file', at('theirs.json')];
  expect(await parley([...add, '--party', 'Ministry'])).toMatchObject({ exit: 0 });
});

const FROM = 'From: Kim <kim@mofa.example>\r\nTo: me@our.example\r\nSubject: Draft\r\n';
const word = (bytes: Buffer | string): string =>
  `=?utf-8?B?${Buffer.from(bytes).toString('base64')}?=`;

function nested(depth: number): string {
  const open = Array.from(
    { length: depth },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  );
  return `${FROM}${open.join('')}Content-Type: text/plain\r\n\r\nInside.\r\n`;
}

/** A zip of one name whose megabytes are zeros, as many times over as its directory claims. */
function zipBomb(): Buffer {
  const packed = deflateRawSync(Buffer.alloc(300 * 1024 * 1024));
  const name = Buffer.from('annex.pdf');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(300 * 1024 * 1024, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(300 * 1024 * 1024, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
}

const MAILS: Record<string, () => Buffer | string> = {
  '50 MB of words and links': () =>
    Buffer.concat([
      Buffer.from(`${FROM}\r\n`),
      Buffer.alloc(50 * 1024 * 1024, 'words and https://a.example/ \r\n'),
    ]),
  'a million header lines': () =>
    Buffer.concat([Buffer.from(FROM), Buffer.alloc(6_000_000, 'X: y\r\n'), Buffer.from('\r\nx')]),
  '10,000 parts, each inside the last': () => nested(10_000),
  '10,000 mails, each inside the last': () =>
    FROM + 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000),
  '10,000 parts side by side': () =>
    `${FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/html\r\n\r\n<b>x\r\n'.repeat(10_000)}`,
  'charsets that nobody knows, and bytes that fit none': () =>
    Buffer.concat([
      Buffer.from(
        `${FROM}Subject: =?x-klingon?Q?=FF=FE?= =?utf-7?Q?+AD4-?= =?iso-2022-kr?B?GyQpQw4=?=\r\nContent-Type: text/plain; charset="utf-8\x00\xff"\r\n\r\n`,
        'latin1',
      ),
      Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x1b, 0x24, 0x42]),
    ]),
  'line ends and terminal codes in names': () =>
    `From: ${word('Kim\r\nX-Parley-Verdict: proven\u001b[2J\u009b31m')} <kim@free.example>\r\nSubject: ${word('a\u0000\u0007\r\nPROVEN  Ministry sealed this mail')}\r\n\r\n`,
  'names that turn the line round': () =>
    `From: ${word('\u202egro.elpmaxe.afom\u2066')} <x@free.example>\r\nSubject: \u2067x\u202e\r\nContent-Type: application/pdf; name="${word('annex\u202efdp.exe')}"\r\n\r\nMZ`,
};

test.each(Object.keys(MAILS))('%s', async (name) => {
  const path = at('mail.eml');
  writeFileSync(path, MAILS[name]?.() ?? '');
  const known = ['--directory', at('theirs.json')];
  const shown = await parley(['mail', 'check', path, ...known]);
  expect([0, 3]).toContain(shown.exit);
  expect(shown.out).toMatch(/^(?:SUSPICIOUS|UNKNOWN)  /);
  // One verdict, on the first line, and no character that a terminal obeys.
  expect(shown.out.split('\n').filter((line) => /^[A-Z]{6,}  /.test(line))).toHaveLength(1);
  expect(shown.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(json(await parley(['mail', 'check', path, ...known, '--json']))).toMatchObject({
    ok: true,
  });
});

test('a zip bomb behind an attachment is refused, and leaves nothing behind', async () => {
  const path = at('bomb.eml');
  writeFileSync(
    path,
    `${FROM}Content-Type: application/zip; name=annex.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zipBomb().toString('base64')}\r\n`,
  );
  const words = ['mail', 'check', path, '--attachments-to', at('safe'), '--json'];
  const said = json(await parley(words));
  expect(said).toMatchObject({ attachments: [{ name: 'annex.zip', outcome: 'refused' }] });
  expect(readdirSync(folder)).not.toContain('safe');
});

test('a file that can be rebuilt is there as its safe copy alone', async () => {
  const path = at('text.eml');
  writeFileSync(
    path,
    `${FROM}Content-Type: text/plain; name="../../${word('note\u202etxt')}"\r\nContent-Disposition: attachment\r\n\r\nThe table is round.\r\n`,
  );
  const words = ['mail', 'check', path, '--attachments-to', at('copies')];
  const said = json(await parley([...words, '--json']));
  const [file] = said['attachments'] as { outcome: string; path: string }[];
  expect(file?.outcome).toBe('rebuilt');
  expect(file?.path.startsWith(at('copies'))).toBe(true);
  expect((await parley(words)).err).toContain('file-exists');
  expect(await parley([...words, '--force'])).toMatchObject({ exit: 0 });
});
