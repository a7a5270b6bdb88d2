// Hands one mail to a mail server (RFC 5321), byte for byte: the second half of a content filter.

import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Fault } from '@parley/kernel';

export type SmtpTarget = { readonly host: string; readonly port: number };
export type SmtpEnvelope = { readonly sender: string; readonly recipients: readonly string[] };

/** The server's answer where it took the mail or refused it for good; a fault where it cannot be reached or asks to wait. */
export type SmtpAnswer = { readonly taken: boolean; readonly code: number; readonly text: string };

const REPLY_MS = 60_000;

/** Lines that begin with a dot get another, and the end is one dot alone. */
export function dotStuffed(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const stuffed = text.replace(/^\./gm, '..');
  return Buffer.from(`${stuffed}${stuffed.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
}

class Conversation {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  async reply(): Promise<{ code: number; text: string }> {
    for (;;) {
      const next = await this.#lines.next();
      if (next.done === true) throw new Error('the server hung up');
      if (/^\d{3}(?: |$)/.test(next.value))
        return { code: Number(next.value.slice(0, 3)), text: next.value.slice(4, 300) };
    }
  }

  async say(line: string): Promise<{ code: number; text: string }> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }
}

function path(address: string): string {
  // An address with a line break would add a command of its own.
  if (/[\r\n\0<>]/.test(address)) throw new Error('an address with control characters');
  return `<${address}>`;
}

/** Throws the fault `smtp-unreachable` (retry) where the server is away, hangs up or says 4xx. */
export async function sendMail(
  target: SmtpTarget,
  envelope: SmtpEnvelope,
  bytes: Uint8Array,
): Promise<SmtpAnswer> {
  const socket = connect(target.port, target.host);
  socket.setTimeout(REPLY_MS, () => socket.destroy(new Error('no answer in time')));
  const fault = (cause: unknown): Fault =>
    new Fault('smtp-unreachable', 'The mail server did not take the mail.', {
      cause,
      retry: true,
      nextAction: 'Check that it is running; the mail is kept by the sender and tried again.',
    });
  try {
    await new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    });
    const talk = new Conversation(socket);
    const steps: readonly (() => Promise<{ code: number; text: string }>)[] = [
      () => talk.reply(),
      () => talk.say('EHLO parley.invalid'),
      () => talk.say(`MAIL FROM:${path(envelope.sender)}`),
      ...envelope.recipients.map((recipient) => () => talk.say(`RCPT TO:${path(recipient)}`)),
      () => talk.say('DATA'),
    ];
    for (const step of steps) {
      const { code, text } = await step();
      if (code >= 500) return { taken: false, code, text };
      if (code >= 400) throw new Error(`${code} ${text}`);
    }
    talk.write(dotStuffed(bytes));
    const { code, text } = await talk.reply();
    if (code >= 400 && code < 500) throw new Error(`${code} ${text}`);
    socket.write('QUIT\r\n');
    return { taken: code < 400, code, text };
  } catch (cause) {
    throw fault(cause);
  } finally {
    socket.end();
  }
}
