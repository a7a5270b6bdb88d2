// Encrypts a PDF with a password, by the engine itself, so that tests need no other program.

import { loadEngine } from '../src/pdf/engine.ts';
import { openDocument } from '../src/pdf/convert.ts';

type Call = (...args: number[]) => number;

/** A copy that opens only with `password` (AES-256). */
export async function encryptedPdf(plain: Uint8Array, password: string): Promise<Uint8Array> {
  const engine = await loadEngine();
  const { call } = engine;
  const document = openDocument(engine, plain, null);
  const text = (value: string): number => {
    const bytes = new TextEncoder().encode(`${value}\0`);
    const at = call.malloc(bytes.length);
    engine.bytes().set(bytes, at);
    return at;
  };
  const encrypt = engine.exported('EPDF_SetEncryption') as Call;
  if (encrypt(document, text(password), text(`${password} of the owner`), 0xfffffffc) === 0) {
    throw new Error('the engine did not encrypt');
  }
  const writer = call.PDFiumExt_OpenFileWriter();
  call.PDFiumExt_SaveAsCopy(document, writer);
  const size = call.PDFiumExt_GetFileWriterSize(writer);
  const at = call.malloc(size);
  call.PDFiumExt_GetFileWriterData(writer, at, size);
  return engine.bytes().slice(at, at + size);
}
