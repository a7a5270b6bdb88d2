// Relationships of OOXML packages: everything that would be fetched from elsewhere, and the document's properties.

import { emit } from '../cage/emit.ts';
import { property } from '../details.ts';
import type { RemovedKind } from '../report.ts';
import { removed } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

const KINDS: readonly (readonly [RegExp, RemovedKind])[] = [
  [/\/attachedTemplate$/i, 'remote-template'],
  [/\/(oleObject|package)$/i, 'ole-object'],
  [/\/(externalLink|externalLinkPath)/i, 'external-formula'],
  [/\/(frame|subDocument|aFChunk)$/i, 'external-relationship'],
];

/** Everything that a package would fetch, and where its links lead. */
export function reportLinks(zip: ZipReader): void {
  for (const name of zip.names) {
    if (!name.toLowerCase().endsWith('.rels')) continue;
    readXml(zip.text(name) ?? '', {
      open(tag, { Type: type = '', Target: target = '', TargetMode: mode = '' }) {
        if (tag !== 'Relationship') return;
        const external = mode.toLowerCase() === 'external';
        if (external && /\/hyperlink$/i.test(type)) return emit.remark({ list: 'link', target });
        const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1];
        if (external) {
          emit.remark({ list: 'removed', kind: kind ?? 'external-relationship', text: target });
        } else if (kind === 'external-relationship') {
          emit.remark({ list: 'removed', kind, text: target });
        }
      },
      doctype: () => emit.detail('active-element', 'document-type-in', { part: name }),
    });
  }
}

export function reportRelationships(zip: ZipReader): void {
  reportLinks(zip);
  for (const name of ['docProps/core.xml', 'docProps/app.xml']) {
    let open = '';
    readXml(zip.text(name) ?? '', {
      open: (tag) => (open = tag),
      close: () => (open = ''),
      text(text) {
        const told =
          /^(dc:creator|cp:lastModifiedBy|dc:title|dc:subject|dc:description|cp:keywords|Company|Manager|Template)$/;
        if (told.test(open) && text.trim() !== '') {
          removed('metadata', property(open, text));
        }
      },
    });
  }
}

/** Where the relationships of a part lead inside the package, by id; what leads outside is not among them. */
export function targetsWithin(zip: ZipReader, part: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  const folder = part.split('/').slice(0, -1);
  const name = part.replace(/([^/]+)$/, '_rels/$1.rels');
  readXml(zip.text(name) ?? '', {
    open(tag, { Id: id = '', Target: target = '', TargetMode: mode = '' }) {
      if (tag !== 'Relationship' || mode.toLowerCase() === 'external') return;
      const steps = target.startsWith('/') ? [] : [...folder];
      for (const step of target.split('/')) {
        if (step === '..') steps.pop();
        else if (step !== '' && step !== '.') steps.push(step);
      }
      targets.set(id, steps.join('/'));
    },
  });
  return targets;
}
