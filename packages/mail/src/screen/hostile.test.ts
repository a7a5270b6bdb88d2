import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyHistory, rule, unrule } from '../history/history.ts';
import { corpusMails } from '../testing/corpus.ts';
import { fc } from '../testing/fuzz.ts';
import { check, mail, NOW, REAL, sign } from '../testing/world.ts';

describe('a seal does not outweigh a trick', () => {
  test.each([
    ['a second sender line above it', (text: string) => `From: x@free2.example\r\n${text}`],
    ['a second subject above it', (text: string) => `Subject: Pay now\r\n${text}`],
    ['an answer address above it', (text: string) => `Reply-To: x@free2.example\r\n${text}`],
    [
      'another content type above it',
      (text: string) => `Content-Type: text/html\r\nContent-Type: text/plain\r\n${text}`,
    ],
  ])('%s', async (_what, change) => {
    const bytes = Buffer.from(change((await sign(mail(REAL))).toString()));
    expect((await check(bytes)).verdict).toBe('suspicious');
  });
});

test("a link near the official name is the party's own word under its seal, and a warning without it", async () => {
  const bytes = mail(REAL, 'See https://www.foreignoffice.net/ for the agenda.\r\n');
  expect((await check(bytes)).verdict).toBe('suspicious');
  expect((await check(await sign(bytes))).verdict).toBe('proven');
  // From a stranger it is a link like any other.
  const stranger = mail('From: Anna <anna@free2.example>', 'https://www.foreignoffice.net/\r\n');
  expect((await check(stranger)).verdict).toBe('unknown');
});

describe('feedback', () => {
  const bytes = mail('From: Kim Jong-su <other.kim@free2.example>');
  test('clears a sender of a name that is also his, and can be taken back', async () => {
    expect((await check(bytes)).verdict).toBe('suspicious');
    const ruled = rule(emptyHistory, {
      id: 'r1',
      mail: 'm',
      sender: 'other.kim@free2.example',
      party: 'Ministry',
      verdict: 'suspicious',
      ruling: 'wrong',
      officer: 'Ann',
      atMs: NOW,
    });
    const cleared = await check(bytes, { history: ruled });
    expect(cleared.verdict).toBe('unknown');
    expect(cleared.evidence.some(({ detector }) => detector === 'D4')).toBe(true);
    const back = unrule(ruled, 'r1');
    expect(back.ok && (await check(bytes, { history: back.value })).verdict).toBe('suspicious');
  });

  test('never clears the real address, nor a look-alike', async () => {
    const sender = 'kim@mofa.example.org';
    const ruled = rule(emptyHistory, {
      id: 'r1',
      mail: 'm',
      sender,
      party: 'Ministry',
      verdict: 'suspicious',
      ruling: 'wrong',
      officer: 'Ann',
      atMs: NOW,
    });
    expect((await check(mail(REAL), { history: ruled })).verdict).toBe('suspicious');
  });
});

describe('hostile bytes', () => {
  test('nothing of a mail can break the line it is printed on', async () => {
    const nasty = await check(
      mail(
        'From: =?utf-8?B?S2ltIEpvbmctc3UNCkJjYzogeBtbMko=?= <a@free2.example>\nSubject: =?utf-8?B?4oCuZXhlLmZkcA==?=',
      ),
    );
    expect(JSON.stringify(nasty, (_key, value: unknown) => value)).not.toMatch(
      /\\u001b|\\r|\\n|\u202e/,
    );
  });

  test.each([
    [
      'a million header lines',
      () => Buffer.concat([mail(REAL).subarray(0, 60), Buffer.alloc(8_000_000, 'X: y\r\n')]),
    ],
    [
      '50 MB of text',
      () =>
        Buffer.concat([
          mail(REAL),
          Buffer.alloc(50 * 1024 * 1024, 'words and https://a.example/ \r\n'),
        ]),
    ],
    [
      'a hundred thousand recipients',
      () => mail(`${REAL}\nCc: ${'a@b.example, '.repeat(100_000)}`),
    ],
    ['a hundred thousand brackets', () => mail(`From: ${'<('.repeat(100_000)}`)],
    [
      'a hundred thousand links',
      () =>
        mail(
          `${REAL}\nContent-Type: text/html`,
          '<a href="https://x.example">y</a>'.repeat(100_000),
        ),
    ],
    ['deep HTML', () => mail(`${REAL}\nContent-Type: text/html`, '<div>'.repeat(300_000))],
    [
      'a hundred thousand encoded words',
      () => mail(`From: ${'=?utf-8?B?QQ==?= '.repeat(30_000)}<a@b.example>`),
    ],
    ['one long line of dots', () => mail(REAL, 'a.'.repeat(500_000))],
    ['one long line of dashes', () => mail(REAL, '-'.repeat(2_000_000))],
    ['nothing', () => Buffer.alloc(0)],
    ['zeros', () => Buffer.alloc(100_000)],
  ])('%s: a verdict', async (_what, make) => {
    expect(['suspicious', 'unknown']).toContain((await check(make())).verdict);
  });

  test('a mail that could not be read to its end is never proven', async () => {
    const signed = await sign(mail(REAL));
    const padded = Buffer.concat([Buffer.alloc(600_000, 'X: y\r\n'), signed]);
    expect((await check(padded)).verdict).not.toBe('proven');
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.string({ unit: 'binary', maxLength: 100 }),
        async (data, text) => {
          const screening = await check(Buffer.concat([Buffer.from(`From: ${text}\r\n`), data]));
          expect(screening.verdict).toBeDefined();
        },
      ),
    );
  });

  const files = corpusMails(9);
  if (files.length === 0) process.stdout.write('not run: ../shared missing (corpus screening)\n');
  test.runIf(files.length > 0)('the same mail gives the same screening', async () => {
    for (const file of files) {
      const bytes = readFileSync(file);
      expect(JSON.stringify(await check(bytes))).toBe(JSON.stringify(await check(bytes)));
    }
  });
});
