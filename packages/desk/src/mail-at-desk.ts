// What a person can do with mail at the desk: ask what the channels know, publish a directory, attest mails, close a day.

import { readMessage, type Directory, type Message } from '@parley/mail';
import { readFolder } from '@parley/mail/node';
import type { Context, OpenCard } from './context.ts';
import type { Mode } from '@parley/disarm';
import { MailAccounts } from './mail-accounts.ts';
import { SentMail, addresseesOf, isAddressed, type Addressees, type Taken } from './mail-sent.ts';
import {
  daySealStatement,
  directoryHistory,
  directoryStatement,
  requireNoAdditions,
  mailKnowledge,
  type MailKnowledge,
} from './mail-statements.ts';
import { rulesOf } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { requireThawed, type Sent, type Traffic } from './traffic.ts';

/** How many statements wait at most before they are sent: an interrupted run then has little left to send. */
const SEND_EVERY = 50;

export type FolderAttested = {
  /** Mails that were looked at, newly attested, attested before, and to somebody else. */
  readonly seen: number;
  readonly attested: number;
  readonly known: number;
  readonly others: number;
  /** Days that are sealed and of which the folder holds mails that were never attested. */
  readonly sealedDays: readonly string[];
};

export class MailAtDesk {
  readonly #context: Context;
  readonly #traffic: Traffic;
  /** Mailboxes of this desk, with their passwords in the vault. */
  readonly accounts: MailAccounts;

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
    this.accounts = new MailAccounts(context);
  }

  /** What the channels (or one) know about the other parties' mail. */
  knowledge(name?: string): MailKnowledge {
    return mailKnowledge(this.#context, this.#context.openCards(name));
  }

  /** How files of mails are rebuilt: as the strictest posture among these channels asks. */
  fileMode(name?: string): Mode {
    const modes = this.#context
      .openCards(name)
      .map((card) => rulesOf(this.#context, card).rules.disarmMode);
    return modes.includes('pixel') ? 'pixel' : 'structure';
  }

  /** Takes in what has arrived, as far as the relays can be reached: alarms wait for the person's next sync. */
  async takeIn(name?: string): Promise<void> {
    for (const card of this.#context.openCards(name))
      await this.#traffic.exchangeIfReachable(card.name);
  }

  /** The directories published in a channel, newest first, each with what it changed. */
  directories(name: string): ReturnType<typeof directoryHistory> {
    return directoryHistory(this.#context, this.#context.openCard(name));
  }

  async publish(name: string, directory: Directory): Promise<Sent> {
    requireNoAdditions(this.#context, this.#context.openCard(name), directory);
    return this.#traffic.deliver(name, directoryStatement(directory));
  }

  /** Attests mails that this party sent, all or none; answers how many were not attested before. */
  async attest(name: string, mails: readonly Uint8Array[]): Promise<number> {
    const card = this.#context.openCard(name);
    requireThawed(card);
    const sent = new SentMail(this.#context, card);
    const count = this.#context.vault.transaction(() => {
      let attested = 0;
      for (const mail of mails) {
        const taken = sent.take(readMessage(mail));
        if (taken.kind === 'day-sealed') throw daySealed(taken.day);
        if (this.#queue(card, taken)) attested++;
      }
      return attested;
    });
    await this.#traffic.exchangeIfReachable(name);
    return count;
  }

  /**
   * Attests what a folder holds for the counterpart, from where the last run stopped: a kill repeats nothing and leaves
   * nothing out. Without `to`, the counterpart is who the directories in the channel list.
   */
  async attestFolder(
    name: string,
    from: {
      readonly account: string;
      /** Null: the folder of sent mail. */
      readonly folder: string | null;
      readonly to: Addressees;
      /** Only on the first run: how far back. */
      readonly since: Date | null;
      readonly onProgress: (seen: number) => void;
    },
  ): Promise<FolderAttested> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    requireThawed(card);
    const to = this.addressees(name, from.to);
    const sent = new SentMail(this.#context, card);
    const place = ['attest', card.name, from.account, from.folder ?? ''];
    const position = this.accounts.position(place);
    const counts = { seen: 0, attested: 0, known: 0, others: 0 };
    const sealedDays = new Set<string>();
    let nextSend = SEND_EVERY;
    const mails = readFolder(this.accounts.access(from.account), {
      folder: from.folder,
      position,
      since: position === null ? from.since : null,
    });
    try {
      for await (const mail of mails) {
        const message = readMessage(mail.bytes);
        vault.transaction(() => {
          counts.seen++;
          if (isAddressed(message.recipients, to)) {
            const taken = sent.take(message);
            if (taken.kind === 'day-sealed') sealedDays.add(taken.day);
            else if (this.#queue(card, taken)) counts.attested++;
            else counts.known++;
          } else counts.others++;
          this.accounts.keepPosition(place, mail.position);
        });
        from.onProgress(counts.seen);
        if (counts.attested < nextSend) continue;
        nextSend = counts.attested + SEND_EVERY;
        await this.#traffic.exchangeIfReachable(name);
      }
    } finally {
      await this.#traffic.exchangeIfReachable(name);
    }
    return { ...counts, sealedDays: [...sealedDays].toSorted() };
  }

  /**
   * One mail on its way out, at the mail server. Attested durably when this returns, and sent with the next `takeIn`:
   * the mail does not wait for a relay.
   */
  attestOutgoing(
    name: string,
    mail: { readonly message: Message; readonly recipients: readonly string[] },
    to: Addressees,
  ): 'attested' | 'known' | 'other' {
    const card = this.#context.openCard(name);
    requireThawed(card);
    const { message, recipients } = mail;
    if (!isAddressed([...recipients, ...message.recipients], to)) return 'other';
    const sent = new SentMail(this.#context, card);
    return this.#context.vault.transaction(() => {
      const taken = sent.take(message);
      if (taken.kind === 'day-sealed') throw daySealed(taken.day);
      return this.#queue(card, taken) ? 'attested' : 'known';
    });
  }

  /** Whose mail is attested in a channel: those given, else the counterpart as the directories list it. */
  addressees(name: string, given: Addressees): Addressees {
    if (given.length > 0) return given.map((one) => one.toLowerCase());
    const card = this.#context.openCard(name);
    const found = addresseesOf(this.#context, card, this.knowledge(name).directories);
    if (found.length > 0) return found;
    throw new DeskRefusal('wrong-use', 'no-addressees', {
      message: 'No verified party of this channel has published a directory of its mail.',
      next: 'say whose mail is attested, with --to DOMAIN or --to ADDRESS',
    });
  }

  /** Queues what `taken` asks for; false where the mail was attested before. */
  #queue(card: OpenCard, taken: Taken): boolean {
    if (taken.kind !== 'attest') return false;
    for (const body of taken.bodies) this.#traffic.queue(card, body);
    return true;
  }

  /** Closes a day: any other mail of it from what `covers` names counts as denied. Answers how many mails it counts. */
  async sealDay(name: string, terms: { day: string; covers: readonly string[] }): Promise<number> {
    await this.#traffic.exchangeIfReachable(name);
    const { body, count } = daySealStatement(this.#context, this.#context.openCard(name), terms);
    await this.#traffic.deliver(name, body);
    return count;
  }
}

function daySealed(day: string): DeskRefusal {
  return new DeskRefusal('policy', 'day-sealed', {
    message: `The day ${day} is sealed: you have stated that every mail of it is attested.`,
    next: 'a mail of a sealed day cannot be attested any more',
  });
}
