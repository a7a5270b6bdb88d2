// `parley verify`: knowing that it is them. By voice (four words), in person (a code on each screen), in writing (twelve
// words). Once for each party; what was compared, how, when and by whom becomes an entry of the record.

import { readFile, stat } from 'node:fs/promises';
import type { CeremonyView, Desk, Verifiable, Verified } from '@parley/desk';
import { squareCodeIn } from '@parley/mail/node';
import type { Command } from 'commander';
import { encodeQR } from 'qr';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { groupedFingerprint } from '../words.ts';

const PICTURE_MAX_BYTES = 8 * 1024 * 1024;
const LANGUAGES = 'en, ko, fr, es, zh, ja, it, pt, cs';

type Options = {
  readonly confirm?: boolean;
  readonly mismatch?: boolean;
  readonly language: string;
  readonly inPerson?: boolean;
  readonly scan?: string;
  readonly image?: string;
  readonly inWriting?: boolean;
  readonly written?: string;
  readonly party?: string;
};

function showCeremony(shell: Shell, name: string, view: CeremonyView): void {
  if (view.words === undefined) return;
  shell.line(`Call ${printable(view.about.party)} and read these words to each other:`);
  shell.line();
  shell.line(`    ${view.words.map((word, at) => `${at + 1} ${word}`).join('    ')}`);
  shell.line();
  shell.line('Both sides must have the same words in the same order.');
  shell.line(`  they are the same   parley verify ${printable(name)} --confirm`);
  shell.line(`  they differ         parley verify ${printable(name)} --mismatch`);
}

/** What the record says from now on, or why it does not yet. */
function sayVerified(shell: Shell, party: string, state: string): void {
  shell.line(
    state === 'queued'
      ? 'Noted here. The relay cannot be reached: the record says it with the next "parley sync".'
      : `Verified: ${printable(party)}. The record says who compared what, and when.`,
  );
}

async function byVoice(shell: Shell, desk: Desk, name: string, options: Options): Promise<void> {
  const shows = options.confirm !== true && options.mismatch !== true;
  const view = await desk.verifying.ceremony(name, options.language, {
    shows,
    who: options.party,
  });
  if (options.mismatch === true) {
    const evidence = await desk.verifying.mismatch(name, options.party);
    throw new Stop(
      5,
      'verification-mismatch',
      `The words differ: someone stands between you and ${printable(view.about.party)}. The channel is frozen.`,
      `keep the evidence in ${evidence}; talk to the other side in person before you use any channel again`,
      { evidence, frozen: true },
    );
  }
  if (view.verified && options.confirm !== true) {
    shell.line(`${printable(view.about.party)} is verified.`);
    shell.result({ ok: true, ...view });
    return;
  }
  if (view.words === undefined) {
    throw new Stop(
      4,
      'words-not-ready',
      `The words need both desks: waiting for ${printable(view.about.party)}.`,
      `ask them to run "parley sync", then run "parley verify ${printable(name)}" again`,
      { phase: view.phase, verified: false },
    );
  }
  if (options.confirm === true) {
    const { state } = await desk.verifying.confirmWords(name, options.party);
    sayVerified(shell, view.about.party, state);
    shell.result({ ok: true, ...view, verified: state !== 'queued', state });
    return;
  }
  showCeremony(shell, name, view);
  shell.result({ ok: true, ...view });
}

function showBoth(shell: Shell, { about, own }: Verifiable): void {
  shell.line(`  you      ${printable(own.party)}`);
  shell.line(`           ${groupedFingerprint(own.fingerprint)}`);
  shell.line(`  they     ${printable(about.party)}`);
  shell.line(`           ${groupedFingerprint(about.fingerprint)}`);
}

function done(shell: Shell, verified: Verified, how: string): void {
  const { about, state } = verified;
  sayVerified(shell, about.party, state);
  shell.result({ ok: true, how, about, verified: state !== 'queued', state });
}

async function textOfPicture(path: string): Promise<string> {
  const refuse = (message: string): Stop =>
    new Stop(
      2,
      'no-code-in-picture',
      message,
      'give a PNG or JPEG in which the whole code is sharp',
    );
  const { size } = await stat(path).catch(() => ({ size: -1 }));
  if (size < 0) throw refuse(`There is no file ${printable(path)}.`);
  if (size > PICTURE_MAX_BYTES) throw refuse(`${printable(path)} is larger than 8 MiB.`);
  const text = await squareCodeIn(await readFile(path));
  if (text === null) throw refuse(`There is no code to be read in ${printable(path)}.`);
  return text;
}

async function inPerson(shell: Shell, desk: Desk, name: string, options: Options): Promise<void> {
  const { verifying } = desk;
  const { image, party, scan } = options;
  if (scan !== undefined || image !== undefined) {
    const piped = scan === '-' ? new TextDecoder().decode(await shell.stdin(4_096)) : scan;
    const text = image === undefined ? (piped ?? '') : await textOfPicture(image);
    return done(shell, await verifying.scanned(name, text, party), 'in-person');
  }
  const view = await verifying.meeting(name, party);
  shell.line(`Show this to ${printable(view.about.party)}, and scan what their desk shows:`);
  shell.line();
  for (const row of encodeQR(view.code, 'ascii', { border: 2 }).trimEnd().split('\n'))
    shell.line(row);
  shell.line();
  showBoth(shell, view);
  shell.line();
  shell.line(`  the same as text    ${view.code}`);
  shell.line(`  what you scanned    parley verify ${printable(name)} --in-person --scan TEXT`);
  shell.line(`  or a picture of it  parley verify ${printable(name)} --in-person --image FILE`);
  shell.result({ ok: true, how: 'in-person', ...view });
}

async function inWriting(shell: Shell, desk: Desk, name: string, options: Options): Promise<void> {
  const { verifying } = desk;
  const { party, written } = options;
  if (options.mismatch === true) return verifying.writtenMismatch(name, party);
  if (written !== undefined)
    return done(shell, await verifying.written(name, written, party), 'writing');
  const view = await verifying.writing(name, options.language, party);
  shell.line(
    `Write these twelve words to ${printable(view.about.party)}, by a way you both trust:`,
  );
  shell.line();
  for (let at = 0; at < view.words.length; at += 4) {
    const row = view.words.slice(at, at + 4).map((word, i) => `${at + i + 1} ${word}`);
    shell.line(`    ${row.join('    ')}`);
  }
  shell.line();
  showBoth(shell, view);
  shell.line();
  shell.line('They are the words of your own authority. When theirs have come:');
  shell.line(`  parley verify ${printable(name)} --in-writing --written "WORD WORD ..."`);
  shell.result({ ok: true, how: 'writing', ...view });
}

async function run(shell: Shell, desk: Desk, name: string, options: Options): Promise<void> {
  const ways = [options.inPerson, options.inWriting].filter((way) => way === true).length;
  if (ways > 1) throw new Stop(2, 'two-ways', 'Say either --in-person or --in-writing.');
  if (options.confirm === true && options.mismatch === true)
    throw new Stop(2, 'both-answers', 'Say either --confirm or --mismatch.');
  if (options.confirm === true && ways > 0)
    throw new Stop(2, 'not-by-voice', 'Only words read by voice are confirmed with --confirm.');
  if (options.inPerson !== true && (options.scan ?? options.image) !== undefined)
    throw new Stop(2, 'not-in-person', '--scan and --image go with --in-person.');
  if (options.inWriting !== true && options.written !== undefined)
    throw new Stop(2, 'not-in-writing', '--written goes with --in-writing.');
  if (options.inPerson === true && options.mismatch === true)
    throw new Stop(
      2,
      'scan-decides',
      'In person the code itself says whether it differs: --scan it.',
    );
  if (options.inPerson === true) return inPerson(shell, desk, name, options);
  return options.inWriting === true
    ? inWriting(shell, desk, name, options)
    : byVoice(shell, desk, name, options);
}

export function registerVerify(program: Command, shell: Shell): void {
  program
    .command('verify')
    .description('know that it is them: by voice (the default), in person or in writing')
    .argument('<channel>')
    .option('--confirm', 'by voice: the words were the same')
    .option('--mismatch', 'the words differ: freezes the channel and exports the evidence')
    .option('--in-person', 'show a code for their desk to scan, with both fingerprints in full')
    .option('--scan <text>', 'what their code says, or - to read it from standard input')
    .option('--image <file>', 'a picture of their code (PNG or JPEG)')
    .option('--in-writing', 'show twelve words of your authority, to be written to them')
    .option('--written <words>', 'the twelve words that they wrote, in any of the languages')
    .option(
      '--party <name>',
      'whom, where several parties are here: a name, or how its fingerprint begins',
    )
    .option('--language <code>', `the language of the words: ${LANGUAGES}`, 'en')
    .action(async (name: string, options: Options) =>
      atDesk(shell, (desk) => run(shell, desk, name, options)),
    );
}
