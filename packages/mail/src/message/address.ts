// Addresses in a header field (RFC 5322 section 3.4), read so that every trick that shows one sender and means another is noticed.

import { decodeWords } from './encoded-word.ts';

export type AddressProblem =
  | 'group'
  | 'route'
  | 'comment'
  | 'quoted-local'
  | 'at-in-local'
  | 'second-bracket'
  | 'text-after-bracket'
  | 'encoded-address'
  | 'no-address'
  | 'control'
  | 'bad-domain';

export type Mailbox = {
  /** The display name as a mail program shows it: decoded, quotes gone. Empty where there is none. */
  readonly name: string;
  /** local@domain, the domain in lower case; empty where none could be read. */
  readonly address: string;
  readonly local: string;
  readonly domain: string;
};

export type AddressList = {
  readonly mailboxes: readonly Mailbox[];
  readonly problems: readonly AddressProblem[];
};

const MAILBOXES_MAX = 200;
const VALUE_MAX = 32 * 1024;

type Token = { kind: 'text' | 'quoted' | 'comment' | 'mark'; text: string };

/** Splits into quoted strings, comments (nested), marks and the text between. Unclosed ones run to the end. */
function tokenize(value: string): Token[] {
  const tokens: Token[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < value.length; at++) {
    const letter = value.charAt(at);
    if (letter === '"') {
      flush();
      let quoted = '';
      for (at++; at < value.length && value.charAt(at) !== '"'; at++) {
        if (value.charAt(at) === '\\' && at + 1 < value.length) at++;
        quoted += value.charAt(at);
      }
      tokens.push({ kind: 'quoted', text: quoted });
    } else if (letter === '(') {
      flush();
      let depth = 1;
      let comment = '';
      for (at++; at < value.length; at++) {
        const inner = value.charAt(at);
        if (inner === '\\') at++;
        else if (inner === '(') depth++;
        else if (inner === ')' && --depth === 0) break;
        comment += value.charAt(at);
      }
      tokens.push({ kind: 'comment', text: comment });
    } else if ('<>,;:'.includes(letter)) {
      flush();
      tokens.push({ kind: 'mark', text: letter });
    } else text += letter;
  }
  flush();
  return tokens;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const DOMAIN =
  /^(?:[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?\.)*[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.?$/u;

class Reading {
  readonly mailboxes: Mailbox[] = [];
  readonly problems = new Set<AddressProblem>();

  mailbox(name: string, spec: string, quotedLocal: boolean): void {
    if (this.mailboxes.length >= MAILBOXES_MAX) return;
    const shown = decodeWords(name).replace(/\s+/g, ' ').trim();
    const route = /^\s*@[^:]*:/.exec(spec);
    if (route !== null) this.problems.add('route');
    const bare = spec.slice(route?.[0].length ?? 0).trim();
    if (bare.includes('=?')) this.problems.add('encoded-address');
    if (CONTROL.test(bare)) this.problems.add('control');
    if (quotedLocal) this.problems.add('quoted-local');
    const compact = decodeWords(bare).replace(/\s+/g, '');
    const split = compact.lastIndexOf('@');
    const local = split < 0 ? compact : compact.slice(0, split);
    const domain = split < 0 ? '' : compact.slice(split + 1).toLowerCase();
    if (split <= 0 || domain === '') this.problems.add('no-address');
    else if (!DOMAIN.test(domain) && !/^\[[^\]]+\]$/.test(domain)) this.problems.add('bad-domain');
    if (local.includes('@')) this.problems.add('at-in-local');
    const address = split > 0 ? `${local}@${domain.replace(/\.$/, '')}` : '';
    this.mailboxes.push({ name: shown, address, local, domain: domain.replace(/\.$/, '') });
  }
}

/** One comma-separated piece: `name <spec>`, or `spec (comment)`. */
function readPiece(tokens: readonly Token[], into: Reading): void {
  let name = '';
  let spec: string | null = null;
  let inside = false;
  let quotedLocal = false;
  let closed = false;
  const comments: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'mark') {
      if (token.text === '<') {
        if (spec !== null) into.problems.add('second-bracket');
        inside = true;
        spec = '';
        quotedLocal = false;
      } else if (token.text === '>') {
        inside = false;
        closed = true;
      } else if (inside) spec += token.text;
      else name += token.text;
    } else if (token.kind === 'comment') comments.push(token.text);
    else if (inside) {
      if (token.kind === 'quoted') quotedLocal = true;
      spec += token.text;
    } else {
      if (closed && token.text.trim() !== '') into.problems.add('text-after-bracket');
      else if (token.kind === 'quoted' && name.trim() !== '' && !/\s$/.test(name))
        name += ` ${token.text}`;
      else name += token.text;
    }
  }
  if (spec !== null) {
    if (comments.length > 0) into.problems.add('comment');
    into.mailbox(name, spec, quotedLocal);
    return;
  }
  if (name.trim() === '' && comments.length === 0) return;
  const first = tokens.find((token) => token.kind !== 'comment');
  // An address without brackets may carry the name in a comment: the old form `kim@example.org (Kim)`.
  if (name.includes('@') && comments.length > 1) into.problems.add('comment');
  into.mailbox(
    name.includes('@') ? comments.join(' ') : name,
    name.includes('@') ? name : '',
    first?.kind === 'quoted' && name.includes('@'),
  );
}

/**
 * Reads every mailbox of a field value, groups opened up, in order; at most 200. Never fails: what breaks the grammar in
 * a way that mail programs read differently is named in `problems`.
 */
export function readAddresses(value: string): AddressList {
  const into = new Reading();
  if (CONTROL.test(value)) into.problems.add('control');
  let piece: Token[] = [];
  let inside = false;
  for (const token of tokenize(value.slice(0, VALUE_MAX))) {
    if (token.kind === 'mark') {
      if (token.text === '<') inside = true;
      else if (token.text === '>') inside = false;
      else if (!inside && token.text === ':') {
        // A name before a colon opens a group; an address before it is a broken route.
        into.problems.add('group');
        piece = [];
        continue;
      } else if (!inside && (token.text === ',' || token.text === ';')) {
        readPiece(piece, into);
        piece = [];
        continue;
      }
    }
    piece.push(token);
  }
  readPiece(piece, into);
  return { mailboxes: into.mailboxes, problems: [...into.problems] };
}
