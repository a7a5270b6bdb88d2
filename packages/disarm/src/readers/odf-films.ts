// Films and sounds of OpenDocument files, taken out before the office engine reads them: it has no player, and a file with
// one ended it. In their place stands a frame with the name, as the report lists it.

import { zipSync } from 'fflate';

import { OFFICE_ZIP_LIMITS, ZipReader } from './zip.ts';

/** Where pages are described: the document's, its styles' and its objects'. */
const DESCRIBES_PAGES = /(?:^|\/)(?:content|styles)\.xml$/;
const PLUGIN = /<((?:[\w.-]+:)?plugin)\b([^>]*?)(?:\/>|>[\s\S]*?<\/\1\s*>)/g;

const ODF = 'urn:oasis:names:tc:opendocument:xmlns';

/** The name is the attribute's own XML, so it needs no escaping. */
function frameInstead(attributes: string): string {
  const [, , target = ''] = /\bhref\s*=\s*(["'])([^<]*?)\1/.exec(attributes) ?? [];
  const name = target.split('/').at(-1) ?? '';
  return `<d:text-box xmlns:d="${ODF}:drawing:1.0" xmlns:t="${ODF}:text:1.0"><t:p>${name}</t:p></d:text-box>`;
}

/** The same bytes where there is no film. Throws a `ZipRefusal` as the reader of archives does. */
export function withoutFilms(bytes: Uint8Array): Uint8Array {
  const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
  const changed = new Map<string, Uint8Array>();
  for (const name of zip.names.filter((one) => DESCRIBES_PAGES.test(one))) {
    const xml = zip.text(name) ?? '';
    const without = xml.replaceAll(PLUGIN, (_, _tag, attributes: string) =>
      frameInstead(attributes),
    );
    // It was decoded whatever it said of its encoding, and is UTF-8 now.
    if (without !== xml)
      changed.set(name, Buffer.from(without.replace(/^\u{feff}?\s*<\?xml[^>]*\?>/u, '')));
  }
  if (changed.size === 0) return bytes;
  const parts: Record<string, [Uint8Array, { level: 0 | 1 }]> = {};
  for (const name of zip.names) {
    if (name.endsWith('/')) continue;
    const part = changed.get(name) ?? zip.read(name) ?? new Uint8Array(0);
    parts[name] = [part, { level: name === 'mimetype' ? 0 : 1 }];
  }
  return zipSync(parts);
}
