// XML as a stream of elements and texts: no DTD, no entities but the five, bounded depth. Broken XML ends quietly where it breaks.

import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** Names keep their usual prefix: `w:p`, not a namespace. Producers of office files all use the usual ones. */
export type XmlHandlers = {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
  /** A document type, which honest office files do not have. */
  readonly doctype?: (text: string) => void;
};

const DEPTH_MAX = 512;

/** True where the whole text was well-formed. */
export function readXml(xml: string, handlers: XmlHandlers): boolean {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  let whole = true;
  parser.on('error', (error) => {
    whole = false;
    throw error;
  });
  parser.on('doctype', (text) => handlers.doctype?.(text));
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (++depth > DEPTH_MAX) throw new RangeError('XML too deep');
    handlers.open?.(tag.name, tag.attributes);
  });
  parser.on('closetag', (tag: SaxesTagPlain) => {
    depth--;
    handlers.close?.(tag.name);
  });
  const text = (value: string): void => handlers.text?.(value);
  parser.on('text', text);
  parser.on('cdata', text);
  try {
    parser.write(xml).close();
  } catch {
    whole = false;
  }
  return whole;
}
