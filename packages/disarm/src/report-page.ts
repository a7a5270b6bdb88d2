// The report as one page for a person: no script, nothing fetched, every text of the stranger's escaped and isolated.

import { escapedHtml } from '@parley/kernel';

import { ENGLISH_REPORT, type ReportPageCode, type ReportPageWords } from './report-page-words.ts';
import type { Finding, PartReport, Remark, Report } from './report.ts';

const TEXTS_MAX = 50;
const PAGES_MAX = 20;

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --tint: #f6f8fa; --warn: #9a3412; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa5b1; --line: #3d444d; --tint: #161b22; --warn: #ffb088; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 50rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
dl div { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); flex: 0 0 12rem; } dd { margin: 0; flex: 1 1 14rem; }
ul { padding-inline-start: 1.2rem; } li { margin: .3rem 0; }
.theirs { background: var(--tint); padding: .1rem .4rem; unicode-bidi: isolate; }
.warn { border-inline-start: .3rem solid var(--warn); padding-inline-start: .75rem; }
.part { border-inline-start: .2rem solid var(--line); padding-inline-start: .75rem; }
.digest { font: .85em/1.4 ui-monospace, monospace; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } h2, h3 { break-after: avoid; } li { break-inside: avoid; } }
`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A short text of the document's inside a sentence of ours. */
const theirs = (text: string): string => `<bdi class="theirs">${escapedHtml(text)}</bdi>`;
/** The same as a line of its own, in the direction of its own script. */
const quoted = (text: string): string =>
  `<span class="theirs" dir="auto">${escapedHtml(text)}</span>`;

class ReportPage {
  readonly #words: ReportPageWords;

  constructor(words: ReportPageWords) {
    this.#words = words;
  }

  #say(code: ReportPageCode, values: Readonly<Record<string, string | number>> = {}): string {
    return this.#words.say(code, values);
  }

  #section(title: ReportPageCode, items: readonly string[]): string {
    if (items.length === 0) return '';
    const list = items.map((item) => `<li>${item}</li>`).join('');
    return `<h2>${this.#say(title)}</h2><ul>${list}</ul>`;
  }

  #finding({ kind, count, pages, texts, details = [] }: Finding): string {
    const { word, detail } = this.#words;
    const values = { kind: `<bdi>${word('found', kind)}</bdi>`, count };
    const shown = pages.slice(0, PAGES_MAX).join(', ');
    const line =
      shown === ''
        ? this.#say('times', values)
        : this.#say('times-on', { ...values, pages: `<bdi dir="ltr">${shown}</bdi>` });
    const inner = [
      ...details.slice(0, TEXTS_MAX).map((one) => detail(one, theirs)),
      ...texts.slice(0, TEXTS_MAX).map(quoted),
    ];
    return inner.length === 0
      ? line
      : `${line}<ul>${inner.map((one) => `<li>${one}</li>`).join('')}</ul>`;
  }

  #remark({ what, of, author, text, page }: Remark): string {
    const { word } = this.#words;
    const head = [
      `<strong>${word('remark', what)}</strong>`,
      of === undefined ? '' : `(${word('of', of)})`,
      author === '' ? '' : theirs(author),
      page === null ? '' : this.#say('on-page', { page }),
    ].filter((one) => one !== '');
    return `${head.join(' ')}<br>${text === '' ? this.#say('shown') : quoted(text)}`;
  }

  #facts(report: Report): string {
    const { pages, detected, also, originalBytes, originalSha256, cage } = report;
    const pixel = pages.filter(({ mode }) => mode === 'pixel').map(({ page }) => page);
    const worst = pages.reduce((low, { likeness }) => Math.min(low, likeness ?? 1), 1);
    const names = (kinds: readonly string[]): string =>
      kinds.map((kind) => theirs(kind.toUpperCase())).join(' ');
    const digest = `<code class="digest" dir="ltr">${originalSha256.replaceAll(/(.{8})(?=.)/g, '$1 ')}</code>`;
    const rows: readonly (readonly [ReportPageCode, string])[] = [
      ['detected', names([detected])],
      ['also', names(also)],
      ['original', this.#say('original-is', { bytes: originalBytes, digest })],
      ['pages', pages.length === 0 ? '' : String(pages.length)],
      ['pictured', pixel.length === 0 ? '' : `<bdi dir="ltr">${pixel.join(', ')}</bdi>`],
      ['likeness', pages.length === 0 ? '' : `<bdi>${worst.toFixed(3)}</bdi>`],
      ['opened', this.#say(cage.kind === 'bubblewrap' ? 'in-cage' : 'in-child')],
    ];
    const items = rows
      .filter(([, value]) => value !== '')
      .map(([code, value]) => `<div><dt>${this.#say(code)}</dt><dd>${value}</dd></div>`);
    return `<dl>${items.join('')}</dl>`;
  }

  #part({ name, outcome, reason, report }: PartReport): string {
    const why = reason === null ? '' : ` ${this.#words.word('reason', reason)}`;
    const inner = report === null ? '' : `<div class="part">${this.body(report)}</div>`;
    return `${theirs(name)}: ${this.#say(outcome)}.${why}${inner}`;
  }

  /** What was found: of a document, and of each part that was inside it. */
  body(report: Report): string {
    const { removed, hidden, remarks, links, notes, cage, parts } = report;
    const nothing = [removed, hidden, remarks, links].every((list) => list.length === 0);
    const warnings = [...notes, ...cage.weaker]
      .map((note) => `<p class="warn">${this.#words.note(note)}</p>`)
      .join('');
    return [
      this.#facts(report),
      nothing ? `<p>${this.#say('clean')}</p>` : '',
      warnings,
      this.#section(
        'hidden',
        hidden.map((one) => this.#finding(one)),
      ),
      this.#section(
        'remarks',
        remarks.map((one) => this.#remark(one)),
      ),
      this.#section(
        'removed',
        removed.map((one) => this.#finding(one)),
      ),
      this.#section(
        'links',
        links.map(({ target }) => quoted(target)),
      ),
      this.#section(
        'parts',
        parts.map((one) => this.#part(one)),
      ),
    ].join('\n');
  }
}

/**
 * `name` is what the sender called the document; it is escaped like everything else. The page is in the language of
 * `words`, and runs in its direction.
 */
export function reportPage(
  report: Report,
  name: string,
  words: ReportPageWords = ENGLISH_REPORT,
): string {
  return `<!doctype html>
<html lang="${escapedHtml(words.language)}" dir="${words.direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${words.say('title')}</title><style>${STYLE}</style></head><body><main>
<h1>${words.say('heading', { name: theirs(name) })}</h1>
${new ReportPage(words).body(report)}
</main></body></html>
`;
}
