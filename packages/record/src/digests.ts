// The 32-byte values of a record, told apart by type: each is a SHA-256 hash or a random name, and all look alike.

import { assert, bytes, concat, toHex, utf8, type Codec, type Crypto } from '@parley/kernel';

declare const meaning: unique symbol;
type Digest<Name extends string> = Uint8Array & { readonly [meaning]: Name };

/** The random name of a room. */
export type RoomId = Digest<'room'>;
/** SHA-256 of a device certificate's body. */
export type DeviceId = Digest<'device'>;
/** SHA-256 of a labelled hybrid public key: how people name an authority. */
export type Fingerprint = Digest<'fingerprint'>;
/** RFC 6962 leaf hash of an encoded signed entry. */
export type LeafHash = Digest<'leaf'>;
/** RFC 6962 root over the first `size` leaves. */
export type RootHash = Digest<'root'>;

export const DIGEST_BYTES = 32;

function checked(value: Uint8Array): Uint8Array {
  assert(value.length === DIGEST_BYTES, `a digest of ${value.length} bytes`);
  return value;
}

// Each gives 32 bytes of ours their meaning. Any other length is a bug of the caller.
export const asRoomId = (value: Uint8Array): RoomId => checked(value) as RoomId;
export const asDeviceId = (value: Uint8Array): DeviceId => checked(value) as DeviceId;
export const asFingerprint = (value: Uint8Array): Fingerprint => checked(value) as Fingerprint;
export const asLeafHash = (value: Uint8Array): LeafHash => checked(value) as LeafHash;
export const asRootHash = (value: Uint8Array): RootHash => checked(value) as RootHash;

/** The codec of one meaning: a byte string of exactly 32 bytes. */
export function digest<D extends Uint8Array>(): Codec<D> {
  return bytes({ exactly: DIGEST_BYTES }) as unknown as Codec<D>;
}

/** The predecessor of a device's first entry. */
export const NO_LEAF = asLeafHash(new Uint8Array(DIGEST_BYTES));

/** Over the parts joined. */
export function sha256(crypto: Crypto, ...parts: readonly Uint8Array[]): Uint8Array {
  return crypto.hash('sha256', concat(...parts));
}

const FINGERPRINT_LABEL = utf8('parley/v1/key\0');

/** SHA-256("parley/v1/key" || 0x00 || hybrid public key). */
export function fingerprint(crypto: Crypto, publicKey: Uint8Array): Fingerprint {
  return asFingerprint(sha256(crypto, FINGERPRINT_LABEL, publicKey));
}

/** Lower-case hexadecimal of a digest: the key under which maps and reports hold it. */
export function digestKey(value: Uint8Array): string {
  return toHex(value);
}
