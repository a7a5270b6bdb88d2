// As little of MQTT 3.1.1 as it takes to publish at QoS 1 and to receive: so that the broker is measured, not a client.

import { createConnection, type Socket } from 'node:net';

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

function packet(first: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = body.length; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

/** One connection; `onPublish` is called for each message, which is acknowledged first. */
export class Mqtt {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #acked = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #onPublish: () => void;
  readonly #answers: ((first: number) => void)[] = [];

  private constructor(socket: Socket, onPublish: () => void) {
    this.#socket = socket;
    this.#onPublish = onPublish;
    socket.on('data', (data: Buffer) => this.#take(data));
    socket.on('error', () => {});
  }

  static async connect(
    port: number,
    name: string,
    onPublish: () => void = () => {},
  ): Promise<Mqtt> {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const mqtt = new Mqtt(socket, onPublish);
    socket.write(packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 0]), text(name)));
    await mqtt.#answered();
    return mqtt;
  }

  #answered(): Promise<number> {
    return new Promise((settle) => this.#answers.push(settle));
  }

  async subscribe(topic: string): Promise<void> {
    this.#socket.write(packet(0x82, Buffer.from([0, 1]), text(topic), Buffer.from([1])));
    await this.#answered();
  }

  /** Publishes with at most `inFlight` messages unacknowledged; resolves when all are acknowledged. */
  async publish(topic: string, payload: Buffer, count: number, inFlight: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      while (n - this.#acked >= inFlight)
        await new Promise<void>((settle) => this.#waiting.push(settle));
      const id = (n % 65_535) + 1;
      this.#socket.write(packet(0x32, text(topic), Buffer.from([id >> 8, id & 255]), payload));
    }
    while (this.#acked < count) await new Promise<void>((settle) => this.#waiting.push(settle));
  }

  #take(data: Buffer): void {
    let held = this.#held.length === 0 ? data : Buffer.concat([this.#held, data]);
    for (;;) {
      let length = 0;
      let at = 1;
      for (; at < 5 && at < held.length; at++) {
        const byte = held[at] ?? 0;
        length |= (byte & 127) << (7 * (at - 1));
        if (byte < 128) break;
      }
      if (held.length < 2 || held.length < at + 1 + length) break;
      this.#packet(held[0] ?? 0, held.subarray(at + 1, at + 1 + length));
      held = held.subarray(at + 1 + length);
    }
    this.#held = held;
  }

  #packet(first: number, body: Buffer): void {
    const kind = first >> 4;
    if (kind === 3) {
      const at = 2 + body.readUInt16BE(0);
      this.#socket.write(Buffer.from([0x40, 2, body[at] ?? 0, body[at + 1] ?? 0]));
      this.#onPublish();
    } else if (kind === 4) {
      this.#acked++;
      this.#waiting.shift()?.();
    } else this.#answers.shift()?.(first);
  }

  close(): void {
    this.#socket.destroy();
  }
}
