// Look-alike domains: dnstwist's variants of real organisations, and false alarms among real domains.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLookAlike, knownDomains } from '@parley/mail';
import { filesUnder } from './mail-bases.ts';
import { goal, percent, say, shared } from './mail-world.ts';

const ORGANISATIONS =
  'state.gov un.org osce.org icrc.org mofa.go.kr mid.ru mfa.gov.cn auswaertiges-amt.de eda.admin.ch diplomatie.gouv.fr fco.gov.uk nato.int who.int iaea.org opcw.org unhcr.org amnesty.org crisisgroup.org hdcentre.org europa.eu'.split(
    ' ',
  );

/** Real domains that nobody made up for this: home pages in Debian's package lists, and senders of the corpora. */
function realDomains(): string[] {
  const found = new Set<string>();
  try {
    const packages = execFileSync('apt-cache', ['dumpavail'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 29,
    });
    for (const match of packages.matchAll(/^Homepage: https?:\/\/(?:www\.)?([a-z0-9.-]+)/gm))
      found.add(match[1] ?? '');
  } catch {
    say('  package home pages: not run: apt-cache missing');
  }
  const folder = join(shared, 'corpus/mail');
  if (existsSync(folder))
    for (const file of filesUnder(folder).filter((name) => !name.includes('phishing')))
      for (const match of readFileSync(file, 'latin1').matchAll(
        /^From:.*@([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gim,
      ))
        found.add((match[1] ?? '').toLowerCase());
  return [...found].filter((host) => host.includes('.'));
}

export function lookAlikes(): void {
  const officials = ORGANISATIONS.map((domain) => knownDomains(domain));
  let seen = 0;
  let total = 0;
  try {
    for (const [i, domain] of ORGANISATIONS.entries()) {
      const made = execFileSync('dnstwist', ['--format', 'list', domain], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 28,
      })
        .split('\n')
        .filter((line) => line !== '' && line !== domain);
      for (const variant of made) {
        total++;
        if (firstLookAlike(variant, officials[i] ?? []) !== null) seen++;
      }
    }
    say(
      `Look-alike domains: variants by Debian's dnstwist for ${ORGANISATIONS.length} organisations`,
    );
    goal(`recognised ${percent(seen, total)}, at least 99 %`, seen >= 0.99 * total);
  } catch {
    say('Look-alike domains: not run: dnstwist missing');
  }
  const real = realDomains().filter(
    (host) => !ORGANISATIONS.some((domain) => host === domain || host.endsWith(`.${domain}`)),
  );
  if (real.length === 0) {
    say('  real domains: not run: neither apt lists nor ../shared');
    return;
  }
  const alarms = real.filter((host) =>
    officials.some((known) => firstLookAlike(host, known) !== null),
  );
  goal(
    `false alarms ${alarms.length} in ${real.length} real domains (${((1000 * alarms.length) / real.length).toFixed(2)} in 1,000; ${alarms.slice(0, 5).join(', ')}), at most 1 in 1,000`,
    alarms.length <= real.length / 1000,
  );
}
