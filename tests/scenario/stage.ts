// Where the stories play: a relay behind a gate and two desks, Alpha's and Beta's, that founded, admitted and verified each
// other once. Every test gets its own copy of their directories, so that set-up is paid once for a file.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8, type Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk, DeskRefusal, type EntryView } from '@parley/desk';
import { startRelay, type RunningRelay } from '@parley/relay';
import { expect } from 'vitest';
import Database from 'better-sqlite3';
import { logId, type LogId } from '@parley/post';
import { Gate } from './gate.ts';
import { startLiar, type Tale } from './lying-relay.ts';

export const PASSPHRASE = 'four plain words here';
export const TALKS = 'talks';

export async function relayOn(dataDir: string): Promise<RunningRelay> {
  return startRelay({ dataDir, listen: '127.0.0.1:0', journal: { level: 'silent' } });
}

/** Two desks that met: what the beginning of nearly every story is. */
async function meet(root: string, relay: string): Promise<void> {
  const make = (home: string, party: string, member: string): Desk =>
    Desk.create(
      nativePorts,
      { home: join(root, home), passphrase: utf8(PASSPHRASE) },
      { party, member, label: 'laptop' },
    );
  const alpha = make('alpha', 'Republic of Alpha', 'Ana');
  const beta = make('beta', 'Republic of Beta', 'Bo');
  const { invitation } = await alpha.newChannel({ relay, name: TALKS, days: 7 });
  await beta.joinChannel({ invitation });
  await alpha.admit(TALKS, await alpha.admissionRequest(TALKS));
  await beta.sync();
  await alpha.sync();
  await beta.sync();
  const words = [await alpha.ceremony(TALKS, 'en'), await beta.ceremony(TALKS, 'en')];
  expect(words[0]?.words).toHaveLength(4);
  expect(words[1]?.words).toEqual(words[0]?.words);
  await alpha.confirmWords(TALKS);
  await beta.confirmWords(TALKS);
  await alpha.sync();
  alpha.close();
  beta.close();
}

export class Stage {
  readonly gate: Gate;
  readonly #root: string;
  readonly #scenes: Scene[] = [];

  private constructor(gate: Gate, root: string) {
    this.gate = gate;
    this.#root = root;
  }

  static async build(): Promise<Stage> {
    const gate = await Gate.open();
    const root = mkdtempSync(join(tmpdir(), 'parley-scenario-'));
    const first = join(root, 'first');
    mkdirSync(first);
    const relay = await relayOn(join(first, 'relay'));
    gate.reset(relay.url);
    await meet(first, gate.url);
    await relay.close();
    return new Stage(gate, root);
  }

  /** A fresh copy of the two desks and their relay, with the relay running behind the gate. */
  async scene(): Promise<Scene> {
    for (const earlier of this.#scenes.splice(0)) await earlier.end();
    const folder = join(this.#root, `scene-${readdirSync(this.#root).length}`);
    cpSync(join(this.#root, 'first'), folder, { recursive: true });
    writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`);
    const scene = new Scene(folder, this.gate);
    this.#scenes.push(scene);
    this.gate.reset((await scene.startRelay()).url);
    return scene;
  }

  async strike(): Promise<void> {
    for (const scene of this.#scenes) await scene.end();
    await this.gate.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

export class Scene {
  readonly folder: string;
  readonly gate: Gate;
  readonly #desks: Desk[] = [];
  readonly #relays: RunningRelay[] = [];

  constructor(folder: string, gate: Gate) {
    this.folder = folder;
    this.gate = gate;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Another relay process on this directory or a copy of it: the same key either way. */
  async startRelay(directory = 'relay'): Promise<RunningRelay> {
    const relay = await relayOn(this.path(directory));
    this.#relays.push(relay);
    return relay;
  }

  /** From now on the relay tells this tale, to everyone or to whoever `to` names. */
  async lie(tale: Tale): Promise<RunningRelay> {
    const relay = await startLiar(this.path('relay'), tale);
    this.#relays.push(relay);
    this.gate.upstream = relay.url;
    return relay;
  }

  /** The truth again. */
  async repent(): Promise<void> {
    this.gate.reset((await this.startRelay()).url);
  }

  copyRelay(to: string, from = 'relay'): void {
    rmSync(this.path(to), { recursive: true, force: true });
    cpSync(this.path(from), this.path(to), { recursive: true });
  }

  async stopRelays(): Promise<void> {
    for (const relay of this.#relays.splice(0)) await relay.close();
  }

  open(who: 'alpha' | 'beta' | (string & {}), ports: Ports = nativePorts): Desk {
    const home = this.path(who);
    const desk = Desk.open(ports, { home, passphrase: utf8(PASSPHRASE) });
    this.#desks.push(desk);
    return desk;
  }

  create(who: string, names: { party: string; member: string }, ports: Ports = nativePorts): Desk {
    const options = { home: this.path(who), passphrase: utf8(PASSPHRASE) };
    const desk = Desk.create(ports, options, { ...names, label: 'laptop' });
    this.#desks.push(desk);
    return desk;
  }

  close(desk: Desk): void {
    const at = this.#desks.indexOf(desk);
    if (at >= 0) this.#desks.splice(at, 1);
    desk.close();
  }

  write(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    writeFileSync(path, content);
    return path;
  }

  async end(): Promise<void> {
    for (const desk of this.#desks.splice(0)) desk.close();
    await this.stopRelays();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The refusal that `work` ends in; fails if it does not. */
export async function refusalOf(work: Promise<unknown>): Promise<DeskRefusal> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DeskRefusal) return error;
  throw new Error(`expected a refusal, got ${String(error)}`, { cause: error });
}

/** What is said in a channel, in order, with its number. */
export function textsIn(desk: Desk, channel = TALKS): string[] {
  return desk
    .log(channel)
    .entries.filter((entry) => entry.kind === 'text' && entry.entry !== null)
    .map((entry) => entry.text ?? '');
}

export function documentsIn(desk: Desk, channel = TALKS): EntryView[] {
  return desk.log(channel).entries.filter((entry) => entry.kind === 'document');
}

/** Both desks hold the same record. */
export function expectOneRecord(alpha: Desk, beta: Desk): void {
  const [a, b] = [alpha.log(TALKS), beta.log(TALKS)];
  expect(b.root).toBe(a.root);
  expect(b.size).toBe(a.size);
}

/** The room on a relay: its longest log, since a box holds two envelopes. */
export function roomIn(directory: string): LogId {
  const file = new Database(join(directory, 'relay.db'));
  const row = file
    .prepare<[], { id: Uint8Array }>('SELECT id FROM log ORDER BY seq DESC LIMIT 1')
    .get();
  file.close();
  if (row === undefined) throw new Error('a relay without a log');
  return logId(Uint8Array.from(row.id));
}
