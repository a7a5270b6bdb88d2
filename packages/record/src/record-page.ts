// A verified record as one HTML page: no script, nothing loaded, readable on a phone, in the dark and on paper.

import { digestKey } from './digests.ts';
import { timeText } from './display-text.ts';
import { entryWords, howVerified, peopleOf, type People } from './entry-words.ts';
import { counted, digestText, escaped, inline } from './page-text.ts';
import type { CheckpointReport, PartyReport, RecordReport, ShownEntry } from './report.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa;
  --warn: #9a3412; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa5b1; --line: #3d444d; --paper: #0d1117;
  --tint: #161b22; --warn: #ffb088; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); }
dl { margin: .5rem 0; } dl div { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .15rem 0; }
dt { color: var(--quiet); min-width: 7rem; } dd { margin: 0; flex: 1 1 12rem; }
.digest { font: .85em/1.4 ui-monospace, monospace; }
.card, .entry { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .75rem 0; }
ol { list-style: none; padding: 0; } ul { padding-inline-start: 1.2rem; }
.head { display: flex; flex-wrap: wrap; gap: 0 .75rem; color: var(--quiet); font-size: .9rem; }
.head .who { color: var(--ink); font-weight: 600; }
.words { white-space: pre-wrap; unicode-bidi: isolate; background: var(--tint); padding: .5rem .75rem; margin: .5rem 0; }
.withheld { font-style: italic; } .warn { color: var(--warn); font-weight: 600; }
.mark { border: 1px solid var(--warn); color: var(--warn); font: .75em ui-monospace, monospace; padding: 0 .2em;
  unicode-bidi: isolate; }
.summary { border-inline-start: .3rem solid var(--line); padding-inline-start: .75rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .card, .entry { break-inside: avoid-page; }
  a { color: inherit; text-decoration: none; } }
`;

// Nothing can be loaded, sent or run, even if an escape were missing.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const linkTo = (index: number): string => `<a href="#entry-${index}">entry ${index}</a>`;

function partyCard(party: PartyReport, report: RecordReport): string {
  const nameOf = (fingerprint: string): string =>
    inline(report.parties.find((one) => one.fingerprint === fingerprint)?.name ?? 'unknown');
  const words = party.verifications.map(({ by, how, at }) =>
    how === 'mismatch'
      ? `<li class="warn">${nameOf(by)} reported that the words did not match (${linkTo(at)})</li>`
      : `<li>Verified by ${nameOf(by)} ${escaped(howVerified(how))} (${linkTo(at)})</li>`,
  );
  const devices = party.devices.map(
    ({ member, label, role, entries, acknowledged, removed, suspended, admittedAt }) => {
      const gone =
        removed === null ? '' : ` <span class="warn">Removed by ${linkTo(removed.at)}.</span>`;
      const out =
        suspended === null
          ? ''
          : ` <span class="warn">Suspended by ${linkTo(suspended.at)}.</span>`;
      return `<li>${inline(member)} (${inline(label)}, ${role}): admitted by ${linkTo(admittedAt)}, signed ${counted(entries, 'entry', 'entries')}, has seen the first ${acknowledged}.${out}${gone}</li>`;
    },
  );
  const former = party.formerly.map(
    (one) => `<div><dt>Authority before</dt><dd>${digestText(one)}</dd></div>`,
  );
  const standing =
    party.admittedAt === 0
      ? 'Founded the room.'
      : party.awaitsVerification
        ? '<span class="warn">Changed its authority, and nobody has verified it since.</span>'
        : party.verified
          ? 'Verified.'
          : '<span class="warn">Not verified by any party.</span>';
  return `<section class="card"><h3>${inline(party.name)}</h3>
<p>${standing} It has seen the first ${counted(party.acknowledged, 'entry', 'entries')}.</p>
<dl><div><dt>Authority</dt><dd>${digestText(party.fingerprint)}</dd></div>${former.join('')}</dl>
<ul>${words.join('')}${devices.join('')}</ul></section>`;
}

function checkpointItem({ size, root, cosigners }: CheckpointReport): string {
  const signed = cosigners.map(({ member, timeMs, afterRemoval }) => {
    const gone = afterRemoval ? ' <span class="warn">after its device was removed</span>' : '';
    return `${inline(member)}, ${escaped(timeText(timeMs))}${gone}`;
  });
  return `<li>The first ${counted(size, 'entry', 'entries')}, root ${digestText(root)}, signed by ${signed.join('; ')}.</li>`;
}

function checkpointList({ checkpoints }: RecordReport): string {
  if (checkpoints.length === 0) return '<p>The file holds no cosigned checkpoint.</p>';
  return `<ul>${checkpoints.map((checkpoint) => checkpointItem(checkpoint)).join('\n')}</ul>`;
}

function entryItem(entry: ShownEntry, people: People): string {
  const { index, header, author } = entry;
  const { member, party } = author.certificate;
  return `<li class="entry" id="entry-${index}"><div class="head"><span>${index}</span>
<span class="who">${inline(member)}</span> <span>${inline(party)}</span>
<span>${escaped(timeText(header.timeMs))}</span> <span>${escaped(header.kind)}</span></div>
${entryWords(entry, people)}</li>`;
}

function facts(report: RecordReport): string {
  const { firstMs, lastMs } = report;
  const span =
    firstMs === null || lastMs === null ? 'none' : `${timeText(firstMs)} to ${timeText(lastMs)}`;
  const exporter = report.parties
    .flatMap(({ devices }) => devices)
    .find(({ id }) => id === report.exportedBy);
  const { kind, earlier } = report.terms;
  const goesOn =
    earlier === null
      ? ''
      : `, going on from the first ${counted(earlier.size, 'entry', 'entries')} of room ${digestText(earlier.room)}`;
  const rows = [
    ['Room', `${kind}${goesOn}: ${digestText(report.room)}`],
    ['Root', digestText(report.root)],
    ['Entries', `${report.size}, of which ${report.withheld} with their words withheld`],
    ['Claimed times', escaped(span)],
    ['Exported by', exporter === undefined ? 'not said' : inline(exporter.member)],
    ['Receipts', `${report.receipts.length} of the relay; ${report.receiptsUnreadable} unreadable`],
  ];
  const backwards =
    report.timesBackwards === 0
      ? ''
      : `<p class="warn">${counted(report.timesBackwards, 'entry claims', 'entries claim')} an earlier time than the one before.</p>`;
  const items = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl>${items.join('\n')}</dl>${backwards}`;
}

/**
 * The page of a record that `verifyRecord` accepted, with the entries it handed out. All of it is one string: for a
 * record of 10,000 entries with their words some 15 MB.
 */
export function recordPage(report: RecordReport, entries: readonly ShownEntry[]): string {
  const people = peopleOf(report, entries);
  const shown = entries.map((entry) => entryItem(entry, people));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>Record of ${digestKey(entries[0]?.header.room ?? new Uint8Array(0)).slice(0, 16)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Record of ${inline(report.name)}</h1>
<p class="summary">Every entry below was signed by the device named, stands in this order, and was there for its author to
see when the next was written. This page was made after checking that; the page itself proves nothing, the record file
does. Whoever exported it chose where it ends: compare the size and the root with the other side, and the authorities
with the ones you know. Times are the authors' own claims.</p>
${facts(report)}
<h2>Parties</h2>
${report.parties.map((party) => partyCard(party, report)).join('\n')}
<h2>Checkpoints</h2>
${checkpointList(report)}
<h2>Entries</h2>
<ol>
${shown.join('\n')}
</ol>
</main>
</body>
</html>
`;
}
