// The strict profile, line by line and by outcome: what leaves us, what we refuse, what a removed device can compute.

import { beforeAll, describe, expect, test } from 'vitest';
import { assert, toHex } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  joinGroupExternal,
  type MLSMessage,
  type Proposal,
} from 'ts-mls';
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { encode as tlsEncode } from 'ts-mls/codec/tlsEncoder.js';
import { groupContextEncoder } from 'ts-mls/groupContext.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { decodeMlsMessage } from 'ts-mls';
import { makeCommit, type Change } from './commit.ts';
import { readMessage, applyCommit, sealContent } from './group.ts';
import { makeKeyPackage } from './key-package.ts';
import {
  decodeGroup,
  encodeGroup,
  epochAuthenticator,
  isActive,
  members,
  type Group,
} from './mls-state.ts';
import { ciphersuite, HOUSE_SUITE, type SuitePorts } from './suite.ts';
import { seededRandomness } from '../testing/town.ts';
import { assembly, deviceName, follow } from '../testing/groups.ts';

const ports: SuitePorts = { crypto: nativeCrypto, randomness: seededRandomness('profile') };
const cs = ciphersuite(ports, HOUSE_SUITE);
const CHECKPOINT = new Uint8Array(40).fill(5);

let five: Group[];
beforeAll(async () => {
  five = await assembly(5, HOUSE_SUITE);
});

const at = (n: number): Group => five[n] as Group;

async function made(
  group: Group,
  change: Change,
): Promise<{ message: Uint8Array; next: Group; spent: Group }> {
  const commit = await makeCommit(ports, group, change, CHECKPOINT);
  assert(commit.ok, `made, not ${commit.ok ? '' : commit.reason}`);
  return commit.value;
}

/** The commit as a member sees it after decryption. */
async function contentOf(group: Group, message: Uint8Array) {
  const decoded = decodeMlsMessage(message, 0);
  assert(decoded?.[0].wireformat === 'mls_private_message', 'a private message');
  const { state } = group;
  const opened = await unprotectPrivateMessage(
    state.keySchedule.senderDataSecret,
    decoded[0].privateMessage,
    state.secretTree,
    state.ratchetTree,
    state.groupContext,
    state.clientConfig.keyRetentionConfig,
    cs,
  );
  const { content } = opened.content;
  assert(content.contentType === 'commit', 'a commit');
  return { content, commit: content.commit };
}

const remove = (...devices: number[]): Change => ({
  kind: 'remove',
  devices: devices.map(deviceName),
});

describe('commits we make', () => {
  test.each([
    ['removing one device', remove(3)],
    ['removing many devices', remove(3, 4)],
    ['renewing keys', { kind: 'update' } as const],
  ])('%s carries an update path', async (_name, change) => {
    const { message } = await made(at(0), change);
    const { commit } = await contentOf(at(1), message);
    expect(commit.path?.nodes.length).toBeGreaterThan(0);
  });

  test('every kind carries the checkpoint, and receivers read it only from what was authenticated', async () => {
    const guest = await makeKeyPackage(
      ports,
      deviceName(6),
      nativeCrypto.generateSigner('ed25519'),
    );
    const add: Change = { kind: 'add', keyPackages: [guest.keyPackage] };
    for (const change of [add, remove(3), { kind: 'update' } as const]) {
      const { message } = await made(at(0), change);
      const read = await readMessage(ports, at(1), message);
      assert(read.ok && read.value.kind === 'commit', 'a commit');
      expect(read.value.commit.checkpoint).toEqual(CHECKPOINT);
      expect(read.value.commit.change).toBe(change.kind);
      expect(read.value.sender.device).toEqual(deviceName(1));
    }
  });

  test('a changed checkpoint makes the whole commit unreadable', async () => {
    const { message } = await made(at(0), { kind: 'update' });
    const place = Buffer.from(message).indexOf(Buffer.from(CHECKPOINT));
    expect(place).toBeGreaterThan(0);
    const changed = message.slice();
    changed[place] = 6;
    expect(await readMessage(ports, at(1), changed)).toMatchObject({ reason: 'unreadable' });
  });

  test('never hold group-context extensions: no change names them, and none is among the proposals', async () => {
    for (const change of [remove(3), remove(3, 4), { kind: 'update' } as const]) {
      const { message } = await made(at(0), change);
      const { commit } = await contentOf(at(1), message);
      for (const item of commit.proposals)
        expect(item).toMatchObject({ proposal: { proposalType: 'remove' } });
    }
  });

  test('a commit that lost its race has used its key: the next one of the same device uses another', async () => {
    const first = await made(at(0), { kind: 'update' });
    const second = await made(first.spent, { kind: 'update' });
    const generations = await Promise.all(
      [first.message, second.message].map(async (message) => {
        const read = await readMessage(ports, at(1), message);
        expect(read.ok).toBe(true);
        const own = at(1).state;
        const decoded = decodeMlsMessage(message, 0);
        assert(decoded?.[0].wireformat === 'mls_private_message', 'a private message');
        const { decryptSenderData } = await import('ts-mls/privateMessage.js');
        const { senderDataSecret } = own.keySchedule;
        return (await decryptSenderData(decoded[0].privateMessage, senderDataSecret, cs))
          ?.generation;
      }),
    );
    expect(generations).toEqual([0, 1]);
  });
});

describe('commits we refuse', () => {
  const extensions: Proposal = {
    proposalType: 'group_context_extensions',
    groupContextExtensions: { extensions: [] },
  };
  const removal: Proposal = { proposalType: 'remove', remove: { removed: 3 } };

  async function rogue(proposals: Proposal[], wireAsPublicMessage = false): Promise<Uint8Array> {
    const { commit } = await createCommit(
      { state: at(0).state, cipherSuite: cs, pskIndex: emptyPskIndex },
      { extraProposals: proposals, authenticatedData: CHECKPOINT, wireAsPublicMessage },
    );
    return encodeMlsMessage(commit);
  }

  test.each<[string, Proposal[]]>([
    ['group-context extensions alone', [extensions]],
    ['group-context extensions beside a removal', [extensions, removal]],
    [
      're-initialisation',
      [
        {
          proposalType: 'reinit',
          reinit: {
            groupId: new Uint8Array(32),
            version: 'mls10',
            cipherSuite: cs.name,
            extensions: [],
          },
        },
      ],
    ],
  ])('%s is outside the profile', async (_name, proposals) => {
    const read = await readMessage(ports, at(1), await rogue(proposals));
    expect(read).toMatchObject({ ok: false, reason: 'outside-profile' });
  });

  test('an add beside a remove is outside the profile', async () => {
    const guest = await makeKeyPackage(
      ports,
      deviceName(9),
      nativeCrypto.generateSigner('ed25519'),
    );
    const decoded = decodeMlsMessage(guest.keyPackage, 0);
    assert(decoded?.[0].wireformat === 'mls_key_package', 'a key package');
    const { keyPackage } = decoded[0];
    const message = await rogue([removal, { proposalType: 'add', add: { keyPackage } }]);
    const read = await readMessage(ports, at(1), message);
    expect(read).toMatchObject({ ok: false, reason: 'outside-profile' });
  });

  test('a proposal on its own, and a commit that refers to one, are outside the profile', async () => {
    const proposed = await createProposal(at(0).state, false, removal, cs);
    const alone = await readMessage(ports, at(1), encodeMlsMessage(proposed.message));
    expect(alone).toMatchObject({ ok: false, reason: 'outside-profile' });
    const { commit } = await createCommit(
      { state: proposed.newState, cipherSuite: cs, pskIndex: emptyPskIndex },
      {},
    );
    const read = await readMessage(ports, at(1), encodeMlsMessage(commit));
    expect(read).toMatchObject({ ok: false, reason: 'outside-profile' });
  });

  test('a committer that takes the identity of another is outside the profile', async () => {
    const { state } = at(0);
    const [own, ...others] = state.ratchetTree;
    assert(own?.nodeType === 'leaf', 'device 1 is the first leaf');
    const credential = { credentialType: 'basic', identity: deviceName(2) } as const;
    const disguised = { ...own, leaf: { ...own.leaf, credential } };
    const { commit } = await createCommit(
      {
        state: { ...state, ratchetTree: [disguised, ...others] },
        cipherSuite: cs,
        pskIndex: emptyPskIndex,
      },
      {},
    );
    const read = await readMessage(ports, at(1), encodeMlsMessage(commit));
    expect(read).toMatchObject({ ok: false, reason: 'outside-profile' });
  });

  test('public messages are refused, so an external commit has no way in', async () => {
    expect(await readMessage(ports, at(1), await rogue([], true))).toMatchObject({
      reason: 'malformed',
    });
    const info = await createGroupInfoWithExternalPubAndRatchetTree(at(0).state, [], cs);
    const mls = nativeCrypto.generateSigner('ed25519');
    const guest = await generateKeyPackageWithKey(
      { credentialType: 'basic', identity: deviceName(8) },
      {
        versions: ['mls10'],
        ciphersuites: [cs.name],
        extensions: [],
        proposals: [],
        credentials: ['basic'],
      },
      { notBefore: 0n, notAfter: 2n ** 62n },
      [],
      { publicKey: mls.publicKey, signKey: mls.secretKey },
      cs,
    );
    const { publicMessage } = await joinGroupExternal(
      info,
      guest.publicPackage,
      guest.privatePackage,
      false,
      cs,
    );
    const message: MLSMessage = {
      version: 'mls10',
      wireformat: 'mls_public_message',
      publicMessage,
    };
    expect(await readMessage(ports, at(1), encodeMlsMessage(message))).toMatchObject({
      ok: false,
      reason: 'malformed',
    });
  });

  test('messages of another epoch, another group, or read before are unreadable', async () => {
    const { message, next } = await made(at(0), { kind: 'update' });
    expect(await readMessage(ports, next, message)).toMatchObject({ reason: 'unreadable' });
    const others = await assembly(2, HOUSE_SUITE, ports);
    expect(await readMessage(ports, others[1] as Group, message)).toMatchObject({
      reason: 'unreadable',
    });
    const sealed = await sealContent(ports, at(0), Uint8Array.of(1));
    const read = await readMessage(ports, at(1), sealed.message);
    assert(read.ok && read.value.kind === 'content', 'content');
    expect(await readMessage(ports, read.value.group, sealed.message)).toMatchObject({
      reason: 'unreadable',
    });
  });
});

/** What the rc.10 hole needed: the next epoch from the old init secret and an all-zero commit secret. */
async function withoutPathSecret(old: Group, honest: Group): Promise<Uint8Array> {
  const zeros = new Uint8Array(64);
  const { keySchedule } = await initializeEpoch(
    old.state.keySchedule.initSecret,
    zeros.slice(),
    honest.state.groupContext,
    zeros.slice(),
    cs.kdf,
  );
  return keySchedule.epochAuthenticator;
}

describe('a removed device that is given everything the relay and the others have in the open', () => {
  test('the attack is a real one: on a commit without a path it gives the next epoch', async () => {
    const guest = await makeKeyPackage(
      ports,
      deviceName(6),
      nativeCrypto.generateSigner('ed25519'),
    );
    const { next } = await made(at(0), { kind: 'add', keyPackages: [guest.keyPackage] });
    expect(await withoutPathSecret(at(4), next)).toEqual(epochAuthenticator(next));
  });

  test.each([
    ['alone', remove(4)],
    ['with another', remove(4, 3)],
  ])('cannot derive the next epoch when removed %s', async (_name, change) => {
    const removed = at(3);
    const { message, next } = await made(at(0), change);
    const honest = await follow(ports, at(1), message);
    expect(epochAuthenticator(honest)).toEqual(epochAuthenticator(next));

    expect(toHex(await withoutPathSecret(removed, honest))).not.toBe(
      toHex(epochAuthenticator(honest)),
    );

    // None of its keys opens any path secret in the commit; a member's does, in the same way.
    const { commit } = await contentOf(removed, message);
    const context = tlsEncode(groupContextEncoder)({
      ...honest.state.groupContext,
      confirmedTranscriptHash: removed.state.groupContext.confirmedTranscriptHash,
    });
    const opened = async (group: Group): Promise<number> => {
      let count = 0;
      for (const raw of Object.values(group.state.privatePath.privateKeys)) {
        const key = await cs.hpke.importPrivateKey(raw);
        for (const node of commit.path?.nodes ?? [])
          for (const { kemOutput, ciphertext } of node.encryptedPathSecret) {
            const label = 'UpdatePathNode';
            count += await decryptWithLabel(key, label, context, kemOutput, ciphertext, cs.hpke)
              .then(() => 1)
              .catch(() => 0);
          }
      }
      return count;
    };
    expect(await opened(at(1))).toBeGreaterThan(0);
    expect(await opened(removed)).toBe(0);

    const read = await readMessage(ports, removed, message);
    assert(read.ok && read.value.kind === 'commit', 'it can still read the commit itself');
    const applied = await applyCommit(ports, removed, read.value.commit);
    assert(applied.ok, 'which tells it that it is out');
    expect(isActive(applied.value)).toBe(false);
    const later = await sealContent(ports, next, Uint8Array.of(1, 2, 3));
    expect(await readMessage(ports, applied.value, later.message)).toMatchObject({ ok: false });
    expect(members(honest).map((leaf) => toHex(leaf.device))).not.toContain(toHex(deviceName(4)));
  });
});

test('no key of a past epoch is in the stored bytes of committer or receiver', async () => {
  const secretsOf = ({ state }: Group): Uint8Array[] => {
    const { keySchedule, secretTree, privatePath } = state;
    const own = 2 * privatePath.leafIndex;
    return [
      keySchedule.initSecret,
      keySchedule.exporterSecret,
      keySchedule.senderDataSecret,
      keySchedule.externalSecret,
      keySchedule.confirmationKey,
      keySchedule.membershipKey,
      keySchedule.resumptionPsk,
      ...secretTree.flatMap((node) => [node.application.secret, node.handshake.secret]),
      ...Object.entries(privatePath.privateKeys)
        .filter(([node]) => Number(node) !== own)
        .map(([, key]) => key),
    ];
  };
  const contains = (stored: Uint8Array, secret: Uint8Array): boolean =>
    Buffer.from(stored).includes(Buffer.from(secret));

  const before = [at(0), at(1)];
  const old = before.map(secretsOf);
  for (const [i, group] of before.entries())
    expect(old[i]?.every((secret) => contains(encodeGroup(group), secret))).toBe(true);

  const { message, next } = await made(at(0), remove(5));
  const followed = await follow(ports, at(1), message);
  const found = [next, followed].map(
    (group, i) => old[i]?.filter((secret) => contains(encodeGroup(group), secret)).length,
  );
  expect(found).toEqual([0, 0]);
});

test('a key of a tree node that a removal blanked is gone from the stored bytes', async () => {
  // Everyone commits once, so that every node has a key; then a removal blanks a path.
  let groups = await assembly(8, HOUSE_SUITE, ports);
  for (let i = 0; i < groups.length; i++) {
    const { message, next } = await made(groups[i] as Group, { kind: 'update' });
    groups = await Promise.all(
      groups.map(async (group, n) => (n === i ? next : follow(ports, group, message))),
    );
  }
  const neighbour = groups[6] as Group;
  const { message } = await made(groups[0] as Group, remove(8));
  const after = await follow(ports, neighbour, message);
  const stored = Buffer.from(encodeGroup(after));
  // Device 7 is at node 12; the removal of device 8 blanks their common nodes 13 and 11.
  for (const node of [13, 11]) {
    const key = neighbour.state.privatePath.privateKeys[node];
    assert(key !== undefined, `node ${node} had a key`);
    expect(Buffer.from(encodeGroup(neighbour)).includes(Buffer.from(key))).toBe(true);
    expect(stored.includes(Buffer.from(key)), `node ${node}`).toBe(false);
  }
});

test('a stored group goes on as the living one', async () => {
  const restored = decodeGroup(encodeGroup(at(2)));
  assert(restored.ok, 'it reads back');
  const { message, next } = await made(at(0), { kind: 'update' });
  expect(epochAuthenticator(await follow(ports, restored.value, message))).toEqual(
    epochAuthenticator(next),
  );
  const stored = encodeGroup(at(2));
  expect(decodeGroup(stored.subarray(0, -1)).ok).toBe(false);
});
