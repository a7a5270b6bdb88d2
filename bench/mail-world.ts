// The world of the mail bench: the counterpart's directory and DNS, and how figures are printed.

import { fileURLToPath } from 'node:url';
import {
  readDirectoryJson,
  readDnsFile,
  screen,
  type AttestationBook,
  type Directory,
  type DnsPort,
  type Screening,
} from '@parley/mail';
import { Dice, makeSigner, type Base, type Signer } from './mail-bases.ts';
import { LIST_HOST } from './mail-classes.ts';

export const shared = fileURLToPath(new URL('../../shared', import.meta.url));
const argument = (name: string): string | undefined =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
export const quick = process.argv.includes('--quick');
export const seed = argument('--seed') ?? 'parley';
/** A folder of genuine mails to work on instead of the corpus. */
export const ownBases = argument('--bases') ?? null;
/** One section alone. */
export const only = argument('--only');
export const dice = new Dice(seed);
export const NOW = Date.UTC(2026, 10, 21);
export const say = (text = ''): void => void process.stdout.write(`${text}\n`);
export const percent = (part: number, whole: number): string =>
  `${part}/${whole} (${whole === 0 ? '-' : ((100 * part) / whole).toFixed(2)} %)`;
let missed = 0;

export function missedGoals(): number {
  return missed;
}

export function goal(what: string, met: boolean): void {
  if (!met) missed++;
  say(`  ${met ? 'met   ' : 'MISSED'} ${what}`);
}

export type World = {
  readonly directory: Directory;
  readonly dns: DnsPort;
  readonly signers: ReadonlyMap<string, Signer>;
};

/** The counterpart's directory: half its keys pinned, half only in DNS. */
export function makeWorld(theirs: readonly Base[]): World {
  const people = new Map<string, Set<string>>();
  for (const { name, address } of theirs)
    people.set(address, (people.get(address) ?? new Set()).add(name));
  const domains = [...new Set(theirs.map(({ address }) => address.split('@')[1] ?? ''))];
  const signers = new Map(
    domains.map((domain, i) => [domain, makeSigner(domain, i % 3 === 0 ? 'ed25519' : 'rsa')]),
  );
  const keys = [...signers.values()].filter((_, i) => i % 2 === 0);
  const directory = readDirectoryJson(
    {
      party: 'The other delegation',
      issuedMs: NOW - 1000,
      domains,
      people: [...people].map(([address, names]) => ({
        name: [...names][0],
        aliases: [...names].slice(1, 20),
        addresses: [address],
      })),
      keys: keys.map(({ domain, selector, record }) => ({ domain, selector, record })),
      relays: [{ kind: 'list', domain: LIST_HOST }],
    },
    NOW,
  );
  if (!directory.ok) throw new Error(directory.detail ?? directory.reason);
  const zone = Object.fromEntries(
    [...signers.values()].flatMap(({ domain, selector, record }) => [
      [`${selector}._domainkey.${domain}`, { TXT: [record] }],
      [`_dmarc.${domain}`, { TXT: ['v=DMARC1; p=none'] }],
    ]),
  );
  const dns = readDnsFile(zone);
  if (!dns.ok) throw new Error(dns.reason);
  return { directory: directory.value, dns: dns.value, signers };
}

export function check(
  bytes: Uint8Array,
  world: World,
  attestations: readonly AttestationBook[] = [],
): Promise<Screening> {
  return screen(bytes, {
    directories: [world.directory],
    dns: world.dns,
    nowMs: NOW,
    attestations,
  });
}
