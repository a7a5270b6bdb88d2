// The attestations one desk holds of one party, opened and indexed.

import { toHex, type Crypto } from '@parley/kernel';
import type { Message } from '../message/message.ts';
import { locators } from './fingerprint.ts';
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
  /** Details by locator, in hexadecimal. */
  readonly byLocator: ReadonlyMap<string, Details>;
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
  const keys = new Map(held.dayKeys.map((key) => [key.day, key]));
  const byLocator = new Map<string, Details>();
  let unreadable = 0;
  for (const statement of held.statements) {
    const key = keys.get(statement.day);
    const opened = key === undefined ? null : openStatement(crypto, statement, key);
    if (opened?.ok !== true) {
      unreadable++;
      continue;
    }
    for (const locator of opened.value.locators) byLocator.set(toHex(locator), opened.value);
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

/** The statement about this mail, if there is one: one keyed hash for each day held. */
export function findDetails(book: AttestationBook, message: Message): Details | null {
  for (const dayKey of book.dayKeys.toReversed())
    for (const locator of locators(book.crypto, message, dayKey.key)) {
      const found = book.byLocator.get(toHex(locator));
      if (found !== undefined) return found;
    }
  return null;
}
