// What changed between two directories, and when each change counts: removals at once, additions later.

import { encode, sameBytes } from '@parley/kernel';
import { directoryCodec, type Directory } from './directory.ts';

/** An addition waits this long unless a second officer released it: a taken-over client must not add a domain at once. */
export const ADDITION_DELAY_MS = 24 * 3600_000;

export type DirectoryChange = {
  readonly what: 'domain' | 'person' | 'address' | 'alias' | 'key' | 'relay' | 'policy';
  readonly how: 'added' | 'removed';
  /** The entry in a few words, as the party wrote it: print it through `visible`. */
  readonly entry: string;
};

type Entry = { readonly what: DirectoryChange['what']; readonly entry: string };

function entriesOf(directory: Directory | null): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const add = (what: Entry['what'], entry: string): void => {
    entries.set(`${what}\0${entry}`, { what, entry });
  };
  if (directory === null) return entries;
  for (const domain of directory.domains) add('domain', domain);
  for (const person of directory.people) {
    add('person', person.name);
    for (const alias of person.aliases) add('alias', `${person.name}: ${alias}`);
    for (const address of person.addresses) add('address', `${person.name}: ${address}`);
  }
  for (const key of directory.keys)
    add('key', `${key.selector}._domainkey.${key.domain} = ${key.record}`);
  for (const relay of directory.relays) add('relay', `${relay.kind} ${relay.domain}`);
  for (const policy of directory.policies) add('policy', policy.rule);
  return entries;
}

/** Changes in a stable order: removals first, then by kind and entry. */
export function directoryChanges(
  before: Directory | null,
  after: Directory,
): readonly DirectoryChange[] {
  const old = entriesOf(before);
  const now = entriesOf(after);
  const changes: DirectoryChange[] = [];
  for (const [key, entry] of old) if (!now.has(key)) changes.push({ ...entry, how: 'removed' });
  for (const [key, entry] of now) if (!old.has(key)) changes.push({ ...entry, how: 'added' });
  const order = (change: DirectoryChange): string =>
    `${change.how === 'removed' ? 0 : 1}${change.what}${change.entry}`;
  return changes.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** One sentence a change, for the counterpart's desk. */
export function describeChange(party: string, change: DirectoryChange): string {
  const verb = change.how === 'added' ? 'now lists' : 'no longer lists';
  const tail = change.how === 'added' ? '' : ' This holds at once.';
  return `${party} ${verb} the ${change.what} ${change.entry}.${tail}`;
}

/** A directory as received: when, and who of the party's officers released it beside the first. */
export type ReceivedDirectory = {
  readonly directory: Directory;
  /** When this desk received it, by its own clock. */
  readonly receivedMs: number;
  /** A second officer of the party countersigned it: its additions count at once. */
  readonly secondOfficer: boolean;
};

export type EffectiveDirectory = {
  /** What counts now; null before the first directory has come of age. */
  readonly directory: Directory | null;
  /** Additions that do not count yet, and when they will. */
  readonly waiting: readonly { readonly change: DirectoryChange; readonly fromMs: number }[];
  readonly expired: boolean;
};

function countsAt(received: ReceivedDirectory, first: boolean): number {
  return received.secondOfficer || first
    ? received.receivedMs
    : received.receivedMs + ADDITION_DELAY_MS;
}

/**
 * What counts at `nowMs`, from everything received in order of version. The first directory counts at once: there is
 * nothing yet that it could quietly change, and the channel was verified by voice. Of later ones, an entry counts when
 * every version since it appeared holds it and the delay has passed.
 */
export function effectiveDirectory(
  received: readonly ReceivedDirectory[],
  nowMs: number,
): EffectiveDirectory {
  const ordered = received.toSorted((a, b) => a.directory.version - b.directory.version);
  const newest = ordered.at(-1);
  if (newest === undefined) return { directory: null, waiting: [], expired: false };
  const since = new Map<string, number>();
  for (const [index, item] of ordered.entries()) {
    const entries = entriesOf(item.directory);
    for (const key of since.keys()) if (!entries.has(key)) since.delete(key);
    const from = countsAt(item, index === 0);
    for (const key of entries.keys()) since.set(key, Math.min(since.get(key) ?? from, from));
  }
  const counts = (what: Entry['what'], entry: string): boolean =>
    (since.get(`${what}\0${entry}`) ?? 0) <= nowMs;
  const { directory } = newest;
  const waiting = [...entriesOf(directory)]
    .filter(([key]) => (since.get(key) ?? 0) > nowMs)
    .map(([key, entry]) => ({
      change: { ...entry, how: 'added' as const },
      fromMs: since.get(key) ?? 0,
    }));
  const effective: Directory = {
    ...directory,
    domains: directory.domains.filter((domain) => counts('domain', domain)),
    people: directory.people
      .filter((person) => counts('person', person.name))
      .map((person) => ({
        ...person,
        aliases: person.aliases.filter((alias) => counts('alias', `${person.name}: ${alias}`)),
        addresses: person.addresses.filter((address) =>
          counts('address', `${person.name}: ${address}`),
        ),
      })),
    keys: directory.keys.filter((key) =>
      counts('key', `${key.selector}._domainkey.${key.domain} = ${key.record}`),
    ),
    relays: directory.relays.filter((relay) => counts('relay', `${relay.kind} ${relay.domain}`)),
  };
  const policies = [...directory.policies, ...loosened(ordered, nowMs)];
  return {
    directory: { ...effective, policies },
    waiting,
    expired: directory.expiresMs <= nowMs,
  };
}

/** Policies that were taken back too lately: a rule binds its party, so taking it back is what has to wait. */
function loosened(ordered: readonly ReceivedDirectory[], nowMs: number): Directory['policies'] {
  const kept = new Map<string, Directory['policies'][number]>();
  for (const [index, { directory, secondOfficer, receivedMs }] of ordered.entries()) {
    const takenBackMs = secondOfficer ? receivedMs : receivedMs + ADDITION_DELAY_MS;
    for (const policy of ordered[index - 1]?.directory.policies ?? [])
      if (!directory.policies.some(({ rule }) => rule === policy.rule) && takenBackMs > nowMs)
        kept.set(policy.rule, policy);
    for (const { rule } of directory.policies) kept.delete(rule);
  }
  return [...kept.values()];
}

/** True where two directories say the same, apart from version and times. */
export function sameContent(a: Directory, b: Directory): boolean {
  const plain = (directory: Directory): Uint8Array =>
    encode(directoryCodec, { ...directory, version: 0, issuedMs: 0, expiresMs: 0 });
  return sameBytes(plain(a), plain(b));
}
