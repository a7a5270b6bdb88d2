// One case of an official MLS vector file, read field by field; a wrong field name or type stops the run.

import { assert, fromHex, sameBytes, toHex } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import type { CiphersuiteImpl } from 'ts-mls';
import { ciphersuite, type SuiteId } from '../../src/suite.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

const suites = new Map<number, CiphersuiteImpl>();

export class VectorCase {
  readonly #fields: { readonly [key: string]: Json };

  constructor(json: Json | undefined) {
    assert(typeof json === 'object' && json !== null && !Array.isArray(json), 'a JSON object');
    this.#fields = json as { readonly [key: string]: Json };
  }

  has(field: string): boolean {
    return this.#fields[field] !== null && this.#fields[field] !== undefined;
  }

  bytes(field: string): Uint8Array {
    return bytesOf(this.#fields[field]);
  }

  number(field: string): number {
    const value = this.#fields[field];
    assert(typeof value === 'number', `${field} is a number`);
    return value;
  }

  text(field: string): string {
    const value = this.#fields[field];
    assert(typeof value === 'string', `${field} is text`);
    return value;
  }

  list(field: string): readonly Json[] {
    const value = this.#fields[field];
    assert(Array.isArray(value), `${field} is a list`);
    return value as readonly Json[];
  }

  cases(field: string): readonly VectorCase[] {
    return this.list(field).map((json) => new VectorCase(json));
  }

  case(field: string): VectorCase {
    return new VectorCase(this.#fields[field]);
  }

  names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  /** Our own suite under the number the case names. */
  get suite(): CiphersuiteImpl {
    const id = this.number('cipher_suite');
    let suite = suites.get(id);
    if (suite === undefined) {
      suite = ciphersuite(nativePorts, id as SuiteId);
      suites.set(id, suite);
    }
    return suite;
  }
}

export function bytesOf(json: Json | undefined): Uint8Array {
  assert(typeof json === 'string', 'bytes are hexadecimal text');
  const read = fromHex(json);
  assert(read.ok, 'hexadecimal text');
  return read.value;
}

/** Throws where two values differ, naming what was compared. */
export function same(what: string, ours: Uint8Array | undefined, theirs: Uint8Array): void {
  if (ours !== undefined && sameBytes(ours, theirs)) return;
  throw new Error(`${what}: ${ours === undefined ? 'nothing' : toHex(ours)}, not ${toHex(theirs)}`);
}

export function holds(what: string, condition: boolean): void {
  if (!condition) throw new Error(`${what} does not hold`);
}

/** The value of a TLS decoder that must use all bytes. */
export function decoded<T>(
  decoder: (bytes: Uint8Array, offset: number) => [T, number] | undefined,
  bytes: Uint8Array,
): T {
  const read = decoder(bytes, 0);
  assert(read !== undefined && read[1] === bytes.length, 'it decodes to its end');
  return read[0];
}
