// SPF (RFC 7208): mailauth in its strict mode behind our DNS port.
//
// In its default mode mailauth 7.1.0 evaluates a record lazily, so seven cases of the openspf suite come out wrong. Its
// strict mode reads the record first, as section 4.6 wants; vectors.ts counts 200 of 200 with it.

import { asResolver, textOf, type DnsPort } from './dns.ts';
import { spfJudge } from './judges.ts';

export type SpfResult =
  | 'pass'
  | 'fail'
  | 'softfail'
  | 'neutral'
  | 'none'
  | 'permerror'
  | 'temperror';

/** What the receiving server saw of the sender. Only a server knows it: never read it from the mail. */
export type Envelope = { readonly ip: string; readonly helo: string; readonly mailFrom: string };

export type SpfCheck = {
  readonly result: SpfResult;
  readonly domain: string;
  readonly detail: string;
  /** What the domain's owner says about a fail (exp=): a stranger's text. */
  readonly explanation: string;
};

const RESULTS: readonly SpfResult[] = [
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'permerror',
  'temperror',
];
/** RFC 7208 section 4.6.4 asks for at least 20 seconds; a screening waits no longer. */
const ELAPSED_MAX_MS = 20_000;

export async function checkSpf(dns: DnsPort, envelope: Envelope): Promise<SpfCheck> {
  const answer = await (
    await spfJudge()
  )({
    sender: envelope.mailFrom,
    ip: envelope.ip,
    helo: envelope.helo,
    mta: 'parley.invalid',
    resolver: asResolver(dns),
    strict: true,
    maxElapsedTime: ELAPSED_MAX_MS,
  });
  const result = RESULTS.find((word) => word === answer.status.result) ?? 'temperror';
  return {
    result,
    domain: answer.domain ?? '',
    detail: textOf(answer.status.comment).slice(0, 300),
    explanation: textOf(answer.explanation).slice(0, 500),
  };
}
