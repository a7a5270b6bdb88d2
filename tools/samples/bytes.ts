// Bytes of our own samples: joining, Latin text, big and little endian numbers, checksums. Nothing hides behind a library.

export function join(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part))),
  );
}

/** One byte a character; anything above U+00FF has no place in these formats. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function be32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function be16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function le32(value: number): Uint8Array {
  return be32(value).toReversed();
}

export function le16(value: number): Uint8Array {
  return be16(value).toReversed();
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 of PNG (annex D) and ZIP. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 255] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** A zlib stream of stored blocks (RFC 1950, RFC 1951 section 3.2.4): the same bytes whatever zlib a machine has. */
export function zlibStored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < data.length; at += 0xffff) {
    const block = data.subarray(at, at + 0xffff);
    const isLast = at + 0xffff >= data.length ? 1 : 0;
    parts.push(Uint8Array.of(isLast), le16(block.length), le16(~block.length & 0xffff), block);
  }
  return join(...parts, be32(adler32(data)));
}
