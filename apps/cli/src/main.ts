// The `parley` command: reads the command line, loads the one group it names, and turns failures into exit codes.

import { countOutsideMemoryWithHeap } from '@parley/kernel/node';
import { Command, CommanderError } from 'commander';
import { ProcessShell, Stop, reportFailure, type CommonOptions, type Shell } from './shell.ts';

type Register = (program: Command, shell: Shell) => void;

/** Command groups by the first word that names them; a group is loaded only when it is asked for. */
const GROUPS: { readonly words: readonly string[]; readonly load: () => Promise<Register> }[] = [
  { words: ['demo'], load: async () => (await import('./commands/demo.ts')).registerDemo },
  {
    words: ['init', 'doctor'],
    load: async () => (await import('./commands/setup.ts')).registerSetup,
  },
  { words: ['party'], load: async () => (await import('./commands/party.ts')).registerParty },
  {
    words: ['channel'],
    load: async () => (await import('./commands/channel.ts')).registerChannel,
  },
  { words: ['verify'], load: async () => (await import('./commands/verify.ts')).registerVerify },
  {
    words: ['room', 'forward'],
    load: async () => (await import('./commands/room.ts')).registerRoom,
  },
  {
    words: ['say', 'send', 'sync', 'inbox', 'log', 'open'],
    load: async () => (await import('./commands/talk.ts')).registerTalk,
  },
  { words: ['pin', 'unpin'], load: async () => (await import('./commands/pin.ts')).registerPin },
  {
    words: ['off-record'],
    load: async () => (await import('./commands/off-record.ts')).registerOffRecord,
  },
  {
    words: ['posture', 'line'],
    load: async () => (await import('./commands/posture.ts')).registerPosture,
  },
  { words: ['release'], load: async () => (await import('./commands/release.ts')).registerRelease },
  {
    words: ['original'],
    load: async () => (await import('./commands/original.ts')).registerOriginal,
  },
  { words: ['courier'], load: async () => (await import('./commands/courier.ts')).registerCourier },
  { words: ['record'], load: async () => (await import('./commands/record.ts')).registerRecord },
  { words: ['disarm'], load: async () => (await import('./commands/disarm.ts')).registerDisarm },
  { words: ['mail'], load: async () => (await import('./commands/mail.ts')).registerMail },
  {
    words: ['outlook'],
    load: async () => (await import('./commands/outlook.ts')).registerOutlook,
  },
  { words: ['ui'], load: async () => (await import('./commands/ui.ts')).registerUi },
  { words: ['relay'], load: async () => (await import('./commands/relay.ts')).registerRelay },
];

function loadersFor(word: string | undefined): (typeof GROUPS)[number]['load'][] {
  const named = GROUPS.filter((group) => word !== undefined && group.words.includes(word));
  return (named.length > 0 ? named : GROUPS).map((group) => group.load);
}

function addCommonOptions(command: Command): void {
  for (const child of command.commands) addCommonOptions(child);
  command
    .option('--json', 'print one JSON document (or JSON lines) instead of text')
    .option('--home <dir>', 'where your vault lives (default: $PARLEY_HOME or ~/.parley)')
    .option('--passphrase-file <file>', 'read the passphrase from this file instead of asking')
    .option('--quiet', 'no remarks and no progress');
  command.exitOverride();
}

const INTRODUCTION = `parley: a negotiation channel for parties who do not trust each other, the host or the network.

Documents from the other side are rebuilt into safe copies before you can open them. Nobody between you can read what you
write. Both sides hold one record that neither can rewrite.`;

const EPILOGUE = `
First steps:  parley init   parley channel new | join   parley verify   parley send   parley inbox   parley open
Exit codes:   0 done   1 failed   2 wrong use   3 refused by policy   4 waiting for someone   5 evidence of tampering
"parley demo" shows the whole way on this machine.`;

/** Runs one command line and sets the exit code of the process. */
export async function run(argv: readonly string[]): Promise<void> {
  countOutsideMemoryWithHeap();
  // A reader that has seen enough closes the pipe: that is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  const shell = new ProcessShell();
  // Known before commander has read anything, so that even wrong use is answered in JSON where that was asked.
  shell.json = argv.includes('--json');
  const program = new Command('parley').description(INTRODUCTION).addHelpText('after', EPILOGUE);
  program.version('0.1.0').exitOverride().showSuggestionAfterError();
  program.configureOutput({ outputError: () => {} });
  program.hook('preAction', (_program, action) =>
    shell.configure(action.optsWithGlobals<CommonOptions>()),
  );
  try {
    const word = argv.slice(2).find((argument) => !argument.startsWith('-'));
    for (const load of loadersFor(word)) (await load())(program, shell);
    addCommonOptions(program);
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const cause =
      error instanceof CommanderError
        ? new Stop(
            2,
            // Like all our codes: words with hyphens.
            error.code
              .replace('commander.', '')
              .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
            // What it suggests stands on a line of its own there.
            error.message.replace(/^error: /, '').replaceAll('\n', ' '),
            'add --help to see what this takes',
          )
        : error;
    process.exitCode = await reportFailure(shell, cause);
  }
}
