// Sockets for TAXII: a fetch that keeps its credentials at home, and a small HTTP server round the pure one.

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Fault } from '@parley/kernel';
import { answerTaxii, TAXII_LIMITS, type TaxiiServer } from '../taxii/server.ts';
import { TAXII_CLIENT_LIMITS } from '../taxii/client.ts';
import type { HttpPort } from '../taxii/protocol.ts';

export type TaxiiFault = 'taxii-unreachable' | 'taxii-too-large';

const REQUEST_TIMEOUT_MS = 60_000;

async function bounded(response: Response, max: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > max)
      throw new Fault<TaxiiFault>('taxii-too-large', `The answer is larger than ${max} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The port of a client. Redirects are not followed: a server that moves must be told so by a person. */
export function taxiiPort(): HttpPort {
  return {
    async request({ method, url, headers, body }) {
      let response: Response;
      try {
        response = await fetch(url, {
          method,
          headers,
          redirect: 'manual',
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
          ...(body === null ? {} : { body: Uint8Array.from(body) }),
        });
      } catch (error) {
        throw new Fault<TaxiiFault>('taxii-unreachable', 'The TAXII server does not answer.', {
          cause: error,
          retry: true,
          nextAction: 'check the address and the network, then try again',
        });
      }
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await bounded(response, TAXII_CLIENT_LIMITS.responseBytesMax),
      };
    },
  };
}

/** Compares a header with the expected one without telling by time how much of it was right. */
export function basicAuthorisation(
  user: string,
  password: string,
): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  return (header) => timingSafeEqual(digest(header ?? ''), expected);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > TAXII_LIMITS.bodyBytesMax) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** An HTTP server; put TLS in front of it, or listen on loopback only. */
export function taxiiHttpServer(server: Omit<TaxiiServer, 'nowMs' | 'newId' | 'statuses'>): Server {
  const whole: TaxiiServer = {
    ...server,
    nowMs: () => Date.now(),
    newId: () => randomUUID(),
    statuses: new Map(),
  };
  const http = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    const finish = async (): Promise<void> => {
      if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') {
        response.writeHead(405, { allow: 'GET, POST, DELETE' }).end();
        return;
      }
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
      );
      // A stranger's body is not read: the answer is 401 whatever it holds.
      const body =
        method === 'POST' && whole.authorise(headers['authorization']) !== undefined
          ? await readBody(request)
          : null;
      const answer =
        body === undefined
          ? { status: 413, headers: { connection: 'close' }, body: new Uint8Array() }
          : answerTaxii(whole, { method, url, headers, body });
      response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    };
    finish().catch(() => response.destroy());
  });
  http.requestTimeout = REQUEST_TIMEOUT_MS;
  http.maxHeadersCount = 100;
  return http;
}
