// The outlook of one desk on disk: imported batches, decisions, questions and the ledger, each a file one can read.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { applyCorrection, isSignedBy, type SignedCorrection } from '../history/correction.ts';
import type { HistoryRecord } from '../history/record.ts';
import type { Decision } from '../reading/review.ts';
import type { Imported, NamedActor, RefusedRow } from '../imports/imported.ts';
import { appendLine, readLines, replaceLines, type StoreFault } from './json-lines.ts';

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

export type DuplicateDecision = {
  readonly record: string;
  readonly of: string | null;
  readonly against: string;
  readonly by: string;
  readonly at: string;
};

type Confirmed = { readonly record: HistoryRecord; readonly decision: Decision };

const CONFIRMED = 'confirmed.jsonl';
const DUPLICATES = 'duplicates.jsonl';
const CORRECTIONS = 'corrections.jsonl';

type Line =
  | { readonly batch: Batch }
  | { readonly record: HistoryRecord }
  | { readonly actor: NamedActor };

const importedMs = (lines: readonly Line[]): number => {
  const [first] = lines;
  return first !== undefined && 'batch' in first ? first.batch.importedMs : 0;
};

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

  /** Imported records and those confirmed from articles, with signed corrections applied and duplicates marked. */
  history(): HistoryRecord[] {
    // A later import of the same record takes the place of the earlier one: two versions of a data set are one history.
    const batches = this.#names()
      .map((name) => this.#lines(name))
      .toSorted((a, b) => importedMs(a) - importedMs(b));
    const byId = new Map<string, HistoryRecord>();
    for (const line of batches.flat()) if ('record' in line) byId.set(line.record.id, line.record);
    const confirmed = (readLines(this.path(CONFIRMED)) as Confirmed[]).map(({ record }) => record);
    const same = new Map(this.duplicates().map(({ record, of }) => [record, of]));
    for (const record of confirmed) byId.set(record.id, record);
    for (const { signed, holds } of this.corrections()) {
      const record = byId.get(signed.record);
      const now =
        !holds || record === undefined ? null : applyCorrection(record, signed.correction);
      if (now?.ok === true) byId.set(signed.record, now.value);
    }
    return [...byId.values()].map((record) =>
      record.type === 'incident' && same.has(record.id)
        ? { ...record, duplicateOf: same.get(record.id) ?? null }
        : record,
    );
  }

  /** Keeps a record that a person confirmed, with the decision that made it. */
  confirm(record: HistoryRecord, decision: Decision): void {
    const known = (readLines(this.path(CONFIRMED)) as Confirmed[]).some(
      (line) => line.record.id === record.id,
    );
    if (!known) appendLine(this.path(CONFIRMED), { record, decision } satisfies Confirmed);
  }

  /** Every correction in the order it was made; one whose signature does not hold is shown and never applied. */
  corrections(): { readonly signed: SignedCorrection; readonly holds: boolean }[] {
    return (readLines(this.path(CORRECTIONS)) as SignedCorrection[]).map((signed) => ({
      signed,
      holds: isSignedBy(nativePorts.crypto, signed),
    }));
  }

  keepCorrection(signed: SignedCorrection): void {
    appendLine(this.path(CORRECTIONS), signed);
  }

  /** Every decision on duplicates, the latest for each record. */
  duplicates(): DuplicateDecision[] {
    const latest = new Map(
      (readLines(this.path(DUPLICATES)) as DuplicateDecision[]).map((line) => [line.record, line]),
    );
    return [...latest.values()];
  }

  /** A person says that two records are one incident (`of` its id), or are not (`of` null). Nothing is deleted. */
  decideDuplicate(decision: DuplicateDecision): void {
    appendLine(this.path(DUPLICATES), decision);
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
