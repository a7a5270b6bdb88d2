// `parley off-record`: a live talk that leaves no signed proof, line by line, marked as such on every line.

import { createInterface, type Interface } from 'node:readline';
import {
  DeskRefusal,
  OFF_RECORD_PROMISE,
  type Desk,
  type OffRecordTalk,
  type Speaker,
  type TalkEnd,
  type TalkEvent,
} from '@parley/desk';
import { lengthText } from '@parley/record';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type ExitCode, type Shell } from '../shell.ts';

/** Stands before every line, in every colour and in none. */
const MARK = 'OFF THE RECORD |';
const IDLE_MINUTES = 15;
const IDLE_MINUTES_MAX = 240;

type Options = { unlogged?: boolean; idleMinutes?: string };
type Ended = Extract<TalkEvent, { event: 'ended' }>;

const EXITS: Partial<Record<TalkEnd, ExitCode>> = { frozen: 3, forked: 5, relay: 1 };

function idleMs({ idleMinutes }: Options): number {
  const minutes = idleMinutes === undefined ? IDLE_MINUTES : Number(idleMinutes);
  if (minutes > 0 && minutes <= IDLE_MINUTES_MAX) return minutes * 60_000;
  throw new Stop(
    2,
    'bad-number',
    `--idle-minutes takes a number of minutes, at most ${IDLE_MINUTES_MAX}.`,
  );
}

function named({ party, member, device, verified }: Speaker): string {
  const standing = verified ? '' : ' [NOT VERIFIED]';
  return `${printable(member)} of ${printable(party)} (${printable(device)})${standing}`;
}

function endedLines(ended: Ended): string[] {
  const lasted = ended.lastedMs === null ? '' : ` It lasted ${lengthText(ended.lastedMs)}.`;
  const own = ended.published
    ? 'Your throw-away signing key is published: from now on anybody who was there can sign like you.'
    : 'Your throw-away signing key could not be published; it is forgotten here.';
  return [
    `${ended.message}${lasted}`,
    ...(ended.lastedMs === null ? [] : [own]),
    ...ended.unpublished.map(
      (who) => `${named(who)} has not published the key. Nothing long-lived ever vouched for it.`,
    ),
    ended.logged
      ? 'The record says that it took place and how long, and nothing of what was said.'
      : 'The record does not say that it took place.',
  ];
}

/** What an event says to a person; undefined where it says nothing. */
function sentences(event: TalkEvent): string[] {
  switch (event.event) {
    case 'proposed':
      return [`Proposed on the record, in entry ${event.entry}. They agree by: parley off-record`];
    case 'waiting':
      return [
        'You are there. Lines are said once somebody who has proven who they are is there too.',
      ];
    case 'came':
      return [`${named(event.who)} is said to be here; waiting for the proof.`];
    case 'proven':
      return [`${named(event.who)} is here.`];
    case 'opened':
      return ['Everyone who is here can hear you now. Ctrl-C leaves.'];
    case 'logged':
      return [`Agreed on the record that it takes place, in entry ${event.entry}.`];
    case 'line':
      return [`${event.mine ? 'you' : named(event.who)}: ${printable(event.text)}`];
    case 'left':
      return [
        `${named(event.who)} has left${event.published ? '' : ' WITHOUT publishing the signing key'}.`,
      ];
    case 'line-state':
      return [
        event.state === 'down'
          ? 'The relay cannot be reached. What you say waits.'
          : 'The relay answers again.',
      ];
    case 'alarm':
      return [`ALARM: ${printable(event.message)}`];
    case 'ended':
      return endedLines(event);
    default:
      return [];
  }
}

/** Says each line of standard input once somebody can hear it. Settles when the input or the talk has ended. */
class Mouth {
  readonly #talk: OffRecordTalk;
  readonly #show: (text: string) => void;
  readonly #lines: Interface;
  #open: (() => void) | undefined;
  readonly #opened: Promise<void>;
  #saying: Promise<void>;

  constructor(talk: OffRecordTalk, show: (text: string) => void) {
    this.#talk = talk;
    this.#show = show;
    this.#opened = new Promise((settle) => (this.#open = settle));
    this.#saying = this.#opened;
    const { stdin, stdout } = process;
    const isTerminal = stdin.isTTY;
    this.#lines = createInterface({
      input: stdin,
      ...(isTerminal ? { output: stdout, prompt: `${MARK} ` } : {}),
    });
    this.#lines.on('line', (line) => {
      this.#saying = this.#saying.then(() => this.#say(line));
    });
    this.#lines.once('SIGINT', () => void talk.close());
    this.#lines.once('close', () => {
      if (!isTerminal) void this.#saying.then(() => talk.close());
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void talk.close());
  }

  /** The talk can be heard. */
  open(): void {
    this.#open?.();
  }

  prompt(): void {
    if (process.stdin.isTTY) this.#lines.prompt(true);
  }

  async #say(line: string): Promise<void> {
    if (line === '') return;
    try {
      await this.#talk.say(line);
    } catch (error) {
      if (!(error instanceof DeskRefusal)) throw error;
      this.#show(`NOT SAID: ${error.message}`);
    }
  }

  close(): void {
    this.open();
    this.#lines.close();
    process.stdin.unref?.();
  }
}

async function talkAt(shell: Shell, desk: Desk, name: string, options: Options): Promise<Ended> {
  const marked = (text: string): void => {
    // Over the prompt that stands there, so that nobody's line ends up in one's own.
    if (process.stdin.isTTY && process.stdout.isTTY) process.stdout.write('\r\u001b[K');
    shell.line(`${MARK} ${text}`);
  };
  let mouth: Mouth | undefined;
  let ended: Ended | undefined;
  const early: TalkEvent[] = [];
  const hear = (event: TalkEvent): void => {
    if (mouth === undefined) return void early.push(event);
    shell.item(event);
    // On a terminal one's own line stands there already.
    const isEcho = event.event === 'line' && event.mine && process.stdin.isTTY;
    if (!isEcho) for (const text of sentences(event)) marked(text);
    if (event.event === 'opened') mouth.open();
    if (event.event === 'ended') ended = event;
    else mouth.prompt();
    return undefined;
  };
  const limits = { logged: options.unlogged !== true, idleMs: idleMs(options) };
  for (const text of [
    OFF_RECORD_PROMISE,
    'Only lines of text: documents are sent on the record, with "parley send".',
    'Nothing of it is kept: if this program ends, so does the talk. Your terminal may remember what it showed.',
  ])
    marked(text);
  const talk = await desk.offRecord.start(name, { ...limits, onEvent: hear });
  mouth = new Mouth(talk, (text) => {
    shell.item({ event: 'not-said', message: text });
    marked(text);
  });
  for (const event of early) hear(event);
  await talk.ended;
  mouth.close();
  if (ended === undefined) throw new Error('bug: a talk that ended says so');
  return ended;
}

export function registerOffRecord(program: Command, shell: Shell): void {
  program
    .command('off-record')
    .description(
      'talk off the record in a room: propose or agree, then write line by line; Ctrl-C leaves. No signed proof is left of what is said',
    )
    .argument('<channel>')
    .option('--unlogged', 'leave no word on the record that it was proposed or took place')
    .option(
      '--idle-minutes <n>',
      `leave when nobody has said anything for so long (default: ${IDLE_MINUTES})`,
    )
    .action(async (name: string, options: Options) =>
      atDesk(shell, async (desk) => {
        const ended = await talkAt(shell, desk, name, options);
        const nobodyCame = ended.lastedMs === null && ended.end === 'idle';
        const exit = nobodyCame ? 4 : EXITS[ended.end];
        if (exit !== undefined) process.exitCode = exit;
      }),
    );
}
