// A relay may answer anything, at any length, at any speed, or not at all. The client never hangs and never believes.

import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encode, utf8 } from '@parley/kernel';
import { nativeCrypto as crypto, nativePorts } from '@parley/kernel/node';
import { newCapability } from './capability.ts';
import { newLogId } from './ids.ts';
import { emptyHead, encodeReceipt, nextHead, signReceipt, type ReceiptClaim } from './receipt.ts';
import { RelayClient } from './relay-client.ts';
import { pageCodec, refusalCodec } from './wire.ts';
import { WebSocketServer } from 'ws';

const { randomness } = nativePorts;
const relayPair = crypto.generateSigner('ed25519');
const log = newLogId(randomness);
const broken = { name: 'Fault', code: 'relay-broken' };
const unreachable = { name: 'Fault', code: 'relay-unreachable', retry: true };

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

/** A relay that answers every request like this. */
async function relayThat(
  answer: (response: ServerResponse, url: string) => void,
): Promise<RelayClient> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response, request.url ?? '');
  });
  servers.push(server);
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  return new RelayClient({
    url: `http://127.0.0.1:${port}`,
    relayKey: relayPair.publicKey,
    timeoutMs: 300,
  });
}

const body = (bytes: Uint8Array) => (response: ServerResponse) => void response.end(bytes);
const asked = (client: RelayClient) => client.log(log, newCapability(randomness));

function claim(seq: number, head: Uint8Array): ReceiptClaim {
  return { relay: relayPair.publicKey, log, seq, head, timeMs: 1 };
}
const signed = (seq: number, head: Uint8Array) =>
  signReceipt(crypto, relayPair.secretKey, claim(seq, head));

describe('a hostile relay', () => {
  it('cannot hang or fill the client', async () => {
    const silent = await relayThat(() => {});
    await expect(asked(silent).head()).rejects.toMatchObject(unreachable);
    const dripping = await relayThat((response) => {
      response.write('x');
      setInterval(() => response.write('x'), 50).unref();
    });
    await expect(asked(dripping).read({ after: 0 })).rejects.toMatchObject(unreachable);
    const endless = await relayThat((response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    await expect(asked(endless).head()).rejects.toMatchObject(broken);
    const lying = await relayThat((response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('abc');
      response.destroy();
    });
    await expect(asked(lying).head()).rejects.toMatchObject(unreachable);
    const bomb = await relayThat((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(Buffer.alloc(100));
    });
    await expect(asked(bomb).head()).rejects.toMatchObject({ name: 'Fault' });
  });

  it('cannot send the client elsewhere, and its front page is not an answer', async () => {
    const elsewhere = await relayThat((response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    await expect(asked(elsewhere).head()).rejects.toMatchObject(unreachable);
    const page = await relayThat((response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>'),
    );
    await expect(asked(page).head()).rejects.toMatchObject(broken);
    const gateway = await relayThat((response) => response.writeHead(502).end('<html>bad gateway'));
    await expect(asked(gateway).head()).rejects.toMatchObject(unreachable);
    const nobody = new RelayClient({ url: 'http://127.0.0.1:1', timeoutMs: 300 });
    await expect(asked(nobody).head()).rejects.toMatchObject(unreachable);
  });

  it('cannot pass for another, nor sign for another log, nor change a receipt', async () => {
    const good = signed(0, emptyHead(crypto, log));
    const other = crypto.generateSigner('ed25519');
    const receipts = [
      signReceipt(crypto, other.secretKey, { ...claim(0, good.head), relay: other.publicKey }),
      signReceipt(crypto, relayPair.secretKey, {
        ...claim(0, good.head),
        log: newLogId(randomness),
      }),
      { ...good, timeMs: 2 },
    ];
    for (const receipt of receipts) {
      const client = await relayThat(body(encodeReceipt(receipt)));
      await expect(asked(client).head()).rejects.toMatchObject(broken);
    }
    const honest = await relayThat(body(encodeReceipt(good)));
    expect(await asked(honest).head()).toEqual({ ok: true, value: good });
    await expect(
      asked(honest).append({ expectedSeq: 1, envelope: utf8('x') }),
    ).rejects.toMatchObject(broken);
    await expect(honest.facts()).rejects.toMatchObject(broken);
  });

  it('cannot drop, repeat, reorder or change an envelope on a page', async () => {
    const envelopes = ['one', 'two', 'three'].map((text, i) => ({
      seq: i + 1,
      envelope: utf8(text),
    }));
    const start = emptyHead(crypto, log);
    const head = envelopes.reduce((at, { envelope }) => nextHead(crypto, at, envelope), start);
    const [one, two, three] = envelopes as [
      (typeof envelopes)[0],
      (typeof envelopes)[0],
      (typeof envelopes)[0],
    ];
    const read = async (shown: typeof envelopes, seq = 3): Promise<unknown> => {
      const client = await relayThat(
        body(encode(pageCodec, { envelopes: shown, head: signed(seq, head) })),
      );
      return asked(client).read({ after: 0, afterHead: start });
    };
    expect(await read([one, two, three])).toMatchObject({ ok: true });
    expect(await read([one, two])).toMatchObject({ ok: true });
    await expect(read([one, three])).rejects.toMatchObject(broken);
    await expect(read([one, one, two])).rejects.toMatchObject(broken);
    await expect(read([])).rejects.toMatchObject(broken);
    await expect(read([one, two, three], 2)).rejects.toMatchObject(broken);
    await expect(
      read([one, { seq: 2, envelope: three.envelope }, { seq: 3, envelope: two.envelope }]),
    ).rejects.toMatchObject(broken);
    await expect(read([one, two, { seq: 3, envelope: utf8('thief') }])).rejects.toMatchObject(
      broken,
    );
  });

  it('cannot make refusals into anything but words the client knows', async () => {
    const refusing = (reason: string, workBits = 0) =>
      relayThat((response) => {
        response.statusCode = 409;
        const nowMs = 8e15;
        response.end(
          encode(refusalCodec, {
            reason,
            detail: '',
            nowMs,
            retryAfterMs: 86_400_000,
            workBits,
            head: null,
          }),
        );
      });
    expect(await asked(await refusing('full')).head()).toMatchObject({
      reason: 'refused',
      detail: 'full',
    });
    expect(await asked(await refusing('a-new-word')).head()).toMatchObject({ reason: 'refused' });
    expect(await asked(await refusing('busy')).head()).toMatchObject({ reason: 'busy' });
    expect(await asked(await refusing('work-required', 40)).head()).toMatchObject({
      reason: 'busy',
    });
    await expect(asked(await refusing('clock')).head()).rejects.toMatchObject(broken);
  });

  const pageOf = (seq: number): Uint8Array =>
    encode(pageCodec, {
      envelopes: [{ seq, envelope: utf8('x') }],
      head: signed(seq, nextHead(crypto, emptyHead(crypto, log), utf8('x'))),
    });

  async function feeding(frames: readonly Uint8Array[]): Promise<RelayClient> {
    const server = createServer((_request, response) => void response.end(pageOf(1)));
    servers.push(server);
    const feeds = new WebSocketServer({ server });
    server.on('close', () => feeds.close());
    feeds.on('connection', (socket) => {
      for (const frame of frames) socket.send(frame);
    });
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    const { port } = server.address() as AddressInfo;
    return new RelayClient({ url: `http://127.0.0.1:${port}`, relayKey: relayPair.publicKey });
  }

  it('that feeds nonsense, or more than a page may hold, is polled instead', async () => {
    for (const frame of [pageOf(1).slice(1), Buffer.alloc(3_000_000)]) {
      const client = await feeding([frame]);
      for await (const page of asked(client).follow({ after: 0 })) {
        expect(page).toMatchObject({ ok: true, value: { envelopes: [{ seq: 1 }] } });
        break;
      }
    }
  });

  it('that leaves a gap in its feed is broken, and what was handed out before is not handed out twice', async () => {
    const gap = asked(await feeding([pageOf(3)])).follow({ after: 1 });
    await expect(gap.next()).rejects.toMatchObject(broken);
    const again = asked(await feeding([pageOf(1), pageOf(1), pageOf(2)])).follow({ after: 0 });
    const seqs: number[] = [];
    for await (const page of again) {
      if (page.ok) seqs.push(...page.value.envelopes.map(({ seq }) => seq));
      if (seqs.length === 2) break;
    }
    expect(seqs).toEqual([1, 2]);
  });

  it('that speaks no HTTP at all is unreachable', async () => {
    const tcp = createTcp((socket) => void socket.end(randomness.bytes(500)));
    await new Promise<void>((settle) => tcp.listen(0, '127.0.0.1', settle));
    const { port } = tcp.address() as AddressInfo;
    const client = new RelayClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 300 });
    await expect(client.facts()).rejects.toMatchObject(unreachable);
    tcp.close();
  });
});
