// The header section as written: every field in order with its line number, and what is wrong with it.

import { decodeUndeclared } from './charset.ts';
import { decodeWords } from './encoded-word.ts';

/** Header bytes and fields that are read. A mail with more is judged without its signatures, and says so. */
export const HEADER_BYTES_MAX = 512 * 1024;
export const HEADER_FIELDS_MAX = 1000;
const FIELD_BYTES_MAX = 64 * 1024;

export type HeaderField = {
  /** Lower-case name without white space. */
  readonly name: string;
  /** The name as written, for names that only look like ones. */
  readonly writtenName: string;
  /** The value unfolded, in the charset it seems to be, not decoded further. */
  readonly value: string;
  /** The same with the white space around it. */
  readonly written: string;
  /** The first line of the field, counted from 1. */
  readonly line: number;
};

export type HeaderProblem = {
  readonly kind:
    | 'nul'
    | 'bare-cr'
    | 'space-before-colon'
    | 'no-colon'
    | 'leading-fold'
    | 'too-many'
    | 'too-long'
    | 'odd-name'
    | 'hidden-field';
  readonly line: number;
  /** The line as text, not yet made safe to print. */
  readonly text: string;
};

export type Headers = {
  readonly fields: readonly HeaderField[];
  readonly problems: readonly HeaderProblem[];
  /** Where the body begins. */
  readonly bodyAt: number;
  /** False where limits stopped the reading: then nothing may be called proven. */
  readonly complete: boolean;
};

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

const NAME = /^[!-9;-~]+$/;
const PROBLEMS_MAX = 50;
const MBOX_LINE = /^>?From [^\s:]+(?: +[^:]*\b\d{1,2}:\d\d[^@<]*)?$/;
/** A folded line that reads like a sender line of its own. */
const HIDDEN = /\r?\n[ \t]+(?:from|sender|reply-to)[ \t]*:[^\r\n]*@/i;

/** Where the empty line ends the header section: after it, the body. */
function bodyStart(bytes: Uint8Array): number {
  if (bytes[0] === 0x0a) return 1;
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return 2;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return bytes.length;
}

class HeaderReading {
  readonly fields: HeaderField[] = [];
  readonly problems: HeaderProblem[] = [];

  problem(kind: HeaderProblem['kind'], line: number, text: string): void {
    if (this.problems.length < PROBLEMS_MAX)
      this.problems.push({ kind, line, text: text.slice(0, 500) });
  }

  /** Takes the bytes of one field with its folded lines. */
  field(bytes: Uint8Array, line: number): void {
    const whole = decodeUndeclared(bytes.subarray(0, FIELD_BYTES_MAX)).replace(/\r?\n$/, '');
    if (bytes.length > FIELD_BYTES_MAX) this.problem('too-long', line, whole);
    const text = whole.replace(/\r?\n(?=[ \t])/g, '');
    if (text.includes('\0')) this.problem('nul', line, text);
    if (/\r(?!\n)/.test(whole)) this.problem('bare-cr', line, text);
    // Seals fold their list of field names, which may put "From:" at the start of a line.
    const hidden = /^[\w-]*(?:signature|dkim)/i.test(whole) ? null : HIDDEN.exec(whole);
    if (hidden !== null) this.problem('hidden-field', line, whole.slice(hidden.index).trim());
    const colon = text.indexOf(':');
    // mbox files and some servers put "From sender date" above the header: the mailbox's line, not the mail's.
    if (line === 1 && MBOX_LINE.test(text)) return;
    if (colon <= 0) {
      this.problem('no-colon', line, text);
      return;
    }
    // Decoded by itself: one byte of an old charset in the value must not garble a disguised name.
    const writtenName = isAscii(text.slice(0, colon))
      ? text.slice(0, colon)
      : decodeUndeclared(bytes.subarray(0, bytes.indexOf(0x3a)));
    const written = text.slice(colon + 1);
    const name = writtenName.trim().toLowerCase();
    if (/\s$/.test(writtenName)) this.problem('space-before-colon', line, text);
    else if (!NAME.test(writtenName)) this.problem('odd-name', line, text);
    this.fields.push({ name, writtenName, value: written.trim(), written, line });
  }
}

/** Reads any bytes. Problems are evidence, not refusals: a mail program would show the mail all the same. */
export function readHeaders(bytes: Uint8Array): Headers {
  const bodyAt = bodyStart(bytes);
  const end = Math.min(bodyAt, HEADER_BYTES_MAX);
  const reading = new HeaderReading();
  let complete = bodyAt <= HEADER_BYTES_MAX;
  let line = 0;
  let fieldAt = 0;
  let fieldLine = 1;
  for (let at = 0; at < end;) {
    const newline = bytes.indexOf(0x0a, at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    line++;
    const folded = bytes[at] === 0x20 || bytes[at] === 0x09;
    if (folded && at === 0)
      reading.problem('leading-fold', 1, decodeUndeclared(bytes.subarray(0, next)));
    if (!folded && at > fieldAt) {
      reading.field(bytes.subarray(fieldAt, at), fieldLine);
      fieldAt = at;
    }
    if (!folded) {
      fieldAt = at;
      fieldLine = line;
    }
    if (reading.fields.length >= HEADER_FIELDS_MAX) {
      complete = false;
      break;
    }
    at = next;
  }
  const rest = bytes.subarray(fieldAt, end);
  if (complete && rest.length > 0 && !/^\r?\n$/.test(decodeUndeclared(rest.subarray(0, 3))))
    reading.field(trimEmptyLine(rest), fieldLine);
  if (!complete) reading.problem('too-many', line, '');
  return { fields: reading.fields, problems: reading.problems, bodyAt, complete };
}

function trimEmptyLine(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  return bytes.subarray(0, end);
}

export function fieldsNamed(headers: Headers, name: string): readonly HeaderField[] {
  return headers.fields.filter((field) => field.name === name);
}

/** The first field of a name, decoded for reading; undefined where there is none. */
export function headerText(headers: Headers, name: string): string | undefined {
  const field = headers.fields.find((candidate) => candidate.name === name);
  return field === undefined ? undefined : decodeWords(field.value);
}
