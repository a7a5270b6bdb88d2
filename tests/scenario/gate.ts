// A gate before the relay: one address for the life of a test file, whichever relay stands behind it. It counts what
// passes, and can be a bad line: closed, or cut before or after the relay has heard a request.

import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export type Passing = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Which capability asks, in base64url; empty for a stranger. */
  readonly capability: string;
  /** What the relay answered, once it has. */
  status?: number;
};

/** `before`: the relay never hears it. `after`: the relay has done it, and the asker never learns. */
export type Cut = 'before' | 'after' | undefined;

export class Gate {
  readonly #server: Server;
  readonly passed: Passing[] = [];
  /** The relay's address; null is a line that is down. */
  upstream: string | null = null;
  /** Which relay answers this request, where there are two. */
  route: (passing: Passing) => string | null = () => this.upstream;
  cut: (passing: Passing) => Cut = () => undefined;

  constructor() {
    this.#server = createServer((asked, answer) => void this.#pass(asked, answer));
    // Desks of one test live longer than a server's usual patience with an idle connection.
    this.#server.keepAliveTimeout = 600_000;
  }

  static async open(): Promise<Gate> {
    const gate = new Gate();
    await new Promise<void>((settle) => gate.#server.listen(0, '127.0.0.1', settle));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Honest again, and nothing counted. */
  reset(upstream: string | null): void {
    this.upstream = upstream;
    this.route = () => this.upstream;
    this.cut = () => undefined;
    this.passed.length = 0;
  }

  count(method: string, target: RegExp): number {
    return this.passed.filter((one) => one.method === method && target.test(one.target)).length;
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const capability = /^Parley ([^.]+)\./.exec(asked.headers.authorization ?? '')?.[1] ?? '';
    const passing: Passing = { method: asked.method ?? '', target: asked.url ?? '', capability };
    this.passed.push(passing);
    const upstream = this.route(passing);
    const cut = this.cut(passing);
    if (upstream === null || cut === 'before') {
      asked.socket.destroy();
      return;
    }
    const parts: Buffer[] = [];
    try {
      for await (const part of asked as AsyncIterable<Buffer>) parts.push(part);
    } catch {
      // The asker was killed in the middle of its request: the relay never hears of it.
      return;
    }
    const onward = request(
      new URL(passing.target, upstream),
      { method: passing.method, headers: asked.headers, agent: false },
      (came) => {
        passing.status = came.statusCode ?? 502;
        if (cut === 'after') {
          came.resume();
          came.on('end', () => asked.socket.destroy());
          return;
        }
        answer.writeHead(came.statusCode ?? 502, came.headers);
        came.pipe(answer);
      },
    );
    onward.on('error', () => asked.socket.destroy());
    onward.end(Buffer.concat(parts));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((settle) => this.#server.close(settle));
  }
}
