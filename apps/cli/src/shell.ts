// What every command speaks through: one place for output, colour, secrets and the words of a refusal.

import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { isFault } from '@parley/kernel';
import colors from 'picocolors';

/** 1 failed, 2 wrong use, 3 refused by policy, 4 waiting for someone, 5 evidence of tampering. */
export type ExitCode = 1 | 2 | 3 | 4 | 5;

/** Ends a command with a clear refusal: code, what happened, and what to do next. */
export class Stop extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  readonly next: string | undefined;
  /** Facts for `--json`, such as the words to compare or the path of an exported proof. */
  readonly data: Record<string, unknown>;

  constructor(
    exit: ExitCode,
    code: string,
    message: string,
    next?: string,
    data: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'Stop';
    this.exit = exit;
    this.code = code;
    this.next = next;
    this.data = data;
  }
}

/** The options that every command takes. */
export type CommonOptions = {
  readonly json?: boolean;
  readonly home?: string;
  readonly passphraseFile?: string;
  readonly quiet?: boolean;
};

export interface Shell {
  readonly json: boolean;
  readonly color: boolean;
  /** A line for people, to standard output; nothing under --json. */
  line(text?: string): void;
  /** The one JSON document of a command; nothing without --json. */
  result(value: unknown): void;
  /** One JSON line of a stream; nothing without --json. */
  item(value: unknown): void;
  /** Remarks and progress, to standard error; nothing under --quiet. */
  note(text: string): void;
  /** A passing progress line, overwritten by the next: shown only on a terminal. */
  progress(text: string): void;
  /** The bell of a terminal, where somebody sits at one: something cannot wait. */
  ring(): void;
  /** Standard input, refused when it is longer than the limit. */
  stdin(limitBytes: number): Promise<Uint8Array>;
  /** Whether a passphrase was given beforehand, by a file or a descriptor. */
  readonly passphraseGiven: boolean;
  /** True where the passphrase comes from a file: nobody is there to be asked anything. */
  readonly unattended: boolean;
  /** Asks for a yes. Unattended, the command itself is the act, so the answer is yes. */
  confirm(question: string): Promise<boolean>;
  /** Where the vault lives: --home, PARLEY_HOME or ~/.parley. */
  home(): string;
  /** From --passphrase-file, PARLEY_PASSPHRASE_FILE or PARLEY_PASSPHRASE_FD, else asked on a terminal, never an argument. */
  passphrase(prompt?: string): Promise<Uint8Array>;
  /** A secret of another kind, such as a mailbox's password: from this file, else asked on a terminal, never an argument. */
  secret(prompt: string, file: string | undefined): Promise<string>;
}

/**
 * Makes a stranger's text fit for one terminal line: control, bidi and invisible characters become visible escapes, so a
 * name cannot move the cursor, hide letters or turn the line round.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu,
    (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Bytes are hexadecimal in everything we print. */
function plainJson(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--;
  return bytes.slice(0, end);
}

async function ask(prompt: string): Promise<Uint8Array> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  // First the terminal stops echoing, then the question is asked.
  const lines = createInterface({ input: process.stdin, output: muted, terminal: true });
  process.stderr.write(prompt);
  return new Promise((settle, fail) => {
    lines.once('SIGINT', () => {
      lines.close();
      fail(new Stop(1, 'interrupted', 'Stopped before a passphrase was given.'));
    });
    lines.question('', (answer) => {
      lines.close();
      process.stderr.write('\n');
      settle(new TextEncoder().encode(answer.normalize('NFKC')));
    });
  });
}

function utf8Passphrase(bytes: Uint8Array): Uint8Array {
  const trimmed = withoutLineEnd(bytes);
  if (trimmed.length === 0) throw new Stop(2, 'passphrase-empty', 'The passphrase is empty.');
  return new TextEncoder().encode(new TextDecoder().decode(trimmed).normalize('NFKC'));
}

/** The shell of a process. `configure` is called once the command line has been read. */
export class ProcessShell implements Shell {
  json = false;
  color = colors.isColorSupported;
  #options: CommonOptions = {};
  #onTransientLine = false;

  configure(options: CommonOptions): void {
    this.#options = options;
    this.json = options.json === true;
  }

  get passphraseGiven(): boolean {
    return (
      this.#options.passphraseFile !== undefined ||
      process.env['PARLEY_PASSPHRASE_FILE'] !== undefined ||
      process.env['PARLEY_PASSPHRASE_FD'] !== undefined
    );
  }

  get unattended(): boolean {
    return !process.stdin.isTTY || this.passphraseGiven;
  }

  /** Asks a question that is answered with yes or no; anything but yes is no. */
  async confirm(question: string): Promise<boolean> {
    if (this.unattended) return true;
    this.#clearTransient();
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    return new Promise((settle) => {
      lines.question(`${question} [yes/no] `, (answer) => {
        lines.close();
        settle(/^y(es)?$/i.test(answer.trim()));
      });
    });
  }

  #clearTransient(): void {
    if (!this.#onTransientLine) return;
    process.stderr.write('\r\u001b[K');
    this.#onTransientLine = false;
  }

  line(text = ''): void {
    if (this.json) return;
    this.#clearTransient();
    process.stdout.write(`${text}\n`);
  }

  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, plainJson, 2)}\n`);
  }

  item(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, plainJson)}\n`);
  }

  note(text: string): void {
    if (this.#options.quiet === true) return;
    this.#clearTransient();
    process.stderr.write(`${text}\n`);
  }

  ring(): void {
    if (!this.json && this.#options.quiet !== true && process.stderr.isTTY)
      process.stderr.write('\u0007');
  }

  progress(text: string): void {
    if (this.#options.quiet === true || !process.stderr.isTTY || process.env['TERM'] === 'dumb')
      return;
    process.stderr.write(
      `\r\u001b[K${printable(text).slice(0, (process.stderr.columns ?? 80) - 1)}`,
    );
    this.#onTransientLine = true;
  }

  async stdin(limitBytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > limitBytes) {
        throw new Stop(3, 'input-too-large', `Standard input is longer than ${limitBytes} bytes.`);
      }
      parts.push(part);
    }
    return Uint8Array.from(Buffer.concat(parts));
  }

  home(): string {
    const named = this.#options.home ?? process.env['PARLEY_HOME'];
    return named === undefined || named === '' ? join(homedir(), '.parley') : resolve(named);
  }

  async passphrase(prompt = 'Passphrase: '): Promise<Uint8Array> {
    const file = this.#options.passphraseFile ?? process.env['PARLEY_PASSPHRASE_FILE'];
    if (file !== undefined) {
      try {
        return utf8Passphrase(await readFile(file));
      } catch (error) {
        if (error instanceof Stop) throw error;
        throw new Stop(
          2,
          'passphrase-file',
          `The passphrase file ${printable(file)} cannot be read.`,
        );
      }
    }
    const descriptor = process.env['PARLEY_PASSPHRASE_FD'];
    if (descriptor !== undefined) {
      try {
        return utf8Passphrase(readFileSync(Number(descriptor)));
      } catch (error) {
        if (error instanceof Stop) throw error;
        throw new Stop(
          2,
          'passphrase-fd',
          `The file descriptor ${printable(descriptor)} cannot be read.`,
        );
      }
    }
    if (process.stdin.isTTY) return ask(prompt);
    throw new Stop(
      2,
      'passphrase-needed',
      'This needs the passphrase of the vault, and there is no terminal to ask on.',
      'give --passphrase-file FILE (or set PARLEY_PASSPHRASE_FD)',
    );
  }

  async secret(prompt: string, file: string | undefined): Promise<string> {
    if (file !== undefined) {
      const content = await readFile(file).catch(() => {
        throw new Stop(
          2,
          'password-file',
          `The password file ${printable(file)} cannot be read.`,
          'check the path',
        );
      });
      return new TextDecoder().decode(withoutLineEnd(content));
    }
    if (process.stdin.isTTY) return new TextDecoder().decode(await ask(prompt));
    throw new Stop(
      2,
      'password-needed',
      'This needs a password, and there is no terminal to ask on.',
      'give --password-file FILE',
    );
  }
}

type Failure = {
  exit: number;
  code: string;
  message: string;
  next?: string;
  data?: Record<string, unknown>;
};

function describe(error: unknown): Failure {
  if (error instanceof Stop) {
    const next = error.next === undefined ? {} : { next: error.next };
    return {
      exit: error.exit,
      code: error.code,
      message: error.message,
      data: error.data,
      ...next,
    };
  }
  if (isFault(error)) {
    const next = error.nextAction === undefined ? {} : { next: error.nextAction };
    return { exit: 1, code: error.code, message: error.message, ...next };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    exit: 1,
    code: 'bug',
    message: `Parley made a mistake: ${message}`,
    next: 'run the same command with PARLEY_TRACE=1 and send what it prints to the people who maintain Parley',
  };
}

/** The language that this terminal speaks, as its environment says it: `fr_FR.UTF-8`; empty where it says none. */
export function terminalLocale(): string {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return [LC_ALL, LC_MESSAGES, LANG].find((one) => one !== undefined && one !== '') ?? '';
}

/** What a code means in the language of this terminal, from the same catalogues as the page; undefined in English. */
async function inOwnLanguage(code: string): Promise<string | undefined> {
  const locale = terminalLocale();
  if (!/^(?:fr|ru|ar|ko|zh)/.test(locale)) return undefined;
  const { sentenceIn } = await import('@parley/web/words');
  return sentenceIn(locale, code);
}

/** Prints a failure as people and programs want it, and answers the exit code. */
export async function reportFailure(shell: Shell, error: unknown): Promise<number> {
  const failure = describe(error);
  if (process.env['PARLEY_TRACE'] !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack ?? error.message}\n`);
  }
  if (shell.json) {
    const { exit, code, message, next, data } = failure;
    shell.result({
      ok: false,
      exit,
      error: { code, message, ...(next === undefined ? {} : { next }) },
      ...data,
    });
    return failure.exit;
  }
  const word = failure.exit === 4 ? 'waiting' : failure.exit === 5 ? 'ALARM' : 'error';
  const painted = shell.color
    ? failure.exit === 4
      ? colors.yellow(word)
      : colors.red(word)
    : word;
  process.stderr.write(`${painted}: ${printable(failure.message)} [${failure.code}]\n`);
  const own = await inOwnLanguage(failure.code);
  if (own !== undefined) process.stderr.write(`  ${own}\n`);
  if (failure.next !== undefined) process.stderr.write(`  next: ${printable(failure.next)}\n`);
  return failure.exit;
}
