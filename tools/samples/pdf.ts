// Writing PDF files byte by byte: objects, cross-reference tables and later revisions.

import { join, latin1 } from './bytes.ts';

export type PdfBody = string | Uint8Array;

/** A stream object's body, uncompressed so that a reader of the sample sees what it says. */
export function stream(dictionary: string, data: PdfBody): Uint8Array {
  const length = typeof data === 'string' ? latin1(data).length : data.length;
  return join(`<< ${dictionary} /Length ${length} >>\nstream\n`, data, '\nendstream');
}

/** A literal string (ISO 32000-1 section 7.3.4.2). */
export function literal(text: string): string {
  return `(${text.replaceAll(/[\\()]/g, String.raw`\$&`)})`;
}

/** Grows as it is written to, and knows where it is. */
class Output {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  add(...parts: readonly PdfBody[]): void {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? latin1(part) : part;
      this.#parts.push(bytes);
      this.length += bytes.length;
    }
  }

  finish(): Uint8Array {
    return join(...this.#parts);
  }
}

function offsetLine(offset: number): string {
  return `${String(offset).padStart(10, '0')} 00000 n \n`;
}

function trailerLines(entries: string, start: number): string {
  return `trailer\n<< ${entries} >>\nstartxref\n${start}\n%%EOF\n`;
}

/** A file of objects 1, 2, 3... `trailer` holds the entries beside /Size, `/Root 1 0 R` among them. */
export function writePdf(objects: readonly PdfBody[], trailer: string): Uint8Array {
  const out = new Output();
  out.add('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  const offsets: number[] = [];
  for (const [index, body] of objects.entries()) {
    offsets.push(out.length);
    out.add(`${index + 1} 0 obj\n`, body, '\nendobj\n');
  }
  const start = out.length;
  out.add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`, offsets.map(offsetLine).join(''));
  out.add(trailerLines(`/Size ${objects.length + 1} ${trailer}`, start));
  return out.finish();
}

/** The same file with some objects replaced by a later revision: what it replaces stays in the bytes. */
export function revise(
  file: Uint8Array,
  objects: ReadonlyMap<number, PdfBody>,
  trailer: string,
): Uint8Array {
  const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(Buffer.from(file).toString('latin1'))?.[1];
  const out = new Output();
  out.add(file);
  const sections: string[] = [];
  for (const [number, body] of objects) {
    sections.push(`${number} 1\n${offsetLine(out.length)}`);
    out.add(`${number} 0 obj\n`, body, '\nendobj\n');
  }
  const start = out.length;
  out.add(`xref\n${sections.join('')}`);
  out.add(trailerLines(`${trailer} /Prev ${previous}`, start));
  return out.finish();
}

export type TextRun = {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
  /** Operators before the text: colour, render mode. */
  readonly style?: string;
  readonly font?: 'F1' | 'F2';
};

/** One line of text, positioned from the lower left corner in points. */
export function show({ x, y, size, text, style = '0 g', font = 'F1' }: TextRun): string {
  return `q ${style} BT /${font} ${size} Tf ${x} ${y} Td ${literal(text)} Tj ET Q\n`;
}

/** Lines one under the other. */
export function paragraph(lines: readonly string[], at: { x: number; y: number }): string {
  return lines.map((text, line) => show({ x: at.x, y: at.y - line * 16, size: 11, text })).join('');
}
