// The command line as a tool among others: help, wrong use, pipes that close, output without a terminal.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badSamples } from '../../tools/samples/bad.ts';
import { PARLEY, ROOT, json, parley, type Came } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = ({ out, err }: Came): void => {
  expect(out + err).not.toContain('\u001b');
  expect(out + err).not.toMatch(/\n {4}at /);
};

test('every command has a help text with its purpose, and the first page names them all', async () => {
  const top = await parley(['--help']);
  expect(top.exit).toBe(0);
  plain(top);
  const names = [
    ['init'],
    ['doctor'],
    ['channel', 'new'],
    ['channel', 'join'],
    ['channel', 'admit'],
    ['verify'],
    ['say'],
    ['send'],
    ['sync'],
    ['inbox'],
    ['log'],
    ['open'],
    ['disarm'],
    ['record', 'export'],
    ['record', 'verify'],
    ['relay', 'serve'],
    ['demo'],
  ];
  for (const [first] of names) expect(top.out).toContain(` ${first} `);
  const helps = await Promise.all(names.map(async (name) => parley([...name, '--help'])));
  for (const [n, help] of helps.entries()) {
    expect(help.exit, names[n]?.join(' ')).toBe(0);
    expect(help.out).toContain(`Usage: parley ${names[n]?.join(' ')}`);
    expect(help.out).toContain('--json');
    expect(help.out.split('\n').length).toBeGreaterThan(6);
    plain(help);
  }
});

describe('wrong use is exit 2, with and without --json', () => {
  test.each([
    [['nonsense'], 'unknown-command'],
    [['say'], 'missing-argument'],
    [['say', 'talks', 'x', '--nonsense'], 'unknown-option'],
    [['init', '--party', 'Alpha'], 'names-needed'],
    [['record', 'nonsense'], 'unknown-command'],
  ])('%j', async (args, code) => {
    const came = await parley([...args, '--json']);
    expect(came.exit).toBe(2);
    expect(json(came)).toMatchObject({ ok: false, exit: 2, error: { code } });
    expect(came.err).toBe('');
  });

  test('an output that cannot be is refused by name, and is no mistake of ours', async () => {
    const text = join(folder, 'in-the-way.txt');
    writeFileSync(text, 'words');
    for (const out of [join(text, 'copy'), '/proc/parley/copy']) {
      const came = await parley(['disarm', text, '--out', out, '--json']);
      expect(json(came)).toMatchObject({ exit: 1, error: { code: 'disk-failed' } });
    }
  });

  test('said to people: what happened, its code, and what to do next', async () => {
    const came = await parley(['say', 'talks', 'x', '--nonsense']);
    expect(came.exit).toBe(2);
    expect(came.out).toBe('');
    expect(came.err).toMatch(/^error: .*\[unknown-option\]\n {2}next: .*\n$/);
    plain(came);
  });

  test('a passphrase that nobody can be asked for, a missing vault, a missing file', async () => {
    const home = join(folder, 'nobody');
    const none = await parley(['sync', '--json'], { home });
    expect(none.exit).toBe(1);
    expect(json(none)).toMatchObject({ error: { code: 'vault-missing' } });
    const asked = await parley(['init', '--party', 'A', '--member', 'B', '--json'], { home });
    expect(asked.exit).toBe(2);
    expect(json(asked)).toMatchObject({ error: { code: 'passphrase-needed' } });
    expect(readdirSync(folder)).not.toContain('nobody');
    const missing = await parley(['record', 'verify', join(folder, 'not-there'), '--json']);
    expect(missing.exit).toBe(1);
    expect(json(missing)).toMatchObject({ error: { code: 'file-missing' } });
  });
});

test('a reader that closes the pipe early sees no stack trace', async () => {
  const shell = spawn('sh', ['-c', `"$NODE" "$PARLEY" --help | head -n 1`], {
    env: { PATH: process.env['PATH'], NODE: process.execPath, PARLEY },
  });
  let out = '';
  let err = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await new Promise((settle) => shell.once('close', settle));
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(err).toBe('');
});

describe('the demo with one document', () => {
  const runDemo = async (document: string, out: string): Promise<Came> =>
    parley(['demo', '--once', '--document', document, '--out', out, '--json']);

  test('leaves the safe copy, the report and both records, which verify and agree', async () => {
    const out = join(folder, 'good');
    const came = await runDemo(join(ROOT, 'samples', 'draft-agenda.pdf'), out);
    expect(came.exit, came.out + came.err).toBe(0);
    plain(came);
    expect(json(came)).toMatchObject({ ok: true, relayPlaintextFound: 0 });
    expect(readdirSync(out).toSorted()).toEqual(
      expect.arrayContaining(['record-a.parley', 'record-b.parley', 'report.json', 'safe.pdf']),
    );
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as object;
    expect(report).toMatchObject({ outcome: 'rebuilt', name: 'draft-agenda.pdf' });
    const verdicts = await Promise.all(
      ['a', 'b'].map(async (side) =>
        parley(['record', 'verify', join(out, `record-${side}.parley`), '--json']),
      ),
    );
    const roots = verdicts.map(
      (verdict) => (json(verdict) as { report: { root: string } }).report.root,
    );
    expect(verdicts.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(roots[0]).toBe(roots[1]);
  });

  test('with a document that cannot be made safe: exit 3, the reason in the report, both records', async () => {
    const sample = badSamples().find(({ name }) => name === 'encrypted.pdf');
    const file = join(folder, 'encrypted.pdf');
    writeFileSync(file, sample?.make() ?? '');
    const out = join(folder, 'refused');
    const came = await runDemo(file, out);
    expect(came.exit, came.out + came.err).toBe(3);
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toMatchObject({
      outcome: 'refused',
      code: 'encrypted',
    });
    expect(readdirSync(out).toSorted()).toEqual([
      'record-a.parley',
      'record-b.parley',
      'report.json',
    ]);
  });

  test('with a file that is not there: exit 1 before anything starts', async () => {
    const came = await runDemo(join(folder, 'nothing.pdf'), join(folder, 'none'));
    expect(came.exit).toBe(1);
    expect(json(came)).toMatchObject({ error: { code: 'file-missing' } });
  });
});
