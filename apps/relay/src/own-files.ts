// Are the relay's files still its own? Ransomware encrypts them in place while the relay runs, and SQLite would go on for a
// while on what it remembers: so the first bytes of the store and the key are looked at every few seconds.

import { open } from 'node:fs/promises';
import { join } from 'node:path';

const LOOK_MS = 5_000;
const MAGIC = 'SQLite format 3\0';

async function beginning(path: string, bytes: number): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

export type OwnFiles = { readonly changed: boolean; look(): Promise<void>; close(): void };

/** Watches the key and, where the store is a file here, the store. `onChanged` is called once. */
export async function watchOwnFiles(
  files: { dataDir: string; keyFile: string; embedded: boolean },
  onChanged: (what: string) => void,
): Promise<OwnFiles> {
  const key = await beginning(files.keyFile, 33);
  const state = { changed: false };
  const found = (what: string): void => {
    if (state.changed) return;
    state.changed = true;
    onChanged(what);
  };
  const look = async (): Promise<void> => {
    const now = await beginning(files.keyFile, 33);
    if (key === undefined || now?.equals(key) !== true) found('relay.key');
    if (!files.embedded) return;
    const store = await beginning(join(files.dataDir, 'relay.db'), MAGIC.length);
    if (store?.toString('latin1') !== MAGIC) found('relay.db');
  };
  const looking = setInterval(() => void look(), LOOK_MS);
  looking.unref();
  return {
    get changed() {
      return state.changed;
    },
    look,
    close: () => clearInterval(looking),
  };
}
