// The engine's own objects of a document, where its interface has no question for them: numbers and dictionaries by their places in memory.

import type { Engine } from './engine.ts';

/** Addresses of virtual tables by kind. What has another is read as nothing. */
const KIND = {
  dictionary: 122_140,
  array: 105_716,
  number: 121_404,
  truth: 122_416,
  link: 105_616,
};
const REAL = 2;
/** Trees are balanced: more steps than this is no tree. */
const STEPS_MAX = 48;
const ITEMS_MAX = 64;

export class EngineObjects {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  word(at: number): number {
    return this.#engine.memory().getUint32(at, true);
  }

  /** The value of a dictionary's entry, links followed once; 0 where there is none. */
  entry(dictionary: number, name: string): number {
    if (dictionary === 0 || this.word(dictionary) !== KIND.dictionary) return 0;
    const order = (at: number): number => {
      const key = this.#text(this.word(at + 16));
      return key === name ? 0 : name < key ? -1 : 1;
    };
    const value = this.#find(this.word(dictionary + 28), order);
    return value === 0 ? 0 : this.#followed(value);
  }

  /** Numbers of an array; undefined where anything else is in it. */
  numbers(array: number): readonly number[] | undefined {
    const items = this.#items(array);
    const values = items?.map((item) => {
      if (this.word(item) !== KIND.number) return Number.NaN;
      const memory = this.#engine.memory();
      return memory.getUint8(item + 20) === REAL
        ? memory.getFloat32(item + 16, true)
        : memory.getInt32(item + 16, true);
    });
    return values?.every((value) => Math.abs(value) < 1e9) === true ? values : undefined;
  }

  truths(array: number): readonly boolean[] | undefined {
    const items = this.#items(array);
    return items?.every((item) => this.word(item) === KIND.truth) === true
      ? items.map((item) => this.#engine.memory().getUint8(item + 16) !== 0)
      : undefined;
  }

  #items(array: number): number[] | undefined {
    if (array === 0 || this.word(array) !== KIND.array) return undefined;
    const from = this.word(array + 16);
    const count = (this.word(array + 20) - from) >> 2;
    if (count < 0 || count > ITEMS_MAX) return undefined;
    return Array.from({ length: count }, (_, i) => this.word(from + 4 * i));
  }

  #followed(object: number): number {
    if (this.word(object) !== KIND.link) return object;
    const number = this.word(object + 20);
    const root = this.word(this.word(object + 16) + 12);
    return this.#find(root, (at) => Math.sign(number - this.word(at + 16)));
  }

  #find(root: number, order: (node: number) => number): number {
    let at = root;
    for (let steps = 0; at !== 0 && steps < STEPS_MAX; steps++) {
      const way = order(at);
      if (way === 0) return this.word(at + 20);
      at = this.word(way < 0 ? at : at + 4);
    }
    return 0;
  }

  #text(at: number): string {
    if (at === 0) return '';
    const length = Math.min(64, this.word(at + 4));
    return Buffer.from(this.#engine.bytes().slice(at + 12, at + 12 + length)).toString('latin1');
  }
}
