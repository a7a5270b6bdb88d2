import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  downloadFile,
  newCapability,
  newFileKey,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import {
  backUp,
  checkStore,
  newBackupKey,
  readKeyFile,
  restore,
  writeBackupKey,
} from './backup.ts';
import { auditRelay } from './audit.ts';
import { startRelay } from './relay.ts';
import type { RunningRelay } from './relay-options.ts';
import {
  crypto,
  freshLog,
  randomness,
  removeDirectory,
  temporaryDirectory,
} from './testing/fixture.ts';

let directory: string;
let dataDir: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  dataDir = join(directory, 'data');
});
afterEach(async () => removeDirectory(directory));

const start = (at: string): Promise<RunningRelay> =>
  startRelay({ dataDir: at, listen: '127.0.0.1:0', journal: { level: 'silent' } });

describe('a backup', () => {
  it('taken while members write brings back a relay that ransomware encrypted in place', async () => {
    const relay = await start(dataDir);
    const owner = newCapability(randomness);
    const log = await freshLog(
      new RelayClient({ url: relay.url, relayKey: relay.relayKey }),
      owner,
    );
    const file = randomness.bytes(2_200_000);
    const key = newFileKey(nativePorts);
    await uploadFile(log, {
      key,
      size: file.length,
      source: (async function* () {
        yield file;
      })(),
      expiresMs: Date.now() + 1e7,
    });
    const stop = { now: false };
    const done = { seq: 0 };
    const writing = (async () => {
      while (!stop.now)
        await log.append({ expectedSeq: ++done.seq, envelope: randomness.bytes(700) });
    })();
    while (done.seq < 20) await new Promise((settle) => setTimeout(settle, 5));
    const { secret, publicKey } = newBackupKey();
    const before = done.seq - 1;
    const target = join(directory, 'one.backup');
    expect(await backUp(dataDir, target, publicKey)).toMatchObject({ files: 5 });
    stop.now = true;
    await writing;
    await relay.close();
    await expect(backUp(dataDir, target, publicKey)).rejects.toMatchObject({
      code: 'backup-exists',
    });

    for (const name of await readdir(dataDir, { recursive: true })) {
      const path = join(dataDir, name);
      if ((await stat(path)).isFile())
        await writeFile(path, randomness.bytes((await readFile(path)).length));
    }
    await expect(start(dataDir)).rejects.toMatchObject({ name: 'Fault' });
    await expect(restore(target, dataDir, secret)).rejects.toMatchObject({
      code: 'restore-not-empty',
    });

    const fresh = join(directory, 'fresh');
    const restored = await restore(target, fresh, secret);
    expect(restored.envelopes).toBeGreaterThanOrEqual(before);
    const again = await start(fresh);
    expect(again.relayKey).toEqual(relay.relayKey);
    const back: RelayLog = new RelayClient({ url: again.url, relayKey: relay.relayKey }).log(
      log.id,
      owner,
    );
    expect(await back.head()).toMatchObject({ value: { seq: restored.envelopes } });
    const sha256 = crypto.hash('sha256', file);
    expect(await downloadFile(back, { key, size: file.length, sha256 }, () => {})).toMatchObject({
      ok: true,
    });
    await again.close();
  });

  it('is refused when it was changed, cut, or is for another key, and leaves nothing behind', async () => {
    const relay = await start(dataDir);
    await freshLog(new RelayClient({ url: relay.url }));
    await relay.close();
    const path = join(directory, 'backup-key');
    await writeBackupKey(path);
    const secret = await readKeyFile(path, 32);
    await expect(readKeyFile(`${path}.pub`, 32)).rejects.toMatchObject({ code: 'backup-key' });
    const target = join(directory, 'good');
    await backUp(dataDir, target, await readKeyFile(`${path}.pub`, 1216));
    const good = await readFile(target);
    const into = join(directory, 'into');
    const refused = async (bytes: Buffer, key = secret): Promise<void> => {
      await writeFile(join(directory, 'bad'), bytes);
      await expect(restore(join(directory, 'bad'), into, key)).rejects.toMatchObject({
        code: 'backup-damaged',
      });
      await expect(stat(into)).rejects.toMatchObject({ code: 'ENOENT' });
    };
    for (const at of [0, 40, 1200, good.length - 30]) {
      const flipped = Buffer.from(good);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await refused(flipped);
    }
    await refused(good.subarray(0, good.length - 1));
    await refused(Buffer.concat([good, Buffer.from('x')]));
    await refused(good, newBackupKey().secret);
    expect(await restore(target, into, secret)).toMatchObject({ logs: 1, envelopes: 0, files: 2 });
  });

  it('a damaged page or envelope is found and named', async () => {
    const relay = await start(dataDir);
    const log = await freshLog(new RelayClient({ url: relay.url }));
    for (let seq = 1; seq <= 50; seq++)
      await log.append({ expectedSeq: seq, envelope: randomness.bytes(900) });
    await relay.close();
    const path = join(dataDir, 'relay.db');
    expect(checkStore(path)).toEqual({ logs: 1, envelopes: 50 });
    const db = new Database(path);
    db.prepare('UPDATE envelope SET body = ? WHERE seq = 7').run(Buffer.from('changed'));
    db.close();
    expect(() => checkStore(path)).toThrow('envelope 7 of a log');
    const bytes = await readFile(path);
    bytes.fill(0xff, 8192, 12_288);
    await mkdir(join(directory, 'torn'));
    await writeFile(join(directory, 'torn', 'relay.db'), bytes);
    expect(() => checkStore(join(directory, 'torn', 'relay.db'))).toThrow(
      expect.objectContaining({ code: 'store-damaged' }) as Error,
    );
  });

  it('files that are not there, or are there already, are named', async () => {
    const missing = join(directory, 'missing');
    const unreadable = expect.objectContaining({ code: 'file-unreadable' }) as Error;
    const { publicKey, secret } = newBackupKey();
    await expect(backUp(missing, join(directory, 'to'), publicKey)).rejects.toThrow(unreadable);
    await expect(restore(missing, dataDir, secret)).rejects.toThrow(unreadable);
    await expect(readKeyFile(missing, 32)).rejects.toThrow(unreadable);
    await expect(auditRelay(missing, { stores: [] })).rejects.toThrow(unreadable);
    const path = join(directory, 'backup-key');
    await writeBackupKey(path);
    const kept = await readFile(path);
    await expect(writeBackupKey(path)).rejects.toMatchObject({ code: 'backup-key-exists' });
    expect(await readFile(path)).toEqual(kept);
  });
});
