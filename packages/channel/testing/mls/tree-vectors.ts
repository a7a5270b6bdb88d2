// Official vectors about trees, and the passive clients that follow whole groups.

import { toHex } from '@parley/kernel';
import {
  acceptAll,
  decodeMlsMessage,
  joinGroup,
  makePskIndex,
  processMessage,
  type CiphersuiteImpl,
} from 'ts-mls';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { encodeGroupContext, type GroupContext } from 'ts-mls/groupContext.js';
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { pathToRoot } from 'ts-mls/pathSecrets.js';
import { decodeProposal, type Proposal } from 'ts-mls/proposal.js';
import {
  addLeafNode,
  decodeRatchetTree,
  ratchetTreeEncoder,
  removeLeafNode,
  resolution,
  updateLeafNode,
  type RatchetTree,
} from 'ts-mls/ratchetTree.js';
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js';
import * as treemath from 'ts-mls/treemath.js';
import {
  applyUpdatePath,
  createUpdatePath,
  decodeUpdatePath,
  firstMatchAncestor,
} from 'ts-mls/updatePath.js';
import { bytesOf, decoded, holds, same, type VectorCase } from './vector-case.ts';

const leafNode = (index: number): treemath.NodeIndex =>
  treemath.leafToNodeIndex(treemath.toLeafIndex(index));

export async function treeMath(vector: VectorCase): Promise<void> {
  const leaves = vector.number('n_leaves');
  const nodes = vector.number('n_nodes');
  holds('n_nodes', treemath.nodeWidth(leaves) === nodes);
  const root = treemath.root(leaves);
  holds('root', root === vector.number('root'));
  const { isLeaf, left, parent, right, sibling, toNodeIndex } = treemath;
  for (let i = 0; i < nodes; i++) {
    const node = toNodeIndex(i);
    holds('left', vector.list('left')[i] === (isLeaf(node) ? null : left(node)));
    holds('right', vector.list('right')[i] === (isLeaf(node) ? null : right(node)));
    holds('parent', vector.list('parent')[i] === (node === root ? null : parent(node, leaves)));
    holds('sibling', vector.list('sibling')[i] === (node === root ? null : sibling(node, leaves)));
  }
}

function changed(tree: RatchetTree, proposal: Proposal, sender: number): RatchetTree {
  switch (proposal.proposalType) {
    case 'add':
      return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
    case 'update':
      return updateLeafNode(tree, proposal.update.leafNode, treemath.toLeafIndex(sender));
    case 'remove':
      return removeLeafNode(tree, treemath.toLeafIndex(proposal.remove.removed));
    default:
      throw new Error('a proposal that changes no tree');
  }
}

export async function treeOperations(vector: VectorCase): Promise<void> {
  const { hash } = vector.suite;
  const before = decoded(decodeRatchetTree, vector.bytes('tree_before'));
  same('tree hash before', await treeHashRoot(before, hash), vector.bytes('tree_hash_before'));
  const proposal = decoded(decodeProposal, vector.bytes('proposal'));
  const after = changed(before, proposal, vector.number('proposal_sender'));
  same('tree after', encode(ratchetTreeEncoder)(after), vector.bytes('tree_after'));
  same('tree hash after', await treeHashRoot(after, hash), vector.bytes('tree_hash_after'));
}

export async function treeValidation(vector: VectorCase): Promise<void> {
  const { hash, signature } = vector.suite;
  const tree = decoded(decodeRatchetTree, vector.bytes('tree'));
  for (const [i, expected] of vector.list('resolutions').entries()) {
    const found = resolution(tree, treemath.toNodeIndex(i));
    holds(`resolution of ${i}`, JSON.stringify(found) === JSON.stringify(expected));
    const hashed = await treeHash(tree, treemath.toNodeIndex(i), hash);
    same(`tree hash of ${i}`, hashed, bytesOf(vector.list('tree_hashes')[i]));
  }
  holds('parent hashes', await verifyParentHashes(tree, hash));
  const groupId = vector.bytes('group_id');
  for (const [i, node] of tree.entries()) {
    if (node?.nodeType !== 'leaf') continue;
    const { leaf } = node;
    const index = treemath.nodeToLeafIndex(treemath.toNodeIndex(i));
    const good =
      leaf.leafNodeSource === 'key_package'
        ? await verifyLeafNodeSignatureKeyPackage(leaf, signature)
        : await verifyLeafNodeSignature(leaf, groupId, index, signature);
    holds(`signature of leaf ${index}`, good);
  }
}

/** The private keys a member has on its direct path, from its vector. */
async function privateKeys(
  cs: CiphersuiteImpl,
  member: VectorCase,
): Promise<Map<number, Uint8Array>> {
  const keys = new Map([
    [leafNode(member.number('index')) as number, member.bytes('encryption_priv')],
  ]);
  for (const one of member.cases('path_secrets')) {
    const nodeSecret = await deriveSecret(one.bytes('path_secret'), 'node', cs.kdf);
    const pair = await cs.hpke.deriveKeyPair(nodeSecret);
    keys.set(one.number('node'), await cs.hpke.exportPrivateKey(pair.privateKey));
  }
  return keys;
}

type Path = ReturnType<typeof decodeUpdatePath> extends [infer P, number] | undefined ? P : never;

/** The commit secret as one member derives it from an update path. */
async function receivePath(
  cs: CiphersuiteImpl,
  member: { index: number; keys: Map<number, Uint8Array> },
  sent: { sender: number; path: Path; tree: RatchetTree; context: GroupContext },
): Promise<{ pathSecret: Uint8Array; commitSecret: Uint8Array }> {
  const { context, path, sender, tree } = sent;
  const match = firstMatchAncestor(
    tree,
    treemath.toLeafIndex(member.index),
    treemath.toLeafIndex(sender),
    path,
  );
  for (const [i, node] of match.resolution.entries()) {
    const raw = member.keys.get(node);
    const sealed = match.updateNode?.encryptedPathSecret[i];
    if (raw === undefined || sealed === undefined) continue;
    const key = await cs.hpke.importPrivateKey(raw);
    const { kemOutput, ciphertext } = sealed;
    const pathSecret = await decryptWithLabel(
      key,
      'UpdatePathNode',
      encodeGroupContext(context),
      kemOutput,
      ciphertext,
      cs.hpke,
    );
    const secrets = await pathToRoot(tree, match.nodeIndex, pathSecret, cs.kdf);
    const last = secrets[treemath.root(treemath.leafWidth(tree.length))];
    if (last === undefined) throw new Error('no secret for the root');
    return { pathSecret, commitSecret: await deriveSecret(last, 'path', cs.kdf) };
  }
  throw new Error(`member ${member.index} has no key for the path`);
}

export async function treeKem(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const tree = decoded(decodeRatchetTree, vector.bytes('ratchet_tree'));
  const contextOf = async (updated: RatchetTree): Promise<GroupContext> => ({
    version: 'mls10',
    cipherSuite: cs.name,
    groupId: vector.bytes('group_id'),
    epoch: BigInt(vector.number('epoch')),
    treeHash: await treeHashRoot(updated, cs.hash),
    confirmedTranscriptHash: vector.bytes('confirmed_transcript_hash'),
    extensions: [],
  });
  const members = vector.cases('leaves_private');
  const keys = new Map<number, Map<number, Uint8Array>>();
  for (const member of members) keys.set(member.number('index'), await privateKeys(cs, member));
  for (const update of vector.cases('update_paths')) {
    const sender = update.number('sender');
    const path = decoded(decodeUpdatePath, update.bytes('update_path'));
    const updated = await applyUpdatePath(tree, treemath.toLeafIndex(sender), path, cs.hash);
    holds('parent hashes', await verifyParentHashes(updated, cs.hash));
    same('tree hash after', await treeHashRoot(updated, cs.hash), update.bytes('tree_hash_after'));
    const context = await contextOf(updated);
    for (const [index, held] of keys) {
      if (index === sender) continue;
      const received = await receivePath(
        cs,
        { index, keys: held },
        { sender, path, tree: updated, context },
      );
      same('path secret', received.pathSecret, bytesOf(update.list('path_secrets')[index]));
      same('commit secret', received.commitSecret, update.bytes('commit_secret'));
    }
    await ownPath(cs, { tree, sender, members, keys, contextOf, groupContext: context });
  }
}

/** A path of our own making leads every member to one commit secret. */
async function ownPath(
  cs: CiphersuiteImpl,
  given: {
    tree: RatchetTree;
    sender: number;
    members: readonly VectorCase[];
    keys: Map<number, Map<number, Uint8Array>>;
    contextOf: (tree: RatchetTree) => Promise<GroupContext>;
    groupContext: GroupContext;
  },
): Promise<void> {
  const { keys, members, sender, tree } = given;
  const signer = members.find((member) => member.number('index') === sender);
  if (signer === undefined) throw new Error('the sender has its key');
  const before = { ...given.groupContext, epoch: given.groupContext.epoch - 1n };
  const [made, path] = await createUpdatePath(
    tree,
    treemath.toLeafIndex(sender),
    before,
    signer.bytes('signature_priv'),
    cs,
  );
  const updated = await applyUpdatePath(tree, treemath.toLeafIndex(sender), path, cs.hash);
  same('our tree', await treeHashRoot(updated, cs.hash), await treeHashRoot(made, cs.hash));
  const context = await given.contextOf(updated);
  const secrets = new Set<string>();
  for (const [index, held] of keys) {
    if (index === sender) continue;
    const sent = { sender, path, tree: updated, context };
    secrets.add(toHex((await receivePath(cs, { index, keys: held }, sent)).commitSecret));
  }
  holds('one commit secret for all', secrets.size <= 1);
}

export async function passiveClient(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const packaged = decoded(decodeMlsMessage, vector.bytes('key_package'));
  const sent = decoded(decodeMlsMessage, vector.bytes('welcome'));
  if (packaged.wireformat !== 'mls_key_package' || sent.wireformat !== 'mls_welcome')
    throw new Error('a welcome');
  const psks: Record<string, Uint8Array> = {};
  for (const psk of vector.cases('external_psks'))
    psks[Buffer.from(psk.bytes('psk_id')).toString('base64')] = psk.bytes('psk');
  const tree = vector.has('ratchet_tree')
    ? decoded(decodeRatchetTree, vector.bytes('ratchet_tree'))
    : undefined;
  let state = await joinGroup(
    sent.welcome,
    packaged.keyPackage,
    {
      initPrivateKey: vector.bytes('init_priv'),
      hpkePrivateKey: vector.bytes('encryption_priv'),
      signaturePrivateKey: vector.bytes('signature_priv'),
    },
    makePskIndex(undefined, psks),
    cs,
    tree,
  );
  same(
    'first epoch',
    state.keySchedule.epochAuthenticator,
    vector.bytes('initial_epoch_authenticator'),
  );
  for (const epoch of vector.cases('epochs')) {
    for (const message of [...epoch.list('proposals').map(bytesOf), epoch.bytes('commit')]) {
      const read = decoded(decodeMlsMessage, message);
      if (read.wireformat !== 'mls_private_message' && read.wireformat !== 'mls_public_message')
        throw new Error('a message of the group');
      const processed = await processMessage(read, state, makePskIndex(state, psks), acceptAll, cs);
      state = processed.newState;
    }
    same('epoch', state.keySchedule.epochAuthenticator, epoch.bytes('epoch_authenticator'));
  }
}
