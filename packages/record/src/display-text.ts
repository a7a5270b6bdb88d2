// Strangers' names and times made fit to stand in a sentence of ours.

const LATEST_DATE_MS = 8_640_000_000_000_000;

// Controls, bidirectional and invisible formatting, line and paragraph separators, private use. The two joiners stay:
// names in Persian and in the scripts of India need them.
const UNFIT = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;

/** The text without anything that moves the cursor, turns the line around or hides; each such character becomes U+FFFD. */
export function plainText(foreign: string, maxCharacters = 200): string {
  const plain = Array.from(foreign.toWellFormed().replaceAll(UNFIT, '\uFFFD'));
  if (plain.length <= maxCharacters) return plain.join('');
  return `${plain.slice(0, maxCharacters).join('')}\u2026`;
}

/** A foreign name in quotation marks and isolated, so that a right-to-left name does not turn our sentence around. */
export function quoted(foreign: string): string {
  return `\u2068\u201C${plainText(foreign)}\u201D\u2069`;
}

/** A claimed time in UTC, to the second: `2018-06-12 01:04:11 UTC`. */
export function timeText(timeMs: number): string {
  if (timeMs > LATEST_DATE_MS) return 'a time beyond all calendars';
  return `${new Date(timeMs).toISOString().slice(0, -5).replace('T', ' ')} UTC`;
}

/** The first 16 digits of a fingerprint in groups of four: enough to find it, never enough to trust it. */
export function shortFingerprint(hex: string): string {
  return hex.slice(0, 16).replaceAll(/(.{4})(?=.)/g, '$1 ');
}

/** A length of time for people: whole seconds below an hour, then whole minutes. */
export function lengthText(lengthMs: number): string {
  const seconds = Math.round(lengthMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
