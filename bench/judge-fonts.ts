// Fonts for the judge's LibreOffice: the twins of Calibri, Cambria, Arial, Times and Courier that our engine draws with, taken out of its own package, so that lines break where they break for us.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FAMILIES = /^(?:Caladea|Carlito|Liberation)/;
const LOADER = '@matbee/libreoffice-converter/wasm/loader';
/** Where Debian's fonts-crosextra packages put theirs. */
const DEBIAN = '/usr/share/fonts/truetype/crosextra';

export type JudgeFonts = {
  /** What a child of the judge gets beside the usual environment. */
  readonly env: Readonly<Record<string, string>>;
  /** For whoever reads the figures. */
  readonly said: string;
};

/** The engine's fonts as files in `folder`; their names, none where its package is not as we know it. */
function unpack(folder: string): string[] {
  const resolve = createRequire(import.meta.url);
  let wasm: string;
  try {
    wasm = dirname(resolve.resolve(LOADER));
  } catch {
    return [];
  }
  const code = readFileSync(join(wasm, 'soffice.cjs'), 'latin1');
  const entry = /filename:"\/instdir\/share\/fonts\/truetype\/([\w.-]+)",start:(\d+),end:(\d+)/g;
  const data = openSync(join(wasm, 'soffice.data'), 'r');
  const names: string[] = [];
  try {
    for (const [, name = '', start, end] of code.matchAll(entry)) {
      if (!FAMILIES.test(name)) continue;
      const bytes = Buffer.alloc(Number(end) - Number(start));
      readSync(data, bytes, 0, bytes.length, Number(start));
      writeFileSync(join(folder, name), bytes);
      names.push(name);
    }
  } finally {
    closeSync(data);
  }
  return names;
}

const families = (names: readonly string[]): string =>
  [...new Set(names.map((name) => name.replace(/-.*$/, '')))].toSorted().join(', ');

/** Makes the fonts and their configuration in a folder of its own under `work`. */
export function judgeFonts(work: string): JudgeFonts {
  const folder = join(work, 'fonts');
  mkdirSync(folder);
  const names = unpack(folder);
  if (names.length === 0) {
    const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
    const beside = debian.length === 0 ? 'without twins of Calibri and Cambria' : families(debian);
    return { env: {}, said: `this machine's own fonts (${beside})` };
  }
  const file = join(work, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${folder}</dir><cachedir>${join(work, 'font-cache')}</cachedir></fontconfig>`,
  );
  return {
    env: { FONTCONFIG_FILE: file },
    said: `this machine's fonts and ${names.length} files out of our engine's package (${families(names)})`,
  };
}
