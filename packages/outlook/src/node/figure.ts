// A picture as SVG with its words and its table: what the eye sees, a reader's software can read.

import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export type Cell = string | number | null;

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

/** Draws a plot without a browser. The document is a fresh one each time, so pictures cannot meet. */
export function draw(
  id: string,
  title: string,
  says: string,
  options: Plot.PlotOptions,
  table: Table,
): Figure {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({
    width: 760,
    marginLeft: 56,
    ...options,
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
      : `<td>${html(value)}</td>`;

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
