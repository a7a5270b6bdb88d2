import { nativePorts } from '@parley/kernel/node';
import { describe, expect, test } from 'vitest';
import { openBook } from '../attestation/book.ts';
import { attest, newDayKey } from '../attestation/statement.ts';
import { readInlineForwards } from '../message/inline-forward.ts';
import { readMessage } from '../message/message.ts';
import { fc } from '../testing/fuzz.ts';
import { check, mail, REAL } from '../testing/world.ts';

const WORDS = 'Dear colleague,\r\n\r\nthe table is round.\r\nWe meet on Monday.\r\n';
const key = newDayKey(nativePorts, '2026-11-21');
const sent = mail(`${REAL}\nSubject: Seats`, WORDS);
const book = openBook(nativePorts.crypto, {
  party: 'Ministry',
  dayKeys: [key],
  statements: [attest(nativePorts, readMessage(sent), key)],
  seals: [],
});

const BLOCK = {
  gmail:
    '---------- Forwarded message ---------\r\nFrom: Kim Jong-su <kim@mofa.example.org>\r\nDate: Sat, Nov 21, 2026 at 9:00 AM\r\nSubject: Seats\r\nTo: <me@our.example>\r\n\r\n\r\n',
  outlook:
    '-----Original Message-----\r\nFrom: Kim Jong-su [mailto:kim@mofa.example.org]\r\nSent: Saturday, November 21, 2026 9:00 AM\r\nTo: Me\r\nSubject: Seats\r\n\r\n',
  german:
    '> Am 21.11.2026\r\n> Von: "Kim Jong-su" <kim@mofa.example.org>\r\n> Gesendet: Samstag\r\n> An: Ich\r\n> Betreff: Seats\r\n>\r\n',
  apple:
    'Begin forwarded message:\r\n\r\n> *From:* Kim Jong-su <kim@mofa.example.org>\r\n> *Subject:* Seats\r\n> *Date:* 21 November 2026\r\n> \r\n',
};
const forward = (block: string, words: string): Buffer =>
  mail(
    'From: Bo <bo@our.example>\nSubject: Fwd: Seats\nMessage-ID: <2@our.example>',
    `FYI\r\n\r\n${block}${words}`,
  );
const quoted = (words: string): string =>
  words.replace(/^(?=.)/gm, '> ').replace(/^\r\n/gm, '>\r\n');
const heard = async (bytes: Buffer, given = [book]) => {
  const { verdict, evidence } = await check(bytes, { attestations: given });
  return { verdict, text: evidence.map(({ text }) => text).join(' ') };
};

describe('a mail forwarded as text', () => {
  test.each([
    ['by Gmail', BLOCK.gmail, WORDS],
    ['by Outlook', BLOCK.outlook, WORDS],
    ['in German, quoted', BLOCK.german, quoted(WORDS)],
    ['by Apple Mail, quoted', BLOCK.apple, quoted(WORDS)],
  ])('%s is known by its words, and nothing is called proven', async (_how, block, words) => {
    const { verdict, text } = await heard(forward(block, words));
    expect(verdict).toBe('unknown');
    expect(text).toContain('whose words Ministry attested, line by line');
  });

  test('with other words is told apart, and one of which nothing is known too', async () => {
    const changed = WORDS.replace('Monday', 'Tuesday');
    expect((await heard(forward(BLOCK.gmail, changed))).text).toContain('in other words');
    const other = BLOCK.gmail.replace('Seats', 'Rooms');
    expect((await heard(forward(other, WORDS))).text).toContain('Typed lines prove nothing');
    expect((await heard(forward(BLOCK.gmail, WORDS), [])).text).toContain('Typed lines prove');
  });

  test('from a look-alike is warned of, though its forwarder is honest', async () => {
    const block = BLOCK.gmail.replace('mofa.example.org', 'f0reignoffice.org');
    const { verdict, text } = await heard(forward(block, WORDS));
    expect(verdict).toBe('suspicious');
    expect(text).toContain('The mail forwarded in the text came from f0reignoffice.org');
  });
});

test('a name that is written without its quotes keeps its comma', () => {
  const [found] = readInlineForwards('From: Kim, Jong-su <kim@a.example>\nTo: x\nSubject: y\n\nz');
  expect(found?.from.address).toBe('kim@a.example');
});

test('a list of names with colons is no forwarded mail', () => {
  expect(readInlineForwards('From: the hotel\nTo: the hall\n\nBring badges.')).toEqual([]);
  expect(readInlineForwards('Note: x\nSubject: y\nDate: z\nTo: w')).toEqual([]);
});

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      readInlineForwards(`From: ${text}\nDate: ${text}\n> Subject: ${text}\nTo: x\n\n${text}`);
    }),
  );
});
