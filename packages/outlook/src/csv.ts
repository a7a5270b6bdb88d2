// Comma-separated values (RFC 4180) read in pieces, so that a file of ten million rows is refused without being held.

import { accept, refuse, type Verdict } from '@parley/kernel';

export type CsvLimits = {
  readonly rowsMax: number;
  readonly columnsMax: number;
  readonly fieldCharactersMax: number;
};

export const CSV_LIMITS: CsvLimits = {
  rowsMax: 200_000,
  columnsMax: 512,
  fieldCharactersMax: 262_144,
};

export type CsvReason =
  | 'too-many-rows'
  | 'too-many-columns'
  | 'field-too-long'
  | 'text-after-quote'
  | 'unclosed-quote';

/**
 * Push parser: feed text, take rows. Accepts LF and CRLF, quoted line breaks, and a leading byte-order mark; drops empty
 * lines. Stops at the first broken row: what follows a lost quote cannot be trusted. `at` is the row number, header = 1.
 */
export class CsvReader {
  #limits: CsvLimits;
  #separator: string;
  #field = '';
  #row: string[] = [];
  #rows = 0;
  #state: 'start' | 'bare' | 'quoted' | 'quote-in-quoted' = 'start';
  #first = true;
  #failed: CsvReason | undefined;

  constructor(limits: CsvLimits = CSV_LIMITS, separator = ',') {
    this.#limits = limits;
    this.#separator = separator;
  }

  get rows(): number {
    return this.#rows;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = '';
    this.#state = 'start';
    if (this.#row.length > this.#limits.columnsMax) this.#failed ??= 'too-many-columns';
  }

  #endRow(out: string[][]): void {
    this.#endField();
    if (this.#row.length > 1 || this.#row[0] !== '') {
      this.#rows++;
      if (this.#rows > this.#limits.rowsMax) this.#failed ??= 'too-many-rows';
      else out.push(this.#row);
    }
    this.#row = [];
  }

  /** The position of the next character that means something in a bare or quoted field. */
  #plainEnd(text: string, from: number): number {
    let at = from;
    if (this.#state === 'quoted') {
      const quote = text.indexOf('"', from);
      return quote < 0 ? text.length : quote;
    }
    while (at < text.length) {
      const letter = text[at];
      if (letter === this.#separator || letter === '\n' || letter === '\r' || letter === '"')
        return at;
      at++;
    }
    return at;
  }

  #take(text: string, from: number): number {
    const end = this.#plainEnd(text, from);
    if (end > from) {
      if (this.#state === 'quote-in-quoted') this.#failed ??= 'text-after-quote';
      if (this.#state === 'start') this.#state = 'bare';
      this.#field += text.slice(from, end);
      if (this.#field.length > this.#limits.fieldCharactersMax) this.#failed ??= 'field-too-long';
    }
    return end;
  }

  #mark(letter: string, out: string[][]): void {
    if (letter === '"') {
      if (this.#state === 'quoted') this.#state = 'quote-in-quoted';
      else if (this.#state === 'quote-in-quoted') {
        this.#field += '"';
        this.#state = 'quoted';
      } else if (this.#state === 'start') this.#state = 'quoted';
      else this.#field += '"'; // a bare field such as 5" keeps its quote, as spreadsheets do
      return;
    }
    if (letter === this.#separator) this.#endField();
    else if (letter === '\n') this.#endRow(out);
    // A carriage return outside quotes belongs to the line end that follows it.
  }

  push(text: string): Verdict<string[][], CsvReason> {
    const out: string[][] = [];
    let at = this.#first && text.startsWith('\ufeff') ? 1 : 0;
    if (text.length > 0) this.#first = false;
    while (at < text.length && this.#failed === undefined) {
      at = this.#take(text, at);
      if (at >= text.length || this.#failed !== undefined) break;
      this.#mark(text[at] ?? '', out);
      at++;
    }
    return this.#failed === undefined ? accept(out) : this.#refusal();
  }

  end(): Verdict<string[][], CsvReason> {
    const out: string[][] = [];
    if (this.#state === 'quoted') this.#failed ??= 'unclosed-quote';
    if (this.#failed === undefined && (this.#row.length > 0 || this.#field !== ''))
      this.#endRow(out);
    return this.#failed === undefined ? accept(out) : this.#refusal();
  }

  #refusal(): Verdict<string[][], CsvReason> {
    return refuse(this.#failed ?? 'unclosed-quote', { at: this.#rows + 1 });
  }
}

/** A whole text at once. */
export function readCsv(
  text: string,
  limits = CSV_LIMITS,
  separator = ',',
): Verdict<string[][], CsvReason> {
  const reader = new CsvReader(limits, separator);
  const rows = reader.push(text);
  if (!rows.ok) return rows;
  const rest = reader.end();
  return rest.ok ? accept([...rows.value, ...rest.value]) : rest;
}
