// What was drawn stays as it is where an answer says the same again: every news brings whole answers.

import { useState } from 'react';
import type { EntryView } from '../server/wire.ts';

function says(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The value of before, as long as the new one says the same. */
export function useSame<T>(value: T): T {
  const [kept, setKept] = useState(value);
  if (says(kept, value)) return kept;
  setKept(value);
  return value;
}

/** The entries as they are now; each that has not changed is the very one of before. */
export function sameEntries(
  before: readonly EntryView[],
  now: readonly EntryView[],
): readonly EntryView[] {
  const known = new Map(before.map((entry) => [entry.leaf, entry]));
  return now.map((entry) => {
    const old = entry.leaf === null ? undefined : known.get(entry.leaf);
    return old !== undefined && says(old, entry) ? old : entry;
  });
}
