// Stories of mail that the channel vouches for: a directory on the record, attested mails, a closed day.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { newDirectory, screen, type Directory } from '@parley/mail';
import type { Desk } from '@parley/desk';
import { Stage, TALKS, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

const NOW_MS = nativePorts.clock.nowMs();
/** Two times of one day. */
const NOON_MS = Math.floor(NOW_MS / 86_400_000) * 86_400_000 + 12 * 3_600_000;

const mail = (
  from: string,
  text: string,
  { id, subject, sentMs } = { id: 'a1', subject: 'Seating at the second session', sentMs: NOON_MS },
): Uint8Array =>
  new TextEncoder().encode(
    [
      `From: ${from}`,
      'To: Bo <bo@beta.example>',
      `Subject: ${subject}`,
      `Date: ${new Date(sentMs).toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${id}@alpha.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
      '',
    ].join('\r\n'),
  );

const directoryOf = (changes: Partial<Directory> = {}): Directory => ({
  ...newDirectory('Republic of Alpha', { issuedMs: NOW_MS, expiresMs: NOW_MS + 90 * 86_400_000 }),
  domains: ['alpha.example'],
  people: [{ name: 'Ana Example', aliases: [], addresses: ['ana@alpha.example'] }],
  ...changes,
});

async function verdictAt(desk: Desk, bytes: Uint8Array): Promise<string> {
  const { directories, attestations } = desk.mail.knowledge(TALKS);
  return (await screen(bytes, { directories, attestations, nowMs: NOW_MS })).verdict;
}

const GENUINE = mail('Ana Example <ana@alpha.example>', 'We propose the round table.');
const ALTERED = mail(
  'Ana Example <ana@alpha.example>',
  'We propose the long table: http://alpha.example.test/plan',
);
const FORGED = mail('Ana Example <ana@alpha.example>', 'Please open the annex.', {
  id: 'forged',
  subject: 'Annex for signature',
  sentMs: NOON_MS + 3_600_000,
});

test('a mail is proven by the statement in the channel, an altered one shown, and on a closed day a forged one denied', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.mail.publish(TALKS, directoryOf());
  expect(await alpha.mail.attest(TALKS, [GENUINE])).toBe(1);
  await beta.sync(TALKS);
  expect(await verdictAt(beta, GENUINE)).toBe('proven');
  expect(await verdictAt(beta, ALTERED)).toBe('altered');
  expect(await verdictAt(beta, FORGED)).not.toBe('proven');

  const day = new Date(NOON_MS).toISOString().slice(0, 10);
  expect(await alpha.mail.sealDay(TALKS, { day, covers: ['alpha.example'] })).toBe(1);
  await beta.sync(TALKS);
  expect(await verdictAt(beta, FORGED)).toBe('denied');
  expect(await verdictAt(beta, GENUINE)).toBe('proven');
  expect((await refusalOf(alpha.mail.attest(TALKS, [FORGED]))).code).toBe('day-sealed');
});

test('a removal from the directory counts at once, an addition waits, and the counterpart is told of both', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.mail.publish(TALKS, directoryOf());
  await alpha.mail.publish(TALKS, directoryOf({ version: 2, domains: ['alpha-press.example'] }));
  await beta.sync(TALKS);
  const { directories, remarks } = beta.mail.knowledge(TALKS);
  expect(directories[0]?.domains).toEqual([]);
  expect(remarks.join(' ')).toContain('alpha-press.example');
  const [newest] = beta.mail.directories(TALKS);
  expect(newest?.changes).toHaveLength(2);
});

test('an exported record says that mails were attested, and nothing of what they say', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  await alpha.mail.attest(TALKS, [GENUINE]);
  const { path } = await alpha.exportRecord(TALKS, scene.path('record.parley'));
  const { readFileSync } = await import('node:fs');
  const file = readFileSync(path);
  for (const word of ['round table', 'Seating', 'ana@alpha.example', 'bo@beta.example']) {
    expect(file.includes(word)).toBe(false);
  }
});

test('what an unverified party says of its mail does not count', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  const { invitation } = await alpha.invite(TALKS, 1);
  const carol = scene.create('carol', { party: 'Kingdom of Gamma', member: 'Carol' });
  await carol.joinChannel({ invitation, name: 'gamma' });
  await alpha.admit(TALKS, await alpha.admissionRequest(TALKS));
  await carol.sync('gamma');
  await carol.mail.publish('gamma', directoryOf({ party: 'Republic of Alpha' }));
  await alpha.sync(TALKS);
  const { directories, remarks } = alpha.mail.knowledge(TALKS);
  expect(directories).toHaveLength(0);
  expect(remarks.join(' ')).toContain('not verified');
});
