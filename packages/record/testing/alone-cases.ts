// Evidence and single entries that hold nothing any more: each is a vector's base with a few bytes changed.

import { toHex } from '@parley/kernel';
import type { Edit } from './vector-cases.ts';

/** What is done to the base, the edits, and the reason that a verifier gives. */
export type AloneCase = readonly [description: string, edits: Edit[], reason: string];

const FRAME_AT = 21;
/** A signature's field: its name, three bytes of head, then Ed25519's 64 bytes, then ML-DSA's. */
const SIGNATURE = 'isignature';
const ML_DSA_AT = 64;

const hexOf = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');

/** Finds places in a base by the names that stand before them. */
class Base {
  readonly #file: Buffer;

  constructor(file: Uint8Array) {
    this.#file = Buffer.from(file);
  }

  /** The place after a name, the `nth` time it is there. */
  after(name: string, nth = 0, skip = 0): number {
    let at = this.#file.indexOf(name, 0, 'latin1');
    for (let i = 0; i < nth; i++) at = this.#file.indexOf(name, at + 1, 'latin1');
    if (at < 0) throw new Error(`no ${name} in this base`);
    return at + name.length + skip;
  }

  flip(at: number): Edit {
    return [at, 1, toHex(Uint8Array.of((this.#file[at] ?? 0) ^ 1))];
  }

  text(at: number, words: string): Edit {
    return [at, words.length, Buffer.from(words, 'latin1').toString('hex')];
  }

  /** Another letter where a letter or digit stands. */
  letter(at: number): Edit {
    const other = this.#file[at] === 0x61 ? 'b' : 'a';
    return this.text(at, other);
  }

  /** Edits that change how long the file is, with the length that its frame then has. */
  resized(...edits: Edit[]): Edit[] {
    const grown = edits.reduce((sum, [, gone, put]) => sum + put.length / 2 - gone, 0);
    const length = this.#file.readUInt32BE(FRAME_AT) + grown;
    return [[FRAME_AT, 4, hexOf(length, 4)], ...edits];
  }

  byteAt(at: number): number {
    return this.#file[at] ?? 0;
  }

  get length(): number {
    return this.#file.length;
  }
}

/** What any file of one frame is refused for. */
const framed = (base: Base): AloneCase[] => [
  ['another first line', [base.text(0, 'q')], 'not-a-parley-file'],
  ['a frame that says it is longer', [[FRAME_AT, 4, hexOf(base.length, 4)]], 'truncated'],
  ['a byte after the frame', [[base.length, 0, '00']], 'trailing-bytes'],
];

function fork(file: Uint8Array): AloneCase[] {
  const base = new Base(file);
  const signature = base.after(SIGNATURE, 0, 3);
  const note = base.after('parley/room/');
  const signer = base.after('parley/device/');
  const header = base.after('droom', 0, 2);
  const path = base.after('eproof');
  return [
    ...framed(base),
    ['a kind of evidence that is none', [base.text(base.after('dfor'), 'l')], 'out-of-range'],
    ["the later signer's Ed25519 half flipped", [base.flip(signature)], 'bad-signature'],
    ['its ML-DSA half flipped', [base.flip(signature + ML_DSA_AT)], 'bad-signature'],
    ["the earlier signer's cosignature changed", [base.letter(signer + 64 + 200)], 'bad-signature'],
    ['signed by a device without a certificate', [base.letter(signer)], 'unknown-signer'],
    ['the earlier statement of another room', [base.letter(note)], 'different-rooms'],
    ['the later statement of another room', [base.flip(header)], 'different-rooms'],
    ['the longer history first', [base.text(note + 65, '99')], 'wrong-order'],
    ['a root that is no base64', [base.text(note + 68, '!')], 'malformed-checkpoint'],
    ['a header of another version', [[base.after('gversion'), 1, '02']], 'malformed-entry'],
    ["a certificate's signature flipped", [base.flip(base.length - 1)], 'wrong-authority'],
    [
      'a role that is none',
      [base.text(base.after('officer', 0, -1), 's')],
      'malformed-certificate',
    ],
    [
      'a hash of the path left out',
      base.resized([path, 1, hexOf(base.byteAt(path) - 1, 1)], [path + 1, 34, '']),
      'wrong-proof',
    ],
  ];
}

function sameSize(file: Uint8Array): AloneCase[] {
  const base = new Base(file);
  return [
    ["another root than the later one's", [base.flip(base.after('droot', 0, 2))], 'wrong-proof'],
  ];
}

function doubleEntry(file: Uint8Array): AloneCase[] {
  const base = new Base(file);
  return [
    ...framed(base),
    ['the second of another room', [base.flip(base.after('droom', 1, 2))], 'different-rooms'],
    ['the second by another device', [base.flip(base.after('fauthor', 1, 2))], 'different-authors'],
    ['the first signature flipped', [base.flip(base.after(SIGNATURE, 0, 3))], 'bad-signature'],
    [
      "the second signature's ML-DSA half flipped",
      [base.flip(base.after(SIGNATURE, 1, 3 + ML_DSA_AT))],
      'bad-signature',
    ],
    [
      'the certificate left out',
      base.resized([base.after('lcertificates'), base.length - base.after('lcertificates'), '80']),
      'unknown-signer',
    ],
  ];
}

function entryProof(file: Uint8Array): AloneCase[] {
  const base = new Base(file);
  const note = base.after('parley/room/');
  const signer = base.after('parley/device/');
  const opened = base.after('fopened');
  const signed = base.after('fsigned');
  const signature = base.after(SIGNATURE, 0, 3);
  return [
    ['another first line', [base.text(0, 'q')], 'not-a-parley-file'],
    ["the author's Ed25519 half flipped", [base.flip(signature)], 'bad-signature'],
    ["the author's ML-DSA half flipped", [base.flip(signature + ML_DSA_AT)], 'bad-signature'],
    [
      'the body withheld',
      base.resized([opened, signed - 'fsigned'.length - opened, 'f6']),
      'body-withheld',
    ],
    ['another salt', [base.flip(base.after('dsalt', 0, 2))], 'wrong-body'],
    [
      'by a device without a certificate',
      [base.flip(base.after('fauthor', 0, 2))],
      'unknown-device',
    ],
    ['a header of another version', [[base.after('gversion'), 1, '02']], 'malformed-entry'],
    ['a checkpoint of another room', [base.letter(note)], 'wrong-room'],
    ['a checkpoint of another size', [base.text(note + 65, '12')], 'bad-cosignature'],
    ['a cosigner without a certificate', [base.letter(signer)], 'unknown-device'],
    ['a cosignature changed', [base.letter(signer + 64 + 200)], 'bad-cosignature'],
    ['a size with a leading zero', [base.text(note + 65, '01')], 'malformed-checkpoint'],
    ["a certificate's signature flipped", [base.flip(base.length - 1)], 'wrong-authority'],
  ];
}

function receipts(file: Uint8Array): AloneCase[] {
  const base = new Base(file);
  return [
    ...framed(base),
    ['the second signature flipped', [base.flip(base.after(SIGNATURE, 1, 2))], 'bad-signature'],
    ['the first head flipped', [base.flip(base.after('dhead', 0, 2))], 'bad-signature'],
    ['a receipt that is none', [base.text(base.after('clo'), 'q')], 'malformed-receipt'],
  ];
}

/** Every case of evidence and of single entries that is refused, by its base. */
export const ALONE: Readonly<Record<string, (file: Uint8Array) => AloneCase[]>> = {
  fork,
  'fork-same-size': sameSize,
  'double-entry': doubleEntry,
  'entry-proof': entryProof,
  'relay-receipts': receipts,
};
