// Encrypts an Office package with a password ([MS-OFFCRYPTO], agile), so that tests need no office program.

import { createCipheriv, createHash, randomBytes } from 'node:crypto';

import { makeCompound } from './compound-maker.ts';

const SPINS = 1000;
const sum = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

function seal(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer {
  const aes = createCipheriv('aes-256-cbc', key, iv);
  aes.setAutoPadding(false);
  const whole = Buffer.alloc(Math.ceil(data.length / 16) * 16);
  whole.set(data);
  return Buffer.concat([aes.update(whole), aes.final()]);
}

export function encryptedOffice(inside: Uint8Array, password: string): Uint8Array {
  const [salt, dataSalt, verifier, secret] = [
    randomBytes(16),
    randomBytes(16),
    randomBytes(16),
    randomBytes(32),
  ];
  let spun = sum(salt, Buffer.from(password, 'utf16le'));
  for (let i = 0; i < SPINS; i++) spun = sum(number(i), spun);
  const under = (purpose: string, data: Uint8Array): string =>
    seal(sum(spun, Buffer.from(purpose, 'hex')).subarray(0, 32), salt, data).toString('base64');
  const look =
    'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"';
  const xml =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">' +
    `<keyData ${look} saltValue="${dataSalt.toString('base64')}"/><keyEncryptors><keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">` +
    `<p:encryptedKey spinCount="${SPINS}" ${look} saltValue="${salt.toString('base64')}" encryptedVerifierHashInput="${under('fea7d2763b4b9e79', verifier)}"` +
    ` encryptedVerifierHashValue="${under('d7aa0f6d3061344e', sum(verifier))}" encryptedKeyValue="${under('146e0be7abacd0d6', secret)}"/></keyEncryptor></keyEncryptors></encryption>`;
  const parts: Buffer[] = [number(inside.length), number(0)];
  for (let at = 0, i = 0; at < inside.length; at += 4096, i++) {
    parts.push(
      seal(secret, sum(dataSalt, number(i)).subarray(0, 16), inside.subarray(at, at + 4096)),
    );
  }
  return makeCompound({
    EncryptionInfo: Buffer.concat([Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]), Buffer.from(xml)]),
    EncryptedPackage: Buffer.concat(parts),
  });
}
