// A TAXII 2.1 server as a function: request and shelf in, response out. It holds what it is given and invents nothing.

import { fromUtf8, utf8 } from '@parley/kernel';
import { checkStixObject } from '../stix/validate.ts';
import { isObject, textOf, type StixObject } from '../stix/object.ts';
import {
  acceptsTaxii,
  TAXII_TYPE,
  versionOf,
  type Collection,
  type HttpRequest,
  type HttpResponse,
} from './protocol.ts';

export type Stored = {
  readonly object: StixObject;
  readonly added: string;
  readonly version: string;
};

/** Kept by whoever runs the server; `stored` is in the order of addition. */
export type Shelf = { readonly collection: Collection; readonly stored: Stored[] };

export type TaxiiServer = {
  readonly title: string;
  readonly contact: string;
  /** Path of the API root, such as `/api/`. */
  readonly root: string;
  readonly shelves: readonly Shelf[];
  /** Who may do what: undefined is a stranger (401), otherwise the ids that may be read and written. */
  readonly authorise: (
    authorization: string | undefined,
  ) => { readonly read: ReadonlySet<string>; readonly write: ReadonlySet<string> } | undefined;
  readonly nowMs: () => number;
  readonly statuses: Map<string, object>;
  readonly newId: () => string;
};

export const TAXII_LIMITS = {
  bodyBytesMax: 10 * 1024 * 1024,
  objectsMax: 10_000,
  pageMax: 1000,
  storedMax: 200_000,
  statusesMax: 1000,
} as const;

type Answer = {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const ok = (value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  value,
  headers,
});

function failure(
  status: number,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, value: { title, http_status: String(status) }, headers };
}

type Query = ReadonlyMap<string, string>;

function readQuery(url: string): { path: string; query: Query } | undefined {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = new Map<string, string>();
  try {
    for (const part of at < 0
      ? []
      : url
          .slice(at + 1)
          .split('&')
          .filter((piece) => piece !== '')) {
      const equals = part.indexOf('=');
      const name = decodeURIComponent(equals < 0 ? part : part.slice(0, equals));
      query.set(
        name,
        equals < 0 ? '' : decodeURIComponent(part.slice(equals + 1).replaceAll('+', ' ')),
      );
    }
  } catch {
    return undefined;
  }
  return { path, query };
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Fractions are padded, so that times compare as texts. */
const comparable = (time: string): string => {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${whole}.${fraction.padEnd(9, '0')}`;
};

const splitList = (value: string | undefined): string[] | undefined =>
  value === undefined ? undefined : value.split(',').filter((item) => item !== '');

/** `match[version]`: last unless asked otherwise, per object. */
function byVersion(stored: readonly Stored[], wanted: readonly string[]): Stored[] {
  if (wanted.includes('all')) return [...stored];
  const versions = new Map<string, string[]>();
  for (const { object, version } of stored)
    versions.set(object.id, [...(versions.get(object.id) ?? []), version]);
  const ends = new Map(
    [...versions].map(([id, list]) => {
      const sorted = list.toSorted((a, b) => (comparable(a) < comparable(b) ? -1 : 1));
      return [id, { first: sorted[0], last: sorted.at(-1) }];
    }),
  );
  return stored.filter(({ object, version }) => {
    const end = ends.get(object.id);
    return wanted.some((want) =>
      want === 'first'
        ? version === end?.first
        : want === 'last'
          ? version === end?.last
          : comparable(want) === comparable(version),
    );
  });
}

type Page = { readonly rows: readonly Stored[]; readonly next: string | undefined };

function select(shelf: Shelf, query: Query, only?: string): Page | Answer {
  const after = query.get('added_after');
  if (after !== undefined && !TIMESTAMP.test(after))
    return failure(400, 'added_after is no timestamp');
  const limitText = query.get('limit');
  const limit = limitText === undefined ? TAXII_LIMITS.pageMax : Number(limitText);
  if (!Number.isInteger(limit) || limit < 1)
    return failure(400, 'limit is no positive whole number');
  const nextText = query.get('next');
  const offset = nextText === undefined ? 0 : Number(nextText);
  if (!Number.isInteger(offset) || offset < 0)
    return failure(400, 'next was not given out by this server');
  const ids = only === undefined ? splitList(query.get('match[id]')) : [only];
  const types = splitList(query.get('match[type]'));
  const specs = splitList(query.get('match[spec_version]'));
  const found = shelf.stored.filter(
    ({ object, added }) =>
      (ids === undefined || ids.includes(object.id)) &&
      (types === undefined || types.includes(object.type)) &&
      (specs === undefined || specs.includes(textOf(object['spec_version']) || '2.1')) &&
      (after === undefined || comparable(added) > comparable(after)),
  );
  const versioned = byVersion(found, splitList(query.get('match[version]')) ?? ['last']).toSorted(
    (a, b) =>
      comparable(a.added) < comparable(b.added)
        ? -1
        : comparable(a.added) > comparable(b.added)
          ? 1
          : 0,
  );
  const end = offset + Math.min(limit, TAXII_LIMITS.pageMax);
  return {
    rows: versioned.slice(offset, end),
    next: end < versioned.length ? String(end) : undefined,
  };
}

function dated(rows: readonly Stored[]): Record<string, string> {
  const [first, last] = [rows[0], rows.at(-1)];
  return first === undefined || last === undefined
    ? {}
    : { 'x-taxii-date-added-first': first.added, 'x-taxii-date-added-last': last.added };
}

const paging = (page: Page): object =>
  page.next === undefined ? {} : { more: true, next: page.next };

function readShelf(shelf: Shelf, query: Query, rest: readonly string[]): Answer {
  const [what, id, versions] = rest;
  if (what === undefined) return ok(shelf.collection);
  const only = what === 'objects' ? id : undefined;
  const known = new Set(['objects', 'manifest']);
  if (
    !known.has(what) ||
    (what === 'manifest' && id !== undefined) ||
    (versions !== undefined && versions !== 'versions')
  )
    return failure(404, 'there is no such place');
  if (only !== undefined && !shelf.stored.some(({ object }) => object.id === only))
    return failure(404, 'there is no such object');
  const page = select(
    shelf,
    versions === undefined ? query : new Map([...query, ['match[version]', 'all']]),
    only,
  );
  if ('status' in page) return page;
  if (versions !== undefined)
    return ok(
      { ...paging(page), versions: page.rows.map(({ version }) => version) },
      dated(page.rows),
    );
  const rows =
    what === 'manifest'
      ? page.rows.map(({ object, added, version }) => ({
          id: object.id,
          date_added: added,
          version,
          media_type: 'application/stix+json;version=2.1',
        }))
      : page.rows.map(({ object }) => object);
  return ok(rows.length === 0 ? {} : { ...paging(page), objects: rows }, dated(page.rows));
}

function addObjects(server: TaxiiServer, shelf: Shelf, body: Uint8Array | null): Answer {
  if (body === null || body.length === 0) return failure(400, 'an envelope is expected');
  if (body.length > TAXII_LIMITS.bodyBytesMax)
    return failure(413, `at most ${TAXII_LIMITS.bodyBytesMax} bytes`);
  const text = fromUtf8(body);
  let envelope: unknown;
  try {
    envelope = text.ok ? JSON.parse(text.value) : undefined;
  } catch {
    return failure(400, 'the body is no JSON');
  }
  const objects = isObject(envelope) ? envelope['objects'] : undefined;
  if (!Array.isArray(objects) || objects.length === 0)
    return failure(422, 'an envelope with objects is expected');
  if (
    objects.length > TAXII_LIMITS.objectsMax ||
    shelf.stored.length + objects.length > TAXII_LIMITS.storedMax
  )
    return failure(413, 'too many objects');
  const added = new Date(server.nowMs()).toISOString();
  const successes: object[] = [];
  const failures: object[] = [];
  for (const value of objects as unknown[]) {
    const object = checkStixObject(value);
    const id = isObject(value) ? textOf(value['id']) : '';
    if (!object.ok) {
      failures.push({
        id: id.slice(0, 300) || 'unknown',
        version: added,
        message: `${object.reason}: ${object.detail ?? ''}`.slice(0, 300),
      });
      continue;
    }
    const version = versionOf(object.value, added);
    const held = shelf.stored.some(
      (row) => row.object.id === object.value.id && comparable(row.version) === comparable(version),
    );
    if (!held) shelf.stored.push({ object: object.value, added, version });
    successes.push({ id, version });
  }
  const status = {
    id: server.newId(),
    status: 'complete',
    request_timestamp: added,
    total_count: objects.length,
    success_count: successes.length,
    successes,
    failure_count: failures.length,
    failures,
    pending_count: 0,
  };
  const oldest = server.statuses.keys().next();
  if (server.statuses.size >= TAXII_LIMITS.statusesMax && oldest.done !== true)
    server.statuses.delete(oldest.value);
  server.statuses.set(status.id, status);
  return { status: 202, value: status };
}

function removeObject(shelf: Shelf, query: Query, id: string): Answer {
  const rows = shelf.stored.filter(({ object }) => object.id === id);
  if (rows.length === 0) return failure(404, 'there is no such object');
  const gone = new Set(byVersion(rows, splitList(query.get('match[version]')) ?? ['all']));
  const kept = shelf.stored.filter((row) => !gone.has(row));
  shelf.stored.splice(0, shelf.stored.length, ...kept);
  return ok({});
}

function inCollection(
  server: TaxiiServer,
  request: HttpRequest,
  query: Query,
  rest: readonly string[],
  rights: { read: ReadonlySet<string>; write: ReadonlySet<string> },
): Answer {
  const [id = '', ...place] = rest;
  const shelf = server.shelves.find(({ collection }) => collection.id === id);
  const mayRead = rights.read.has(id) && shelf?.collection.can_read === true;
  const mayWrite = rights.write.has(id) && shelf?.collection.can_write === true;
  // A collection that one may not see at all is not there.
  if (shelf === undefined || (!mayRead && !mayWrite))
    return failure(404, 'there is no such collection');
  if (request.method === 'GET')
    return place.length === 0 || mayRead
      ? readShelf(shelf, query, place)
      : failure(403, 'reading is not allowed');
  if (place[0] !== 'objects') return failure(405, 'only GET is answered here', { allow: 'GET' });
  if (!mayWrite) return failure(403, 'writing is not allowed');
  if (request.method === 'POST' && place.length === 1)
    return acceptsTaxii(request.headers['content-type'])
      ? addObjects(server, shelf, request.body)
      : failure(415, `send ${TAXII_TYPE}`);
  if (request.method === 'DELETE' && place.length === 2)
    return mayRead
      ? removeObject(shelf, query, place[1] ?? '')
      : failure(403, 'deleting needs the right to read as well');
  return failure(405, 'not answered here', { allow: 'GET, POST, DELETE' });
}

function route(server: TaxiiServer, request: HttpRequest): Answer {
  const read = readQuery(request.url);
  if (read === undefined) return failure(400, 'the address cannot be read');
  const rights = server.authorise(request.headers['authorization']);
  if (rights === undefined)
    return failure(401, 'authentication is needed', {
      'www-authenticate': 'Basic realm="taxii", charset="UTF-8"',
    });
  if (!acceptsTaxii(request.headers['accept'])) return failure(406, `accept ${TAXII_TYPE}`);
  const { path, query } = read;
  const get = request.method === 'GET';
  if (path === '/taxii2/')
    return get
      ? ok({
          title: server.title,
          contact: server.contact,
          default: server.root,
          api_roots: [server.root],
        })
      : failure(405, 'only GET', { allow: 'GET' });
  if (!path.startsWith(server.root) || !path.endsWith('/'))
    return failure(404, 'there is no such place');
  const parts = path
    .slice(server.root.length)
    .split('/')
    .filter((part) => part !== '');
  const [first, ...rest] = parts;
  if (first === undefined)
    return get
      ? ok({
          title: server.title,
          versions: [TAXII_TYPE],
          max_content_length: TAXII_LIMITS.bodyBytesMax,
        })
      : failure(405, 'only GET', { allow: 'GET' });
  if (first === 'status' && rest.length === 1 && get) {
    const status = server.statuses.get(rest[0] ?? '');
    return status === undefined ? failure(404, 'there is no such status') : ok(status);
  }
  if (first !== 'collections') return failure(404, 'there is no such place');
  if (rest.length > 0) return inCollection(server, request, query, rest, rights);
  const seen = server.shelves
    .filter(({ collection }) => rights.read.has(collection.id) || rights.write.has(collection.id))
    .map(({ collection }) => ({
      ...collection,
      can_read: collection.can_read && rights.read.has(collection.id),
      can_write: collection.can_write && rights.write.has(collection.id),
    }));
  return get
    ? ok(seen.length === 0 ? {} : { collections: seen })
    : failure(405, 'only GET', { allow: 'GET' });
}

/** Answers one request. Never throws for what a client sent. */
export function answerTaxii(server: TaxiiServer, request: HttpRequest): HttpResponse {
  const { status, value, headers } = route(server, request);
  return {
    status,
    headers: {
      'content-type': TAXII_TYPE,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: utf8(JSON.stringify(value)),
  };
}
