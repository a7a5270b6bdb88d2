// What was found in a document: plain data for the record, sentences for the reader.

import type { PageMode } from './list/display-list.ts';
import type { Kind } from './kind.ts';
import { detailText, type Detail } from './details.ts';
import { noteText, type Note } from './notes.ts';

/** Things that do not reach the copy. The words are those of the threat table in docs/disarm.md. */
export const REMOVED_KINDS = [
  'javascript',
  'action',
  'launch-action',
  'embedded-file',
  'external-link',
  'internal-link',
  'form',
  'form-field',
  'annotation',
  'signature',
  'metadata',
  'bookmarks',
  'layer',
  'font-program',
  'font-script',
  'macro',
  'macro-sheet',
  'field-code',
  'dde',
  'ole-object',
  'activex',
  'external-relationship',
  'remote-template',
  'connection',
  'external-formula',
  'formula',
  'defined-name',
  'custom-data',
  'media',
  'script',
  'style-sheet',
  'active-element',
  'appended-data',
  'other-format',
  'control-characters',
  'animation',
  'multimedia',
] as const;
export type RemovedKind = (typeof REMOVED_KINDS)[number];

/** Things that a person looking at the original would not see. They are listed, not copied. */
export const HIDDEN_KINDS = [
  'invisible-text',
  'hidden-text',
  'hidden-sheet',
  'hidden-row-or-column',
  'hidden-slide',
  'speaker-notes',
  'hidden-annotation',
  'hidden-layer',
  'bidi-control',
  'zero-width',
  'look-alike-letters',
  'off-page-text',
  'text-layer-differs',
] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

/** One thing found. Texts are at most 2,000 characters, without control, bidi or zero-width characters. */
export type Finding<K extends string = string> = {
  readonly kind: K;
  readonly count: number;
  readonly pages: readonly number[];
  /** What the document says. */
  readonly texts: readonly string[];
  /** What we say about it; absent where there is nothing. */
  readonly details?: readonly Detail[];
};

/** Parts of a sheet that a tracked change is of. */
export const OF_SHEET = ['cell', 'row', 'column', 'table'] as const;

export type Remark = {
  readonly what: 'comment' | 'inserted' | 'deleted' | 'moved' | 'reply';
  readonly author: string;
  /** Empty where the words stand in the text itself. */
  readonly text: string;
  readonly of?: (typeof OF_SHEET)[number];
  readonly page: number | null;
};

/** A link as inert text: where it would have led. */
export type Link = { readonly target: string; readonly page: number | null };

export type PageReport = {
  readonly page: number;
  readonly mode: PageMode;
  /** 0 to 1; null where it was not measured. */
  readonly likeness: number | null;
};

export type CageReport = {
  readonly kind: 'bubblewrap' | 'permission-model';
  /** What is weaker than it could be; empty under bubblewrap. */
  readonly weaker: readonly Note[];
};

export type Report = {
  readonly version: 2;
  readonly detected: Kind;
  /** Other formats the same bytes pretend to be. */
  readonly also: readonly Kind[];
  readonly originalSha256: string;
  readonly originalBytes: number;
  readonly pages: readonly PageReport[];
  readonly removed: readonly Finding<RemovedKind>[];
  readonly hidden: readonly Finding<HiddenKind>[];
  readonly links: readonly Link[];
  readonly remarks: readonly Remark[];
  /** What the copy lacks, what to know before relying on it. */
  readonly notes: readonly Note[];
  readonly cage: CageReport;
  /** Attachments and archive members, each with its own report. */
  readonly parts: readonly PartReport[];
};

export type PartReport = {
  readonly name: string;
  readonly outcome: 'rebuilt' | 'refused';
  readonly reason: string | null;
  readonly report: Report | null;
};

const REMOVED_WORDS: Partial<Record<RemovedKind, string>> = {
  javascript: 'JavaScript',
  'launch-action': 'an action that starts a program',
  'embedded-file': 'an embedded file',
  'external-link': 'a link that leads outside',
  'internal-link': 'a link within the document',
  'form-field': 'a form field (its shown value is kept)',
  'font-program': "the author's fonts (their letter shapes are kept)",
  'ole-object': 'an embedded OLE object',
  activex: 'an ActiveX control',
  dde: 'a DDE command',
  formula: 'a formula that is not plain arithmetic (its value is kept)',
  'defined-name': 'a name for cells',
  'appended-data': 'data after the end of the document',
  'other-format': 'a second format hidden in the same bytes',
};

const HIDDEN_WORDS: Partial<Record<HiddenKind, string>> = {
  'invisible-text': 'text that is not visible on the page',
  'hidden-text': 'text marked as hidden',
  'bidi-control': 'characters that reverse the order of letters',
  'zero-width': 'characters without width',
  'look-alike-letters': 'words that mix look-alike letters of two alphabets',
  'off-page-text': 'text outside the page',
  'text-layer-differs': 'a text layer that says other than what the page shows',
};

const words = (kind: string): string => kind.replaceAll('-', ' ');

/** What a kind of finding is called in English. */
export const foundText = (kind: string): string =>
  REMOVED_WORDS[kind as RemovedKind] ?? HIDDEN_WORDS[kind as HiddenKind] ?? words(kind);

function where(finding: Finding): string {
  if (finding.pages.length === 0) return '';
  const shown = finding.pages.slice(0, 8).join(', ');
  const more = finding.pages.length > 8 ? ' and more' : '';
  return ` (page ${shown}${more})`;
}

const quote = (text: string): string =>
  `"${text.length > 160 ? `${text.slice(0, 160)}...` : text}"`;

/** A detail whose texts do not fill the screen. */
const said = ({ code, values }: Detail): string => {
  const cut = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? quote(value) : value,
  ]);
  return detailText({ code, values: Object.fromEntries(cut) as Detail['values'] });
};

/** The report in sentences, the most important first. The texts in it are inert but come from the stranger. */
export function describeReport(report: Report): string[] {
  const lines: string[] = [];
  const modes = new Set(report.pages.map((page) => page.mode));
  const pixelPages = report.pages.filter((page) => page.mode === 'pixel').length;
  lines.push(
    `The original is ${report.detected.toUpperCase()} by its content, ${report.originalBytes} bytes.`,
  );
  if (report.also.length > 0) {
    lines.push(
      `Warning: the same bytes also read as ${report.also.join(', ')}. This is a common disguise.`,
    );
  }
  if (report.pages.length > 0) {
    const shown =
      pixelPages === 0
        ? 'with text and drawings kept'
        : modes.size === 1
          ? 'as pictures'
          : `${pixelPages} of them as pictures`;
    lines.push(`${report.pages.length} page(s) were rebuilt, ${shown}.`);
  }
  for (const finding of report.removed) {
    const times = finding.count > 1 ? ` (${finding.count} times)` : '';
    lines.push(
      `Removed: ${REMOVED_WORDS[finding.kind] ?? words(finding.kind)}${times}${where(finding)}.`,
    );
    for (const detail of (finding.details ?? []).slice(0, 5)) lines.push(`  ${said(detail)}`);
    for (const text of finding.texts.slice(0, 3)) lines.push(`  it said: ${quote(text)}`);
  }
  for (const finding of report.hidden) {
    lines.push(`Hidden: ${HIDDEN_WORDS[finding.kind] ?? words(finding.kind)}${where(finding)}.`);
    for (const detail of (finding.details ?? []).slice(0, 5)) lines.push(`  ${said(detail)}`);
    for (const text of finding.texts.slice(0, 5)) lines.push(`  it said: ${quote(text)}`);
  }
  for (const remark of report.remarks.slice(0, 50)) {
    const by = remark.author === '' ? '' : ` by ${remark.author}`;
    const of = remark.of === undefined ? '' : ` (${remark.of})`;
    const what = remark.what === 'comment' ? 'Comment' : `Text ${remark.what}`;
    const words = remark.text === '' ? 'its words stand in the text' : quote(remark.text);
    lines.push(`${what}${of}${by}: ${words}`);
  }
  for (const link of report.links.slice(0, 50)) lines.push(`Link, as text only: ${link.target}`);
  lines.push(...report.notes.map(noteText));
  for (const part of report.parts) {
    lines.push(
      `Part ${quote(part.name)}: ${part.outcome}${part.reason === null ? '' : ` (${part.reason})`}.`,
    );
  }
  if (report.cage.kind === 'permission-model') lines.push(...report.cage.weaker.map(noteText));
  return lines;
}
