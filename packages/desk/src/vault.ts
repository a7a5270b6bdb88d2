// The vault: everything a desk keeps, in one SQLite file whose rows are sealed by a key that a passphrase unlocks.

import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  Fault,
  assert,
  bytes,
  decode,
  encode,
  hkdf,
  struct,
  uint,
  utf8,
  concat,
  type Decoded,
  type Ports,
} from '@parley/kernel';
import { makeDirectories } from '@parley/kernel/node';
import Database from 'better-sqlite3';

/** Everything that can go wrong with a vault through no stranger's doing. */
export type VaultFault =
  | 'vault-missing'
  | 'vault-exists'
  | 'vault-busy'
  | 'vault-damaged'
  | 'wrong-passphrase'
  | 'disk-full'
  | 'disk-failed';

const FILE = 'vault.db';
const VERSION = 1;
const NONCE_BYTES = 12;
const BUSY_WAIT_MS = 1500;
/** RFC 9106's second recommendation: 64 MiB, three passes; about a fifth of a second here. */
const PASSPHRASE_COST = { memoryKiB: 65_536, passes: 3, lanes: 4 };

/** The one row in the clear: how to get from the passphrase to the master key. */
const lockCodec = struct({
  version: uint(VERSION),
  salt: bytes({ exactly: 16 }),
  memoryKiB: uint(4_194_304),
  passes: uint(64),
  lanes: uint(64),
  nonce: bytes({ exactly: NONCE_BYTES }),
  wrapped: bytes({ exactly: 48 }),
});

const SCHEMA = `
  CREATE TABLE lock (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL) STRICT;
  CREATE TABLE item (tag BLOB PRIMARY KEY, sealed BLOB NOT NULL, collection BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX item_collection ON item (collection);
  CREATE TABLE line (stream BLOB NOT NULL, n INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (stream, n))
    STRICT, WITHOUT ROWID;
`;

type Row = { sealed: Uint8Array };

function sqliteFault(error: unknown): Fault<VaultFault> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new Fault('vault-busy', 'Another Parley program is using this vault.', {
      cause: error,
      retry: true,
      nextAction: 'wait until it has finished, or stop it, and run the command again',
    });
  }
  if (code === 'SQLITE_FULL') {
    return new Fault('disk-full', 'The disk that holds the vault is full. Nothing was lost.', {
      cause: error,
      nextAction: 'free some space and run the command again: it goes on where it stopped',
    });
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new Fault('vault-damaged', 'The vault file is damaged.', {
      cause: error,
      nextAction:
        'restore it from your backup; the record itself can be fetched again from the relay',
    });
  }
  return new Fault('disk-failed', 'The vault cannot be read or written.', {
    cause: error,
    nextAction: 'check the disk and the permissions of the vault file',
  });
}

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Database.SqliteError) throw sqliteFault(error);
    throw error;
  }
}

function openFile(path: string, mustExist: boolean): Database.Database {
  return guard(() => {
    const file = new Database(path, { fileMustExist: mustExist, timeout: BUSY_WAIT_MS });
    try {
      // Exclusive for the life of the process: the operating system gives the lock up even after kill -9.
      file.pragma('locking_mode = EXCLUSIVE');
      file.pragma('journal_mode = WAL');
      file.pragma('synchronous = FULL');
      // Overwrites what is deleted, so that old keys do not stay in free pages.
      file.pragma('secure_delete = ON');
      file.exec('BEGIN EXCLUSIVE; COMMIT');
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  });
}

/** Less than this protects no stolen machine. Who chooses a passphrase is refused a shorter one. */
export const PASSPHRASE_MIN_BYTES = 8;

export type VaultOptions = {
  /** The directory; it is made with access for its owner only. */
  readonly home: string;
  readonly passphrase: Uint8Array;
};

/** The master key that a passphrase unwraps, or undefined where it is not the passphrase of this vault. */
function unlock(
  ports: Ports,
  file: Database.Database,
  passphrase: Uint8Array,
): Uint8Array | undefined {
  const row = guard(() =>
    file.prepare<[], { body: Uint8Array }>('SELECT body FROM lock WHERE id = 1').get(),
  );
  const lock = row === undefined ? undefined : decode(lockCodec, new Uint8Array(row.body));
  if (lock === undefined || !lock.ok) {
    throw new Fault<VaultFault>('vault-damaged', 'The lock of this vault cannot be read.', {
      nextAction: 'restore the vault from your backup',
    });
  }
  const { salt, memoryKiB, passes, lanes, nonce, wrapped } = lock.value;
  const key = ports.crypto.passwordKey(passphrase, salt, { memoryKiB, passes, lanes });
  return ports.crypto.open('aes-256-gcm', key, nonce, utf8('parley/v1/vault/lock'), wrapped);
}

/**
 * Named items and numbered lines, all sealed (AES-256-GCM) and bound to their place, so that rows cannot be swapped.
 * Names are hashed with a key before they reach the file. One process at a time; every call is synchronous.
 */
export class Vault {
  readonly #file: Database.Database;
  readonly #ports: Ports;
  readonly #sealKey: Uint8Array;
  readonly #tagKey: Uint8Array;
  readonly #statements;

  private constructor(ports: Ports, file: Database.Database, masterKey: Uint8Array) {
    this.#file = file;
    this.#ports = ports;
    const derive = (info: string): Uint8Array =>
      hkdf(ports.crypto, 'sha256', { ikm: masterKey, info: utf8(info), length: 32 });
    this.#sealKey = derive('parley/v1/vault/seal');
    this.#tagKey = derive('parley/v1/vault/name');
    this.#statements = {
      get: file.prepare<[Uint8Array], Row>('SELECT sealed FROM item WHERE tag = ?'),
      put: file.prepare<[Uint8Array, Uint8Array, Uint8Array]>(
        'INSERT INTO item (tag, sealed, collection) VALUES (?, ?, ?) ON CONFLICT (tag) DO UPDATE SET sealed = excluded.sealed',
      ),
      remove: file.prepare<[Uint8Array]>('DELETE FROM item WHERE tag = ?'),
      list: file.prepare<[Uint8Array], Row & { tag: Uint8Array }>(
        'SELECT tag, sealed FROM item WHERE collection = ?',
      ),
      lineAt: file.prepare<[Uint8Array, number], Row>(
        'SELECT sealed FROM line WHERE stream = ? AND n = ?',
      ),
      lines: file.prepare<[Uint8Array, number, number], Row & { n: number }>(
        'SELECT n, sealed FROM line WHERE stream = ? AND n >= ? ORDER BY n LIMIT ?',
      ),
      putLine: file.prepare<[Uint8Array, number, Uint8Array]>(
        'INSERT INTO line (stream, n, sealed) VALUES (?, ?, ?) ON CONFLICT (stream, n) DO UPDATE SET sealed = excluded.sealed',
      ),
      dropLine: file.prepare<[Uint8Array, number]>('DELETE FROM line WHERE stream = ? AND n = ?'),
      last: file.prepare<[Uint8Array], { n: number }>(
        'SELECT n FROM line WHERE stream = ? ORDER BY n DESC LIMIT 1',
      ),
    };
  }

  static exists(home: string): boolean {
    return existsSync(join(home, FILE));
  }

  /** Makes a new vault. Refuses to touch an existing one (`vault-exists`). */
  static create(ports: Ports, options: VaultOptions): Vault {
    if (Vault.exists(options.home)) {
      throw new Fault<VaultFault>('vault-exists', 'There is a vault here already.', {
        nextAction: 'use it, or choose another directory with --home',
      });
    }
    try {
      makeDirectories(options.home);
    } catch (error) {
      throw new Fault<VaultFault>('disk-failed', 'The directory of the vault cannot be made.', {
        cause: error,
        nextAction: 'choose another directory with --home',
      });
    }
    const path = join(options.home, FILE);
    const file = openFile(path, false);
    chmodSync(path, 0o600);
    const masterKey = ports.randomness.bytes(32);
    const salt = ports.randomness.bytes(16);
    const nonce = ports.randomness.bytes(NONCE_BYTES);
    const key = ports.crypto.passwordKey(options.passphrase, salt, PASSPHRASE_COST);
    const lock: Decoded<typeof lockCodec> = {
      version: VERSION,
      salt,
      ...PASSPHRASE_COST,
      nonce,
      wrapped: ports.crypto.seal(
        'aes-256-gcm',
        key,
        nonce,
        utf8('parley/v1/vault/lock'),
        masterKey,
      ),
    };
    guard(() =>
      file.transaction(() => {
        file.exec(SCHEMA);
        file.prepare('INSERT INTO lock (id, body) VALUES (1, ?)').run(encode(lockCodec, lock));
      })(),
    );
    return new Vault(ports, file, masterKey);
  }

  /** Opens a vault, or faults: `vault-missing`, `wrong-passphrase`, `vault-busy`, `vault-damaged`. */
  static open(ports: Ports, options: VaultOptions): Vault {
    if (!Vault.exists(options.home)) {
      throw new Fault<VaultFault>('vault-missing', `There is no vault in ${options.home}.`, {
        nextAction: 'run "parley init" first, or name the right directory with --home',
      });
    }
    const file = openFile(join(options.home, FILE), true);
    try {
      const master = unlock(ports, file, options.passphrase);
      if (master === undefined) {
        throw new Fault<VaultFault>(
          'wrong-passphrase',
          'This passphrase does not open the vault.',
          {
            retry: true,
            nextAction: 'try again; nobody can reset it for you',
          },
        );
      }
      return new Vault(ports, file, Uint8Array.from(master));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Whether this is the passphrase of the open vault: how an app makes sure who asks for a grave act. */
  confirms(passphrase: Uint8Array): boolean {
    return unlock(this.#ports, this.#file, passphrase) !== undefined;
  }

  #tag(...names: readonly string[]): Uint8Array {
    const joined = concat(...names.map((name) => concat(utf8(name), Uint8Array.of(0))));
    return this.#ports.crypto.hmac('sha256', this.#tagKey, joined).slice(0, 16);
  }

  #seal(place: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const nonce = this.#ports.randomness.bytes(NONCE_BYTES);
    return concat(
      nonce,
      this.#ports.crypto.seal('aes-256-gcm', this.#sealKey, nonce, place, plaintext),
    );
  }

  #open(place: Uint8Array, sealed: Uint8Array): Uint8Array {
    const opened = this.#ports.crypto.open(
      'aes-256-gcm',
      this.#sealKey,
      sealed.subarray(0, NONCE_BYTES),
      place,
      sealed.subarray(NONCE_BYTES),
    );
    if (opened === undefined) {
      throw new Fault<VaultFault>('vault-damaged', 'A row of the vault has been altered.', {
        nextAction: 'restore the vault from your backup',
      });
    }
    return opened;
  }

  #linePlace(stream: Uint8Array, n: number): Uint8Array {
    return concat(stream, utf8(`#${n}`));
  }

  get(collection: string, name: string): Uint8Array | undefined {
    const tag = this.#tag(collection, name);
    const row = guard(() => this.#statements.get.get(tag));
    return row === undefined ? undefined : this.#open(tag, row.sealed);
  }

  put(collection: string, name: string, value: Uint8Array): void {
    const tag = this.#tag(collection, name);
    guard(() => this.#statements.put.run(tag, this.#seal(tag, value), this.#tag(collection)));
  }

  remove(collection: string, name: string): void {
    guard(() => this.#statements.remove.run(this.#tag(collection, name)));
  }

  /** All values of a collection, in no order. */
  list(collection: string): Uint8Array[] {
    const rows = guard(() => this.#statements.list.all(this.#tag(collection)));
    return rows.map((row) => this.#open(new Uint8Array(row.tag), row.sealed));
  }

  lineAt(stream: string, n: number): Uint8Array | undefined {
    const tag = this.#tag(stream);
    const row = guard(() => this.#statements.lineAt.get(tag, n));
    return row === undefined ? undefined : this.#open(this.#linePlace(tag, n), row.sealed);
  }

  /** Lines from number `from` up to `end`, in order, read in pages so that memory stays bounded. */
  *lines(
    stream: string,
    from = 0,
    end = Infinity,
  ): Generator<{ readonly n: number; readonly value: Uint8Array }> {
    const tag = this.#tag(stream);
    for (let next = from; next < end;) {
      const page = Math.min(256, end - next);
      const rows = guard(() => this.#statements.lines.all(tag, next, page));
      for (const row of rows)
        yield { n: row.n, value: this.#open(this.#linePlace(tag, row.n), row.sealed) };
      const last = rows.at(-1);
      if (last === undefined || rows.length < page) return;
      next = last.n + 1;
    }
  }

  putLine(stream: string, n: number, value: Uint8Array): void {
    assert(Number.isSafeInteger(n) && n >= 0, 'lines are numbered from 0');
    const tag = this.#tag(stream);
    guard(() => this.#statements.putLine.run(tag, n, this.#seal(this.#linePlace(tag, n), value)));
  }

  dropLine(stream: string, n: number): void {
    guard(() => this.#statements.dropLine.run(this.#tag(stream), n));
  }

  /** The highest number in a stream, or -1. */
  lastLine(stream: string): number {
    return guard(() => this.#statements.last.get(this.#tag(stream)))?.n ?? -1;
  }

  /** All or nothing, also through kill -9 and a power cut. Not for asynchronous work. */
  transaction<T>(work: () => T): T {
    return guard(() => this.#file.transaction(work).immediate());
  }

  /** Empties the write-ahead file, so that no old page stays in it. */
  close(): void {
    guard(() => {
      this.#file.pragma('wal_checkpoint(TRUNCATE)');
      this.#file.close();
    });
  }
}
