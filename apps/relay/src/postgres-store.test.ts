import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeConformance } from '@parley/post/conformance';
import { openPostgresStore } from './postgres-store.ts';
import { hostsOf } from './postgres-link.ts';
import { postgresBinaries, startPostgres, type PostgresCluster } from './testing/postgres.ts';

const binaries = postgresBinaries();

if ('missing' in binaries) {
  it(`PostgreSQL: not run: ${binaries.missing}`, () => expect(binaries.missing).not.toBe(''));
} else {
  describe('a real PostgreSQL with two quorum standbys', () => {
    let cluster: PostgresCluster;
    beforeAll(async () => (cluster = await startPostgres(2)));
    afterAll(async () => cluster.destroy());

    let databases = 0;
    storeConformance('PostgreSQL', async () => {
      const name = `store_${++databases}`;
      await cluster.primary.ask(`CREATE DATABASE ${name}`);
      const url = cluster.primary.url.replace(/postgres$/, name);
      return { open: () => openPostgresStore(url), destroy: async () => {} };
    });
  });
}

describe('the address of a cluster', () => {
  it('names several hosts', () => {
    expect(hostsOf('postgres://u:p@a:1,b:2/n?x=1')).toEqual([
      'postgres://u:p@a:1/n?x=1',
      'postgres://u:p@b:2/n?x=1',
    ]);
    expect(hostsOf('postgresql://a/n')).toEqual(['postgresql://a/n']);
    expect(() => hostsOf('mysql://a/n')).toThrow(
      expect.objectContaining({ code: 'store-unusable' }) as Error,
    );
  });
});
