// OpenDocument with a password (ODF 1.2, part 3: AES-256-CBC, PBKDF2): each member is opened by itself, and the package inside goes on as any other.

import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';

import { zipSync } from 'fflate';

import { UnlockRefusal } from './unlock.ts';
import { readXml } from './xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, inflateRaw } from './zip.ts';

const ROUNDS_MAX = 2_000_000;
const CHECKED_BYTES = 1024;

/** How one member is locked, as the manifest says. */
type Lock = {
  readonly path: string;
  checksum: string;
  algorithm: string;
  iv: string;
  derivation: string;
  rounds: number;
  salt: string;
};

const BYTES = (base64: string): Buffer => Buffer.from(base64, 'base64');

function locksOf(manifest: string): Lock[] {
  const locks: Lock[] = [];
  let path = '';
  readXml(manifest, {
    open(tag, a) {
      if (tag === 'manifest:file-entry') path = a['manifest:full-path'] ?? '';
      if (tag === 'manifest:encryption-data') {
        const checksum = a['manifest:checksum'] ?? '';
        const none = { algorithm: '', iv: '', derivation: '', rounds: 0, salt: '' };
        locks.push({ path, checksum, ...none });
      }
      const lock = locks.at(-1);
      if (lock === undefined) return;
      if (tag === 'manifest:algorithm') {
        lock.algorithm = a['manifest:algorithm-name'] ?? '';
        lock.iv = a['manifest:initialisation-vector'] ?? '';
      }
      if (tag === 'manifest:key-derivation') {
        lock.derivation = a['manifest:key-derivation-name'] ?? '';
        lock.rounds = Number(a['manifest:iteration-count'] ?? 0);
        lock.salt = a['manifest:salt'] ?? '';
      }
    },
  });
  return locks;
}

function openMember(lock: Lock, sealed: Uint8Array, start: Uint8Array): Uint8Array {
  if (!lock.algorithm.endsWith('#aes256-cbc') || !/PBKDF2$/i.test(lock.derivation)) {
    throw new UnlockRefusal(
      'unsupported',
      'This OpenDocument file is locked in a way that is not opened here. Ask for it as DOCX or XLSX (the password may stay), or without the password.',
    );
  }
  if (!Number.isInteger(lock.rounds) || lock.rounds < 1 || lock.rounds > ROUNDS_MAX)
    throw new UnlockRefusal('broken', `${lock.rounds} rounds`);
  const iv = BYTES(lock.iv);
  if (iv.length !== 16 || sealed.length === 0 || sealed.length % 16 !== 0)
    throw new UnlockRefusal('broken', lock.path);
  const key = pbkdf2Sync(start, BYTES(lock.salt), lock.rounds, 32, 'sha1');
  const aes = createDecipheriv('aes-256-cbc', key, iv);
  // Filled up by W3C's rule: only the last byte counts.
  aes.setAutoPadding(false);
  const padded = Buffer.concat([aes.update(sealed), aes.final()]);
  const packed = padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
  const sum = createHash('sha256').update(packed.subarray(0, CHECKED_BYTES)).digest();
  if (!sum.equals(BYTES(lock.checksum))) throw new UnlockRefusal('wrong-password');
  return packed;
}

/** The package without its lock, or the same bytes where it has none. `wrong-password` also where none was given. */
export function unlockOpenDocument(bytes: Uint8Array, password: string | null): Uint8Array {
  const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
  const manifest = zip.text('META-INF/manifest.xml') ?? '';
  const locks = new Map(locksOf(manifest).map((lock) => [lock.path, lock]));
  if (locks.size === 0) return bytes;
  const start = createHash('sha256')
    .update(password ?? '', 'utf8')
    .digest();
  const parts: Record<string, Uint8Array> = {};
  for (const name of zip.names) {
    const data = zip.read(name) ?? new Uint8Array(0);
    const lock = locks.get(name);
    if (name.endsWith('/') || name === 'META-INF/manifest.xml') continue;
    parts[name] = lock === undefined ? data : inflateRaw(openMember(lock, data, start));
  }
  const open = manifest.replaceAll(
    /<manifest:encryption-data[\s\S]*?<\/manifest:encryption-data>/g,
    '',
  );
  const { mimetype = new Uint8Array(0), ...rest } = parts;
  return zipSync(
    {
      mimetype: [mimetype, { level: 0 }],
      ...rest,
      'META-INF/manifest.xml': Buffer.from(open),
    },
    { level: 1 },
  );
}
