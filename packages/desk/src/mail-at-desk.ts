// What a person can do with mail at the desk: ask what the channels know, publish a directory, attest mails, close a day.

import type { Directory } from '@parley/mail';
import type { Context } from './context.ts';
import {
  attestationStatements,
  daySealStatement,
  directoryHistory,
  directoryStatement,
  mailKnowledge,
  type MailKnowledge,
} from './mail-statements.ts';
import type { Sent, Traffic } from './traffic.ts';

export class MailAtDesk {
  readonly #context: Context;
  readonly #traffic: Traffic;

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
  }

  /** What the channels (or one) know about the other parties' mail. */
  knowledge(name?: string): MailKnowledge {
    return mailKnowledge(this.#context, this.#context.openCards(name));
  }

  /** The directories published in a channel, newest first, each with what it changed. */
  directories(name: string): ReturnType<typeof directoryHistory> {
    return directoryHistory(this.#context, this.#context.openCard(name));
  }

  async publish(name: string, directory: Directory): Promise<Sent> {
    return this.#traffic.deliver(name, directoryStatement(directory));
  }

  /** Attests mails that this party sent; answers how many. */
  async attest(name: string, mails: readonly Uint8Array[]): Promise<number> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    vault.transaction(() => {
      for (const body of attestationStatements(this.#context, card, mails)) {
        this.#traffic.queue(card, body);
      }
    });
    await this.#traffic.exchangeIfReachable(name);
    return mails.length;
  }

  /** Closes a day: any other mail of it from what `covers` names counts as denied. Answers how many mails it counts. */
  async sealDay(name: string, terms: { day: string; covers: readonly string[] }): Promise<number> {
    await this.#traffic.exchangeIfReachable(name);
    const { body, count } = daySealStatement(this.#context, this.#context.openCard(name), terms);
    await this.#traffic.deliver(name, body);
    return count;
  }
}
