// ARC (RFC 8617): mailauth in its strict mode, with the one thing it gets wrong there verified by ourselves.
//
// mailauth 7.1.0 in default mode accepts four malformed tag lists and a signature of none. Strict mode refuses those, but
// then also refuses a newest message signature without c= or with an empty h=, which the suite accepts. Both are read
// again here from the RFC's text. vectors.ts counts 171 of 171.

import { createHash, createPublicKey, verify } from 'node:crypto';
import type { arc as ArcJudge } from 'mailauth/lib/arc/index.js';
import { fieldsNamed, readHeaders } from '../message/headers.ts';
import { canonicalBody, relaxedField } from './canonical-body.ts';
import { asResolver, keyName, textOf, type DnsPort, type DnsRecord } from './dns.ts';
import { arcJudge, dkimJudge } from './judges.ts';

export type ArcResult = 'none' | 'pass' | 'fail';
export type ArcCheck = {
  readonly result: ArcResult;
  /** Domains of the seals, oldest first; empty unless the chain passed. */
  readonly sealedBy: readonly string[];
  readonly detail: string;
};

type Tags = ReadonlyMap<string, string>;

/** `name=value; ...` with names case-sensitive; null where a name repeats or a piece is none. */
export function readTags(value: string): Tags | null {
  const tags = new Map<string, string>();
  const pieces = value.split(';');
  if (pieces.at(-1)?.trim() === '') pieces.pop();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals)).trim();
    if (equals < 0 || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || tags.has(name)) return null;
    tags.set(name, piece.slice(equals + 1).trim());
  }
  return tags;
}

/** The key of a record as RFC 6376 section 3.6.1 publishes it: RSA as SubjectPublicKeyInfo, Ed25519 as 32 bytes. */
function keyOfRecord(record: string): ReturnType<typeof createPublicKey> | null {
  const tags = readTags(record);
  const encoded = tags?.get('p')?.replace(/\s+/g, '') ?? '';
  if (encoded === '') return null;
  const raw = Buffer.from(encoded, 'base64');
  const der =
    tags?.get('k') === 'ed25519'
      ? Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
      : raw;
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function recordText(record: DnsRecord | undefined): string {
  return Array.isArray(record) ? record.join('') : '';
}

/**
 * The newest ARC-Message-Signature where c= is absent (then both forms of the body and the relaxed header are tried) or
 * h= is empty (then it covers the body and itself alone, as its text says).
 */
async function verifyPlainMessageSignature(message: Buffer, dns: DnsPort): Promise<boolean> {
  const headers = readHeaders(message);
  const field = fieldsNamed(headers, 'arc-message-signature')[0];
  const tags = field === undefined ? null : readTags(field.value);
  if (field === undefined || tags === null) return false;
  const form = tags.get('c');
  const names = (tags.get('h') ?? '').split(':').map((name) => name.trim().toLowerCase());
  const listed = names.filter((name) => name !== '');
  if (form !== undefined && listed.length > 0) return false;
  if (form !== undefined && form !== 'relaxed/relaxed') return false;
  if (tags.has('l')) return false;
  const body = canonicalBody(message.subarray(headers.bodyAt), 'relaxed');
  if (createHash('sha256').update(body).digest('base64') !== tags.get('bh')?.replace(/\s+/g, ''))
    return false;
  const remaining = headers.fields.toReversed();
  const lines: string[] = [];
  for (const name of listed) {
    const at = remaining.findIndex((candidate) => candidate.name === name);
    if (at < 0) continue;
    const [taken] = remaining.splice(at, 1);
    lines.push(`${relaxedField(name, taken?.value ?? '')}\r\n`);
  }
  lines.push(
    relaxedField('arc-message-signature', field.value.replace(/(^|;)(\s*b\s*=)[^;]*/, '$1$2')),
  );
  const answer = await dns.ask(keyName(tags.get('s') ?? '', tags.get('d') ?? ''), 'TXT');
  const key = keyOfRecord(recordText(answer.records[0]));
  if (key === null) return false;
  const rsa = key.asymmetricKeyType === 'rsa';
  if (tags.get('a') !== (rsa ? 'rsa-sha256' : 'ed25519-sha256')) return false;
  if (rsa && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 1024) return false;
  const signed = Buffer.from(lines.join(''), 'utf8');
  const signature = Buffer.from((tags.get('b') ?? '').replace(/\s+/g, ''), 'base64');
  return rsa
    ? verify('sha256', signed, key, signature)
    : verify(null, createHash('sha256').update(signed).digest(), key, signature);
}

/** What mailauth's DKIM pass collects of a chain. */
export type ArcData = Parameters<typeof ArcJudge>[0];

/** Judges the chain that the DKIM pass collected from `message` (line endings CRLF). */
export async function judgeArc(message: Buffer, data: ArcData, dns: DnsPort): Promise<ArcCheck> {
  const resolver = asResolver(dns);
  const arc = await arcJudge();
  let judged = await arc(data, { resolver, strict: true });
  const newest = data.lastEntry as { messageSignature?: unknown } | undefined;
  if (
    judged.status.result === 'fail' &&
    newest !== undefined &&
    (data as { error?: unknown }).error === undefined
  ) {
    if (await verifyPlainMessageSignature(message, dns)) {
      newest.messageSignature = { status: { result: 'pass' } };
      judged = await arc(data, { resolver, strict: true });
    }
  }
  const result: ArcResult =
    judged.status.result === 'pass' ? 'pass' : judged.status.result === 'none' ? 'none' : 'fail';
  const chain: readonly unknown[] = Array.isArray(data.chain) ? data.chain : [];
  const sealedBy = result === 'pass' ? chain.map((link) => sealDomain(link)) : [];
  return { result, sealedBy, detail: textOf(judged.status.comment).slice(0, 300) };
}

function sealDomain(link: unknown): string {
  const seal = (link as Record<string, { parsed?: { d?: { value?: unknown } } } | undefined>)[
    'arc-seal'
  ];
  const domain = seal?.parsed?.d?.value;
  return typeof domain === 'string' ? domain.toLowerCase() : '';
}

/** A whole check for callers that want ARC alone. */
export async function checkArc(message: Buffer, dns: DnsPort): Promise<ArcCheck> {
  const dkimVerify = await dkimJudge();
  const verified = await dkimVerify(message, { resolver: asResolver(dns), strict: true });
  return judgeArc(message, (verified.arc ?? { chain: false }) as ArcData, dns);
}
