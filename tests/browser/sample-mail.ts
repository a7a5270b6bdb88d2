// The sample mail with files in it, as a person would drop it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** The sample mail, carrying these files: a sample document where it is a PDF, else a file that is none. */
export function withFiles(names: readonly string[]): string {
  const [head = '', body = ''] = readFileSync(`${SAMPLES}changed-place.eml`, 'utf8').split(
    /\r?\n\r?\n/,
  );
  const parts = names.map((name) => {
    const content = name.endsWith('.pdf') ? readFileSync(`${SAMPLES}${name}`) : Buffer.from('MZ');
    const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
    return `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}`;
  });
  const own = head.replace(/^(?:content-|mime-)[^\n]*(?:\n[ \t][^\n]*)*\n?/gim, '').trimEnd();
  const all = [`Content-Type: text/plain\r\n\r\n${body}`, ...parts];
  return `${own}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${all.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
}
