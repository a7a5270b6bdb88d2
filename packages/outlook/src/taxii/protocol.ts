// TAXII 2.1 (OASIS, 2021): what client and server say to each other. Pure; sockets are in the `./node` entry.

import type { StixObject } from '../stix/object.ts';

export const TAXII_TYPE = 'application/taxii+json;version=2.1';

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query for a server, a whole URL for a client. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** The one thing the client needs of the world. It rejects when the network fails, and answers whatever the server said. */
export interface HttpPort {
  request(request: HttpRequest): Promise<HttpResponse>;
}

export type Collection = {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly can_read: boolean;
  readonly can_write: boolean;
  readonly media_types?: readonly string[];
};

export type Envelope = {
  readonly more?: boolean;
  readonly next?: string;
  readonly objects?: readonly StixObject[];
};

export type ManifestRecord = {
  readonly id: string;
  readonly date_added: string;
  readonly version: string;
  readonly media_type?: string;
};

export type Filters = {
  readonly limit?: number;
  readonly next?: string;
  /** RFC 3339; objects added strictly later. */
  readonly addedAfter?: string;
  readonly id?: readonly string[];
  readonly type?: readonly string[];
  /** `first`, `last`, `all`, or times of versions. */
  readonly version?: readonly string[];
  readonly specVersion?: readonly string[];
};

/** The query of a request, in the order of the specification. */
export function queryOf(filters: Filters): string {
  const parts: string[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') parts.push(`${name}=${encodeURIComponent(value)}`);
  };
  add('limit', filters.limit?.toString());
  add('next', filters.next);
  add('added_after', filters.addedAfter);
  add('match[id]', filters.id?.join(','));
  add('match[type]', filters.type?.join(','));
  add('match[version]', filters.version?.join(','));
  add('match[spec_version]', filters.specVersion?.join(','));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** A media type that a TAXII 2.1 client or server may name. */
export function acceptsTaxii(accept: string | undefined): boolean {
  if (accept === undefined || accept === '') return false;
  return accept.split(',').some((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const version = parameters
      .find((parameter) => parameter.startsWith('version='))
      ?.slice(8)
      .replaceAll('"', '');
    return (
      (type === 'application/taxii+json' && (version === undefined || version === '2.1')) ||
      type === '*/*' ||
      type === 'application/*'
    );
  });
}

/** The version of an object as TAXII counts it: `modified`, else `created`, else the day it was added. */
export function versionOf(object: StixObject, added: string): string {
  const { modified, created } = object;
  return typeof modified === 'string' ? modified : typeof created === 'string' ? created : added;
}
