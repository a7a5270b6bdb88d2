// The one place that speaks to ts-mls: an MLS group under the strict profile, as immutable values.
//
// Surprises of ts-mls 1.6.4 that are handled here and nowhere else: a retention of 0 epochs keeps all of them, so past
// epochs are dropped by hand; the ratchet of a commit that lost its race is not advanced, so it is advanced by hand;
// keys of blanked tree nodes stay in the state, so they are cut out; `processMessage` hides sender and AAD.

import {
  accept,
  assert,
  bytes,
  decode,
  encode,
  refuse,
  sameBytes,
  struct,
  type KeyPair,
  type Verdict,
} from '@parley/kernel';
import {
  createApplicationMessage,
  createCommit,
  createGroup as createMlsGroup,
  decodeGroupState,
  decodeMlsMessage,
  defaultKeyPackageEqualityConfig,
  defaultLifetimeConfig,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  joinGroup as joinMlsGroup,
  mlsExporter,
  processPrivateMessage,
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  type KeyPackage,
  type LeafNode,
  type MLSMessage,
  type PrivateMessage,
  type Proposal,
} from 'ts-mls';
import { verifyKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { consumeRatchet } from 'ts-mls/secretTree.js';
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { checkProfile } from './profile.ts';
import { ciphersuite, HOUSE_SUITE, type SuiteId, type SuitePorts } from './suite.ts';

/** A device in a group: its id on the record and its MLS signing key. */
export type Leaf = { readonly device: Uint8Array; readonly mlsKey: Uint8Array };

/** A device's view of a group at one epoch. Secrets inside: whoever stores it seals it. */
export type Group = { readonly suite: SuiteId; readonly state: ClientState };

export type GroupReason =
  /** Not an MLS private message. */
  | 'malformed'
  /** Of another group or epoch, by nobody in it, changed on the way, or read before. */
  | 'unreadable'
  /** A member's, and genuine, but of a kind the strict profile forbids. */
  | 'outside-profile';

/** A message as its sender meant it; for a commit nothing has happened yet: see `applyCommit`. */
export type GroupMessage =
  | {
      readonly kind: 'content';
      readonly sender: Leaf;
      readonly content: Uint8Array;
      readonly group: Group;
    }
  | { readonly kind: 'commit'; readonly sender: Leaf; readonly commit: ReadCommit };

export type ReadCommit = {
  readonly message: PrivateMessage;
  /** The authenticated data: covered by the committer's signature and by the next epoch's keys. */
  readonly checkpoint: Uint8Array;
  readonly change: 'add' | 'remove' | 'update';
  readonly added: readonly Leaf[];
  readonly removed: readonly Leaf[];
};

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

/** Lost races one sender may have in one epoch before receivers give up on its next message. */
const LOST_RACES_MAX = 4096;

const CONFIG: ClientConfig = {
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

const LIFETIME = { notBefore: 0n, notAfter: 0x7fff_ffff_ffff_ffffn };

/** Runs ts-mls on a stranger's bytes: whatever it throws means that it could not use them. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function leafOf(node: LeafNode): Leaf {
  const { credential } = node;
  const device = credential.credentialType === 'basic' ? credential.identity : new Uint8Array(0);
  return { device, mlsKey: node.signaturePublicKey };
}

function leafAt(state: ClientState, index: number): Leaf | undefined {
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

/** Equal for two devices exactly if they agree on members, record checkpoints and all commits so far. */
export function epochAuthenticator(group: Group): Uint8Array {
  return group.state.keySchedule.epochAuthenticator;
}

/** False once a commit has removed this device. */
export function isActive(group: Group): boolean {
  return group.state.groupActiveState.kind === 'active';
}

/** Without past epochs and without keys of tree nodes that are blank now. */
function pruned(state: ClientState): ClientState {
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

function capabilities(cs: CiphersuiteImpl): {
  versions: ['mls10'];
  ciphersuites: [CiphersuiteImpl['name']];
  extensions: number[];
  proposals: number[];
  credentials: ['basic'];
} {
  return {
    versions: ['mls10'],
    ciphersuites: [cs.name],
    extensions: [],
    proposals: [],
    credentials: ['basic'],
  };
}

const keySecretCodec = struct({
  init: bytes({ max: 66, min: 32 }),
  leaf: bytes({ max: 66, min: 32 }),
  signature: bytes({ max: 66, min: 32 }),
});

/** A key package for one admission, and its secret half, which opens the welcome. */
export async function makeKeyPackage(
  ports: SuitePorts,
  device: Uint8Array,
  mls: KeyPair,
  suite: SuiteId = HOUSE_SUITE,
): Promise<{ keyPackage: Uint8Array; secret: Uint8Array }> {
  const cs = ciphersuite(ports, suite);
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: device },
    capabilities(cs),
    LIFETIME,
    [],
    { publicKey: mls.publicKey, signKey: mls.secretKey },
    cs,
  );
  return {
    keyPackage: encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_key_package',
      keyPackage: publicPackage,
    }),
    secret: encode(keySecretCodec, {
      init: privatePackage.initPrivateKey,
      leaf: privatePackage.hpkePrivateKey,
      signature: privatePackage.signaturePrivateKey,
    }),
  };
}

function decodeMessage(message: Uint8Array): MLSMessage | undefined {
  try {
    const decoded = decodeMlsMessage(message, 0);
    return decoded !== undefined && decoded[1] === message.length ? decoded[0] : undefined;
  } catch {
    return undefined;
  }
}

function decodeKeyPackage(keyPackage: Uint8Array): KeyPackage | undefined {
  const message = decodeMessage(keyPackage);
  return message?.wireformat === 'mls_key_package' ? message.keyPackage : undefined;
}

/** Whose key package it claims to be; its signature is checked when it is added. */
export function readKeyPackage(keyPackage: Uint8Array): Verdict<Leaf, 'malformed'> {
  const decoded = decodeKeyPackage(keyPackage);
  return decoded === undefined ? refuse('malformed') : accept(leafOf(decoded.leafNode));
}

/** As `readKeyPackage`, with its own signatures checked: the device holds the MLS key it names. */
export async function checkKeyPackage(
  ports: SuitePorts,
  keyPackage: Uint8Array,
  suite: SuiteId = HOUSE_SUITE,
): Promise<Verdict<Leaf, 'malformed' | 'unreadable'>> {
  const decoded = decodeKeyPackage(keyPackage);
  if (decoded === undefined) return refuse('malformed');
  const cs = ciphersuite(ports, suite);
  if (decoded.cipherSuite !== cs.name) return refuse('malformed', { detail: 'another suite' });
  const holds = await attempt(
    async () =>
      (await verifyKeyPackage(decoded, cs.signature)) &&
      (await verifyLeafNodeSignatureKeyPackage(decoded.leafNode, cs.signature)),
  );
  return holds === true ? accept(leafOf(decoded.leafNode)) : refuse('unreadable');
}

/** A group of one. */
export async function createGroup(
  ports: SuitePorts,
  founder: { groupId: Uint8Array; device: Uint8Array; mls: KeyPair },
  suite: SuiteId = HOUSE_SUITE,
): Promise<Group> {
  const cs = ciphersuite(ports, suite);
  const made = await makeKeyPackage(ports, founder.device, founder.mls, suite);
  const keyPackage = decodeKeyPackage(made.keyPackage);
  const secret = decode(keySecretCodec, made.secret);
  assert(keyPackage !== undefined && secret.ok, 'a key package of our own reads back');
  const privateKeys = {
    initPrivateKey: secret.value.init,
    hpkePrivateKey: secret.value.leaf,
    signaturePrivateKey: secret.value.signature,
  };
  const state = await createMlsGroup(founder.groupId, keyPackage, privateKeys, [], cs, CONFIG);
  return { suite, state };
}

/** Opens a welcome with the secret of the key package it answers. It trusts the welcome's author: the room checks the record. */
export async function joinGroup(
  ports: SuitePorts,
  invited: { welcome: Uint8Array; keyPackage: Uint8Array; secret: Uint8Array },
  suite: SuiteId = HOUSE_SUITE,
): Promise<Verdict<Group, 'malformed' | 'unreadable'>> {
  const message = decodeMessage(invited.welcome);
  const keyPackage = decodeKeyPackage(invited.keyPackage);
  const secret = decode(keySecretCodec, invited.secret);
  if (message?.wireformat !== 'mls_welcome' || keyPackage === undefined || !secret.ok)
    return refuse('malformed');
  const privateKeys = {
    initPrivateKey: secret.value.init,
    hpkePrivateKey: secret.value.leaf,
    signaturePrivateKey: secret.value.signature,
  };
  const state = await attempt(() =>
    joinMlsGroup(
      message.welcome,
      keyPackage,
      privateKeys,
      emptyPskIndex,
      ciphersuite(ports, suite),
      undefined,
      undefined,
      CONFIG,
    ),
  );
  return state === undefined ? refuse('unreadable') : accept({ suite, state: pruned(state) });
}

/** Encrypts for all devices of this epoch. The returned group must be stored before the message leaves. */
export async function sealContent(
  ports: SuitePorts,
  group: Group,
  content: Uint8Array,
): Promise<{ message: Uint8Array; group: Group }> {
  const cs = ciphersuite(ports, group.suite);
  const { privateMessage, newState } = await createApplicationMessage(group.state, content, cs);
  const message = encodeMlsMessage({
    version: 'mls10',
    wireformat: 'mls_private_message',
    privateMessage,
  });
  return { message, group: { ...group, state: newState } };
}

function proposalsFor(group: Group, change: Change): Verdict<Proposal[], 'no-such-device'> {
  if (change.kind === 'update') return accept([]);
  if (change.kind === 'add') {
    const proposals: Proposal[] = [];
    for (const bytes of change.keyPackages) {
      const keyPackage = decodeKeyPackage(bytes);
      if (keyPackage === undefined) return refuse('no-such-device');
      proposals.push({ proposalType: 'add', add: { keyPackage } });
    }
    return accept(proposals);
  }
  const proposals: Proposal[] = [];
  for (const device of change.devices) {
    const node = group.state.ratchetTree.findIndex(
      (found) => found?.nodeType === 'leaf' && sameBytes(leafOf(found.leaf).device, device),
    );
    if (node < 0) return refuse('no-such-device');
    proposals.push({ proposalType: 'remove', remove: { removed: node / 2 } });
  }
  return accept(proposals);
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
  assert(change.kind === 'update' || proposals.value.length > 0, 'a change of nobody');
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
  if (made === undefined) return refuse('bad-key-package');
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

/**
 * Decrypts and authenticates one message of the current epoch. Content comes with the advanced group; a commit is only
 * read, so that its checkpoint and the devices it adds can be judged before `applyCommit`.
 */
export async function readMessage(
  ports: SuitePorts,
  group: Group,
  message: Uint8Array,
): Promise<Verdict<GroupMessage, GroupReason>> {
  const { state } = group;
  const decoded = decodeMessage(message);
  if (decoded?.wireformat !== 'mls_private_message') return refuse('malformed');
  const { privateMessage } = decoded;
  const { groupContext } = state;
  if (
    privateMessage.epoch !== groupContext.epoch ||
    !sameBytes(privateMessage.groupId, groupContext.groupId)
  )
    return refuse('unreadable', { detail: 'of another group or epoch' });
  const opened = await attempt(() =>
    unprotectPrivateMessage(
      state.keySchedule.senderDataSecret,
      privateMessage,
      state.secretTree,
      state.ratchetTree,
      groupContext,
      CONFIG.keyRetentionConfig,
      ciphersuite(ports, group.suite),
    ),
  );
  if (opened === undefined) return refuse('unreadable');
  const { content } = opened.content;
  const sender =
    content.sender.senderType === 'member' ? leafAt(state, content.sender.leafIndex) : undefined;
  if (sender === undefined) return refuse('outside-profile', { detail: 'sent by no member' });
  if (content.contentType === 'application')
    return accept({
      kind: 'content',
      sender,
      content: content.applicationData,
      group: { ...group, state: { ...state, secretTree: opened.tree } },
    });
  if (content.contentType === 'proposal')
    return refuse('outside-profile', { detail: 'a proposal on its own' });
  const change = checkProfile(content.commit);
  if (!change.ok) return change;

  const removed: Leaf[] = [];
  for (const index of change.value.kind === 'remove' ? change.value.leaves : []) {
    const leaf = leafAt(state, index);
    if (leaf === undefined) return refuse('outside-profile', { detail: 'removes nobody' });
    removed.push(leaf);
  }
  const added =
    change.value.kind === 'add'
      ? change.value.keyPackages.map((keyPackage) => leafOf(keyPackage.leafNode))
      : [];
  const path = content.commit.path?.leafNode;
  if (path !== undefined && !sameLeaf(leafOf(path), sender))
    return refuse('outside-profile', { detail: 'a committer that takes another identity' });
  const checkpoint = content.authenticatedData;
  const commit = { message: privateMessage, checkpoint, change: change.value.kind, added, removed };
  return accept({ kind: 'commit', sender, commit });
}

const sameLeaf = (a: Leaf, b: Leaf): boolean =>
  sameBytes(a.device, b.device) && sameBytes(a.mlsKey, b.mlsKey);

/**
 * Takes a commit that `readMessage` read in this same group. A refusal means that a member signed a commit that leads
 * this device to no next epoch: it is broken, or it was made to cut this device off.
 */
export async function applyCommit(
  ports: SuitePorts,
  group: Group,
  commit: ReadCommit,
): Promise<Verdict<Group, 'broken-commit'>> {
  const cs = ciphersuite(ports, group.suite);
  const processed = await attempt(() =>
    processPrivateMessage(group.state, commit.message, emptyPskIndex, cs),
  );
  if (processed?.kind !== 'newState' || processed.actionTaken !== 'accept')
    return refuse('broken-commit');
  return accept({ ...group, state: pruned(processed.newState) });
}

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
