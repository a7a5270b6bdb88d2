// The attestations one desk holds of one party, opened and indexed.

import { toHex, type Crypto } from '@parley/kernel';
import type { Message } from '../message/message.ts';
import { forwardLocator, locators } from './fingerprint.ts';
import {
  openStatement,
  sealIsComplete,
  type DayKey,
  type DaySeal,
  type Statement,
} from './statement.ts';
import { type Details } from './details.ts';

export type AttestationBook = {
  readonly party: string;
  readonly crypto: Crypto;
  readonly dayKeys: readonly DayKey[];
  /** Details by locator, in hexadecimal. A mail may be attested twice: as it was submitted, and from the folder of sent mail. */
  readonly byLocator: ReadonlyMap<string, readonly Details[]>;
  /** Seals whose statements are all here, by day. */
  readonly seals: ReadonlyMap<string, DaySeal>;
  /** Statements that did not open, and seals that count statements we lack. */
  readonly unreadable: number;
  readonly incompleteDays: readonly string[];
};

/** Opens everything that opens; the rest is counted, never guessed. */
export function openBook(
  crypto: Crypto,
  held: {
    readonly party: string;
    readonly dayKeys: readonly DayKey[];
    readonly statements: readonly Statement[];
    readonly seals: readonly DaySeal[];
  },
): AttestationBook {
  // Two desks of one party may each have made a key for the same day.
  const keys = Map.groupBy(held.dayKeys, ({ day }) => day);
  const byLocator = new Map<string, Details[]>();
  let unreadable = 0;
  for (const statement of held.statements) {
    const opened = (keys.get(statement.day) ?? [])
      .map((key) => openStatement(crypto, statement, key))
      .find(({ ok }) => ok);
    if (opened?.ok !== true) {
      unreadable++;
      continue;
    }
    for (const locator of opened.value.locators) {
      const name = toHex(locator);
      const twins = byLocator.get(name);
      if (twins === undefined) byLocator.set(name, [opened.value]);
      else twins.push(opened.value);
    }
  }
  const seals = new Map<string, DaySeal>();
  const incompleteDays: string[] = [];
  for (const seal of held.seals) {
    if (sealIsComplete(crypto, seal, held.statements)) seals.set(seal.day, seal);
    else incompleteDays.push(seal.day);
  }
  return {
    party: held.party,
    crypto,
    dayKeys: held.dayKeys,
    byLocator,
    seals,
    unreadable,
    incompleteDays,
  };
}

/** The statements about this mail, by its id first: one or two keyed hashes for each day held. */
export function findDetails(book: AttestationBook, message: Message): readonly Details[] {
  const named = book.dayKeys.map(({ key }) => locators(book.crypto, message, key));
  const found = new Set<Details>();
  for (let kind = 0; kind < 2; kind++)
    for (const locator of named.flatMap((list) => list[kind] ?? []))
      for (const details of book.byLocator.get(toHex(locator)) ?? []) found.add(details);
  return [...found];
}

/** The statements that a mail forwarded as text may be about. */
export function forwardedDetails(
  book: AttestationBook,
  named: { readonly from: string; readonly subject: string },
): readonly Details[] {
  return book.dayKeys.flatMap(
    (dayKey) => book.byLocator.get(toHex(forwardLocator(book.crypto, named, dayKey.key))) ?? [],
  );
}
