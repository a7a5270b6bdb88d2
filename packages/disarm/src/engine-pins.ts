// The foreign binaries that run inside the cage, each pinned by its SHA-256. A changed file is a fault, never a surprise.

export const PDFIUM = {
  name: 'pdfium',
  version: '2.15.1',
  module: '@embedpdf/pdfium/pdfium.wasm',
  sha256: '5e4cd023c3dad4a895b3571ca573d3fc51bac6de48360d95283134385b954eaa',
} as const;

/** Names our own writers: raised whenever the same display list would give other bytes. */
export const WRITERS = 'parley-writers 1';

/** What made a copy, for the record. */
export function engineLine(
  ...engines: readonly { name: string; version: string; sha256: string }[]
): string {
  return [
    WRITERS,
    ...engines.map((e) => `${e.name} ${e.version} sha256:${e.sha256.slice(0, 16)}`),
  ].join('; ');
}
