// A device in an MLS group: found it, join it, seal and read messages, follow commits.

import {
  accept,
  assert,
  decode,
  refuse,
  sameBytes,
  type KeyPair,
  type Verdict,
} from '@parley/kernel';
import {
  createApplicationMessage,
  createGroup as createMlsGroup,
  emptyPskIndex,
  encodeMlsMessage,
  joinGroup as joinMlsGroup,
  processPrivateMessage,
  type PrivateMessage,
} from 'ts-mls';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { decodeKeyPackage, keySecretCodec, makeKeyPackage } from './key-package.ts';
import {
  attempt,
  CONFIG,
  decodeMessage,
  leafAt,
  leafOf,
  pruned,
  sameLeaf,
  type Group,
  type Leaf,
} from './mls-state.ts';
import { checkProfile } from './profile.ts';
import { ciphersuite, HOUSE_SUITE, type SuiteId, type SuitePorts } from './suite.ts';

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
