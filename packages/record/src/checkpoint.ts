// A checkpoint: the room's size and root as a C2SP note, cosigned by devices with both schemes.
//
//     parley/room/5f0c...e1
//     1042
//     ktO1nPw3oFPTGeXJ...=
//
//     — parley/device/9ab3...07 base64(key id || time || hybrid signature)

import {
  accept,
  assert,
  concat,
  fromBase64Url,
  fromHex,
  fromUtf8,
  HYBRID_SIGNATURE_BYTES,
  hybridSign,
  hybridVerify,
  refuse,
  sameBytes,
  toBase64Url,
  toHex,
  utf8,
  type Crypto,
  type Refused,
  type Verdict,
} from '@parley/kernel';
import {
  asDeviceId,
  asRoomId,
  asRootHash,
  DIGEST_BYTES,
  sha256,
  type DeviceId,
  type RoomId,
  type RootHash,
} from './digests.ts';

export const COSIGNATURES_MAX = 64;
export const CHECKPOINT_MAX_BYTES = 512 * 1024;

const PURPOSE = 'checkpoint';
const ORIGIN = 'parley/room/';
const NAME = 'parley/device/';
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const COSIGNATURE_BYTES = KEY_ID_BYTES + TIME_BYTES + HYBRID_SIGNATURE_BYTES;
// C2SP signed-note: type 0xff is followed by a name of one's own for the signature scheme.
const SCHEME = concat(Uint8Array.of(0xff), utf8('parley/v1/ed25519+ml-dsa-65'));

export type Checkpoint = {
  readonly room: RoomId;
  readonly size: number;
  readonly root: RootHash;
};

/** One device's word that the room had this root at this size. `timeS` is its claim: seconds since 1970. */
export type Cosignature = {
  readonly device: DeviceId;
  readonly keyId: Uint8Array;
  readonly timeS: number;
  readonly signature: Uint8Array;
};

export type CosignedCheckpoint = {
  readonly checkpoint: Checkpoint;
  readonly cosignatures: readonly Cosignature[];
};

/** RFC 4648 base64 with padding, as notes have it. */
function toBase64(bytes: Uint8Array): string {
  const digits = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}

function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const url = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const read = fromBase64Url(url);
  return read.ok ? read.value : undefined;
}

function noteBody({ room, size, root }: Checkpoint): string {
  return `${ORIGIN}${toHex(room)}\n${size}\n${toBase64(root)}\n`;
}

function deviceName(device: DeviceId): string {
  return `${NAME}${toHex(device)}`;
}

function keyIdOf(crypto: Crypto, device: DeviceId, publicKey: Uint8Array): Uint8Array {
  const name = utf8(`${deviceName(device)}\n`);
  return sha256(crypto, name, SCHEME, publicKey).slice(0, KEY_ID_BYTES);
}

function cosignedBytes(checkpoint: Checkpoint, timeS: number): Uint8Array {
  return utf8(`parley cosignature v1\ntime ${timeS}\n${noteBody(checkpoint)}`);
}

/** Signs that the room had this root at this size, as the device's own clock has it (`timeMs`, cut to seconds). */
export function cosignCheckpoint(
  crypto: Crypto,
  checkpoint: Checkpoint,
  by: { device: DeviceId; publicKey: Uint8Array; secretKey: Uint8Array; timeMs: number },
): Cosignature {
  const timeS = Math.floor(by.timeMs / 1000);
  const key = { secretKey: by.secretKey, purpose: PURPOSE };
  return {
    device: by.device,
    keyId: keyIdOf(crypto, by.device, by.publicKey),
    timeS,
    signature: hybridSign(crypto, key, cosignedBytes(checkpoint, timeS)),
  };
}

/** Whether the device with this key cosigned exactly this checkpoint at the time it names. */
export function cosignatureHolds(
  crypto: Crypto,
  checkpoint: Checkpoint,
  cosignature: Cosignature,
  publicKey: Uint8Array,
): boolean {
  const { device, keyId, timeS, signature } = cosignature;
  if (!sameBytes(keyId, keyIdOf(crypto, device, publicKey))) return false;
  const key = { publicKey, purpose: PURPOSE };
  return hybridVerify(crypto, key, cosignedBytes(checkpoint, timeS), signature);
}

function timeBytes(timeS: number): Uint8Array {
  const encoded = new Uint8Array(TIME_BYTES);
  let rest = timeS;
  for (let i = TIME_BYTES - 1; i >= 0; i--) {
    encoded[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return encoded;
}

function timeFrom(encoded: Uint8Array): number {
  let timeS = 0;
  for (const byte of encoded) timeS = timeS * 256 + byte;
  return timeS;
}

/** The note's text, in UTF-8: the body, an empty line, one line for each cosignature. */
export function encodeCheckpoint(cosigned: CosignedCheckpoint): Uint8Array {
  assert(cosigned.cosignatures.length <= COSIGNATURES_MAX, 'too many cosignatures');
  const lines = cosigned.cosignatures.map(({ device, keyId, timeS, signature }) => {
    const payload = toBase64(concat(keyId, timeBytes(timeS), signature));
    return `\u2014 ${deviceName(device)} ${payload}\n`;
  });
  return utf8(`${noteBody(cosigned.checkpoint)}\n${lines.join('')}`);
}

type Malformed = Refused<'malformed-checkpoint'>;

function malformed(line: number, detail: string): Malformed {
  return refuse('malformed-checkpoint', { at: line, detail });
}

function hexDigest(text: string, prefix: string): Uint8Array | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const read = fromHex(text.slice(prefix.length));
  return read.ok && read.value.length === DIGEST_BYTES ? read.value : undefined;
}

function readCosignature(line: string, at: number): Verdict<Cosignature, 'malformed-checkpoint'> {
  const [dash, name, payload, ...more] = line.split(' ');
  if (dash !== '\u2014' || name === undefined || payload === undefined || more.length > 0) {
    return malformed(at, 'not a signature line');
  }
  const device = hexDigest(name, NAME);
  if (device === undefined) return malformed(at, 'not the name of a device');
  const bytes = fromBase64(payload);
  if (bytes?.length !== COSIGNATURE_BYTES) return malformed(at, 'not a cosignature');
  const timeS = timeFrom(bytes.subarray(KEY_ID_BYTES, KEY_ID_BYTES + TIME_BYTES));
  if (!Number.isSafeInteger(timeS)) return malformed(at, 'a time out of range');
  return accept({
    device: asDeviceId(device),
    keyId: bytes.slice(0, KEY_ID_BYTES),
    timeS,
    signature: bytes.slice(KEY_ID_BYTES + TIME_BYTES),
  });
}

function readBody(lines: readonly string[]): Verdict<Checkpoint, 'malformed-checkpoint'> {
  const [origin = '', sizeText = '', rootText = ''] = lines;
  const room = hexDigest(origin, ORIGIN);
  if (room === undefined) return malformed(0, 'not the origin of a room');
  const size = Number(sizeText);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(sizeText) || !Number.isSafeInteger(size)) {
    return malformed(1, 'not a size');
  }
  const root = fromBase64(rootText);
  if (root?.length !== DIGEST_BYTES) return malformed(2, 'not a root');
  return accept({ room: asRoomId(room), size, root: asRootHash(root) });
}

/** Reads exactly what `encodeCheckpoint` writes; `at` is the line. Cosignatures are read, not checked. */
export function decodeCheckpoint(
  encoded: Uint8Array,
): Verdict<CosignedCheckpoint, 'malformed-checkpoint'> {
  if (encoded.length > CHECKPOINT_MAX_BYTES) return malformed(0, 'too large');
  const text = fromUtf8(encoded);
  if (!text.ok) return malformed(0, 'not UTF-8');
  const lines = text.value.split('\n');
  if (lines.length < 5 || lines[3] !== '' || lines.at(-1) !== '') {
    return malformed(3, 'not three lines, an empty one and signatures');
  }
  const signatures = lines.slice(4, -1);
  if (signatures.length > COSIGNATURES_MAX) return malformed(4, 'too many cosignatures');
  const checkpoint = readBody(lines);
  if (!checkpoint.ok) return checkpoint;
  const cosignatures: Cosignature[] = [];
  for (const [i, line] of signatures.entries()) {
    const cosignature = readCosignature(line, 4 + i);
    if (!cosignature.ok) return cosignature;
    cosignatures.push(cosignature.value);
  }
  return accept({ checkpoint: checkpoint.value, cosignatures });
}
