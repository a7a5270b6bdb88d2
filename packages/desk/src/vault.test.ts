import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault, utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Vault } from './vault.ts';

let home = '';
const passphrase = utf8('correct horse');
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-vault-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const create = (): Vault => Vault.create(nativePorts, { home: join(home, 'v'), passphrase });
const open = (secret = passphrase): Vault =>
  Vault.open(nativePorts, { home: join(home, 'v'), passphrase: secret });

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

test('what was put is there after closing and opening', () => {
  const vault = create();
  vault.put('channel', 'talks', utf8('one'));
  vault.put('channel', 'talks', utf8('two'));
  for (let n = 0; n < 600; n++) vault.putLine('entries', n, utf8(`entry ${n}`));
  vault.close();
  const again = open();
  expect(again.get('channel', 'talks')).toEqual(utf8('two'));
  expect(again.get('channel', 'other')).toBeUndefined();
  expect(again.lastLine('entries')).toBe(599);
  expect([...again.lines('entries', 590)].map((line) => line.n)).toEqual([
    590, 591, 592, 593, 594, 595, 596, 597, 598, 599,
  ]);
  expect([...again.lines('entries')].length).toBe(600);
  again.close();
});

test('a wrong passphrase, a missing vault and a second vault are refused by name', () => {
  create().close();
  expect(codeOf(() => open(utf8('wrong')))).toBe('wrong-passphrase');
  expect(codeOf(create)).toBe('vault-exists');
  expect(codeOf(() => Vault.open(nativePorts, { home: join(home, 'none'), passphrase }))).toBe(
    'vault-missing',
  );
});

test('the files are readable by their owner only and hold no name and no value in the clear', () => {
  const vault = create();
  vault.put('channel', 'secret-talks-name', utf8('secret-talks-value'));
  vault.close();
  for (const name of readdirSync(join(home, 'v'))) {
    const path = join(home, 'v', name);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(path).includes('secret-talks')).toBe(false);
  }
});

test('an altered row is called damage, not data', () => {
  const vault = create();
  vault.put('a', 'b', utf8('value'.repeat(40)));
  vault.close();
  const path = join(home, 'v', 'vault.db');
  const file = new Database(path);
  const sealed = file.prepare<[], { sealed: Uint8Array }>('SELECT sealed FROM item').get()?.sealed;
  if (sealed === undefined) throw new Error('no row');
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  file.prepare('UPDATE item SET sealed = ?').run(sealed);
  file.close();
  const reopened = open();
  expect(codeOf(() => reopened.get('a', 'b'))).toBe('vault-damaged');
  reopened.close();
  writeFileSync(path, 'not a database at all, but long enough to be looked at'.repeat(200));
  expect(codeOf(() => open())).toBe('vault-damaged');
});

test('a second process is told that the vault is in use', async () => {
  const vault = create();
  const script = `
    import { Vault } from ${JSON.stringify(new URL('vault.ts', import.meta.url).href)};
    import { nativePorts } from '@parley/kernel/node';
    try { Vault.open(nativePorts, { home: ${JSON.stringify(join(home, 'v'))}, passphrase: new TextEncoder().encode('correct horse') }); console.log('opened'); }
    catch (error) { console.log(error.code); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
  });
  let out = '';
  child.stdout.on('data', (chunk: Uint8Array) => (out += String(chunk)));
  let problems = '';
  child.stderr.on('data', (chunk: Uint8Array) => (problems += String(chunk)));
  await new Promise((done) => child.once('close', done));
  expect(problems + out.trim()).toBe('vault-busy');
  vault.close();
});

test('a failed transaction leaves everything as it was', () => {
  const vault = create();
  vault.put('a', 'b', utf8('before'));
  expect(() =>
    vault.transaction(() => {
      vault.put('a', 'b', utf8('after'));
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(vault.get('a', 'b')).toEqual(utf8('before'));
  vault.close();
});

test('what was replaced or removed is in no byte of the vault after closing', () => {
  const vault = create();
  vault.put('rooms', 'talks', utf8('the keys of this epoch'));
  vault.put('rooms', 'other', utf8('another room'));
  vault.putLine('log', 0, utf8('a line'));
  vault.close();
  const sealedRows = (): Buffer[] => {
    const file = new Database(join(home, 'v', 'vault.db'), { readonly: true });
    const rows = file
      .prepare('SELECT sealed FROM item UNION ALL SELECT sealed FROM line')
      .all() as { sealed: Buffer }[];
    file.close();
    return rows.map(({ sealed }) => sealed);
  };
  const onDisk = (): Buffer =>
    Buffer.concat(readdirSync(join(home, 'v')).map((name) => readFileSync(join(home, 'v', name))));
  const old = sealedRows();
  expect(old.every((row) => onDisk().includes(row))).toBe(true);

  const again = open();
  again.put('rooms', 'talks', utf8('the keys of the next'));
  again.remove('rooms', 'other');
  again.dropLine('log', 0);
  again.close();
  // One row is as it was: what the vault itself keeps.
  const kept = sealedRows().filter((row) => old.some((before) => before.equals(row)));
  const gone = old.filter((row) => !kept.some((one) => one.equals(row)));
  expect(gone).toHaveLength(3);
  expect(gone.filter((row) => onDisk().includes(row))).toEqual([]);
});
