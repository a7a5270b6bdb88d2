// The milter protocol, version 6 (Sendmail's libmilter; draft-adams-milter-protocol): packets in, replies out.

import { accept, refuse, type Verdict } from '@parley/kernel';

/** Largest packet taken from a mail server; body chunks are at most 65,535 bytes, header fields far less. */
export const PACKET_BYTES_MAX = 1024 * 1024;

export type MilterCommand =
  | {
      readonly kind: 'negotiate';
      readonly version: number;
      readonly actions: number;
      readonly protocol: number;
    }
  | {
      readonly kind: 'macros';
      readonly stage: string;
      readonly macros: ReadonlyMap<string, string>;
    }
  | {
      readonly kind: 'connect';
      readonly host: string;
      readonly family: string;
      readonly address: string;
    }
  | { readonly kind: 'helo'; readonly name: string }
  | { readonly kind: 'mail'; readonly sender: string }
  | { readonly kind: 'rcpt'; readonly recipient: string }
  | { readonly kind: 'data' }
  | { readonly kind: 'header'; readonly name: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'end-of-headers' }
  | { readonly kind: 'body'; readonly chunk: Uint8Array }
  | { readonly kind: 'end-of-body' }
  | { readonly kind: 'abort' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'quit-new-connection' }
  | { readonly kind: 'unknown' };

export type MilterReply =
  | {
      readonly kind: 'negotiate';
      readonly version: number;
      readonly actions: number;
      readonly protocol: number;
    }
  | { readonly kind: 'continue' | 'accept' | 'discard' | 'reject' | 'tempfail' | 'progress' }
  | { readonly kind: 'reply-code'; readonly text: string }
  | { readonly kind: 'quarantine'; readonly reason: string }
  | {
      readonly kind: 'insert-header';
      readonly index: number;
      readonly name: string;
      readonly value: string;
    }
  /** An empty value takes the header out; `index` counts from 1 among those of the name. */
  | {
      readonly kind: 'change-header';
      readonly index: number;
      readonly name: string;
      readonly value: string;
    };

export const ACTION = { addHeaders: 0x01, changeHeaders: 0x10, quarantine: 0x20 } as const;
export const PROTOCOL = {
  noReplyHeader: 0x80,
  noUnknown: 0x100,
  noReplyConnect: 0x1000,
  noReplyHelo: 0x2000,
  noReplyMail: 0x4000,
  noReplyRcpt: 0x8000,
  noReplyData: 0x1_0000,
  noReplyEndOfHeaders: 0x4_0000,
  noReplyBody: 0x8_0000,
  leadingSpace: 0x10_0000,
} as const;

export type MilterReason = 'too-large' | 'truncated' | 'unterminated';

function texts(data: Buffer): string[] | null {
  if (data.length === 0) return [];
  if (data[data.length - 1] !== 0) return null;
  return data.subarray(0, -1).toString('latin1').split('\0');
}

function firstText(data: Buffer): string | null {
  return texts(data)?.[0] ?? null;
}

function decodeConnect(data: Buffer): MilterCommand | null {
  const end = data.indexOf(0);
  if (end < 0 || end + 1 >= data.length) return null;
  const host = data.toString('latin1', 0, end);
  const family = String.fromCharCode(data[end + 1] ?? 0);
  if (family === 'U') return { kind: 'connect', host, family, address: '' };
  if (end + 4 > data.length || data[data.length - 1] !== 0) return null;
  const address = data.toString('latin1', end + 4, data.length - 1).replace(/^IPv6:/i, '');
  return { kind: 'connect', host, family, address };
}

function decodeMacros(data: Buffer): MilterCommand | null {
  const pieces = texts(data.subarray(1));
  if (data.length === 0 || pieces === null || pieces.length % 2 !== 0) return null;
  const macros = new Map<string, string>();
  for (let i = 0; i < pieces.length; i += 2) macros.set(pieces[i] ?? '', pieces[i + 1] ?? '');
  return { kind: 'macros', stage: String.fromCharCode(data[0] ?? 0), macros };
}

function decodeHeader(data: Buffer): MilterCommand | null {
  const end = data.indexOf(0);
  if (end < 0 || data[data.length - 1] !== 0 || end === data.length - 1) return null;
  return {
    kind: 'header',
    name: Uint8Array.from(data.subarray(0, end)),
    value: Uint8Array.from(data.subarray(end + 1, -1)),
  };
}

function decodeNegotiate(data: Buffer): MilterCommand | null {
  if (data.length < 12) return null;
  return {
    kind: 'negotiate',
    version: data.readUInt32BE(0),
    actions: data.readUInt32BE(4),
    protocol: data.readUInt32BE(8),
  };
}

function textCommand(data: Buffer, make: (text: string) => MilterCommand): MilterCommand | null {
  const text = firstText(data);
  return text === null ? null : make(text);
}

const PLAIN: Readonly<Record<string, MilterCommand>> = {
  T: { kind: 'data' },
  N: { kind: 'end-of-headers' },
  A: { kind: 'abort' },
  Q: { kind: 'quit' },
  K: { kind: 'quit-new-connection' },
};

/** Reads one packet's content. A command letter that is not known is `unknown`, as the protocol grows. */
export function decodeCommand(packet: Uint8Array): Verdict<MilterCommand, MilterReason> {
  if (packet.length === 0) return refuse('truncated');
  const letter = String.fromCharCode(packet[0] ?? 0);
  const data = Buffer.from(packet.buffer, packet.byteOffset + 1, packet.length - 1);
  const read: Readonly<Record<string, () => MilterCommand | null>> = {
    O: () => decodeNegotiate(data),
    D: () => decodeMacros(data),
    C: () => decodeConnect(data),
    H: () => textCommand(data, (name) => ({ kind: 'helo', name })),
    M: () =>
      textCommand(data, (sender) => ({ kind: 'mail', sender: sender.replace(/^<|>$/g, '') })),
    R: () =>
      textCommand(data, (recipient) => ({
        kind: 'rcpt',
        recipient: recipient.replace(/^<|>$/g, ''),
      })),
    L: () => decodeHeader(data),
    B: () => ({ kind: 'body', chunk: Uint8Array.from(data) }),
    E: () => ({ kind: 'end-of-body' }),
  };
  const plain = PLAIN[letter];
  if (plain !== undefined) return accept(plain);
  const decode = read[letter];
  if (decode === undefined) return accept({ kind: 'unknown' });
  const command = decode();
  return command === null ? refuse('unterminated') : accept(command);
}

/** The body that libmilter lets ride on the end-of-body packet; empty for any other. */
export function trailingBody(packet: Uint8Array): Uint8Array {
  return packet[0] === 0x45 ? Uint8Array.from(packet.subarray(1)) : new Uint8Array(0);
}

const LETTER = {
  continue: 'c',
  accept: 'a',
  discard: 'd',
  reject: 'r',
  tempfail: 't',
  progress: 'p',
} as const;

/** Header text for the wire: no NUL and no line break can end it early. */
function wireText(text: string): string {
  return text.replace(/[\0\r\n]/g, ' ');
}

export function encodeReply(reply: MilterReply): Uint8Array {
  const packet = (letter: string, data: Buffer): Uint8Array => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(data.length + 1);
    head.write(letter, 4, 'latin1');
    return Buffer.concat([head, data]);
  };
  switch (reply.kind) {
    case 'negotiate': {
      const data = Buffer.alloc(12);
      data.writeUInt32BE(reply.version, 0);
      data.writeUInt32BE(reply.actions, 4);
      data.writeUInt32BE(reply.protocol, 8);
      return packet('O', data);
    }
    case 'reply-code':
      return packet('y', Buffer.from(`${wireText(reply.text)}\0`, 'latin1'));
    case 'quarantine':
      return packet('q', Buffer.from(`${wireText(reply.reason)}\0`, 'latin1'));
    case 'insert-header':
    case 'change-header': {
      const index = Buffer.alloc(4);
      index.writeUInt32BE(reply.index);
      const text = Buffer.from(`${wireText(reply.name)}\0${wireText(reply.value)}\0`, 'latin1');
      return packet(reply.kind === 'insert-header' ? 'i' : 'm', Buffer.concat([index, text]));
    }
    default:
      return packet(LETTER[reply.kind], Buffer.alloc(0));
  }
}

/** Cuts a stream into packets. Refuses a packet over the limit before it is held in memory. */
export class MilterPackets {
  #held: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): Verdict<readonly Uint8Array[], MilterReason> {
    this.#held = Buffer.concat([this.#held, bytes]);
    const packets: Uint8Array[] = [];
    for (;;) {
      if (this.#held.length < 4) break;
      const length = this.#held.readUInt32BE(0);
      if (length > PACKET_BYTES_MAX) return refuse('too-large');
      if (this.#held.length < 4 + length) break;
      packets.push(this.#held.subarray(4, 4 + length));
      this.#held = this.#held.subarray(4 + length);
    }
    return accept(packets);
  }
}
