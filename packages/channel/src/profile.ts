// The strict profile: the few kinds of commit a room makes and accepts. RFC 9420 allows many more; each of them is a
// way to be wrong (notes/protocol.md section 1), and none is needed, since settings travel as signed entries.

import { accept, refuse, type Verdict } from '@parley/kernel';
import type { Commit, KeyPackage } from 'ts-mls';

/** Members one commit may add or remove: a room holds 128 devices. */
export const DEVICES_MAX = 128;

/** What a commit of the profile does; never two of them at once. */
export type ProfileChange =
  | { readonly kind: 'add'; readonly keyPackages: readonly KeyPackage[] }
  | { readonly kind: 'remove'; readonly leaves: readonly number[] }
  | { readonly kind: 'update' };

/**
 * Accepts a commit that only adds, only removes, or only renews the committer's keys, with its proposals inside.
 * Refused by name: proposals by reference, updates by proposal, pre-shared keys, re-initialisation, external commits,
 * group-context extensions (alone or beside anything) and private proposal types; also a removal or renewal without
 * an update path, since a removed device could then compute the next epoch.
 */
export function checkProfile(commit: Commit): Verdict<ProfileChange, 'outside-profile'> {
  const outside = (detail: string): Verdict<never, 'outside-profile'> =>
    refuse('outside-profile', { detail });
  const keyPackages: KeyPackage[] = [];
  const leaves: number[] = [];
  for (const item of commit.proposals) {
    if (item.proposalOrRefType !== 'proposal') return outside('a proposal by reference');
    const { proposal } = item;
    if (proposal.proposalType === 'add') keyPackages.push(proposal.add.keyPackage);
    else if (proposal.proposalType === 'remove') leaves.push(proposal.remove.removed);
    else return outside(`a proposal of type ${proposal.proposalType}`);
  }
  if (keyPackages.length > 0 && leaves.length > 0) return outside('an add beside a remove');
  if (commit.proposals.length > DEVICES_MAX) return outside('more proposals than members');
  if (keyPackages.length > 0) return accept({ kind: 'add', keyPackages });
  if (commit.path === undefined) return outside('no update path');
  return accept(leaves.length > 0 ? { kind: 'remove', leaves } : { kind: 'update' });
}
