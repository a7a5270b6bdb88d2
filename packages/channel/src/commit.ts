// Commits of our own making: one kind at a time, over a checkpoint, and what to keep if it wins or loses its race.

import { accept, assert, refuse, sameBytes, type Verdict } from '@parley/kernel';
import { createCommit, emptyPskIndex, encodeMlsMessage, type Proposal } from 'ts-mls';
import { consumeRatchet } from 'ts-mls/secretTree.js';
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { readMessage } from './group.ts';
import { decodeKeyPackage } from './key-package.ts';
import { attempt, leafOf, pruned, type Group } from './mls-state.ts';
import { ciphersuite, type SuitePorts } from './suite.ts';

/** What a member asks its own group to do. Ids are device ids. */
export type Change =
  | { readonly kind: 'add'; readonly keyPackages: readonly Uint8Array[] }
  | { readonly kind: 'remove'; readonly devices: readonly Uint8Array[] }
  | { readonly kind: 'update' };

export type MadeCommit = {
  readonly message: Uint8Array;
  /** For the added devices, all in one. */
  readonly welcome: Uint8Array | null;
  /** To be kept if the commit loses its race: the used ratchet key is gone from it. */
  readonly spent: Group;
  /** To be taken if it wins. */
  readonly next: Group;
};

function proposalsFor(
  group: Group,
  change: Change,
): Verdict<Proposal[], 'no-such-device' | 'bad-key-package'> {
  if (change.kind === 'update') return accept([]);
  if (change.kind === 'add') {
    const proposals: Proposal[] = [];
    for (const bytes of change.keyPackages) {
      const keyPackage = decodeKeyPackage(bytes);
      if (keyPackage === undefined) return refuse('bad-key-package');
      proposals.push({ proposalType: 'add', add: { keyPackage } });
    }
    return proposals.length > 0 ? accept(proposals) : refuse('no-such-device');
  }
  const proposals: Proposal[] = [];
  for (const device of change.devices) {
    const node = group.state.ratchetTree.findIndex(
      (found) => found?.nodeType === 'leaf' && sameBytes(leafOf(found.leaf).device, device),
    );
    if (node < 0) return refuse('no-such-device');
    proposals.push({ proposalType: 'remove', remove: { removed: node / 2 } });
  }
  return proposals.length > 0 ? accept(proposals) : refuse('no-such-device');
}

/**
 * Makes one commit of the strict profile; `checkpoint` becomes its authenticated data.
 * Refuses key packages that MLS cannot add and devices that are not there.
 */
export async function makeCommit(
  ports: SuitePorts,
  group: Group,
  change: Change,
  checkpoint: Uint8Array,
): Promise<Verdict<MadeCommit, 'no-such-device' | 'bad-key-package'>> {
  const cs = ciphersuite(ports, group.suite);
  const proposals = proposalsFor(group, change);
  if (!proposals.ok) return proposals;
  const made = await attempt(() =>
    createCommit(
      { state: group.state, cipherSuite: cs, pskIndex: emptyPskIndex },
      {
        extraProposals: proposals.value,
        ratchetTreeExtension: true,
        authenticatedData: checkpoint,
      },
    ),
  );
  // MLS itself refuses to remove the committer, to remove one device twice, and key packages that do not hold.
  if (made === undefined)
    return refuse(change.kind === 'add' ? 'bad-key-package' : 'no-such-device');
  const message = encodeMlsMessage(made.commit);

  // What left us obeys the profile by outcome, not by intention.
  const readBack = await readMessage(ports, group, message);
  assert(readBack.ok && readBack.value.kind === 'commit', 'our own commit obeys the profile');
  assert(sameBytes(readBack.value.commit.checkpoint, checkpoint), 'it carries the checkpoint');

  const own = leafToNodeIndex(toLeafIndex(group.state.privatePath.leafIndex));
  const { newTree } = await consumeRatchet(group.state.secretTree, own, 'commit', cs);
  return accept({
    message,
    welcome:
      made.welcome === undefined
        ? null
        : encodeMlsMessage({
            version: 'mls10',
            wireformat: 'mls_welcome',
            welcome: made.welcome,
          }),
    spent: { ...group, state: { ...group.state, secretTree: newTree } },
    next: { ...group, state: pruned(made.newState) },
  });
}
