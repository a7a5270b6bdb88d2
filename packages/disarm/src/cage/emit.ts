// The child's only way out: frames on standard output, written at once and in order.

import { writeSync } from 'node:fs';

import { encodeGlyph, encodePage, encodePicture } from '../list/encode.ts';
import type { Glyph, Page, Picture } from '../list/display-list.ts';
import { FRAME, FRAME_HEAD_BYTES, MAGIC } from '../list/frame.ts';
import type { Detail, DetailCode } from '../details.ts';
import type { Note, NoteCode } from '../notes.ts';
import type { HiddenKind, OF_SHEET, RemovedKind } from '../report.ts';
import type { DisarmReason } from './job.ts';

const utf8 = new TextEncoder();
const pause = new Int32Array(new SharedArrayBuffer(4));

function writeAll(bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      // The reader is behind: wait a moment instead of holding the bytes.
      Atomics.wait(pause, 0, 0, 2);
    }
  }
}

let listener: ((type: number, payload: Uint8Array) => void) | undefined;

/** For tests of readers in one process: frames go to `into` instead of the pipe, until it is undefined again. */
export function unsafeCaptureFrames(
  into: ((type: number, payload: Uint8Array) => void) | undefined,
): void {
  listener = into;
}

/** Does work whose frames nobody is to hear. */
export function unheard(work: () => void): void {
  listener = () => undefined;
  work();
  listener = undefined;
}

function frame(type: number, payload: Uint8Array): void {
  if (listener !== undefined) return listener(type, payload);
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  head[0] = type;
  new DataView(head.buffer).setUint32(1, payload.length, true);
  writeAll(head);
  writeAll(payload);
}

/** `text` is what the document says, `said` is ours: the two are never mixed. */
type Found = { count?: number; page?: number; text?: string; said?: Detail };

/** What the cage noticed. Our side checks every word of it again. */
export type CageRemark =
  | ({ list: 'removed'; kind: RemovedKind } & Found)
  | ({ list: 'hidden'; kind: HiddenKind } & Found)
  | { list: 'link'; target: string; page?: number }
  | {
      list: 'remark';
      what: 'comment' | 'inserted' | 'deleted' | 'moved' | 'reply';
      author: string;
      /** Empty where the words stand in the text itself. */
      text: string;
      of?: (typeof OF_SHEET)[number];
      page?: number;
    }
  | { list: 'note'; said: Note }
  /** A file inside that is not handed out: over the limit of files, or locked. */
  | { list: 'unreached'; text: string; locked?: boolean };

const UNREACHED_MAX = 1000;

export const emit = {
  start: (): void => writeAll(utf8.encode(MAGIC)),
  glyph: (glyph: Glyph): void => frame(FRAME.glyph, encodeGlyph(glyph)),
  picture: (picture: Picture): void => frame(FRAME.picture, encodePicture(picture)),
  page: (page: Page): void => frame(FRAME.page, encodePage(page)),
  text: (text: string): void => frame(FRAME.text, utf8.encode(text)),
  document: (bytes: Uint8Array): void => frame(FRAME.document, bytes),
  /** An editable document, canonically encoded (list/text-model.ts). */
  model: (bytes: Uint8Array): void => frame(FRAME.model, bytes),
  /** A file found inside: its name, at most 255 bytes of it, then its bytes. */
  part: (name: string, bytes: Uint8Array): void => {
    const encoded = utf8.encode(name.slice(0, 255)).subarray(0, 255);
    const payload = new Uint8Array(1 + encoded.length + bytes.length);
    payload[0] = encoded.length;
    payload.set(encoded, 1);
    payload.set(bytes, 1 + encoded.length);
    frame(FRAME.part, payload);
  },
  /** Files found inside: the first `most` of them as parts, of the rest as many names as a report can hold. */
  parts: (names: readonly string[], most: number, read: (at: number) => Uint8Array): void => {
    names.slice(0, most).forEach((name, at) => emit.part(name, read(at)));
    const rest = names.slice(most);
    for (const text of rest.slice(0, UNREACHED_MAX)) emit.remark({ list: 'unreached', text });
    if (rest.length > 0) {
      emit.note('files-unopened', { count: names.length, left: rest.length });
    }
  },
  note: (code: NoteCode, values: Readonly<Record<string, number>> = {}): void =>
    emit.remark({ list: 'note', said: { code, values } }),
  /** Something removed, with a sentence of ours about it. */
  detail: (
    kind: RemovedKind,
    code: DetailCode,
    values: Readonly<Record<string, string | number>> = {},
  ): void => emit.remark({ list: 'removed', kind, said: { code, values } }),
  remark: (remark: CageRemark): void => frame(FRAME.remark, utf8.encode(JSON.stringify(remark))),
  progress: (done: number, total: number): void =>
    frame(FRAME.progress, utf8.encode(JSON.stringify({ done, total }))),
  done: (): void => frame(FRAME.done, new Uint8Array(0)),
  refusal: (reason: DisarmReason, detail: string): void =>
    frame(FRAME.refusal, utf8.encode(JSON.stringify({ reason, detail: detail.slice(0, 500) }))),
};

/** Thrown inside the cage to end the job with a reason. */
export class JobRefusal extends Error {
  readonly reason: DisarmReason;
  constructor(reason: DisarmReason, detail = '') {
    super(detail);
    this.reason = reason;
  }
}
