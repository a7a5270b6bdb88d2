// Evidence: which detector found what, in words for a delegate, with the exact characters marked.

import { inEnglish, say, type Said } from '@parley/kernel';
import { visible } from '../unicode/visible.ts';
import { MAIL_SENTENCES, type MailCode } from './sentences.ts';

export type DetectorId =
  | 'D1'
  | 'D2'
  | 'D3'
  | 'D4'
  | 'D5'
  | 'D6'
  | 'D7'
  | 'D8'
  | 'D9'
  | 'D10'
  | 'D11'
  | 'D12'
  | 'D13'
  | 'D14'
  | 'D15'
  | 'D16';

/** `stop`: do not act on this mail. `warn`: ask first. `info`: worth knowing. */
export type Strength = 'stop' | 'warn' | 'info';

export type Mark = {
  /** Where it stands: "line 12", "text", "file name". */
  readonly where: string;
  /** The same as data; null for the name of a header line, which is the same in every language. */
  readonly place: Said<MailCode> | null;
  /** The line or text, safe to print. */
  readonly text: string;
  /** UTF-16 offsets into `text` of the characters in question; empty where the whole is meant. */
  readonly spans: readonly (readonly [start: number, end: number])[];
};

export type Evidence = {
  readonly detector: DetectorId;
  readonly strength: Strength;
  readonly text: string;
  /** The same as data: what an app says in another language. */
  readonly said: Said<MailCode>;
  readonly marks: readonly Mark[];
  /** Where the rule comes from. */
  readonly source: string;
};

/** What each detector looks for, and on whose word. */
export const DETECTORS: Readonly<
  Record<DetectorId, { readonly title: string; readonly source: string }>
> = {
  D1: {
    title: 'sender line that programs read differently',
    source: 'RFC 5322 section 3.6; Chen, Paxson, Jiang: Composition Kills (USENIX Security 2020)',
  },
  D2: {
    title: 'real address without proof',
    source: 'JCSA-20240502-001: mail from domains without an enforced DMARC policy',
  },
  D3: { title: 'look-alike domain', source: 'UTS #39; variants as in dnstwist' },
  D4: {
    title: 'known name, other address',
    source: 'Proofpoint on TA427 (2024): private accounts in known names',
  },
  D5: {
    title: 'real address only written in the name or signature',
    source: 'impersonation by display name, as in public mail rule sets',
  },
  D6: { title: 'answers would go elsewhere', source: 'JCSA-20240502-001, second sample header' },
  D7: { title: 'hidden or foreign letters', source: 'UTS #39 section 5; UTR #36' },
  D8: { title: 'first contact', source: 'sender profile of this mailbox' },
  D9: {
    title: 'conversation nobody here had',
    source: 'JCSA-20240502-001: text of earlier real mails used again',
  },
  D10: {
    title: 'conversation that turned',
    source: 'Proofpoint on TA427 (2024): harmless first, then the link or file',
  },
  D11: { title: 'link that is not what it says', source: 'anchor text and target compared' },
  D12: {
    title: 'technical seal broken, missing or of others',
    source: 'RFC 6376, RFC 8301, RFC 8617, RFC 9989',
  },
  D13: { title: 'true mail sent again', source: 'RFC 6376 section 8.6: replay' },
  D14: {
    title: 'dangerous kind of file, or a picture with a link in it',
    source:
      'JCSA-20240502-001; FBI warning of January 2026 on square codes; files go through disarm',
  },
  D15: { title: "the party's own rule is broken", source: "the party's signed directory" },
  D16: {
    title: 'the party says it did not send this',
    source: "the party's attestations and day seals in the channel",
  },
};

export function evidence(
  detector: DetectorId,
  strength: Strength,
  said: Said<MailCode>,
  marks: readonly Mark[] = [],
): Evidence {
  return {
    detector,
    strength,
    text: visible(inEnglish(MAIL_SENTENCES, said), 600),
    said,
    marks: marks.slice(0, 20),
    source: DETECTORS[detector].source,
  };
}

const MARK_TEXT_MAX = 300;

/** The code of a place that is named in English; null where it has none. */
function placeOf(where: string): Said<MailCode> | null {
  const [, line] = /^line (\d+)$/.exec(where) ?? [];
  if (line !== undefined) return say('where-line', { line: Number(line) });
  const [, name] = /^header (.+)$/.exec(where) ?? [];
  if (name !== undefined) return say('where-header', { name });
  const code = `where-${where.toLowerCase().replaceAll(' ', '-')}`;
  return Object.hasOwn(MAIL_SENTENCES, code) ? say(code as MailCode) : null;
}

/** A mark whose text is made safe and whose spans still point at the same characters. */
export function mark(
  where: string,
  text: string,
  spans: readonly (readonly [start: number, end: number])[] = [],
): Mark {
  // Long lines are cut around the first span, so that what is marked is also seen.
  const first = spans[0]?.[0] ?? 0;
  const from = text.length <= MARK_TEXT_MAX || first < MARK_TEXT_MAX - 50 ? 0 : first - 50;
  const cut = text.slice(from, from + MARK_TEXT_MAX);
  const boundaries = [
    ...new Set(spans.flat().map((at) => Math.min(cut.length, Math.max(0, at - from)))),
  ].toSorted((a, b) => a - b);
  const moved = new Map<number, number>();
  let shown = '';
  let last = 0;
  for (const at of [...boundaries, cut.length]) {
    shown += visible(cut.slice(last, at), MARK_TEXT_MAX);
    moved.set(at, shown.length);
    last = at;
  }
  const move = (at: number): number => moved.get(Math.min(cut.length, Math.max(0, at - from))) ?? 0;
  return {
    where,
    place: placeOf(where),
    text: shown,
    spans: spans
      .map(([start, end]) => [move(start), move(end)] as const)
      .filter(([start, end]) => end > start),
  };
}
