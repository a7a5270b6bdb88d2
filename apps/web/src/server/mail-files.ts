// The files of the mail that the page shows: rebuilt in the quarantine; their safe copies wait here to be fetched, the originals do not.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readMessage } from '@parley/mail';
import { rebuildMailFiles, type Desk } from '@parley/desk';
import { foundIn } from './found.ts';
import { PageRefusal } from './refusals.ts';
import type { MailFilesAnswer } from './wire-mail.ts';

/** Safe copies of one mail at a time, in a folder for their owner only that goes with the next mail or with the server. */
export class MailFiles {
  #folder: string | undefined;
  #copies: readonly string[] = [];
  #mail = 0;

  /** Rebuilds in the mode that the strictest posture of all channels asks for. `onFile` tells which file is next. */
  async rebuild(
    desk: Desk,
    mail: Uint8Array,
    onFile: (text: string) => void,
  ): Promise<MailFilesAnswer> {
    await this.clear();
    const message = readMessage(mail);
    this.#folder = await mkdtemp(join(tmpdir(), 'parley-mail-'));
    let begun = 0;
    const { files, left } = await rebuildMailFiles(message, {
      to: this.#folder,
      mode: desk.mail.fileMode(),
      force: false,
      onFile: (name) => onFile(`${++begun}: ${name}`),
    });
    const copies: string[] = [];
    const told = files.map(({ name, reason, path, parts, details }) => ({
      name,
      reason,
      found: details === null ? null : foundIn(details),
      copies: [...(path === null ? [] : [path]), ...parts].map((copy) => ({
        at: copies.push(copy) - 1,
        name: basename(copy),
      })),
    }));
    this.#copies = copies;
    return { mail: this.#mail, files: told, left };
  }

  /** The bytes of a safe copy; refused where another mail was looked at since. */
  async read(mail: number, at: number): Promise<Buffer> {
    const path = mail === this.#mail ? this.#copies[at] : undefined;
    if (path === undefined)
      throw new PageRefusal(404, 'not-found', {
        message: 'Safe copies of another mail were made since.',
        next: 'choose the mail again',
      });
    return readFile(path);
  }

  async clear(): Promise<void> {
    this.#mail++;
    this.#copies = [];
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
