// The operator's or an arbiter's audit: a file of receipts, alone or held against a store.

import { join } from 'node:path';
import { Fault } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import { auditReceipts, auditStore, decodeReceipts, type Finding } from '@parley/post';
import { expectReadable, readNamed } from './named-file.ts';
import { openStores } from './open-store.ts';

export type Audit = {
  readonly receipts: number;
  readonly findings: readonly Finding[];
  /** Whether they were held against a store. */
  readonly held: boolean;
};

/** Faults with 'file-unreadable', 'receipts-unreadable' and the store's own. */
export async function auditRelay(
  file: string,
  against: { dataDir?: string; stores: readonly string[] },
): Promise<Audit> {
  const read = decodeReceipts(new Uint8Array(await readNamed(file)));
  if (!read.ok) {
    throw new Fault('receipts-unreadable', `This is not a file of receipts: ${read.detail ?? ''}`, {
      nextAction: 'ask for it again; it is what a desk exports',
    });
  }
  const receipts = read.value.length;
  const { genuine, findings } = auditReceipts(nativeCrypto, read.value);
  if (against.dataDir === undefined && against.stores.length === 0)
    return { receipts, findings, held: false };
  // A store that is not there must not be made here and then found to have lost everything.
  if (against.stores.length === 0) await expectReadable(join(against.dataDir ?? '', 'relay.db'));
  const store = await openStores(against.dataDir ?? '', against.stores);
  try {
    const missing = await auditStore(nativeCrypto, genuine, store);
    return { receipts, findings: [...findings, ...missing], held: true };
  } finally {
    await store.close();
  }
}
