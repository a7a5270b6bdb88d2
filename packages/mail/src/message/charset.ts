// Bytes to text under whatever charset a mail claims; a wrong or unknown claim never fails, it only reads worse.

import { TextDecoder } from 'node:util';

const latin1 = new TextDecoder('windows-1252');
const lenient = new TextDecoder('utf-8');
const strict = new TextDecoder('utf-8', { fatal: true });
const decoders = new Map<string, TextDecoder | null>();
const DECODERS_MAX = 64;

function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null;
  try {
    decoder = new TextDecoder(label);
  } catch {
    decoder = null;
  }
  if (decoders.size < DECODERS_MAX) decoders.set(label, decoder);
  return decoder;
}

/** UTF-8 where the bytes are that, else Windows-1252: what a mail program shows for an undeclared text. */
export function decodeUndeclared(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** Decodes by the claimed charset name (any spelling WHATWG knows); an unknown name reads as undeclared. */
export function decodeCharset(bytes: Uint8Array, label: string | undefined): string {
  const name = label?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'us-ascii' || name === 'ascii') return decodeUndeclared(bytes);
  if (name === 'utf-8' || name === 'utf8') return lenient.decode(bytes);
  const decoder = name.length <= 40 ? decoderFor(name) : null;
  if (decoder === null) return decodeUndeclared(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** True for names that say how to read the bytes. */
export function knowsCharset(label: string): boolean {
  const name = label.trim().toLowerCase();
  return ['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(name) || decoderFor(name) !== null;
}
