// HWP 5 (Hangul): the words of every section in order, pictures as parts of their own, everything else named. Layout is not read.

import { createDecipheriv } from 'node:crypto';

import { Inflate } from 'fflate';

import { CompoundReader, CompoundRefusal } from '../readers/compound.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { cleanText } from './text.ts';

const UNPACKED_MAX_BYTES = 128 << 20;
/** Bits of the file header's properties. */
const FLAG = {
  packed: 1,
  password: 2,
  forReading: 4,
  script: 8,
  drm: 16,
  changes: 1 << 14,
} as const;
/** Record tags: 16 and what the published format counts from there. */
const TAG = { forReading: 28, text: 67, control: 71 } as const;

type Records = Generator<{ tag: number; level: number; data: Uint8Array }>;

function inflate(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    if (length > UNPACKED_MAX_BYTES) throw new JobRefusal('compression-bomb');
    parts.push(chunk);
  });
  for (let at = 0; at < packed.length; at += 65_536) {
    stream.push(packed.subarray(at, at + 65_536), at + 65_536 >= packed.length);
  }
  return Buffer.concat(parts);
}

function* recordsOf(bytes: Uint8Array): Records {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 4 <= bytes.length;) {
    const head = view.getUint32(at, true);
    at += 4;
    let size = head >>> 20;
    if (size === 0xfff) {
      if (at + 4 > bytes.length) return;
      size = view.getUint32(at, true);
      at += 4;
    }
    yield { tag: head & 0x3ff, level: (head >>> 10) & 0x3ff, data: bytes.subarray(at, at + size) };
    at += size;
  }
}

/**
 * The key of a document "for distribution" stands in front of it, only shuffled: it forbids nothing to readers.
 * (The shuffling is the Microsoft C library's `rand`, as the published format says.)
 */
function openForReading(stream: Uint8Array): Uint8Array {
  const [first] = recordsOf(stream);
  if (first?.tag !== TAG.forReading || first.data.length < 256) {
    throw new JobRefusal('broken', 'no key in a document for distribution');
  }
  const key = Buffer.from(first.data.subarray(0, 256));
  let seed = key.readUInt32LE(0);
  const random = (): number => {
    seed = (Math.imul(seed, 214_013) + 2_531_011) >>> 0;
    return (seed >>> 16) & 0x7fff;
  };
  const offset = 4 + ((key[0] ?? 0) & 0xf);
  for (let i = 0, left = 0, mask = 0; i < 256; i++, left--) {
    if (left === 0) {
      mask = random() & 0xff;
      left = (random() & 0xf) + 1;
    }
    if (i >= 4) key[i] = (key[i] ?? 0) ^ mask;
  }
  const decipher = createDecipheriv('aes-128-ecb', key.subarray(offset, offset + 16), null);
  decipher.setAutoPadding(false);
  const body = stream.subarray(4 + 256);
  return decipher.update(body.subarray(0, body.length & ~15));
}

/** Text of one paragraph: letters, line ends and tabs; what stands for objects is skipped. */
function paragraphText(data: Uint8Array): string {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let text = '';
  for (let at = 0; at + 2 <= data.length; at += 2) {
    const code = view.getUint16(at, true);
    if (code >= 32) text += String.fromCharCode(code);
    else if (code === 10) text += '\n';
    else if (code === 24) text += '-';
    else if (code === 30 || code === 31) text += ' ';
    else if (code !== 0 && code !== 13 && code < 24) {
      // Objects take eight places; of these only a tab is seen.
      if (code === 9) text += '\t';
      at += 14;
    }
  }
  return text.toWellFormed();
}

/** A control's name, which stands backwards: `tbl `, `%hlk`, `tcmt`. */
const nameOf = (data: Uint8Array): string =>
  Buffer.from(data.subarray(0, 4))
    .toReversed()
    .reduce((name, byte) => name + String.fromCharCode(byte), '');

function commandOf(data: Uint8Array): string {
  const length = (data[9] ?? 0) | ((data[10] ?? 0) << 8);
  return new TextDecoder('utf-16le').decode(data.subarray(11, 11 + 2 * length));
}

function sectionText(bytes: Uint8Array): string {
  let text = '';
  let comment: { level: number; text: string } | undefined;
  const endComment = (): void => {
    if (comment !== undefined && comment.text.trim() !== '') {
      emit.remark({ list: 'remark', what: 'comment', author: '', text: comment.text });
    }
    comment = undefined;
  };
  for (const { tag, level, data } of recordsOf(bytes)) {
    if (comment !== undefined && level <= comment.level) endComment();
    if (tag === TAG.text) {
      if (comment === undefined) text += `${paragraphText(data)}\n`;
      else comment.text += `${paragraphText(data)} `;
    }
    if (tag !== TAG.control) continue;
    const name = nameOf(data);
    if (name === 'tcmt') comment = { level, text: '' };
    else if (name === '%hlk') {
      // The target ends at the first bare semicolon; the rest says how to open it.
      const target =
        commandOf(data)
          .split(/(?<!\\);/, 1)[0]
          ?.replaceAll('\\', '') ?? '';
      if (target !== '') emit.remark({ list: 'link', target });
    } else if (name.startsWith('%') && !['%%me', '%bmk', '%clk', '%tim', '%dte'].includes(name)) {
      emit.remark({ list: 'removed', kind: 'field-code', text: commandOf(data) });
    }
  }
  endComment();
  return text;
}

const PICTURE = /\.(png|jpe?g|gif|bmp|tiff?)$/i;

function readParts(file: CompoundReader, packed: boolean, job: Job): void {
  for (const name of file.names) {
    if (/^Scripts\/DefaultJScript$/.test(name))
      emit.remark({ list: 'removed', kind: 'script', text: name });
    if (name.endsWith('SummaryInformation')) emit.remark({ list: 'removed', kind: 'metadata' });
    if (/^BinData\/.*\.ole$/i.test(name))
      emit.remark({ list: 'removed', kind: 'ole-object', text: name });
    if (name.startsWith('DocHistory/')) {
      emit.detail('custom-data', 'earlier-version', { name });
    }
  }
  const pictures = file.names.filter((name) => name.startsWith('BinData/') && PICTURE.test(name));
  emit.parts(pictures, job.partsMax, (at) => {
    const data = file.read(pictures[at] ?? '') ?? new Uint8Array(0);
    if (!packed) return data;
    try {
      return inflate(data);
    } catch (error) {
      // Single pictures may be stored as they are.
      if (error instanceof JobRefusal) throw error;
      return data;
    }
  });
}

export function convertHwp(bytes: Uint8Array, job: Job): void {
  try {
    const file = new CompoundReader(bytes);
    const header = file.read('FileHeader');
    if (header === undefined || header.length < 40) throw new JobRefusal('broken', 'no header');
    const flags = Buffer.from(header).readUInt32LE(36);
    if ((flags & (FLAG.password | FLAG.drm)) !== 0) {
      throw new JobRefusal(
        'unsupported',
        'HWP with a password: ask for it as PDF or HWPX without one',
      );
    }
    const forReading = (flags & FLAG.forReading) !== 0;
    const packed = (flags & FLAG.packed) !== 0;
    const folder = forReading ? 'ViewText' : 'BodyText';
    const number = (name: string): number => Number(/(\d+)$/.exec(name)?.[1] ?? 0);
    const sections = file.names
      .filter((name) => name.startsWith(`${folder}/Section`))
      .toSorted((a, b) => number(a) - number(b));
    if (sections.length === 0) throw new JobRefusal('broken', 'no section');
    const text = sections.map((name) => {
      const stored = file.read(name) ?? new Uint8Array(0);
      const opened = forReading ? openForReading(stored) : stored;
      return sectionText(packed ? inflate(opened) : opened);
    });
    if (text.join('').trim() === '') throw new JobRefusal('broken', 'no text in any section');
    if ((flags & FLAG.changes) !== 0) {
      emit.note('hwp-changes');
    }
    emit.note('hwp-words-only');
    emit.text(
      cleanText(
        `${text
          .join('\n')
          .replaceAll(/\n{3,}/g, '\n\n')
          .trim()}\n`,
      ),
    );
    readParts(file, packed, job);
  } catch (error) {
    if (error instanceof CompoundRefusal) throw new JobRefusal('broken', error.message);
    throw error;
  }
}
