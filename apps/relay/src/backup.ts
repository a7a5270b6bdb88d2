// Backups: everything a relay has, taken while it runs, sealed to a key that is not on the machine. Whoever takes the
// machine can neither read a backup nor make an old one look new; where the target only appends, nor remove one.

import { createReadStream } from 'node:fs';
import { open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import Database from 'better-sqlite3';
import {
  Fault,
  XWING_CIPHERTEXT_BYTES,
  concat,
  decode,
  encode,
  generateXWing,
  hkdf,
  sameBytes,
  struct,
  text,
  uint,
  utf8,
  xwingDecapsulate,
  xwingEncapsulate,
} from '@parley/kernel';
import { nativeCrypto, nativePorts } from '@parley/kernel/node';
import { namedDirectory } from './named-directory.ts';
import { expectReadable, readNamed } from './named-file.ts';
import {
  CHUNK_BYTES,
  SEALED_CHUNK_MAX_BYTES,
  emptyHead,
  fileKey,
  logId,
  nextHead,
  openChunk,
  sealChunk,
  type FileKey,
} from '@parley/post';

const MAGIC = utf8('parley/v1/backup\n');
const HEADER_MAX_BYTES = 512;
const itemCodec = struct({ path: text(300), size: uint() });
/** The only names that a backup may hold: a restore writes nowhere else. */
const PATH = /^(?:relay\.key|relay\.db|blobs\/[0-9a-f]{64}\/[0-9a-f]{64}\/(?:0|[1-9]\d{0,3}))$/;

export type BackupFacts = { readonly files: number; readonly bytes: number };

function damaged(what: string): Fault {
  return new Fault('backup-damaged', `The backup cannot be used: ${what}.`, {
    nextAction: 'take the one before it',
  });
}

/** A key pair for backups: keep the secret off the relay's machine, in two places. */
export function newBackupKey(): { secret: Uint8Array; publicKey: Uint8Array } {
  const pair = generateXWing(nativeCrypto, nativePorts.randomness);
  return { secret: pair.secretKey, publicKey: pair.publicKey };
}

const keyOf = (shared: Uint8Array): FileKey =>
  fileKey(nativeCrypto, hkdf(nativeCrypto, 'sha256', { ikm: shared, info: MAGIC, length: 32 }));

async function* filesOf(
  dataDir: string,
  snapshot: string,
): AsyncGenerator<{ path: string; from: string }> {
  yield { path: 'relay.key', from: join(dataDir, 'relay.key') };
  yield { path: 'relay.db', from: snapshot };
  const root = join(dataDir, 'blobs');
  const names = await readdir(root, { recursive: true }).catch(() => []);
  for (const name of names) {
    const path = `blobs/${name}`;
    if (PATH.test(path)) yield { path, from: join(root, name) };
  }
}

/** Length-prefixed headers and contents; an empty path ends it. */
async function* plainOf(
  dataDir: string,
  snapshot: string,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const header = (item: { path: string; size: number }): Uint8Array => {
    const encoded = encode(itemCodec, item);
    return concat(Uint8Array.of(encoded.length >> 8, encoded.length & 255), encoded);
  };
  for await (const { path, from } of filesOf(dataDir, snapshot)) {
    // A chunk may expire while we read: then it is in no backup.
    const file = await stat(from).catch(() => undefined);
    if (file === undefined) continue;
    yield header({ path, size: file.size });
    count(file.size);
    if (file.size > 0)
      yield* createReadStream(from, { highWaterMark: CHUNK_BYTES, end: file.size - 1 });
  }
  yield header({ path: '', size: 0 });
}

async function* sealed(key: FileKey, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let number = 0;
  let held: Uint8Array | undefined;
  const seal = (chunk: Uint8Array, last: boolean): Uint8Array => {
    const bytes = concat(...sealChunk(nativePorts, key, { number: number++, last }, chunk));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return concat(length, bytes);
  };
  for await (const chunk of cut(plain)) {
    if (held !== undefined) yield seal(held, false);
    held = chunk;
  }
  yield seal(held ?? new Uint8Array(0), true);
}

async function* cut(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of plain) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + CHUNK_BYTES - length);
      parts.push(Uint8Array.from(part));
      at += part.length;
      length += part.length;
      if (length < CHUNK_BYTES) continue;
      yield concat(...parts);
      parts = [];
      length = 0;
    }
  }
  if (length > 0) yield concat(...parts);
}

/**
 * Takes a backup of a running SQLite relay. The target is a new file (never an old one) that is synced before this
 * resolves. Faults: 'backup-exists', 'store-damaged' (the copy is checked before it is sealed), and the disk's own.
 */
export async function backUp(
  dataDir: string,
  target: string,
  publicKey: Uint8Array,
): Promise<BackupFacts> {
  await expectReadable(join(dataDir, 'relay.db'));
  const directory = await mkdtemp(join(tmpdir(), 'parley-backup-'));
  const snapshot = join(directory, 'relay.db');
  const facts = { files: 0, bytes: 0 };
  try {
    const db = new Database(join(dataDir, 'relay.db'), { readonly: true, fileMustExist: true });
    await db.backup(snapshot).finally(() => db.close());
    checkStore(snapshot);
    const encapsulated = xwingEncapsulate(nativeCrypto, publicKey);
    if (encapsulated === undefined) throw damaged('its key is not a backup key');
    const file = await open(target, 'wx', 0o600).catch((error: unknown) => {
      throw new Fault('backup-exists', 'The backup cannot be written to a new file there.', {
        cause: error,
        nextAction: 'name a file that is not there yet',
      });
    });
    try {
      await file.write(concat(MAGIC, encapsulated.ciphertext));
      const plain = plainOf(dataDir, snapshot, (bytes) => {
        facts.files++;
        facts.bytes += bytes;
      });
      for await (const chunk of sealed(keyOf(encapsulated.sharedSecret), plain))
        await file.write(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
  return facts;
}

/** Reads a file in exact lengths. */
class Feed {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : concat(this.#held, next.value);
    return true;
  }

  /** What is there up to `most` bytes; empty at the end. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#held.length === 0) if (!(await this.#more())) break;
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  async exactly(length: number): Promise<Uint8Array> {
    while (this.#held.length < length)
      if (!(await this.#more())) throw damaged('it ends too early');
    return this.some(length);
  }
}

async function* opened(key: FileKey, feed: Feed): AsyncGenerator<Uint8Array> {
  for (let number = 0; ; number++) {
    const prefix = await feed.exactly(4);
    const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0);
    if (length > SEALED_CHUNK_MAX_BYTES) throw damaged('a chunk is too long');
    const bytes = await feed.exactly(length);
    const middle = openChunk(key, { number, last: false }, [bytes]);
    const chunk = middle.ok ? middle : openChunk(key, { number, last: true }, [bytes]);
    if (!chunk.ok) throw damaged('a chunk was changed, or this is not its key');
    yield* chunk.value;
    if (middle.ok) continue;
    if ((await feed.some(1)).length > 0) throw damaged('something follows its end');
    return;
  }
}

/**
 * Restores into a directory that must be empty or absent, and checks every chain of heads. Faults: 'backup-damaged',
 * 'restore-not-empty', 'store-damaged'. What it left half done is removed.
 */
export async function restore(
  source: string,
  dataDir: string,
  secret: Uint8Array,
): Promise<BackupFacts & { logs: number; envelopes: number }> {
  if ((await readdir(dataDir).catch(() => [])).length > 0) {
    throw new Fault(
      'restore-not-empty',
      'The directory is not empty, and a restore never overwrites.',
      { nextAction: 'move it aside, or name another' },
    );
  }
  await expectReadable(source);
  const outer = new Feed(createReadStream(source));
  if (!sameBytes(await outer.exactly(MAGIC.length), MAGIC)) throw damaged('it is not a backup');
  const shared = xwingDecapsulate(
    nativeCrypto,
    secret,
    await outer.exactly(XWING_CIPHERTEXT_BYTES),
  );
  if (shared === undefined) throw damaged('this is not its key');
  const feed = new Feed(opened(keyOf(shared), outer));
  const facts = { files: 0, bytes: 0 };
  try {
    for (;;) {
      const prefix = await feed.exactly(2);
      const length = ((prefix[0] ?? 0) << 8) | (prefix[1] ?? 0);
      if (length > HEADER_MAX_BYTES) throw damaged('a header is too long');
      const item = decode(itemCodec, await feed.exactly(length));
      if (!item.ok) throw damaged(`a header is ${item.reason}`);
      if (item.value.path === '') break;
      await writeItem(feed, dataDir, item.value);
      facts.files++;
      facts.bytes += item.value.size;
    }
    if ((await feed.some(1)).length > 0) throw damaged('something follows its end');
    return { ...facts, ...checkStore(join(dataDir, 'relay.db')) };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function writeItem(
  feed: Feed,
  dataDir: string,
  item: { path: string; size: number },
): Promise<void> {
  if (!PATH.test(item.path)) throw damaged('it names a file that no relay has');
  const path = join(dataDir, item.path);
  namedDirectory(dirname(path));
  const file = await open(path, 'wx', 0o600);
  try {
    for (let left = item.size; left > 0;) {
      const piece = await feed.some(left);
      if (piece.length === 0) throw damaged('it ends too early');
      await file.write(piece);
      left -= piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Checks pages and every chain of heads. Faults with 'store-damaged', naming the number of the first bad envelope. */
export function checkStore(path: string): { logs: number; envelopes: number } {
  const bad = (what: string): Fault =>
    new Fault('store-damaged', `The store is damaged: ${what}.`, {
      nextAction: 'restore the newest backup; see "recover" in docs/operations.md',
    });
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { fileMustExist: true });
    const sound = db.pragma('integrity_check(1)', { simple: true });
    if (sound !== 'ok') throw bad(String(sound));
    type Log = { n: number; id: Buffer; seq: number; head: Buffer };
    const envelopesOf = db.prepare<[number], { seq: number; head: Buffer; body: Buffer }>(
      'SELECT seq, head, body FROM envelope WHERE log = ? ORDER BY seq',
    );
    const logs = db.prepare<[], Log>('SELECT n, id, seq, head FROM log').all();
    let envelopes = 0;
    for (const log of logs) {
      let head = emptyHead(nativeCrypto, logId(new Uint8Array(log.id)));
      let seq = 0;
      for (const envelope of envelopesOf.iterate(log.n)) {
        head = nextHead(nativeCrypto, head, envelope.body);
        if (envelope.seq !== ++seq || !sameBytes(head, envelope.head))
          throw bad(`envelope ${seq} of a log is not what was acknowledged`);
      }
      if (seq !== log.seq || !sameBytes(head, log.head))
        throw bad(`a log ends at ${seq}, not at ${log.seq}`);
      envelopes += seq;
    }
    return { logs: logs.length, envelopes };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw bad(error instanceof Error ? error.message : 'it cannot be read');
  } finally {
    db?.close();
  }
}

/** Reads a key file of exactly this length, written by `parley relay backup-key`. */
export async function readKeyFile(path: string, bytes: number): Promise<Uint8Array> {
  const key = await readNamed(path);
  if (key.length === bytes) return new Uint8Array(key);
  throw new Fault('backup-key', 'This is not a key for backups.', {
    nextAction: 'make a pair with: parley relay backup-key',
  });
}

/** Writes a new pair: NAME (the secret, keep it off the relay) and NAME.pub. Faults with 'backup-key-exists'. */
export async function writeBackupKey(path: string): Promise<void> {
  const { secret, publicKey } = newBackupKey();
  const written = async (to: string, key: Uint8Array, mode: number): Promise<void> =>
    writeFile(to, key, { flag: 'wx', mode }).catch((error: unknown) => {
      throw new Fault('backup-key-exists', `The key cannot be written to a new file: ${to}`, {
        cause: error,
        nextAction: 'name a file that is not there yet: a key that is lost opens no backup',
      });
    });
  await written(`${path}.pub`, publicKey, 0o644);
  await written(path, secret, 0o600);
}
