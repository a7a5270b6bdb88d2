// Addresses as the relay uses and logs them: never whole, only the prefix that a network is given.

import { isIPv4, isIPv6 } from 'node:net';

/** Addresses seen of late with their prefixes: callers come back, and each call asks. */
const seen = new Map<string, string>();
const SEEN_MAX = 4096;

/** /24 of IPv4 (also inside IPv6), /48 of IPv6; 'unknown' for anything else, such as a Unix socket. */
export function addressPrefix(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const known = seen.get(address);
  if (known !== undefined) return known;
  const prefix = prefixOf(address);
  if (seen.size >= SEEN_MAX) seen.clear();
  seen.set(address, prefix);
  return prefix;
}

function prefixOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(plain)) return 'unknown';
  const [left = '', right = ''] = plain.split('::', 2);
  const head = left === '' ? [] : left.split(':');
  const tail = right === '' ? [] : right.split(':');
  const groups = plain.includes('::')
    ? [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail]
    : head;
  return `${groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/48`;
}
