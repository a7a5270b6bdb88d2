import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startUi, type RunningUi } from './server.ts';

const PASSPHRASE = 'four plain words here';
const folder = mkdtempSync(join(tmpdir(), 'parley-ui-'));
let desk: Desk;
let ui: RunningUi;
let bearer: string;

type Said = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** Asks with exactly these headers: unlike fetch, a Host of our choice too. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Said> {
  const { hostname, port } = new URL(ui.origin);
  return new Promise((settle, fail) => {
    const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () =>
        settle({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.on('error', fail);
    request.end(body);
  });
}

const ours = (): Record<string, string> => ({
  origin: ui.origin,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
});
const letIn = (): Record<string, string> => ({ ...ours(), authorization: `Bearer ${bearer}` });

const tokenOf = (link: string): string => new URL(link).hash.slice(1);
const enter = (token: string): Promise<Said> =>
  ask('POST', '/api/enter', ours(), JSON.stringify({ token }));

/** The status that ends a WebSocket's beginning, or 101 where it was opened. */
function openSocket(protocols: string[], headers: Record<string, string>): Promise<number> {
  const url = `${ui.origin.replace('http', 'ws')}/live`;
  return new Promise((settle) => {
    const socket = new WebSocket(url, protocols, { headers });
    socket.on('open', () => {
      socket.close();
      settle(101);
    });
    socket.on('unexpected-response', (_request, response) => settle(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

beforeAll(async () => {
  desk = Desk.create(
    nativePorts,
    { home: join(folder, 'alpha'), passphrase: utf8(PASSPHRASE) },
    { party: 'Alpha', member: 'Ana', label: 'laptop' },
  );
  ui = await startUi(desk, { ports: nativePorts });
  const entered = await enter(tokenOf(ui.newLink()));
  bearer = (JSON.parse(entered.body) as { value: { bearer: string } }).value.bearer;
});

afterAll(async () => {
  await ui.close();
  desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a window that lost its client', () => {
  it('can ask who stands at the port: only who let it in can answer', async () => {
    const nonce = 'n'.repeat(32);
    const said = await ask('POST', '/api/prove', ours(), JSON.stringify({ nonce }));
    const { proofs } = (JSON.parse(said.body) as { value: { proofs: string[] } }).value;
    const under = (origin: string): string =>
      createHmac('sha256', Buffer.from(bearer, 'base64url'))
        .update(`${origin} ${nonce}`)
        .digest('base64url');
    expect(proofs).toContain(under(ui.origin));
    // An answer that was fetched here is none for a window that looks at another port.
    expect(proofs).not.toContain(under('http://127.0.0.1:1'));
    expect(said.body).not.toContain(bearer);
    const long = await ask('POST', '/api/prove', ours(), JSON.stringify({ nonce: 'n'.repeat(65) }));
    expect(long.status).toBe(400);
  });
});

describe('the page', () => {
  it('stands on loopback and says so strictly that it may load and run nothing else', async () => {
    expect(new URL(ui.origin).hostname).toBe('127.0.0.1');
    const { status, headers, body } = await ask('GET', '/', {});
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "form-action 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(body).not.toMatch(/<script(?![^>]*src=)|\son[a-z]+=|\sstyle=/);
    expect(body).not.toMatch(/https?:\/\//);
  });

  it('carries another nonce in every answer', async () => {
    const nonces = await Promise.all([ask('GET', '/', {}), ask('GET', '/', {})]);
    const [one, two] = nonces.map(({ body }) => /nonce="([\w-]{22})"/.exec(body)?.[1]);
    expect(one).toBeDefined();
    expect(one).not.toBe(two);
    expect(String(nonces[0]?.headers['content-security-policy'])).toContain(`'nonce-${one}'`);
  });

  it.each(['/../../package.json', '/assets/..%2f..%2fpackage.json', '/assets/', '/index.html'])(
    'gives no other file: %s',
    async (path) => {
      expect((await ask('GET', path, {})).status).toBe(404);
    },
  );
});

describe('a link', () => {
  it('lets one window in, once', async () => {
    const token = tokenOf(ui.newLink());
    expect((await enter(token)).status).toBe(200);
    const again = await enter(token);
    expect(again.status).toBe(401);
    expect(again.body).toContain('link-used');
  });

  it.each(['', 'x', 'A'.repeat(43)])(
    'is not guessed by another user of this machine: %j',
    async (token) => {
      expect((await enter(token)).status).toBe(401);
    },
  );

  it('keeps its token in the fragment, which no browser sends', () => {
    const link = new URL(ui.newLink());
    expect(link.pathname + link.search).toBe('/');
    expect(Buffer.from(link.hash.slice(1), 'base64url')).toHaveLength(32);
  });
});

describe('the desk answers only a window that was let in', () => {
  it('answers it', async () => {
    const { status, body } = await ask('POST', '/api/desk', letIn(), '{}');
    expect(status).toBe(200);
    expect(body).toContain('Ana');
  });

  it('refuses everyone without a bearer, on every act', async () => {
    const bad = [undefined, 'Bearer', `Bearer ${'A'.repeat(43)}`, `Basic ${bearer}`, bearer];
    for (const authorization of bad) {
      const headers = authorization === undefined ? ours() : { ...ours(), authorization };
      for (const act of ['desk', 'room', 'say', 'admit', 'safe-copy', 'send', 'mail'])
        expect((await ask('POST', `/api/${act}`, headers, '{}')).status, act).toBe(401);
    }
  });

  it('refuses a page of another origin, even with the bearer', async () => {
    const port = Number(new URL(ui.origin).port);
    const origins = [
      'https://evil.example',
      'null',
      `http://localhost:${port}`,
      `http://127.0.0.1:${port + 1}`,
    ];
    for (const origin of origins) {
      const said = await ask('POST', '/api/desk', { ...letIn(), origin }, '{}');
      expect(said.status, origin).toBe(403);
      expect(said.body).not.toContain('Ana');
    }
    const { origin: _, ...without } = letIn();
    expect((await ask('POST', '/api/desk', without, '{}')).status).toBe(403);
    const crossSite = { ...letIn(), 'sec-fetch-site': 'cross-site' };
    expect((await ask('POST', '/api/desk', crossSite, '{}')).status).toBe(403);
  });

  it('refuses a name that was bound to this address (DNS rebinding), for every path', async () => {
    const { port } = new URL(ui.origin);
    for (const host of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1', 'evil.example'])
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/api/desk'],
        ['POST', '/api/enter'],
      ] as const) {
        const said = await ask(
          method,
          path,
          { ...letIn(), host },
          method === 'GET' ? undefined : '{}',
        );
        expect(said.status, `${host} ${path}`).toBe(421);
        expect(said.body).not.toMatch(/Ana|<html/);
      }
  });

  it('takes nothing that a form or a simple request of a foreign page can send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const said = await ask('POST', '/api/desk', { ...letIn(), 'content-type': type }, '{}');
      expect(said.status, type).toBe(415);
    }
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(method, '/api/desk', letIn())).status, method).toBe(403);
  });

  it('bounds what it reads, and refuses what is not asked for rightly', async () => {
    const long = JSON.stringify({ channel: 'x', text: 'y'.repeat(200_000) });
    expect((await ask('POST', '/api/say', letIn(), long)).status).toBe(413);
    for (const body of ['', '[]', '"x"', '{', '{"channel":1}', '{"channel":"x"}']) {
      const said = await ask('POST', '/api/room', letIn(), body);
      expect(said.status, body).toBe(400);
    }
    const polluted = await ask('POST', '/api/desk', letIn(), '{"__proto__":{"polluted":true}}');
    expect(polluted.status).toBe(400);
    expect((await ask('POST', '/api/mail', letIn(), '{}')).status).toBe(415);
  });

  it('opens a WebSocket to our page with a bearer and to nobody else', async () => {
    const { port } = new URL(ui.origin);
    const good = { origin: ui.origin };
    expect(await openSocket(['parley-desk', bearer], good)).toBe(101);
    expect(await openSocket(['parley-desk'], good)).toBe(401);
    expect(await openSocket(['parley-desk', 'A'.repeat(43)], good)).toBe(401);
    expect(await openSocket(['parley-desk', bearer], { origin: 'https://evil.example' })).toBe(403);
    expect(await openSocket(['parley-desk', bearer], {})).toBe(403);
    const rebound = { ...good, host: `evil.example:${port}` };
    expect(await openSocket(['parley-desk', bearer], rebound)).toBe(421);
  });
});

describe('what the page can get', () => {
  it('is no key, no secret and no original: there is no act for them', async () => {
    for (const act of [
      'original',
      'identity',
      'vault',
      'export',
      'passphrase',
      'constructor',
      '__proto__',
    ])
      expect((await ask('POST', `/api/${act}`, letIn(), '{}')).status, act).toBe(404);
  });

  it('is a refusal in the same words as the command line', async () => {
    const said = await ask(
      'POST',
      '/api/room',
      letIn(),
      JSON.stringify({ channel: 'none', count: 1 }),
    );
    expect(said.status).toBe(409);
    expect(JSON.parse(said.body)).toMatchObject({
      ok: false,
      refusal: { nature: 'wrong-use', code: 'no-such-channel' },
    });
  });

  it('is a verdict on a mail, without anything being kept', async () => {
    const headers = { ...letIn(), 'content-type': 'application/octet-stream' };
    const mail = 'From: Minister <m@beta.example>\r\nSubject: x\u202ey\r\n\r\nHello\r\n';
    const said = await ask('POST', '/api/mail', headers, mail);
    expect(said.status).toBe(200);
    expect(JSON.parse(said.body)).toMatchObject({ ok: true, value: { verdict: 'unknown' } });
    expect(said.body).not.toContain('\u202e');
  });

  it('leaves nothing behind of a file that could not be sent', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('parley-outgoing-'));
    const headers = {
      ...letIn(),
      'content-type': 'application/octet-stream',
      'x-parley-channel': 'none',
      'x-parley-name': encodeURIComponent('../../etc/passwd'),
    };
    expect((await ask('POST', '/api/send', headers, 'x')).status).toBe(409);
    const bad = { ...headers, 'x-parley-name': '%E0%A4%A' };
    expect((await ask('POST', '/api/send', bad, 'x')).status).toBe(400);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('parley-outgoing-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe('a grave act', () => {
  it('asks for the passphrase, and a few wrong ones end it', async () => {
    const admit = (passphrase: string): Promise<Said> =>
      ask(
        'POST',
        '/api/admit',
        letIn(),
        JSON.stringify({ channel: 'none', fingerprint: 'x', passphrase }),
      );
    // The right one gets as far as the desk.
    expect((await admit(PASSPHRASE)).body).toContain('no-such-channel');
    for (let wrong = 0; wrong < 5; wrong++)
      expect((await admit(`wrong ${wrong}`)).body).toContain('wrong-passphrase');
    const locked = await admit(PASSPHRASE);
    expect(locked.status).toBe(403);
    expect(locked.body).toContain('confirmation-locked');
    for (const act of ['lower', 'remove-device']) {
      const body = JSON.stringify({ channel: 'none', passphrase: PASSPHRASE });
      expect((await ask('POST', `/api/${act}`, letIn(), body)).body).toContain(
        'confirmation-locked',
      );
    }
  });
});
