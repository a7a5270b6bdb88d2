import { describe, expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import { defaultHookPolicy, screeningHook } from './hook-policy.ts';
import {
  ACTION,
  decodeCommand,
  encodeReply,
  MilterPackets,
  PACKET_BYTES_MAX,
  PROTOCOL,
  type MilterCommand,
} from './milter-codec.ts';
import { MilterSession } from './milter-session.ts';

const packet = (letter: string, text = ''): Buffer => Buffer.from(`${letter}${text}`, 'latin1');

describe('commands', () => {
  test.each<[string, Buffer, MilterCommand]>([
    [
      'negotiate',
      Buffer.concat([packet('O'), Buffer.from('00000006000001ff001fffff', 'hex')]),
      { kind: 'negotiate', version: 6, actions: 0x1ff, protocol: 0x1fffff },
    ],
    [
      'connect by IPv4',
      packet('C', 'mail.example\x004\x00\x19127.0.0.1\0'),
      { kind: 'connect', host: 'mail.example', family: '4', address: '127.0.0.1' },
    ],
    [
      'connect by IPv6',
      packet('C', 'mail.example\x006\x00\x19IPv6:2001:db8::1\0'),
      { kind: 'connect', host: 'mail.example', family: '6', address: '2001:db8::1' },
    ],
    [
      'connect unknown',
      packet('C', 'x\0U'),
      { kind: 'connect', host: 'x', family: 'U', address: '' },
    ],
    ['helo', packet('H', 'mail.example\0'), { kind: 'helo', name: 'mail.example' }],
    ['mail', packet('M', '<a@b.c>\0SIZE=10\0'), { kind: 'mail', sender: 'a@b.c' }],
    ['rcpt', packet('R', '<a@b.c>\0'), { kind: 'rcpt', recipient: 'a@b.c' }],
    [
      'macros',
      packet('D', 'Mi\x004FoO\0'),
      { kind: 'macros', stage: 'M', macros: new Map([['i', '4FoO']]) },
    ],
    ['body', packet('B', 'xyz'), { kind: 'body', chunk: Uint8Array.from(Buffer.from('xyz')) }],
    ['a letter of tomorrow', packet('Z', 'xyz'), { kind: 'unknown' }],
  ])('%s', (_what, bytes, command) => {
    expect(decodeCommand(bytes)).toEqual({ ok: true, value: command });
  });

  test.each([
    ['an empty packet', Buffer.alloc(0), 'truncated'],
    ['a short negotiation', packet('O', '123'), 'unterminated'],
    ['a helo without its end', packet('H', 'x'), 'unterminated'],
    ['a header without a value', packet('L', 'Subject\0'), 'unterminated'],
    ['half a macro', packet('D', 'Mi\0'), 'unterminated'],
    ['a connection without an address', packet('C', 'x\x004'), 'unterminated'],
  ])('%s is refused', (_what, bytes, reason) => {
    expect(decodeCommand(bytes)).toMatchObject({ ok: false, reason });
  });

  test('any bytes are a command or a refusal', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (data) => void decodeCommand(data)));
  });
});

describe('packets', () => {
  test('come out whole, however the stream is cut', () => {
    const reply = encodeReply({ kind: 'insert-header', index: 0, name: 'X', value: 'y' });
    const stream = Buffer.concat([reply, encodeReply({ kind: 'continue' })]);
    fc.assert(
      fc.property(fc.nat(stream.length), (cut) => {
        const packets = new MilterPackets();
        const first = packets.push(stream.subarray(0, cut));
        const second = packets.push(stream.subarray(cut));
        expect(first.ok && second.ok && [...first.value, ...second.value].length).toBe(2);
      }),
    );
  });

  test('an endless packet is refused before it is held', () => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(PACKET_BYTES_MAX + 1);
    expect(new MilterPackets().push(head)).toMatchObject({ ok: false, reason: 'too-large' });
  });

  test('no text of a reply can end it early', () => {
    expect(
      Buffer.from(
        encodeReply({ kind: 'insert-header', index: 1, name: 'X', value: 'a\0b\r\nc' }),
      ).toString('latin1'),
    ).toBe('\0\0\0\x0dI\0\0\0\x01X\0a b  c\0'.replace('I', 'i').replace('\x0d', '\x0e'));
  });
});

describe('a session', () => {
  const seen: string[] = [];
  const session = (): MilterSession =>
    new MilterSession(
      screeningHook((bytes) => {
        seen.push(Buffer.from(bytes).toString('latin1'));
        return Promise.resolve({
          verdict: 'unknown',
          party: null,
          summary: '',
          proof: null,
          evidence: [],
          authentication: null,
          attestation: null,
          mail: {
            from: '',
            to: '',
            subject: '',
            date: null,
            messageId: '',
            files: [],
            links: 0,
            bytes: 0,
          },
        });
      }, defaultHookPolicy),
      'open',
    );
  const header = (name: string, value: string): MilterCommand => ({
    kind: 'header',
    name: Buffer.from(name),
    value: Buffer.from(value),
  });

  test('puts the mail together as it came, and takes foreign verdicts out from the last to the first', async () => {
    const one = session();
    const negotiated = await one.take({
      kind: 'negotiate',
      version: 6,
      actions: 0x1ff,
      protocol: 0x1fffff,
    });
    expect(negotiated).toEqual([
      {
        kind: 'negotiate',
        version: 6,
        actions: ACTION.addHeaders | ACTION.changeHeaders | ACTION.quarantine,
        protocol: expect.any(Number) as number,
      },
    ]);
    await one.take({ kind: 'mail', sender: 'a@b.c' });
    for (const [name, value] of [
      ['Subject', ' two\n lines'],
      ['X-Parley-Verdict', ' proven'],
      ['x-parley-verdict', ' proven'],
    ] as const)
      expect(await one.take(header(name, value))).toEqual([]);
    await one.take({ kind: 'end-of-headers' });
    await one.take({ kind: 'body', chunk: Buffer.from('text\r\n') });
    const replies = await one.take({ kind: 'end-of-body' });
    expect(seen.at(-1)).toBe(
      'Subject: two\r\n lines\r\nX-Parley-Verdict: proven\r\nx-parley-verdict: proven\r\n\r\ntext\r\n',
    );
    expect(replies).toEqual([
      { kind: 'change-header', index: 2, name: 'x-parley-verdict', value: '' },
      { kind: 'change-header', index: 1, name: 'x-parley-verdict', value: '' },
      { kind: 'insert-header', index: 0, name: 'X-Parley-Verdict', value: ' unknown' },
      { kind: 'continue' },
    ]);
  });

  test('answers every step of a server that knows no silence', async () => {
    const one = session();
    await one.take({
      kind: 'negotiate',
      version: 2,
      actions: 0x3f,
      protocol: 0x7f & ~PROTOCOL.noReplyHeader,
    });
    expect(await one.take(header('A', 'b'))).toEqual([{ kind: 'continue' }]);
    expect(await one.take({ kind: 'abort' })).toEqual([]);
    expect(await one.take({ kind: 'quit' })).toBeNull();
  });
});
