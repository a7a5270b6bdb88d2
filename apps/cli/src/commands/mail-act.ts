// What a person does after a verdict: has the files rebuilt, and asks the other side in the channel.

import { questionFor, type Message, type Screening } from '@parley/mail';
import { asStop, type DeskOpener } from '../at-desk.ts';
import { rebuildMailFiles, type MailFile } from '@parley/desk';
import { printable, Stop, terminalLocale, type Shell } from '../shell.ts';
import { plural } from '../words.ts';
import { channelOf, type KnownOptions } from './mail-known.ts';

export type ActOptions = KnownOptions & {
  readonly attachmentsTo?: string;
  readonly mode?: string;
  readonly force?: boolean;
  readonly ask?: string;
};

type Mode = 'structure' | 'pixel';

async function modeOf(options: ActOptions, open: DeskOpener | undefined): Promise<Mode> {
  const { mode } = options;
  if (mode === 'structure' || mode === 'pixel') return mode;
  if (mode !== undefined)
    throw new Stop(2, 'unknown-mode', `No mode "${printable(mode)}".`, 'use structure or pixel');
  const name = channelOf(options);
  if (name === undefined || open === undefined) return 'structure';
  return open(async (desk) =>
    desk.mail.fileMode(name ?? undefined) === 'pixel' ? 'pixel' : 'structure',
  );
}

/** Rebuilds the files of each mail it is given into the folder of `--attachments-to`; null where that was not asked for. */
export async function filesInto(
  options: ActOptions,
  shell: Shell,
  open: DeskOpener | undefined,
): Promise<((message: Message) => Promise<readonly MailFile[]>) | null> {
  const { attachmentsTo, force } = options;
  if (attachmentsTo === undefined) return null;
  const mode = await modeOf(options, open);
  return async (message) => {
    const done = await rebuildMailFiles(message, {
      to: attachmentsTo,
      mode,
      force: force === true,
      onFile: (name) => shell.progress(`rebuilding ${name}`),
    }).catch((error: unknown) => {
      throw asStop(error);
    });
    if (done.left > 0) shell.note(`${plural(done.left, 'file')} of this mail left: too many`);
    return done.files;
  };
}

export function printFiles(shell: Shell, files: readonly MailFile[]): void {
  for (const { name, outcome, reason, path, parts, report } of files) {
    if (outcome === 'refused')
      shell.line(`  file     ${printable(name)}: cannot be rebuilt safe (${reason})`);
    else shell.line(`  file     ${printable(name)} -> ${printable(path ?? '')}`);
    for (const part of parts) shell.line(`           inside it: ${printable(part)}`);
    for (const sentence of report.slice(0, 6)) shell.line(`           ${printable(sentence)}`);
  }
}

/** Puts the question about this mail into the channel; it quotes nothing of the mail's text. */
export async function askThem(
  screening: Screening,
  channel: string,
  given: { readonly shell: Shell; readonly open: DeskOpener },
): Promise<void> {
  const { questionIn } = await import('@parley/web/words');
  const question =
    (await questionIn(terminalLocale(), screening.mail, screening.verdict)) ??
    questionFor(screening);
  const { state } = await given.open((desk) => desk.say(channel, question));
  given.shell.line(
    `  asked in ${printable(channel)}${state === 'queued' ? '; it waits for the relay' : ''}.`,
  );
}
