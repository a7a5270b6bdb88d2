// LibreOffice as a library in this process: its C interface (LibreOfficeKit), on a file system that is memory.

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { assert } from '@parley/kernel';

import { OFFICE } from '../engine-pins.ts';
import { wasmHost, type WasmInstance, type WasmModule } from '../wasm-host.ts';
import { Attention, type Outside, type ReadingFiles } from './attention.ts';

/** A document that the engine has open. It may be written in several forms; reading it is most of the work. */
export type OpenDocument = {
  /** Throws with the engine's own words where it cannot. */
  as(format: string): Uint8Array;
  /** Pages of a text, slides of a presentation, sheets of a workbook; 0 where the engine does not say. */
  parts(): number;
  /** Gives its memory back, which takes as long as reading it: not worth it in a process that ends. */
  close(): void;
};

export type OfficeKit = {
  /** `extension` is a hint among several; the engine looks at the content. */
  open(bytes: Uint8Array, extension: string): OpenDocument;
};

export type FontFile = { readonly filename: string; readonly data: Uint8Array };

type Pointer = number;

/** The calls of the engine that are used, as its module names them after an underscore. */
type CallName =
  | 'malloc'
  | 'free'
  | 'libreofficekit_hook'
  | 'lok_documentLoad'
  | 'lok_documentSaveAs'
  | 'lok_documentDestroy'
  | 'lok_documentGetParts'
  | 'lok_getError';

type EngineModule = {
  readonly HEAPU8: Uint8Array;
  readonly FS: {
    mkdir(path: string): void;
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
  } & ReadingFiles;
};

type Loader = {
  createModule(config: {
    wasmBinary: Uint8Array;
    instantiateWasm(
      imports: Outside,
      receive: (instance: WasmInstance, module: WasmModule) => void,
    ): object;
    getPreloadedPackage(): ArrayBufferLike;
  }): Promise<EngineModule>;
};

/** Where the engine looks for fonts when it starts. */
const FONT_FOLDER = '/instdir/share/fonts/truetype';
const FOLDERS = [
  '/tmp/input',
  '/tmp/output',
  '/instdir/user',
  '/instdir/user/temp',
  '/instdir/user/temp/embeddedfonts',
  '/instdir/user/temp/embeddedfonts/fromdocs',
  '/instdir/user/temp/embeddedfonts/fromsystem',
  '/instdir/user/registry',
  '/instdir/user/registry/data',
];

function pinned(folder: string, name: 'soffice.wasm' | 'soffice.data'): Buffer<ArrayBuffer> {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const pin = OFFICE.files.find((file) => file.name === name)?.sha256;
  if (createHash('sha256').update(bytes).digest('hex') !== pin)
    throw new Error(`${path} is not the pinned file`);
  return bytes;
}

async function loadModule(
  attention: Attention,
): Promise<{ module: EngineModule; instance: WasmInstance }> {
  const load = createRequire(import.meta.url);
  const loaderPath = load.resolve(OFFICE.loader);
  const folder = dirname(loaderPath);
  const loader = load(loaderPath) as Loader;
  const data = pinned(folder, 'soffice.data');
  const compiled = wasmHost.compile(pinned(folder, 'soffice.wasm'));
  let instance: WasmInstance | undefined;
  const module = await new Promise<EngineModule>((resolve, fail) => {
    const made = loader.createModule({
      // Without bytes the loader would read the file again and keep it: 300 MB for nothing.
      wasmBinary: new Uint8Array(1),
      instantiateWasm(imports, receive) {
        attention.hear(imports);
        compiled
          .then((code) => {
            instance = new wasmHost.Instance(code, imports);
            receive(instance, code);
          })
          .catch(fail);
        return {};
      },
      // A file of this size has a buffer of its own: a copy would be 100 MB for nothing.
      getPreloadedPackage: () => {
        assert(data.byteLength === data.buffer.byteLength, 'a file that shares its buffer');
        return data.buffer;
      },
    });
    made.then(resolve, fail);
  });
  if (instance === undefined) throw new Error('the office engine has no code');
  return { module, instance };
}

/** Starts the engine. Throws where a file of it is not the pinned one. */
export async function startOfficeKit(fonts: readonly FontFile[]): Promise<OfficeKit> {
  const attention = new Attention();
  const { module, instance } = await loadModule(attention);
  const { FS } = module;
  const attend = attention.of(FS, instance);
  for (const folder of FOLDERS) {
    try {
      FS.mkdir(folder);
    } catch {
      // There already.
    }
  }
  for (const { filename, data } of fonts) FS.writeFile(`${FONT_FOLDER}/${filename}`, data);

  const call = (name: CallName, ...values: readonly number[]): number => {
    const found: unknown = Reflect.get(module, `_${name}`);
    if (typeof found !== 'function') throw new Error(`the office engine has no ${name}`);
    return attend(() => (found as (...all: readonly number[]) => number)(...values));
  };
  const withWords = <T>(words: readonly string[], use: (...at: readonly Pointer[]) => T): T => {
    const places = words.map((word) => {
      const bytes = Buffer.from(`${word}\0`, 'utf8');
      const at = call('malloc', bytes.length);
      module.HEAPU8.set(bytes, at);
      return at;
    });
    try {
      return use(...places);
    } finally {
      for (const at of places) call('free', at);
    }
  };
  const complaint = (): Error => {
    const at = call('lok_getError', office);
    const heap = module.HEAPU8;
    const end = at === 0 ? 0 : heap.indexOf(0, at);
    return new Error(Buffer.from(heap.slice(at, Math.min(end, at + 300))).toString('utf8'));
  };

  const office = withWords(['/instdir/program'], (path = 0) => call('libreofficekit_hook', path));
  if (office === 0) throw new Error('the office engine does not start');
  return {
    open(bytes, extension) {
      const input = `/tmp/input/document.${extension}`;
      FS.writeFile(input, bytes);
      const doc = withWords([`file://${input}`], (url = 0) =>
        call('lok_documentLoad', office, url),
      );
      if (doc === 0) throw complaint();
      return {
        as(format) {
          const output = `/tmp/output/document.${format}`;
          const saved = withWords([`file://${output}`, format, ''], (url = 0, name = 0, none = 0) =>
            call('lok_documentSaveAs', doc, url, name, none),
          );
          if (saved === 0) throw complaint();
          const made = FS.readFile(output);
          FS.unlink(output);
          return made;
        },
        parts: () => Math.max(0, call('lok_documentGetParts', doc)),
        close() {
          call('lok_documentDestroy', doc);
          FS.unlink(input);
        },
      };
    },
  };
}
