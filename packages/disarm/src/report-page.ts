// The report as one page for a person: no script, nothing fetched, every text of the stranger's escaped.

import { noteText } from './notes.ts';
import { describeReport, type Report } from './report.ts';

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1c1b1f}' +
  'h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}li{margin:.3rem 0}code{overflow-wrap:anywhere}' +
  'table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:left}.warn{background:#fff4e5;padding:.5rem 1rem}';

function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<h2>${escape(title)}</h2><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

/** `name` is what the sender called the document; it is escaped like everything else. */
export function reportPage(report: Report, name: string): string {
  const where = (pages: readonly number[]): string =>
    pages.length === 0 ? '' : `, page ${pages.slice(0, 20).join(', ')}`;
  const finding = (found: Report['removed'][number] | Report['hidden'][number]): string => {
    const texts = found.texts.slice(0, 50).map((text) => `<li><code>${escape(text)}</code></li>`);
    const list = texts.length === 0 ? '' : `<ul>${texts.join('')}</ul>`;
    return `${escape(found.kind.replaceAll('-', ' '))}: ${found.count}${where(found.pages)}${list}`;
  };
  const pixel = report.pages.filter((page) => page.mode === 'pixel').map((page) => page.page);
  const worst = report.pages.reduce((low, page) => Math.min(low, page.likeness ?? 1), 1);
  const facts = [
    ['Detected by content', report.detected],
    ['Also reads as', report.also.join(', ')],
    ['Original', `${report.originalBytes} bytes, SHA-256 ${report.originalSha256}`],
    ['Pages', report.pages.length === 0 ? '' : String(report.pages.length)],
    ['Pages shown as pictures', pixel.join(', ')],
    ['Least likeness of a page', report.pages.length === 0 ? '' : worst.toFixed(3)],
    ['Opened in', report.cage.kind === 'bubblewrap' ? 'bubblewrap cage' : 'permission model only'],
  ].filter(([, value]) => value !== '');
  const rows = facts.map(
    ([key = '', value = '']) => `<tr><th>${escape(key)}</th><td>${escape(value)}</td></tr>`,
  );
  const parts = report.parts.map((part) => {
    const inner = part.report === null ? [] : describeReport(part.report);
    const lines = inner.map((line) => `<li>${escape(line)}</li>`).join('');
    return `${escape(part.name)}: ${part.outcome}${part.reason === null ? '' : ` (${escape(part.reason)})`}<ul>${lines}</ul>`;
  });
  const warnings = [...report.notes, ...report.cage.weaker]
    .map(noteText)
    .map((line) => `<p class="warn">${escape(line)}</p>`);
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>Safe copy: report</title><style>${STYLE}</style></head><body>` +
    `<h1>What was found in ${escape(name)}</h1><table>${rows.join('')}</table>${warnings.join('')}` +
    section('Removed', report.removed.map(finding)) +
    section('Hidden in the original', report.hidden.map(finding)) +
    section(
      'Comments and changes',
      report.remarks.map(({ what, author, text, page }) => {
        const by = author === '' ? '' : ` by ${escape(author)}`;
        return `${what}${by}${page === null ? '' : `, page ${page}`}: <code>${escape(text)}</code>`;
      }),
    ) +
    section(
      'Links, as text',
      report.links.map((link) => `<code>${escape(link.target)}</code>`),
    ) +
    section('Parts', parts) +
    `</body></html>\n`
  );
}
