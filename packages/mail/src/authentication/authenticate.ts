// DKIM, ARC, SPF and DMARC of one mail, judged for what they prove: who signed, what was covered, under whose key.

import type { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { HeaderField } from '../message/headers.ts';
import type { Message } from '../message/message.ts';
import { judgeArc, readTags, type ArcCheck, type ArcData } from './arc.ts';
import { withCrlf } from './canonical-body.ts';
import {
  asResolver,
  keyName,
  loggedDns,
  textOf,
  pinnedDns,
  type DnsAnswer,
  type DnsPort,
  type PinnedKey,
} from './dns.ts';
import { dkimJudge, dmarcJudge } from './judges.ts';
import { checkSpf, type Envelope, type SpfCheck } from './spf.ts';

/** Signatures that are verified; a mail with more is not authenticated at all, since each costs a key operation. */
export const SIGNATURES_MAX = 12;
const SIGNATURE_FIELD_MAX = 16 * 1024;
const SKEW_MS = 5 * 60_000;

export type Signature = {
  readonly domain: string;
  readonly selector: string;
  readonly result: 'pass' | 'fail' | 'unusable' | 'no-answer';
  readonly reason: string;
  /** Lower-case names of the covered header fields. */
  readonly covers: readonly string[];
  /** True where l= leaves the end of the body unsigned: anything may have been added there. */
  readonly bodyOpen: boolean;
  readonly keyBits: number | null;
  readonly keySource: 'pinned' | 'dns';
  readonly signedMs: number | null;
  readonly expiresMs: number | null;
  readonly line: number;
};

export type DmarcCheck = {
  readonly result: 'pass' | 'fail' | 'none' | 'unusable';
  readonly policy: string;
  readonly domain: string;
  readonly strictDkim: boolean;
};

export type Authentication = {
  readonly state: 'done' | 'not-signed' | 'too-much' | 'failed';
  readonly signatures: readonly Signature[];
  readonly arc: ArcCheck;
  readonly spf: SpfCheck | null;
  readonly dmarc: DmarcCheck | null;
  /** Every DNS answer that was used. */
  readonly dns: readonly DnsAnswer[];
};

export type AuthenticateOptions = {
  readonly dns: DnsPort | null;
  readonly pinned: readonly PinnedKey[];
  readonly nowMs: number;
  readonly envelope?: Envelope | undefined;
};

const NO_ARC: ArcCheck = { result: 'none', sealedBy: [], detail: '' };
const BROKEN_ARC: ArcCheck = { result: 'fail', sealedBy: [], detail: 'could not be read' };

type DkimResult = Awaited<ReturnType<typeof dkimVerify>>['results'][number];

function timeMs(tag: string | undefined): number | null {
  return tag !== undefined && /^\d{1,12}$/.test(tag) ? Number(tag) * 1000 : null;
}

function judgeSignature(
  found: DkimResult,
  field: { readonly value: string; readonly line: number },
  options: {
    readonly nowMs: number;
    readonly isPinned: (selector: string, domain: string) => boolean;
  },
): Signature {
  const tags = readTags(field.value) ?? new Map<string, string>();
  const domain = textOf(found.signingDomain).toLowerCase().replace(/\.$/, '');
  const selector = textOf(found.selector).toLowerCase();
  const signedMs = timeMs(tags.get('t'));
  const expiresMs = timeMs(tags.get('x'));
  const covers = (tags.get('h') ?? '').split(':').map((name) => name.trim().toLowerCase());
  const status = found.status.result;
  let result: Signature['result'] =
    status === 'pass'
      ? 'pass'
      : status === 'fail'
        ? 'fail'
        : status === 'temperror'
          ? 'no-answer'
          : 'unusable';
  let reason = textOf(found.status.comment).slice(0, 200);
  if (status === 'policy') reason = 'weak key or algorithm';
  if (reason.includes('body hash')) result = 'fail';
  // Judged by us too: a signature from the future or without From proves nothing, whatever the key says.
  if (result === 'pass' && signedMs !== null && signedMs > options.nowMs + SKEW_MS) {
    result = 'unusable';
    reason = 'signed in the future';
  } else if (result === 'pass' && !covers.includes('from')) {
    result = 'unusable';
    reason = 'does not cover From';
  }
  return {
    domain,
    selector,
    result,
    reason,
    covers,
    bodyOpen: tags.has('l'),
    keyBits: typeof found.modulusLength === 'number' ? found.modulusLength : null,
    keySource: options.isPinned(selector, domain) ? 'pinned' : 'dns',
    signedMs,
    expiresMs,
    line: field.line,
  };
}

/** The field a result is about, by its signature value: two parsers may count the fields differently. */
function fieldOf(
  found: DkimResult,
  signed: readonly HeaderField[],
): { value: string; line: number } {
  const value = textOf(found.signature).replace(/\s+/g, '');
  const field = signed.find(
    (candidate) => readTags(candidate.value)?.get('b')?.replace(/\s+/g, '') === value,
  );
  return field ?? { value: '', line: 0 };
}

async function judgeDmarc(
  message: Message,
  signatures: readonly Signature[],
  spf: SpfCheck | null,
  dns: DnsPort,
): Promise<DmarcCheck | null> {
  const headerFrom = message.from.flatMap(({ list }) =>
    list.mailboxes.map(({ address }) => address),
  );
  if (headerFrom.length === 0)
    return { result: 'unusable', policy: '', domain: '', strictDkim: false };
  const judged = await (
    await dmarcJudge()
  )({
    headerFrom: headerFrom.slice(0, 20),
    fromFields: message.from.length,
    spfDomains: spf?.result === 'pass' ? [spf.domain] : [],
    dkimDomains: signatures
      .filter(({ result, bodyOpen }) => result === 'pass' && !bodyOpen)
      .map(({ domain }) => ({ domain, aligned: false })),
    resolver: asResolver(dns),
    strict: true,
  });
  if (judged === false) return { result: 'unusable', policy: '', domain: '', strictDkim: false };
  const word = judged.status.result;
  return {
    result: word === 'pass' || word === 'fail' || word === 'none' ? word : 'unusable',
    policy: textOf(judged.policy),
    domain: textOf(judged.domain),
    // Its types promise an alignment that a domain without a record does not get.
    strictDkim: (judged as { alignment?: typeof judged.alignment }).alignment?.dkim.strict === true,
  };
}

/**
 * Checks everything that can be checked with the answers at hand. A failing network makes results `no-answer`; a mail
 * with too many or too long signatures is left unchecked (`too-much`); never throws for any bytes.
 */
export async function authenticate(
  message: Message,
  options: AuthenticateOptions,
): Promise<Authentication> {
  const pins = new Set(options.pinned.map((key) => keyName(key.selector, key.domain)));
  const dns = loggedDns(pinnedDns(options.pinned, options.dns));
  const signed = message.headers.fields.filter(({ name }) => name === 'dkim-signature');
  const arcFields = message.headers.fields.filter(
    ({ name }) => name === 'arc-seal' || name === 'arc-message-signature',
  );
  const empty = { signatures: [], arc: NO_ARC, spf: null, dmarc: null, dns: dns.log };
  const tooMuch =
    signed.length > SIGNATURES_MAX ||
    arcFields.length > 2 * SIGNATURES_MAX ||
    [...signed, ...arcFields].some(({ value }) => value.length > SIGNATURE_FIELD_MAX);
  if (!message.headers.complete || tooMuch) return { state: 'too-much', ...empty };
  let signatures: Signature[] = [];
  let arc = NO_ARC;
  if (signed.length + arcFields.length > 0) {
    const bytes = withCrlf(message.bytes);
    const judge = await dkimJudge();
    const verified = await unlessItThrows(() =>
      judge(bytes, {
        resolver: asResolver(dns),
        strict: true,
        curTime: new Date(options.nowMs),
      }),
    );
    if (verified === null) return { state: 'failed', ...empty };
    const isPinned = (selector: string, domain: string): boolean =>
      pins.has(keyName(selector, domain));
    signatures = verified.results
      .filter(({ status }) => status.result !== 'none')
      .map((found) =>
        judgeSignature(found, fieldOf(found, signed), { nowMs: options.nowMs, isPinned }),
      );
    if (arcFields.length > 0)
      arc =
        (await unlessItThrows(() => judgeArc(bytes, verified.arc as ArcData, dns))) ?? BROKEN_ARC;
  }
  const { envelope } = options;
  const spf = envelope === undefined ? null : await unlessItThrows(() => checkSpf(dns, envelope));
  const dmarcCheck =
    options.dns === null
      ? null
      : await unlessItThrows(() => judgeDmarc(message, signatures, spf, dns));
  return {
    state: signed.length + arcFields.length === 0 ? 'not-signed' : 'done',
    signatures,
    arc,
    spf,
    dmarc: dmarcCheck,
    dns: dns.log,
  };
}

/** mailauth may throw for bytes that no test has shown us: then that one check gives nothing, which is the safe side. */
async function unlessItThrows<T>(check: () => Promise<T>): Promise<T | null> {
  try {
    return await check();
  } catch {
    return null;
  }
}
