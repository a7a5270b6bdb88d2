// A directory as the JSON that people edit: everything optional but the party, order free, mistakes named by path.

import { refuse, type Verdict } from '@parley/kernel';
import { asciiHost } from '../message/links.ts';
import {
  checkDirectory,
  newDirectory,
  POLICY_WORDS,
  type Directory,
  type DirectoryReason,
  type PolicyWord,
} from './directory.ts';

const YEAR_MS = 365 * 24 * 3600_000;

class Mistake extends Error {}

function wrong(path: string, what: string): never {
  throw new Mistake(`${path}: ${what}`);
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    wrong(path, 'must be an object');
  return value as Record<string, unknown>;
}

function textAt(value: unknown, path: string): string {
  return typeof value === 'string' && value !== ''
    ? value.normalize('NFC')
    : wrong(path, 'must be a text');
}

function listAt(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : wrong(path, 'must be a list');
}

function domainAt(value: unknown, path: string): string {
  const written = textAt(value, path);
  return asciiHost(written.toLowerCase()) ?? wrong(path, 'is no domain');
}

function timeAt(value: unknown, path: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  const ms = typeof value === 'number' ? value : Date.parse(textAt(value, path));
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : wrong(path, 'is no time');
}

function policyAt(
  value: unknown,
  path: string,
  issuedMs: number,
): { rule: PolicyWord; sinceMs: number } {
  const given = typeof value === 'string' ? { rule: value } : objectAt(value, path);
  const rule = POLICY_WORDS.find((word) => word === given['rule']);
  if (rule === undefined) wrong(path, `must be one of ${POLICY_WORDS.join(', ')}`);
  return {
    rule,
    sinceMs: timeAt('sinceMs' in given ? given['sinceMs'] : undefined, `${path}.sinceMs`, issuedMs),
  };
}

/** Reads the JSON form. `nowMs` stands where no times are given; then it lives a year. */
export function readDirectoryJson(
  value: unknown,
  nowMs: number,
): Verdict<Directory, DirectoryReason> {
  try {
    const given = objectAt(value, 'directory');
    const issuedMs = timeAt(given['issuedMs'] ?? given['issued'], 'issued', nowMs);
    const expiresMs = timeAt(given['expiresMs'] ?? given['expires'], 'expires', issuedMs + YEAR_MS);
    const base = newDirectory(textAt(given['party'], 'party'), { issuedMs, expiresMs });
    const version = given['version'] ?? 1;
    return checkDirectory({
      ...base,
      version:
        typeof version === 'number' && Number.isSafeInteger(version) && version >= 0
          ? version
          : wrong('version', 'must be a number'),
      domains: listAt(given['domains'], 'domains').map((item, i) =>
        domainAt(item, `domains[${i}]`),
      ),
      people: listAt(given['people'], 'people').map((item, i) => personAt(item, `people[${i}]`)),
      keys: listAt(given['keys'], 'keys').map((item, i) => {
        const key = objectAt(item, `keys[${i}]`);
        return {
          domain: domainAt(key['domain'], `keys[${i}].domain`),
          selector: textAt(key['selector'], `keys[${i}].selector`).toLowerCase(),
          record: textAt(key['record'], `keys[${i}].record`),
        };
      }),
      relays: listAt(given['relays'], 'relays').map((item, i) => {
        const entry =
          typeof item === 'string'
            ? { domain: item, kind: 'list' }
            : objectAt(item, `relays[${i}]`);
        return {
          domain: domainAt(entry['domain'], `relays[${i}].domain`),
          kind: entry['kind'] === 'relay' ? 'relay' : 'list',
        };
      }),
      policies: listAt(given['policies'], 'policies').map((item, i) =>
        policyAt(item, `policies[${i}]`, issuedMs),
      ),
    });
  } catch (error) {
    if (error instanceof Mistake) return refuse('unreadable', { detail: error.message });
    throw error;
  }
}

function personAt(item: unknown, path: string): Directory['people'][number] {
  const given = objectAt(item, path);
  const addresses = [
    ...listAt(given['addresses'], `${path}.addresses`),
    ...(given['address'] === undefined ? [] : [given['address']]),
  ];
  return {
    name: textAt(given['name'], `${path}.name`),
    aliases: listAt(given['aliases'], `${path}.aliases`).map((alias, i) =>
      textAt(alias, `${path}.aliases[${i}]`),
    ),
    addresses: addresses.map((address, i) =>
      textAt(address, `${path}.addresses[${i}]`).toLowerCase(),
    ),
  };
}

/** The JSON form of a directory: reading it back gives the same directory. */
export function directoryJson(directory: Directory): Record<string, unknown> {
  const { format: _format, ...rest } = directory;
  return {
    ...rest,
    issued: new Date(directory.issuedMs).toISOString(),
    expires: new Date(directory.expiresMs).toISOString(),
  };
}
