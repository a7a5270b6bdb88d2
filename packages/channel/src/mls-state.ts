// An MLS group as an immutable value: who is in it, what its epoch shares, and its bytes.
//
// Together with key-package.ts, group.ts and commit.ts this is the one place that speaks to ts-mls. Surprises of 1.6.4
// handled in them: a retention of 0 epochs keeps all of them, so past epochs are dropped by hand; keys of blanked tree
// nodes stay in the state, so they are cut out; the ratchet of a commit that lost its race is not advanced, so it is
// advanced by hand; `processMessage` hides sender and authenticated data.

import { accept, assert, refuse, sameBytes, type Verdict } from '@parley/kernel';
import {
  decodeGroupState,
  decodeMlsMessage,
  defaultKeyPackageEqualityConfig,
  defaultLifetimeConfig,
  encodeGroupState,
  mlsExporter,
  type ClientConfig,
  type ClientState,
  type LeafNode,
  type MLSMessage,
} from 'ts-mls';
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { ciphersuite, HOUSE_SUITE, type SuiteId, type SuitePorts } from './suite.ts';

/** A device in a group: its id on the record and its MLS signing key. */
export type Leaf = { readonly device: Uint8Array; readonly mlsKey: Uint8Array };

/** A device's view of a group at one epoch. Secrets inside: whoever stores it seals it. */
export type Group = { readonly suite: SuiteId; readonly state: ClientState };

/** Lost races one sender may have in one epoch before receivers give up on its next message. */
const LOST_RACES_MAX = 4096;

export const CONFIG: ClientConfig = {
  // The relay's total order means that no message ever arrives after a later one of the same sender.
  keyRetentionConfig: {
    retainKeysForGenerations: 0,
    retainKeysForEpochs: 0,
    maximumForwardRatchetSteps: LOST_RACES_MAX,
  },
  // A wrong clock must not lock anyone out: certificates and the record say who may be here, not dates.
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  // The envelope around the message is padded instead.
  paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
  // Credentials are device ids, checked against the record by the room before a commit is applied.
  authService: { validateCredential: async (credential) => credential.credentialType === 'basic' },
};

/** Runs ts-mls on a stranger's bytes: whatever it throws means that it could not use them. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

export function leafOf(node: LeafNode): Leaf {
  const { credential } = node;
  const device = credential.credentialType === 'basic' ? credential.identity : new Uint8Array(0);
  return { device, mlsKey: node.signaturePublicKey };
}

export function leafAt(state: ClientState, index: number): Leaf | undefined {
  const node = state.ratchetTree[leafToNodeIndex(toLeafIndex(index))];
  return node?.nodeType === 'leaf' ? leafOf(node.leaf) : undefined;
}

/** The devices of a group, in the order of their leaves. */
export function members(group: Group): readonly Leaf[] {
  return group.state.ratchetTree.flatMap((node) =>
    node?.nodeType === 'leaf' ? [leafOf(node.leaf)] : [],
  );
}

export function epochOf(group: Group): number {
  return Number(group.state.groupContext.epoch);
}

/** The name of the group: a room's id. */
export function groupIdOf(group: Group): Uint8Array {
  return group.state.groupContext.groupId;
}

/** Equal for two devices exactly if they agree on members, record checkpoints and all commits so far. */
export function epochAuthenticator(group: Group): Uint8Array {
  return group.state.keySchedule.epochAuthenticator;
}

/** False once a commit has removed this device. */
export function isActive(group: Group): boolean {
  return group.state.groupActiveState.kind === 'active';
}

/** Without past epochs and without keys of tree nodes that are blank now. */
export function pruned(state: ClientState): ClientState {
  const { privatePath, ratchetTree } = state;
  const privateKeys = Object.fromEntries(
    Object.entries(privatePath.privateKeys).filter(([node]) => ratchetTree[Number(node)]),
  );
  return {
    ...state,
    historicalReceiverData: new Map(),
    privatePath: { ...privatePath, privateKeys },
  };
}

export function decodeMessage(message: Uint8Array): MLSMessage | undefined {
  try {
    const decoded = decodeMlsMessage(message, 0);
    return decoded !== undefined && decoded[1] === message.length ? decoded[0] : undefined;
  } catch {
    return undefined;
  }
}

export const sameLeaf = (a: Leaf, b: Leaf): boolean =>
  sameBytes(a.device, b.device) && sameBytes(a.mlsKey, b.mlsKey);

/** A secret of this epoch that all its devices share and nobody else has (RFC 9420 section 8.5). */
export async function exportSecret(
  ports: SuitePorts,
  group: Group,
  use: { label: string; context: Uint8Array; length: number },
): Promise<Uint8Array> {
  const cs = ciphersuite(ports, group.suite);
  const { exporterSecret } = group.state.keySchedule;
  return mlsExporter(exporterSecret, use.label, use.context, use.length, cs);
}

/** Bytes for the vault, secrets in plain: no key of a past epoch is in them. */
export function encodeGroup(group: Group): Uint8Array {
  assert(group.state.historicalReceiverData.size === 0, 'no past epoch is kept');
  return encodeGroupState(group.state);
}

export function decodeGroup(
  encoded: Uint8Array,
  suite: SuiteId = HOUSE_SUITE,
): Verdict<Group, 'malformed'> {
  try {
    const decoded = decodeGroupState(encoded, 0);
    if (decoded === undefined || decoded[1] !== encoded.length) return refuse('malformed');
    return accept({ suite, state: { ...decoded[0], clientConfig: CONFIG } });
  } catch {
    return refuse('malformed');
  }
}
