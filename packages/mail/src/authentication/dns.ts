// The DNS port: one question, one answer with its status and source; answers from a file, pinned keys, and a log of both.

import { accept, refuse, type Verdict } from '@parley/kernel';

export type DnsType = 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT' | 'CNAME';

/** TXT records are lists of strings; MX a priority and a host; the others one text. */
export type DnsRecord =
  | string
  | readonly string[]
  | { readonly priority: number; readonly exchange: string };

export type DnsAnswer = {
  readonly name: string;
  readonly type: DnsType;
  readonly status: 'found' | 'no-records' | 'no-such-name' | 'timeout' | 'failed';
  readonly records: readonly DnsRecord[];
  /** What the resolver said about DNSSEC; null where nothing was said. It holds only for a resolver that is trusted. */
  readonly dnssec: boolean | null;
  readonly source: 'live' | 'file' | 'pinned';
};

/** Asks one question. Never throws for a failing network: that is a status. */
export interface DnsPort {
  ask(name: string, type: DnsType): Promise<DnsAnswer>;
}

/** A DKIM key record that a party's directory pins: it stands before any DNS answer. */
export type PinnedKey = {
  readonly domain: string;
  readonly selector: string;
  readonly record: string;
};

const NAMES_MAX = 100_000;

export function keyName(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`.toLowerCase();
}

/**
 * Answers from a plain object `{ "name": { "TXT": ["..."], "MX": [[10, "host"]] } }`, as a file holds it. A name that is
 * missing does not exist. `"TIMEOUT"` in place of a list is a time-out.
 */
export function readDnsFile(value: unknown): Verdict<DnsPort, 'not-dns-answers'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('not-dns-answers');
  const zone = new Map<string, Record<string, unknown>>();
  for (const [name, types] of Object.entries(value).slice(0, NAMES_MAX)) {
    if (typeof types !== 'object' || types === null || Array.isArray(types))
      return refuse('not-dns-answers', { detail: `${name} holds no object` });
    zone.set(name.toLowerCase().replace(/\.$/, ''), types as Record<string, unknown>);
  }
  return accept({
    ask(name, type) {
      const types = zone.get(name.toLowerCase().replace(/\.$/, ''));
      const list = types?.[type];
      const records = Array.isArray(list)
        ? list.flatMap((item: unknown) => readRecord(item, type))
        : [];
      const status =
        types === undefined
          ? 'no-such-name'
          : list === 'TIMEOUT'
            ? 'timeout'
            : records.length === 0
              ? 'no-records'
              : 'found';
      return Promise.resolve({ name, type, status, records, dnssec: null, source: 'file' });
    },
  });
}

function readRecord(item: unknown, type: DnsType): DnsRecord[] {
  if (type === 'TXT') {
    if (typeof item === 'string') return [[item]];
    return Array.isArray(item) && item.every((piece) => typeof piece === 'string') ? [item] : [];
  }
  if (type === 'MX') {
    const [priority, exchange] = Array.isArray(item) ? (item as unknown[]) : [];
    return typeof priority === 'number' && typeof exchange === 'string'
      ? [{ priority, exchange }]
      : [];
  }
  return typeof item === 'string' ? [item] : [];
}

/** Puts pinned keys before another port; without one, every other name fails, so nothing leaves the machine. */
export function pinnedDns(keys: readonly PinnedKey[], beneath: DnsPort | null): DnsPort {
  const pins = new Map<string, string[]>();
  for (const key of keys) {
    const name = keyName(key.selector, key.domain);
    pins.set(name, [...(pins.get(name) ?? []), key.record]);
  }
  return {
    async ask(name, type) {
      const records = type === 'TXT' ? pins.get(name.toLowerCase().replace(/\.$/, '')) : undefined;
      if (records !== undefined)
        return {
          name,
          type,
          status: 'found',
          records: records.map((record) => [record]),
          dnssec: null,
          source: 'pinned',
        };
      if (beneath !== null) return beneath.ask(name, type);
      return { name, type, status: 'failed', records: [], dnssec: null, source: 'pinned' };
    },
  };
}

/** Keeps every answer as evidence and asks each question once. */
export function loggedDns(port: DnsPort): DnsPort & { readonly log: readonly DnsAnswer[] } {
  const log: DnsAnswer[] = [];
  const asked = new Map<string, Promise<DnsAnswer>>();
  return {
    log,
    ask(name, type) {
      const key = `${type} ${name.toLowerCase()}`;
      const known = asked.get(key);
      if (known !== undefined) return known;
      const answer = port.ask(name, type).then((given) => {
        log.push(given);
        return given;
      });
      asked.set(key, answer);
      return answer;
    },
  };
}

/** mailauth hands out texts, or false and undefined where it has none; its types do not say so. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const CODES = {
  'no-records': 'ENODATA',
  'no-such-name': 'ENOTFOUND',
  timeout: 'ETIMEOUT',
  failed: 'ESERVFAIL',
} as const;

/** The port in the shape mailauth wants: lists, and errors with Node's codes. */
export function asResolver(port: DnsPort): (name: string, type: string) => Promise<string[][]> {
  return async (name, type) => {
    const answer = await port.ask(name, type as DnsType);
    if (answer.status === 'found') return answer.records.map((record) => record) as string[][];
    throw Object.assign(new Error(`DNS: ${answer.status}`), { code: CODES[answer.status] });
  };
}
