import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { encryptedOdf } from '../../testing/encrypted-odf.ts';
import { makeZip } from '../../testing/office-maker.ts';
import { UnlockRefusal } from './unlock.ts';
import { unlockOpenDocument } from './unlock-odf.ts';

const CONTENT = '<office:document-content xmlns:office="o">sealed words</office:document-content>';
const LOCKED = encryptedOdf(CONTENT, 'open sesame');

function reasonOf(bytes: Uint8Array, password: string | null): string {
  try {
    unlockOpenDocument(bytes, password);
    return 'opened';
  } catch (error) {
    if (error instanceof UnlockRefusal) return error.reason;
    throw error;
  }
}

/** The same package with other words in its manifest. */
function altered(from: string, to: string): Uint8Array {
  const parts = unzipSync(LOCKED);
  const manifest = strFromU8(parts['META-INF/manifest.xml'] ?? new Uint8Array(0));
  return makeZip({ ...parts, 'META-INF/manifest.xml': manifest.replace(from, to) });
}

describe('OpenDocument with a password', () => {
  it('opens with it; what comes out has no lock left', () => {
    const parts = unzipSync(unlockOpenDocument(LOCKED, 'open sesame'));
    expect(strFromU8(parts['content.xml'] ?? new Uint8Array(0))).toBe(CONTENT);
    expect(strFromU8(parts['META-INF/manifest.xml'] ?? new Uint8Array(0))).not.toContain('PBKDF2');
  });

  it('is refused with another one, with none, and where its lock is unknown or absurd', () => {
    expect(reasonOf(LOCKED, 'wrong')).toBe('wrong-password');
    expect(reasonOf(LOCKED, null)).toBe('wrong-password');
    expect(reasonOf(altered('#aes256-cbc', '#aes256-gcm'), 'open sesame')).toBe('unsupported');
    expect(reasonOf(altered('"PBKDF2"', '"argon2id"'), 'open sesame')).toBe('unsupported');
    expect(reasonOf(altered('count="1000"', 'count="1000000000"'), 'open sesame')).toBe('broken');
  });

  it('leaves what is not locked as it is', () => {
    const plain = makeZip({ 'content.xml': CONTENT });
    expect(unlockOpenDocument(plain, null)).toBe(plain);
  });
});
