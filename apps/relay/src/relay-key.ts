// The key that signs receipts: made once, kept for the life of the relay. Losing it means new receipts nobody can link.

import { link, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import nodeCrypto from 'node:crypto';
import { Fault, type Crypto, type KeyPair } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import { namedDirectory } from './named-directory.ts';

const SECRET_BYTES = 32;

/** Writes a file so that after a power cut it is there whole or not at all; false if the name is taken. */
async function writeNew(path: string, content: Uint8Array): Promise<boolean> {
  const temporary = `${path}.${nodeCrypto.randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
    await syncDirectory(dirname(path));
  }
}

/** Makes renames and new names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Reads the relay's key from its file, or makes it; processes that start at once agree on one. */
export async function relayKeyIn(crypto: Crypto, path: string): Promise<KeyPair> {
  namedDirectory(dirname(path));
  let secret = await readFile(path).catch(() => undefined);
  if (secret === undefined) {
    await writeNew(path, nodeCrypto.randomBytes(SECRET_BYTES));
    secret = await readFile(path);
  }
  if (secret.length !== SECRET_BYTES) {
    throw new Fault(
      'relay-key-damaged',
      `The relay's key file has ${secret.length} bytes, not 32.`,
      {
        nextAction:
          'restore relay.key from the backup; a new key would make every member see a stranger',
      },
    );
  }
  return crypto.signerFromSecret('ed25519', new Uint8Array(secret));
}

/** The public key of the relay in a data directory; made if there is none yet. */
export async function relayKeyOf(dataDir: string): Promise<Uint8Array> {
  return (await relayKeyIn(nativeCrypto, join(dataDir, 'relay.key'))).publicKey;
}
