// One run of `parley disarm`: rebuilds a document, and keeps beside each copy what a later run must know.

import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import {
  disarm,
  policyLine,
  quarantine,
  reportPage,
  type Disarmed,
  type DisarmReason,
  type Policy,
  type WarmOffice,
  type Report,
} from '@parley/disarm';
import { Fault } from '@parley/kernel';
import { makeDirectories } from '@parley/kernel/node';
import { printable, terminalLocale, type Shell } from '../shell.ts';

export type DisarmOptions = {
  readonly out?: string;
  readonly mode: string;
  readonly report?: boolean;
  readonly jobs: string;
  readonly passwordFile?: string;
  readonly requireBubblewrap?: boolean;
  readonly force?: boolean;
  readonly watch?: string;
};

export type Done = {
  readonly file: string;
  readonly name: string;
  readonly outcome: 'rebuilt' | 'refused' | 'kept';
  readonly reason: DisarmReason | null;
  readonly out: string | null;
  readonly pages: number;
  readonly findings: number;
  readonly bytes: number;
  readonly safeBytes: number;
  readonly seconds: number;
};

/** What stands beside a copy, so that a second run over a folder knows what is done. */
type Sidecar = {
  readonly original: string;
  readonly safe: string;
  readonly policy: string;
  readonly engine: string;
  readonly copy: string;
  readonly report: Report;
};
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Writes beside the target first, so that a copy is whole or not there. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  const half = `${path}.part`;
  try {
    makeDirectories(dirname(path), 0o777);
    await writeFile(half, bytes);
    await rename(half, path);
  } catch (cause) {
    await rm(half, { force: true }).catch(() => {});
    throw new Fault('disk-failed', `${printable(path)} cannot be written.`, {
      cause,
      nextAction: 'check that the disk has room and that the folder may be written to',
    });
  }
}
export class DisarmRun {
  readonly #shell: Shell;
  readonly #policy: Policy;
  readonly #options: DisarmOptions;
  readonly #warm: WarmOffice | undefined;
  #password: string | undefined;

  /** `warm`: for several documents, whose office engines start ahead. */
  constructor(shell: Shell, policy: Policy, options: DisarmOptions, warm?: WarmOffice) {
    this.#shell = shell;
    this.#policy = policy;
    this.#options = options;
    this.#warm = warm;
  }

  /** The password of encrypted documents, where a file was given that holds it. */
  async readPassword(): Promise<void> {
    const { passwordFile } = this.#options;
    if (passwordFile !== undefined) this.#password = await this.#shell.secret('', passwordFile);
  }

  async rebuild(
    bytes: Uint8Array,
    name: string,
  ): Promise<{ verdict: Awaited<ReturnType<typeof disarm>>; seconds: number }> {
    const started = performance.now();
    let verdict = await this.#disarm(bytes, name, this.#password);
    // On a terminal a person can be asked; a folder or a pipe goes on without.
    const asks = process.stdin.isTTY && process.stderr.isTTY && this.#warm === undefined;
    if (!verdict.ok && verdict.reason === 'encrypted' && asks && !this.#shell.json) {
      const password = await this.#shell.secret(`Password of ${printable(name)}: `, undefined);
      verdict = await this.#disarm(bytes, name, password);
    }
    return { verdict, seconds: (performance.now() - started) / 1000 };
  }

  #disarm(
    bytes: Uint8Array,
    name: string,
    password: string | undefined,
  ): ReturnType<typeof disarm> {
    return disarm(quarantine(bytes, name), this.#policy, {
      ...(password === undefined ? {} : { password }),
      warm: this.#warm,
      onProgress: ({ done, total }) =>
        this.#shell.progress(`${printable(name)}: page ${done} of ${total}`),
    });
  }

  /** One document into a folder of copies; done ones are kept unless they must be made anew. */
  async intoFolder(file: string, name: string, folder: string): Promise<Done> {
    const bytes = new Uint8Array(await readFile(file));
    const sidecar = join(folder, `${name}.report.json`);
    const base = { file, name, bytes: bytes.length };
    const original = quarantine(bytes, name).sha256;
    const before = this.#options.force === true ? undefined : await readSidecar(sidecar);
    if (
      before !== undefined &&
      before.original === original &&
      before.policy === policyLine(this.#policy) &&
      (await exists(join(folder, before.copy)))
    ) {
      const { report, copy } = before;
      const safeBytes = (await stat(join(folder, copy))).size;
      return {
        ...base,
        outcome: 'kept',
        reason: null,
        out: join(folder, copy),
        pages: report.pages.length,
        findings: countOf(report),
        safeBytes,
        seconds: 0,
      };
    }
    const { verdict, seconds } = await this.rebuild(bytes, name);
    if (!verdict.ok) {
      return {
        ...base,
        outcome: 'refused',
        reason: verdict.reason,
        out: null,
        pages: 0,
        findings: 0,
        safeBytes: 0,
        seconds,
      };
    }
    const { safe, report } = verdict.value;
    // The sender's extension stays in the name, so that two files that differ only there do not meet.
    const stem =
      extname(name).slice(1).toLowerCase() === safe.extension
        ? name.slice(0, -extname(name).length)
        : name;
    const copy = `${stem}.safe.${safe.extension}`;
    await writeWhole(join(folder, copy), safe.bytes);
    await writeParts(join(folder, `${name}.parts`), verdict.value);
    await this.writeReports(join(folder, name), name, verdict.value, copy);
    return {
      ...base,
      outcome: 'rebuilt',
      reason: null,
      out: join(folder, copy),
      pages: report.pages.length,
      findings: countOf(report),
      safeBytes: safe.bytes.length,
      seconds,
    };
  }

  async writeReports(path: string, name: string, done: Disarmed, copy: string): Promise<void> {
    const { report, safe, policy, engine } = done;
    const sidecar: Sidecar = {
      original: report.originalSha256,
      safe: safe.sha256,
      policy,
      engine,
      copy,
      report,
    };
    await writeWhole(`${path}.report.json`, `${JSON.stringify(sidecar, null, 2)}\n`);
    if (this.#options.report !== true) return;
    const { reportWordsIn } = await import('@parley/web/pages');
    const words = await reportWordsIn(terminalLocale());
    await writeWhole(`${path}.report.html`, reportPage(report, name, words));
  }
}

/** Attachments and archive members, numbered: their own names are the stranger's and never become paths. */
export async function writeParts(folder: string, { parts }: Disarmed): Promise<string[]> {
  const written: string[] = [];
  for (const [i, { safe }] of parts.entries()) {
    const path = join(folder, `${String(i + 1).padStart(3, '0')}.${safe.extension}`);
    await writeWhole(path, safe.bytes);
    written.push(path);
  }
  return written;
}

async function readSidecar(path: string): Promise<Sidecar | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Sidecar;
  } catch {
    return undefined;
  }
}

function countOf(report: Report): number {
  return report.removed.length + report.hidden.length + report.remarks.length;
}
