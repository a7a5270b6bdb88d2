// What a kind of document needs: parsers in its cage beside the usual ones, engines that have a hand in its copy, and what it becomes in edit mode.

import {
  FONTS,
  JPEG_READER,
  OCR,
  OFFICE,
  PDFIUM,
  PNG_READER,
  WEBP_READER,
  type EnginePin,
} from './engine-pins.ts';
import { isOffice, type Kind } from './kind.ts';
import type { Policy } from './policy.ts';

const HTML = [
  'htmlparser2',
  'domhandler',
  'domutils',
  'dom-serializer',
  'domelementtype',
  'entities',
];
const XML = ['saxes', 'xmlchars/xml/1.0/ed5'];
const OCR_PACKAGES = [
  'tesseract.js',
  OCR.core,
  ...Object.values(OCR.languages).map((l) => l.folder),
];

const PACKAGES: Partial<Record<Kind, readonly string[]>> = {
  html: HTML,
  eml: ['postal-mime', ...HTML],
  hwpx: XML,
  tiff: ['utif2', 'pako'],
  webp: ['@jsquash/webp', 'wasm-feature-detect'],
  'ole-encrypted': XML,
  docx: XML,
  xlsx: XML,
};

/** Packages that a child for this kind may read. */
export function packagesOf(kind: Kind, policy: Policy): readonly string[] {
  return kind === 'pdf' && policy.mode === 'pixel' ? OCR_PACKAGES : (PACKAGES[kind] ?? []);
}

/** Packages of the office engine's own child. */
export const OFFICE_PACKAGES: readonly string[] = [OFFICE.loader, ...FONTS.packages, ...XML];

const EDITABLE: Partial<Record<Kind, 'docx' | 'xlsx'>> = {
  docx: 'docx',
  doc: 'docx',
  rtf: 'docx',
  odt: 'docx',
  xlsx: 'xlsx',
  xlsb: 'xlsx',
  xls: 'xlsx',
  ods: 'xlsx',
};

/** What edit mode makes of a kind; undefined where it makes pages as the other modes do. */
export function editableAs(kind: Kind, policy: Policy): 'docx' | 'xlsx' | undefined {
  return policy.mode === 'edit' ? EDITABLE[kind] : undefined;
}

/** The foreign binaries that have a hand in a copy of this kind. */
export function enginesOf(kind: Kind, policy: Policy): readonly EnginePin[] {
  const editable = editableAs(kind, policy);
  const pictures = [PNG_READER, JPEG_READER];
  if (kind === editable) return pictures;
  const office = isOffice(kind) ? [OFFICE, FONTS] : [];
  if (editable !== undefined) return [...office, ...pictures];
  if (kind === 'png') return [PNG_READER];
  if (kind === 'jpeg') return [JPEG_READER];
  if (kind === 'webp') return [WEBP_READER];
  if (kind !== 'pdf' && office.length === 0) return [];
  return [...office, PDFIUM, ...(policy.mode === 'pixel' ? [OCR] : [])];
}
