// DNS messages (RFC 1035, RFC 6891): one question out, the records that answer it back.

import type { DnsAnswer, DnsRecord, DnsType } from './dns.ts';

const TYPES: Readonly<Record<DnsType, number>> = {
  A: 1,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
};
const RECORDS_MAX = 200;
const OPT = 41;

/** A question with recursion and the AD flag asked for, and room for answers of 1232 bytes; null for no name at all. */
export function encodeQuestion(number: number, name: string, type: DnsType): Buffer | null {
  const labels = name.replace(/\.$/, '').split('.');
  const encoded: Buffer[] = [];
  for (const label of labels) {
    const bytes = Buffer.from(label, 'utf8');
    if (bytes.length === 0 || bytes.length > 63) return null;
    encoded.push(Buffer.from([bytes.length]), bytes);
  }
  const qname = Buffer.concat([...encoded, Buffer.from([0])]);
  if (qname.length > 255) return null;
  const head = Buffer.from([0, 0, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
  head.writeUInt16BE(number);
  const asked = Buffer.from([0, TYPES[type], 0, 1]);
  const opt = Buffer.from([0, 0, OPT, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, qname, asked, opt]);
}

class Walk {
  readonly #bytes: Buffer;
  at: number;
  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  need(count: number): void {
    if (this.at + count > this.#bytes.length) throw new RangeError('short');
  }

  uint16(): number {
    this.need(2);
    this.at += 2;
    return this.#bytes.readUInt16BE(this.at - 2);
  }

  skip(count: number): void {
    this.need(count);
    this.at += count;
  }

  /** A name, following at most 60 pointers, each further back. */
  name(): string {
    const labels: string[] = [];
    let at = this.at;
    let after = -1;
    for (let steps = 0; steps < 128; steps++) {
      const length = this.#bytes[at];
      if (length === undefined) break;
      if ((length & 0xc0) === 0xc0) {
        const target = ((length & 0x3f) << 8) | (this.#bytes[at + 1] ?? 0);
        if (after < 0) after = at + 2;
        if (target >= at) break;
        at = target;
      } else if (length === 0) {
        this.at = after < 0 ? at + 1 : after;
        return labels.join('.').toLowerCase();
      } else {
        if (at + 1 + length > this.#bytes.length) break;
        labels.push(this.#bytes.toString('utf8', at + 1, at + 1 + length));
        at += 1 + length;
      }
    }
    throw new RangeError('name');
  }
}

function readRecord(bytes: Buffer, type: DnsType, at: number, length: number): DnsRecord {
  const data = bytes.subarray(at, at + length);
  if (type === 'TXT') {
    const strings: string[] = [];
    for (let from = 0; from < data.length; from += 1 + (data[from] ?? 0))
      strings.push(data.toString('utf8', from + 1, from + 1 + (data[from] ?? 0)));
    return strings;
  }
  if (type === 'MX')
    return { priority: data.readUInt16BE(0), exchange: new Walk(bytes, at + 2).name() };
  if (type === 'A') return [...data].join('.');
  if (type === 'AAAA')
    return Array.from({ length: 8 }, (_, i) => data.readUInt16BE(2 * i).toString(16)).join(':');
  return new Walk(bytes, at).name();
}

type Asked = { readonly number: number; readonly name: string; readonly type: DnsType };
type Answered = Pick<DnsAnswer, 'status' | 'records' | 'dnssec'>;

/** Null for bytes that answer another question or none. `cut`: ask again over TCP. CNAME chains in the answer are followed. */
export function decodeAnswer(
  bytes: Buffer,
  asked: Asked,
): { readonly cut: boolean; readonly answer: Answered } | null {
  try {
    if (bytes.length < 12 || bytes.readUInt16BE(0) !== asked.number) return null;
    const flags = bytes.readUInt16BE(2);
    if ((flags & 0x8000) === 0 || bytes.readUInt16BE(4) !== 1) return null;
    const walk = new Walk(bytes, 12);
    const wanted = asked.name.replace(/\.$/, '').toLowerCase();
    if (walk.name() !== wanted || walk.uint16() !== TYPES[asked.type] || walk.uint16() !== 1)
      return null;
    const dnssec = (flags & 0x20) !== 0;
    if ((flags & 0x0200) !== 0)
      return { cut: true, answer: { status: 'failed', records: [], dnssec } };
    const code = flags & 15;
    if (code === 3) return { cut: false, answer: { status: 'no-such-name', records: [], dnssec } };
    if (code !== 0) return { cut: false, answer: { status: 'failed', records: [], dnssec } };
    const names = new Set([wanted]);
    const records: DnsRecord[] = [];
    const count = Math.min(bytes.readUInt16BE(6), RECORDS_MAX);
    for (let i = 0; i < count; i++) {
      const owner = walk.name();
      const type = walk.uint16();
      walk.skip(6);
      const length = walk.uint16();
      walk.need(length);
      if (names.has(owner) && type === TYPES.CNAME && asked.type !== 'CNAME')
        names.add(new Walk(bytes, walk.at).name());
      else if (names.has(owner) && type === TYPES[asked.type])
        records.push(readRecord(bytes, asked.type, walk.at, length));
      walk.skip(length);
    }
    return {
      cut: false,
      answer: { status: records.length > 0 ? 'found' : 'no-records', records, dnssec },
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
