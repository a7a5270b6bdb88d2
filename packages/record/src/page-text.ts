// Strangers' text inside our HTML: escaped, isolated, and with what is invisible made visible.

import { escapedHtml } from '@parley/kernel';
import { lengthText, timeText } from './display-text.ts';
import type { RecordPageWords } from './record-page-words.ts';

// What could hide words or show them in another order. Tabs and line ends stay, and so do the joiners and the marks
// and isolates that honest Arabic, Hebrew and Persian text needs: they cannot reach out of an isolated element.
const HIDING = /(?![\t\n\u200C-\u200F\u2066-\u2069])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;

function named(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `<span class="mark">U+${code}</span>`;
}

/** Escapes, and names each character that could hide or turn words around. */
export function visible(text: string): string {
  return escapedHtml(text.toWellFormed().replaceAll('\r\n', '\n')).replaceAll(HIDING, named);
}

/** A foreign name within a line. */
export function inline(text: string): string {
  return `<bdi>${visible(text.replaceAll(/[\t\n]/g, ' '))}</bdi>`;
}

/** A foreign text of its own, with its lines, in the direction of its own script. */
export function block(text: string): string {
  return `<p class="words" dir="auto">${visible(text)}</p>`;
}

/** A digest in groups of eight, which break over lines. */
export function digestText(hex: string): string {
  return `<code class="digest" dir="ltr">${escapedHtml(hex.replaceAll(/(.{8})(?=.)/g, '$1 '))}</code>`;
}

/** A size in bytes for people: exact below 10,000, else to three figures. */
export function sizeOn({ say }: RecordPageWords, bytes: number): string {
  if (bytes < 10_000) return say('bytes', { count: bytes });
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes / 1000, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `<bdi>${Number(value.toPrecision(3))} ${units[unit]}</bdi>`;
}

/** A claimed time in UTC: figures that are read from the left in every language. */
export function momentOn({ say }: RecordPageWords, timeMs: number): string {
  if (!Number.isFinite(new Date(timeMs).getTime())) return say('beyond-calendars');
  return `<bdi dir="ltr">${timeText(timeMs)}</bdi>`;
}

/** A length of time by the signs of its units. */
export const lengthOn = (lengthMs: number): string =>
  `<bdi dir="ltr">${lengthText(lengthMs)}</bdi>`;
