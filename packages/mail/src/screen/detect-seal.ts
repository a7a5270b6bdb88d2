// D2, D12, D13, D16: what proves the mail, what fails to, and what speaks against it.

import { say } from '@parley/kernel';
import { isWithin } from '../domains/look-alike.ts';
import type { Signature } from '../authentication/authenticate.ts';
import { asciiHost, registrable } from '../message/links.ts';
import { evidence, mark, type Evidence, type Mark } from './evidence.ts';
import { allSenders, markField, type Case, type Proof } from './case.ts';
import { isListedRelay, policySince } from './known-party.ts';
import type { Claims } from './claims.ts';

/** The signer's domain belongs to the From address: the same, above or below it, within one registration. */
function aligned(signature: Signature, host: string): boolean {
  const { domain } = signature;
  return (
    (isWithin(host, domain) || isWithin(domain, host)) && registrable(host) === registrable(domain)
  );
}

/** The DKIM signature that proves an official From, if one does. */
export function dkimProof(given: Case, claims: Claims): Proof | null {
  const { authentication, party, message } = given;
  if (
    claims.address === null ||
    authentication?.state !== 'done' ||
    allSenders(message).length !== 1 ||
    message.from.length !== 1
  )
    return null;
  if (message.from[0]?.list.problems.length !== 0) return null;
  const host = asciiHost(claims.address.domain);
  if (host === null) return null;
  const pinnedOnly = policySince(party, 'pinned-keys-only') !== null;
  const strict = authentication.dmarc?.strictDkim === true;
  const good = authentication.signatures.filter(
    (signature) =>
      signature.result === 'pass' &&
      !signature.bodyOpen &&
      aligned(signature, host) &&
      (!strict || signature.domain === host) &&
      (signature.keySource === 'pinned' || !pinnedOnly),
  );
  const best = good.find(({ keySource }) => keySource === 'pinned') ?? good[0];
  if (best === undefined) return null;
  return {
    by: 'dkim',
    domain: best.domain,
    selector: best.selector,
    key: best.keySource,
    line: best.line,
  };
}

/** A relay or list that the party named, and that itself proves it handled the mail. */
export function provenRelay(given: Case): string | null {
  const { authentication, party } = given;
  if (authentication === null) return null;
  const sealer = authentication.arc.sealedBy.at(-1);
  if (sealer !== undefined && isListedRelay(party, sealer)) return sealer;
  const signed = authentication.signatures.find(
    (signature) => signature.result === 'pass' && isListedRelay(party, signature.domain),
  );
  return signed?.domain ?? null;
}

/** D2: the real address, and nothing that proves it. */
export function detectUnproven(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  if (claims.address === null || proof !== null) return [];
  const { party, message } = given;
  const name = party.directory.party;
  const where: Mark[] = message.from
    .slice(0, 3)
    .map(({ field }) => markField(field, claims.address?.address));
  const relay = provenRelay(given);
  if (relay !== null)
    return [evidence('D2', 'info', say('listed-relay', { party: name, relay }), where)];
  return [evidence('D2', 'stop', say('unproven', { party: name }), where)];
}

/** D12: seals that are broken, too weak, partial, or of somebody else. */
export function detectSeals(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  const { authentication, party } = given;
  if (authentication === null) return [];
  const found: Evidence[] = [];
  const strength = proof === null ? 'warn' : 'info';
  const host = claims.address === null ? null : asciiHost(claims.address.domain);
  if (authentication.state === 'too-much')
    found.push(evidence('D12', strength, say('seals-too-many')));
  if (authentication.state === 'failed')
    found.push(evidence('D12', strength, say('seals-unchecked')));
  for (const signature of authentication.signatures.slice(0, 12)) {
    const field = given.message.headers.fields.find(({ line }) => line === signature.line);
    const marks = field === undefined ? [] : [markField(field, `d=${signature.domain}`)];
    const domain = signature.domain === '' ? say('unnamed-domain') : signature.domain;
    const { reason } = signature;
    if (signature.result === 'fail')
      found.push(evidence('D12', strength, say('seal-broken', { domain, reason }), marks));
    else if (signature.result === 'unusable')
      found.push(evidence('D12', strength, say('seal-unusable', { domain, reason }), marks));
    else if (signature.result === 'no-answer')
      found.push(evidence('D12', 'info', say('seal-no-answer', { domain }), marks));
    else if (signature.bodyOpen)
      found.push(evidence('D12', strength, say('seal-open-end', { domain }), marks));
    else if (host !== null && !aligned(signature, host))
      found.push(evidence('D12', strength, say('seal-of-others', { domain, host }), marks));
    else if (signature.keySource === 'dns' && policySince(party, 'pinned-keys-only') !== null)
      found.push(
        evidence(
          'D12',
          strength,
          say('seal-unlisted-key', { domain, party: party.directory.party }),
          marks,
        ),
      );
  }
  found.push(...openFields(given, proof));
  if (claims.address !== null && authentication.dmarc?.result === 'fail')
    found.push(
      evidence(
        'D12',
        strength,
        say('dmarc-fail', {
          domain: authentication.dmarc.domain,
          policy: authentication.dmarc.policy === '' ? 'none' : authentication.dmarc.policy,
        }),
      ),
    );
  if (
    claims.address !== null &&
    authentication.spf !== null &&
    (authentication.spf.result === 'fail' || authentication.spf.result === 'softfail')
  )
    found.push(
      evidence(
        'D12',
        strength,
        say('spf-fail', { domain: authentication.spf.domain, result: authentication.spf.result }),
      ),
    );
  if (authentication.arc.result === 'fail') found.push(evidence('D12', 'info', say('arc-broken')));
  return found;
}

/** What the proving seal leaves open although the reader sees it. Many good signers leave Content-Type open. */
function openFields(given: Case, proof: Proof | null): Evidence[] {
  if (proof?.by !== 'dkim') return [];
  const signature = given.authentication?.signatures.find(({ line }) => line === proof.line);
  if (signature === undefined) return [];
  return (['subject', 'date', 'content-type'] as const).flatMap((name) => {
    const field = given.message.headers.fields.find((candidate) => candidate.name === name);
    if (field === undefined || signature.covers.includes(name)) return [];
    const strength = name === 'subject' ? 'warn' : 'info';
    const said = say('seal-open-line', { domain: signature.domain, name });
    return [evidence('D12', strength, said, [markField(field)])];
  });
}

const REPLAY_MS = 14 * 24 * 3600_000;

/** D13: a true mail that was not sent to us, or long ago. */
export function detectReplay(given: Case, proof: Proof | null): Evidence[] {
  const { message, self, authentication } = given;
  if (proof === null) return [];
  const found: Evidence[] = [];
  const list = message.headers.fields.some(
    ({ name }) => name === 'list-id' || name === 'list-post',
  );
  const own = self.map((address) => address.toLowerCase());
  if (
    own.length > 0 &&
    message.recipients.length > 0 &&
    !list &&
    !message.recipients.some((address) => own.includes(address))
  )
    found.push(
      evidence('D13', 'warn', say('replay-not-to-you'), [
        mark('recipients', message.recipients.slice(0, 8).join(', ')),
      ]),
    );
  const signature =
    proof.by === 'dkim'
      ? authentication?.signatures.find(({ line }) => line === proof.line)
      : undefined;
  const arrived = arrivalMs(given);
  if (
    signature?.signedMs !== undefined &&
    signature.signedMs !== null &&
    arrived !== null &&
    arrived - signature.signedMs > REPLAY_MS
  )
    found.push(
      evidence(
        'D13',
        'warn',
        say('replay-late', { days: Math.floor((arrived - signature.signedMs) / 86_400_000) }),
      ),
    );
  return found;
}

/** When the last server took the mail, by its own Received line; null where there is none. */
export function arrivalMs(given: Pick<Case, 'message'>): number | null {
  const top = given.message.headers.fields.find(({ name }) => name === 'received');
  const date =
    top === undefined
      ? Number.NaN
      : Date.parse(top.value.slice(top.value.lastIndexOf(';') + 1).replace(/\([^)]*\)/g, ''));
  return Number.isNaN(date) ? null : date;
}

/** D16: what the party's own statements say against the mail. */
export function detectDenial(given: Case): Evidence[] {
  const { attestation, party } = given;
  const name = party.directory.party;
  if (attestation?.kind === 'denied')
    return [
      evidence(
        'D16',
        'stop',
        say('denied-by-count', { party: name, day: attestation.day, count: attestation.count }),
      ),
    ];
  if (attestation?.kind === 'altered')
    return [
      evidence(
        'D16',
        'stop',
        say('altered-on-the-way', { party: name }),
        attestation.differences.slice(0, 10).map(({ what, detail }) => mark(what, detail)),
      ),
    ];
  return [];
}
