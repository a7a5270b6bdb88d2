import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emptyHistory } from '../history/history.ts';
import { screen } from '../screen/screen.ts';
import { mailboxKind, readMailbox } from './mailbox.ts';
import { startReport } from './period-report.ts';

const root = mkdtempSync(join(tmpdir(), 'parley-mailbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function textsOf(path: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { bytes } of readMailbox(path)) texts.push(Buffer.from(bytes).toString());
  return texts;
}

test('an mbox is split at its lines, also across chunks', async () => {
  const path = join(root, 'a.mbox');
  const long = 'x'.repeat(70_000);
  writeFileSync(
    path,
    `From a@b Sat\nSubject: 1\n\n${long}\n\nFrom c@d Sun\nSubject: 2\n\nFromage\n>From x\n`,
  );
  expect(await mailboxKind(path)).toBe('mbox');
  const texts = await textsOf(path);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toBe(`Subject: 1\n\n${long}\n\n`);
  expect(texts[1]).toBe('Subject: 2\n\nFromage\n>From x\n');
});

test('a maildir gives what is current and new; a folder gives everything below', async () => {
  const maildir = join(root, 'maildir');
  for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  writeFileSync(join(maildir, 'cur', 'b'), 'B: 1\n\n');
  writeFileSync(join(maildir, 'new', 'a'), 'A: 1\n\n');
  writeFileSync(join(maildir, 'tmp', 'c'), 'C: 1\n\n');
  expect(await textsOf(maildir)).toEqual(['B: 1\n\n', 'A: 1\n\n']);
  expect((await textsOf(root)).length).toBe(5);
});

test('what is not there is a fault', async () => {
  await expect(mailboxKind(join(root, 'none'))).rejects.toMatchObject({
    code: 'mailbox-unreadable',
  });
});

test('a report counts its period and says what lies outside', async () => {
  const mail = (date: string): Buffer =>
    Buffer.from(`From: a@b.example\r\nDate: ${date}\r\n\r\nx\r\n`);
  const report = startReport({ fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1) });
  for (const date of [
    'Sat, 21 Nov 2026 08:00:00 +0000',
    'Sat, 21 Oct 2026 08:00:00 +0000',
    'never',
  ])
    report.add(await screen(mail(date), { directories: [], nowMs: 0 }));
  expect(report.finish(emptyHistory)).toMatchObject({
    mails: 1,
    outside: 2,
    verdicts: { unknown: 1, suspicious: 0 },
  });
});
