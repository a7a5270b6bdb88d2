// Paragraph styles of WordprocessingML: which of ours each is, and the list that it puts its paragraphs into.

import { halfPoints } from '../list/font-names.ts';
import { colorNamed } from '../list/plain-number.ts';
import {
  LIST_LEVELS,
  PARAGRAPH_STYLES,
  PLAIN_RUN,
  type Paragraph,
  type Run,
} from '../list/text-model.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

type Style = Paragraph['style'];
export type ListStyle = { basedOn?: string; numbering?: string; level?: number };

/** A property that is on where its value does not say otherwise. */
export const isOn = (value: string | undefined): boolean =>
  value === undefined || !/^(0|false|off|none)$/.test(value);

/** The level of a list, 0 for the highest. */
export const levelOf = (value: string | undefined): number =>
  Math.max(0, Math.min(LIST_LEVELS - 1, Math.round(Number(value)) || 0));

/** Style names by their ids: `heading 1`, `title`, `list bullet`. */
export function styleNames(zip: ZipReader): Map<string, Style> {
  const styles = new Map<string, Style>();
  let id = '';
  readXml(zip.text('word/styles.xml') ?? '', {
    open(tag, a) {
      if (tag === 'w:style') id = a['w:styleId'] ?? '';
      if (tag !== 'w:name') return;
      const name = (a['w:val'] ?? '').toLowerCase();
      const heading = PARAGRAPH_STYLES.find((style) => style === name.replace(/\s+/, ''));
      if (heading !== undefined && heading.startsWith('heading')) styles.set(id, heading);
      if (name === 'title') styles.set(id, 'title');
      if (name.startsWith('list bullet')) styles.set(id, 'bullet');
      if (name.startsWith('list number')) styles.set(id, 'number');
    },
  });
  return styles;
}

/** What styles say of lists, by their ids. */
export function listStyles(zip: ZipReader): Map<string, ListStyle> {
  const styles = new Map<string, ListStyle>();
  let style: ListStyle | undefined;
  readXml(zip.text('word/styles.xml') ?? '', {
    open(tag, a) {
      const value = a['w:val'] ?? '';
      if (tag === 'w:style') styles.set(a['w:styleId'] ?? '', (style = {}));
      else if (style === undefined) return;
      else if (tag === 'w:basedOn') style.basedOn = value;
      else if (tag === 'w:numId') style.numbering = value;
      else if (tag === 'w:ilvl') style.level = levelOf(value);
    },
    close(tag) {
      if (tag === 'w:style') style = undefined;
    },
  });
  return styles;
}

/** How a run looks, and whether it is hidden. */
export type Look = Omit<Run, 'kind' | 'text'> & { readonly hidden: boolean };

export const PLAIN_LOOK: Look = {
  ...PLAIN_RUN,
  hidden: false,
};

/** The look with one more property of a run; the same where it says nothing that is kept. */
export function lookWith(look: Look, tag: string, value: string | undefined): Look {
  switch (tag) {
    case 'w:b':
      return { ...look, bold: isOn(value) };
    case 'w:i':
      return { ...look, italic: isOn(value) };
    case 'w:u':
      return { ...look, underline: isOn(value) };
    case 'w:strike':
    case 'w:dstrike':
      return { ...look, strike: isOn(value) };
    case 'w:highlight':
      return { ...look, mark: isOn(value) };
    case 'w:vanish':
      return { ...look, hidden: isOn(value) };
    case 'w:vertAlign': {
      const vertical = value === 'superscript' ? 'super' : value === 'subscript' ? 'sub' : 'base';
      return { ...look, vertical };
    }
    case 'w:sz':
      return { ...look, size: halfPoints(Number(value)) };
    case 'w:color': {
      const color = colorNamed(value);
      // White letters on white paper are for machines only; the report names them.
      return { ...look, color: color === 0xffffff ? null : color };
    }
    default:
      return look;
  }
}
