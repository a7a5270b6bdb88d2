// Mails that this party sent, on their way onto the record: each is attested once, and none of a day that is sealed.

import { decode, encode, toHex, type Decoded } from '@parley/kernel';
import {
  attest,
  dayKeyCodec,
  dayOf,
  daySealCodec,
  decodeDirectory,
  mailDigest,
  newDayKey,
  statementCodec,
  type Directory,
  type Message,
} from '@parley/mail';
import type { Context, OpenCard } from './context.ts';
import { statements, type Statement } from './statements.ts';

type DayKey = Decoded<typeof dayKeyCodec>;

export type Taken =
  /** The entries to queue: the day's key first where it is new, then the statement. */
  | { readonly kind: 'attest'; readonly bodies: readonly Statement['body'][] }
  /** It was attested in this channel before. */
  | { readonly kind: 'known' }
  /** Its day is sealed: the party has stated that there are no more. */
  | { readonly kind: 'day-sealed'; readonly day: string };

const KEYS = 'mail-day-key';
const ATTESTED = 'mail-attested';

/** The sending side of one channel. Made anew after an exchange, since another desk of the party may have sealed a day. */
export class SentMail {
  readonly #context: Context;
  readonly #room: string;
  readonly #sealed: ReadonlySet<string>;

  constructor(context: Context, card: OpenCard) {
    this.#context = context;
    this.#room = toHex(card.room);
    this.#sealed = sealedDays(context, card);
  }

  /** Call it inside a transaction that also queues what it answers: it notes the mail as attested. */
  take(message: Message): Taken {
    const { ports, vault } = this.#context;
    const place = `${this.#room}:${toHex(mailDigest(ports.crypto, message))}`;
    if (vault.get(ATTESTED, place) !== undefined) return { kind: 'known' };
    const day = dayOf(message.dateMs ?? ports.clock.nowMs());
    if (this.#sealed.has(day)) return { kind: 'day-sealed', day };
    const bodies: Statement['body'][] = [];
    const statement = attest(ports, message, this.#keyOf(day, bodies));
    bodies.push({ kind: 'mail-attestation', statement: encode(statementCodec, statement) });
    vault.put(ATTESTED, place, statement.id);
    return { kind: 'attest', bodies };
  }

  #keyOf(day: string, bodies: Statement['body'][]): DayKey {
    const { ports, vault } = this.#context;
    const stored = vault.get(KEYS, `${this.#room}:${day}`);
    const known = stored === undefined ? undefined : decode(dayKeyCodec, stored);
    if (known?.ok === true) return known.value;
    const key = newDayKey(ports, day);
    const encoded = encode(dayKeyCodec, key);
    vault.put(KEYS, `${this.#room}:${day}`, encoded);
    bodies.push({ kind: 'mail-day-key', key: encoded });
    return key;
  }
}

function sealedDays(context: Context, card: OpenCard): ReadonlySet<string> {
  const days = new Set<string>();
  for (const { mine, body } of statements(context, card, ['mail-count'])) {
    if (!mine || body.kind !== 'mail-count') continue;
    const seal = decode(daySealCodec, body.count);
    if (seal.ok) days.add(seal.value.day);
  }
  return days;
}

/** Domains and addresses of the counterpart's people: mail to anybody else is no business of the channel. */
export type Addressees = readonly string[];

/**
 * Who counts as the counterpart: what the other parties' directories list, and the lists that our own directory names,
 * since mail reaches them through these too.
 */
export function addresseesOf(
  context: Context,
  card: OpenCard,
  theirs: readonly Directory[],
): Addressees {
  const found = new Set<string>();
  for (const { domains, people } of theirs) {
    for (const domain of domains) found.add(domain);
    for (const address of people.flatMap(({ addresses }) => addresses)) found.add(address);
  }
  for (const { mine, body } of statements(context, card, ['mail-directory'])) {
    if (!mine || body.kind !== 'mail-directory') continue;
    const own = decodeDirectory(body.directory);
    if (own.ok)
      for (const { kind, domain } of own.value.relays) if (kind === 'list') found.add(domain);
  }
  return [...found];
}

/** Whether a mail to these recipients is for one of them. A domain covers what is under it. */
export function isAddressed(recipients: readonly string[], addressees: Addressees): boolean {
  return recipients.some((recipient) => {
    const address = recipient.toLowerCase();
    const domain = address.slice(address.lastIndexOf('@') + 1);
    return addressees.some((one) =>
      one.includes('@') ? one === address : domain === one || domain.endsWith(`.${one}`),
    );
  });
}
