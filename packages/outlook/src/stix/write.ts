// Our records and forecasts as STIX 2.1: standard objects for everybody, and a property extension that keeps every field.

import { toHex, utf8, type Crypto } from '@parley/kernel';
import { countryName, type CountryCode } from '../country.ts';
import type { Forecast } from '../forecast/forecast.ts';
import { cautionText } from '../forecast/cautions.ts';
import { questionText } from '../forecast/question.ts';
import { chanceText } from '../forecast/words.ts';
import type { HistoryRecord } from '../history/record.ts';
import { TLP_MARKINGS, type Tlp } from '../marking.ts';
import { canonicalJson } from '../snapshot.ts';
import type { StixBundle, StixObject } from './object.ts';

/** The extension definitions of ours. They are fixed for ever: other programs look for them. */
export const RECORD_EXTENSION = 'extension-definition--6f5a3c1e-2c0b-4d6e-9d2a-7b1f0c9e8a41';
export const FORECAST_EXTENSION = 'extension-definition--b2d47e90-51fc-4a3b-8f6d-0e9c1a7d3c52';
export const PRODUCER = 'identity--3d0f7d52-6c1c-4c55-9a4e-5b7e2f10c6aa';

const EPOCH = '2026-11-21T00:00:00.000Z';

const base = (type: string, id: string, at: string) => ({
  type,
  spec_version: '2.1',
  id,
  created: at,
  modified: at,
});

/** A UUID from a name: 122 bits of SHA-256 in the shape of version 4, because STIX schemas know no newer shape. */
function idOf(crypto: Crypto, type: string, name: string): string {
  const hex = toHex(crypto.hash('sha256', utf8(`parley/v1/stix\0${type}\0${name}`)));
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '8';
  return `${type}--${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const producer: StixObject = {
  ...base('identity', PRODUCER, EPOCH),
  name: 'Parley outlook',
  identity_class: 'system',
};

const extensionDefinitions: readonly StixObject[] = [
  {
    ...base('extension-definition', RECORD_EXTENSION, EPOCH),
    created_by_ref: PRODUCER,
    name: 'Parley history record',
    description:
      'Date precision, disclosure, attribution basis, corrections and remarks of a dated event or incident.',
    schema: 'A property "record" holding the record as docs/outlook.md of Parley describes it.',
    version: '1.0.0',
    extension_types: ['property-extension'],
  },
  {
    ...base('extension-definition', FORECAST_EXTENSION, EPOCH),
    created_by_ref: PRODUCER,
    name: 'Parley forecast',
    description:
      'A probability with its interval, base rate, question and resolution rule. STIX confidence is not a probability and is not used for one.',
    schema:
      'Properties "probability", "low", "high", "base_rate", "issued", "closes", "rule", "source", "model", "snapshot" and "forecast" (the whole forecast).',
    version: '1.0.0',
    extension_types: ['property-extension'],
  },
];

/** TLP 2.0 as its own extension of marking definitions (OASIS and FIRST, 2022). */
const TLP_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';

function tlpMarking(tlp: Tlp): StixObject {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: TLP_MARKINGS[tlp],
    created: '2022-10-01T00:00:00.000Z',
    name: `TLP:${tlp.toUpperCase()}`,
    extensions: { [TLP_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: tlp } },
  };
}

/** Collects objects once each, in the order in which they were needed. */
class Shelf {
  readonly objects = new Map<string, StixObject>();
  readonly crypto: Crypto;
  readonly at: string;

  constructor(crypto: Crypto, at: string) {
    this.crypto = crypto;
    this.at = at;
  }

  put(object: StixObject): string {
    if (!this.objects.has(object.id)) this.objects.set(object.id, object);
    return object.id;
  }

  country(code: CountryCode): string {
    return this.put({
      ...base('location', idOf(this.crypto, 'location', code), EPOCH),
      created_by_ref: PRODUCER,
      name: countryName(code),
      country: code,
    });
  }

  actor(name: string, country: CountryCode | null): string {
    const id = this.put({
      ...base('threat-actor', idOf(this.crypto, 'threat-actor', `${country ?? ''}|${name}`), EPOCH),
      created_by_ref: PRODUCER,
      name,
    });
    if (country !== null) this.relate(id, 'located-at', this.country(country));
    return id;
  }

  relate(source: string, type: string, target: string): void {
    this.put({
      ...base(
        'relationship',
        idOf(this.crypto, 'relationship', `${source}|${type}|${target}`),
        this.at,
      ),
      created_by_ref: PRODUCER,
      relationship_type: type,
      source_ref: source,
      target_ref: target,
    });
  }

  marking(tlp: Tlp): string {
    return this.put(tlpMarking(tlp));
  }
}

function references(record: HistoryRecord): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [
    {
      source_name: record.provenance.dataset,
      external_id: record.provenance.row,
      description: `Licence: ${record.provenance.licence}`,
    },
  ];
  for (const source of record.sources) {
    rows.push({
      source_name: source.title === '' ? 'source' : source.title,
      ...(source.url === null ? {} : { url: source.url }),
      ...(source.admiralty === null ? {} : { description: `Admiralty ${source.admiralty}` }),
    });
  }
  return rows;
}

function putRecord(shelf: Shelf, record: HistoryRecord): void {
  const common = {
    created_by_ref: PRODUCER,
    external_references: references(record),
    object_marking_refs: [shelf.marking(record.tlp)],
    extensions: { [RECORD_EXTENSION]: { extension_type: 'property-extension', record } },
  };
  if (record.type === 'event') {
    const places = [...record.actors, ...record.against].map((code) => shelf.country(code));
    shelf.put({
      ...base('note', idOf(shelf.crypto, 'note', record.id), shelf.at),
      ...common,
      abstract: record.class,
      content: `${record.occurred?.start ?? 'undated'}: ${record.title}`,
      labels: ['parley-event', record.class],
      object_refs: places.length > 0 ? [...new Set(places)] : [PRODUCER],
    });
    return;
  }
  const id = shelf.put({
    ...base('incident', idOf(shelf.crypto, 'incident', record.id), shelf.at),
    ...common,
    name: record.title,
    ...(record.effect === null ? {} : { description: record.effect }),
    ...(record.kinds.length === 0 ? {} : { labels: [...record.kinds] }),
  });
  for (const initiator of record.initiators) {
    if (initiator.actor !== null)
      shelf.relate(id, 'attributed-to', shelf.actor(initiator.actor, initiator.country));
    else if (initiator.country !== null)
      shelf.relate(
        id,
        'attributed-to',
        shelf.actor(`State of ${countryName(initiator.country)}`, initiator.country),
      );
  }
  for (const { country } of record.receivers)
    if (country !== null) shelf.relate(id, 'targets', shelf.country(country));
}

/** JSON has no undefined; a STIX property with an empty list or null is not valid, so the forecast travels as text. */
function putForecast(shelf: Shelf, forecast: Forecast): void {
  const { question } = forecast;
  const note = shelf.put({
    ...base('note', idOf(shelf.crypto, 'note', canonicalJson(forecast)), shelf.at),
    created_by_ref: PRODUCER,
    abstract: `Forecast: ${questionText(question)}`,
    content: `${chanceText(forecast.p, forecast.interval90.low, forecast.interval90.high)}; base rate ${(100 * forecast.baseRate).toFixed(1)} %. ${forecast.cautions.map(cautionText).join(' ')}`,
    labels: ['parley-forecast'],
    object_refs: [question.initiator, ...question.receivers].map((code) => shelf.country(code)),
    extensions: {
      [FORECAST_EXTENSION]: {
        extension_type: 'property-extension',
        probability: forecast.p,
        low: forecast.interval90.low,
        high: forecast.interval90.high,
        base_rate: forecast.baseRate,
        issued: question.issued,
        closes: question.closes,
        rule: question.rule,
        source: question.source,
        model: forecast.model,
        snapshot: forecast.snapshot,
        forecast: canonicalJson(forecast),
      },
    },
  });
  for (const adjustment of forecast.adjustments) {
    shelf.put({
      ...base('opinion', idOf(shelf.crypto, 'opinion', canonicalJson(adjustment)), shelf.at),
      created_by_ref: PRODUCER,
      opinion: 'disagree',
      explanation: `${adjustment.reason} (log-odds ${adjustment.logOdds})`,
      authors: [adjustment.by],
      object_refs: [note],
    });
  }
}

/** A bundle of records and forecasts; ids and order depend on the content alone. `at` is the time of writing, in STIX form. */
export function stixBundle(
  crypto: Crypto,
  records: readonly HistoryRecord[],
  forecasts: readonly Forecast[],
  at: string,
): StixBundle {
  const shelf = new Shelf(crypto, at);
  shelf.put(producer);
  for (const definition of extensionDefinitions) shelf.put(definition);
  for (const record of records) putRecord(shelf, record);
  for (const forecast of forecasts) putForecast(shelf, forecast);
  const objects = [...shelf.objects.values()];
  return {
    type: 'bundle',
    id: idOf(crypto, 'bundle', objects.map(({ id }) => id).join('|')),
    objects,
  };
}
