// A large document: the others begin before its sender has ended, and an interruption on either side costs little.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TALKS, Stage, documentsIn } from './stage.ts';

/** Above the eight chunks from which a document is announced early. */
const BYTES = 12 * 1024 * 1024;

let stage: Stage;
beforeAll(async () => (stage = await Stage.build()));
afterAll(async () => stage.strike());

describe('a document of 12 MiB', () => {
  it('is announced while it is on its way, fetched in parallel, and each piece travels once', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await beta.sync();
    const path = scene.write('annex.bin', randomBytes(BYTES));
    const isChunk = /\/blobs\/[^/]+\/\d+(\?|$)/;
    // The line is cut after four chunks: the entry is there, the document is not.
    let put = 0;
    scene.gate.cut = ({ method, target }) =>
      method === 'PUT' && isChunk.test(target) && ++put > 4 ? 'before' : undefined;
    await expect(alpha.send(TALKS, path, { onProgress: () => {} })).rejects.toMatchObject({
      code: 'relay-unreachable',
    });
    await sleep(200);
    scene.gate.reset(scene.gate.upstream);
    await alpha.sync();
    await beta.sync(undefined, { documents: false });
    expect(documentsIn(beta)).toHaveLength(1);
    const [rebuilding, sent] = await Promise.all([
      beta.sync(),
      alpha.send(TALKS, path, { onProgress: () => {} }),
    ]);
    expect(sent.state).toBe('at-relay');
    expect(rebuilding.channels[0]?.remarks.join()).not.toContain('does not have the whole');
    const chunksPut = scene.gate.passed.filter(
      ({ method, target }) => method === 'PUT' && isChunk.test(target),
    );
    expect(new Set(chunksPut.map(({ target }) => target)).size).toBe(chunksPut.length);
    expect(chunksPut.length).toBeLessThanOrEqual(9);
    expect(documentsIn(alpha)).toHaveLength(1);
  });
});
