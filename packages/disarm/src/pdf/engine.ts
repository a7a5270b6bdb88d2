// pdfium as a WebAssembly instance: loading, memory, and the few places where we read its memory because its interface has no question for it.
//
// The binary is pinned by hash, so its memory layout is fixed. engine.test.ts shows each place that we rely on, for whoever raises the pin.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { init } from '@embedpdf/pdfium';

import { PDFIUM } from '../engine-pins.ts';
import {
  wasmHost,
  type WasmInstance,
  type WasmMemory,
  type WasmModule,
  type WasmTable,
} from '../wasm-host.ts';
import { engineModule } from './machine-code.ts';

type Call = (...args: number[]) => number;

const USED = [
  'PDFiumExt_Init',
  'PDFiumExt_OpenFileWriter',
  'PDFiumExt_SaveAsCopy',
  'PDFiumExt_GetFileWriterSize',
  'PDFiumExt_GetFileWriterData',
  'PDFiumExt_CloseFileWriter',
  'malloc',
  'free',
  'FPDF_LoadMemDocument',
  'FPDF_CloseDocument',
  'FPDF_GetLastError',
  'FPDF_GetPageCount',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDF_GetPageWidthF',
  'FPDF_GetPageHeightF',
  'FPDF_GetPageBoundingBox',
  'FPDF_GetFormType',
  'FPDF_GetSignatureCount',
  'FPDF_GetMetaText',
  'FPDF_RenderPageBitmap',
  'FPDF_RenderPageBitmapWithMatrix',
  'FPDFDoc_GetAttachmentCount',
  'FPDFDoc_GetAttachment',
  'FPDFAttachment_GetName',
  'FPDFDoc_GetJavaScriptActionCount',
  'FPDFDoc_GetJavaScriptAction',
  'FPDFDoc_CloseJavaScriptAction',
  'FPDFJavaScriptAction_GetScript',
  'FPDFBookmark_GetFirstChild',
  'FPDFLink_Enumerate',
  'FPDFLink_GetAction',
  'FPDFAction_GetType',
  'FPDFAction_GetURIPath',
  'FPDFAction_GetFilePath',
  'FPDFPage_GetRotation',
  'FPDFPage_SetRotation',
  'FPDFPage_SetMediaBox',
  'FPDFPage_SetCropBox',
  'FPDFPage_CountObjects',
  'FPDFPage_GetObject',
  'FPDFPage_Flatten',
  'FPDFPage_GetAnnotCount',
  'FPDFPage_GetAnnot',
  'FPDFPage_CloseAnnot',
  'FPDFAnnot_GetSubtype',
  'FPDFAnnot_GetFlags',
  'FPDFAnnot_GetBorder',
  'FPDFAnnot_GetColor',
  'FPDFAnnot_GetRect',
  'FPDFAnnot_GetStringValue',
  'FPDFPageObj_GetType',
  'FPDFPageObj_GetMatrix',
  'FPDFPageObj_GetBounds',
  'FPDFPageObj_GetFillColor',
  'FPDFPageObj_GetStrokeColor',
  'FPDFPageObj_GetStrokeWidth',
  'FPDFPageObj_GetLineCap',
  'FPDFPageObj_GetLineJoin',
  'FPDFPageObj_GetDashCount',
  'FPDFPageObj_GetDashArray',
  'FPDFPageObj_GetDashPhase',
  'FPDFPageObj_GetClipPath',
  'FPDFPageObj_SetIsActive',
  'FPDFPageObj_CountMarks',
  'FPDFPageObj_GetMark',
  'FPDFPageObjMark_GetName',
  'FPDFClipPath_CountPaths',
  'FPDFClipPath_CountPathSegments',
  'FPDFClipPath_GetPathSegment',
  'FPDFPath_CountSegments',
  'FPDFPath_GetPathSegment',
  'FPDFPath_GetDrawMode',
  'FPDFFormObj_CountObjects',
  'FPDFFormObj_GetObject',
  'FPDFTextObj_GetFont',
  'FPDFTextObj_GetFontSize',
  'FPDFTextObj_GetTextRenderMode',
  'FPDFFont_GetGlyphPath',
  'FPDFFont_GetFontData',
  'FPDFFont_GetIsEmbedded',
  'FPDFGlyphPath_CountGlyphSegments',
  'FPDFGlyphPath_GetGlyphPathSegment',
  'FPDFImageObj_GetRenderedBitmap',
  'FPDFImageObj_GetImagePixelSize',
  'FPDFImageObj_SetMatrix',
  'FPDFBitmap_CreateEx',
  'FPDFBitmap_Destroy',
  'FPDFBitmap_FillRect',
  'FPDFBitmap_GetBuffer',
  'FPDFBitmap_GetWidth',
  'FPDFBitmap_GetHeight',
  'FPDFBitmap_GetStride',
  'FPDFBitmap_GetFormat',
] as const;

type Calls = { readonly [K in (typeof USED)[number]]: Call };

/** Virtual-table slots of a font of the pinned binary (CPDF_Font). */
const SLOT = {
  vertical: 15,
  glyphOfCode: 20,
  unicodeOfCode: 21,
  codeOfUnicode: 22,
  widthOfCode: 24,
  boxOfCode: 25,
} as const;
/** Address of the Type3 font's virtual table: the one font kind without outlines. */
const TYPE3_TABLE = 986_432;
/** And of the fonts whose codes are numbers of characters in a collection (CID). */
const CID_TABLE = 806_584;
/** Field offsets of CPDF_PageObject and what hangs on it. */
export const FIELD = {
  clip: 4,
  color: 12,
  general: 20,
  shading: 96,
  shadingMatrix: 100,
  charCodes: 104,
  charPositions: 116,
  clipPaths: 8,
  clipTexts: 20,
  fillValue: 16,
  fillVariant: 28,
  strokeVariant: 48,
  blend: 12,
  softMask: 16,
  strokeAlpha: 44,
  fillAlpha: 48,
} as const;
/** Colour variants: none of its own, or a pattern. */
export const NO_COLOR = 0;
export const PATTERN = 2;

export type Engine = {
  readonly call: Calls;
  readonly module: WasmModule;
  /** Views of the engine's memory; never keep one over a call. */
  memory(): DataView;
  bytes(): Uint8Array;
  /** 256 bytes for out-parameters. */
  readonly scratch: number;
  /** The outline of a character code in ems, as a handle for FPDFGlyphPath calls; 0 where there is none. */
  glyphPath(font: number, code: number): number;
  widthOf(font: number, code: number): number;
  /** Has a Type3 font read the operators of a glyph. */
  loadGlyph(font: number, code: number): void;
  unicodeOf(font: number, code: number): string;
  /** The number that a font program has for a code; negative where it has none. */
  glyphNumber(font: number, code: number): number;
  isVertical(font: number): boolean;
  isType3(font: number): boolean;
  isCid(font: number): boolean;
  /** A virtual function of one of the engine's own objects, which it takes as its first argument. */
  virtualOf(object: number, slot: number): (...args: number[]) => number;
  /** Any export of the binary, for tests. */
  exported(name: string): unknown;
};

/** Throws where the bytes are not the pinned binary: every offset above is of that one. */
export function checkPinned(binary: Uint8Array): void {
  const found = createHash('sha256').update(binary).digest('hex');
  if (found !== PDFIUM.sha256) throw new Error(`pdfium.wasm is not the pinned file: ${found}`);
}

/**
 * Loads the pinned binary, with machine code of it from `compiled` where it is there: a child finds the engine's where it
 * finds our own. Throws where the file is not the pinned one.
 */
export async function loadEngine(compiled = process.env['NODE_COMPILE_CACHE']): Promise<Engine> {
  const binary = readFileSync(fileURLToPath(import.meta.resolve(PDFIUM.module)));
  checkPinned(binary);
  let instance: WasmInstance | undefined;
  const module = engineModule(binary, compiled);
  const loaded = await init({
    wasmBinary: binary.buffer,
    instantiateWasm(imports: object, done: (i: WasmInstance) => void) {
      instance = new wasmHost.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
  if (instance === undefined) throw new Error('pdfium did not start');
  const { exports } = instance;
  const call = Object.fromEntries(
    USED.map((name) => {
      const found = exports[name];
      if (typeof found !== 'function') throw new Error(`pdfium has no ${name}`);
      return [name, found as unknown as Call];
    }),
  ) as Calls;
  const heap = exports['memory'] as WasmMemory;
  const table = exports['__indirect_function_table'] as WasmTable;
  let view = new DataView(heap.buffer);
  let bytes = new Uint8Array(heap.buffer);
  const fresh = (): void => {
    if (view.buffer === heap.buffer) return;
    view = new DataView(heap.buffer);
    bytes = new Uint8Array(heap.buffer);
  };
  const memory = (): DataView => {
    fresh();
    return view;
  };
  call.PDFiumExt_Init();
  const runtime = loaded.pdfium as unknown as {
    addFunction(f: (self: number, code: number) => number, signature: string): number;
  };
  // The public outline call looks glyphs up by Unicode. For the time of a call its "code of this Unicode" answers with the
  // code itself, so that fonts without a Unicode map give their true glyphs.
  const identity = runtime.addFunction((_, code) => code, 'iii');
  const virtual = (font: number, slot: number): Call => {
    const at = memory().getUint32(memory().getUint32(font, true) + 4 * slot, true);
    return table.get(at) as Call;
  };
  const scratch = call.malloc(256);
  return {
    call,
    module,
    memory,
    bytes: () => {
      fresh();
      return bytes;
    },
    scratch,
    glyphPath(font, code) {
      const at = memory().getUint32(font, true) + 4 * SLOT.codeOfUnicode;
      const before = memory().getUint32(at, true);
      memory().setUint32(at, identity, true);
      try {
        return call.FPDFFont_GetGlyphPath(font, code, 1);
      } finally {
        memory().setUint32(at, before, true);
      }
    },
    loadGlyph(font, code) {
      // It must read them to answer how large the glyph is.
      virtual(font, SLOT.boxOfCode)(scratch, font, code);
    },
    widthOf: (font, code) => virtual(font, SLOT.widthOfCode)(font, code),
    unicodeOf(font, code) {
      const at = virtual(font, SLOT.unicodeOfCode)(font, code);
      if (at === 0) return '';
      const length = memory().getUint32(at + 4, true);
      let text = '';
      for (let i = 0; i < Math.min(length, 16); i++) {
        const point = memory().getUint32(at + 12 + 4 * i, true);
        if (point > 0 && point <= 0x10ffff) text += String.fromCodePoint(point);
      }
      return text;
    },
    glyphNumber: (font, code) => virtual(font, SLOT.glyphOfCode)(font, code, 0),
    isVertical: (font) => (virtual(font, SLOT.vertical)(font) & 1) === 1,
    isType3: (font) => memory().getUint32(font, true) === TYPE3_TABLE,
    isCid: (font) => memory().getUint32(font, true) === CID_TABLE,
    virtualOf: virtual,
    exported: (name) => exports[name],
  };
}
