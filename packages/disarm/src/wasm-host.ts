// The runtime's WebAssembly, typed: neither the language's nor Node's types name its constructors.

export type WasmModule = { readonly wasmModule: true };
export type WasmInstance = { readonly exports: Record<string, unknown> };
export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
export type WasmTable = { get(index: number): unknown };

type Host = {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  readonly Memory: { readonly prototype: WasmMemory };
};

export const wasmHost = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

type Grow = (this: WasmMemory, pages: number) => number;

/**
 * Makes a WebAssembly memory refuse to grow past `maxBytes`: V8's own limits do not cover it. Says whether it has: an
 * engine whose memory was refused ends as if its document were broken.
 */
export function limitWasmMemory(maxBytes: number): { readonly reached: () => boolean } {
  const { prototype } = wasmHost.Memory;
  const original = Object.getOwnPropertyDescriptor(prototype, 'grow')?.value as Grow;
  let reached = false;
  prototype.grow = function limited(this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength + pages * 65_536 > maxBytes) {
      reached = true;
      throw new RangeError('memory limit');
    }
    return original.call(this, pages);
  };
  return { reached: () => reached };
}
