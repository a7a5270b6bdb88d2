// A picture as SVG with its words and its table: what the eye sees, a reader's software can read.

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { ENGLISH_FIGURES, type FigureSpeech } from '../figure-sentences.ts';

/** A text that comes from a record says so: who shows it keeps it apart from our words. */
export type Cell = string | number | null | { readonly theirs: string };

export type Table = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

export type Figure = {
  readonly id: string;
  readonly title: string;
  /** One sentence that says what is to be seen. */
  readonly says: string;
  readonly svg: string;
  readonly table: Table;
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML; control and bidi characters become visible, since titles come from strangers. */
export function html(text: string): string {
  return text
    .replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);
}

/** Colours that follow the page: dark and light are set in one place, and printing uses light. */
export const INK = 'currentColor';
export const ACCENT = 'var(--accent)';
export const SECOND = 'var(--second)';
export const QUIET = 'var(--quiet)';

export type About = {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** Whose words the axes have; reports are English. */
  readonly speech?: FigureSpeech;
};

export type Drawing = Omit<Plot.PlotOptions, 'marginLeft' | 'marginRight'> & {
  /** Room for the names on the axis where reading begins: left, in a language from right to left right. */
  readonly marginStart?: number;
};

/**
 * Draws a plot without a browser. The document is a fresh one each time, so pictures cannot meet. A language that is read
 * from right to left has the picture the other way round.
 */
export function draw(
  { id, title, says, speech = ENGLISH_FIGURES }: About,
  { marginStart = 56, x, y, ...options }: Drawing,
  table: Table,
): Figure {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const isLtr = speech.direction === 'ltr';
  const plot = Plot.plot({
    width: 760,
    ...(isLtr ? { marginLeft: marginStart } : { marginRight: marginStart, marginLeft: 20 }),
    ...options,
    x: { ...x, reverse: !isLtr },
    y: { ...y, axis: isLtr ? 'left' : 'right' },
    // Plot only needs what linkedom has of a document.
    document,
    ariaLabel: title,
    ariaDescription: says,
    style: { background: 'transparent', color: 'currentColor', fontSize: '12px' },
  }) as unknown as {
    outerHTML: string;
    querySelector(selector: string): { outerHTML: string } | null;
  };
  const svg = (
    plot.outerHTML.startsWith('<svg')
      ? plot.outerHTML
      : (plot.querySelector('svg')?.outerHTML ?? '')
  )
    .replace('<svg ', `<svg role="img" aria-labelledby="${id}-title" `)
    // A class is random per plot in some versions: a page made twice from the same data must be the same.
    .replaceAll(/plot-[0-9a-f]{6,}/g, 'plot');
  return { id, title, says, svg, table };
}

const cell = (value: Cell): string =>
  value === null
    ? '<td>–</td>'
    : typeof value === 'number'
      ? `<td class="n">${Number.isInteger(value) ? value : value.toFixed(3)}</td>`
      : `<td>${html(typeof value === 'string' ? value : value.theirs)}</td>`;

export function tableHtml(table: Table, caption: string): string {
  const head = table.columns.map((column) => `<th scope="col">${html(column)}</th>`).join('');
  const rows = table.rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<table><caption>${html(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${rows}\n</tbody></table>`;
}

export function figureHtml(figure: Figure): string {
  return `<figure id="${figure.id}"><figcaption><h2 id="${figure.id}-title">${html(figure.title)}</h2><p>${html(figure.says)}</p></figcaption>
<div class="picture" tabindex="0" role="group" aria-label="${html(figure.title)}">${figure.svg}</div>
<details><summary>The same as a table (${figure.table.rows.length} rows)</summary>${tableHtml(figure.table, figure.title)}</details></figure>`;
}
