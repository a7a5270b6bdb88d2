// As little of XMPP as it takes to sit in a room and to speak there: an anonymous session, no TLS, messages counted by
// their end tags.

import { createConnection, type Socket } from 'node:net';

const END = '</body>';

export class Xmpp {
  readonly #socket: Socket;
  #seen = '';
  #tail = '';
  #counting = false;
  #mine = 0;
  readonly #onMessage: () => void;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket, onMessage: () => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => this.#take(data));
    socket.on('error', () => {});
  }

  /** A session that has joined `room` as `nick`. */
  static async join(
    port: number,
    room: string,
    nick: string,
    onMessage: () => void = () => {},
  ): Promise<Xmpp> {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const xmpp = new Xmpp(socket, onMessage);
    const open = `<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
    await xmpp.#ask(open, '</stream:features>');
    await xmpp.#ask(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>`,
      '<success',
    );
    await xmpp.#ask(open, '</stream:features>');
    await xmpp.#ask(
      `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`,
      '</iq>',
    );
    await xmpp.#ask(
      `<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`,
      '<subject',
    );
    xmpp.#counting = true;
    xmpp.#seen = '';
    return xmpp;
  }

  async #ask(stanza: string, until: string): Promise<void> {
    this.#seen = '';
    this.#socket.write(stanza);
    while (!this.#seen.includes(until)) await new Promise<void>((settle) => (this.#wake = settle));
  }

  /** Speaks with at most `inFlight` messages that have not come back yet. */
  async say(room: string, body: string, count: number, inFlight: number): Promise<void> {
    const stanza = `<message type='groupchat' to='${room}'><body>${body}</body></message>`;
    for (let n = 0; n < count; n++) {
      while (n - this.#mine >= inFlight) await new Promise<void>((settle) => (this.#wake = settle));
      this.#socket.write(stanza);
    }
    while (this.#mine < count) await new Promise<void>((settle) => (this.#wake = settle));
  }

  #take(data: string): void {
    if (this.#counting) {
      const all = this.#tail + data;
      for (let at = all.indexOf(END); at >= 0; at = all.indexOf(END, at + END.length)) {
        this.#mine++;
        this.#onMessage();
      }
      this.#tail = all.slice(-(END.length - 1));
    } else this.#seen += data;
    this.#wake?.();
  }

  close(): void {
    this.#socket.destroy();
  }
}
