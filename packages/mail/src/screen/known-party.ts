// A directory prepared for screening: names, domains and addresses in the form they are compared in.

import {
  firstLookAlike,
  isWithin,
  knownDomains,
  type KnownDomain,
  type LookAlike,
} from '../domains/look-alike.ts';
import type { Directory, DirectoryPerson, PolicyWord } from '../directory/directory.ts';
import {
  candidateName,
  findName,
  knownName,
  nameIndex,
  type NameIndex,
  type NameMatch,
} from '../names/name-match.ts';

export type KnownParty = {
  readonly directory: Directory;
  readonly domains: readonly KnownDomain[];
  readonly addresses: ReadonlySet<string>;
  /** Answers of `lookAlikeOf`. */
  readonly hosts: Map<string, LookAlike | null>;
  readonly names: NameIndex<DirectoryPerson>;
  /** The party's own name, as a sender. */
  readonly itself: NameIndex<DirectoryPerson>;
};

const prepared = new WeakMap<Directory, KnownParty>();

/** Prepares a directory once per object. */
export function knownParty(directory: Directory): KnownParty {
  const ready = prepared.get(directory);
  if (ready !== undefined) return ready;
  const itself = knownName(directory.party, true);
  const party: KnownParty = {
    directory,
    domains: directory.domains.flatMap((domain) => knownDomains(domain)),
    addresses: new Set(directory.people.flatMap(({ addresses }) => addresses)),
    hosts: new Map(),
    itself: nameIndex(
      itself === null
        ? []
        : [{ known: itself, owner: { name: directory.party, aliases: [], addresses: [] } }],
    ),
    names: nameIndex(
      directory.people.flatMap((owner) =>
        [owner.name, ...owner.aliases]
          .map((spelling) => knownName(spelling))
          .filter((known) => known !== null)
          .map((known) => ({ known, owner })),
      ),
    ),
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

const HOSTS_KEPT = 20_000;

/** What a host passes for; remembered, since a mailbox meets the same hosts again and again. */
export function lookAlikeOf(party: KnownParty, host: string): LookAlike | null {
  const known = party.hosts.get(host);
  if (known !== undefined) return known;
  const found = firstLookAlike(host, party.domains);
  if (party.hosts.size < HOSTS_KEPT) party.hosts.set(host, found);
  return found;
}

export function isListedRelay(party: KnownParty, host: string): boolean {
  return party.directory.relays.some(({ domain }) => isWithin(host, domain));
}

/** Since when the party says so; null where it does not. */
export function policySince(party: KnownParty, rule: PolicyWord): number | null {
  return party.directory.policies.find((policy) => policy.rule === rule)?.sinceMs ?? null;
}

/** The listed person that a display name claims to be: the closest spelling. */
export function matchPerson(
  party: KnownParty,
  name: string,
): { readonly person: DirectoryPerson; readonly match: NameMatch } | null {
  if (name.trim() === '') return null;
  const found = findName(candidateName(name), party.names);
  return found === null ? null : { person: found.owner, match: found.match };
}

/** The party's own name as the whole display name: the ministry itself seems to write. */
export function matchParty(
  party: KnownParty,
  name: string,
): { readonly person: DirectoryPerson; readonly match: NameMatch } | null {
  if (name.trim() === '') return null;
  const found = findName(candidateName(name), party.itself);
  return found === null ? null : { person: found.owner, match: found.match };
}
