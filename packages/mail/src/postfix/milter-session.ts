// One connection of a mail server: collects a mail from its commands and answers with a verdict.

import { MESSAGE_BYTES_MAX } from '../message/message.ts';
import type { Envelope } from '../authentication/spf.ts';
import {
  DEFER_TEXT,
  OWN_HEADER,
  REFUSAL_TEXT,
  VERDICT_HEADER,
  type DecideMail,
  type HookDecision,
  type HookPolicy,
} from './hook-policy.ts';
import { ACTION, PROTOCOL, type MilterCommand, type MilterReply } from './milter-codec.ts';

/** More than a mail server takes in one go. */
const RECIPIENTS_MAX = 10_000;
const WANTED_ACTIONS = ACTION.addHeaders | ACTION.changeHeaders | ACTION.quarantine;
const QUIET =
  PROTOCOL.noUnknown |
  PROTOCOL.noReplyConnect |
  PROTOCOL.noReplyHelo |
  PROTOCOL.noReplyMail |
  PROTOCOL.noReplyRcpt |
  PROTOCOL.noReplyData |
  PROTOCOL.noReplyHeader |
  PROTOCOL.noReplyEndOfHeaders |
  PROTOCOL.noReplyBody;

type Mail = { chunks: Uint8Array[]; bytes: number; own: Map<string, number> };

function emptyMail(): Mail {
  return { chunks: [], bytes: 0, own: new Map() };
}

/** State of one connection. `take` gives the replies to send, or null to close. Commands come in order, one at a time. */
export class MilterSession {
  readonly #decide: DecideMail;
  readonly #onFailure: HookPolicy['onFailure'];
  #quiet = 0;
  #leadingSpace = false;
  #ip = '';
  #helo = '';
  #sender = '';
  #recipients: string[] = [];
  #mail = emptyMail();

  constructor(decide: DecideMail, onFailure: HookPolicy['onFailure']) {
    this.#decide = decide;
    this.#onFailure = onFailure;
  }

  #keep(bytes: Uint8Array): void {
    // One byte over the limit is kept, so that the screening knows that it has not seen everything.
    const room = MESSAGE_BYTES_MAX + 1 - this.#mail.bytes;
    if (room <= 0 || bytes.length === 0) return;
    const kept = bytes.subarray(0, room);
    this.#mail.chunks.push(kept);
    this.#mail.bytes += kept.length;
  }

  #quietOr(flag: number, reply: MilterReply): MilterReply[] {
    return (this.#quiet & flag) !== 0 ? [] : [reply];
  }

  async take(command: MilterCommand): Promise<MilterReply[] | null> {
    const go: MilterReply = { kind: 'continue' };
    switch (command.kind) {
      case 'negotiate': {
        this.#quiet = command.protocol & QUIET;
        const protocol = command.protocol & (QUIET | PROTOCOL.leadingSpace);
        this.#leadingSpace = (protocol & PROTOCOL.leadingSpace) !== 0;
        return [
          {
            kind: 'negotiate',
            version: Math.min(6, command.version),
            actions: command.actions & WANTED_ACTIONS,
            protocol,
          },
        ];
      }
      case 'connect':
        this.#ip = command.address;
        return this.#quietOr(PROTOCOL.noReplyConnect, go);
      case 'helo':
        this.#helo = command.name;
        return this.#quietOr(PROTOCOL.noReplyHelo, go);
      case 'mail':
        this.#mail = emptyMail();
        this.#sender = command.sender;
        this.#recipients = [];
        return this.#quietOr(PROTOCOL.noReplyMail, go);
      case 'rcpt':
        if (this.#recipients.length < RECIPIENTS_MAX) this.#recipients.push(command.recipient);
        return this.#quietOr(PROTOCOL.noReplyRcpt, go);
      case 'data':
        return this.#quietOr(PROTOCOL.noReplyData, go);
      case 'header':
        this.#header(command.name, command.value);
        return this.#quietOr(PROTOCOL.noReplyHeader, go);
      case 'end-of-headers':
        this.#keep(Buffer.from('\r\n'));
        return this.#quietOr(PROTOCOL.noReplyEndOfHeaders, go);
      case 'body':
        this.#keep(command.chunk);
        return this.#quietOr(PROTOCOL.noReplyBody, go);
      case 'end-of-body':
        return this.#finish();
      case 'abort':
        this.#mail = emptyMail();
        return [];
      case 'quit-new-connection':
        this.#mail = emptyMail();
        this.#ip = '';
        this.#helo = '';
        return [];
      case 'quit':
        return null;
      case 'macros':
        return [];
      case 'unknown':
        break;
    }
    return [go];
  }

  #header(name: Uint8Array, value: Uint8Array): void {
    const written = Buffer.from(name).toString('latin1');
    if (OWN_HEADER.test(written))
      this.#mail.own.set(
        written.toLowerCase(),
        (this.#mail.own.get(written.toLowerCase()) ?? 0) + 1,
      );
    // Folds come with bare line feeds; on the wire they were CRLF, and a seal is computed over that.
    const text = Buffer.from(value).toString('latin1').replace(/\r?\n/g, '\r\n');
    this.#keep(Buffer.from(`${written}:${this.#leadingSpace ? '' : ' '}${text}\r\n`, 'latin1'));
  }

  async #finish(): Promise<MilterReply[]> {
    const bytes = Buffer.concat(this.#mail.chunks);
    const envelope: Envelope | undefined =
      this.#ip === '' ? undefined : { ip: this.#ip, helo: this.#helo, mailFrom: this.#sender };
    const removals: MilterReply[] = [...this.#mail.own].flatMap(([name, count]) =>
      // From the last to the first: taking one out moves those behind it.
      Array.from({ length: count }, (_, i): MilterReply => ({
        kind: 'change-header',
        index: count - i,
        name,
        value: '',
      })),
    );
    this.#mail = emptyMail();
    let decided: HookDecision;
    try {
      decided = await this.#decide({ bytes, envelope, recipients: this.#recipients });
    } catch {
      return this.#onFailure === 'open'
        ? [...removals, { kind: 'continue' }]
        : [{ kind: 'reply-code', text: `451 4.7.1 ${DEFER_TEXT}` }];
    }
    const { action, verdict, text } = decided;
    if (action === 'reject')
      return [{ kind: 'reply-code', text: `550 5.7.1 ${text ?? REFUSAL_TEXT}` }];
    if (action === 'defer')
      return [{ kind: 'reply-code', text: `451 4.7.1 ${text ?? DEFER_TEXT}` }];
    if (verdict === null) return [{ kind: 'continue' }];
    const header: MilterReply = {
      kind: 'insert-header',
      index: 0,
      name: VERDICT_HEADER,
      value: `${this.#leadingSpace ? ' ' : ''}${verdict}`,
    };
    const hold: MilterReply[] =
      action === 'quarantine'
        ? [{ kind: 'quarantine', reason: `Parley: ${verdict.split(';')[0] ?? ''}` }]
        : [];
    return [...removals, header, ...hold, { kind: 'continue' }];
  }
}
