// The mail bench: `node bench/mail.ts [--quick] [--seed TEXT] [--filters]`. Prints every figure of one run.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  attest,
  dayOf,
  firstLookAlike,
  isWarned,
  knownDomains,
  newDayKey,
  openBook,
  readDirectoryJson,
  readDnsFile,
  readMessage,
  screen,
  type AttestationBook,
  type Directory,
  type DnsPort,
  type Screening,
} from '@parley/mail';
import { nativePorts } from '@parley/kernel/node';
import {
  baseMails,
  CLASSES,
  counterpartOf,
  Dice,
  genuine,
  LIST_HOST,
  make,
  makeSigner,
  sign,
  throughList,
  TRICKS,
  type Base,
  type Made,
  type Signer,
} from './mail-classes.ts';
import { askFilters } from './mail-filters.ts';

const shared = fileURLToPath(new URL('../../shared', import.meta.url));
const argument = (name: string): string | undefined => process.argv[process.argv.indexOf(name) + 1];
const quick = process.argv.includes('--quick');
const seed = process.argv.includes('--seed') ? (argument('--seed') ?? 'parley') : 'parley';
const dice = new Dice(seed);
const NOW = Date.UTC(2026, 10, 21);
const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const percent = (part: number, whole: number): string =>
  `${part}/${whole} (${whole === 0 ? '-' : ((100 * part) / whole).toFixed(2)} %)`;
let missedGoals = 0;

function goal(what: string, met: boolean): void {
  if (!met) missedGoals++;
  say(`  ${met ? 'met   ' : 'MISSED'} ${what}`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

type World = {
  readonly directory: Directory;
  readonly dns: DnsPort;
  readonly signers: ReadonlyMap<string, Signer>;
};

/** The counterpart's directory: half its keys pinned, half only in DNS. */
function makeWorld(theirs: readonly Base[]): World {
  const people = new Map<string, Set<string>>();
  for (const { name, address } of theirs)
    people.set(address, (people.get(address) ?? new Set()).add(name));
  const domains = [...new Set(theirs.map(({ address }) => address.split('@')[1] ?? ''))];
  const signers = new Map(
    domains.map((domain, i) => [domain, makeSigner(domain, i % 3 === 0 ? 'ed25519' : 'rsa')]),
  );
  const keys = [...signers.values()].filter((_, i) => i % 2 === 0);
  const directory = readDirectoryJson(
    {
      party: 'The other delegation',
      issuedMs: NOW - 1000,
      domains,
      people: [...people].map(([address, names]) => ({
        name: [...names][0],
        aliases: [...names].slice(1, 20),
        addresses: [address],
      })),
      keys: keys.map(({ domain, selector, record }) => ({ domain, selector, record })),
      relays: [{ kind: 'list', domain: LIST_HOST }],
    },
    NOW,
  );
  if (!directory.ok) throw new Error(directory.detail ?? directory.reason);
  const zone = Object.fromEntries(
    [...signers.values()].flatMap(({ domain, selector, record }) => [
      [`${selector}._domainkey.${domain}`, { TXT: [record] }],
      [`_dmarc.${domain}`, { TXT: ['v=DMARC1; p=none'] }],
    ]),
  );
  const dns = readDnsFile(zone);
  if (!dns.ok) throw new Error(dns.reason);
  return { directory: directory.value, dns: dns.value, signers };
}

function check(
  bytes: Uint8Array,
  world: World,
  attestations: readonly AttestationBook[] = [],
): Promise<Screening> {
  return screen(bytes, {
    directories: [world.directory],
    dns: world.dns,
    nowMs: NOW,
    attestations,
  });
}

async function signed(base: Base, world: World): Promise<Buffer> {
  const signer = world.signers.get(base.address.split('@')[1] ?? '') as Signer;
  return sign(genuine(base, dice), signer);
}

async function impersonation(theirs: readonly Base[], world: World): Promise<Made[]> {
  const perClass = quick ? 60 : 150;
  const made: Made[] = [];
  say(
    `Impersonation of a known counterpart (${perClass} mails a class, ${new Set(theirs.map(({ source }) => source)).size} sources, seed "${seed}")`,
  );
  const bySource = Map.groupBy(theirs, ({ source }) => source);
  const sources = [...bySource.values()];
  const pick = (i: number): Base => dice.of(sources[i % sources.length] as Base[]);
  let caught = 0;
  let total = 0;
  let worst = 1;
  for (const [kind, maker] of Object.entries(CLASSES)) {
    let hit = 0;
    const missed: string[] = [];
    for (let i = 0; i < perClass; i++) {
      const base = pick(i);
      let mail = make(kind, maker, base, dice);
      // Half of the forgers own a domain and sign for it.
      if (kind.startsWith('2') && i % 2 === 0)
        mail = { ...mail, bytes: await sign(mail.bytes, makeSignerOnce('forger.example')) };
      made.push(mail);
      const { verdict, mail: shown } = await check(mail.bytes, world);
      if (isWarned(verdict)) hit++;
      else missed.push(`${verdict} ${shown.from}`);
    }
    caught += hit;
    total += perClass;
    worst = Math.min(worst, hit / perClass);
    say(`  ${kind.padEnd(32)} warned ${percent(hit, perClass)}`);
    for (const miss of missed.slice(0, 3)) say(`      missed: ${miss}`);
  }
  let tricks = 0;
  const escaped: string[] = [];
  const each = 6;
  for (const [kind, maker] of Object.entries(TRICKS))
    for (let i = 0; i < each; i++) {
      const mail = make(`trick: ${kind}`, maker, pick(i), dice);
      made.push(mail);
      if (isWarned((await check(mail.bytes, world)).verdict)) tricks++;
      else escaped.push(kind);
    }
  const trickCount = each * Object.keys(TRICKS).length;
  say(
    `  ${`${Object.keys(TRICKS).length} header tricks`.padEnd(32)} warned ${percent(tricks, trickCount)}${escaped.length > 0 ? ` missed: ${[...new Set(escaped)].join(', ')}` : ''}`,
  );
  goal(
    `all: ${percent(caught + tricks, total + trickCount)}, at least 98 %`,
    caught + tricks >= 0.98 * (total + trickCount),
  );
  goal(`worst class ${(100 * worst).toFixed(1)} %, at least 93 %`, worst >= 0.93);
  return made;
}

let forger: Signer | undefined;
function makeSignerOnce(domain: string): Signer {
  return (forger ??= makeSigner(domain));
}

async function genuineMail(theirs: readonly Base[], world: World): Promise<Made[]> {
  const made: Made[] = [];
  let proven = 0;
  let warned = 0;
  const count = Math.min(theirs.length, quick ? 120 : 520);
  for (let i = 0; i < count; i++) {
    const base = theirs[i] as Base;
    const bytes = await signed(base, world);
    made.push({ kind: 'genuine', source: base.source, bytes });
    const { verdict, evidence } = await check(bytes, world);
    if (verdict === 'proven') proven++;
    if (isWarned(verdict)) {
      warned++;
      if (warned <= 3) say(`      warned: ${evidence[0]?.detector} ${evidence[0]?.text}`);
    }
  }
  say(`Genuine mail with proof: proven ${percent(proven, count)}`);
  goal(`warned ${percent(warned, count)}, none allowed`, warned === 0);
  return made;
}

async function othersMail(others: readonly Base[], world: World): Promise<Made[]> {
  const made: Made[] = [];
  let warned = 0;
  const folder = join(shared, 'corpus/mail');
  const files = existsSync(folder) ? filesUnder(folder) : [];
  const domains = world.directory.domains;
  const used = new Set(others.map(({ address }) => address));
  const count = { mails: 0, phish: 0 };
  for (const file of files) {
    const bytes = readFileSync(file);
    const message = readMessage(bytes);
    const from = message.from[0]?.list.mailboxes[0]?.address.toLowerCase() ?? '';
    // What the counterpart's own domains sent is not other people's mail.
    if (
      domains.some((domain) => from.endsWith(domain)) ||
      (!used.has(from) && !file.includes('phishing_pot'))
    )
      continue;
    if (file.includes('phishing_pot')) count.phish++;
    count.mails++;
    made.push({ kind: 'others', source: file, bytes });
    const { verdict, evidence, mail } = await check(bytes, world);
    if (!isWarned(verdict)) continue;
    warned++;
    if (warned <= 8)
      say(
        `      warned: ${mail.from}: ${evidence.find(({ strength }) => strength !== 'info')?.detector} ${evidence[0]?.text.slice(0, 140)}`,
      );
  }
  say(
    `Other people's mail (${count.mails}, of them ${count.phish} phishing that does not claim the counterpart)`,
  );
  goal(`warned ${percent(warned, count.mails)}, at most 0.5 %`, warned <= 0.005 * count.mails);
  return made;
}

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

function lookAlikes(): void {
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

type Attested = { readonly base: Base; readonly sent: Buffer };

function attestAll(
  theirs: readonly Base[],
  world: World,
): { mails: Attested[]; book: AttestationBook } {
  const count = Math.min(theirs.length, quick ? 100 : 400);
  const keys = new Map<string, ReturnType<typeof newDayKey>>();
  const mails = theirs.slice(0, count).map((base) => ({ base, sent: genuine(base, dice) }));
  const statements = mails.map(({ sent }) => {
    const message = readMessage(sent);
    const day = dayOf(message.dateMs ?? NOW);
    const key = keys.get(day) ?? newDayKey(nativePorts, day);
    keys.set(day, key);
    return attest(nativePorts, message, key);
  });
  const book = openBook(nativePorts.crypto, {
    party: world.directory.party,
    dayKeys: [...keys.values()],
    statements,
    seals: [],
  });
  return { mails, book };
}

/** One change somewhere a reader or a program would meet it. */
function mutate(bytes: Buffer, round: number): Buffer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const kind = round % 4;
  if (kind === 3) {
    const link = `\r\nSee https://secure-portal-${dice.below(1e6)}.example.net/a\r\n`;
    const at = end + 4 + dice.below(Math.max(1, text.length - end - 4));
    return Buffer.from(text.slice(0, at) + link + text.slice(at), 'latin1');
  }
  if (kind === 2) {
    const mark = `m${dice.below(1e9)}`;
    const type =
      /^content-type:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n/im.exec(text.slice(0, end + 2))?.[0] ?? '';
    const coding =
      /^content-transfer-encoding:[^\r\n]*\r\n/im.exec(text.slice(0, end + 2))?.[0] ?? '';
    const head = text
      .slice(0, end + 2)
      .replace(type, '')
      .replace(coding, '');
    return Buffer.from(
      `${head}Content-Type: multipart/mixed; boundary=${mark}\r\n\r\n--${mark}\r\n${type}${coding}\r\n${text.slice(end + 4)}\r\n--${mark}\r\nContent-Type: application/pdf; name="annex.pdf"\r\nContent-Disposition: attachment; filename="annex.pdf"\r\n\r\n%PDF-1.4 ${dice.below(1e9)}\r\n--${mark}--\r\n`,
      'latin1',
    );
  }
  const changed = Buffer.from(bytes);
  // Lines that servers write on top are not the sender's; the change falls on what the sender wrote.
  const own = text.search(/^From:/m);
  const at = own + dice.below(bytes.length - own);
  changed[at] = ((changed[at] ?? 0) + 1 + dice.below(254)) & 255;
  return changed;
}

async function attestation(theirs: readonly Base[], world: World): Promise<void> {
  const { mails, book } = attestAll(theirs, world);
  let direct = 0;
  for (const { sent } of mails)
    if ((await check(sent, world, [book])).attestation?.kind === 'proven') direct++;
  say(`Attestation (${mails.length} mails)`);
  goal(`direct mail proven ${percent(direct, mails.length)}, all`, direct === mails.length);
  let through = 0;
  let relayed = 0;
  const failed: string[] = [];
  for (const how of ['footer', 'wrap', 'recode', 'plain'] as const) {
    let ok = 0;
    for (const { sent, base } of mails) {
      const outcome = (await check(throughList(sent, how), world, [book])).attestation;
      if (outcome?.kind === 'proven') ok++;
      else
        failed.push(
          `${how} ${base.source}: ${outcome?.kind === 'altered' ? JSON.stringify(outcome.differences.slice(0, 2)) : outcome?.kind}`,
        );
    }
    say(`  through a list (${how}): ${percent(ok, mails.length)}`);
    through += ok;
    relayed += mails.length;
  }
  for (const line of failed.slice(0, 4)) say(`      ${line.slice(0, 220)}`);
  goal(`through lists ${percent(through, relayed)}, at least 95 %`, through >= 0.95 * relayed);
  const rounds = quick ? 2000 : 10_000;
  let falseProven = 0;
  let denied = 0;
  for (let i = 0; i < rounds; i++) {
    const { sent } = dice.of(mails);
    const original =
      i % 5 === 4 ? throughList(sent, dice.of(['footer', 'wrap', 'plain'] as const)) : sent;
    const changed = i % 5 === 4 ? mutate(original, 2 + (i % 2)) : mutate(original, i);
    if (changed.equals(original)) continue;
    const { verdict, attestation: outcome } = await check(changed, world, [book]);
    if (verdict === 'proven') {
      falseProven++;
      if (falseProven <= 5) {
        let at = 0;
        while (changed[at] === original[at]) at++;
        say(
          `      false proven: round ${i}, ${JSON.stringify(original.subarray(at - 20, at + 10).toString('latin1'))} became ${JSON.stringify(changed.subarray(at - 20, at + 10).toString('latin1'))}`,
        );
      }
    } else if (outcome?.kind === 'altered') denied++;
  }
  goal(
    `false proven ${falseProven} of ${rounds} changed mails (${denied} shown as altered), none allowed`,
    falseProven === 0,
  );
}

async function speed(mails: readonly Made[], world: World): Promise<void> {
  const before = process.cpuUsage();
  const start = performance.now();
  for (const { bytes } of mails) await check(bytes, world);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(before);
  const cpu = (used.user + used.system) / 1e6;
  say(
    `Speed: ${mails.length} mails in ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of processor time), DKIM of every claiming mail included`,
  );
  goal(
    `${Math.round(mails.length / cpu)} mails/s per core, at least 500`,
    mails.length / cpu >= 500,
  );
}

async function crashes(world: World): Promise<void> {
  const folder = join(shared, 'corpus/mail');
  if (!existsSync(folder)) {
    say('Crashes: not run: ../shared missing');
    return;
  }
  let thrown = 0;
  const files = filesUnder(folder);
  const rounds = quick ? 500 : 5000;
  const tryOne = async (bytes: Uint8Array): Promise<void> => {
    try {
      await check(bytes, world);
    } catch (error) {
      thrown++;
      if (thrown <= 3)
        say(
          `      ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join(' | ') : String(error)}`,
        );
    }
  };
  for (const file of files) await tryOne(readFileSync(file));
  for (let i = 0; i < rounds; i++) {
    const bytes = Buffer.from(readFileSync(dice.of(files)));
    for (let changes = 0; changes < 1 + dice.below(30); changes++)
      bytes[dice.below(Math.min(bytes.length, 6000))] = dice.of([
        0,
        10,
        13,
        32,
        34,
        40,
        58,
        60,
        61,
        62,
        63,
        64,
        128,
        255,
        dice.below(256),
      ]);
    await tryOne(dice.below(5) === 0 ? bytes.subarray(0, dice.below(bytes.length)) : bytes);
  }
  goal(
    `${thrown} crashes over ${files.length} mails and ${rounds} damaged ones, none allowed`,
    thrown === 0,
  );
}

const { bases, missing } = baseMails(shared);
for (const source of missing) say(`not run: source "${source}" missing`);
const { theirs, others } = counterpartOf(bases, dice);
const world = makeWorld(theirs);
say(
  `Counterpart: ${world.directory.people.length} people, ${world.directory.domains.length} domains; base mails by source: ${[...Map.groupBy(theirs, ({ source }) => source)].map(([source, list]) => `${source} ${list.length}`).join(', ')}`,
);
const forged = await impersonation(theirs, world);
const real = await genuineMail(theirs, world);
const foreign = await othersMail(others, world);
lookAlikes();
await attestation(theirs, world);
await speed([...forged, ...real, ...foreign], world);
await crashes(world);
if (process.argv.includes('--filters'))
  await askFilters([...forged, ...real, ...foreign.slice(0, 200)], quick ? 8 : 25, say, spawn);
else say('rspamd and SpamAssassin: not asked (add --filters)');
say(missedGoals === 0 ? 'All goals met.' : `${missedGoals} goals missed.`);
process.exitCode = missedGoals === 0 ? 0 : 1;
