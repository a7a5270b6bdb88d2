import { expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import { readMessage } from '../message/message.ts';
import {
  decodeHistory,
  emptyHistory,
  encodeHistory,
  learn,
  MESSAGES_MAX,
  messageDigest,
  rule,
  rulingCounts,
  unrule,
  type Ruling,
} from './history.ts';

const ruling: Ruling = {
  id: 'r',
  mail: 'm',
  sender: 'a@b.c',
  party: 'P',
  verdict: 'suspicious',
  ruling: 'right',
  officer: 'Ann',
  atMs: 1,
};
const message = readMessage(
  Buffer.from('From: A <a@b.c>\r\nMessage-ID: <1@x>\r\nX-Mailer: M\r\n\r\nsee https://x.org\r\n'),
);

test('a sender is counted with what he used', () => {
  const history = learn(learn(emptyHistory, [{ message, seenMs: 5 }]), [{ message, seenMs: 9 }]);
  expect(history.senders.get('a@b.c')).toEqual({
    count: 2,
    firstMs: 5,
    lastMs: 9,
    withFiles: 0,
    withLinks: 2,
    names: ['A'],
    mailers: ['M'],
    replyTo: [],
  });
  expect(history.messages.has(messageDigest('1@x'))).toBe(true);
  expect(emptyHistory.senders.size).toBe(0);
});

test('it forgets the oldest, not the newest', () => {
  const many = Array.from({ length: 20_050 }, (_, i) => ({
    message: {
      ...message,
      messageId: `${i}@x`,
      from: readMessage(Buffer.from(`From: ${i}@b.c\r\n\r\n`)).from,
    },
    seenMs: i,
  }));
  const history = learn(
    {
      ...emptyHistory,
      messages: new Set(Array.from({ length: MESSAGES_MAX }, (_, i) => `old${i}`)),
    },
    many,
  );
  expect(history.senders.size).toBe(20_000);
  expect(history.senders.has('0@b.c')).toBe(false);
  expect(history.senders.has('20049@b.c')).toBe(true);
  expect(history.messages.size).toBe(MESSAGES_MAX);
});

test('rulings are counted, replaced and taken back', () => {
  const twice = rule(rule(emptyHistory, ruling), { ...ruling, id: 'r2', ruling: 'wrong' });
  expect(rulingCounts(twice)).toEqual({ suspicious: { right: 0, wrong: 1 } });
  const back = unrule(twice, 'r2');
  expect(back.ok && encodeHistory(back.value)).toBe(encodeHistory(emptyHistory));
  expect(unrule(twice, 'no')).toMatchObject({ ok: false, reason: 'no-such-ruling' });
});

test('it survives its text, and no other text is one', () => {
  const history = rule(learn(emptyHistory, [{ message, seenMs: 5 }]), ruling);
  const text = encodeHistory(history);
  expect(decodeHistory(text)).toEqual({ ok: true, value: history });
  for (const broken of [
    '',
    'null',
    '{}',
    '[]',
    text.replace('"count":1', '"count":"1"'),
    text.replace('"right"', '"maybe"'),
    text.replace('/1', '/2'),
  ])
    expect(decodeHistory(broken)).toMatchObject({ ok: false });
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(decodeHistory(json).ok).toBe(false);
    }),
  );
});
