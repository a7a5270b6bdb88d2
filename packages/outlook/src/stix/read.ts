// STIX objects as history: ours come back whole, others give what a stub can give; actors go to the gazetteer.

import { readDay, spanOfDay, type Span } from '../calendar.ts';
import { countryCode, type CountryCode } from '../country.ts';
import { countriesIn } from '../country-mentions.ts';
import { readRecord } from '../history/check.ts';
import type { HistoryRecord, Incident, Sponsor } from '../history/record.ts';
import { clip, type Imported, type NamedActor, type RefusedRow } from '../imports/imported.ts';
import { strictestTlp, tlpOfMarking, type Tlp } from '../marking.ts';
import { isObject, textOf, textsOf, type StixObject } from './object.ts';
import { RECORD_EXTENSION } from './write.ts';

function spanOfTimestamp(value: unknown): Span | null {
  const read = readDay(textOf(value).slice(0, 10));
  return read.ok ? spanOfDay(read.value) : null;
}

function tlpOf(object: StixObject): Tlp {
  return textsOf(object['object_marking_refs'])
    .map(tlpOfMarking)
    .filter((tlp) => tlp !== undefined)
    .reduce(strictestTlp, 'clear');
}

const sponsorOf = (text: string): Sponsor =>
  /state-sponsored|nation-state|government|intelligence|military/i.test(text) ? 'state' : 'unknown';

/** "a North Korean state-sponsored group": the country a description names first, if it says that the group is of it. */
function countryOf(object: StixObject): CountryCode | null {
  const given = countryCode(textOf(object['country']));
  if (given !== undefined) return given;
  const first = textOf(object['description'])
    .split(/(?<=\.)\s/)
    .slice(0, 2)
    .join(' ');
  if (
    !/\b(?:group|actor|threat|espionage|state-sponsored|operat\w+|unit|based in|attributed to|associated with|sponsored)\b/i.test(
      first,
    )
  )
    return null;
  return countriesIn(first)[0] ?? null;
}

function techniquesOf(
  id: string,
  objects: ReadonlyMap<string, StixObject>,
  relations: readonly StixObject[],
): string[] {
  return relations.flatMap((relation) => {
    if (relation['relationship_type'] !== 'uses' || relation['source_ref'] !== id) return [];
    const pattern = objects.get(textOf(relation['target_ref']));
    const references = Array.isArray(pattern?.['external_references'])
      ? (pattern['external_references'] as unknown[])
      : [];
    return references.flatMap((reference) =>
      isObject(reference) && /^T\d{4}(\.\d{3})?$/.test(textOf(reference['external_id']))
        ? [textOf(reference['external_id'])]
        : [],
    );
  });
}

function actorOf(object: StixObject, techniques: readonly string[]): NamedActor {
  const name = clip(textOf(object['name']), 200);
  return {
    name,
    aliases: textsOf(object['aliases'])
      .filter((alias) => alias !== name)
      .map((alias) => clip(alias, 200)),
    country: countryOf(object),
    sponsor: sponsorOf(textOf(object['description'])),
    techniques: [...new Set(techniques)],
    source: 'STIX',
  };
}

function sourcesOf(object: StixObject): Incident['sources'] {
  const references = Array.isArray(object['external_references'])
    ? (object['external_references'] as unknown[])
    : [];
  return references.slice(0, 20).flatMap((reference) => {
    if (!isObject(reference)) return [];
    const url = textOf(reference['url']);
    return [
      {
        title: clip(textOf(reference['source_name']), 300),
        url: /^https?:/.test(url) ? clip(url, 2000) : null,
        span: null,
        admiralty: null,
      },
    ];
  });
}

function incidentOf(
  object: StixObject,
  actors: readonly NamedActor[],
  techniques: readonly string[],
): Incident {
  const first = spanOfTimestamp(object['first_seen']);
  const dated =
    first !== null && first.start.endsWith('-01')
      ? ({ start: first.start, end: `${first.start.slice(0, 8)}28`, precision: 'range' } as const)
      : first;
  return {
    type: 'incident',
    id: `stix:${object.id}`,
    title: clip(textOf(object['name']) || object.id, 300),
    occurred: dated,
    ended: spanOfTimestamp(object['last_seen']),
    disclosed: spanOfTimestamp(object['created']),
    severity: null,
    initiators: actors.map((actor) => ({
      actor: actor.name,
      country: actor.country,
      sponsor: actor.sponsor,
      basis: 'STIX relationship',
      confidence: typeof object['confidence'] === 'number' ? object['confidence'] : null,
      attributed: null,
      disputed: false,
    })),
    receivers: countriesIn(textOf(object['description']))
      .filter((country) => !actors.some((actor) => actor.country === country))
      .map((country) => ({ country, sector: null })),
    kinds: [],
    techniques: [...new Set(techniques)],
    effect: clip(textOf(object['description']), 4000) || null,
    duplicateOf: null,
    sources: sourcesOf(object),
    provenance: { dataset: 'STIX', row: object.id, licence: 'as its producer says' },
    corrections: [],
    tlp: tlpOf(object),
    remarks: [
      'Receivers are the countries that its description names.',
      ...(dated === first ? [] : ['A first of a month is read as "some time in that month".']),
    ],
  };
}

function ourRecord(object: StixObject): HistoryRecord | RefusedRow | undefined {
  const extensions = object['extensions'];
  const ours = isObject(extensions) ? extensions[RECORD_EXTENSION] : undefined;
  if (!isObject(ours)) return undefined;
  const record = readRecord(ours['record']);
  if (!record.ok) return { row: object.id, reason: record.reason, detail: record.detail ?? '' };
  return { ...record.value, tlp: strictestTlp(record.value.tlp, tlpOf(object)) };
}

/** Takes what is history from checked objects. The newest version of each counts, revoked ones not. */
export function importStixObjects(all: readonly StixObject[]): Imported {
  const newest = new Map<string, StixObject>();
  for (const object of all) {
    const held = newest.get(object.id);
    if (held === undefined || textOf(held['modified']) < textOf(object['modified']))
      newest.set(object.id, object);
  }
  const objects = [...newest.values()].filter(
    (object) => object['revoked'] !== true && object['x_mitre_deprecated'] !== true,
  );
  const relations = objects.filter(({ type }) => type === 'relationship');
  const actors = new Map<string, NamedActor>();
  for (const object of objects) {
    if (object.type === 'threat-actor' || object.type === 'intrusion-set')
      actors.set(object.id, actorOf(object, techniquesOf(object.id, newest, relations)));
  }
  const records: HistoryRecord[] = [];
  const refused: RefusedRow[] = [];
  for (const object of objects) {
    const ours = ourRecord(object);
    if (ours !== undefined) {
      if ('reason' in ours) refused.push(ours);
      else records.push(ours);
    } else if (object.type === 'incident' || object.type === 'campaign') {
      const by = relations.filter(
        (relation) =>
          relation['relationship_type'] === 'attributed-to' && relation['source_ref'] === object.id,
      );
      const named = by.flatMap((relation) => actors.get(textOf(relation['target_ref'])) ?? []);
      records.push(incidentOf(object, named, techniquesOf(object.id, newest, relations)));
    }
  }
  return { dataset: 'STIX', records, actors: [...actors.values()], refused, remarks: [] };
}
