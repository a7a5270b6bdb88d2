// A CSV file on its way in: recognised by its header, read in pieces, and taken whole or not at all.

import { accept, assert, refuse, type Verdict } from '@parley/kernel';
import { CSV_LIMITS, CsvReader, type CsvLimits } from '../csv.ts';
import type { HistoryRecord } from '../history/record.ts';
import { cfrImporter, looksLikeCfr } from './cfr.ts';
import { eurepocImporter, looksLikeEurepoc } from './eurepoc.ts';
import {
  BAD_ROW_SHARE_MAX,
  type Imported,
  type ImportReason,
  type RefusedRow,
} from './imported.ts';
import { mappedImporter, type Mapping } from './mapped.ts';

type RowImporter = (row: readonly string[], line: number) => HistoryRecord | RefusedRow;

const CHARACTERS_MAX = 256 * 1024 * 1024;
const REFUSED_LISTED_MAX = 1000;

function importerFor(
  header: readonly string[],
  mapping: Mapping | undefined,
): Verdict<{ dataset: string; read: RowImporter }, ImportReason> {
  if (mapping !== undefined) {
    const importer = mappedImporter(header, mapping);
    return importer.ok ? accept({ dataset: mapping.dataset, read: importer.value }) : importer;
  }
  if (looksLikeEurepoc(header)) {
    const importer = eurepocImporter(header);
    return importer.ok
      ? accept({ dataset: 'EuRepoC Global Database', read: importer.value })
      : importer;
  }
  if (looksLikeCfr(header)) {
    const importer = cfrImporter(header);
    return importer.ok
      ? accept({ dataset: 'CFR Cyber Operations Tracker', read: importer.value })
      : importer;
  }
  return refuse('unknown-format', {
    detail: `the header ${header.slice(0, 8).join(', ').slice(0, 200)} is neither EuRepoC nor CFR`,
  });
}

/**
 * Push importer. Bad rows are left out and named; above 5 % of them the whole file is refused, because then it is the
 * wrong file or the wrong mapping. A refusal from `push` is final.
 */
export class CsvImport {
  #csv: CsvReader;
  #mapping: Mapping | undefined;
  #limits: CsvLimits;
  #read: RowImporter | undefined;
  #dataset = '';
  #line = 1;
  #characters = 0;
  #records: HistoryRecord[] = [];
  #refused: RefusedRow[] = [];
  #refusedCount = 0;
  #seen = new Set<string>();

  constructor(mapping?: Mapping, limits: CsvLimits = CSV_LIMITS) {
    this.#mapping = mapping;
    this.#limits = limits;
    this.#csv = new CsvReader(limits, mapping?.separator ?? ',');
  }

  #take(rows: readonly string[][]): Verdict<undefined, ImportReason> {
    for (const row of rows) {
      if (this.#read === undefined) {
        const importer = importerFor(row, this.#mapping);
        if (!importer.ok) return importer;
        this.#read = importer.value.read;
        this.#dataset = importer.value.dataset;
        continue;
      }
      this.#line++;
      const read = this.#read(row, this.#line);
      if ('reason' in read) this.#refuseRow(read);
      else if (this.#seen.has(read.id)) {
        this.#refuseRow({
          row: `row ${this.#line}`,
          reason: 'bad-id',
          detail: `${read.id.slice(0, 80)} stands there twice`,
        });
      } else {
        this.#seen.add(read.id);
        this.#records.push(read);
      }
    }
    return accept(undefined);
  }

  #refuseRow(row: RefusedRow): void {
    this.#refusedCount++;
    if (this.#refused.length < REFUSED_LISTED_MAX) this.#refused.push(row);
  }

  push(text: string): Verdict<undefined, ImportReason> {
    this.#characters += text.length;
    if (this.#characters > CHARACTERS_MAX) {
      return refuse('too-large', { detail: `more than ${CHARACTERS_MAX} characters` });
    }
    const rows = this.#csv.push(text);
    if (!rows.ok) return this.#explain(rows.reason, rows.at);
    return this.#take(rows.value);
  }

  #explain(reason: ImportReason, at: number | undefined): Verdict<never, ImportReason> {
    const limit =
      reason === 'too-many-rows' ? `more than ${this.#limits.rowsMax} rows` : `near row ${at ?? 0}`;
    return refuse(reason, { ...(at === undefined ? {} : { at }), detail: limit });
  }

  finish(): Verdict<Imported, ImportReason> {
    const rest = this.#csv.end();
    if (!rest.ok) return this.#explain(rest.reason, rest.at);
    const taken = this.#take(rest.value);
    if (!taken.ok) return taken;
    if (this.#read === undefined) return refuse('nothing-usable', { detail: 'the file is empty' });
    const total = this.#records.length + this.#refusedCount;
    assert(total === this.#line - 1, 'every row is either taken or refused');
    const examples = this.#refused
      .slice(0, 3)
      .map(({ row, detail }) => `${row}: ${detail}`)
      .join('; ');
    if (this.#refusedCount > total * BAD_ROW_SHARE_MAX) {
      return refuse('too-many-bad-rows', {
        detail: `${this.#refusedCount} of ${total} rows are bad (${examples}); nothing was taken`,
      });
    }
    if (this.#records.length === 0)
      return refuse('nothing-usable', { detail: 'there is no row under the header' });
    return accept({
      dataset: this.#dataset,
      records: this.#records,
      actors: [],
      refused: this.#refused,
      remarks: [],
    });
  }
}

export function importCsv(text: string, mapping?: Mapping): Verdict<Imported, ImportReason> {
  const importer = new CsvImport(mapping);
  const pushed = importer.push(text);
  return pushed.ok ? importer.finish() : pushed;
}
