// What a request of the page asks for: a flat JSON object of bounded texts, numbers and flags, read field by field.

import { PageRefusal } from './refusals.ts';

export class Asked {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(body: unknown) {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    this.#fields = new Map(isObject ? Object.entries(body) : []);
    if (!isObject || this.#fields.size > 16) throw wrong('an object of a few fields is expected');
  }

  text(name: string, maxBytes: number): string {
    const value = this.#fields.get(name);
    if (typeof value !== 'string' || Buffer.byteLength(value) > maxBytes)
      throw wrong(`"${name}" is a text of at most ${maxBytes} bytes`);
    return value;
  }

  /** A text that may be absent or empty: undefined then. */
  maybe(name: string, maxBytes: number): string | undefined {
    if (this.#fields.get(name) === undefined) return undefined;
    const value = this.text(name, maxBytes);
    return value === '' ? undefined : value;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T {
    const value = this.#fields.get(name);
    const found = words.find((word) => word === value);
    if (found === undefined) throw wrong(`"${name}" is one of: ${words.join(', ')}`);
    return found;
  }

  whole(name: string, { min, max }: { min: number; max: number }): number {
    const value = this.#fields.get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      throw wrong(`"${name}" is a whole number from ${min} to ${max}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name);
    if (typeof value !== 'boolean') throw wrong(`"${name}" is true or false`);
    return value;
  }
}

function wrong(what: string): PageRefusal {
  return new PageRefusal(400, 'wrong-request', { message: `The request is not right: ${what}.` });
}
