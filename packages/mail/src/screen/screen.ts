// The screening: a mail, what is known of the parties, and DNS answers in; a verdict with evidence out.

import { say } from '@parley/kernel';
import { authenticate, type Authentication } from '../authentication/authenticate.ts';
import type { DnsPort } from '../authentication/dns.ts';
import type { Envelope } from '../authentication/spf.ts';
import type { AttestationBook } from '../attestation/book.ts';
import { matchAttestation } from '../attestation/match.ts';
import type { AttestationOutcome } from '../attestation/outcome.ts';
import type { Directory } from '../directory/directory.ts';
import { emptyHistory, senderOf, type History } from '../history/history.ts';
import { readMessage, type Message } from '../message/message.ts';
import { partBytes } from '../message/mime.ts';
import { readSquareCodes, type SquareCodes } from '../message/square-codes.ts';
import { visible } from '../unicode/visible.ts';
import { shownSender, type Case, type Proof } from './case.ts';
import { claimsParty, findClaims, type Claims } from './claims.ts';
import { detectFiles, detectLinks, detectPolicies, detectReplyTo } from './detect-answer.ts';
import { detectCodes } from './detect-codes.ts';
import { detectInlineForwards } from './detect-forward.ts';
import { detectFirstContact, detectThread, detectTurn } from './detect-history.ts';
import {
  arrivalMs,
  detectDenial,
  detectReplay,
  detectSeals,
  detectUnproven,
  dkimProof,
} from './detect-seal.ts';
import {
  detectHiddenLetters,
  detectLookAlikes,
  detectNames,
  detectSenderLine,
} from './detect-sender.ts';
import { evidence, mark, type Evidence } from './evidence.ts';
import { knownParty } from './known-party.ts';

/**
 * `proven`: the party's seal or statement covers it. `altered`: the party sent it, but not like this. `denied`: the party
 * says it did not send it. `suspicious`: it claims the party and something speaks against it. `unknown`: nothing proves
 * it and nothing speaks against it - most mail in the world.
 */
export type VerdictWord = 'proven' | 'altered' | 'denied' | 'suspicious' | 'unknown';

export type Screening = {
  readonly verdict: VerdictWord;
  /** The party it claims, or is proven to come from; null where it claims none of those known. */
  readonly party: string | null;
  readonly summary: string;
  readonly proof: Proof | null;
  readonly evidence: readonly Evidence[];
  readonly authentication: Authentication | null;
  readonly attestation: AttestationOutcome | null;
  /** Header texts, safe to print. */
  readonly mail: {
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly date: string | null;
    readonly messageId: string;
    readonly files: readonly string[];
    readonly links: number;
    readonly bytes: number;
  };
};

export type ScreenOptions = {
  readonly directories: readonly Directory[];
  readonly nowMs: number;
  /** Null: pinned keys only, nothing is asked. */
  readonly dns?: DnsPort | null;
  readonly history?: History;
  readonly attestations?: readonly AttestationBook[];
  readonly self?: readonly string[];
  /** What the receiving server saw; only a server may give it. */
  readonly envelope?: Envelope | undefined;
  /** A message that was read already, to save reading it again. */
  readonly message?: Message;
};

type Judged = {
  readonly verdict: VerdictWord;
  readonly evidence: readonly Evidence[];
  readonly proof: Proof | null;
  readonly given: Case;
};

const RANK: Readonly<Record<VerdictWord, number>> = {
  denied: 5,
  altered: 4,
  proven: 3,
  suspicious: 2,
  unknown: 0,
};
const STRENGTH_ORDER = { stop: 0, warn: 1, info: 2 } as const;

function asInfo(list: readonly Evidence[]): Evidence[] {
  return list.map((item) => ({ ...item, strength: 'info' }));
}

async function judge(
  message: Message,
  directory: Directory,
  options: ScreenOptions,
): Promise<Judged> {
  const party = knownParty(directory);
  const claims = findClaims(message, party);
  const book = options.attestations?.find((candidate) => candidate.party === directory.party);
  const concerned = claimsParty(claims);
  const attestation =
    book === undefined
      ? null
      : matchAttestation(message, book, { party, claimed: claims.address !== null });
  const needsSeals =
    claims.address !== null || (attestation !== null && attestation.kind !== 'unknown');
  // A stored mail is judged as of its arrival; in a server's hook the top line is still the sender's, so the clock counts.
  const arrivedMs = options.envelope === undefined ? arrivalMs({ message }) : null;
  const nowMs = Math.min(options.nowMs, arrivedMs ?? options.nowMs);
  const authentication = needsSeals
    ? await authenticate(message, {
        dns: options.dns ?? null,
        pinned: directory.keys,
        nowMs,
        envelope: options.envelope,
      })
    : null;
  const history = options.history ?? emptyHistory;
  const given: Case = {
    message,
    party,
    history,
    nowMs: options.nowMs,
    self: options.self ?? [],
    authentication,
    attestation,
    // Pictures cost time: only those of mails that somebody here could believe are looked at.
    codes: concerned || history.senders.has(senderOf(message)) ? await codesOf(message) : null,
  };
  const expired = directory.expiresMs <= options.nowMs;
  const attested: Proof | null =
    attestation?.kind === 'proven' ? { by: 'attestation', how: attestation.how } : null;
  const proof = message.complete && !expired ? (attested ?? dkimProof(given, claims)) : null;
  const found = collect(given, claims, proof);
  if (book !== undefined) found.push(...forwardedMails(message, book, given));
  found.push(...detectInlineForwards(given, book));
  if (expired && concerned)
    found.push(evidence('D12', 'info', say('directory-expired', { party: directory.party })));
  return { ...weigh(given, { concerned: concerned || attested !== null, proof }, found), given };
}

const looked = new WeakMap<Message, Promise<SquareCodes>>();

/** Read once, however many parties the mail is held against. */
function codesOf(message: Message): Promise<SquareCodes> {
  const before = looked.get(message);
  if (before !== undefined) return before;
  const reading = readSquareCodes(message);
  looked.set(message, reading);
  return reading;
}

const FORWARDED_MAX = 3;

/** Mails that ride along as attachments, each against the attestations by itself. */
function forwardedMails(message: Message, book: AttestationBook, given: Case): Evidence[] {
  const { party } = given;
  const name = party.directory.party;
  return message.files
    .filter(({ type }) => type === 'message/rfc822')
    .slice(0, FORWARDED_MAX)
    .flatMap((file) => {
      const inner = readMessage(partBytes(file));
      const outcome = matchAttestation(inner, book, {
        party,
        claimed: findClaims(inner, party).address !== null,
      });
      if (outcome.kind === 'unknown') return [];
      const marks = [mark('forwarded mail', inner.subject)];
      if (outcome.kind === 'proven')
        return [evidence('D16', 'info', say('forwarded-attested', { party: name }), marks)];
      return [evidence('D16', 'warn', say('forwarded-denied', { party: name }), marks)];
    });
}

function collect(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  const concerned = claimsParty(claims);
  const always = [...detectSenderLine(given), ...detectHiddenLetters(given)];
  const found = [
    ...(concerned ? always : asInfo(always)),
    ...detectLookAlikes(given, claims, proof),
    ...detectNames(given, claims),
    ...detectUnproven(given, claims, proof),
    ...detectReplyTo(given, claims, proof),
    ...detectSeals(given, claims, proof),
    ...detectReplay(given, proof),
    ...detectPolicies(given, claims, proof),
    ...detectDenial(given),
  ];
  const about = [
    ...detectLinks(given, proof),
    ...detectFiles(given, proof),
    ...detectCodes(given, proof),
    ...detectThread(given),
    ...detectTurn(given, claims),
    ...detectFirstContact(given),
  ];
  return [...found, ...(concerned ? about : asInfo(about))];
}

/** Proof outweighs warnings, never a stop: a second sender line makes a good seal worthless. */
function weigh(
  given: Case,
  known: { concerned: boolean; proof: Proof | null },
  found: readonly Evidence[],
): Omit<Judged, 'given'> {
  const list = found.toSorted((a, b) => STRENGTH_ORDER[a.strength] - STRENGTH_ORDER[b.strength]);
  const { attestation } = given;
  const result = (verdict: VerdictWord): Omit<Judged, 'given'> => ({
    verdict,
    evidence: list,
    proof: verdict === 'proven' ? known.proof : null,
  });
  if (attestation?.kind === 'denied') return result('denied');
  if (attestation?.kind === 'altered') return result('altered');
  const stopped = list.some(({ strength }) => strength === 'stop');
  if (stopped) return result('suspicious');
  if (known.proof !== null) return result('proven');
  const denied = list.some(({ detector, strength }) => detector === 'D16' && strength === 'warn');
  if ((known.concerned || denied) && list.some(({ strength }) => strength === 'warn'))
    return result('suspicious');
  return result('unknown');
}

function summarise(judged: Judged, party: string | null): string {
  const stated = judged.verdict === 'denied' || judged.verdict === 'altered';
  const first = judged.evidence.find(({ detector }) => !stated || detector === 'D16')?.text;
  switch (judged.verdict) {
    case 'proven': {
      if (judged.proof?.by === 'attestation') return `${party} attested this mail in the channel.`;
      const key =
        judged.proof?.by === 'dkim' && judged.proof.key === 'pinned'
          ? "a key from the party's directory"
          : 'a key found in DNS';
      return `${party} sealed this mail (DKIM, ${key}).`;
    }
    case 'altered':
    case 'denied':
    case 'suspicious':
      return first ?? 'Something speaks against this mail.';
    case 'unknown':
      break;
  }
  return party === null
    ? 'It does not claim to come from any party you know.'
    : `Nothing proves that it comes from ${party}, and nothing speaks against it.`;
}

/**
 * Screens one mail. Any bytes give a verdict; work and memory are bounded by the limits of the message reader. The same
 * input gives the same verdict: the clock, DNS and the history come in with the options.
 */
export async function screen(bytes: Uint8Array, options: ScreenOptions): Promise<Screening> {
  const message = options.message ?? readMessage(bytes);
  let best: Judged | null = null;
  for (const directory of options.directories) {
    const judged = await judge(message, directory, options);
    if (
      best === null ||
      RANK[judged.verdict] > RANK[best.verdict] ||
      (RANK[judged.verdict] === RANK[best.verdict] && weight(judged) > weight(best))
    )
      best = judged;
  }
  const shown = shownSender(message);
  const claimed =
    best !== null &&
    (best.verdict !== 'unknown' || claimsParty(findClaims(message, best.given.party)));
  const party = best !== null && claimed ? best.given.party.directory.party : null;
  return {
    verdict: best?.verdict ?? 'unknown',
    party,
    summary:
      best === null
        ? 'No directory of a party is known, so nothing can be compared.'
        : visible(summarise(best, party), 600),
    proof: best?.proof ?? null,
    evidence: best?.evidence ?? [],
    authentication: best?.given.authentication ?? null,
    attestation: best?.given.attestation ?? null,
    mail: {
      from: visible(
        shown === null
          ? ''
          : shown.name === ''
            ? shown.address
            : `${shown.name} <${shown.address}>`,
        200,
      ),
      to: visible(message.recipients.slice(0, 20).join(', '), 400),
      subject: visible(message.subject, 300),
      date:
        message.dateMs === null || Math.abs(message.dateMs) > 8.64e15
          ? null
          : new Date(message.dateMs).toISOString(),
      messageId: visible(message.messageId, 300),
      files: message.files
        .slice(0, 50)
        .map((file) => visible(file.fileName === '' ? file.type : file.fileName, 200)),
      links: message.links.length,
      bytes: bytes.length,
    },
  };
}

function weight(judged: Judged): number {
  return judged.evidence.reduce(
    (sum, { strength }) => sum + (strength === 'stop' ? 100 : strength === 'warn' ? 10 : 0),
    0,
  );
}
