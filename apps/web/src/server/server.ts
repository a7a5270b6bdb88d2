// Serves one open desk to its member's browser: on loopback, to our own page, to whoever holds a bearer, and to no one else.

import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Ports } from '@parley/kernel';
import type { Desk } from '@parley/desk';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteHandlerMethod,
} from 'fastify';
import { WebSocketServer } from 'ws';
import { Access } from './access.ts';
import { GOVERNING } from './acts-govern.ts';
import { DOING, READING, type Workplace } from './acts.ts';
import { Asked } from './asked.ts';
import { builtPage } from './build.ts';
import { Confirmation } from './confirmation.ts';
import { Door, type Place } from './door.ts';
import { bearerOf, isOurHost, isOurOrigin, securityHeaders } from './headers.ts';
import { MailFiles } from './mail-files.ts';
import { PageTalks } from './off-record.ts';
import { PageFiles } from './page-files.ts';
import { PageRefusal, refusalOf } from './refusals.ts';
import { keepPort, lastPort } from './same-port.ts';
import { Search } from './search.ts';
import { readMail, screenUpload, withUpload } from './uploads.ts';
import { Watch } from './watch.ts';
import type { News } from './wire.ts';

const LOOPBACK = '127.0.0.1';
const JSON_BYTES_MAX = 128 * 1024;
const SOCKETS_MAX = 32;
/** The one subprotocol that is spoken; the bearer stands behind it, as pages cannot set headers here. */
const SOCKET_PROTOCOL = 'parley-desk';

export type UiOptions = {
  readonly ports: Ports;
  /** How often the relays are asked while all is well, in milliseconds. */
  readonly everyMs?: number;
  readonly port?: number;
  /** Called before the page has to be built. */
  readonly onBuild?: () => void;
  readonly onBug?: (error: unknown) => void;
};

export type RunningUi = {
  readonly origin: string;
  /** A link that opens one window: its token works once, for ten minutes. It may begin with the tour. */
  newLink(show?: 'tour'): string;
  /** Ends the server, and closes the desk where the page opened it. */
  close(): Promise<void>;
};

class UiServer {
  readonly #app: FastifyInstance;
  readonly #access: Access;
  readonly #files: PageFiles;
  readonly #mailFiles = new MailFiles();
  readonly #sockets: WebSocketServer;
  readonly #door: Door;
  readonly #workplace: Workplace;
  #watch: Watch | undefined;
  readonly #options: UiOptions;
  #host = '';
  #keepPort = (): void => {};

  constructor(place: Place, folder: string, options: UiOptions) {
    const { ports } = options;
    this.#options = options;
    this.#access = new Access(ports.randomness, () => ports.clock.nowMs());
    this.#files = new PageFiles(folder);
    this.#door = new Door(ports, place, (desk) => this.#opened(desk));
    this.#workplace = this.#workplaceAt(this.#door);
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: 1024,
      handleProtocols: () => SOCKET_PROTOCOL,
    });
    this.#app = Fastify({ bodyLimit: JSON_BYTES_MAX, requestTimeout: 0, exposeHeadRoutes: false });
    this.#guard();
    this.#routes();
  }

  /** What acts work with. Before the desk is open, whatever needs it is refused. */
  #workplaceAt(door: Door): Workplace {
    const confirmations = new Map<Desk, Confirmation>();
    const watch = (): Watch => {
      if (this.#watch === undefined) throw new Error('bug: an open desk is watched');
      return this.#watch;
    };
    return {
      door,
      search: new Search(() => door.desk),
      talks: new PageTalks(
        () => door.desk,
        () => this.#options.ports.clock.nowMs(),
        (channel) => this.#tell({ kind: 'changed', channel }),
      ),
      ports: this.#options.ports,
      newToken: () => this.#access.newToken(),
      get desk() {
        return door.desk;
      },
      get watch() {
        return watch();
      },
      get confirmation() {
        const confirmation = confirmations.get(door.desk) ?? new Confirmation(door.desk);
        confirmations.set(door.desk, confirmation);
        return confirmation;
      },
    };
  }

  #opened(desk: Desk): void {
    // A desk that was only just set up has a directory from now on.
    this.#keepPort();
    this.#watch = new Watch(desk, {
      everyMs: this.#options.everyMs ?? 4000,
      nowMs: () => this.#options.ports.clock.nowMs(),
      tell: (news) => this.#tell(news),
      onBug: this.#onBug,
    });
    this.#watch.start();
  }

  get origin(): string {
    return `http://${this.#host}`;
  }

  readonly #onBug = (error: unknown): void => {
    (this.#options.onBug ?? (() => {}))(error);
  };

  async listen(home: string): Promise<void> {
    const wanted = this.#options.port ?? (await lastPort(home, LOOPBACK));
    await this.#app.listen({ host: LOOPBACK, port: wanted });
    const { port } = this.#app.server.address() as AddressInfo;
    this.#keepPort = () => keepPort(home, port);
    this.#keepPort();
    this.#host = `${LOOPBACK}:${port}`;
    this.#app.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    if (this.#door.state === 'open') this.#opened(this.#door.desk);
  }

  newLink(show?: 'tour'): string {
    return `${this.origin}/#${this.#access.newToken()}${show === undefined ? '' : `&${show}`}`;
  }

  async close(): Promise<void> {
    // First: a window that comes back while the last exchange ends would send its bearer to whoever has the port next.
    this.#access.end();
    for (const client of this.#sockets.clients) client.terminate();
    await this.#workplace.talks.end();
    await this.#watch?.end();
    await this.#app.close();
    await this.#mailFiles.clear();
    this.#door.close();
  }

  #tell(news: News): void {
    const line = JSON.stringify(news);
    for (const client of this.#sockets.clients) client.send(line);
  }

  /** Before anything of a request is read: is it for us, from us, and from a window that we let in? */
  #guard(): void {
    this.#app.addHook('onRequest', async (request, reply) => {
      const nonce = Buffer.from(this.#options.ports.randomness.bytes(16)).toString('base64url');
      request.nonce = nonce;
      void reply.headers(securityHeaders(this.origin, nonce));
      if (!isOurHost(request.headers, this.#host)) {
        throw new PageRefusal(421, 'wrong-host', { message: 'This server has another name.' });
      }
      if (!request.url.startsWith('/api/')) return;
      if (request.method !== 'POST' || !isOurOrigin(request.headers, this.origin)) {
        throw new PageRefusal(403, 'wrong-origin', { message: 'Only the desk itself may ask.' });
      }
      if (request.url === '/api/enter' || request.url === '/api/prove') return;
      if (this.#access.holds(bearerOf(request.headers))) return;
      throw new PageRefusal(401, 'no-bearer', {
        message: 'This window was not let in.',
        next: 'press Enter in the terminal that runs "parley ui" and open the new link',
      });
    });
    this.#app.setErrorHandler((error, _request, reply) => this.#refuse(error, reply));
    this.#app.setNotFoundHandler((_request, reply) =>
      this.#refuse(new PageRefusal(404, 'not-found', { message: 'There is nothing here.' }), reply),
    );
  }

  #refuse(error: unknown, reply: FastifyReply): FastifyReply {
    const early = error as { statusCode?: unknown; code?: unknown };
    const isFastify = typeof early.code === 'string' && early.code.startsWith('FST_');
    const known =
      isFastify && typeof early.statusCode === 'number'
        ? new PageRefusal(early.statusCode, 'wrong-request', {
            message: 'The request is not right.',
          })
        : error;
    const { status, refusal } = refusalOf(known, this.#onBug);
    return reply.status(status).send({ ok: false, refusal });
  }

  #routes(): void {
    const app = this.#app;
    app.decorateRequest('nonce', '');
    // JSON, and raw bytes where a route says so: nothing that a form of a foreign page could send.
    app.removeContentTypeParser('text/plain');
    app.addContentTypeParser('application/octet-stream', (_request, body, done) => {
      done(null, body);
    });
    app.get('/', (request, reply) =>
      reply.type('text/html; charset=utf-8').send(this.#files.page(request.nonce)),
    );
    app.get('/assets/:name', (request, reply) => {
      const file = this.#files.file(request.url);
      if (file === undefined) throw new PageRefusal(404, 'not-found', { message: 'No such file.' });
      return reply.type(file.mediaType).send(file.body);
    });
    app.post('/api/prove', (request) => {
      const nonce = new Asked(request.body).text('nonce', 64);
      return { ok: true, value: { proofs: this.#access.prove(nonce, this.origin) } };
    });
    app.post('/api/enter', (request) => {
      const bearer = this.#access.enter(new Asked(request.body).text('token', 64));
      if (bearer !== undefined) return { ok: true, value: { bearer } };
      throw new PageRefusal(401, 'link-used', {
        message: 'This link was used already, or is too old.',
        next: 'press Enter in the terminal that runs "parley ui" and open the new link',
      });
    });
    for (const [name, act] of Object.entries(READING))
      app.post(`/api/${name}`, async (request) => ({
        ok: true,
        value: await act(this.#workplace, new Asked(request.body)),
      }));
    for (const [name, act] of Object.entries({ ...DOING, ...GOVERNING }))
      app.post(`/api/${name}`, async (request) =>
        this.#do(() => act(this.#workplace, new Asked(request.body))),
      );
    this.#byteRoutes();
  }

  async #do(work: () => unknown): Promise<unknown> {
    try {
      return { ok: true, value: await work() };
    } finally {
      this.#watch?.soon();
      this.#tell({ kind: 'changed', channel: null });
    }
  }

  #bytes(url: string, handler: RouteHandlerMethod): void {
    this.#app.route({ method: 'POST', url, handler });
  }

  #byteRoutes(): void {
    const at = this.#workplace;
    this.#bytes('/api/safe-copy', async (request, reply) => {
      const asked = new Asked(request.body);
      const entry = String(asked.whole('entry', { min: 0, max: 1e9 }));
      const channel = asked.text('channel', 200);
      const { content } = await at.watch.inTurn(() => at.desk.viewDocument(channel, entry));
      // Never shown by the browser on its own: the page decides what to do with these bytes.
      return reply
        .header('content-disposition', 'attachment')
        .type('application/octet-stream')
        .send(Buffer.from(content));
    });
    this.#bytes('/api/send', async (request) => {
      const { channel, name } = placeOf(request);
      return this.#do(() =>
        withUpload(request.body as Readable, (path) =>
          at.desk.send(channel, path, {
            as: name,
            onProgress: (done, total) =>
              this.#tell({ kind: 'progress', channel, text: `${done}/${total}` }),
          }),
        ),
      );
    });
    this.#bytes('/api/mail', async (request) => {
      const nowMs = this.#options.ports.clock.nowMs();
      return { ok: true, value: await screenUpload(at.desk, bytesOf(request), nowMs) };
    });
    this.#bytes('/api/mail-files', async (request) => {
      const mail = await readMail(bytesOf(request));
      const onFile = (text: string): void => this.#tell({ kind: 'progress', channel: '', text });
      return {
        ok: true,
        value: await at.watch.inTurn(() => this.#mailFiles.rebuild(at.desk, mail, onFile)),
      };
    });
    this.#bytes('/api/mail-file', async (request, reply) => {
      const asked = new Asked(request.body);
      const mail = asked.whole('mail', { min: 0, max: 1e9 });
      const content = await this.#mailFiles.read(mail, asked.whole('at', { min: 0, max: 1e6 }));
      return reply
        .header('content-disposition', 'attachment')
        .type('application/octet-stream')
        .send(content);
    });
  }

  /** A WebSocket is a write as much as any: same host, same origin, a bearer. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [protocol, bearer] = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((word) => word.trim());
    const status = !isOurHost(request.headers, this.#host)
      ? 421
      : !isOurOrigin(request.headers, this.origin) || request.url !== '/live'
        ? 403
        : protocol !== SOCKET_PROTOCOL || !this.#access.holds(bearer)
          ? 401
          : this.#sockets.clients.size >= SOCKETS_MAX
            ? 503
            : 101;
    if (status !== 101) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
    });
  }
}

function bytesOf(request: FastifyRequest): Readable {
  if (request.headers['content-type'] === 'application/octet-stream')
    return request.body as Readable;
  throw new PageRefusal(415, 'wrong-request', { message: 'Bytes are expected here.' });
}

/** Where a file goes and what it is called, from two headers with percent-encoded UTF-8. */
function placeOf(request: FastifyRequest): { channel: string; name: string } {
  bytesOf(request);
  const read = (header: string): string => {
    const value = request.headers[header];
    try {
      if (typeof value === 'string' && value.length <= 2000) return decodeURIComponent(value);
    } catch {
      // Not percent-encoded UTF-8: refused below like an absent one.
    }
    throw new PageRefusal(400, 'wrong-request', { message: `The header ${header} is not right.` });
  };
  return { channel: read('x-parley-channel'), name: read('x-parley-name') };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Allows this answer's own style elements. */
    nonce: string;
  }
}

/** Starts serving the desk, open or still to be opened; builds the page first where that is needed. */
export async function startUi(place: Place, options: UiOptions): Promise<RunningUi> {
  const server = new UiServer(place, await builtPage(options.onBuild), options);
  await server.listen(place.home);
  return {
    origin: server.origin,
    newLink: (show) => server.newLink(show),
    close: () => server.close(),
  };
}
