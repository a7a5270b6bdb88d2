// Key packages: what a device hands over so that a group can add it, and the secret half that opens the welcome.

import { accept, bytes, encode, refuse, struct, type KeyPair, type Verdict } from '@parley/kernel';
import {
  encodeMlsMessage,
  generateKeyPackageWithKey,
  type CiphersuiteImpl,
  type KeyPackage,
} from 'ts-mls';
import { verifyKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { attempt, decodeMessage, leafOf, type Leaf } from './mls-state.ts';
import { ciphersuite, HOUSE_SUITE, type SuiteId, type SuitePorts } from './suite.ts';

const LIFETIME = { notBefore: 0n, notAfter: 0x7fff_ffff_ffff_ffffn };

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

export const keySecretCodec = struct({
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

export function decodeKeyPackage(keyPackage: Uint8Array): KeyPackage | undefined {
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
