// One self-contained page: no script, no font, no image from anywhere, readable on paper, in the dark, and by software.

import { figureHtml, html, tableHtml, type Figure, type Table } from './figure.ts';

export type Section = {
  readonly heading: string;
  readonly sentences: readonly string[];
  readonly table?: Table;
};

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1f; --quiet: #8a8a94; --accent: #1f5fbf; --second: #b3541e; --line: #d5d5dc; }
@media (prefers-color-scheme: dark) { :root { --paper: #16171b; --ink: #e8e8ec; --quiet: #8f909a; --accent: #7fb0ff; --second: #f0a36b; --line: #3a3b42; } }
@media print { :root { --paper: #fff; --ink: #000; --quiet: #666; --accent: #1f5fbf; --second: #b3541e; --line: #bbb; } details:not([open]) { display: block; } figure { break-inside: avoid; } }
body { margin: 0 auto; padding: 2rem 1rem; max-width: 52rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0 .75rem; } li { margin: .25rem 0; }
figure { margin: 2rem 0; } svg { max-width: 100%; height: auto; }
.picture { overflow-x: auto; } @media screen and (max-width: 40rem) { .picture svg { max-width: none; width: 40rem; } }
fieldset.toggle { border: 0; padding: 0; margin: 0; min-width: 0; } .toggle legend { font-weight: 600; float: left; margin-right: 1rem; } .toggle label { margin-right: 1rem; }
@media screen { .toggle:has(#by-occurred:checked) #timeline-disclosed, .toggle:has(#by-disclosed:checked) #timeline-occurred { display: none; } }
@media print { .toggle legend, .toggle label, .toggle > input { display: none; } }
table { border-collapse: collapse; font-size: .85rem; margin: .5rem 0; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; } th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem .2rem 0; text-align: left; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 3rem; font-size: .85rem; color: var(--quiet); overflow-wrap: anywhere; }
@media print { table { display: table; } tr { break-inside: avoid; } h2 { break-after: avoid; } }`;

function sectionHtml(section: Section): string {
  const sentences = section.sentences.map((sentence) => `<li>${html(sentence)}</li>`).join('\n');
  return `<section><h2>${html(section.heading)}</h2><ul>\n${sentences}\n</ul>${section.table === undefined ? '' : tableHtml(section.table, section.heading)}</section>`;
}

/** A choice without a script: the page's own style shows what is checked. */
function toggleHtml([occurred, disclosed]: readonly [Figure, Figure]): string {
  return `<fieldset class="toggle"><legend>Place records by</legend>
<input type="radio" name="by" id="by-occurred" checked> <label for="by-occurred">when it happened</label>
<input type="radio" name="by" id="by-disclosed"> <label for="by-disclosed">when it became known</label>
${figureHtml(occurred)}
${figureHtml(disclosed)}</fieldset>`;
}

/** The page as one text. Everything from data is escaped; the policy in the head forbids scripts and loads outright. */
export function pageHtml(
  title: string,
  lead: readonly string[],
  sections: readonly Section[],
  figures: readonly Figure[],
  foot: string,
  /** Two pictures of which the reader chooses one; on paper both stand. */
  either?: readonly [Figure, Figure],
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${html(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${html(title)}</h1>
${lead.map((sentence) => `<p>${html(sentence)}</p>`).join('\n')}
${sections.map(sectionHtml).join('\n')}
${either === undefined ? '' : toggleHtml(either)}
${figures.map(figureHtml).join('\n')}
</main><footer>${html(foot)}</footer></body></html>
`;
}
