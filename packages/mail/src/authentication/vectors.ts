// Runs the public SPF and ARC suites (files of ../shared, never copied here) against this package's layer.

import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { checkArc } from './arc.ts';
import { withCrlf } from './canonical-body.ts';
import type { DnsAnswer, DnsPort, DnsRecord, DnsType } from './dns.ts';
import { checkSpf } from './spf.ts';

export type VectorCount = {
  readonly total: number;
  readonly passed: number;
  readonly missed: readonly string[];
};

type SpfDocument = {
  readonly tests: Record<
    string,
    {
      helo: string;
      host: string;
      mailfrom: string;
      result: string | string[];
      explanation?: string;
    }
  >;
  readonly zonedata: Record<string, readonly (string | Record<string, unknown>)[]>;
};

/** The suite's zone form: a list of `{TYPE: value}` and the word TIMEOUT for all that is not listed. */
function spfZone(zone: SpfDocument['zonedata']): DnsPort {
  const names = new Map(Object.entries(zone).map(([name, rows]) => [name.toLowerCase(), rows]));
  return {
    ask(name, type) {
      const rows = names.get(name.toLowerCase().replace(/\.$/, ''));
      const answer = (
        status: DnsAnswer['status'],
        records: readonly DnsRecord[] = [],
      ): Promise<DnsAnswer> =>
        Promise.resolve({ name, type, status, records, dnssec: null, source: 'file' });
      if (rows === undefined) return answer('no-such-name');
      const entries = rows.filter((row) => typeof row === 'object');
      // The suite lists type SPF alone where it means both types.
      const hasTxt = entries.some((row) => 'TXT' in row);
      const records: DnsRecord[] = [];
      for (const row of entries)
        for (const [written, value] of Object.entries(row)) {
          const itsType = written === 'SPF' && !hasTxt ? 'TXT' : written;
          if (itsType !== type || value === 'NONE') continue;
          if (value === 'TIMEOUT') return answer('timeout');
          records.push(spfRecord(type, value));
        }
      if (records.length > 0) return answer('found', records);
      return answer(rows.includes('TIMEOUT') ? 'timeout' : 'no-records');
    },
  };
}

function spfRecord(type: DnsType, value: unknown): DnsRecord {
  if (type === 'TXT') return [value].flat() as string[];
  if (type !== 'MX') return String(value);
  const [priority, exchange] = value as [number, string];
  return { priority, exchange };
}

/** Results of the suite, or its explanation texts (which upstream tests nowhere). */
export async function spfVectors(
  file: URL,
  what: 'results' | 'explanations' = 'results',
): Promise<VectorCount> {
  const documents = loadAll(readFileSync(file, 'utf8')) as readonly (SpfDocument | null)[];
  const missed: string[] = [];
  let total = 0;
  for (const document of documents) {
    if (document === null) continue;
    const dns = spfZone(document.zonedata);
    for (const [name, test] of Object.entries(document.tests)) {
      const explanation = test.explanation;
      if (what === 'explanations' && (explanation === undefined || explanation === 'DEFAULT'))
        continue;
      total++;
      const got = await checkSpf(dns, { ip: test.host, helo: test.helo, mailFrom: test.mailfrom });
      const wanted = what === 'results' ? [test.result].flat() : [explanation];
      const given = what === 'results' ? got.result : got.explanation;
      // Hexadecimal digits of an IPv6 macro have no prescribed case (section 7.3), so case is not compared.
      if (!wanted.some((word) => word?.toLowerCase() === given.toLowerCase()))
        missed.push(`${name}: ${given}, wanted ${wanted.join(' or ')}`);
    }
  }
  return { total, passed: total - missed.length, missed };
}

type ArcDocument = {
  readonly tests: Record<string, { message: string; cv?: string | null }>;
  readonly 'txt-records'?: Record<string, string> | string;
};

/** The suite repeats four test names (its JSON form, 171 tests, keeps the last): the earlier ones are renamed, so all run. */
function uniqueNames(yaml: string): string {
  const seen = new Map<string, number>();
  return yaml.replace(/^ {2}([a-z]\w*):$/gm, (line, name: string) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? line : `  ${name}${REPEATED}${times}:`;
  });
}

const REPEATED = '__again';

/** `unique`: the 171 tests of the suite's JSON form. `repeated`: those that its YAML form hides under a second name. */
export async function arcVectors(
  file: URL,
  which: 'unique' | 'repeated' = 'unique',
): Promise<VectorCount> {
  const yaml = readFileSync(file, 'utf8');
  const missed: string[] = [];
  let total = 0;
  // Documents are separated first: test names repeat between them on purpose.
  for (const part of yaml.split(/^---$/m)) {
    for (const document of loadAll(uniqueNames(part)) as readonly (ArcDocument | null)[]) {
      if (document?.tests === undefined) continue;
      const zone = new Map(
        Object.entries(document['txt-records'] ?? {}).map(([name, text]) => [
          name.toLowerCase(),
          text,
        ]),
      );
      const dns: DnsPort = {
        ask(name, type) {
          const text = type === 'TXT' ? zone.get(name.toLowerCase()) : undefined;
          const status = text === undefined ? 'no-such-name' : 'found';
          return Promise.resolve({
            name,
            type,
            status,
            records: text === undefined ? [] : [[text]],
            dnssec: null,
            source: 'file',
          });
        },
      };
      for (const [name, test] of Object.entries(document.tests)) {
        if (name.includes(REPEATED) !== (which === 'repeated')) continue;
        total++;
        const got = await checkArc(withCrlf(Buffer.from(test.message)), dns);
        // An empty cv in the suite stands for a chain that ends in cv=fail: no validator may pass it.
        const wanted =
          test.cv === undefined || test.cv === null || test.cv === ''
            ? 'fail'
            : test.cv.toLowerCase();
        if (got.result !== wanted)
          missed.push(`${name}: ${got.result}, wanted ${wanted} (${got.detail})`);
      }
    }
  }
  return { total, passed: total - missed.length, missed };
}
