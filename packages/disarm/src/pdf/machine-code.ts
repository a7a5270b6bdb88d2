// The engine as this runtime compiled it before: machine code of the functions that pages of our own need, for a child to begin with.

import { closeSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { crc32 } from 'node:zlib';

import { PDFIUM } from '../engine-pins.ts';
import { wasmHost, type WasmModule } from '../wasm-host.ts';

const CODE_OF = `pdfium-${PDFIUM.sha256.slice(0, 32)}.code`;
const CRC_BYTES = 4;

/** The binary as a module: with machine code from `folder` where it is there, else compiled function by function as they are called. */
export function engineModule(binary: Uint8Array, folder: string | undefined): WasmModule {
  const code = keptCode(folder);
  if (code === undefined) return new wasmHost.Module(binary);
  // Undefined where another version, another processor or other flags wrote it.
  const known = ofRuntime('DeserializeWasmModule', code, binary) as WasmModule | undefined;
  return known ?? new wasmHost.Module(binary);
}

/** Keeps what the runtime has compiled of a module. Whether it is there changes the time that a job takes and nothing else. */
export function storeMachineCode(module: WasmModule, folder: string): void {
  const code = ofRuntime('SerializeWasmModule', module) as ArrayBuffer | undefined;
  if (code === undefined) return;
  const file = new Uint8Array(CRC_BYTES + code.byteLength);
  file.set(new Uint8Array(code), CRC_BYTES);
  new DataView(file.buffer).setUint32(0, crc32(new Uint8Array(code)), true);
  const part = join(folder, `${CODE_OF}.part`);
  writeFileSync(part, file);
  renameSync(part, join(folder, CODE_OF));
}

/** Has the runtime compile what is called from now on at once and for speed, which is what it keeps; or as usual. */
export function compileForSpeed(now: boolean): void {
  setFlagsFromString(now ? '--no-liftoff' : '--liftoff');
}

/**
 * Calls a function of the runtime that has no other way in. Such functions are no stable interface: undefined on any Node
 * but the one that this was seen on.
 */
function ofRuntime(name: string, ...values: readonly unknown[]): unknown {
  if (!process.versions.node.startsWith('24.')) return undefined;
  setFlagsFromString('--allow-natives-syntax');
  try {
    const call = runInThisContext(
      `(...values) => %${name}(${values.map((_, i) => `values[${i}]`).join(', ')})`,
    ) as (...values: readonly unknown[]) => unknown;
    return call(...values);
  } catch {
    return undefined;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

/** Machine code of the engine, whole; undefined where there is none. The runtime itself does not look whether it is whole. */
export function keptCode(folder: string | undefined): ArrayBuffer | undefined {
  if (folder === undefined) return undefined;
  let file: number | undefined;
  try {
    file = openSync(join(folder, CODE_OF), 'r');
    const head = new DataView(new ArrayBuffer(CRC_BYTES));
    const code = new Uint8Array(fstatSync(file).size - CRC_BYTES);
    readSync(file, head);
    const read = readSync(file, code);
    return read === code.length && crc32(code) === head.getUint32(0, true)
      ? code.buffer
      : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
