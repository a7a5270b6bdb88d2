// The runtime's WebAssembly, typed: neither the language's nor Node's types name its constructors.

export type WasmModule = { readonly wasmModule: true };
export type WasmInstance = { readonly exports: Record<string, unknown> };
export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
export type WasmTable = { get(index: number): unknown };

type Host = {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  readonly Memory: { readonly prototype: WasmMemory };
};

export const wasmHost = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
