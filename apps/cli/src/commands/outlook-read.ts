// parley outlook read | decide | feed | duplicates: texts become proposals, and only a person makes them history.

import { readFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import {
  buildGazetteer,
  decide,
  describeProposal,
  pairKey,
  proposeDuplicates,
  readArticle,
  readFeed,
  textHash,
  type Article,
  type Decision,
  type Reading,
} from '@parley/outlook';
import {
  ARTICLE_BYTES_MAX,
  articleFromBytes,
  OutlookStore,
  replaceFile,
  type ArticleFacts,
} from '@parley/outlook/node';
import { printable, Stop, type Shell } from '../shell.ts';
import { chosenHistory } from './outlook-history.ts';

async function bytesOf(shell: Shell, file: string): Promise<Uint8Array> {
  if (file === '-') return shell.stdin(ARTICLE_BYTES_MAX);
  if (/^https?:/.test(file))
    throw new Stop(
      2,
      'no-fetching',
      'Parley does not fetch pages.',
      'save the page as a file and read that, or pipe its text to "parley outlook read -"',
    );
  try {
    return await readFile(resolve(file));
  } catch {
    throw new Stop(2, 'file-unreadable', `${printable(file)} cannot be read.`);
  }
}

const readingPath = (store: OutlookStore, id: string): string =>
  store.path(join('readings', `${id}.json`));

async function runRead(shell: Shell, file: string, flags: ArticleFacts): Promise<void> {
  const store = new OutlookStore(shell.home());
  const article = articleFromBytes(await bytesOf(shell, file), flags);
  const reading = article.ok ? readArticle(article.value, buildGazetteer(store.actors())) : article;
  if (!reading.ok) {
    throw new Stop(
      3,
      reading.reason,
      `It cannot be read: ${printable(reading.detail ?? reading.reason)}.`,
      reading.reason === 'no-date' ? 'give --published 2018-05-25' : undefined,
    );
  }
  const id = textHash(nativePorts.crypto, reading.value.article.text).slice(0, 12);
  replaceFile(readingPath(store, id), `${JSON.stringify(reading.value)}\n`);
  shell.line(
    `Reading ${id}: ${printable(reading.value.article.title)} (${reading.value.article.published}), ${reading.value.proposals.length} proposals; nothing is in the history yet.`,
  );
  reading.value.proposals.forEach((proposal, i) => {
    shell.line(`${String(i + 1).padStart(3)}  ${printable(describeProposal(proposal))}`);
    shell.line(
      `     [${proposal.sentence.start}-${proposal.sentence.end}] ${printable(proposal.sentence.text).slice(0, 160)}`,
    );
  });
  if (reading.value.proposals.length > 0)
    shell.line(`Next: parley outlook decide ${id} 1 confirm --person NAME`);
  shell.result({ ok: true, id, ...reading.value });
}

function loadReading(store: OutlookStore, id: string): Reading {
  const path = readingPath(store, id);
  if (!/^[0-9a-f]{12}$/.test(id) || !existsSync(path))
    throw new Stop(
      2,
      'no-such-reading',
      `There is no reading ${printable(id)}.`,
      'parley outlook read FILE makes one',
    );
  return JSON.parse(readFileSync(path, 'utf8')) as Reading;
}

function changesOf(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new Stop(2, 'bad-option', `--set is FIELD=VALUE, not "${printable(text)}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function runDecide(
  shell: Shell,
  id: string,
  number: string,
  what: string,
  flags: { person?: string; set?: string[]; reason?: string },
): void {
  const store = new OutlookStore(shell.home());
  const { article, proposals }: { article: Article; proposals: Reading['proposals'] } = loadReading(
    store,
    id,
  );
  const proposal = proposals[Number(number) - 1];
  if (proposal === undefined)
    throw new Stop(2, 'no-such-proposal', `The reading has ${proposals.length} proposals.`);
  if (what !== 'confirm' && what !== 'correct' && what !== 'reject')
    throw new Stop(2, 'bad-option', 'A decision is confirm, correct or reject.');
  const decision: Decision = {
    what,
    by: flags.person ?? '',
    at: new Date().toISOString().slice(0, 10),
    changes: changesOf(flags.set ?? []),
    reason: flags.reason ?? '',
  };
  const record = decide(nativePorts.crypto, article, proposal, decision);
  if (!record.ok && record.reason === 'rejected') {
    shell.line('Rejected; nothing was kept.');
    shell.result({ ok: true, rejected: true });
    return;
  }
  if (!record.ok) {
    throw new Stop(
      2,
      record.reason,
      `It cannot be kept: ${printable(record.detail ?? record.reason)}.`,
      record.reason === 'is-a-forecast'
        ? 'parley outlook ask, then parley outlook say QUESTION P --quoted NAME --outlet NAME'
        : undefined,
    );
  }
  store.confirm(record.value, decision);
  shell.line(`Kept ${record.value.id}.`);
  shell.result({ ok: true, record: record.value });
}

async function runFeed(shell: Shell, file: string): Promise<void> {
  const feed = readFeed(new TextDecoder().decode(await bytesOf(shell, file)));
  if (!feed.ok)
    throw new Stop(3, feed.reason, `It is no feed: ${printable(feed.detail ?? feed.reason)}.`);
  const store = new OutlookStore(shell.home());
  const gazetteer = buildGazetteer(store.actors());
  shell.line(
    `${printable(feed.value.title)} (${feed.value.format}): ${feed.value.items.length} items`,
  );
  const items = feed.value.items.map((item) => {
    const article = {
      title: item.title,
      outlet: feed.value.title,
      published: item.published ?? '',
      url: item.url,
      text: `${item.title}.\n\n${item.text}`,
    };
    const reading = readArticle(article, gazetteer);
    return {
      ...item,
      proposals: reading.ok ? reading.value.proposals : [],
      unread: reading.ok ? null : reading.reason,
    };
  });
  for (const item of items) {
    shell.line(
      `${item.published ?? '          '} ${String(item.proposals.length).padStart(2)} proposals  ${printable(item.title).slice(0, 90)}${item.unread === null ? '' : ` [${item.unread}]`}`,
    );
    if (item.url !== null) shell.line(`              ${printable(item.url)}`);
  }
  shell.line('A feed puts nothing into the history: save what matters and read it.');
  shell.result({ ok: true, title: feed.value.title, format: feed.value.format, items });
}

function runDuplicates(
  shell: Shell,
  flags: { same?: string; different?: string; person?: string; history?: string },
): void {
  const store = new OutlookStore(shell.home());
  const pair = flags.same ?? flags.different;
  if (pair !== undefined) {
    const [record = '', against = ''] = pair.split(',');
    const ids = new Set(store.history().map(({ id }) => id));
    if (!ids.has(record) || !ids.has(against) || record === against)
      throw new Stop(
        2,
        'no-such-record',
        'Name two different records, by comma, the one that is left out first.',
      );
    if (flags.person === undefined)
      throw new Stop(2, 'no-person', 'Say who decides with --person NAME.');
    store.decideDuplicate({
      record,
      of: flags.same === undefined ? null : against,
      against,
      by: flags.person,
      at: new Date().toISOString().slice(0, 10),
    });
    shell.line(
      flags.same === undefined
        ? 'Kept apart.'
        : `${printable(record)} now counts as ${printable(against)}; both stay readable.`,
    );
    shell.result({ ok: true, record, of: flags.same === undefined ? null : against });
    return;
  }
  const decided = new Set(
    store.duplicates().map(({ record, against }) => pairKey(record, against)),
  );
  const proposals = proposeDuplicates(chosenHistory(store, flags.history).records, decided);
  shell.line(`${proposals.length} pairs look like one incident:`);
  for (const { first, second, score, because } of proposals.slice(0, 20)) {
    shell.line(
      `${score.toFixed(2)}  ${printable(first.id)} ${printable(first.title).slice(0, 60)}`,
    );
    shell.line(
      `      ${printable(second.id)} ${printable(second.title).slice(0, 60)}  (${printable(because.join('; '))})`,
    );
  }
  if (proposals.length > 0)
    shell.line(
      'Next: parley outlook duplicates --same ONE,OTHER --person NAME   or   --different ONE,OTHER',
    );
  shell.result({
    ok: true,
    proposals: proposals.map(({ first, second, score, because }) => ({
      first: first.id,
      second: second.id,
      score,
      because,
    })),
  });
}

const collect = (value: string, before: string[]): string[] => [...before, value];

export function registerRead(outlook: Command, shell: Shell): void {
  outlook
    .command('read <file>')
    .description(
      'read an article (text, saved page, or - for standard input) and propose what it says',
    )
    .option('--published <date>', 'day of publication; relative dates count from it')
    .option('--outlet <name>', 'who published it')
    .option('--title <text>', 'its headline')
    .option('--url <url>', 'where it stands')
    .action((file: string, flags: ArticleFacts) => runRead(shell, file, flags));
  outlook
    .command('decide <reading> <number> <decision>')
    .description('confirm, correct or reject one proposal')
    .option('--person <name>', 'who decides')
    .option(
      '--set <field=value>',
      'put a field right: date, initiators, receivers, kinds, class, actors, actor, admiralty, tlp',
      collect,
      [],
    )
    .option('--reason <text>', 'why it is corrected')
    .action(
      (
        id: string,
        number: string,
        what: string,
        flags: { person?: string; set?: string[]; reason?: string },
      ) => runDecide(shell, id, number, what, flags),
    );
  outlook
    .command('feed <file>')
    .description('list what an RSS, Atom or JSON feed offers to read')
    .action((file: string) => runFeed(shell, file));
  outlook
    .command('duplicates')
    .description('pairs that look like one incident; a person decides')
    .option('--same <pair>', 'the first counts as the second')
    .option('--different <pair>', 'they are two')
    .option('--person <name>', 'who decides')
    .option('--history <which>', 'shipped, imported or all')
    .action((flags: { same?: string; different?: string; person?: string; history?: string }) =>
      runDuplicates(shell, flags),
    );
}
