import type { AddressInfo } from 'node:net';
import { fromUtf8, utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { assert, property, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_HISTORY } from '../history/shipped.ts';
import { basicAuthorisation, taxiiHttpServer, taxiiPort } from '../node/taxii-http.ts';
import type { StixObject } from '../stix/object.ts';
import { stixBundle } from '../stix/write.ts';
import { TaxiiClient } from './client.ts';
import { acceptsTaxii, TAXII_TYPE, type HttpRequest } from './protocol.ts';
import { answerTaxii, type Shelf, type TaxiiServer } from './server.ts';

const OPEN = '91a7b528-80eb-42ed-a74d-c6fbd5a26116';
const READ_ONLY = '64993447-4d7e-4f70-b94d-d7f33742ee63';
const HIDDEN = '472c94ae-3113-4e3e-a4dd-a9f4ac7471d4';

const note = (n: number, minute: number, type = 'identity'): StixObject => ({
  type,
  spec_version: '2.1',
  id: `${type}--00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  created: '2026-01-01T00:00:00.000Z',
  modified: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
  name: `n${n}`,
});

function server(): TaxiiServer {
  const shelf = (id: string, canWrite: boolean): Shelf => ({
    collection: {
      id,
      title: id,
      can_read: true,
      can_write: canWrite,
      media_types: ['application/stix+json;version=2.1'],
    },
    stored: [],
  });
  let [now, ids] = [1_767_225_600_000, 0];
  return {
    title: 'Parley',
    contact: 'ops',
    root: '/api/',
    shelves: [shelf(OPEN, true), shelf(READ_ONLY, false), shelf(HIDDEN, true)],
    authorise: (header) =>
      header === 'Bearer good'
        ? { read: new Set([OPEN, READ_ONLY]), write: new Set([OPEN, READ_ONLY]) }
        : undefined,
    nowMs: () => (now += 1000),
    statuses: new Map(),
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  };
}

type Told = {
  status: number;
  headers: Readonly<Record<string, string>>;
  value: Record<string, unknown>;
};

function ask(
  to: TaxiiServer,
  method: HttpRequest['method'],
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Told {
  const answer = answerTaxii(to, {
    method,
    url,
    headers: {
      accept: TAXII_TYPE,
      authorization: 'Bearer good',
      'content-type': TAXII_TYPE,
      ...headers,
    },
    body: body === undefined ? null : utf8(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  const text = fromUtf8(answer.body);
  return {
    status: answer.status,
    headers: answer.headers,
    value: JSON.parse(text.ok ? text.value : '{}') as Record<string, unknown>,
  };
}

const objectsPath = (id: string): string => `/api/collections/${id}/objects/`;
const names = (told: Told): unknown[] =>
  ((told.value['objects'] ?? []) as StixObject[]).map((object) => object['name']);

describe('the TAXII 2.1 server, by the conformance points of the specification', () => {
  it('discovery, API root and collections say what the caller may do', () => {
    const to = server();
    expect(ask(to, 'GET', '/taxii2/').value).toMatchObject({
      title: 'Parley',
      default: '/api/',
      api_roots: ['/api/'],
    });
    expect(ask(to, 'GET', '/api/').value).toMatchObject({ versions: [TAXII_TYPE] });
    const { collections } = ask(to, 'GET', '/api/collections/').value as {
      collections: { id: string; can_write: boolean }[];
    };
    expect(collections.map(({ id, can_write }) => [id, can_write])).toEqual([
      [OPEN, true],
      [READ_ONLY, false],
    ]);
    expect(ask(to, 'GET', `/api/collections/${OPEN}/`).headers['content-type']).toBe(TAXII_TYPE);
  });

  it('adds objects, answers 202 with a status that can be asked for, and names what failed', () => {
    const to = server();
    const told = ask(to, 'POST', objectsPath(OPEN), { objects: [note(1, 0), { type: 'x' }] });
    expect(told).toMatchObject({
      status: 202,
      value: {
        status: 'complete',
        total_count: 2,
        success_count: 1,
        failure_count: 1,
        pending_count: 0,
      },
    });
    expect(ask(to, 'GET', `/api/status/${String(told.value['id'])}/`).value).toEqual(told.value);
    expect(names(ask(to, 'GET', objectsPath(OPEN)))).toEqual(['n1']);
  });

  it('pages by limit and next, with the dates of the page in its headers', () => {
    const to = server();
    for (let n = 1; n <= 5; n++) ask(to, 'POST', objectsPath(OPEN), { objects: [note(n, 0)] });
    const first = ask(to, 'GET', `${objectsPath(OPEN)}?limit=2`);
    expect(first.value).toMatchObject({ more: true });
    expect(first.headers['x-taxii-date-added-first']).toBeDefined();
    const second = ask(
      to,
      'GET',
      `${objectsPath(OPEN)}?limit=2&next=${String(first.value['next'])}`,
    );
    const third = ask(
      to,
      'GET',
      `${objectsPath(OPEN)}?limit=2&next=${String(second.value['next'])}`,
    );
    expect([names(first), names(second), names(third)]).toEqual([
      ['n1', 'n2'],
      ['n3', 'n4'],
      ['n5'],
    ]);
    expect(third.value).not.toHaveProperty('more');
    expect(
      names(
        ask(
          to,
          'GET',
          `${objectsPath(OPEN)}?added_after=${String(first.headers['x-taxii-date-added-last'])}`,
        ),
      ),
    ).toEqual(['n3', 'n4', 'n5']);
  });

  it('filters by id, type, version and specification, and shows manifests and versions', () => {
    const to = server();
    ask(to, 'POST', objectsPath(OPEN), {
      objects: [note(1, 0), note(1, 5), note(1, 9), note(2, 0, 'tool')],
    });
    const get = (query: string): unknown[] =>
      names(ask(to, 'GET', `${objectsPath(OPEN)}?${query}`));
    expect(get('match[type]=tool')).toEqual(['n2']);
    expect(get(`match[id]=${note(2, 0, 'tool').id}`)).toEqual(['n2']);
    expect(get('match[spec_version]=2.0')).toEqual([]);
    const versions = (query: string): unknown =>
      (
        (ask(to, 'GET', `/api/collections/${OPEN}/manifest/?match[type]=identity&${query}`).value[
          'objects'
        ] ?? []) as { version: string }[]
      ).map(({ version }) => version.slice(14, 16));
    expect(versions('')).toEqual(['09']);
    expect(versions('match[version]=first')).toEqual(['00']);
    expect(versions('match[version]=first,last')).toEqual(['00', '09']);
    expect(versions('match[version]=all')).toEqual(['00', '05', '09']);
    expect(versions(`match[version]=${encodeURIComponent('2026-01-01T00:05:00Z')}`)).toEqual([
      '05',
    ]);
    expect(
      ask(to, 'GET', `${objectsPath(OPEN)}${note(1, 0).id}/versions/`).value['versions'],
    ).toHaveLength(3);
  });

  it('deletes an object or one of its versions, and then does not know it', () => {
    const to = server();
    ask(to, 'POST', objectsPath(OPEN), { objects: [note(1, 0), note(1, 5)] });
    expect(
      ask(to, 'DELETE', `${objectsPath(OPEN)}${note(1, 0).id}/?match[version]=first`).status,
    ).toBe(200);
    expect(
      ask(to, 'GET', `${objectsPath(OPEN)}${note(1, 0).id}/versions/`).value['versions'],
    ).toHaveLength(1);
    expect(ask(to, 'DELETE', `${objectsPath(OPEN)}${note(1, 0).id}/`).status).toBe(200);
    expect(ask(to, 'GET', `${objectsPath(OPEN)}${note(1, 0).id}/`).status).toBe(404);
  });

  it.each([
    ['a stranger', 'GET', '/taxii2/', undefined, { authorization: 'Bearer bad' }, 401],
    ['a foreign media type', 'GET', '/taxii2/', undefined, { accept: 'text/html' }, 406],
    [
      'another version',
      'GET',
      '/taxii2/',
      undefined,
      { accept: 'application/taxii+json;version=2.0' },
      406,
    ],
    ['a foreign body', 'POST', objectsPath(OPEN), '{}', { 'content-type': 'text/plain' }, 415],
    ['a body that is no JSON', 'POST', objectsPath(OPEN), '{', {}, 400],
    ['an envelope without objects', 'POST', objectsPath(OPEN), '{}', {}, 422],
    ['a read-only collection', 'POST', objectsPath(READ_ONLY), { objects: [note(1, 0)] }, {}, 403],
    ['a hidden collection', 'GET', objectsPath(HIDDEN), undefined, {}, 404],
    ['an unknown place', 'GET', '/api/nowhere/', undefined, {}, 404],
    ['a missing slash', 'GET', '/api/collections', undefined, {}, 404],
    ['a bad limit', 'GET', `${objectsPath(OPEN)}?limit=0`, undefined, {}, 400],
    ['a bad page', 'GET', `${objectsPath(OPEN)}?next=x`, undefined, {}, 400],
    ['a bad time', 'GET', `${objectsPath(OPEN)}?added_after=yesterday`, undefined, {}, 400],
    ['a broken escape', 'GET', `${objectsPath(OPEN)}?limit=%E0%A4%A`, undefined, {}, 400],
    ['a wrong method', 'POST', `/api/collections/${OPEN}/manifest/`, '{}', {}, 405],
  ] as const)(
    'answers %s with its own status and an error message',
    (_who, method, url, body, headers, status) => {
      const told = ask(server(), method, url, body, { ...headers });
      expect(told.status).toBe(status);
      expect(told.value).toMatchObject({ http_status: String(status) });
    },
  );

  it('reads media types as RFC 9110 lists them', () => {
    expect(acceptsTaxii('text/html, application/taxii+json; version="2.1"')).toBe(true);
    expect(acceptsTaxii(undefined)).toBe(false);
  });

  it('any address gets an answer', () => {
    const to = server();
    assert(
      property(string({ maxLength: 100 }), (tail) => {
        expect(ask(to, 'GET', `/api/${tail}`).status).toBeGreaterThanOrEqual(200);
      }),
      { numRuns: process.env['SLOW'] === undefined ? 200 : 20_000 },
    );
  });
});

describe('the TAXII client over a real socket', () => {
  const shelf: Shelf = {
    collection: { id: OPEN, title: 'open', can_read: true, can_write: true },
    stored: [],
  };
  const knows = basicAuthorisation('ann', 'pässword');
  const http = taxiiHttpServer({
    title: 'T',
    contact: '',
    root: '/api/',
    shelves: [shelf],
    authorise: (header) =>
      knows(header) ? { read: new Set([OPEN]), write: new Set([OPEN]) } : undefined,
  });
  let base = '';

  beforeAll(async () => {
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(() => http.close());

  it('finds the root, writes the shipped history and reads it back page by page', async () => {
    const client = new TaxiiClient(taxiiPort(), base, {
      kind: 'basic',
      user: 'ann',
      password: 'pässword',
    });
    const found = await client.discover();
    expect(found).toMatchObject({ ok: true, value: { roots: ['/api/'] } });
    const { objects } = stixBundle(
      nativePorts.crypto,
      SHIPPED_HISTORY.slice(0, 120),
      [],
      '2026-11-21T12:00:00.000Z',
    );
    expect(await client.add('/api/', OPEN, objects)).toMatchObject({
      ok: true,
      value: { status: 'complete', taken: objects.length, failed: 0 },
    });
    const back = await client.objects('/api/', OPEN, { limit: 25 });
    if (!back.ok) throw new Error(back.reason);
    expect(back.value.objects.map(({ id }) => id).toSorted()).toEqual(
      objects.map(({ id }) => id).toSorted(),
    );
    expect(back.value.refused).toEqual([]);
    expect(await client.manifest('/api/', OPEN, { type: ['location'] })).toMatchObject({
      ok: true,
    });
    expect(
      await client.objects('/api/', OPEN, { addedAfter: back.value.addedLast ?? '' }),
    ).toMatchObject({ ok: true, value: { objects: [] } });
  });

  it('says who was refused and what was no TAXII', async () => {
    expect(await new TaxiiClient(taxiiPort(), base).collections('/api/')).toMatchObject({
      ok: false,
      reason: 'unauthorised',
    });
    const good = { kind: 'basic', user: 'ann', password: 'pässword' } as const;
    expect(await new TaxiiClient(taxiiPort(), base, good).objects('/api/', HIDDEN)).toMatchObject({
      ok: false,
      reason: 'not-found',
    });
    const page = {
      request: async () => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: utf8('<p>'),
      }),
    };
    expect(await new TaxiiClient(page, base).discover()).toMatchObject({
      ok: false,
      reason: 'not-taxii',
    });
    const endless = {
      request: async () => ({
        status: 200,
        headers: { 'content-type': TAXII_TYPE },
        body: utf8('{"more":true,"next":"1"}'),
      }),
    };
    expect(await new TaxiiClient(endless, base).objects('/api/', OPEN)).toMatchObject({
      ok: false,
      reason: 'endless-pages',
    });
    await expect(
      new TaxiiClient(taxiiPort(), 'http://127.0.0.1:1').discover(),
    ).rejects.toMatchObject({ code: 'taxii-unreachable', retry: true });
  });

  it('keeps credentials on the host it was given', async () => {
    const away = {
      request: async () => ({
        status: 200,
        headers: { 'content-type': TAXII_TYPE },
        body: utf8(
          '{"title":"x","api_roots":["https://elsewhere.example/api/","//elsewhere.example/","/here/"]}',
        ),
      }),
    };
    expect(await new TaxiiClient(away, base).discover()).toMatchObject({
      ok: true,
      value: { roots: ['/here/'] },
    });
  });
});
