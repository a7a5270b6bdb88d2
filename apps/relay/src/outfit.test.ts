// What an operator puts around a relay: certificates, monitoring, a process for strangers, several machines on PostgreSQL.

import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '@parley/kernel';
import { RelayClient, newCapability, newLogId, newShelfId } from '@parley/post';
import { startRelay } from './relay.ts';
import type { RelayOptions, RunningRelay } from './relay-options.ts';
import { readStorePlace } from './open-store.ts';
import { Penalties } from './penalties.ts';
import { WorkGauge } from './work-gauge.ts';
import { freshLog, randomness, removeDirectory, temporaryDirectory } from './testing/fixture.ts';
import { postgresBinaries, startPostgres } from './testing/postgres.ts';

let dataDir: string;
const running: RunningRelay[] = [];
beforeEach(async () => (dataDir = await temporaryDirectory()));
afterEach(async () => {
  await Promise.all(running.splice(0).map((relay) => relay.close()));
  await removeDirectory(dataDir);
});

async function start(options: Partial<RelayOptions> = {}): Promise<RunningRelay> {
  const relay = await startRelay({
    dataDir,
    listen: '127.0.0.1:0',
    journal: { level: 'silent' },
    ...options,
  });
  running.push(relay);
  return relay;
}

describe('TLS', () => {
  const cert = (): { certFile: string; keyFile: string } => ({
    certFile: join(dataDir, 'cert.pem'),
    keyFile: join(dataDir, 'key.pem'),
  });
  const make = (): boolean => {
    const { certFile, keyFile } = cert();
    const argv = [
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ];
    return spawnSync('openssl', argv).status === 0;
  };

  it('is version 1.3 with a post-quantum key exchange, and its certificate can be changed while it runs', async () => {
    if (!make()) {
      console.log('TLS: not run: the openssl command is missing, so there is no certificate');
      return;
    }
    const relay = await start({ tls: cert() });
    expect(relay.url).toMatch(/^https:/);
    const shake = (options: {
      ecdhCurve?: string;
      maxVersion?: 'TLSv1.2';
    }): Promise<{ protocol: string | null; serial: string }> =>
      new Promise((settle, fail) => {
        const port = Number(new URL(relay.url).port);
        const socket = connect(
          { port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
          () => {
            settle({
              protocol: socket.getProtocol(),
              serial: socket.getPeerCertificate().serialNumber,
            });
            socket.destroy();
          },
        );
        socket.on('error', fail);
      });
    const first = await shake({ ecdhCurve: 'X25519MLKEM768' });
    expect(first.protocol).toBe('TLSv1.3');
    await expect(shake({ maxVersion: 'TLSv1.2' })).rejects.toThrow();
    make();
    await relay.reloadTls();
    expect((await shake({})).serial).not.toBe(first.serial);
  });

  it('files that do not fit are refused before anything listens', async () => {
    await expect(
      start({ tls: { certFile: '/nowhere', keyFile: '/nowhere' } }),
    ).rejects.toMatchObject({ code: 'tls-unusable' });
  });
});

describe('monitoring', () => {
  it('says healthy, ready and how much, on its own address and without names', async () => {
    const relay = await start({ adminListen: '127.0.0.1:0' });
    const client = new RelayClient({ url: relay.url, relayKey: relay.relayKey });
    const log = await freshLog(client);
    await log.append({ expectedSeq: 1, envelope: utf8('x') });
    await sleep(50);
    const ask = async (path: string): Promise<[number, string]> => {
      const response = await fetch(relay.adminUrl + path);
      return [response.status, await response.text()];
    };
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    expect(await ask('/readyz')).toEqual([200, 'ready\n']);
    const [, text] = await ask('/metrics');
    expect(text).toMatch(
      /parley_requests_total\{route="\/v1\/logs\/:log\/:seq",method="PUT",status="200"\} 1/,
    );
    for (const form of ['hex', 'base64url'] as const)
      expect(text).not.toContain(Buffer.from(log.id).toString(form));
    expect((await ask('/elsewhere'))[0]).toBe(404);
    expect((await fetch(`${relay.url}/metrics`)).status).toBe(404);
  });
});

describe('a process for strangers', () => {
  it('makes logs and hands out packages, while members have theirs; it comes back when it is killed', async () => {
    const relay = await start({ strangersListen: '127.0.0.1:0' });
    expect(relay.strangersUrl).not.toBe(relay.url);
    const client = new RelayClient({ url: relay.url, relayKey: relay.relayKey });
    const log = await freshLog(client);
    expect(await log.append({ expectedSeq: 1, envelope: utf8('member') })).toMatchObject({
      ok: true,
    });
    const shelf = newShelfId(randomness);
    await log.putPackage(shelf, utf8('package'));
    expect(await client.takePackage(log.id, shelf)).toMatchObject({ ok: true });
    expect((await fetch(`${relay.url}/v1/logs`, { method: 'POST' })).status).toBe(404);
    process.kill(relay.strangersPid() ?? 0, 'SIGKILL');
    const direct = new RelayClient({ url: relay.strangersUrl ?? '' });
    while (
      !(await direct.facts().then(
        () => true,
        () => false,
      ))
    )
      await sleep(50);
    expect(await client.createLog(newLogId(randomness), newCapability(randomness))).toMatchObject({
      ok: true,
    });
    await expect(direct.log(log.id, newCapability(randomness)).head()).rejects.toMatchObject({
      code: 'relay-broken',
    });
  });

  it('asks for work in a flood, gets it, and a proof is spent once', async () => {
    const relay = await start({ limits: { workFromPerSecond: 30, refusalsBurst: 1e6 } });
    const client = new RelayClient({ url: relay.url });
    let bits = 0;
    while (bits === 0) {
      await Promise.all(
        Array.from({ length: 60 }, () =>
          fetch(`${relay.url}/v1/logs`, { method: 'POST' }).then((r) => r.arrayBuffer()),
        ),
      );
      ({ workBits: bits } = await client.facts());
    }
    expect(await client.createLog(newLogId(randomness), newCapability(randomness))).toMatchObject({
      ok: true,
    });
    const used: string[] = [];
    const spy = (message: unknown): void => {
      const shown = (message as { request: ClientRequest }).request.getHeader('parley-work');
      if (typeof shown === 'string') used.push(shown);
    };
    subscribe('http.client.request.start', spy);
    const spied = new RelayClient({ url: relay.url });
    expect(await spied.createLog(newLogId(randomness), newCapability(randomness))).toMatchObject({
      ok: true,
    });
    unsubscribe('http.client.request.start', spy);
    expect(used.length).toBeGreaterThan(0);
    const again = await fetch(`${relay.url}/v1/logs`, {
      method: 'POST',
      headers: { 'parley-work': used.at(-1) ?? '' },
    });
    expect(again.status).toBe(429);
  });

  it('shuts out a network that is refused too often, and lets it in again', async () => {
    const relay = await start({ limits: { refusalsBurst: 5, refusalsPerSecond: 1 } });
    const { hostname, port } = new URL(relay.url);
    const knock = (localAddress: string): Promise<string> =>
      new Promise((settle) => {
        const call = request(
          { hostname, port, path: '/nowhere', localAddress, agent: false },
          (answer) => {
            answer.resume();
            settle(String(answer.statusCode));
          },
        );
        call.on('error', () => settle('closed'));
        call.setTimeout(400, () => (settle('held'), call.destroy()));
        call.end();
      });
    const answers: string[] = [];
    for (let n = 0; n < 8; n++) answers.push(await knock('127.5.5.5'));
    expect(answers.slice(0, 5)).toEqual(Array<string>(5).fill('404'));
    // Nobody answers it any more, and it is not told so: a flood that comes again at once waits.
    expect(answers.slice(5)).toEqual(['closed', 'held', 'held']);
    // Loopback proper is where a proxy or an onion service brings everyone from.
    for (let n = 0; n < 8; n++) expect(await knock('127.0.0.1')).toBe('404');
    const penalties = new Penalties(1, 2);
    expect([1, 2, 3].map((n) => penalties.refused('a', n))).toEqual([false, false, true]);
    expect([
      penalties.banned('a', 9_000),
      penalties.banned('b', 9_000),
      penalties.banned('a', 11_000),
    ]).toEqual([true, false, false]);
  });

  it('asks more with every flooded second and nothing when it is over', () => {
    const gauge = new WorkGauge(10);
    const second = (calls: number): number => {
      for (let call = 0; call < calls; call++) gauge.called();
      gauge.look();
      return gauge.bits;
    };
    expect(second(9)).toBe(0);
    expect([second(10), second(99), second(99)]).toEqual([12, 14, 16]);
    for (let n = 0; n < 20; n++) second(1000);
    expect(gauge.bits).toBe(20);
    for (let n = 0; n < 60; n++) second(0);
    expect(gauge.bits).toBe(0);
    gauge.close();
  });
});

describe('several machines as one relay', () => {
  const binaries = postgresBinaries();
  if ('missing' in binaries)
    it(`on PostgreSQL: not run: ${binaries.missing}`, () => expect(binaries.missing).not.toBe(''));
  else
    it('share PostgreSQL, the key and the chunks', async () => {
      const cluster = await startPostgres();
      const shared = { stores: [cluster.primary.url], keyFile: join(dataDir, 'shared.key') };
      const [one, two] = [await start(shared), await start(shared)];
      expect(two.relayKey).toEqual(one.relayKey);
      const owner = newCapability(randomness);
      const here = await freshLog(new RelayClient({ url: one.url, relayKey: one.relayKey }), owner);
      const there = new RelayClient({ url: two.url, relayKey: one.relayKey }).log(here.id, owner);
      const waiting = there.read({ after: 0, waitMs: 20_000 });
      await sleep(500);
      await here.append({ expectedSeq: 1, envelope: utf8('one') });
      expect(await waiting).toMatchObject({ value: { envelopes: [{ seq: 1 }] } });
      await Promise.all(running.splice(0).map((relay) => relay.close()));
      await cluster.destroy();
    });

  it('places of stores have one spelling', () => {
    expect(readStorePlace('postgres://a/b')).toEqual({
      name: 'main',
      generation: 1,
      url: 'postgres://a/b',
    });
    expect(readStorePlace('eu-1:2=postgres://a,b/c')).toMatchObject({
      name: 'eu-1',
      generation: 2,
    });
    for (const wrong of ['mysql://a', 'EU:1=postgres://a', 'a=postgres://b', ''])
      expect(() => readStorePlace(wrong)).toThrow(
        expect.objectContaining({ code: 'store-malformed' }) as Error,
      );
  });
});
