// A TAXII 2.1 client over a port. It follows pages, checks every object, and gives up within limits.

import { accept, fromUtf8, refuse, utf8, type Verdict } from '@parley/kernel';
import { checkStixObject } from '../stix/validate.ts';
import { isObject, textOf, type StixObject } from '../stix/object.ts';
import {
  queryOf,
  TAXII_TYPE,
  type Collection,
  type Filters,
  type HttpPort,
  type HttpResponse,
  type ManifestRecord,
} from './protocol.ts';

export type TaxiiReason =
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'not-taxii'
  | 'refused'
  | 'server-failed'
  | 'too-large'
  | 'wrong-shape'
  | 'endless-pages';

export type TaxiiAccess =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

export const TAXII_CLIENT_LIMITS = {
  responseBytesMax: 64 * 1024 * 1024,
  pagesMax: 1000,
  objectsMax: 200_000,
} as const;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    text += `${ALPHABET[(group >> 18) & 63]}${ALPHABET[(group >> 12) & 63]}${left > 1 ? ALPHABET[(group >> 6) & 63] : '='}${left > 2 ? ALPHABET[group & 63] : '='}`;
  }
  return text;
}

export type Objects = {
  readonly objects: readonly StixObject[];
  /** Objects that did not pass the check, named and left out. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
  /** The server's time of the last one: ask with it as `addedAfter` the next time. */
  readonly addedLast: string | null;
};

/** One server and one set of credentials. The port decides about redirects; credentials go only to `base`. */
export class TaxiiClient {
  readonly #http: HttpPort;
  readonly #base: string;
  readonly #access: TaxiiAccess;

  /** `base` is the address of the server, such as `https://intel.example/`. */
  constructor(http: HttpPort, base: string, access: TaxiiAccess = { kind: 'none' }) {
    this.#http = http;
    this.#base = base.replace(/\/$/, '');
    this.#access = access;
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { accept: TAXII_TYPE };
    if (this.#access.kind === 'basic')
      headers['authorization'] =
        `Basic ${base64(utf8(`${this.#access.user}:${this.#access.password}`))}`;
    if (this.#access.kind === 'bearer') headers['authorization'] = `Bearer ${this.#access.token}`;
    return headers;
  }

  #read(response: HttpResponse): Verdict<Record<string, unknown>, TaxiiReason> {
    const { status, headers, body } = response;
    if (status === 401) return refuse('unauthorised');
    if (status === 403) return refuse('forbidden');
    if (status === 404) return refuse('not-found');
    if (body.length > TAXII_CLIENT_LIMITS.responseBytesMax) return refuse('too-large');
    const type = headers['content-type'] ?? '';
    const text = fromUtf8(body);
    let value: unknown;
    try {
      value = text.ok ? JSON.parse(text.value) : undefined;
    } catch {
      value = undefined;
    }
    if (status >= 500) return refuse('server-failed', { detail: `status ${status}` });
    if (status >= 400)
      return refuse('refused', {
        detail: isObject(value) ? textOf(value['title']).slice(0, 200) : `status ${status}`,
      });
    if (status < 200 || status >= 300) return refuse('not-taxii', { detail: `status ${status}` });
    if (!type.toLowerCase().startsWith('application/taxii+json'))
      return refuse('not-taxii', { detail: `the answer is ${type.slice(0, 60) || 'of no type'}` });
    return isObject(value)
      ? accept(value)
      : refuse('wrong-shape', { detail: 'the answer is no object' });
  }

  async #get(
    path: string,
  ): Promise<Verdict<Record<string, unknown> & { '#last'?: string }, TaxiiReason>> {
    const response = await this.#http.request({
      method: 'GET',
      url: this.#base + path,
      headers: this.#headers(),
      body: null,
    });
    const value = this.#read(response);
    if (!value.ok) return value;
    const last = response.headers['x-taxii-date-added-last'];
    return accept(last === undefined ? value.value : { ...value.value, '#last': last });
  }

  /** API roots as paths on this server; a root on another host is refused, so that credentials stay home. */
  async discover(): Promise<
    Verdict<{ readonly title: string; readonly roots: readonly string[] }, TaxiiReason>
  > {
    const answer = await this.#get('/taxii2/');
    if (!answer.ok) return answer;
    const listed = Array.isArray(answer.value['api_roots'])
      ? (answer.value['api_roots'] as unknown[])
      : [];
    const roots = listed.flatMap((root) => {
      const text = textOf(root);
      const path = text.startsWith(`${this.#base}/`) ? text.slice(this.#base.length) : text;
      return path.startsWith('/') && !path.startsWith('//')
        ? [path.endsWith('/') ? path : `${path}/`]
        : [];
    });
    return accept({ title: textOf(answer.value['title']), roots });
  }

  async collections(root: string): Promise<Verdict<readonly Collection[], TaxiiReason>> {
    const answer = await this.#get(`${root}collections/`);
    if (!answer.ok) return answer;
    const list = Array.isArray(answer.value['collections'])
      ? (answer.value['collections'] as unknown[])
      : [];
    return accept(
      list.filter(isObject).map((one) => ({
        id: textOf(one['id']),
        title: textOf(one['title']),
        description: textOf(one['description']),
        can_read: one['can_read'] === true,
        can_write: one['can_write'] === true,
      })),
    );
  }

  async #pages<T>(
    path: string,
    filters: Filters,
    take: (value: unknown) => T | undefined,
  ): Promise<Verdict<{ items: T[]; last: string | null }, TaxiiReason>> {
    const items: T[] = [];
    let last: string | null = null;
    let { next } = filters;
    for (let page = 0; page < TAXII_CLIENT_LIMITS.pagesMax; page++) {
      const answer = await this.#get(
        path + queryOf({ ...filters, ...(next === undefined ? {} : { next }) }),
      );
      if (!answer.ok) return answer;
      const list = answer.value['objects'] ?? [];
      if (!Array.isArray(list)) return refuse('wrong-shape', { detail: '"objects" is no list' });
      for (const value of list as unknown[]) {
        const item = take(value);
        if (item !== undefined) items.push(item);
      }
      if (items.length > TAXII_CLIENT_LIMITS.objectsMax)
        return refuse('too-large', {
          detail: `more than ${TAXII_CLIENT_LIMITS.objectsMax} objects`,
        });
      last = answer.value['#last'] ?? last;
      const following = textOf(answer.value['next']);
      if (answer.value['more'] !== true || following === '') return accept({ items, last });
      if (following === next)
        return refuse('endless-pages', { detail: 'the server names the same page again' });
      next = following;
    }
    return refuse('endless-pages', { detail: `more than ${TAXII_CLIENT_LIMITS.pagesMax} pages` });
  }

  /** All pages of a collection's objects, each checked. */
  async objects(
    root: string,
    collection: string,
    filters: Filters = {},
  ): Promise<Verdict<Objects, TaxiiReason>> {
    const refused: { id: string; reason: string }[] = [];
    const pages = await this.#pages(
      `${root}collections/${encodeURIComponent(collection)}/objects/`,
      filters,
      (value) => {
        const object = checkStixObject(value);
        if (object.ok) return object.value;
        refused.push({
          id: isObject(value) ? textOf(value['id']).slice(0, 300) : '',
          reason: object.reason,
        });
        return undefined;
      },
    );
    return pages.ok
      ? accept({ objects: pages.value.items, refused, addedLast: pages.value.last })
      : pages;
  }

  async manifest(
    root: string,
    collection: string,
    filters: Filters = {},
  ): Promise<Verdict<readonly ManifestRecord[], TaxiiReason>> {
    const pages = await this.#pages(
      `${root}collections/${encodeURIComponent(collection)}/manifest/`,
      filters,
      (value) =>
        isObject(value)
          ? {
              id: textOf(value['id']),
              date_added: textOf(value['date_added']),
              version: textOf(value['version']),
            }
          : undefined,
    );
    return pages.ok ? accept(pages.value.items) : pages;
  }

  /** Adds objects; the answer says for each whether the server took it. */
  async add(
    root: string,
    collection: string,
    objects: readonly StixObject[],
  ): Promise<
    Verdict<
      {
        readonly status: string;
        readonly taken: number;
        readonly failed: number;
        readonly pending: number;
      },
      TaxiiReason
    >
  > {
    const response = await this.#http.request({
      method: 'POST',
      url: `${this.#base}${root}collections/${encodeURIComponent(collection)}/objects/`,
      headers: { ...this.#headers(), 'content-type': TAXII_TYPE },
      body: utf8(JSON.stringify({ objects })),
    });
    const answer = this.#read(response);
    if (!answer.ok) return answer;
    const count = (name: string): number =>
      typeof answer.value[name] === 'number' ? answer.value[name] : 0;
    return accept({
      status: textOf(answer.value['status']),
      taken: count('success_count'),
      failed: count('failure_count'),
      pending: count('pending_count'),
    });
  }
}
