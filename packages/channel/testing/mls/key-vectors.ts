// Official vectors about keys, hashes and single messages.

import { decodeMlsMessage, encodeMlsMessage, type CiphersuiteImpl } from 'ts-mls';
import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js';
import { determineLength } from 'ts-mls/codec/variableLength.js';
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js';
import { refhash } from 'ts-mls/crypto/hash.js';
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js';
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js';
import { createConfirmationTag } from 'ts-mls/framedContent.js';
import { encodeGroupContext, type GroupContext } from 'ts-mls/groupContext.js';
import { extractJoinerSecret } from 'ts-mls/groupContext.js';
import {
  extractWelcomeSecret,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from 'ts-mls/groupInfo.js';
import { decodeGroupSecrets, encodeGroupSecrets } from 'ts-mls/groupSecrets.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule, mlsExporter } from 'ts-mls/keySchedule.js';
import {
  protectApplicationData,
  protectProposal,
  unprotectPrivateMessage,
} from 'ts-mls/messageProtection.js';
import { protectProposalPublic, unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { computePskSecret } from 'ts-mls/presharedkey.js';
import * as proposals from 'ts-mls/proposal.js';
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js';
import { createSecretTree, deriveKey, deriveNonce, ratchetUntil } from 'ts-mls/secretTree.js';
import { expandSenderDataKey, expandSenderDataNonce } from 'ts-mls/sender.js';
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js';
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { decoded, holds, same, VectorCase } from './vector-case.ts';

const RETENTION = {
  retainKeysForGenerations: 0,
  retainKeysForEpochs: 0,
  maximumForwardRatchetSteps: 100_000,
};

export async function cryptoBasics(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const hashed = vector.case('ref_hash');
  same(
    'ref_hash',
    await refhash(hashed.text('label'), hashed.bytes('value'), cs.hash),
    hashed.bytes('out'),
  );
  const expanded = vector.case('expand_with_label');
  same(
    'expand_with_label',
    await expandWithLabel(
      expanded.bytes('secret'),
      expanded.text('label'),
      expanded.bytes('context'),
      expanded.number('length'),
      cs.kdf,
    ),
    expanded.bytes('out'),
  );
  const derived = vector.case('derive_secret');
  same(
    'derive_secret',
    await deriveSecret(derived.bytes('secret'), derived.text('label'), cs.kdf),
    derived.bytes('out'),
  );
  const tree = vector.case('derive_tree_secret');
  same(
    'derive_tree_secret',
    await deriveTreeSecret(
      tree.bytes('secret'),
      tree.text('label'),
      tree.number('generation'),
      tree.number('length'),
      cs.kdf,
    ),
    tree.bytes('out'),
  );
  const signed = vector.case('sign_with_label');
  const [label, content] = [signed.text('label'), signed.bytes('content')];
  const ours = await signWithLabel(signed.bytes('priv'), label, content, cs.signature);
  for (const signature of [ours, signed.bytes('signature')])
    holds(
      'sign_with_label',
      await verifyWithLabel(signed.bytes('pub'), label, content, signature, cs.signature),
    );
  const sealed = vector.case('encrypt_with_label');
  const key = await cs.hpke.importPrivateKey(sealed.bytes('priv'));
  const context = sealed.bytes('context');
  const plaintext = sealed.bytes('plaintext');
  const open = (enc: Uint8Array, ct: Uint8Array): Promise<Uint8Array> =>
    decryptWithLabel(key, sealed.text('label'), context, enc, ct, cs.hpke);
  same(
    'their ciphertext',
    await open(sealed.bytes('kem_output'), sealed.bytes('ciphertext')),
    plaintext,
  );
  const to = await cs.hpke.importPublicKey(sealed.bytes('pub'));
  const made = await encryptWithLabel(to, sealed.text('label'), context, plaintext, cs.hpke);
  same('our ciphertext', await open(made.enc, made.ct), plaintext);
}

export async function deserialization(vector: VectorCase): Promise<void> {
  const read = determineLength(vector.bytes('vlbytes_header'));
  holds('the length', read.length === vector.number('length'));
}

export async function keySchedule(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  let initSecret = vector.bytes('initial_init_secret');
  for (const [epoch, one] of vector.cases('epochs').entries()) {
    const context: GroupContext = {
      version: 'mls10',
      cipherSuite: cs.name,
      groupId: vector.bytes('group_id'),
      epoch: BigInt(epoch),
      treeHash: one.bytes('tree_hash'),
      confirmedTranscriptHash: one.bytes('confirmed_transcript_hash'),
      extensions: [],
    };
    same('group_context', encodeGroupContext(context), one.bytes('group_context'));
    const pskSecret = one.bytes('psk_secret');
    const joiner = await extractJoinerSecret(
      context,
      initSecret,
      one.bytes('commit_secret'),
      cs.kdf,
    );
    same('joiner_secret', joiner, one.bytes('joiner_secret'));
    same(
      'welcome_secret',
      await extractWelcomeSecret(joiner, pskSecret, cs.kdf),
      one.bytes('welcome_secret'),
    );
    const [keys, encryptionSecret] = await deriveKeySchedule(joiner, pskSecret, context, cs.kdf);
    same('encryption_secret', encryptionSecret, one.bytes('encryption_secret'));
    same('init_secret', keys.initSecret, one.bytes('init_secret'));
    same('sender_data_secret', keys.senderDataSecret, one.bytes('sender_data_secret'));
    same('exporter_secret', keys.exporterSecret, one.bytes('exporter_secret'));
    same('epoch_authenticator', keys.epochAuthenticator, one.bytes('epoch_authenticator'));
    same('external_secret', keys.externalSecret, one.bytes('external_secret'));
    same('confirmation_key', keys.confirmationKey, one.bytes('confirmation_key'));
    same('membership_key', keys.membershipKey, one.bytes('membership_key'));
    same('resumption_psk', keys.resumptionPsk, one.bytes('resumption_psk'));
    const external = await cs.hpke.deriveKeyPair(keys.externalSecret);
    same(
      'external_pub',
      await cs.hpke.exportPublicKey(external.publicKey),
      one.bytes('external_pub'),
    );
    const exporter = one.case('exporter');
    const exported = await mlsExporter(
      keys.exporterSecret,
      exporter.text('label'),
      exporter.bytes('context'),
      exporter.number('length'),
      cs,
    );
    same('exporter', exported, exporter.bytes('secret'));
    initSecret = keys.initSecret;
  }
}

export async function messageProtection(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const context: GroupContext = {
    version: 'mls10',
    cipherSuite: cs.name,
    groupId: vector.bytes('group_id'),
    epoch: BigInt(vector.number('epoch')),
    treeHash: vector.bytes('tree_hash'),
    confirmedTranscriptHash: vector.bytes('confirmed_transcript_hash'),
    extensions: [],
  };
  // Two members; the second, leaf 1, sends.
  const tree: RatchetTree = [undefined, undefined, undefined];
  const fresh = (): Promise<Awaited<ReturnType<typeof createSecretTree>>> =>
    createSecretTree(2, vector.bytes('encryption_secret'), cs.kdf);
  const senderData = vector.bytes('sender_data_secret');
  const publicKey = vector.bytes('signature_pub');
  const signKey = vector.bytes('signature_priv');
  const membershipKey = vector.bytes('membership_key');
  const openPrivate = async (message: Uint8Array) => {
    const read = decoded(decodeMlsMessage, message);
    if (read.wireformat !== 'mls_private_message') throw new Error('a private message');
    return (
      await unprotectPrivateMessage(
        senderData,
        read.privateMessage,
        await fresh(),
        withSender(tree),
        context,
        RETENTION,
        cs,
        publicKey,
      )
    ).content.content;
  };
  const openPublic = async (message: Uint8Array) => {
    const read = decoded(decodeMlsMessage, message);
    if (read.wireformat !== 'mls_public_message') throw new Error('a public message');
    return (
      await unprotectPublicMessage(membershipKey, context, tree, read.publicMessage, cs, publicKey)
    ).content;
  };
  const proposal = vector.bytes('proposal');
  for (const content of [
    await openPrivate(vector.bytes('proposal_priv')),
    await openPublic(vector.bytes('proposal_pub')),
  ]) {
    if (content.contentType !== 'proposal') throw new Error('a proposal');
    same('proposal', proposals.encodeProposal(content.proposal), proposal);
  }
  for (const content of [
    await openPrivate(vector.bytes('commit_priv')),
    await openPublic(vector.bytes('commit_pub')),
  ]) {
    if (content.contentType !== 'commit') throw new Error('a commit');
    same('commit', encodeCommit(content.commit), vector.bytes('commit'));
  }
  const application = vector.bytes('application');
  const said = await openPrivate(vector.bytes('application_priv'));
  if (said.contentType !== 'application') throw new Error('content');
  same('application', said.applicationData, application);

  // And what we make opens again.
  const padding = { kind: 'alwaysPad', paddingLength: 0 } as const;
  const none = new Uint8Array(0);
  const made = await protectApplicationData(
    signKey,
    senderData,
    application,
    none,
    context,
    await fresh(),
    1,
    padding,
    cs,
  );
  const reread = await openPrivate(
    encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_private_message',
      privateMessage: made.privateMessage,
    }),
  );
  if (reread.contentType !== 'application') throw new Error('content');
  same('our application message', reread.applicationData, application);
  const toPropose = decoded(proposals.decodeProposal, proposal);
  const hidden = await protectProposal(
    signKey,
    senderData,
    toPropose,
    none,
    context,
    await fresh(),
    1,
    padding,
    cs,
  );
  await openPrivate(
    encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_private_message',
      privateMessage: hidden.privateMessage,
    }),
  );
  const open = await protectProposalPublic(signKey, membershipKey, context, none, toPropose, 1, cs);
  await openPublic(
    encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_public_message',
      publicMessage: open.publicMessage,
    }),
  );
}

/** Only that leaf 1 exists matters: its key is given beside it. */
function withSender(tree: RatchetTree): RatchetTree {
  const filled = tree.slice();
  filled[2] = { nodeType: 'leaf' } as RatchetTree[number];
  return filled;
}

type Coding = readonly [
  decoder: (bytes: Uint8Array, offset: number) => [unknown, number] | undefined,
  encoder: (value: never) => Uint8Array,
];
const message: Coding = [decodeMlsMessage, encodeMlsMessage];
const CODINGS: Record<string, Coding> = {
  mls_welcome: message,
  mls_group_info: message,
  mls_key_package: message,
  public_message_application: message,
  public_message_proposal: message,
  public_message_commit: message,
  private_message: message,
  ratchet_tree: [decodeRatchetTree, encodeRatchetTree],
  group_secrets: [decodeGroupSecrets, encodeGroupSecrets],
  commit: [decodeCommit, encodeCommit],
  add_proposal: [proposals.decodeAdd, proposals.encodeAdd],
  update_proposal: [proposals.decodeUpdate, proposals.encodeUpdate],
  remove_proposal: [proposals.decodeRemove, proposals.encodeRemove],
  pre_shared_key_proposal: [proposals.decodePSK, proposals.encodePSK],
  re_init_proposal: [proposals.decodeReinit, proposals.encodeReinit],
  external_init_proposal: [proposals.decodeExternalInit, proposals.encodeExternalInit],
  group_context_extensions_proposal: [
    proposals.decodeGroupContextExtensions,
    proposals.encodeGroupContextExtensions,
  ],
};

export async function messages(vector: VectorCase): Promise<void> {
  for (const name of vector.names()) {
    const coding = CODINGS[name];
    if (coding === undefined) throw new Error(`no coding for ${name}`);
    const [decoder, encoder] = coding;
    same(name, encoder(decoded(decoder, vector.bytes(name)) as never), vector.bytes(name));
  }
}

export async function pskSecret(vector: VectorCase): Promise<void> {
  const psks = vector
    .cases('psks')
    .map((psk): Parameters<typeof computePskSecret>[0][number] => [
      { psktype: 'external', pskId: psk.bytes('psk_id'), pskNonce: psk.bytes('psk_nonce') },
      psk.bytes('psk'),
    ]);
  same('psk_secret', await computePskSecret(psks, vector.suite), vector.bytes('psk_secret'));
}

export async function secretTree(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const data = vector.case('sender_data');
  const [secret, ciphertext] = [data.bytes('sender_data_secret'), data.bytes('ciphertext')];
  same('sender data key', await expandSenderDataKey(cs, secret, ciphertext), data.bytes('key'));
  same(
    'sender data nonce',
    await expandSenderDataNonce(cs, secret, ciphertext),
    data.bytes('nonce'),
  );
  const leaves = vector.list('leaves');
  const tree = await createSecretTree(leaves.length, vector.bytes('encryption_secret'), cs.kdf);
  for (const [index, generations] of leaves.entries()) {
    const node = tree[leafToNodeIndex(toLeafIndex(index))];
    if (node === undefined || !Array.isArray(generations)) throw new Error('no such leaf');
    for (const json of generations) await generation(cs, node, new VectorCase(json));
  }
}

async function generation(
  cs: CiphersuiteImpl,
  node: Awaited<ReturnType<typeof createSecretTree>>[number],
  expected: VectorCase,
): Promise<void> {
  const at = expected.number('generation');
  for (const ratchet of ['application', 'handshake'] as const) {
    const [reached] = await ratchetUntil(node[ratchet], at, RETENTION, cs.kdf);
    same(
      `${ratchet} key`,
      await deriveKey(reached.secret, at, cs),
      expected.bytes(`${ratchet}_key`),
    );
    same(
      `${ratchet} nonce`,
      await deriveNonce(reached.secret, at, cs),
      expected.bytes(`${ratchet}_nonce`),
    );
  }
}

export async function transcriptHashes(vector: VectorCase): Promise<void> {
  const { hash } = vector.suite;
  const read = decoded(decodeAuthenticatedContent, vector.bytes('authenticated_content'));
  const { auth, content, wireformat } = read;
  if (content.contentType !== 'commit' || auth.contentType !== 'commit')
    throw new Error('a commit');
  const { signature, confirmationTag } = auth;
  const before = vector.bytes('interim_transcript_hash_before');
  const confirmed = await createConfirmedHash(before, { wireformat, content, signature }, hash);
  same('confirmed hash', confirmed, vector.bytes('confirmed_transcript_hash_after'));
  same(
    'confirmation tag',
    await createConfirmationTag(vector.bytes('confirmation_key'), confirmed, hash),
    confirmationTag,
  );
  const interim = await createInterimHash(confirmed, confirmationTag, hash);
  same('interim hash', interim, vector.bytes('interim_transcript_hash_after'));
}

export async function welcome(vector: VectorCase): Promise<void> {
  const cs = vector.suite;
  const sent = decoded(decodeMlsMessage, vector.bytes('welcome'));
  const packaged = decoded(decodeMlsMessage, vector.bytes('key_package'));
  if (sent.wireformat !== 'mls_welcome' || packaged.wireformat !== 'mls_key_package')
    throw new Error('a welcome');
  const reference = await makeKeyPackageRef(packaged.keyPackage, cs.hash);
  const key = await cs.hpke.importPrivateKey(vector.bytes('init_priv'));
  const secrets = await decryptGroupSecrets(key, reference, sent.welcome, cs.hpke);
  if (secrets === undefined) throw new Error('group secrets');
  const none = new Uint8Array(cs.kdf.size);
  const info = await decryptGroupInfo(sent.welcome, secrets.joinerSecret, none, cs);
  if (info === undefined) throw new Error('group info');
  holds(
    'its signature',
    await verifyGroupInfoSignature(info, vector.bytes('signer_pub'), cs.signature),
  );
  holds(
    'its confirmation tag',
    await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, none, cs),
  );
}
