import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, relayOptionsOf, type ConfigSources } from './config.ts';
import { removeDirectory, temporaryDirectory } from './testing/fixture.ts';

let directory: string;
beforeAll(async () => (directory = await temporaryDirectory()));
afterAll(async () => removeDirectory(directory));

async function withFile(text: string): Promise<string> {
  const path = join(directory, `config-${text.length}.toml`);
  await writeFile(path, text);
  return path;
}

const nothing: ConfigSources = { flags: {}, environment: {} };
const wrong = { name: 'Fault', code: 'config-wrong' };

describe('settings of a relay', () => {
  it('flags win over the environment, that over the file, that over defaults, and each says where it came from', async () => {
    const file = await withFile(
      'data = "/from/file"\nlisten = "0.0.0.0:1"\nstore = ["postgres://a/b"]\n[limits]\nlogs = 5\n',
    );
    const settings = await readConfig({
      file,
      flags: { data: '/from/flag' },
      environment: { PARLEY_RELAY_LISTEN: '0.0.0.0:2' },
    });
    const shown = Object.fromEntries(
      settings.map(({ name, value, origin }) => [name, [value, origin]]),
    );
    expect(shown).toEqual({
      data: ['/from/flag', 'flag'],
      listen: ['0.0.0.0:2', 'environment PARLEY_RELAY_LISTEN'],
      store: [['postgres://a/b'], file],
      'log-level': ['info', 'default'],
      'limits.logs': [5, file],
    });
    expect(relayOptionsOf(settings)).toEqual({
      dataDir: '/from/flag',
      listen: '0.0.0.0:2',
      stores: ['postgres://a/b'],
      limits: { logs: 5 },
      journal: { level: 'info' },
    });
  });

  it('a typing error is refused, never ignored', async () => {
    for (const text of [
      'dta = "x"',
      'data = 5',
      'data = ""',
      'store = [5]',
      '[limits]\nlgs = 1',
      '[limits]\nlogs = "1"',
      '[limits]\nlogs = -1',
      'limits = 1',
      'data = ',
    ])
      await expect(
        readConfig({ ...nothing, file: await withFile(text) }),
        text,
      ).rejects.toMatchObject(wrong);
    await expect(readConfig({ ...nothing, file: join(directory, 'absent') })).rejects.toMatchObject(
      wrong,
    );
    for (const flags of [{}, { data: 'd', 'tls-cert': 'c' }, { data: 'd', 'log-level': 'loud' }]) {
      const settings = await readConfig({ flags, environment: {} });
      expect(() => relayOptionsOf(settings)).toThrow(expect.objectContaining(wrong) as Error);
    }
  });
});
