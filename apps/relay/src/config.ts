// An operator's settings: flags over environment over one TOML file over defaults, each with the place it came from.

import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { Fault } from '@parley/kernel';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import type { RelayOptions } from './relay-options.ts';

/** Names are those of the flags; TOML writes them the same, the environment as PARLEY_RELAY_NAME. */
const TEXTS = [
  'data',
  'listen',
  'ready-file',
  'create-token-file',
  'key-file',
  'tls-cert',
  'tls-key',
  'admin-listen',
  'strangers-listen',
  'strangers-url',
  'log-level',
] as const;
const LISTS = ['store', 'trust-proxy'] as const;
const DEFAULTS: Readonly<Record<string, string>> = {
  listen: '127.0.0.1:7447',
  'log-level': 'info',
};
const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

type Name = (typeof TEXTS)[number] | (typeof LISTS)[number];
type Value = string | readonly string[] | number;

/** One setting as it is used, and who said so: `flag`, `environment`, the file's path, or `default`. */
export type Setting = { readonly name: string; readonly value: Value; readonly origin: string };

export type ConfigSources = {
  /** Settings by name, as the command line gave them; undefined where it did not. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file?: string;
};

function wrong(message: string, nextAction: string): Fault {
  return new Fault('config-wrong', message, { nextAction });
}

function checked(name: Name, value: unknown, origin: string): Value {
  const isList = (LISTS as readonly string[]).includes(name);
  const list = typeof value === 'string' ? [value] : value;
  if (isList && Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  if (!isList && typeof value === 'string' && value !== '') return value;
  throw wrong(
    `The setting ${name} (${origin}) must be ${isList ? 'a list of texts' : 'a text'}.`,
    'correct it; "parley relay config --origin" shows all of them',
  );
}

async function fileTable(path: string | undefined): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    const where = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new Fault('config-wrong', `The configuration file cannot be read: ${where}.`, {
      cause: error,
      nextAction: 'correct it at that place',
    });
  }
}

function limitsOf(table: unknown, origin: string): Setting[] {
  if (table === undefined) return [];
  if (typeof table !== 'object' || table === null)
    throw wrong(
      '[limits] must be a table of numbers.',
      'write [limits] and one name = number a line',
    );
  return Object.entries(table).map(([name, value]) => {
    if (!(name in DEFAULT_LIMITS))
      throw wrong(`There is no limit ${name}.`, `known: ${Object.keys(DEFAULT_LIMITS).join(', ')}`);
    if (typeof value !== 'number' || !(value >= 0))
      throw wrong(`The limit ${name} must be a number of 0 or more.`, 'correct it');
    return { name: `limits.${name}`, value, origin };
  });
}

/** Every setting that has a value. Faults with 'config-wrong': unknown names are refused, so that a typing error is seen. */
export async function readConfig(sources: ConfigSources): Promise<readonly Setting[]> {
  const table = await fileTable(sources.file);
  const origin = sources.file ?? '';
  const names: readonly Name[] = [...TEXTS, ...LISTS];
  for (const key of Object.keys(table))
    if (key !== 'limits' && !names.some((name) => name === key))
      throw wrong(
        `The configuration file has an unknown setting: ${key}.`,
        `known: ${names.join(', ')}, [limits]`,
      );
  const settings: Setting[] = [];
  for (const name of names) {
    const variable = `PARLEY_RELAY_${name.toUpperCase().replaceAll('-', '_')}`;
    const said = [
      { value: sources.flags[name], origin: 'flag' },
      { value: sources.environment[variable], origin: `environment ${variable}` },
      { value: table[name], origin },
      { value: DEFAULTS[name], origin: 'default' },
    ].find(({ value }) => value !== undefined);
    if (said !== undefined)
      settings.push({ name, value: checked(name, said.value, said.origin), origin: said.origin });
  }
  return [...settings, ...limitsOf(table['limits'], origin)];
}

/** What `startRelay` takes. Faults with 'config-wrong' where something that belongs together is missing. */
export function relayOptionsOf(settings: readonly Setting[]): RelayOptions {
  const values = new Map(settings.map(({ name, value }) => [name, value]));
  const textOf = (name: Name): string | undefined => values.get(name) as string | undefined;
  const given = <K extends string>(key: K, name: Name): Partial<Record<K, string>> => {
    const value = textOf(name);
    return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
  };
  const dataDir = textOf('data');
  const [certFile, keyFile] = [textOf('tls-cert'), textOf('tls-key')];
  const level = LEVELS.find((known) => known === textOf('log-level'));
  if (dataDir === undefined) throw wrong('The data directory is not named.', 'add --data DIR');
  if ((certFile === undefined) !== (keyFile === undefined))
    throw wrong('TLS needs both a certificate and its key.', 'give --tls-cert and --tls-key');
  if (level === undefined)
    throw wrong('There is no such log level.', `known: ${LEVELS.join(', ')}`);
  const limits = Object.fromEntries(
    settings.flatMap(({ name, value }) =>
      name.startsWith('limits.') ? [[name.slice(7), value]] : [],
    ),
  ) as Partial<RelayLimits>;
  const trustProxy = values.get('trust-proxy') as readonly string[] | undefined;
  return {
    dataDir,
    listen: textOf('listen') ?? '',
    stores: (values.get('store') as readonly string[] | undefined) ?? [],
    limits,
    journal: { level },
    ...given('readyFile', 'ready-file'),
    ...given('createTokenFile', 'create-token-file'),
    ...given('keyFile', 'key-file'),
    ...given('adminListen', 'admin-listen'),
    ...given('strangersListen', 'strangers-listen'),
    ...given('strangersUrl', 'strangers-url'),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(certFile === undefined || keyFile === undefined ? {} : { tls: { certFile, keyFile } }),
  };
}
