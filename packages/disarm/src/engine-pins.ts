// The foreign binaries that run inside the cage, each pinned by its SHA-256. A changed file is a fault, never a surprise.

export const PDFIUM = {
  name: 'pdfium',
  version: '2.15.1',
  module: '@embedpdf/pdfium/pdfium.wasm',
  sha256: '5e4cd023c3dad4a895b3571ca573d3fc51bac6de48360d95283134385b954eaa',
} as const;

export const OFFICE = {
  name: 'libreoffice',
  version: '2.7.2',
  loader: '@matbee/libreoffice-converter/wasm/loader',
  sha256: 'ea3d8f3b69bd1e586a8ea973e0dfa61c758612fcc529dc94ac2e30519f8b4f7b',
  files: [
    {
      name: 'soffice.wasm',
      sha256: 'ea3d8f3b69bd1e586a8ea973e0dfa61c758612fcc529dc94ac2e30519f8b4f7b',
    },
    {
      name: 'soffice.data',
      sha256: '8f4e98aa67e108e161cecc7906d7ac0dd3941ef9347f999c3b9dbc049f165020',
    },
  ],
} as const;

/** Open fonts (SIL OFL 1.1) for documents that name fonts nobody has: the engines' own have no Korean or Chinese letter. */
export const FONTS = {
  name: 'noto-fonts',
  version: '1.0.0',
  /** Of the hashes below, in order. */
  sha256: '068ea05538d225e792b39c6cbf7ed61432aa1812812e71ee4a492ed4451254d5',
  packages: ['@embedpdf/fonts-kr', '@embedpdf/fonts-sc'],
  files: [
    {
      folder: '@embedpdf/fonts-kr',
      file: 'NotoSansKR-Regular.otf',
      sha256: 'ff59f91fe8d6e6246f548bb67bf371810af3d5cc53b65e8680461fabd043b506',
    },
    {
      folder: '@embedpdf/fonts-kr',
      file: 'NotoSansKR-Bold.otf',
      sha256: '4c42058a372749625eeda2dc8c2e54716abd197eeae8249c877cec6ca188c729',
    },
    {
      folder: '@embedpdf/fonts-sc',
      file: 'NotoSansHans-Regular.otf',
      sha256: '7db3c634bbd0301b3082a80ffcac2f422e8ef9ce0730f8b279c3e8f756598f68',
    },
    {
      folder: '@embedpdf/fonts-sc',
      file: 'NotoSansHans-Bold.otf',
      sha256: '9e7729ef993ca4c647882f798644f4bbf6da69bd822eac593fc68717dd6c8e2a',
    },
  ],
} as const;

export const OCR = {
  name: 'tesseract',
  version: '7.0.0',
  core: 'tesseract.js-core/tesseract-core-simd-lstm',
  wasm: 'tesseract.js-core/tesseract-core-simd-lstm.wasm',
  sha256: '34e8d50cac216427d86bf397d610fdd9f49492539bbcdfbfccc4eda20c810bea',
  languages: {
    eng: {
      folder: '@tesseract.js-data/eng',
      file: '4.0.0_best_int/eng.traineddata.gz',
      sha256: '45b4cb346724ac1774f1c36f42f182b887bcdb28ebe63e6fff90ac41f3fcff91',
    },
    kor: {
      folder: '@tesseract.js-data/kor',
      file: '4.0.0_best_int/kor.traineddata.gz',
      sha256: '78c21276ab14c9bb734d83be1055d9fe5469a4e7e977c51ad385be5737e61126',
    },
  },
} as const;

export const PNG_READER = {
  name: 'squoosh-png',
  version: '3.1.1',
  module: '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  sha256: '263d6e658808a74b72a1a99c5cc1d619237e70c150db6e41d5d84d3d117ab9be',
} as const;

export const JPEG_READER = {
  name: 'mozjpeg',
  version: '1.6.0',
  module: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  sha256: 'a7c4b12169817e779ff4af137981393ae924944e167ad1bd95747c9199162d3e',
} as const;

export const WEBP_READER = {
  name: 'libwebp',
  version: '1.5.0',
  module: '@jsquash/webp/codec/dec/webp_dec.wasm',
  sha256: '30fb52fa2a80166d25ba7debf902218904ba1f05ccce9f959f722beff9e2f344',
} as const;

/** Names our own writers: raised whenever the same display list would give other bytes. */
export const WRITERS = 'parley-writers 4';

export type EnginePin = {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
};

/** What made a copy, for the record. */
export function engineLine(...engines: readonly EnginePin[]): string {
  const pins = engines.map(
    ({ name, version, sha256 }) => `${name} ${version} sha256:${sha256.slice(0, 16)}`,
  );
  return [WRITERS, ...pins].join('; ');
}
