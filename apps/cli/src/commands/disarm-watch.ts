// `parley disarm --watch`: whatever appears in a folder is rebuilt, once it has come to rest, until the command is interrupted.

import { watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { Stop, printable, type Shell } from '../shell.ts';
import type { DisarmRun } from './disarm-run.ts';

const REST_MS = 500;
/** Names that programs give to what they have not finished. */
const UNFINISHED = /^\.|^~\$|\.(part|partial|crdownload|tmp)$/i;

/** Takes names in, gives each file to `run` once its size and time rest; a file that changes meanwhile is taken again. */
class DropFolder {
  readonly #source: string;
  readonly #rebuild: (file: string, name: string) => Promise<void>;
  readonly #waiting = new Set<string>();
  #free: number;

  constructor(
    source: string,
    jobs: number,
    rebuild: (file: string, name: string) => Promise<void>,
  ) {
    this.#source = source;
    this.#free = jobs;
    this.#rebuild = rebuild;
  }

  add(name: string): void {
    if (UNFINISHED.test(name)) return;
    this.#waiting.add(name);
    this.#next();
  }

  #next(): void {
    const [name] = this.#waiting;
    if (name === undefined || this.#free === 0) return;
    this.#waiting.delete(name);
    this.#free--;
    void this.#take(name).finally(() => {
      this.#free++;
      this.#next();
    });
    this.#next();
  }

  async #take(name: string): Promise<void> {
    const file = join(this.#source, name);
    let before = '';
    for (;;) {
      const info = await stat(file).catch(() => undefined);
      if (info === undefined || !info.isFile()) return;
      const now = `${info.size} ${info.mtimeMs}`;
      if (now === before) break;
      before = now;
      await new Promise((settle) => setTimeout(settle, REST_MS));
    }
    await this.#rebuild(file, name);
  }
}

/** Runs until SIGINT or SIGTERM. What is there already is taken first, what is done already is kept. */
export async function watchFolder(
  shell: Shell,
  run: DisarmRun,
  { source, folder, jobs }: { source: string; folder: string; jobs: number },
): Promise<void> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isDirectory() !== true) {
    throw new Stop(2, 'not-found', `There is no folder ${printable(source)}.`, 'Check the path.');
  }
  const drop = new DropFolder(source, jobs, async (file, name) => {
    try {
      const done = await run.intoFolder(file, name, folder);
      shell.item(done);
      shell.line(`${printable(name)}: ${done.reason ?? done.outcome}`);
    } catch (error) {
      // Taken away again before it was read: nothing is lost, and the next one is waited for.
      const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const why = gone ? 'gone before it was read' : String(error);
      shell.line(`${printable(name)}: ${printable(why)}`);
    }
  });
  await new Promise<void>((settle, fail) => {
    const watcher = watch(source, (_event, name) => {
      if (name !== null) drop.add(name);
    });
    const end = (): void => {
      watcher.close();
      settle();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    watcher.once('error', fail);
    shell.note(
      `Watching ${printable(source)}; copies go to ${printable(folder)}. Stop with Ctrl-C.`,
    );
    readdir(source).then((names) => names.toSorted().forEach((name) => drop.add(name)), fail);
  });
}
