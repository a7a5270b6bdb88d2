// The parts of a mail (RFC 2045-2047, 2231), found without recursion on the stack and within limits.

import { decodeCharset, decodeUndeclared } from './charset.ts';
import { decodeWords } from './encoded-word.ts';
import { readHeaders, type Headers } from './headers.ts';
import { decodeTransfer } from './transfer.ts';

/** Parts that are looked at, and how deep. What lies beyond is counted in `unread`. */
export const PARTS_MAX = 300;
export const DEPTH_MAX = 24;
const DECODED_MAX = 64 * 1024 * 1024;

export type Part = {
  /** Lower-case type/subtype; `text/plain` where none is given or it cannot be read. */
  readonly type: string;
  readonly charset: string | undefined;
  readonly encoding: string | undefined;
  /** The file name as a mail program offers it; empty where there is none. */
  readonly fileName: string;
  readonly disposition: 'inline' | 'attachment';
  /** format=flowed; delsp=yes of RFC 3676. */
  readonly flowed: boolean;
  readonly delSp: boolean;
  readonly depth: number;
  /** True inside a message/rfc822 part: somebody else's words. */
  readonly forwarded: boolean;
  /** The bytes as they stand in the mail, still encoded. */
  readonly body: Uint8Array;
};

export type Parts = {
  readonly parts: readonly Part[];
  /** Text before, between and after the parts, which programs do not show; without the usual notice for old programs. */
  readonly stray: readonly string[];
  /** Parts that limits left unread; 0 means everything was seen. */
  readonly unread: number;
};

export type Parameters = ReadonlyMap<string, string>;

/** `value; name=text; name*0*=charset''text`: RFC 2045 parameters with RFC 2231 continuations put together. */
export function readParameters(value: string): {
  readonly value: string;
  readonly parameters: Parameters;
} {
  const text = value.slice(0, 16 * 1024);
  const head = (text.split(';', 1)[0] ?? '').trim().toLowerCase();
  const pieces = new Map<string, string[]>();
  const parameters = new Map<string, string>();
  const pattern = /;\s*([^=;\s"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;
  for (const match of text.matchAll(pattern)) {
    const name = (match[1] ?? '').toLowerCase();
    const written =
      match[2] === undefined ? (match[3] ?? '').trim() : match[2].replace(/\\(.)/gs, '$1');
    const star = /^([^*]+)\*(\d{1,3})?(\*)?$/.exec(name);
    if (star === null) {
      if (!parameters.has(name)) parameters.set(name, decodeWords(written));
      continue;
    }
    const list = pieces.get(star[1] ?? '') ?? [];
    const index = Number(star[2] ?? 0);
    const extended = star[2] === undefined || star[3] !== undefined;
    list[Math.min(index, 99)] = extended ? written : encodeURIComponent(written.toWellFormed());
    pieces.set(star[1] ?? '', list);
  }
  for (const [name, list] of pieces) {
    const joined = list.filter((piece) => piece !== undefined).join('');
    const charset = /^([\w.:+-]*)'[^']*'/.exec(joined);
    const encoded = charset === null ? joined : joined.slice(charset[0].length);
    parameters.set(name, decodeCharset(percentBytes(encoded), charset?.[1] ?? 'utf-8'));
  }
  return { value: head, parameters };
}

function percentBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const hex = code === 37 ? /^[0-9a-f]{2}/i.exec(text.slice(at + 1, at + 3)) : null;
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else if (code < 0x80) bytes.push(code);
    else bytes.push(...Buffer.from(text.charAt(at)));
  }
  return Uint8Array.from(bytes);
}

type Pending = { bytes: Uint8Array; headers: Headers | null; depth: number; forwarded: boolean };

function fieldValue(headers: Headers, name: string): string {
  return headers.fields.find((field) => field.name === name)?.value ?? '';
}

/** The byte ranges between the boundary lines of a multipart body; the closing line may be missing. */
function splitMultipart(
  body: Uint8Array,
  boundary: string,
  max: number,
): { bodies: Uint8Array[]; more: number; stray: Uint8Array[] } {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length);
  const mark = Buffer.from(`--${boundary}`);
  const bodies: Uint8Array[] = [];
  const stray: Uint8Array[] = [];
  let more = 0;
  let start = -1;
  let seen = 0;
  for (let at = buffer.indexOf(mark); at >= 0; at = buffer.indexOf(mark, at + mark.length)) {
    if (at > 0 && buffer[at - 1] !== 0x0a) continue;
    let end = at + mark.length;
    const closing = buffer[end] === 0x2d && buffer[end + 1] === 0x2d;
    if (closing) end += 2;
    while (buffer[end] === 0x20 || buffer[end] === 0x09) end++;
    if (buffer[end] === 0x0d) end++;
    if (end < buffer.length && buffer[end] !== 0x0a) continue;
    if (start >= 0) {
      const stop = at > 1 && buffer[at - 2] === 0x0d ? at - 2 : at - 1;
      if (bodies.length < max) bodies.push(body.subarray(start, Math.max(start, stop)));
      else more++;
    } else stray.push(body.subarray(0, at));
    start = closing ? -1 : end + 1;
    seen = end;
    if (closing) break;
  }
  if (start < 0) stray.push(body.subarray(seen));
  if (start >= 0 && start <= body.length) {
    if (bodies.length < max) bodies.push(body.subarray(start));
    else more++;
  }
  return { bodies, more, stray };
}

const STRAY_MAX = 100;
const NOTICE =
  /^(?:this is a (?:multi-?part|cryptographically signed) message[^\n]*|this message is in mime format[\s\S]{0,200})$/i;

function addStray(stray: string[], bytes: Uint8Array): void {
  const text = decodeUndeclared(bytes.subarray(0, 64 * 1024)).trim();
  if (text !== '' && !NOTICE.test(text) && stray.length < STRAY_MAX) stray.push(text);
}

/** Lines in a part's header that are none of a part: nobody sees them, so nobody should vouch for them. */
function addStrayFields(stray: string[], headers: Headers): void {
  for (const { name, value } of headers.fields)
    if (!/^(?:content-|mime-version$|x-)/.test(name) && stray.length < STRAY_MAX)
      stray.push(`${name}: ${value}`);
  for (const { kind, text } of headers.problems)
    if (kind === 'no-colon' && stray.length < STRAY_MAX) stray.push(text);
}

/** Walks a mail's parts in order. Multiparts themselves are not listed; a message/rfc822 part is, and is entered too. */
export function readParts(message: Uint8Array, headers: Headers): Parts {
  const parts: Part[] = [];
  const stray: string[] = [];
  let unread = 0;
  const stack: Pending[] = [{ bytes: message, headers, depth: 0, forwarded: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (parts.length >= PARTS_MAX) {
      unread += 1 + stack.length;
      break;
    }
    const own = next.headers ?? readHeaders(next.bytes);
    const body = next.bytes.subarray(own.bodyAt);
    if (next.headers === null && !next.forwarded) addStrayFields(stray, own);
    const content = readParameters(fieldValue(own, 'content-type'));
    const type = /^[\w.+-]{1,80}\/[\w.+*-]{1,80}$/.test(content.value)
      ? content.value
      : 'text/plain';
    const boundary = content.parameters.get('boundary');
    if (
      type.startsWith('multipart/') &&
      boundary !== undefined &&
      boundary !== '' &&
      boundary.length <= 200
    ) {
      if (next.depth >= DEPTH_MAX) {
        unread++;
        continue;
      }
      const {
        bodies,
        more,
        stray: outside,
      } = splitMultipart(body, boundary, PARTS_MAX - parts.length);
      unread += more;
      for (const bytes of outside) addStray(stray, bytes);
      for (const inner of bodies.toReversed())
        stack.push({
          bytes: inner,
          headers: null,
          depth: next.depth + 1,
          forwarded: next.forwarded,
        });
      continue;
    }
    const disposition = readParameters(fieldValue(own, 'content-disposition'));
    const encoding = fieldValue(own, 'content-transfer-encoding').split(/[;\s]/)[0]?.toLowerCase();
    const fileName = disposition.parameters.get('filename') ?? content.parameters.get('name') ?? '';
    const part: Part = {
      type,
      charset: content.parameters.get('charset'),
      encoding,
      fileName,
      disposition: disposition.value === 'attachment' ? 'attachment' : 'inline',
      flowed: content.parameters.get('format')?.toLowerCase() === 'flowed',
      delSp: content.parameters.get('delsp')?.toLowerCase() === 'yes',
      depth: next.depth,
      forwarded: next.forwarded,
      body,
    };
    parts.push(part);
    if (type === 'message/rfc822') {
      if (next.depth >= DEPTH_MAX) unread++;
      else
        stack.push({
          bytes: partBytes(part),
          headers: null,
          depth: next.depth + 1,
          forwarded: true,
        });
    }
  }
  return { parts, stray, unread };
}

/** The content of a part: transfer encoding undone, at most `maxBytes`. */
export function partBytes(part: Part, maxBytes = DECODED_MAX): Uint8Array {
  return decodeTransfer(part.body, part.encoding, maxBytes);
}

/** The text of a part in its charset, at most `maxBytes` bytes of it. */
export function partText(part: Part, maxBytes: number): string {
  return decodeCharset(partBytes(part, maxBytes), part.charset);
}
