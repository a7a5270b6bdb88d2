import { SMTPServer } from 'smtp-server';
import { afterAll, describe, expect, test } from 'vitest';
import { readDirectoryJson } from '../directory/directory-text.ts';
import { screen } from '../screen/screen.ts';
import { startContentFilter, withVerdict } from './content-filter.ts';
import {
  defaultHookPolicy,
  screeningHook,
  severeHookPolicy,
  type HookPolicy,
} from './hook-policy.ts';
import { startMilter, type RunningHook } from './milter-server.ts';
import { freePort, postfixMissing, startPostfix, type RealPostfix } from './real-postfix.ts';
import { dotStuffed, sendMail } from './smtp-client.ts';

const NOW = Date.UTC(2026, 10, 21);
const read = readDirectoryJson(
  {
    party: 'The other delegation',
    domains: ['mofa.example.org'],
    people: [{ name: 'Kim Jong-su', addresses: ['kim@mofa.example.org'] }],
  },
  NOW,
);
if (!read.ok) throw new Error(read.reason);
const directory = read.value;
const screenMail = (bytes: Uint8Array) => screen(bytes, { directories: [directory], nowMs: NOW });

const HEAD =
  'To: me@our-mission.example\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@x.example>\r\nSubject: Draft\r\n\r\n.A line with a dot\r\nand the end\r\n';
const FORGED = Buffer.from(`From: Kim Jong-su <kim@mofa.example.org>\r\n${HEAD}`);
const HARMLESS = Buffer.from(
  `From: Anna <anna@elsewhere.example>\r\nX-Parley-Verdict: proven; party="The other delegation"\r\n${HEAD}`,
);
const ENVELOPE = { sender: 'someone@elsewhere.example', recipients: ['me@our-mission.example'] };

const open: { close(): unknown }[] = [];
afterAll(async () => {
  for (const one of open.toReversed()) await one.close();
});

type Sink = { readonly port: number; next(): Promise<string>; readonly got: string[] };

/** The last mail server on the way: what it is handed is what a reader gets. */
async function startSink(): Promise<Sink> {
  const got: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  const port = await freePort();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        const settle = waiting.shift();
        if (settle === undefined) got.push(text);
        else settle(text);
        done();
      });
    },
  });
  await new Promise<void>((settle) => server.listen(port, '127.0.0.1', () => settle()));
  open.push({ close: () => new Promise<void>((settle) => server.close(() => settle())) });
  return {
    port,
    got,
    next: () =>
      got.length > 0
        ? Promise.resolve(got.shift() ?? '')
        : new Promise((settle) => waiting.push(settle)),
  };
}

async function milter(policy: HookPolicy, screening = screenMail): Promise<RunningHook> {
  const hook = await startMilter({
    host: '127.0.0.1',
    port: 0,
    decide: screeningHook(screening, policy),
    onFailure: policy.onFailure,
  });
  open.push(hook);
  return hook;
}

async function postfix(deliverTo: number, settings: readonly string[]): Promise<RealPostfix> {
  const running = await startPostfix({ deliverTo, settings });
  open.push({ close: () => running.stop() });
  return running;
}

const missing = postfixMissing();
if (missing !== null) process.stdout.write(`not run: 4 tests with a real Postfix: ${missing}\n`);

describe.runIf(missing === null)('with a real Postfix', () => {
  test('the milter adds its verdict and takes out a forged one', async () => {
    const sink = await startSink();
    const hook = await milter(defaultHookPolicy);
    const server = await postfix(sink.port, [
      `smtpd_milters = inet:127.0.0.1:${hook.port}`,
      'milter_protocol = 6',
    ]);
    expect((await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, FORGED)).taken).toBe(
      true,
    );
    const marked = await sink.next();
    expect(marked).toMatch(
      /^X-Parley-Verdict: suspicious; party="The other delegation"; why=[D0-9,]*D2/m,
    );
    expect(marked).toContain('\r\n.A line with a dot\r\nand the end\r\n');
    expect(
      (await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, HARMLESS)).taken,
    ).toBe(true);
    const plain = await sink.next();
    expect(plain.match(/^X-Parley-Verdict:.*$/gm)).toEqual(['X-Parley-Verdict: unknown']);
  });

  test('in severe posture the milter holds a forged mail in the queue and lets others pass', async () => {
    const sink = await startSink();
    const hook = await milter(severeHookPolicy);
    const server = await postfix(sink.port, [`smtpd_milters = inet:127.0.0.1:${hook.port}`]);
    await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, FORGED);
    await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, HARMLESS);
    expect(await sink.next()).toContain('From: Anna');
    expect(sink.got).toEqual([]);
    // An exclamation mark behind the queue id is Postfix's sign for mail on hold.
    expect(server.queue()).toMatch(/^[0-9A-Za-z]+!/m);
  });

  test('a failing screening defers under closed and delivers under open', async () => {
    const sink = await startSink();
    const broken = () => Promise.reject(new Error('no'));
    const closed = await milter({ ...defaultHookPolicy, onFailure: 'closed' }, broken);
    const strict = await postfix(sink.port, [`smtpd_milters = inet:127.0.0.1:${closed.port}`]);
    await expect(
      sendMail({ host: '127.0.0.1', port: strict.port }, ENVELOPE, FORGED),
    ).rejects.toMatchObject({ code: 'smtp-unreachable', retry: true });
    const loose = await milter(defaultHookPolicy, broken);
    const lenient = await postfix(sink.port, [`smtpd_milters = inet:127.0.0.1:${loose.port}`]);
    expect(
      (await sendMail({ host: '127.0.0.1', port: lenient.port }, ENVELOPE, FORGED)).taken,
    ).toBe(true);
    expect(await sink.next()).not.toContain('X-Parley-Verdict');
  });

  test('the content filter hands mail back to Postfix with its verdict, and keeps what is quarantined', async () => {
    const sink = await startSink();
    const held: string[] = [];
    const [filterPort] = [await freePort()];
    const server = await postfix(sink.port, [`content_filter = smtp:[127.0.0.1]:${filterPort}`]);
    open.push(
      await startContentFilter({
        host: '127.0.0.1',
        port: filterPort,
        next: { host: '127.0.0.1', port: server.again },
        decide: screeningHook(screenMail, severeHookPolicy),
        onFailure: severeHookPolicy.onFailure,
        quarantine: (bytes) => {
          held.push(Buffer.from(bytes).toString('latin1'));
          return Promise.resolve();
        },
      }),
    );
    await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, HARMLESS);
    const passed = await sink.next();
    expect(passed.match(/^X-Parley-Verdict:.*$/gm)).toEqual(['X-Parley-Verdict: unknown']);
    expect(passed).toContain('\r\n.A line with a dot\r\nand the end\r\n');
    await sendMail({ host: '127.0.0.1', port: server.port }, ENVELOPE, FORGED);
    for (let tries = 0; tries < 100 && held.length === 0; tries++)
      await new Promise((settle) => setTimeout(settle, 100));
    expect(held[0]).toMatch(/^X-Parley-Verdict: suspicious/);
    expect(sink.got).toEqual([]);
  });
});

test('a content filter defers when the next server is away, so that no mail is lost', async () => {
  const hook = await startContentFilter({
    host: '127.0.0.1',
    port: 0,
    next: { host: '127.0.0.1', port: await freePort() },
    decide: screeningHook(screenMail, defaultHookPolicy),
    onFailure: defaultHookPolicy.onFailure,
    quarantine: () => Promise.resolve(),
  });
  open.push(hook);
  await expect(
    sendMail({ host: '127.0.0.1', port: hook.port }, ENVELOPE, HARMLESS),
  ).rejects.toMatchObject({ code: 'smtp-unreachable' });
});

test('the verdict header replaces forged ones, folded ones too, and leaves the rest byte for byte', () => {
  const mail = Buffer.from(
    'A: 1\r\nx-parley-verdict: proven;\r\n party="x"\r\nB: 2\r\n\r\nX-Parley-Verdict: in the body\r\n',
  );
  expect(withVerdict(mail, 'unknown').toString()).toBe(
    'X-Parley-Verdict: unknown\r\nA: 1\r\nB: 2\r\n\r\nX-Parley-Verdict: in the body\r\n',
  );
});

test('lines that begin with a dot survive the way', () => {
  expect(dotStuffed(Buffer.from('.a\r\nb\r\n..c')).toString()).toBe('..a\r\nb\r\n...c\r\n.\r\n');
});
