// Two words about one safe copy: whoever rebuilds the same file by the same policy and engine gets the same bytes, so where
// two desks name different ones, one of them was altered or does not say the truth.

import { sameBytes } from '@parley/kernel';
import { digestKey, type LeafHash } from './digests.ts';
import type { Body, BodyOf, UnknownBody } from './kinds.ts';
import type { CopyDoubtReport } from './report.ts';

const DOUBTS_MAX = 1_000;

/** What was said first of a file, by one policy and engine. `safe` is null where it could not be rebuilt. */
export type FirstCopy = { readonly entry: number; readonly safe: Uint8Array | null };

/** Where a reader of a record keeps what it compares later words with: in memory, or in a vault. */
export type CopyMemory = {
  documentAt(leaf: LeafHash): Uint8Array | undefined;
  keepDocument(leaf: LeafHash, sha256: Uint8Array): void;
  firstCopy(key: string): FirstCopy | undefined;
  keepCopy(key: string, copy: FirstCopy): void;
};

/** An entry that cannot be true beside another one, `first`; null where that is the document's own entry. */
export type CopyDoubt = {
  readonly entry: number;
  readonly first: number | null;
  /** Of the document's entry. */
  readonly document: LeafHash;
};

type Said = {
  readonly index: number;
  readonly leaf: LeafHash;
  readonly body: Body | UnknownBody | null;
};

/** Takes one entry of the record, in order; gives what it contradicts. */
export function copyDoubt(memory: CopyMemory, said: Said): CopyDoubt | undefined {
  const { index, leaf, body } = said;
  if (body?.kind === 'document') memory.keepDocument(leaf, body.sha256);
  if (body?.kind !== 'disarmed') return undefined;
  const { document, original, safe } = body;
  const sent = memory.documentAt(document);
  if (sent !== undefined && !sameBytes(sent, original))
    return { entry: index, first: null, document };
  const key = keyOf(body);
  const first = memory.firstCopy(key);
  if (first === undefined) {
    memory.keepCopy(key, { entry: index, safe });
    return undefined;
  }
  const same =
    first.safe === null || safe === null ? first.safe === safe : sameBytes(first.safe, safe);
  return same ? undefined : { entry: index, first: first.entry, document };
}

const keyOf = ({ original, policy, engine }: BodyOf<'disarmed'>): string =>
  JSON.stringify([digestKey(original), policy, engine]);

/** The doubt in words. */
export function copyDoubtSentence({ entry, first }: Pick<CopyDoubt, 'entry' | 'first'>): string {
  return first === null
    ? `entry ${entry} is about another file than the one that was sent`
    : `entry ${entry} names another safe copy than entry ${first}, of the same file by the same policy and engine: one of the two desks was altered or does not say the truth`;
}

/** The doubts of a whole record, kept in memory: some 200 bytes for each document and each copy. */
export class SafeCopies {
  readonly #documents = new Map<string, Uint8Array>();
  readonly #copies = new Map<string, FirstCopy>();
  readonly doubts: CopyDoubtReport[] = [];

  take(said: Said): void {
    const doubt = copyDoubt(this.#memory, said);
    if (doubt === undefined || this.doubts.length >= DOUBTS_MAX) return;
    this.doubts.push({ ...doubt, document: digestKey(doubt.document) });
  }

  readonly #memory: CopyMemory = {
    documentAt: (leaf) => this.#documents.get(digestKey(leaf)),
    keepDocument: (leaf, sha256) => void this.#documents.set(digestKey(leaf), sha256),
    firstCopy: (key) => this.#copies.get(key),
    keepCopy: (key, copy) => void this.#copies.set(key, copy),
  };
}
