// A party's directory: what it says its mail looks like. Signed by the caller, versioned, expiring.

import {
  accept,
  decode,
  encode,
  list,
  refuse,
  struct,
  text,
  uint,
  word,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import { parse } from 'tldts';
import { asciiHost } from '../message/links.ts';

/** How long a directory may be trusted at most, whatever it says itself. */
export const DIRECTORY_LIFE_MAX_MS = 400 * 24 * 3600_000;
const ENTRIES_MAX = 500;
const ALIASES_MAX = 20;

/**
 * What a party says about all its mail: `no-files` (it never sends files by mail), `reply-stays` (answers go to its own
 * domains), `always-signed` (every mail carries its DKIM seal), `always-attested` (every mail is attested in the channel),
 * `pinned-keys-only` (no other DKIM key counts than those listed).
 */
export const POLICY_WORDS = [
  'no-files',
  'reply-stays',
  'always-signed',
  'always-attested',
  'pinned-keys-only',
] as const;
export type PolicyWord = (typeof POLICY_WORDS)[number];
export const RELAY_KINDS = ['list', 'relay'] as const;

const name = text(200);
const domain = text(253);
const address = text(320);

const person = struct({
  name,
  /** Other spellings: the original script, romanisations, maiden names. */
  aliases: list(name, ALIASES_MAX),
  addresses: list(address, ALIASES_MAX),
});
const pinnedKey = struct({ domain, selector: text(200), record: text(4000) });
const relay = struct({ kind: word(RELAY_KINDS), domain });
const policy = struct({ rule: word(POLICY_WORDS), sinceMs: uint() });

/** The canonical bytes a party signs; purpose 'mail-directory'. */
export const directoryCodec = struct({
  format: word(['parley/mail-directory/1']),
  party: name,
  version: uint(),
  issuedMs: uint(),
  expiresMs: uint(),
  domains: list(domain, ENTRIES_MAX),
  people: list(person, ENTRIES_MAX),
  keys: list(pinnedKey, ENTRIES_MAX),
  relays: list(relay, ENTRIES_MAX),
  policies: list(policy, POLICY_WORDS.length),
});

export type Directory = Decoded<typeof directoryCodec>;
export type DirectoryPerson = Decoded<typeof person>;

export type DirectoryReason =
  | 'unreadable'
  | 'expired'
  | 'not-yet'
  | 'older-version'
  | 'bad-domain'
  | 'shared-domain'
  | 'bad-address'
  | 'lives-too-long';

export function encodeDirectory(directory: Directory): Uint8Array {
  return encode(directoryCodec, directory);
}

/** Refuses what is not canonical, names no proper domain or address, or would live longer than 400 days. */
export function decodeDirectory(encoded: Uint8Array): Verdict<Directory, DirectoryReason> {
  const decoded = decode(directoryCodec, encoded);
  if (!decoded.ok)
    return refuse('unreadable', {
      ...(decoded.at === undefined ? {} : { at: decoded.at }),
      detail: decoded.reason,
    });
  return checkDirectory(decoded.value);
}

// Domains at which anybody gets an address: listing one would make all the world official.
const SHARED = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com aol.com icloud.com me.com gmx.net gmx.de ' +
    'web.de proton.me protonmail.com naver.com daum.net hanmail.net mail.ru yandex.ru qq.com 163.com 126.com sina.com'
  ).split(' '),
);

/** A public suffix (com, go.kr) is no domain of a party. */
function isRealOrPrivate(domain: string): boolean {
  return parse(domain).domain !== null;
}

export function checkDirectory(directory: Directory): Verdict<Directory, DirectoryReason> {
  const domains = [
    ...directory.domains,
    ...directory.keys.map((key) => key.domain),
    ...directory.relays.map((entry) => entry.domain),
  ];
  for (const written of domains)
    if (asciiHost(written) !== written || !written.includes('.'))
      return refuse('bad-domain', { detail: written });
  for (const written of directory.domains)
    if (SHARED.has(written) || !isRealOrPrivate(written))
      return refuse('shared-domain', { detail: `${written} belongs to everybody` });
  for (const written of directory.people.flatMap(({ addresses }) => addresses))
    if (!/^[^\s@<>"(),;:\\]+@[^\s@]+$/.test(written) || written !== written.toLowerCase())
      return refuse('bad-address', { detail: written });
  if (directory.expiresMs - directory.issuedMs > DIRECTORY_LIFE_MAX_MS)
    return refuse('lives-too-long');
  if (directory.expiresMs <= directory.issuedMs) return refuse('expired');
  return accept(directory);
}

/** What a desk does with a newer directory of a party whose signature the caller has verified. */
export function acceptNewer(
  held: Directory | null,
  offered: Directory,
  nowMs: number,
): Verdict<Directory, DirectoryReason> {
  if (offered.expiresMs <= nowMs) return refuse('expired');
  if (offered.issuedMs > nowMs + 10 * 60_000) return refuse('not-yet');
  if (held !== null && offered.version <= held.version) return refuse('older-version');
  return checkDirectory(offered);
}

/** An empty directory to start from. */
export function newDirectory(
  party: string,
  times: { issuedMs: number; expiresMs: number },
): Directory {
  return {
    format: 'parley/mail-directory/1',
    party,
    version: 1,
    ...times,
    domains: [],
    people: [],
    keys: [],
    relays: [],
    policies: [],
  };
}
