import { nativePorts } from '@parley/kernel/node';
import { describe, expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import { readDirectoryJson } from '../directory/directory-text.ts';
import { readMessage } from '../message/message.ts';
import { knownParty } from '../screen/known-party.ts';
import { attestationsJson, readAttestations } from './book-text.ts';
import { openBook } from './book.ts';
import { matchAttestation } from './match.ts';
import {
  attest,
  newDayKey,
  openStatement,
  sealDay,
  sealIsComplete,
  type DaySeal,
} from './statement.ts';

const DAY = '2026-11-21';
const read = readDirectoryJson(
  { party: 'Ministry', domains: ['mofa.example.org'], relays: ['lists.forum.example'] },
  Date.UTC(2026, 10, 21),
);
if (!read.ok) throw new Error(read.reason);
const party = knownParty(read.value);

const HEAD =
  'From: Kim <kim@mofa.example.org>\r\nTo: me@our.example\r\nSubject: Draft of article 3\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@mofa.example.org>\r\n';
const PLAIN = `${HEAD}\r\nDear colleague,\r\n\r\nArticle 3 stands.\r\nFrom now on.\r\n`;
const RICH = `${HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>See <a href="https://mofa.example.org/a">here</a></p></body></html>\r\n--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n`;
const LIST = 'List-Id: Talks <talks.lists.forum.example>\r\nPrecedence: list\r\n';
const FOOTER = '___\r\nTalks list, https://lists.forum.example/talks\r\n';

const dayKey = newDayKey(nativePorts, DAY);
const statements = [PLAIN, RICH.replace('<1@', '<2@')].map((text) =>
  attest(nativePorts, readMessage(Buffer.from(text)), dayKey),
);
const RICH2 = RICH.replace('<1@', '<2@');

function book(seals: readonly DaySeal[] = [], given = statements) {
  return openBook(nativePorts.crypto, {
    party: 'Ministry',
    dayKeys: [dayKey],
    statements: given,
    seals,
  });
}

function match(text: string | Buffer, seals: readonly DaySeal[] = []) {
  return matchAttestation(
    readMessage(typeof text === 'string' ? Buffer.from(text) : text),
    book(seals),
    { party, claimed: true },
  );
}

describe('proven', () => {
  test.each([
    ['as sent', PLAIN, 'whole'],
    [
      'with trace lines on top',
      `Return-Path: <kim@mofa.example.org>\r\nReceived: from a by b; Sat, 21 Nov 2026 08:00:01 +0000\r\n${PLAIN}`,
      'whole',
    ],
    ['with line feeds alone', PLAIN.replaceAll('\r\n', '\n'), 'whole'],
    ['with HTML and a file', RICH2, 'whole'],
    ['from an mbox', PLAIN.replace('\r\nFrom now', '\r\n>From now'), 'parts'],
    ['through a list, untouched', LIST + PLAIN, 'body'],
    ['through a list with a tag', LIST + PLAIN.replace('Subject: ', 'Subject: [talks] '), 'body'],
    ['through a list with a footer', `${LIST}${PLAIN}${FOOTER}`, 'parts'],
    [
      'through a list that recodes',
      LIST +
        HEAD +
        'Content-Transfer-Encoding: base64\r\n\r\n' +
        Buffer.from(PLAIN.slice(HEAD.length + 2) + FOOTER).toString('base64'),
      'parts',
    ],
    [
      'through a list that wraps',
      `${LIST}${HEAD}Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\n\r\n${PLAIN.slice(HEAD.length + 2)}\r\n--w\r\nContent-Type: text/plain\r\n\r\n${FOOTER}--w--\r\n`,
      'parts',
    ],
    [
      'through a list that writes itself into From',
      (LIST + PLAIN).replace(
        'From: Kim <kim@mofa.example.org>',
        'From: Kim via Talks <talks@lists.forum.example>\r\nReply-To: Kim <kim@mofa.example.org>',
      ),
      'body',
    ],
    [
      'HTML through a list with a footer inside',
      (LIST + RICH2).replace('</body>', '<hr><p>Talks list</p></body>'),
      'parts',
    ],
  ])('%s', (_how, text, how) => {
    expect(match(text)).toMatchObject({ kind: 'proven', how });
  });

  test('what a list added is handed back', () => {
    expect(match(`${LIST}${PLAIN}${FOOTER}`)).toMatchObject({
      added: ['___', 'Talks list, https://lists.forum.example/talks'],
      throughList: true,
    });
  });
});

describe('altered', () => {
  test.each([
    ['a word', PLAIN.replace('stands', 'falls'), 'text part 1'],
    ['a letter of the subject', PLAIN.replace('article 3', 'article 4'), 'header subject'],
    ['the date', PLAIN.replace('08:00:00', '09:00:00'), 'header date'],
    ['the recipient', PLAIN.replace('me@our', 'you@our'), 'header to'],
    ['an answer address', `Reply-To: x@evil.example\r\n${PLAIN}`, 'header reply-to'],
    ['a second subject', `Subject: Pay\r\n${PLAIN}`, 'header subject'],
    ['a line at the end', `${PLAIN}Pay to account 12.\r\n`, 'text'],
    ['a link target', RICH2.replace('/a">', '/b">'), 'html part 1'],
    ['a byte of a file', RICH2.replace('JVBERi0xLjQK', 'JVBERi0xLjUK'), 'file a.pdf'],
    [
      'an encoding that is none',
      RICH2.replace(
        'text/html; charset=utf-8',
        'text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bjt',
      ),
      'bytes',
    ],
    ['a file name', RICH2.replace('a.pdf', 'b.pdf'), 'file b.pdf'],
    [
      'another file',
      RICH2.replace('--b--', '--b\r\nContent-Type: application/zip; name=x.zip\r\n\r\nPK\r\n--b--'),
      'file x.zip',
    ],
    [
      'text before the parts',
      RICH2.replace('\r\n\r\n--b', '\r\n\r\nhttps://evil.example\r\n--b'),
      'text outside the parts',
    ],
    [
      'a link in the footer of a list',
      `${LIST}${PLAIN}${FOOTER}See https://evil.example/\r\n`,
      'link',
    ],
    [
      'an address in the footer of a list',
      `${LIST}${PLAIN}${FOOTER}write to a@evil.example\r\n`,
      'address',
    ],
    [
      'a footer by a list that is not listed',
      `List-Id: <x.other.example>\r\n${PLAIN}${FOOTER}`,
      'text',
    ],
    [
      'an answer address by a list that is not listed',
      `List-Id: <x.evil.example>\r\nReply-To: a@evil.example\r\n${PLAIN}`,
      'header reply-to',
    ],
  ])('%s', (_what, text, what) => {
    const outcome = match(text);
    expect(outcome.kind).toBe('altered');
    expect(
      outcome.kind === 'altered' ? outcome.differences.map((difference) => difference.what) : [],
    ).toContain(what);
  });

  test('one changed byte of what the sender wrote is never proven', () => {
    for (const text of [PLAIN, RICH2]) {
      const original = Buffer.from(text);
      fc.assert(
        // Empty lines at the very end do not count: mailboxes add and drop them.
        fc.property(fc.nat(original.length - 3), fc.integer({ min: 1, max: 255 }), (at, change) => {
          const changed = Buffer.from(original);
          changed[at] = (changed[at] ?? 0) ^ change;
          expect(match(changed).kind).not.toBe('proven');
        }),
      );
    }
  });
});

describe('a sealed day', () => {
  const seal = sealDay(nativePorts.crypto, DAY, { statements, covers: ['mofa.example.org'] });
  const other = PLAIN.replace('<1@', '<9@').replace('08:00:00', '10:00:00');

  test('makes absence a denial', () => {
    expect(match(other)).toEqual({ kind: 'unknown' });
    expect(match(other, [seal])).toEqual({ kind: 'denied', day: DAY, count: 2 });
  });

  test('denies nothing of other days, other senders, or while statements are missing', () => {
    expect(match(other.replace('21 Nov', '20 Nov'), [seal]).kind).toBe('unknown');
    expect(match(other.replace('kim@mofa', 'kim@else'), [seal]).kind).toBe('unknown');
    expect(sealIsComplete(nativePorts.crypto, seal, statements.slice(1))).toBe(false);
    const lacking = openBook(nativePorts.crypto, {
      party: 'Ministry',
      dayKeys: [dayKey],
      statements: statements.slice(1),
      seals: [seal],
    });
    expect(lacking.incompleteDays).toEqual([DAY]);
    expect(
      matchAttestation(readMessage(Buffer.from(other)), lacking, { party, claimed: true }).kind,
    ).toBe('unknown');
  });
});

test('words between the letters of base64 are no part that was sent', () => {
  const text = 'Article 3 stands.\r\n';
  const sent = `${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString('base64')}\r\n`;
  const given = [attest(nativePorts, readMessage(Buffer.from(sent)), dayKey)];
  const outcome = (mail: string) =>
    matchAttestation(readMessage(Buffer.from(mail)), book([], given), { party, claimed: true });
  const wrapped = (more: string): string =>
    `${LIST}${HEAD}Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString('base64')}\r\n${more}--w\r\nContent-Type: text/plain\r\n\r\n${FOOTER}--w--\r\n`;
  expect(outcome(wrapped('')).kind).toBe('proven');
  expect(outcome(wrapped('=\r\n--w See https://portal.example.net/a\r\n')).kind).toBe('altered');
});

test('two desks of one party may each have made a key for the day, and attested the same mail', () => {
  const other = newDayKey(nativePorts, DAY);
  const message = readMessage(Buffer.from(PLAIN));
  const both = openBook(nativePorts.crypto, {
    party: 'Ministry',
    dayKeys: [dayKey, other],
    statements: [
      attest(nativePorts, readMessage(Buffer.from(PLAIN.replace('stands', 'falls'))), dayKey),
      attest(nativePorts, message, dayKey),
      attest(nativePorts, readMessage(Buffer.from(RICH2)), other),
    ],
    seals: [],
  });
  expect(both.unreadable).toBe(0);
  for (const text of [PLAIN, RICH2])
    expect(
      matchAttestation(readMessage(Buffer.from(text)), both, { party, claimed: true }).kind,
    ).toBe('proven');
});

describe('the statement on the record', () => {
  test('tells nothing without the day key, and has one size for short mails', () => {
    const again = attest(nativePorts, readMessage(Buffer.from(PLAIN)), dayKey);
    expect(again.box).not.toEqual(statements[0]?.box);
    expect(again.box.length).toBe(statements[0]?.box.length);
    expect(Buffer.from(again.box).includes('Draft')).toBe(false);
    const wrong = newDayKey(nativePorts, DAY);
    expect(openStatement(nativePorts.crypto, again, wrong)).toMatchObject({
      ok: false,
      reason: 'unreadable',
    });
  });

  test('is bound to its commitment', () => {
    const [first, second] = statements;
    if (first === undefined || second === undefined) throw new Error('two statements');
    expect(
      openStatement(nativePorts.crypto, { ...first, commitment: second.commitment }, dayKey).ok,
    ).toBe(false);
    expect(openStatement(nativePorts.crypto, { ...first, day: '2026-11-20' }, dayKey).ok).toBe(
      false,
    );
  });

  test('survives its file', () => {
    const held = {
      party: 'Ministry',
      dayKeys: [dayKey],
      statements,
      seals: [sealDay(nativePorts.crypto, DAY, { statements, covers: [] })],
    };
    expect(readAttestations(JSON.parse(JSON.stringify(attestationsJson(held))))).toEqual({
      ok: true,
      value: held,
    });
    for (const broken of [
      null,
      {},
      { party: 'x', dayKeys: ['!'], statements: [], seals: [] },
      { party: 'x', dayKeys: [], statements: ['AA'], seals: [] },
    ])
      expect(readAttestations(broken)).toMatchObject({ ok: false });
  });
});
