// The mail bench: `node bench/mail.ts [--quick] [--only SECTION] [--seed TEXT] [--bases DIR] [--filters]`. Prints every figure of one run.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWarned, readMessage } from '@parley/mail';
import { attestation } from './mail-attested.ts';
import {
  baseMails,
  counterpartOf,
  filesUnder,
  makeSigner,
  sign,
  type Base,
  type Made,
  type Signer,
} from './mail-bases.ts';
import { CLASSES, genuine, make, TRICKS } from './mail-classes.ts';
import { lookAlikes } from './mail-domains.ts';
import { askFilters } from './mail-filters.ts';
import { makeUnseen, UNSEEN } from './mail-unseen.ts';
import {
  check,
  dice,
  goal,
  makeWorld,
  missedGoals,
  only,
  ownBases,
  percent,
  quick,
  say,
  seed,
  shared,
  type World,
} from './mail-world.ts';

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

/** Kinds that nobody wrote a detector against. The same goal, counted by itself. */
async function unseen(theirs: readonly Base[], world: World): Promise<void> {
  const perClass = quick ? 60 : 150;
  const sources = [...Map.groupBy(theirs, ({ source }) => source).values()];
  let caught = 0;
  let total = 0;
  let worst = 1;
  say(`Kinds made after the detectors (${perClass} mails a kind)`);
  for (const kind of Object.keys(UNSEEN)) {
    let hit = 0;
    const missed: string[] = [];
    for (let i = 0; i < perClass; i++) {
      const made = makeUnseen(kind, dice.of(sources[i % sources.length] as Base[]), dice);
      const bytes =
        i % 2 === 0 ? await sign(made.bytes, makeSignerOnce('forger.example')) : made.bytes;
      const { verdict, mail: shown } = await check(bytes, world);
      if (isWarned(verdict)) hit++;
      else missed.push(`${verdict} ${shown.from}`);
    }
    caught += hit;
    total += perClass;
    worst = Math.min(worst, hit / perClass);
    say(`  ${kind.padEnd(46)} warned ${percent(hit, perClass)}`);
    for (const miss of missed.slice(0, 2)) say(`      missed: ${miss}`);
  }
  goal(`all: ${percent(caught, total)}, at least 98 %`, caught >= 0.98 * total);
  goal(`worst kind ${(100 * worst).toFixed(1)} %, at least 93 %`, worst >= 0.93);
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
  const files = [join(shared, 'corpus/mail'), ownBases ?? '']
    .filter((folder) => folder !== '' && existsSync(folder))
    .flatMap((folder) => filesUnder(folder))
    .filter((file) => !file.endsWith('.json'));
  const listed = new Set(
    world.directory.people.flatMap(({ name, aliases }) =>
      [name, ...aliases].map((one) => one.toLowerCase()),
    ),
  );
  const domains = world.directory.domains;
  const used = new Set(others.map(({ address }) => address));
  const count = { mails: 0, phish: 0, namesakes: 0 };
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
    // A listed person's own name on an address that is not listed: the same person or somebody else, nobody can tell.
    if (listed.has(message.from[0]?.list.mailboxes[0]?.name.toLowerCase() ?? '')) {
      count.namesakes++;
      continue;
    }
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
    `Other people's mail (${count.mails}, of them ${count.phish} phishing that does not claim the counterpart; ${count.namesakes} by namesakes of listed people left out)`,
  );
  goal(`warned ${percent(warned, count.mails)}, at most 0.5 %`, warned <= 0.005 * count.mails);
  return made;
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

const { bases, missing } = baseMails(shared, ownBases);
for (const source of missing) say(`not run: source "${source}" missing`);
const { theirs, others } = counterpartOf(bases, dice);
const world = makeWorld(theirs);
say(
  `Counterpart: ${world.directory.people.length} people, ${world.directory.domains.length} domains; base mails by source: ${[...Map.groupBy(theirs, ({ source }) => source)].map(([source, list]) => `${source} ${list.length}`).join(', ')}`,
);
const wanted = (section: string): boolean => only === undefined || only === section;
const mixed = wanted('speed') || process.argv.includes('--filters');
const forged = wanted('impersonation') || mixed ? await impersonation(theirs, world) : [];
if (wanted('unseen')) await unseen(theirs, world);
const real = wanted('genuine') || mixed ? await genuineMail(theirs, world) : [];
const foreign = wanted('others') || mixed ? await othersMail(others, world) : [];
if (wanted('domains')) lookAlikes();
if (wanted('attestation')) await attestation(theirs, world);
if (wanted('speed')) await speed([...forged, ...real, ...foreign], world);
if (wanted('crashes')) await crashes(world);
if (process.argv.includes('--filters'))
  await askFilters([...forged, ...real, ...foreign.slice(0, 200)], quick ? 8 : 25, say, spawn);
else say('rspamd and SpamAssassin: not asked (add --filters)');
say(missedGoals() === 0 ? 'All goals met.' : `${missedGoals()} goals missed.`);
process.exitCode = missedGoals() === 0 ? 0 : 1;
