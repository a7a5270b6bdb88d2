// Checks strangers' STIX 2.1 in linear time. Every pattern here is free of nested repetition: see notes/outlook.md section 3.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { isObject, textOf, textsOf, type StixBundle, type StixObject } from './object.ts';

export type StixReason =
  | 'wrong-shape'
  | 'too-large'
  | 'bad-id'
  | 'bad-type'
  | 'bad-property-name'
  | 'bad-timestamp'
  | 'missing-property'
  | 'bad-reference'
  | 'duplicate-object'
  | 'cyclic-references';

export const STIX_LIMITS = {
  objectsMax: 100_000,
  propertiesMax: 500,
  depthMax: 32,
  nameMax: 250,
  listMax: 100_000,
  textMax: 10_000_000,
} as const;

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const ID = new RegExp(`^[a-z][a-z0-9-]{0,249}--${UUID}$`);
const TIMESTAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?Z$/;

/** Letters, digits and single hyphens: `([a-z][a-z0-9]*)+(-[a-z0-9]+)*` without the repetition of a repetition. */
function isTypeName(name: string): boolean {
  return (
    name.length >= 3 &&
    name.length <= STIX_LIMITS.nameMax &&
    /^[a-z][a-z0-9-]*$/.test(name) &&
    !name.includes('--')
  );
}

/** STIX 2.1 section 3.2: lower-case letters, digits and underscores. Keys of dictionaries may be freer. */
const PROPERTY = /^[a-z][a-z0-9_]*$/;
const DICTIONARY_KEY = /^[\w-]+$/;

/** Properties that must be there, by type; what every SDO and SRO has is checked apart. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  'attack-pattern': ['name'],
  campaign: ['name'],
  'course-of-action': ['name'],
  grouping: ['context', 'object_refs'],
  identity: ['name'],
  incident: ['name'],
  indicator: ['pattern', 'pattern_type', 'valid_from'],
  infrastructure: ['name'],
  'intrusion-set': ['name'],
  location: [],
  malware: ['is_family'],
  'malware-analysis': ['product'],
  note: ['content', 'object_refs'],
  'observed-data': ['first_observed', 'last_observed', 'number_observed'],
  opinion: ['opinion', 'object_refs'],
  report: ['name', 'published', 'object_refs'],
  'threat-actor': ['name'],
  tool: ['name'],
  vulnerability: ['name'],
  relationship: ['relationship_type', 'source_ref', 'target_ref'],
  sighting: ['sighting_of_ref'],
  'extension-definition': ['name', 'schema', 'version', 'extension_types'],
  'language-content': ['object_ref', 'contents'],
};

const OBSERVABLES = new Set(
  'artifact autonomous-system directory domain-name email-addr email-message file ipv4-addr ipv6-addr mac-addr mutex network-traffic process software url user-account windows-registry-key x509-certificate'.split(
    ' ',
  ),
);

const TIMES = [
  'created',
  'modified',
  'first_seen',
  'last_seen',
  'valid_from',
  'valid_until',
  'published',
  'first_observed',
  'last_observed',
  'start_time',
  'stop_time',
];

class Walk {
  failure: { reason: StixReason; detail: string } | undefined;

  fail(reason: StixReason, detail: string): void {
    this.failure ??= { reason, detail: detail.slice(0, 300) };
  }

  /** Names and sizes of everything inside; `free` where keys are data and not property names. */
  value(value: unknown, depth: number, free: boolean): void {
    if (this.failure !== undefined) return;
    if (depth > STIX_LIMITS.depthMax)
      this.fail('too-large', `nested deeper than ${STIX_LIMITS.depthMax}`);
    else if (typeof value === 'string') {
      if (value.length > STIX_LIMITS.textMax) this.fail('too-large', 'a text is too long');
    } else if (Array.isArray(value)) {
      if (value.length > STIX_LIMITS.listMax) this.fail('too-large', 'a list is too long');
      for (const item of value) this.value(item, depth + 1, free);
    } else if (isObject(value)) this.members(value, depth, free);
  }

  members(object: Readonly<Record<string, unknown>>, depth: number, free: boolean): void {
    const names = Object.keys(object);
    if (names.length > STIX_LIMITS.propertiesMax)
      this.fail('too-large', `more than ${STIX_LIMITS.propertiesMax} properties`);
    for (const name of names) {
      if (this.failure !== undefined) return;
      if (name.length > STIX_LIMITS.nameMax)
        this.fail('bad-property-name', `a property name of ${name.length} characters`);
      else if (!(free ? DICTIONARY_KEY : PROPERTY).test(name))
        this.fail('bad-property-name', `the property name "${name.slice(0, 60)}"`);
      // Extensions are keyed by extension ids, hashes by algorithm, contents by language: their keys are data.
      else
        this.value(
          object[name],
          depth + 1,
          free ||
            [
              'extensions',
              'hashes',
              'contents',
              'environment_variables',
              'document_info_dict',
              'exif_tags',
              'request_header',
              'additional_header_fields',
              'ipfix',
              'startup_info',
              'definition',
            ].includes(name),
        );
    }
  }

  references(object: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(object)) {
      const ids = name.endsWith('_refs')
        ? Array.isArray(value)
          ? value
          : [value]
        : name.endsWith('_ref')
          ? [value]
          : [];
      for (const id of ids)
        if (typeof id !== 'string' || !ID.test(id))
          this.fail('bad-reference', `${name} holds no identifier`);
    }
  }
}

function checkHead(walk: Walk, object: Readonly<Record<string, unknown>>): void {
  const type = textOf(object['type']);
  const id = textOf(object['id']);
  if (!isTypeName(type)) return walk.fail('bad-type', `the type "${type.slice(0, 60)}"`);
  if (!ID.test(id)) return walk.fail('bad-id', `the id "${id.slice(0, 60)}"`);
  if (!id.startsWith(`${type}--`)) return walk.fail('bad-id', `the id ${id} of a ${type}`);
  for (const name of TIMES) {
    const value = object[name];
    if (value !== undefined && (typeof value !== 'string' || !TIMESTAMP.test(value)))
      walk.fail('bad-timestamp', `${name} of ${id}`);
  }
  const required = REQUIRED[type] ?? [];
  // Markings may lack "modified"; observables have neither; own types have what they have.
  const dated =
    type === 'marking-definition'
      ? ['created']
      : OBSERVABLES.has(type) || REQUIRED[type] === undefined
        ? []
        : ['created', 'modified'];
  const missing = [...dated, ...required].find((name) => object[name] === undefined);
  if (missing !== undefined) walk.fail('missing-property', `${missing} of ${id}`);
  for (const name of ['object_refs', 'object_marking_refs', 'labels', 'external_references']) {
    const value = object[name];
    if (value !== undefined && (!Array.isArray(value) || value.length === 0))
      walk.fail('wrong-shape', `${name} of ${id} is an empty or no list`);
  }
}

/** Checks one object; `upgraded` objects of STIX 2.0 lack only their `spec_version`. */
export function checkStixObject(value: unknown): Verdict<StixObject, StixReason> {
  if (!isObject(value)) return refuse('wrong-shape', { detail: 'an object is expected' });
  const walk = new Walk();
  checkHead(walk, value);
  walk.members(value, 0, false);
  walk.references(value);
  if (walk.failure !== undefined)
    return refuse(walk.failure.reason, { detail: walk.failure.detail });
  return accept(value as StixObject);
}

/** What holds what: a container or a marking that contains itself by any way can never be drawn or resolved. */
const HOLDING = ['object_refs', 'object_marking_refs'];

/** The first object of a cycle of holders, or undefined. Iterative, so that a chain of 100,000 does no harm. */
function holdingCycle(objects: readonly StixObject[]): string | undefined {
  const held = new Map(
    objects.map((object) => [object.id, HOLDING.flatMap((name) => textsOf(object[name]))]),
  );
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of held.keys()) {
    const stack: { id: string; next: number }[] = done.has(start) ? [] : [{ id: start, next: 0 }];
    if (stack.length > 0) open.add(start);
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (top === undefined) break;
      const child = held.get(top.id)?.[top.next++];
      if (child === undefined) {
        open.delete(top.id);
        done.add(top.id);
        stack.pop();
      } else if (open.has(child)) return child;
      else if (held.has(child) && !done.has(child)) {
        open.add(child);
        stack.push({ id: child, next: 0 });
      }
    }
  }
  return undefined;
}

/** Checks a bundle and everything in it. Two versions of one object may stand side by side, the same version twice not. */
export function checkStixBundle(value: unknown): Verdict<StixBundle, StixReason> {
  if (!isObject(value) || value['type'] !== 'bundle')
    return refuse('wrong-shape', { detail: 'it is no bundle' });
  if (!ID.test(textOf(value['id'])) || !textOf(value['id']).startsWith('bundle--'))
    return refuse('bad-id', { detail: 'the id of the bundle' });
  const objects = value['objects'] ?? [];
  if (!Array.isArray(objects)) return refuse('wrong-shape', { detail: '"objects" is no list' });
  if (objects.length > STIX_LIMITS.objectsMax)
    return refuse('too-large', { detail: `more than ${STIX_LIMITS.objectsMax} objects` });
  const seen = new Set<string>();
  const checked: StixObject[] = [];
  for (const [at, object] of (objects as unknown[]).entries()) {
    const one = checkStixObject(object);
    if (!one.ok) return { ...one, at };
    const version = `${one.value.id}|${textOf(one.value['modified'])}`;
    if (seen.has(version)) return refuse('duplicate-object', { at, detail: one.value.id });
    seen.add(version);
    checked.push(one.value);
  }
  const cycle = holdingCycle(checked);
  if (cycle !== undefined) return refuse('cyclic-references', { detail: `${cycle} holds itself` });
  return accept({ ...value, type: 'bundle', id: textOf(value['id']), objects: checked });
}

/** STIX 2.0 to 2.1: the version moves from the bundle to its objects, and lists that 2.1 forbids to be empty go. */
export function upgradeStix(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (value['type'] === 'bundle') {
    const { spec_version: _version, objects, ...rest } = value;
    return {
      ...rest,
      objects: Array.isArray(objects) ? (objects as unknown[]).map(upgradeStix) : objects,
    };
  }
  const observable = OBSERVABLES.has(textOf(value['type']));
  const entries = Object.entries(value).filter(
    ([, member]) => !(Array.isArray(member) && member.length === 0) && member !== null,
  );
  const object = Object.fromEntries(entries);
  const malware =
    value['type'] === 'malware' && value['is_family'] === undefined ? { is_family: true } : {};
  const indicator =
    value['type'] === 'indicator' && value['pattern_type'] === undefined
      ? { pattern_type: 'stix' }
      : {};
  return observable || value['spec_version'] !== undefined
    ? object
    : { ...object, ...malware, ...indicator, spec_version: '2.1' };
}
