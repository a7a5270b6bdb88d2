// RFC 2047 encoded words in header text, decoded the way mail programs show them.

import { utf8 } from '@parley/kernel';
import { decodeCharset } from './charset.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts';

const WORD = /=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=/g;
const WORD_BYTES_MAX = 64 * 1024;

/**
 * Shows header text as a mail program would: encoded words decoded, white space between two of them dropped, adjacent
 * words of one charset joined before decoding (so a letter split between them is whole). Bad words stay as they are.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let out = '';
  let last = 0;
  let charset = '';
  let chunks: Uint8Array[] = [];
  for (const match of text.matchAll(WORD)) {
    const between = text.slice(last, match.index);
    // RFC 2231 section 5: a language may follow the charset.
    const itsCharset = match[1]?.split('*')[0]?.toLowerCase() ?? '';
    const raw = utf8(match[3] ?? '');
    const base64 = match[2] === 'B' || match[2] === 'b';
    const bytes = base64
      ? decodeBase64(raw, WORD_BYTES_MAX)
      : decodeQuotedPrintable(raw, WORD_BYTES_MAX, true);
    const adjoining = chunks.length > 0 && /^\s*$/.test(between);
    if (!adjoining || itsCharset !== charset) {
      if (chunks.length > 0) out += decodeCharset(Buffer.concat(chunks), charset);
      if (!adjoining) out += between;
      chunks = [];
    }
    chunks.push(bytes);
    charset = itsCharset;
    last = match.index + match[0].length;
  }
  if (chunks.length > 0) out += decodeCharset(Buffer.concat(chunks), charset);
  return out + text.slice(last);
}
