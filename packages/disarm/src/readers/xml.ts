// XML as a stream of elements and texts: no DTD, no entities but the five, bounded depth. Broken XML ends quietly where it breaks.

import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** Names come with the usual prefix of their namespace (`w:p`), whichever one the document took. */
export type XmlHandlers = {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
  /** A document type, which honest office files do not have. */
  readonly doctype?: (text: string) => void;
};

const DEPTH_MAX = 512;

/** By the end of a namespace's address, so that the transitional and the strict form of OOXML read the same. */
const USUAL: readonly (readonly [RegExp, string])[] = [
  [/\/wordprocessingml(\/2006)?\/main$/, 'w:'],
  [/\/spreadsheetml(\/2006)?\/main$/, ''],
  [/\/presentationml(\/2006)?\/main$/, 'p:'],
  [/\/drawingml(\/2006)?\/main$/, 'a:'],
  [/\/drawingml(\/2006)?\/wordprocessingDrawing$/, 'wp:'],
  [/\/drawingml(\/2006)?\/spreadsheetDrawing$/, 'xdr:'],
  [/\/drawingml(\/2006)?\/chart$/, 'c:'],
  [/\/drawingml(\/2006)?\/diagram$/, 'dgm:'],
  [/^urn:schemas-microsoft-com:vml$/, 'v:'],
  [/^urn:schemas-microsoft-com:office:office$/, 'o:'],
  [/^urn:schemas-microsoft-com:office:excel$/, 'x:'],
  [/\/officeDocument(\/2006)?\/relationships$/, 'r:'],
  [/\/package\/2006\/relationships$/, ''],
  [/\/powerpoint\/2018\/8\/main$/, 'p188:'],
  [/\/excel\/2018\/threadedcomments$/, ''],
  [/opendocument:xmlns:([a-z-]+):1\.0$/, '$1:'],
  [/^http:\/\/www\.w3\.org\/1999\/xlink$/, 'xlink:'],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc:'],
];

/** Namespaces of OpenDocument that do not go by the word in their address. */
const SHORTER: Readonly<Record<string, string>> = {
  drawing: 'draw',
  datastyle: 'number',
  'xsl-fo-compatible': 'fo',
  'svg-compatible': 'svg',
  'smil-compatible': 'smil',
};

function usualPrefix(address: string): string | undefined {
  for (const [pattern, prefix] of USUAL) {
    const found = pattern.exec(address);
    if (found === null) continue;
    const word = found[1] ?? '';
    return prefix.replace('$1', SHORTER[word] ?? word);
  }
  return undefined;
}

type Renames = ReadonlyMap<string, string>;

/** What this element's declarations add; the same map where they change nothing. */
function declared(attributes: Readonly<Record<string, string>>, before: Renames): Renames {
  let after: Map<string, string> | undefined;
  for (const name of Object.keys(attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    const own = name === 'xmlns' ? '' : `${name.slice(6)}:`;
    const usual = usualPrefix(attributes[name] ?? '') ?? own;
    if ((before.get(own) ?? own) !== usual) (after ??= new Map(before)).set(own, usual);
  }
  return after ?? before;
}

function renamed(name: string, renames: Renames): string {
  const own = name.slice(0, name.indexOf(':') + 1);
  const usual = renames.get(own);
  return usual === undefined ? name : usual + name.slice(own.length);
}

/** True where the whole text was well-formed. */
export function readXml(xml: string, handlers: XmlHandlers): boolean {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const none: Renames = new Map();
  const open: Renames[] = [none];
  let whole = true;
  parser.on('error', (error) => {
    whole = false;
    throw error;
  });
  parser.on('doctype', (text) => handlers.doctype?.(text));
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (open.length > DEPTH_MAX) throw new RangeError('XML too deep');
    const renames = declared(tag.attributes, open.at(-1) ?? none);
    open.push(renames);
    if (renames.size === 0) return handlers.open?.(tag.name, tag.attributes);
    const attributes = Object.fromEntries(
      // An attribute without a prefix has no namespace.
      Object.entries(tag.attributes).map(([name, value]) => [
        name.includes(':') ? renamed(name, renames) : name,
        value,
      ]),
    );
    handlers.open?.(renamed(tag.name, renames), attributes);
  });
  parser.on('closetag', (tag: SaxesTagPlain) => {
    const renames = open.pop() ?? none;
    handlers.close?.(renames.size === 0 ? tag.name : renamed(tag.name, renames));
  });
  const text = (value: string): void => handlers.text?.(value);
  parser.on('text', text);
  parser.on('cdata', text);
  try {
    parser.write(xml).close();
  } catch (error) {
    // What a handler refuses is refused; only what the text breaks ends quietly.
    if (whole && !(error instanceof RangeError)) throw error;
    whole = false;
  }
  return whole;
}
