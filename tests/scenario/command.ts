// Runs the real `parley` command as a process of its own and tells what came of it.

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const PARLEY = fileURLToPath(new URL('../../apps/cli/bin/parley.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Came = {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
};

export type Asked = {
  readonly home?: string;
  readonly passphraseFile?: string;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export type Running = { readonly child: ChildProcess; readonly done: Promise<Came> };

/** Nothing of the caller's own settings reaches the command. */
function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', TMPDIR } = process.env;
  return { PATH, HOME: '/nonexistent', ...(TMPDIR === undefined ? {} : { TMPDIR }), ...extra };
}

export function start(args: readonly string[], asked: Asked = {}): Running {
  const common = [
    ...(asked.home === undefined ? [] : ['--home', asked.home]),
    ...(asked.passphraseFile === undefined ? [] : ['--passphrase-file', asked.passphraseFile]),
  ];
  const child = spawn(process.execPath, [PARLEY, ...args, ...common], {
    cwd: asked.cwd ?? ROOT,
    env: environment(asked.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => {});
  child.stdin.end(asked.stdin ?? '');
  const done = new Promise<Came>((settle, fail) => {
    child.once('error', fail);
    child.once('close', (exit, signal) => settle({ exit, signal, out, err }));
  });
  return { child, done };
}

export const parley = async (args: readonly string[], asked: Asked = {}): Promise<Came> =>
  start(args, asked).done;

/** The JSON document that a command printed. */
export function json(came: Came): Record<string, unknown> {
  try {
    return JSON.parse(came.out) as Record<string, unknown>;
  } catch {
    throw new Error(
      `no JSON (exit ${came.exit}): ${came.out.slice(0, 500)}\n${came.err.slice(0, 500)}`,
    );
  }
}
