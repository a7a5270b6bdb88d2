// File names from the other side: shown with every hidden character visible, and never used as a path.

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}/\\:*?"<>|]/u;
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const NAME_MAX_BYTES = 200;

export type NameFault = 'empty' | 'too-long' | 'hidden-characters' | 'reserved';

/** What is wrong with a name, or undefined for one that every system can hold and every reader can see. */
export function nameFault(name: string): NameFault | undefined {
  if (name.trim() === '' || /^\.+$/.test(name)) return 'empty';
  if (Buffer.byteLength(name) > NAME_MAX_BYTES) return 'too-long';
  if (FORBIDDEN.test(name) || name.startsWith('.') || name.endsWith('.') || name.endsWith(' ')) {
    return 'hidden-characters';
  }
  return RESERVED.test(name) ? 'reserved' : undefined;
}

/**
 * A name for an original on disk: no program opens a file of this kind, no point in it could pass for another extension,
 * and the beginning of its SHA-256 tells it from others of the same name.
 */
export function originalName(name: string, sha256: string): string {
  const stem = safeName(`${name}.x`, 'x').slice(0, -'.safe.x'.length);
  return `${stem.replaceAll('.', '_')}-${sha256.slice(0, 16)}.parley-original`;
}

/**
 * A name for the safe copy: the stem of the sender's name with everything doubtful replaced, and the extension of what
 * the copy is, never of what the sender called it.
 */
export function safeName(name: string, extension: string): string {
  const stem = name
    .normalize('NFC')
    .replaceAll(new RegExp(FORBIDDEN.source, 'gu'), '_')
    .replace(/\.[^.]{0,10}$/, '')
    .replace(/^[.\s_]+/, '')
    .replace(/[.\s]+$/, '');
  const letters = Array.from(stem === '' || RESERVED.test(stem) ? `document ${stem}`.trim() : stem);
  while (Buffer.byteLength(letters.join('')) > NAME_MAX_BYTES - 20) letters.pop();
  return `${letters.join('')}.safe.${extension}`;
}
