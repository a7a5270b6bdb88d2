// From what an operator writes to a store: nothing is SQLite in the data directory; clusters are shards of one store.

import { join } from 'node:path';
import { Fault } from '@parley/kernel';
import type { Store } from '@parley/post';
import { openPostgresStore } from './postgres-store.ts';
import { ShardedStore, type Shard } from './sharded-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** One cluster of the map: `name:generation=postgres://...`, or only the URL for the one and only. */
export type StorePlace = {
  readonly name: string;
  readonly generation: number;
  readonly url: string;
};

/** Faults with 'store-malformed'. Names and generations decide where logs are looked for: never change them. */
export function readStorePlace(text: string): StorePlace {
  const [, name = 'main', generation = '1', url] =
    /^(?:([a-z0-9-]{1,40}):(\d{1,4})=)?(postgres(?:ql)?:\/\/\S+)$/.exec(text) ?? [];
  if (url === undefined) {
    throw new Fault('store-malformed', 'This is not a place of a store.', {
      nextAction:
        'write postgres://user@host1,host2/name, or NAME:GENERATION=postgres://... for each of several',
    });
  }
  return { name, generation: Number(generation), url };
}

/** Opens all places as one store; without any, the SQLite file of the data directory. */
export async function openStores(dataDir: string, places: readonly string[]): Promise<Store> {
  const read = places.map(readStorePlace);
  if (new Set(read.map((place) => place.name)).size !== read.length) {
    throw new Fault('store-malformed', 'Two stores have the same name.', {
      nextAction: 'name each of them: NAME:GENERATION=postgres://...',
    });
  }
  if (read.length === 0) return openSqliteStore(join(dataDir, 'relay.db'));
  const shards: Shard[] = [];
  try {
    for (const { name, generation, url } of read)
      shards.push({ name, generation, store: await openPostgresStore(url) });
  } catch (error) {
    await Promise.all(shards.map(({ store }) => store.close()));
    throw error;
  }
  const [only] = shards;
  return shards.length === 1 && only !== undefined ? only.store : new ShardedStore(shards);
}
