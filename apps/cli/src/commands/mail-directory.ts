// `parley mail directory`: a party's own directory as a file, edited, compared and made ready to be signed.

import { writeFile } from 'node:fs/promises';
import {
  describeChange,
  directoryChanges,
  directoryJson,
  encodeDirectory,
  POLICY_WORDS,
  readDirectoryJson,
  visible,
  type Directory,
} from '@parley/mail';
import { nativePorts } from '@parley/kernel/node';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { readDirectoryFile, readJson } from './mail-known.ts';

type Options = {
  readonly file: string;
  readonly party?: string;
  readonly address?: readonly string[];
  readonly alias?: readonly string[];
  readonly record?: string;
  readonly against?: string;
  readonly out?: string;
  readonly days?: string;
};

type Plain = Record<string, unknown> & { party?: unknown };

async function readPlain(path: string, party: string | undefined): Promise<Plain> {
  try {
    return (await readJson(path)) as Plain;
  } catch (error) {
    if (party !== undefined && error instanceof Stop && error.code === 'file-unreadable')
      return { party };
    throw error;
  }
}

function listOf(plain: Plain, key: string): unknown[] {
  const list = plain[key];
  return Array.isArray(list) ? list : [];
}

type Kind = 'domain' | 'person' | 'key' | 'relay' | 'list' | 'policy';
const KINDS: readonly Kind[] = ['domain', 'person', 'key', 'relay', 'list', 'policy'];

function kindOf(word: string): Kind {
  const kind = KINDS.find((candidate) => candidate === word);
  if (kind === undefined)
    throw new Stop(
      2,
      'wrong-use',
      `A directory has no "${printable(word)}".`,
      `use one of ${KINDS.join(', ')}`,
    );
  return kind;
}

const PLACE = {
  domain: 'domains',
  person: 'people',
  key: 'keys',
  relay: 'relays',
  list: 'relays',
  policy: 'policies',
} as const;

function entryOf(kind: Kind, value: string, options: Options): unknown {
  switch (kind) {
    case 'domain':
      return value.toLowerCase();
    case 'person':
      return { name: value, aliases: options.alias ?? [], addresses: options.address ?? [] };
    case 'key': {
      const [selector, domain] = value.split('._domainkey.');
      if (domain === undefined || options.record === undefined)
        throw new Stop(
          2,
          'wrong-use',
          'A key needs its name and its record.',
          'add key SELECTOR._domainkey.DOMAIN --record "v=DKIM1; ..."',
        );
      return { selector, domain, record: options.record };
    }
    case 'relay':
    case 'list':
      return { kind, domain: value.toLowerCase() };
    case 'policy':
      break;
  }
  if (!POLICY_WORDS.some((word) => word === value))
    throw new Stop(
      2,
      'wrong-use',
      `There is no policy "${printable(value)}".`,
      `use one of ${POLICY_WORDS.join(', ')}`,
    );
  return { rule: value, sinceMs: nativePorts.clock.nowMs() };
}

function nameOf(kind: Kind, entry: unknown): string {
  if (typeof entry === 'string') return entry;
  const fields = entry as Record<string, unknown>;
  if (kind === 'key') return `${String(fields['selector'])}._domainkey.${String(fields['domain'])}`;
  const named = fields[kind === 'person' ? 'name' : kind === 'policy' ? 'rule' : 'domain'];
  return typeof named === 'string' ? named : '';
}

function checked(plain: Plain): Directory {
  const read = readDirectoryJson(plain, nativePorts.clock.nowMs());
  if (!read.ok)
    throw new Stop(
      2,
      `directory-${read.reason}`,
      `The directory would be refused: ${visible(read.detail ?? read.reason)}.`,
      'correct the entry',
    );
  return read.value;
}

async function save(path: string, directory: Directory): Promise<void> {
  await writeFile(path, `${JSON.stringify(directoryJson(directory), null, 2)}\n`);
}

async function change(
  add: boolean,
  word: string,
  value: string,
  options: Options,
  shell: Shell,
): Promise<void> {
  const kind = kindOf(word);
  const plain = await readPlain(options.file, options.party);
  const list = listOf(plain, PLACE[kind]);
  const name =
    kind === 'domain' || kind === 'relay' || kind === 'list' ? value.toLowerCase() : value;
  const others = list.filter((entry) => nameOf(kind, entry) !== name);
  if (!add && others.length === list.length)
    throw new Stop(
      2,
      'no-such-entry',
      `The directory lists no such ${kind}.`,
      'see "parley mail directory show"',
    );
  const before = plain['version'] === undefined ? null : checked(plain);
  const directory = checked({
    ...plain,
    [PLACE[kind]]: add ? [...others, entryOf(kind, value, options)] : others,
  });
  await save(options.file, directory);
  const changes = directoryChanges(before, directory);
  shell.result({ ok: true, changes });
  for (const one of changes) shell.line(visible(describeChange(directory.party, one)));
  shell.line(
    'Nothing is published yet: "parley mail directory publish" makes the bytes that the officer signs.',
  );
}

async function show(options: Options, shell: Shell): Promise<void> {
  const directory = await readDirectoryFile(options.file, nativePorts.clock.nowMs());
  const against =
    options.against === undefined
      ? null
      : await readDirectoryFile(options.against, nativePorts.clock.nowMs());
  const changes = against === null ? [] : directoryChanges(against, directory);
  shell.result({
    ok: true,
    directory: directoryJson(directory),
    ...(against === null ? {} : { changes }),
  });
  const expires = new Date(directory.expiresMs).toISOString().slice(0, 10);
  shell.line(`${visible(directory.party)}, version ${directory.version}, valid until ${expires}`);
  for (const domain of directory.domains) shell.line(`  domain  ${domain}`);
  for (const { name, aliases, addresses } of directory.people)
    shell.line(
      `  person  ${visible([name, ...aliases].join(' / '))}  ${visible(addresses.join(', '))}`,
    );
  for (const key of directory.keys)
    shell.line(`  key     ${visible(`${key.selector}._domainkey.${key.domain}`)}`);
  for (const { kind, domain } of directory.relays) shell.line(`  ${kind.padEnd(7)} ${domain}`);
  for (const { rule } of directory.policies) shell.line(`  policy  ${rule}`);
  for (const one of changes) shell.line(visible(describeChange(directory.party, one)));
}

async function publish(options: Options & { channel?: string }, shell: Shell): Promise<void> {
  const old = await readDirectoryFile(options.file, nativePorts.clock.nowMs());
  const issuedMs = nativePorts.clock.nowMs();
  const days = Number(options.days ?? 180);
  if (!Number.isSafeInteger(days) || days < 1 || days > 400)
    throw new Stop(2, 'wrong-use', 'A directory lives 1 to 400 days.', 'give --days 180');
  const next: Directory = {
    ...old,
    version: old.version + 1,
    issuedMs,
    expiresMs: issuedMs + days * 86_400_000,
  };
  await save(options.file, next);
  const { channel } = options;
  if (channel !== undefined) {
    const sent = await atDesk(shell, (desk) => desk.mail.publish(channel, next));
    shell.result({ ok: true, version: next.version, ...sent });
    shell.line(`Version ${next.version} is on the record of ${printable(channel)}.`);
    return;
  }
  const out = options.out ?? `${options.file}.published`;
  await writeFile(out, encodeDirectory(next));
  shell.result({ ok: true, version: next.version, out });
  shell.line(
    `Version ${next.version} is in ${printable(out)}, ready to be signed into the channel.`,
  );
}

export function addDirectory(mail: Command, shell: Shell): void {
  const directory = mail
    .command('directory')
    .description('what your mail looks like, for the other side');
  const filed = (command: Command): Command =>
    command.requiredOption('--file <file>', 'the directory as JSON');
  filed(
    directory
      .command('add')
      .description('add a domain, person, key, relay, list or policy')
      .argument('<kind>')
      .argument('<value>'),
  )
    .option('--party <name>', 'start a new directory for this party')
    .option('--address <address...>', "a person's addresses")
    .option('--alias <name...>', 'other spellings of the name, in any script')
    .option('--record <text>', "a key's DNS record")
    .action((kind: string, value: string, options: Options) =>
      change(true, kind, value, options, shell),
    );
  filed(
    directory
      .command('remove')
      .description('remove an entry; the other side acts on it at once')
      .argument('<kind>')
      .argument('<value>'),
  ).action((kind: string, value: string, options: Options) =>
    change(false, kind, value, options, shell),
  );
  filed(directory.command('show').description('print a directory, and what changed since another'))
    .option('--against <file>', 'the older directory')
    .action((options: Options) => show(options, shell));
  filed(directory.command('publish').description('raise the version and write the bytes to sign'))
    .option('--channel <name>', 'put it on the record of this channel instead of into a file')
    .option('--out <file>', 'where to write them')
    .option('--days <n>', 'how long it is valid (default 180)')
    .action((options: Options & { channel?: string }) => publish(options, shell));
  directory
    .command('history')
    .description('the directories published in a channel, newest first, and what each changed')
    .argument('<channel>')
    .action((channel: string) =>
      atDesk(shell, async (desk) => {
        const history = desk.mail.directories(channel);
        for (const { party, entry, changes } of history) {
          shell.line(`#${entry}  ${printable(party)}`);
          for (const one of changes) shell.line(`      ${visible(one)}`);
        }
        shell.result({ ok: true, history });
      }),
    );
}
