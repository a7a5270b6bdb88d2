// Postfix's SMTP content filter: takes a mail on one port, screens it, and hands it back on another with its header.

import { Fault } from '@parley/kernel';
import { SMTPServer } from 'smtp-server';
import { MESSAGE_BYTES_MAX } from '../message/message.ts';
import {
  DEFER_TEXT,
  OWN_HEADER,
  REFUSAL_TEXT,
  VERDICT_HEADER,
  type DecideMail,
  type HookPolicy,
} from './hook-policy.ts';
import type { RunningHook } from './milter-server.ts';
import { sendMail, type SmtpEnvelope, type SmtpTarget } from './smtp-client.ts';

export type ContentFilterOptions = {
  readonly host: string;
  readonly port: number;
  /** Where screened mail goes: a Postfix listener without the filter. */
  readonly next: SmtpTarget;
  readonly decide: DecideMail;
  readonly onFailure: HookPolicy['onFailure'];
  /** Keeps a mail for an officer. Must not return before the mail is safe: then it is acknowledged. */
  readonly quarantine: (bytes: Uint8Array, envelope: SmtpEnvelope) => Promise<void>;
};

/** The mail with our header on top and every header of that name by strangers gone. */
export function withVerdict(bytes: Uint8Array, value: string): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const fields = text.slice(0, end).split(/\r?\n(?![ \t])/);
  const kept = fields.filter((field) => !OWN_HEADER.test(field.trimStart()));
  return Buffer.from(
    `${VERDICT_HEADER}: ${value}\r\n${kept.join('\r\n')}${text.slice(end)}`,
    'latin1',
  );
}

class Refusal extends Error {
  readonly responseCode: number;
  constructor(code: number, text: string) {
    super(text);
    this.responseCode = code;
  }
}

async function handle(
  bytes: Buffer,
  envelope: SmtpEnvelope,
  options: ContentFilterOptions,
): Promise<void> {
  let outgoing: Buffer;
  try {
    // The client of a content filter is our own Postfix, so its address says nothing about the sender.
    const { recipients } = envelope;
    const decided = await options.decide({ bytes, envelope: undefined, recipients });
    const { action, verdict, text } = decided;
    if (action === 'reject') throw new Refusal(550, text ?? REFUSAL_TEXT);
    if (action === 'defer') throw new Refusal(451, text ?? DEFER_TEXT);
    outgoing = verdict === null ? bytes : withVerdict(bytes, verdict);
    if (action === 'quarantine') {
      await options.quarantine(outgoing, envelope);
      return;
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (options.onFailure === 'closed') throw new Refusal(451, DEFER_TEXT);
    outgoing = bytes;
  }
  const answer = await sendMail(options.next, envelope, outgoing).catch(() => {
    throw new Refusal(451, 'the next mail server is not there; try again later');
  });
  if (!answer.taken) throw new Refusal(554, 'the next mail server refused this mail');
}

/** Listens until closed. A mail is acknowledged only when the next server or the quarantine has it. */
export function startContentFilter(options: ContentFilterOptions): Promise<RunningHook> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MESSAGE_BYTES_MAX,
    hideSize: false,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      let length = 0;
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= MESSAGE_BYTES_MAX) chunks.push(chunk);
      });
      stream.on('end', () => {
        if (length > MESSAGE_BYTES_MAX) {
          done(new Refusal(552, 'the mail is too large'));
          return;
        }
        const sender =
          session.envelope.mailFrom === false ? '' : (session.envelope.mailFrom?.address ?? '');
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        handle(Buffer.concat(chunks), { sender, recipients }, options).then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error('failed')),
        );
      });
    },
  });
  return new Promise((settle, fail) => {
    server.on('error', (cause) =>
      fail(
        new Fault('hook-cannot-listen', 'The mail hook cannot listen there.', {
          cause,
          nextAction: 'Choose another port.',
        }),
      ),
    );
    server.listen(options.port, options.host, () => {
      const address = server.server.address();
      settle({
        port: typeof address === 'object' && address !== null ? address.port : options.port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}
