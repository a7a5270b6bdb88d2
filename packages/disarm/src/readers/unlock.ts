// Encrypted Office packages ([MS-OFFCRYPTO], agile and standard): the password opens them here, in the cage, and the package inside goes on as any other.

import { createDecipheriv, createHash } from 'node:crypto';

import { CompoundReader, CompoundRefusal } from './compound.ts';
import { decodeXmlBytes } from './zip.ts';
import { readXml } from './xml.ts';

export type UnlockReason = 'broken' | 'unsupported' | 'wrong-password';

export class UnlockRefusal extends Error {
  readonly reason: UnlockReason;
  constructor(reason: UnlockReason, detail = '') {
    super(detail);
    this.reason = reason;
  }
}

/** Excel's own password of workbooks that are locked without one. */
export const COMMON_PASSWORD = 'VelvetSweatshop';
const SPINS_MAX = 10_000_000;
const SEGMENT = 4096;
const HASHES = ['SHA1', 'SHA256', 'SHA384', 'SHA512'];

type Method = {
  readonly hash: string;
  readonly keyBytes: number;
  readonly mode: 'cbc' | 'ecb';
};

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

function digest(hash: string, ...parts: readonly Uint8Array[]): Buffer {
  const sum = createHash(hash);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

const count = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

function decipher(
  { mode, keyBytes }: Method,
  key: Uint8Array,
  iv: Uint8Array | null,
  data: Uint8Array,
): Buffer {
  const aes = createDecipheriv(`aes-${keyBytes * 8}-${mode}`, key, iv);
  aes.setAutoPadding(false);
  return Buffer.concat([aes.update(data.subarray(0, data.length & ~15)), aes.final()]);
}

/** As long as wanted: cut, or filled with 0x36. */
const fit = (bytes: Buffer, length: number): Buffer =>
  Buffer.concat([
    bytes.subarray(0, length),
    Buffer.alloc(Math.max(0, length - bytes.length), 0x36),
  ]);

function spin(hash: string, salt: Uint8Array, password: string, spins: number): Buffer {
  let sum = digest(hash, salt, utf16(password));
  for (let i = 0; i < spins; i++) sum = digest(hash, count(i), sum);
  return sum;
}

type Attributes = Readonly<Record<string, string>>;

function methodOf(a: Attributes): Method & { salt: Buffer; block: number } {
  const hash = (a['hashAlgorithm'] ?? '').replace('-', '').toUpperCase();
  const keyBytes = Number(a['keyBits']) / 8;
  const known = HASHES.includes(hash) && [16, 24, 32].includes(keyBytes);
  if (!known || a['cipherAlgorithm'] !== 'AES' || a['cipherChaining'] !== 'ChainingModeCBC') {
    throw new UnlockRefusal('unsupported', `${a['cipherAlgorithm'] ?? ''} ${hash}`);
  }
  const salt = Buffer.from(a['saltValue'] ?? '', 'base64');
  return { hash, keyBytes, mode: 'cbc', salt, block: 16 };
}

function openAgile(info: Uint8Array, sealed: Uint8Array, password: string): Uint8Array {
  let data: Attributes = {};
  let key: Attributes = {};
  readXml(decodeXmlBytes(info.subarray(8)), {
    open(tag, attributes) {
      if (tag === 'keyData') data = attributes;
      if (tag === 'p:encryptedKey') key = attributes;
    },
  });
  const own = methodOf(key);
  const spins = Number(key['spinCount']);
  if (!Number.isInteger(spins) || spins < 0 || spins > SPINS_MAX) {
    throw new UnlockRefusal('unsupported', `${spins} rounds`);
  }
  const sum = spin(own.hash, own.salt, password, spins);
  const open = (purpose: readonly number[], name: string): Buffer => {
    const made = fit(digest(own.hash, sum, Uint8Array.from(purpose)), own.keyBytes);
    return decipher(own, made, fit(own.salt, 16), Buffer.from(key[name] ?? '', 'base64'));
  };
  const said = open([0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79], 'encryptedVerifierHashInput');
  const meant = open(
    [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e],
    'encryptedVerifierHashValue',
  );
  const check = digest(own.hash, said.subarray(0, own.salt.length));
  if (!check.equals(meant.subarray(0, check.length))) throw new UnlockRefusal('wrong-password');
  const whole = methodOf(data);
  const secret = open(
    [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6],
    'encryptedKeyValue',
  ).subarray(0, whole.keyBytes);
  const size = Buffer.from(sealed).readUInt32LE(0);
  const parts: Buffer[] = [];
  for (let at = 8, i = 0; at < sealed.length; at += SEGMENT, i++) {
    const iv = fit(digest(whole.hash, whole.salt, count(i)), 16);
    parts.push(decipher(whole, secret, iv, sealed.subarray(at, at + SEGMENT)));
  }
  return Buffer.concat(parts).subarray(0, size);
}

/** The form of Office 2007: AES in single blocks, SHA-1, fifty thousand rounds. */
function openStandard(info: Uint8Array, sealed: Uint8Array, password: string): Uint8Array {
  const file = Buffer.from(info);
  const head = file.readUInt32LE(8);
  const keyBytes = file.readUInt32LE(12 + 16) / 8;
  const at = 12 + head;
  if (![16, 24, 32].includes(keyBytes) || file.readUInt32LE(at) !== 16) {
    throw new UnlockRefusal('unsupported', 'an old cipher');
  }
  const method: Method = { hash: 'SHA1', keyBytes, mode: 'ecb' };
  const sum = digest(
    'SHA1',
    spin('SHA1', file.subarray(at + 4, at + 20), password, 50_000),
    count(0),
  );
  const mixed = (fill: number): Buffer => {
    const block = Buffer.alloc(64, fill);
    sum.forEach((byte, i) => (block[i] = fill ^ byte));
    return digest('SHA1', block);
  };
  const key = Buffer.concat([mixed(0x36), mixed(0x5c)]).subarray(0, keyBytes);
  const said = decipher(method, key, null, file.subarray(at + 20, at + 36));
  const meant = decipher(method, key, null, file.subarray(at + 40, at + 72));
  if (!digest('SHA1', said).equals(meant.subarray(0, 20)))
    throw new UnlockRefusal('wrong-password');
  const size = Buffer.from(sealed).readUInt32LE(0);
  return decipher(method, key, null, sealed.subarray(8)).subarray(0, size);
}

/** The package inside. Every failure is an `UnlockRefusal`. */
export function unlock(bytes: Uint8Array, password: string): Uint8Array {
  try {
    const file = new CompoundReader(bytes);
    const info = file.read('EncryptionInfo');
    const sealed = file.read('EncryptedPackage');
    if (info === undefined || sealed === undefined || info.length < 8 || sealed.length < 8) {
      throw new UnlockRefusal('unsupported', 'not the encryption of Office');
    }
    const version = Buffer.from(info).readUInt32LE(0);
    if (version === 0x00040004) return openAgile(info, sealed, password);
    if (version >>> 16 === 2 && [2, 3, 4].includes(version & 0xffff)) {
      return openStandard(info, sealed, password);
    }
    throw new UnlockRefusal('unsupported', `version ${version.toString(16)}`);
  } catch (error) {
    if (error instanceof UnlockRefusal) throw error;
    if (error instanceof CompoundRefusal || error instanceof RangeError) {
      throw new UnlockRefusal('broken', error.message);
    }
    throw new UnlockRefusal('broken', error instanceof Error ? error.message : '');
  }
}
