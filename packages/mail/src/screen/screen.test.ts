import { nativePorts } from '@parley/kernel/node';
import { describe, expect, test } from 'vitest';
import { openBook } from '../attestation/book.ts';
import { attest, newDayKey, sealDay } from '../attestation/statement.ts';
import { emptyHistory, learn, type History } from '../history/history.ts';
import { readMessage } from '../message/message.ts';
import { check, directoryWith, mail, NOW, REAL, RECORD, sign, spoke } from '../testing/world.ts';
import { DETECTORS, type DetectorId } from './evidence.ts';

describe('verdicts', () => {
  test("proven by a pinned key, with the party's name, and without a network", async () => {
    const screening = await check(await sign(mail(REAL)));
    expect(screening).toMatchObject({
      verdict: 'proven',
      party: 'Ministry',
      proof: { by: 'dkim', key: 'pinned', domain: 'mofa.example.org' },
    });
    expect(spoke(screening)).toEqual([]);
  });

  test('unknown where nobody is claimed, and where nobody is known', async () => {
    expect(await check(mail('From: Anna <anna@elsewhere.example>'))).toMatchObject({
      verdict: 'unknown',
      party: null,
    });
    expect(await check(mail(REAL), { directories: [] })).toMatchObject({
      verdict: 'unknown',
      party: null,
    });
  });

  test('altered and denied by attestation', async () => {
    const day = '2026-11-21';
    const key = newDayKey(nativePorts, day);
    const sent = mail(REAL);
    const statement = attest(nativePorts, readMessage(sent), key);
    const seal = sealDay(nativePorts.crypto, day, {
      statements: [statement],
      covers: ['mofa.example.org'],
    });
    const book = openBook(nativePorts.crypto, {
      party: 'Ministry',
      dayKeys: [key],
      statements: [statement],
      seals: [seal],
    });
    const attestations = [book];
    expect(await check(sent, { attestations })).toMatchObject({
      verdict: 'proven',
      proof: { by: 'attestation', how: 'whole' },
    });
    expect(
      await check(Buffer.from(sent.toString().replace('remarks', 'account')), { attestations }),
    ).toMatchObject({ verdict: 'altered' });
    const other = await sign(
      mail(`${REAL}\nMessage-ID: <2@x.example>\nDate: Sat, 21 Nov 2026 09:00:00 +0000`),
    );
    // A sealed mail that the party did not send: its mail server has been taken over.
    expect(await check(other, { attestations })).toMatchObject({ verdict: 'denied' });
    expect(spoke(await check(other, { attestations }))).toEqual(['D16']);
  });

  test('a mail forwarded as an attachment is judged by itself', async () => {
    const key = newDayKey(nativePorts, '2026-11-21');
    const sent = mail(REAL);
    const book = openBook(nativePorts.crypto, {
      party: 'Ministry',
      dayKeys: [key],
      statements: [attest(nativePorts, readMessage(sent), key)],
      seals: [],
    });
    const forward = (inner: string): Buffer =>
      mail(
        'From: Anna <anna@elsewhere.example>\nContent-Type: message/rfc822\nMessage-ID: <f@elsewhere.example>',
        inner,
      );
    const good = await check(forward(sent.toString()), { attestations: [book] });
    expect(good.verdict).toBe('unknown');
    expect(good.evidence.map(({ text }) => text)).toContain(
      'A mail forwarded inside is one that Ministry attested.',
    );
    const bad = await check(forward(sent.toString().replace('remarks', 'account')), {
      attestations: [book],
    });
    expect(bad.verdict).toBe('suspicious');
  });

  test('an expired directory proves nothing, and still warns', async () => {
    const late = NOW + 400 * 86_400_000;
    expect((await check(await sign(mail(REAL)), { nowMs: late })).verdict).not.toBe('proven');
    expect(
      (await check(mail('From: Kim Jong-su <x@free2.example>'), { nowMs: late })).verdict,
    ).toBe('suspicious');
  });

  test('no verdict and no text calls a mail safe', async () => {
    for (const bytes of [await sign(mail(REAL)), mail(REAL), mail('From: a@b.example')]) {
      const screening = await check(bytes);
      expect(
        JSON.stringify([
          screening.verdict,
          screening.summary,
          screening.evidence.map(({ text }) => text),
        ]),
      ).not.toMatch(/\bsafe\b(?! copy)/i);
    }
  });

  test('what is proven to come through a listed list, unsigned, is unknown; a list that only says so is not', async () => {
    const listed = mail(`${REAL}\nList-Id: <talks.lists.forum.example>`);
    expect((await check(listed)).verdict).toBe('suspicious');
    const withKey = directoryWith({
      keys: [{ domain: 'lists.forum.example', selector: 's', record: RECORD }],
    });
    const sealed = await sign(listed, 'lists.forum.example');
    const screening = await check(sealed, { directories: [withKey] });
    expect(screening.evidence.find(({ detector }) => detector === 'D2')?.strength).toBe('info');
  });
});

function historyOf(count: number, head: string): History {
  const mails = Array.from({ length: count }, (_, i) => ({
    message: readMessage(mail(`${head}\nMessage-ID: <h${i}@x.example>`)),
    seenMs: NOW - 1e6 + i,
  }));
  return learn(emptyHistory, mails);
}

describe('each detector speaks in its own words and marks what it saw', () => {
  const cases: readonly [DetectorId, string, Buffer, string, string?][] = [
    ['D1', 'two sender lines', mail(`${REAL}\nFrom: x@free2.example`), '2 sender lines'],
    ['D2', 'the real address without proof', mail(REAL), 'nothing proves', 'kim@mofa.example.org'],
    [
      'D3',
      'a look-alike domain',
      mail('From: Secretariat <s@foreignofflce.org>'),
      'The marked letters differ',
      'l',
    ],
    [
      'D4',
      'a known name',
      mail('From: Jong-su KIM <kimjs99@free2.example>'),
      'has not listed the address',
      'Jong-su KIM',
    ],
    [
      'D4',
      'a known name in Korean',
      mail('From: =?utf-8?B?6rmA7KKF7IiY?= <a@free2.example>'),
      'signed as Kim Jong-su',
      '김종수',
    ],
    [
      'D4',
      'a known name in Chinese',
      mail('From: 金鍾洙 <a@free2.example>'),
      'signed as Kim Jong-su',
      '金鍾洙',
    ],
    [
      'D4',
      'a known name in Cyrillic',
      mail('From: Су Ким Чон <a@free2.example>'),
      'signed as Kim Jong-su',
      'Су Ким Чон',
    ],
    [
      'D4',
      'a known name in Arabic',
      mail('From: كيم جونغ سو <a@free2.example>'),
      'signed as Kim Jong-su',
    ],
    [
      'D5',
      'the real address in the name',
      mail('From: "kim@mofa.example.org" <a@free2.example>'),
      'only written in the name field',
      'kim@mofa.example.org',
    ],
    [
      'D5',
      'a signature in the text',
      mail(
        'From: A <a@free2.example>',
        'Hello\r\n\r\nBest regards\r\nKim Jong-su\r\nkim@mofa.example.org\r\n',
      ),
      'The text is signed',
    ],
    [
      'D6',
      'answers that leave',
      mail(`${REAL}\nReply-To: a@free2.example`),
      'Your answer would go to a@free2.example',
      'a@free2.example',
    ],
    [
      'D7',
      'foreign letters',
      mail('From: Kim Jоng-su <a@free2.example>'),
      'Letters from another alphabet',
      'о',
    ],
    [
      'D11',
      'a link that lies',
      mail(
        `${REAL}\nContent-Type: text/html`,
        '<a href="https://evil.example/x">https://mofa.example.org/x</a>',
      ),
      'says mofa.example.org and opens evil.example',
      'evil.example',
    ],
    [
      'D14',
      'a program',
      mail(`${REAL}\nContent-Type: application/octet-stream; name="offer.pdf.exe"`, 'MZ'),
      'It carries a program',
    ],
  ];
  test.each(cases)('%s: %s', async (detector, _what, bytes, text, marked) => {
    const screening = await check(bytes);
    const found = screening.evidence.filter(
      (item) => item.detector === detector && item.text.includes(text),
    );
    expect(screening.verdict).toBe('suspicious');
    expect(found).not.toEqual([]);
    expect(found[0]?.source).toBe(DETECTORS[detector].source);
    const shown = found.flatMap(({ marks }) =>
      marks.flatMap((one) => one.spans.map(([start, end]) => one.text.slice(start, end))),
    );
    if (marked !== undefined) expect(shown).toContain(marked);
  });

  test('D5: a name that is only mentioned, or quoted, is no signature', async () => {
    const from = 'From: A <a@free2.example>';
    const mention = mail(from, 'Participants:\r\nAnna Berg\r\nKim Jong-su\r\nOle Lund\r\n');
    expect((await check(mention)).verdict).toBe('unknown');
    const quote =
      'I agree.<br><blockquote>Text<br>Best regards<br>Kim Jong-su<br>kim@mofa.example.org</blockquote>';
    expect((await check(mail(`${from}\nContent-Type: text/html`, quote))).verdict).toBe('unknown');
  });

  test("D4: the party's own name as the sender", async () => {
    const named = directoryWith({ party: 'Ministry of Foreign Affairs' });
    const screening = (from: string) => check(mail(`From: ${from}`), { directories: [named] });
    expect((await screening('Ministry of Foreign Affairs <a@free2.example>')).verdict).toBe(
      'suspicious',
    );
    expect((await screening('Ministry of Foreign Affairs of Elbonia <a@e.example>')).verdict).toBe(
      'unknown',
    );
  });

  test('D8: first mail from an address is worth knowing', async () => {
    const screening = await check(mail('From: B <b@x.example>'), {
      history: historyOf(3, 'From: A <a@x.example>'),
    });
    expect(screening.evidence).toContainEqual(
      expect.objectContaining({
        detector: 'D8',
        strength: 'info',
        text: 'First mail from the address b@x.example.',
      }),
    );
    expect(screening.verdict).toBe('unknown');
  });

  test('D9: an answer to a conversation that nobody here had', async () => {
    const history = historyOf(30, 'From: A <a@x.example>');
    const stolen = mail(`${REAL}\nIn-Reply-To: <never@seen.example>`);
    expect(spoke(await check(stolen, { history }))).toContain('D9');
    const known = mail(`${REAL}\nIn-Reply-To: <h3@x.example>`);
    expect(spoke(await check(known, { history }))).not.toContain('D9');
    const quoting = mail(`${REAL}\nSubject: Re: Draft`, '> as you wrote\r\nyes\r\n');
    expect(spoke(await check(quoting, { history }))).toContain('D9');
  });

  test('D10: after harmless mails, the first file', async () => {
    const history = historyOf(4, REAL);
    const turned = mail(`${REAL}\nContent-Type: application/pdf; name=a.pdf`, '%PDF');
    const screening = await check(turned, { history });
    expect(screening.evidence.find(({ detector }) => detector === 'D10')?.text).toBe(
      'After 4 mails without files this is the first with one.',
    );
  });

  test('D12: a broken seal, and a seal of somebody else', async () => {
    const broken = Buffer.from((await sign(mail(REAL))).toString().replace('remarks', 'account'));
    expect((await check(broken)).evidence).toContainEqual(
      expect.objectContaining({
        detector: 'D12',
        strength: 'warn',
        text: expect.stringContaining('is broken') as string,
      }),
    );
    const elsewhere = directoryWith({
      keys: [{ domain: 'evil.example', selector: 's', record: RECORD }],
    });
    const other = await check(await sign(mail(REAL), 'evil.example'), { directories: [elsewhere] });
    expect(other.verdict).toBe('suspicious');
    expect(other.evidence).toContainEqual(
      expect.objectContaining({
        detector: 'D12',
        text: 'The technical seal belongs to evil.example, not to mofa.example.org.',
      }),
    );
  });

  test('D13: a true mail that was sent again stays true, and is said to be', async () => {
    const replayed = await check(await sign(mail(REAL)), { self: ['someone-else@our.example'] });
    expect(replayed.verdict).toBe('proven');
    expect(spoke(replayed)).toEqual(['D13']);
  });

  test("D15: the party's own rule stands above its seal", async () => {
    const strict = directoryWith({
      policies: [{ rule: 'no-files', since: 0, sinceMs: Date.UTC(2026, 10, 1) }],
    });
    const withFile = await sign(mail(`${REAL}\nContent-Type: application/pdf; name=a.pdf`, '%PDF'));
    const screening = await check(withFile, { directories: [strict] });
    expect(screening.verdict).toBe('suspicious');
    expect(screening.evidence[0]).toMatchObject({
      detector: 'D15',
      text: 'Ministry said on 1 November 2026 that it never sends files by mail.',
    });
    expect((await check(withFile)).verdict).toBe('proven');
  });

  test('all sixteen have a title and a source', () => {
    expect(Object.keys(DETECTORS)).toHaveLength(16);
    expect(new Set(Object.values(DETECTORS).map(({ title }) => title)).size).toBe(16);
  });
});
