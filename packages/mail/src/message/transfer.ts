// Content-Transfer-Encoding undone, with a limit on what comes out.

const BASE64 = new Int8Array(256).fill(-1);
for (const [digit, letter] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries())
  BASE64[letter.charCodeAt(0)] = digit;
// Some encoders use the URL alphabet; readers that skip unknown letters would lose bytes.
BASE64[45] = 62;
BASE64[95] = 63;

/** Decodes base64 as mail programs do: letters outside the alphabet are skipped, `=` ends a group, anything decodes. */
export function decodeBase64(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const out = new Uint8Array(Math.min(maxBytes, Math.ceil((bytes.length * 3) / 4)));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (const byte of bytes) {
    if (at >= out.length) break;
    if (byte === 0x3d) {
      group = 0;
      bits = 0;
      continue;
    }
    const digit = BASE64[byte] ?? -1;
    if (digit < 0) continue;
    group = ((group << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (group >> bits) & 255;
    }
  }
  return out.subarray(0, at);
}

/** True where nothing stands in it but whole groups and line ends: what else stands there, programs read differently. */
export function isCleanBase64(bytes: Uint8Array): boolean {
  let letters = 0;
  let padding = 0;
  for (const byte of bytes) {
    if (byte === 0x0d || byte === 0x0a || byte === 0x20 || byte === 0x09) continue;
    if (byte === 0x3d) padding++;
    else if (padding > 0 || (BASE64[byte] ?? -1) < 0) return false;
    else letters++;
  }
  return padding <= 2 && (padding === 0 || (letters + padding) % 4 === 0);
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Decodes quoted-printable (RFC 2045 section 6.7); broken escapes stay as they are. `words` reads `_` as a space. */
export function decodeQuotedPrintable(
  bytes: Uint8Array,
  maxBytes: number,
  words = false,
): Uint8Array {
  const out = new Uint8Array(Math.min(maxBytes, bytes.length));
  let at = 0;
  for (let i = 0; i < bytes.length && at < out.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x3d) {
      const high = hexDigit(bytes[i + 1]);
      const low = hexDigit(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        out[at++] = high * 16 + low;
        i += 2;
        continue;
      }
      let end = i + 1;
      while (bytes[end] === 0x20 || bytes[end] === 0x09) end++;
      if (bytes[end] === 0x0d && bytes[end + 1] === 0x0a) {
        i = end + 1;
        continue;
      }
      if (bytes[end] === 0x0a) {
        i = end;
        continue;
      }
    }
    out[at++] = words && byte === 0x5f ? 0x20 : byte;
  }
  return out.subarray(0, at);
}

/** Undoes the named encoding; an unknown name means the bytes as they are. */
export function decodeTransfer(
  bytes: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Uint8Array {
  const name = encoding?.trim().toLowerCase();
  if (name === 'base64') return decodeBase64(bytes, maxBytes);
  if (name === 'quoted-printable') return decodeQuotedPrintable(bytes, maxBytes);
  return bytes.subarray(0, maxBytes);
}
