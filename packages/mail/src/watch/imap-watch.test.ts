import { createServer, type AddressInfo } from 'node:net';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDirectoryJson } from '../directory/directory-text.ts';
import { screen } from '../screen/screen.ts';
import { freePort } from '../postfix/real-postfix.ts';
import { tryAccess } from './imap-connection.ts';
import {
  KEYWORDS,
  watchFolder,
  type WatchedMail,
  type WatchOptions,
  type WatchPosition,
} from './imap-watch.ts';
import { DOVECOT_USER, dovecotMissing, startDovecot, type RealDovecot } from './real-dovecot.ts';

const NOW = Date.UTC(2026, 10, 21);
const read = readDirectoryJson(
  { party: 'The other delegation', domains: ['mofa.example.org'] },
  NOW,
);
if (!read.ok) throw new Error(read.reason);
const directory = read.value;

function mail(from: string, number: number): Buffer {
  return Buffer.from(
    `From: ${from}\r\nTo: me@our.example\r\nSubject: n${number}\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <${number}@x>\r\n\r\nhello ${number}\r\n`,
  );
}
const forged = (number: number): Buffer => mail('Kim <kim@mofa.example.org>', number);
const harmless = (number: number): Buffer => mail('Anna <anna@elsewhere.example>', number);

const missing = dovecotMissing();
if (missing !== null) process.stdout.write(`not run: 5 tests with a real Dovecot: ${missing}\n`);

describe.runIf(missing === null)('with a real Dovecot', () => {
  let server: RealDovecot;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(() => server.remove());

  async function asUser<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      auth: { user, pass: DOVECOT_USER.password },
      logger: false,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  function options(user: string, more: Partial<WatchOptions>): WatchOptions {
    return {
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      user,
      password: DOVECOT_USER.password,
      folder: 'INBOX',
      action: { kind: 'read-only' },
      position: null,
      backlog: 100,
      screen: (bytes) => screen(bytes, { directories: [directory], nowMs: NOW }),
      onMail: () => undefined,
      signal: new AbortController().signal,
      once: true,
      ...more,
    };
  }

  test('looks without changing a flag, and resumes behind the last mail', async () => {
    const seen: WatchedMail[] = [];
    await asUser('reader', async (client) => {
      await client.append('INBOX', harmless(1));
      await client.append('INBOX', forged(2));
    });
    const position = await watchFolder(options('reader', { onMail: (one) => void seen.push(one) }));
    expect(seen.map(({ screening }) => screening.verdict)).toEqual(['unknown', 'suspicious']);
    await asUser('reader', (client) => client.append('INBOX', forged(3)));
    await watchFolder(options('reader', { position, onMail: (one) => void seen.push(one) }));
    expect(seen.map(({ screening }) => screening.mail.subject)).toEqual(['n1', 'n2', 'n3']);
    await asUser('reader', async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      for await (const { flags } of client.fetch('1:*', { flags: true }))
        expect([...(flags ?? [])].filter((flag) => flag !== '\\Recent')).toEqual([]);
    });
  });

  test('sets keywords where that is allowed', async () => {
    await asUser('keywords', async (client) => {
      await client.append('INBOX', harmless(1));
      await client.append('INBOX', forged(2));
    });
    await watchFolder(options('keywords', { action: { kind: 'keyword' } }));
    await asUser('keywords', async (client) => {
      await client.mailboxOpen('INBOX');
      const marked = await client.search({ keyword: KEYWORDS.warned }, { uid: true });
      expect(marked).toEqual([2]);
    });
  });

  test('moves what is warned of to a folder it makes', async () => {
    await asUser('moving', async (client) => {
      await client.append('INBOX', forged(1));
      await client.append('INBOX', harmless(2));
    });
    await watchFolder(options('moving', { action: { kind: 'move', folder: 'Held by Parley' } }));
    await asUser('moving', async (client) => {
      expect((await client.status('INBOX', { messages: true })).messages).toBe(1);
      expect((await client.status('Held by Parley', { messages: true })).messages).toBe(1);
    });
  });

  test('hears of new mail while idle, and goes on after the server was away', async () => {
    await asUser('idler', (client) => client.append('INBOX', harmless(1)));
    const stopping = new AbortController();
    const subjects: string[] = [];
    const waiting = new Map<number, () => void>();
    const reached = (count: number): Promise<void> =>
      subjects.length >= count
        ? Promise.resolve()
        : new Promise((settle) => waiting.set(count, settle));
    const watching = watchFolder(
      options('idler', {
        once: false,
        signal: stopping.signal,
        onMail: ({ screening }) => {
          subjects.push(screening.mail.subject);
          waiting.get(subjects.length)?.();
        },
      }),
    );
    await reached(1);
    await asUser('idler', (client) => client.append('INBOX', forged(2)));
    await reached(2);
    await server.stop();
    await server.start();
    await asUser('idler', (client) => client.append('INBOX', forged(3)));
    await reached(3);
    stopping.abort();
    const position: WatchPosition | null = await watching;
    expect(subjects).toEqual(['n1', 'n2', 'n3']);
    expect(position?.lastUid).toBe(3);
  });

  test('says so when the password is wrong', async () => {
    await expect(watchFolder(options('nobody', { password: 'wrong' }))).rejects.toMatchObject({
      code: 'imap-login-refused',
    });
  });
});

test('says so when there is no server', async () => {
  const port = await freePort();
  const watching = watchFolder({
    host: '127.0.0.1',
    port,
    secure: false,
    user: 'x',
    password: 'x',
    folder: 'INBOX',
    action: { kind: 'read-only' },
    position: null,
    backlog: 1,
    screen: (bytes) => screen(bytes, { directories: [], nowMs: NOW }),
    onMail: () => undefined,
    signal: new AbortController().signal,
    once: true,
  });
  await expect(watching).rejects.toMatchObject({ code: 'imap-unreachable', retry: true });
});

test('gives no password to a server that offers no TLS, but on this machine', async () => {
  const said: string[] = [];
  let met = 0;
  const server = createServer((socket) => {
    met++;
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] here\r\n');
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        const line = bytes.toString('latin1');
        said.push(line);
        const [tag = ''] = line.split(' ');
        socket.write(
          line.includes('CAPABILITY')
            ? `* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n`
            : `${tag} BAD unknown\r\n`,
        );
      });
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.2', () => settle()));
  const { port } = server.address() as AddressInfo;
  const access = { host: '127.0.0.2', port, secure: false, user: 'ana', password: 'the-secret' };
  try {
    await expect(tryAccess(access)).rejects.toMatchObject({ code: 'imap-unreachable' });
  } finally {
    server.close();
  }
  expect(met).toBe(1);
  expect(said.join('')).not.toMatch(/LOGIN|AUTHENTICATE|the-secret/i);
});
