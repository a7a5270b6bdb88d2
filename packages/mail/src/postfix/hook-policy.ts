// What a mail server does with a verdict: the header it writes, and whether the mail passes, waits, is held or refused.

import type { Envelope } from '../authentication/spf.ts';
import { isWarned } from '../mailbox/period-report.ts';
import type { Screening, VerdictWord } from '../screen/screen.ts';

/** `tag` delivers with the header; `quarantine` holds the mail for an officer; `defer` asks the sender to try again. */
export type HookAction = 'tag' | 'quarantine' | 'reject' | 'defer';

export type HookPolicy = {
  readonly onVerdict: Readonly<Record<VerdictWord, HookAction>>;
  /** When the screening itself fails: open delivers untouched, closed defers. The posture decides. */
  readonly onFailure: 'open' | 'closed';
};

export const defaultHookPolicy: HookPolicy = {
  onVerdict: {
    proven: 'tag',
    unknown: 'tag',
    suspicious: 'tag',
    altered: 'quarantine',
    denied: 'quarantine',
  },
  onFailure: 'open',
};

/** Severe posture: what is warned of waits for an officer, and nothing passes unscreened. */
export const severeHookPolicy: HookPolicy = {
  onVerdict: { ...defaultHookPolicy.onVerdict, suspicious: 'quarantine' },
  onFailure: 'closed',
};

/** One mail as a hook sees it. */
export type HookMail = {
  readonly bytes: Uint8Array;
  /** Who handed it in; undefined where the hook cannot know. */
  readonly envelope: Envelope | undefined;
  readonly recipients: readonly string[];
};

/** What becomes of a mail. Without a verdict it is passed on byte for byte. */
export type HookDecision = {
  readonly action: HookAction;
  readonly verdict: string | null;
  /** What the sending side is told with a refusal; a text of ours, in printable ASCII. */
  readonly text?: string;
};

export type DecideMail = (mail: HookMail) => Promise<HookDecision>;

export type ScreenMail = (bytes: Uint8Array, envelope: Envelope | undefined) => Promise<Screening>;

/** Incoming mail: its verdict as a header, and what the policy says. */
export function screeningHook(screen: ScreenMail, policy: HookPolicy): DecideMail {
  return async ({ bytes, envelope }) => {
    const screening = await screen(bytes, envelope);
    return { action: policy.onVerdict[screening.verdict], verdict: verdictHeader(screening) };
  };
}

export const VERDICT_HEADER = 'X-Parley-Verdict';
/** Headers that only the hook may write: those of strangers are taken out. */
export const OWN_HEADER = /^x-parley-/i;

/** One header line of printable ASCII, whatever the mail held: nothing in it can start another line. */
export function verdictHeader(screening: Screening): string {
  const ascii = (text: string): string =>
    text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\;]/g, "'");
  const detectors = [
    ...new Set(
      screening.evidence
        .filter(({ strength }) => strength !== 'info')
        .map(({ detector }) => detector),
    ),
  ];
  const party = screening.party === null ? '' : `; party="${ascii(screening.party).slice(0, 120)}"`;
  const why =
    isWarned(screening.verdict) && detectors.length > 0 ? `; why=${detectors.join(',')}` : '';
  return `${screening.verdict}${party}${why}`;
}

/** What the sending server is told with a refusal. It names no detector: that would teach the forger. */
export const REFUSAL_TEXT = 'this mail is not accepted here; write to the recipient by another way';
export const DEFER_TEXT = 'mail cannot be checked at the moment; try again later';
