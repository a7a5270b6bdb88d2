// A directory prepared for screening: names, domains and addresses in the form they are compared in.

import { isWithin, knownDomains, type KnownDomain } from '../domains/look-alike.ts';
import type { Directory, DirectoryPerson, PolicyWord } from '../directory/directory.ts';
import {
  candidateName,
  knownName,
  matchName,
  type KnownName,
  type NameMatch,
} from '../names/name-match.ts';

export type KnownPerson = {
  readonly person: DirectoryPerson;
  readonly names: readonly KnownName[];
};

export type KnownParty = {
  readonly directory: Directory;
  readonly domains: readonly KnownDomain[];
  readonly addresses: ReadonlySet<string>;
  readonly people: readonly KnownPerson[];
};

const prepared = new WeakMap<Directory, KnownParty>();

/** Prepares a directory once per object. */
export function knownParty(directory: Directory): KnownParty {
  const ready = prepared.get(directory);
  if (ready !== undefined) return ready;
  const party: KnownParty = {
    directory,
    domains: directory.domains.flatMap((domain) => knownDomains(domain)),
    addresses: new Set(directory.people.flatMap(({ addresses }) => addresses)),
    people: directory.people.map((person) => ({
      person,
      names: [person.name, ...person.aliases]
        .map((spelling) => knownName(spelling))
        .filter((known) => known !== null),
    })),
  };
  prepared.set(directory, party);
  return party;
}

export function isOfficialHost(party: KnownParty, host: string): boolean {
  return party.directory.domains.some((domain) => isWithin(host, domain));
}

/** An address of the party: listed, or under one of its domains. */
export function isOfficialAddress(party: KnownParty, address: string): boolean {
  const lower = address.toLowerCase();
  return (
    party.addresses.has(lower) || isOfficialHost(party, lower.slice(lower.lastIndexOf('@') + 1))
  );
}

export function isListedRelay(party: KnownParty, host: string): boolean {
  return party.directory.relays.some(({ domain }) => isWithin(host, domain));
}

/** Since when the party says so; null where it does not. */
export function policySince(party: KnownParty, rule: PolicyWord): number | null {
  return party.directory.policies.find((policy) => policy.rule === rule)?.sinceMs ?? null;
}

const STRENGTH = { same: 0, alike: 1, near: 2 } as const;

/** The listed person that a display name claims to be: the closest spelling. */
export function matchPerson(
  party: KnownParty,
  name: string,
): { readonly person: DirectoryPerson; readonly match: NameMatch } | null {
  let best: { person: DirectoryPerson; match: NameMatch } | null = null;
  if (name.trim() === '') return null;
  const candidate = candidateName(name);
  for (const { person, names } of party.people)
    for (const known of names) {
      const match = matchName(candidate, known);
      if (match !== null && (best === null || STRENGTH[match.how] < STRENGTH[best.match.how]))
        best = { person, match };
      if (best?.match.how === 'same') return best;
    }
  return best;
}
