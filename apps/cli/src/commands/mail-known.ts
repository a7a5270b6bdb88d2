// What a mail command knows: directories, attestations, DNS and history, each from a file that the command line names.

import { readFile, writeFile, rename } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  decodeDirectory,
  decodeHistory,
  emptyHistory,
  encodeHistory,
  openAttestations,
  readDirectoryJson,
  readDnsFile,
  type AttestationBook,
  type Directory,
  type DnsPort,
  type History,
} from '@parley/mail';
import { liveDns } from '@parley/mail/node';
import { nativePorts } from '@parley/kernel/node';
import { deskOpener, type DeskOpener } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';

export type KnownOptions = {
  /** A channel's name, or true for all channels of this desk. */
  readonly channel?: string | boolean;
  readonly directory?: readonly string[];
  readonly attestations?: readonly string[];
  readonly dns?: string;
  readonly liveDns?: string | boolean;
  readonly history?: string;
  readonly self?: readonly string[];
  readonly now?: string;
};

export type Known = {
  readonly directories: readonly Directory[];
  readonly attestations: readonly AttestationBook[];
  readonly dns: DnsPort | null;
  readonly history: History;
  readonly self: readonly string[];
  readonly nowMs: number;
};

export function addKnownOptions(command: Command): Command {
  return command
    .option(
      '--channel [name]',
      'use what the verified parties of this channel (or of all) have put on record',
    )
    .option('--directory <file...>', "a party's directory: JSON, or the bytes it published")
    .option('--attestations <file...>', "a party's attestations, as the desk exports them")
    .option('--dns <file>', 'answer DNS questions from this JSON file instead of the network')
    .option(
      '--live-dns [server]',
      "ask this resolver (default: the system's); without it, only pinned keys count",
    )
    .option('--history <file>', 'what this mailbox has seen before')
    .option('--self <address...>', 'your own addresses, to notice mail that was sent again')
    .option('--now <time>', 'judge as of this time (default: now)');
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    throw new Stop(
      2,
      'file-unreadable',
      `The file ${printable(path)} cannot be read.`,
      'check the path',
    );
  }
}

export async function readJson(path: string): Promise<unknown> {
  const bytes = await readBytes(path);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new Stop(2, 'not-json', `The file ${printable(path)} is no JSON.`, 'check its contents');
  }
}

/** A directory file in either form; a broken one is wrong use, since the person named it. */
export async function readDirectoryFile(path: string, nowMs: number): Promise<Directory> {
  const bytes = await readBytes(path);
  const asBytes = decodeDirectory(bytes);
  if (asBytes.ok) return asBytes.value;
  const read = readDirectoryJson(await readJson(path), nowMs);
  if (read.ok) return read.value;
  throw new Stop(
    2,
    `directory-${read.reason}`,
    `The directory ${printable(path)} is refused: ${printable(read.detail ?? read.reason)}.`,
    'correct the file',
  );
}

export async function readHistoryFile(path: string): Promise<History> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // The first use of a history file makes it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyHistory;
    throw new Stop(
      2,
      'file-unreadable',
      `The file ${printable(path)} cannot be read.`,
      'check the path',
    );
  }
  const history = decodeHistory(text);
  if (!history.ok)
    throw new Stop(
      2,
      'not-a-history',
      `The file ${printable(path)} is no history.`,
      'name another file, or move this one away',
    );
  return history.value;
}

/** Whole or not at all: a crash leaves the old history. */
export async function writeHistoryFile(path: string, history: History): Promise<void> {
  await writeFile(`${path}.new`, encodeHistory(history), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export function timeOf(written: string, what: string): number {
  const ms = Date.parse(written);
  if (Number.isNaN(ms))
    throw new Stop(
      2,
      'not-a-time',
      `${what} is no time: ${printable(written)}.`,
      'write it like 2026-11-21 or 2026-11-21T22:00:00Z',
    );
  return ms;
}

/** The channel whose record counts, null for all of them, undefined for none. */
export function channelOf({ channel }: KnownOptions): string | null | undefined {
  if (channel === undefined || channel === false) return undefined;
  return typeof channel === 'string' ? channel : null;
}

export async function onRecord(
  name: string | null,
  shell: Shell,
  open: DeskOpener,
): Promise<Pick<Known, 'directories' | 'attestations'>> {
  const known = await open(async (desk) => desk.mail.knowledge(name ?? undefined));
  for (const remark of known.remarks) shell.note(printable(remark));
  return known;
}

/** From files, and with --channel from the record: the vault is opened for that, and closed again. */
export async function readKnown(
  options: KnownOptions,
  shell: Shell,
  open?: DeskOpener,
): Promise<Known> {
  const nowMs =
    options.now === undefined ? nativePorts.clock.nowMs() : timeOf(options.now, '--now');
  const directories: Directory[] = [];
  for (const path of options.directory ?? [])
    directories.push(await readDirectoryFile(path, nowMs));
  const attestations: AttestationBook[] = [];
  for (const path of options.attestations ?? []) {
    const book = openAttestations(nativePorts.crypto, await readJson(path));
    if (!book.ok)
      throw new Stop(
        2,
        book.reason,
        `The file ${printable(path)} holds no attestations.`,
        'export them again from the desk',
      );
    attestations.push(book.value);
  }
  const name = channelOf(options);
  if (name !== undefined) {
    const known = await onRecord(name, shell, open ?? (await deskOpener(shell)));
    directories.push(...known.directories);
    attestations.push(...known.attestations);
  }
  let dns: DnsPort | null = null;
  if (options.dns !== undefined) {
    const read = readDnsFile(await readJson(options.dns));
    if (!read.ok)
      throw new Stop(
        2,
        read.reason,
        `The file ${printable(options.dns)} holds no DNS answers.`,
        'write {"name": {"TXT": ["..."]}}',
      );
    dns = read.value;
  } else if (options.liveDns !== undefined && options.liveDns !== false)
    dns = liveDns(typeof options.liveDns === 'string' ? { server: options.liveDns } : {});
  return {
    directories,
    attestations,
    dns,
    history: options.history === undefined ? emptyHistory : await readHistoryFile(options.history),
    self: options.self ?? [],
    nowMs,
  };
}
