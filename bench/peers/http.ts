// HTTP/1.1 requests on one line without waiting for each answer: as many under way as a broker's client would have.

import { createConnection, type Socket } from 'node:net';

export class Pipeline {
  readonly #socket: Socket;
  #tail = '';
  #answers = 0;
  #refused: string | undefined;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (data: string) => {
      // A status line may be cut by the end of a read: its twelve characters are looked for in both halves together.
      const all = this.#tail + data;
      for (const found of all.matchAll(/HTTP\/1\.1 (\d{3})/g)) {
        if (found[1] !== '200') this.#refused = found[1];
        this.#answers++;
      }
      this.#tail = /HTTP\/1\.1 \d{3}.{0,11}$/s.test(all) ? '' : all.slice(-11);
      this.#wake?.();
    });
  }

  static async open(host: string, port: number): Promise<Pipeline> {
    const socket = createConnection({ host, port, noDelay: true });
    await new Promise((settle) => socket.once('connect', settle));
    return new Pipeline(socket);
  }

  /** Sends so many requests with at most 20 under way; resolves when all are answered, and fails at the first refusal. */
  async send(count: number, request: () => Buffer, inFlight = 20): Promise<void> {
    this.#answers = 0;
    for (let n = 0; n < count; n++) {
      while (n - this.#answers >= inFlight) await this.#more();
      this.#socket.write(request());
    }
    while (this.#answers < count) await this.#more();
  }

  close(): void {
    this.#socket.destroy();
  }

  async #more(): Promise<void> {
    await new Promise<void>((settle) => (this.#wake = settle));
    if (this.#refused !== undefined) throw new Error(`the relay refused: ${this.#refused}`);
  }
}
