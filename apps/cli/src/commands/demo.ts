// `parley demo`: a relay and two desks on this machine, and hostile documents on their way from one to the other.

import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault, utf8 } from '@parley/kernel';
import { makeDirectories, nativePorts } from '@parley/kernel/node';
import { Desk, DeskRefusal, type OpenedDocument } from '@parley/desk';
import { startRelay } from '@parley/relay';
import type { Command } from 'commander';
import { asStop } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { fileSize, groupedFingerprint, plural } from '../words.ts';
import { showDesks } from './demo-screens.ts';

const SAMPLES = fileURLToPath(new URL('../../../../samples/', import.meta.url));
const CHANNEL = 'talks';
const MESSAGE = 'Our draft and its annexes follow. Please confirm that you can read them.';

type DemoOptions = { once?: boolean; document?: string; out?: string; office?: boolean };

type Delivered = {
  readonly name: string;
  readonly size: number;
  readonly opened?: OpenedDocument;
  readonly refusal?: { readonly code: string; readonly message: string };
};

/** Prints the story with a number for each step, and remembers it for --json. */
class Story {
  readonly steps: string[] = [];
  readonly #shell: Shell;
  readonly #startedMs = performance.now();

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  step(title: string): void {
    this.steps.push(title);
    this.#shell.line();
    this.#shell.line(`${this.steps.length}. ${title}`);
  }

  tell(text: string): void {
    this.#shell.line(`   ${text}`);
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#startedMs) / 100) / 10;
  }
}

function documentsToSend(options: DemoOptions): string[] {
  if (options.document !== undefined) return [resolve(options.document)];
  return (
    readdirSync(SAMPLES)
      .filter((name) => !name.endsWith('.md'))
      // The office engine is large: its start alone can take longer than the rest of the story.
      .filter((name) => options.office === true || !name.endsWith('.docx'))
      .toSorted()
      .map((name) => join(SAMPLES, name))
  );
}

async function openTheChannel(
  story: Story,
  desks: { alpha: Desk; beta: Desk },
  relay: string,
): Promise<void> {
  const { alpha, beta } = desks;
  story.step('Alpha founds a channel and gives Beta an invitation that works once');
  const { invitation } = await alpha.newChannel({ relay, name: CHANNEL, days: 1 });
  story.tell(`${invitation.slice(0, 60)}... (${invitation.length} characters)`);
  await beta.joinChannel({ invitation, name: CHANNEL });

  story.step('Beta asks to be let in; Alpha sees who asks, and admits them: an act in the record');
  const request = await alpha.admissionRequest(CHANNEL);
  story.tell(`${request.party}, ${request.member}: ${groupedFingerprint(request.fingerprint)}`);
  await alpha.admit(CHANNEL, request);
  await beta.sync(CHANNEL);
  await alpha.sync(CHANNEL);
  await beta.sync(CHANNEL);

  story.step('They compare four words by voice: nobody can stand between them unseen');
  const [atAlpha, atBeta] = [
    await alpha.ceremony(CHANNEL, 'en'),
    await beta.ceremony(CHANNEL, 'en'),
  ];
  story.tell(`Alpha reads  ${atAlpha.words?.join('  ') ?? 'no words'}`);
  story.tell(`Beta reads   ${atBeta.words?.join('  ') ?? 'no words'}`);
  if (atAlpha.words === undefined || atAlpha.words.join() !== atBeta.words?.join()) {
    throw new Stop(
      5,
      'verification-mismatch',
      'The words differ.',
      'somebody stands between the two desks',
    );
  }
  await alpha.confirmWords(CHANNEL);
  await beta.confirmWords(CHANNEL);
}

async function sendAll(
  story: Story,
  alpha: Desk,
  documents: readonly string[],
  shell: Shell,
): Promise<Delivered[]> {
  story.step(
    `Alpha writes, and sends ${plural(documents.length, 'document')}: sealed here, opaque to the relay`,
  );
  await alpha.say(CHANNEL, MESSAGE);
  const sent: Delivered[] = [];
  for (const path of documents) {
    const { name, size } = await alpha.send(CHANNEL, path, {
      onProgress: (done, total) =>
        shell.progress(`${basename(path)}: ${fileSize(done)} of ${fileSize(total)}`),
    });
    story.tell(`${printable(name)}, ${fileSize(size)}`);
    sent.push({ name, size });
  }
  return sent;
}

async function openAll(story: Story, beta: Desk, out: string, shell: Shell): Promise<Delivered[]> {
  story.step(
    'Beta fetches them; each is taken apart in a cage and written anew before anyone can open it',
  );
  await beta.sync(CHANNEL, { documents: true, onProgress: (text) => shell.progress(text) });
  const [inbox] = beta.inbox(CHANNEL, false);
  const delivered: Delivered[] = [];
  for (const { entry, document } of inbox?.entries ?? []) {
    if (document === undefined || entry === null) continue;
    const { name, size } = document;
    try {
      const opened = await beta.openDocument(CHANNEL, String(entry), {
        out: join(out, `${entry}-${document.safeName}`),
        force: true,
      });
      delivered.push({ name, size, opened });
      story.tell(
        `${printable(name)} -> ${basename(opened.path)} (${fileSize(statSync(opened.path).size)})`,
      );
      for (const sentence of opened.report.sentences) story.tell(`    ${printable(sentence)}`);
    } catch (error) {
      if (!(error instanceof DeskRefusal)) throw error;
      delivered.push({ name, size, refusal: { code: error.code, message: error.message } });
      story.tell(`${printable(name)}: ${error.message}`);
    }
  }
  return delivered;
}

/** Every file below a directory, for the search through what the relay stored. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));
}

function searchTheRelay(story: Story, dataDir: string, documents: readonly string[]): number {
  story.step('What the relay has: sealed envelopes and chunks');
  const secrets = [
    MESSAGE,
    'Republic of Alpha',
    'Bo',
    ...documents.map((path) => basename(path)),
  ].filter((text) => text.length > 4);
  const files = filesBelow(dataDir);
  let bytes = 0;
  let found = 0;
  for (const path of files) {
    const content = readFileSync(path);
    bytes += content.length;
    for (const secret of secrets) if (content.includes(secret)) found++;
  }
  story.tell(
    `${plural(files.length, 'file')}, ${fileSize(bytes)}; the message, the names of the parties and of the documents occur ${plural(found, 'time')}`,
  );
  return found;
}

async function closeTheRecord(
  story: Story,
  desks: { alpha: Desk; beta: Desk },
  out: string,
): Promise<string> {
  story.step('Both export the record; anyone can verify it, offline and without either of them');
  await desks.alpha.sync(CHANNEL);
  await desks.beta.sync(CHANNEL);
  const a = await desks.alpha.exportRecord(CHANNEL, join(out, 'record-a.parley'), { force: true });
  const b = await desks.beta.exportRecord(CHANNEL, join(out, 'record-b.parley'), { force: true });
  story.tell(`Alpha's record: ${plural(a.entries, 'entry', 'entries')}, root ${a.root}`);
  story.tell(`Beta's record:  ${plural(b.entries, 'entry', 'entries')}, root ${b.root}`);
  if (a.root !== b.root) throw new Stop(5, 'records-differ', 'The two records differ.');
  return a.root;
}

function writeResults(out: string, delivered: readonly Delivered[]): string | undefined {
  const [first] = delivered;
  if (first === undefined) return undefined;
  writeFileSync(
    join(out, 'report.json'),
    `${JSON.stringify(
      first.opened === undefined
        ? { outcome: 'refused', name: first.name, ...first.refusal }
        : {
            outcome: 'rebuilt',
            name: first.name,
            original: first.opened.original,
            safe: first.opened.safe,
            ...first.opened.report,
          },
      null,
      2,
    )}\n`,
  );
  if (first.opened === undefined) return undefined;
  const safe = join(out, `safe${extname(first.opened.path)}`);
  writeFileSync(safe, readFileSync(first.opened.path));
  rmSync(first.opened.path);
  if (first.opened.parts.length > 0) {
    renameSync(`${first.opened.path}.parts`, join(out, 'safe.parts'));
  }
  return safe;
}

async function tellTheStory(shell: Shell, options: DemoOptions): Promise<void> {
  const documents = documentsToSend(options);
  const stage = mkdtempSync(join(tmpdir(), 'parley-demo-'));
  const out = options.out === undefined ? join(stage, 'opened-by-beta') : resolve(options.out);
  try {
    makeDirectories(out);
  } catch (cause) {
    throw new Fault('disk-failed', `The folder cannot be made: ${printable(out)}`, {
      cause,
      nextAction: 'name a folder on a disk that you may write to',
    });
  }
  const story = new Story(shell);
  const passphrase = utf8('demo passphrase, thrown away at the end');
  const relayData = join(stage, 'relay');
  const relay = await startRelay({
    dataDir: relayData,
    listen: '127.0.0.1:0',
    journal: { level: 'silent' },
  });
  try {
    shell.line('Two delegations that do not trust each other, over a relay that neither trusts.');
    story.step('A relay starts on this machine, and two desks: Alpha and Beta');
    story.tell(`relay  ${relay.url}`);
    const alpha = Desk.create(
      nativePorts,
      { home: join(stage, 'alpha'), passphrase },
      { party: 'Republic of Alpha', member: 'Ana', label: 'desk A' },
    );
    const beta = Desk.create(
      nativePorts,
      { home: join(stage, 'beta'), passphrase },
      { party: 'Republic of Beta', member: 'Bo', label: 'desk B' },
    );
    try {
      await openTheChannel(story, { alpha, beta }, relay.url);
      await sendAll(story, alpha, documents, shell);
      const delivered = await openAll(story, beta, out, shell);
      const found = searchTheRelay(story, relayData, documents);
      const root = await closeTheRecord(story, { alpha, beta }, out);
      const safe = options.document === undefined ? undefined : writeResults(out, delivered);
      shell.line();
      shell.line(`The end, after ${story.seconds} s.`);
      if (options.out !== undefined) shell.line(`Written to ${printable(out)}.`);
      const refused = delivered.filter((item) => item.opened === undefined);
      shell.result({
        ok: found === 0 && (options.document === undefined || refused.length === 0),
        seconds: story.seconds,
        steps: story.steps,
        out: options.out === undefined ? null : out,
        safe: safe ?? null,
        record: root,
        relayPlaintextFound: found,
        documents: delivered,
      });
      if (found > 0)
        throw new Stop(5, 'relay-can-read', 'The relay holds something it could read.');
      if (options.document !== undefined && refused.length > 0) process.exitCode = 3;
      if (options.once !== true && !shell.json) await showDesks(shell, { alpha, beta }, CHANNEL);
    } finally {
      alpha.close();
      beta.close();
    }
  } finally {
    await relay.close();
    rmSync(stage, { recursive: true, force: true });
  }
}

export function registerDemo(program: Command, shell: Shell): void {
  program
    .command('demo')
    .description(
      'see the whole way on this machine: a relay, two desks, and hostile documents between them',
    )
    .option('--once', 'end when the story ends')
    .option('--office', 'also send the hostile DOCX (the office engine takes its time)')
    .option('--document <file>', 'send this file instead of the hostile samples')
    .option(
      '--out <dir>',
      'keep the results here: safe.*, report.json, record-a.parley, record-b.parley',
    )
    .action(async (options: DemoOptions) => {
      if (
        options.document !== undefined &&
        !statSync(options.document, { throwIfNoEntry: false })?.isFile()
      ) {
        throw new Fault('file-missing', `There is no file ${printable(options.document)}.`, {
          nextAction: `look in ${printable(dirname(resolve(options.document)))}`,
        });
      }
      try {
        await tellTheStory(shell, options);
      } catch (error) {
        throw asStop(error);
      }
    });
}
