// A verified record as one HTML page: no script, nothing loaded, readable on a phone, in the dark and on paper.

import { digestKey } from './digests.ts';
import { escapedHtml } from '@parley/kernel';
import { entryWords, howVerified, linkTo, peopleOf, type People } from './entry-words.ts';
import { digestText, inline, momentOn } from './page-text.ts';
import { ENGLISH_RECORD, type RecordPageWords } from './record-page-words.ts';
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

type Of = { readonly report: RecordReport; readonly words: RecordPageWords };

const warn = (sentence: string): string => `<span class="warn">${sentence}</span>`;

function standing(party: PartyReport, { say }: RecordPageWords): string {
  if (party.admittedAt === 0) return say('founded-it');
  if (party.awaitsVerification) return warn(say('awaits-verification'));
  return party.verified ? say('verified') : warn(say('not-verified'));
}

function partyCard(party: PartyReport, { report, words }: Of): string {
  const { say } = words;
  const nameOf = (fingerprint: string): string => {
    const found = report.parties.find((one) => one.fingerprint === fingerprint);
    return found === undefined ? say('unknown') : inline(found.name);
  };
  const compared = party.verifications.map(({ by, how, at }) => {
    const values = { party: nameOf(by), entry: linkTo(words, at) };
    return how === 'mismatch'
      ? `<li class="warn">${say('mismatch-by', values)}</li>`
      : `<li>${say('verified-by', { ...values, how: howVerified(words, how) })}</li>`;
  });
  const devices = party.devices.map(
    ({ member, label, role, entries, acknowledged, removed, suspended, admittedAt }) => {
      const gone =
        removed === null ? '' : ` ${warn(say('removed-by', { entry: linkTo(words, removed.at) }))}`;
      const out =
        suspended === null
          ? ''
          : ` ${warn(say('suspended-by', { entry: linkTo(words, suspended.at) }))}`;
      const what = say('device', {
        member: inline(member),
        label: inline(label),
        role: say(`role-${role}`),
        entry: linkTo(words, admittedAt),
        count: entries,
        seen: acknowledged,
      });
      return `<li>${what}${out}${gone}</li>`;
    },
  );
  const former = party.formerly.map(
    (one) => `<div><dt>${say('authority-before')}</dt><dd>${digestText(one)}</dd></div>`,
  );
  return `<section class="card"><h3>${inline(party.name)}</h3>
<p>${standing(party, words)} ${say('has-seen', { count: party.acknowledged })}</p>
<dl><div><dt>${say('authority')}</dt><dd>${digestText(party.fingerprint)}</dd></div>${former.join('')}</dl>
<ul>${compared.join('')}${devices.join('')}</ul></section>`;
}

function checkpointItem(
  { size, root, cosigners }: CheckpointReport,
  words: RecordPageWords,
): string {
  const signed = cosigners.map(({ member, timeMs, afterRemoval }) => {
    const gone = afterRemoval ? ` ${warn(words.say('after-removal'))}` : '';
    return `${inline(member)} ${momentOn(words, timeMs)}${gone}`;
  });
  const values = { count: size, root: digestText(root), signers: signed.join('; ') };
  return `<li>${words.say('checkpoint', values)}</li>`;
}

function checkpointList({ report, words }: Of): string {
  const { checkpoints } = report;
  if (checkpoints.length === 0) return `<p>${words.say('no-checkpoint')}</p>`;
  return `<ul>${checkpoints.map((checkpoint) => checkpointItem(checkpoint, words)).join('\n')}</ul>`;
}

function entryItem(entry: ShownEntry, people: People): string {
  const { index, header, author } = entry;
  const { member, party } = author.certificate;
  const { words } = people;
  return `<li class="entry" id="entry-${index}"><div class="head"><span>${index}</span>
<span class="who">${inline(member)}</span> <span>${inline(party)}</span>
<span>${momentOn(words, header.timeMs)}</span> <span>${words.kind(header.kind)}</span></div>
${entryWords(entry, people)}</li>`;
}

function facts({ report, words }: Of): string {
  const { say } = words;
  const { firstMs, lastMs } = report;
  const span =
    firstMs === null || lastMs === null
      ? say('none')
      : say('from-to', { from: momentOn(words, firstMs), to: momentOn(words, lastMs) });
  const exporter = report.parties
    .flatMap(({ devices }) => devices)
    .find(({ id }) => id === report.exportedBy);
  const { kind, earlier } = report.terms;
  const what =
    earlier === null
      ? say(kind)
      : say('goes-on', { kind: say(kind), count: earlier.size, room: digestText(earlier.room) });
  const rows = [
    ['room', `${what} ${digestText(report.room)}`],
    ['root', digestText(report.root)],
    ['entries', say('entries-are', { count: report.size, withheld: report.withheld })],
    ['times', span],
    ['exporter', exporter === undefined ? say('not-said') : inline(exporter.member)],
    [
      'receipts',
      say('receipts-are', {
        count: report.receipts.length,
        unreadable: report.receiptsUnreadable,
      }),
    ],
  ] as const;
  const backwards =
    report.timesBackwards === 0
      ? ''
      : `<p class="warn">${say('backwards', { count: report.timesBackwards })}</p>`;
  const items = rows.map(([code, value]) => `<div><dt>${say(code)}</dt><dd>${value}</dd></div>`);
  return `<dl>${items.join('\n')}</dl>${backwards}`;
}

/**
 * The page of a record that `verifyRecord` accepted, with the entries it handed out, in the language of `words`. All of
 * it is one string: for a record of 10,000 entries with their words some 15 MB.
 */
export function recordPage(
  report: RecordReport,
  entries: readonly ShownEntry[],
  words: RecordPageWords = ENGLISH_RECORD,
): string {
  const { say } = words;
  const of: Of = { report, words };
  const people = peopleOf(report, entries, words);
  const shown = entries.map((entry) => entryItem(entry, people));
  const room = digestKey(entries[0]?.header.room ?? new Uint8Array(0)).slice(0, 16);
  return `<!doctype html>
<html lang="${escapedHtml(words.language)}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${say('title', { room })}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${say('heading', { name: inline(report.name) })}</h1>
<p class="summary">${say('lead')}</p>
${facts(of)}
<h2>${say('parties')}</h2>
${report.parties.map((party) => partyCard(party, of)).join('\n')}
<h2>${say('checkpoints')}</h2>
${checkpointList(of)}
<h2>${say('entries')}</h2>
<ol>
${shown.join('\n')}
</ol>
</main>
</body>
</html>
`;
}
