// MISP core format both ways: events to incidents and back, galaxies to actors, tags to marks.

import { toHex, utf8, type Crypto } from '@parley/kernel';
import { readDay, spanOfDay } from '../calendar.ts';
import { countryCode, countryName } from '../country.ts';
import { readRecord } from '../history/check.ts';
import { type HistoryRecord, type Incident, type IncidentKind } from '../history/record.ts';
import { clip, type Imported, type NamedActor, type RefusedRow } from '../imports/imported.ts';
import { readAdmiralty, readTlp, strictestTlp, type AdmiraltyCode, type Tlp } from '../marking.ts';
import { canonicalJson } from '../snapshot.ts';
import { isObject, textOf, textsOf } from '../stix/object.ts';

type Loose = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The attribute that carries a whole record of ours through MISP. */
const RECORD_COMMENT = 'parley-record/1';

type Tags = {
  readonly tlp: Tlp;
  readonly admiralty: AdmiraltyCode | null;
  readonly names: readonly string[];
};

function tagsOf(event: Loose): Tags {
  const names = listOf(event['Tag']).map((tag) => textOf(tag['name']));
  let tlp: Tlp = 'clear';
  let [reliability, credibility] = ['', ''];
  for (const name of names) {
    const read = /^tlp:/i.test(name) ? readTlp(name) : undefined;
    if (read?.ok === true) tlp = strictestTlp(tlp, read.value);
    reliability = /admiralty-scale:source-reliability="([a-g])"/i.exec(name)?.[1] ?? reliability;
    credibility =
      /admiralty-scale:information-credibility="([1-6])"/i.exec(name)?.[1] ?? credibility;
  }
  const admiralty = readAdmiralty(`${reliability}${credibility}`);
  return { tlp, admiralty: admiralty.ok ? admiralty.value : null, names };
}

type Cluster = {
  readonly galaxy: string;
  readonly value: string;
  readonly country: string;
  readonly sponsored: boolean;
  readonly technique: string;
};

function clustersOf(event: Loose): Cluster[] {
  const places = [event, ...listOf(event['Attribute'])];
  return places
    .flatMap((place) => listOf(place['Galaxy']))
    .flatMap((galaxy) =>
      listOf(galaxy['GalaxyCluster']).map((cluster) => {
        const meta = isObject(cluster['meta']) ? cluster['meta'] : {};
        return {
          galaxy: textOf(galaxy['type']) || textOf(cluster['type']),
          value: textOf(cluster['value']),
          country: textsOf(meta['country'])[0] ?? textOf(meta['country']),
          sponsored: meta['cfr-suspected-state-sponsor'] !== undefined,
          technique: textsOf(meta['external_id'])[0] ?? textOf(meta['external_id']) ?? '',
        };
      }),
    );
}

const KIND_TAGS: readonly (readonly [RegExp, IncidentKind])[] = [
  [/ransomware/i, 'ransom'],
  [/wiper|destruct|sabotage/i, 'destruction'],
  [/ddos|denial-of-service|availability/i, 'disruption'],
  [/deface/i, 'defacement'],
  [/dox|leak/i, 'doxing'],
  [/espionage|exfiltration|data-theft|phishing/i, 'espionage'],
];

function foreignIncident(event: Loose): Incident | RefusedRow {
  const uuid = textOf(event['uuid']);
  const date = readDay(textOf(event['date']));
  if (!date.ok)
    return {
      row: uuid || textOf(event['info']).slice(0, 60),
      reason: date.reason,
      detail: date.detail ?? '',
    };
  const { tlp, admiralty, names } = tagsOf(event);
  const clusters = clustersOf(event);
  const actors = clusters.filter(({ galaxy }) =>
    /threat-actor|intrusion-set|microsoft-activity-group/.test(galaxy),
  );
  const targets = clusters.filter(({ galaxy }) => /target-information|country/.test(galaxy));
  const words = `${names.join(' ')} ${textOf(event['info'])}`;
  const links = listOf(event['Attribute']).filter((attribute) => attribute['type'] === 'link');
  const span = spanOfDay(date.value);
  return {
    type: 'incident',
    id: `misp:${uuid}`,
    title: clip(textOf(event['info']), 300),
    // MISP's date is that of the event as it was filed, not of the attack.
    occurred: null,
    ended: null,
    disclosed: span,
    severity: null,
    initiators: actors.map((cluster) => ({
      actor: clip(cluster.value, 300),
      country: countryCode(cluster.country) ?? null,
      sponsor: cluster.sponsored ? 'state' : 'unknown',
      basis: 'MISP galaxy',
      confidence: null,
      attributed: null,
      disputed: false,
    })),
    receivers: targets.map((cluster) => ({
      country: countryCode(cluster.value) ?? null,
      sector: null,
    })),
    kinds: KIND_TAGS.filter(([pattern]) => pattern.test(words)).map(([, kind]) => kind),
    techniques: clusters
      .map(({ technique }) => technique)
      .filter((technique) => /^T\d{4}(\.\d{3})?$/.test(technique)),
    effect: null,
    duplicateOf: null,
    sources: links.slice(0, 20).map((link) => ({
      title: 'MISP',
      url: clip(textOf(link['value']), 2000),
      span: null,
      admiralty,
    })),
    provenance: { dataset: 'MISP', row: uuid, licence: 'as the sharing community says' },
    corrections: [],
    tlp,
    remarks: ['MISP dates the filing of the event, not the attack.'],
  };
}

function recordOf(event: Loose): HistoryRecord | RefusedRow {
  const carried = listOf(event['Attribute']).find(
    (attribute) => attribute['comment'] === RECORD_COMMENT,
  );
  if (carried === undefined) return foreignIncident(event);
  let value: unknown;
  try {
    value = JSON.parse(textOf(carried['value']));
  } catch {
    return { row: textOf(event['uuid']), reason: 'not-json', detail: 'the record that it carries' };
  }
  const record = readRecord(value);
  if (!record.ok)
    return { row: textOf(event['uuid']), reason: record.reason, detail: record.detail ?? '' };
  // Tags may have been tightened on the way; they never loosen.
  return { ...record.value, tlp: strictestTlp(record.value.tlp, tagsOf(event).tlp) };
}

/** One event, a list of events, or the answer of a search. */
export function mispEvents(value: unknown): Loose[] | undefined {
  const list = Array.isArray(value)
    ? (value as unknown[])
    : isObject(value) && Array.isArray(value['response'])
      ? (value['response'] as unknown[])
      : [value];
  const events = list.flatMap((item) =>
    isObject(item) && isObject(item['Event']) ? [item['Event']] : [],
  );
  return events.length > 0 && events.length === list.length ? events : undefined;
}

export function importMispEvents(events: readonly Loose[]): Imported {
  const records: HistoryRecord[] = [];
  const refused: RefusedRow[] = [];
  for (const event of events) {
    const read = recordOf(event);
    if ('reason' in read) refused.push(read);
    else records.push(read);
  }
  return { dataset: 'MISP', records, actors: [], refused, remarks: [] };
}

export function looksLikeGalaxy(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value['values']) &&
    typeof value['type'] === 'string' &&
    typeof value['uuid'] === 'string'
  );
}

/** A galaxy's clusters as actors; galaxies that are not of actors give none. */
export function importGalaxy(galaxy: Loose): Imported {
  const type = textOf(galaxy['type']);
  const ofActors = /threat-actor|intrusion-set/.test(type);
  const actors: NamedActor[] = listOf(galaxy['values']).map((cluster) => {
    const meta = isObject(cluster['meta']) ? cluster['meta'] : {};
    return {
      name: clip(textOf(cluster['value']).replace(/ - G\d{4}$/, ''), 200),
      aliases: textsOf(meta['synonyms']).map((alias) => clip(alias, 200)),
      country: countryCode(textOf(meta['country'])) ?? null,
      sponsor: meta['cfr-suspected-state-sponsor'] === undefined ? 'unknown' : 'state',
      techniques: [],
      source: `MISP galaxy ${type}`,
    };
  });
  return {
    dataset: `MISP galaxy ${type}`,
    records: [],
    actors: ofActors ? actors : [],
    refused: [],
    remarks: ofActors
      ? []
      : [`The galaxy "${clip(type, 60)}" holds no actors: nothing of it is used.`],
  };
}

function uuidOf(crypto: Crypto, name: string): string {
  const hex = toHex(crypto.hash('sha256', utf8(`parley/v1/misp\0${name}`)));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A record as a MISP event: readable attributes and tags for everybody, and the whole record in one attribute. */
export function mispEvent(
  crypto: Crypto,
  record: HistoryRecord,
  timestampS: number,
): { readonly Event: Loose } {
  const date = (record.disclosed ?? record.occurred)?.end ?? '1970-01-01';
  const attribute = (type: string, category: string, value: string, comment: string): Loose => ({
    uuid: uuidOf(crypto, `${record.id}|${type}|${value}|${comment}`),
    type,
    category,
    value,
    comment,
    to_ids: false,
    distribution: '5',
    timestamp: String(timestampS),
  });
  const admiralty = record.sources.find((source) => source.admiralty !== null)?.admiralty ?? null;
  const tags = [
    `tlp:${record.tlp}`,
    ...(admiralty === null
      ? []
      : [
          `admiralty-scale:source-reliability="${admiralty.charAt(0).toLowerCase()}"`,
          `admiralty-scale:information-credibility="${admiralty.charAt(1)}"`,
        ]),
    ...(record.type === 'incident'
      ? record.kinds.map((kind) => `parley:kind="${kind}"`)
      : [`parley:class="${record.class}"`]),
  ];
  const attributes = [
    ...record.sources.flatMap((source) =>
      source.url === null ? [] : [attribute('link', 'External analysis', source.url, source.title)],
    ),
    ...(record.type === 'incident' ? record.initiators : []).flatMap((one) =>
      one.actor === null
        ? []
        : [attribute('threat-actor', 'Attribution', one.actor, one.basis ?? '')],
    ),
    ...(record.type === 'incident' ? record.receivers : []).flatMap(({ country }) =>
      country === null
        ? []
        : [attribute('target-location', 'Targeting data', countryName(country), '')],
    ),
    attribute('text', 'Internal reference', canonicalJson(record), RECORD_COMMENT),
  ];
  return {
    Event: {
      uuid: uuidOf(crypto, record.id),
      info: record.title,
      date,
      threat_level_id:
        record.severity === null
          ? '4'
          : record.severity >= 4
            ? '1'
            : record.severity === 3
              ? '2'
              : '3',
      analysis: '2',
      distribution: '0',
      timestamp: String(timestampS),
      published: false,
      Orgc: { name: 'Parley outlook', uuid: '3d0f7d52-6c1c-4c55-9a4e-5b7e2f10c6aa' },
      Tag: tags.map((name) => ({ name })),
      Attribute: attributes,
    },
  };
}
