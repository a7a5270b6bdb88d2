// Locks an OpenDocument package with a password (ODF 1.2, part 3), so that tests need no office program.

import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';

import { deflateSync } from 'fflate';

import { makeZip } from './office-maker.ts';

const SALT = Buffer.alloc(16, 7);
const IV = Buffer.alloc(16, 9);
const ROUNDS = 1000;

/** A text whose content is locked and whose manifest says how. */
export function encryptedOdf(content: string, password: string): Uint8Array {
  const packed = deflateSync(Buffer.from(content));
  const start = createHash('sha256').update(password, 'utf8').digest();
  const key = pbkdf2Sync(start, SALT, ROUNDS, 32, 'sha1');
  const fill = 16 - (packed.length % 16);
  const aes = createCipheriv('aes-256-cbc', key, IV);
  aes.setAutoPadding(false);
  // Only the last byte of the filling says anything.
  const filling = Buffer.alloc(fill, 0xaa);
  filling[fill - 1] = fill;
  const sealed = Buffer.concat([aes.update(packed), aes.update(filling), aes.final()]);
  const sum = createHash('sha256').update(packed.subarray(0, 1024)).digest('base64');
  const manifest = 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0';
  return makeZip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': sealed,
    'META-INF/manifest.xml':
      `<manifest:manifest xmlns:manifest="${manifest}"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">` +
      `<manifest:encryption-data manifest:checksum-type="${manifest}#sha256-1k" manifest:checksum="${sum}">` +
      `<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" manifest:initialisation-vector="${IV.toString('base64')}"/>` +
      `<manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:key-size="32" manifest:iteration-count="${ROUNDS}" manifest:salt="${SALT.toString('base64')}"/>` +
      '</manifest:encryption-data></manifest:file-entry></manifest:manifest>',
  });
}
