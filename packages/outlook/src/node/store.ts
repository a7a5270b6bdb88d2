// The outlook of one desk on disk: imported batches, decisions, questions and the ledger, each a file one can read.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@parley/kernel';
import type { HistoryRecord } from '../history/record.ts';
import type { Imported, NamedActor, RefusedRow } from '../imports/imported.ts';
import { readLines, replaceLines, type StoreFault } from './json-lines.ts';

/** What one import brought: one file, so that taking it back is removing the file. */
export type Batch = {
  readonly batch: string;
  readonly dataset: string;
  readonly file: string;
  readonly sha256: string;
  readonly importedMs: number;
  readonly records: number;
  readonly actors: number;
  readonly refused: readonly RefusedRow[];
};

type Line =
  | { readonly batch: Batch }
  | { readonly record: HistoryRecord }
  | { readonly actor: NamedActor };

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);

export class OutlookStore {
  readonly directory: string;

  /** `home` is the desk's directory; nothing is created before something is kept. */
  constructor(home: string) {
    this.directory = join(home, 'outlook');
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  #batchPath(batch: string): string {
    return join(this.directory, 'history', `${batch}.jsonl`);
  }

  /** Keeps an import as one file. The same file imported twice is one batch: the second takes the place of the first. */
  saveBatch(imported: Imported, file: string, sha256: string, nowMs: number): Batch {
    const batch: Batch = {
      batch: `${slug(imported.dataset)}-${sha256.slice(0, 12)}`,
      dataset: imported.dataset,
      file,
      sha256,
      importedMs: nowMs,
      records: imported.records.length,
      actors: imported.actors.length,
      refused: imported.refused,
    };
    const lines: Line[] = [
      { batch },
      ...imported.records.map((record) => ({ record })),
      ...imported.actors.map((actor) => ({ actor })),
    ];
    replaceLines(this.#batchPath(batch.batch), lines);
    return batch;
  }

  #names(): string[] {
    const directory = join(this.directory, 'history');
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted()
      .map((name) => name.slice(0, -6));
  }

  #lines(batch: string): Line[] {
    const lines = readLines(this.#batchPath(batch)) as Line[];
    const first = lines[0];
    if (
      first === undefined ||
      !('batch' in first) ||
      lines.length !== 1 + first.batch.records + first.batch.actors
    ) {
      throw new Fault<StoreFault>('outlook-store-broken', `The batch ${batch} is not whole.`, {
        nextAction: `run "parley outlook forget ${batch}" and import the file again`,
      });
    }
    return lines;
  }

  batches(): Batch[] {
    return this.#names().flatMap((name) =>
      this.#lines(name).flatMap((line) => ('batch' in line ? [line.batch] : [])),
    );
  }

  history(): HistoryRecord[] {
    return this.#names().flatMap((name) =>
      this.#lines(name).flatMap((line) => ('record' in line ? [line.record] : [])),
    );
  }

  actors(): NamedActor[] {
    return this.#names().flatMap((name) =>
      this.#lines(name).flatMap((line) => ('actor' in line ? [line.actor] : [])),
    );
  }

  /** Takes a whole import back. False where there is none of that name. */
  forget(batch: string): boolean {
    const known = this.#names().includes(batch);
    if (known) rmSync(this.#batchPath(batch));
    return known;
  }
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
