// Stories of mail where it lies: a folder of sent mail and an inbox on a real Dovecot, submission through a real Postfix.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { newDirectory } from '@parley/mail';
import { sendMail } from '@parley/mail/node';
import {
  freePort,
  postfixMissing,
  startPostfix,
} from '../../packages/mail/src/postfix/real-postfix.ts';
import {
  DOVECOT_USER,
  dovecotMissing,
  startDovecot,
  type RealDovecot,
} from '../../packages/mail/src/watch/real-dovecot.ts';
import { json, parley, start, type Asked, type Came } from './command.ts';
import { Stage, TALKS, type Scene } from './stage.ts';

const NOW_MS = nativePorts.clock.nowMs();
const NOON_MS = Math.floor(NOW_MS / 86_400_000) * 86_400_000 + 12 * 3_600_000;
const DAY = new Date(NOON_MS).toISOString().slice(0, 10);

function mail(number: number, to = 'Bo <bo@beta.example>'): Buffer {
  const date = new Date(NOON_MS + 1000 * number).toUTCString().replace('GMT', '+0000');
  return Buffer.from(
    `From: Ana Example <ana@alpha.example>\r\nTo: ${to}\r\nSubject: Note ${number}\r\nDate: ${date}\r\nMessage-ID: <${number}@alpha.example>\r\n\r\nThe table has ${number} seats.\r\n`,
  );
}

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Beta's directory too: it says whose mail Alpha attests. */
async function directories(scene: Scene): Promise<void> {
  const publish = async (who: 'alpha' | 'beta', party: string, domain: string): Promise<void> => {
    const desk = scene.open(who);
    const life = { issuedMs: NOW_MS, expiresMs: NOW_MS + 90 * 86_400_000 };
    await desk.mail.publish(TALKS, { ...newDirectory(party, life), domains: [domain] });
    scene.close(desk);
  };
  await publish('alpha', 'Republic of Alpha', 'alpha.example');
  await publish('beta', 'Republic of Beta', 'beta.example');
  for (const who of ['alpha', 'beta'] as const) {
    const desk = scene.open(who);
    await desk.sync(TALKS);
    scene.close(desk);
  }
}

const as = (scene: Scene, who: string): Asked => ({
  home: scene.path(who),
  passphraseFile: scene.path('passphrase'),
});
const done = (came: Came): Came => {
  expect(came, came.err).toMatchObject({ exit: 0 });
  return came;
};
const items = (came: Came): Record<string, unknown>[] =>
  came.out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const noDovecot = dovecotMissing();
if (noDovecot !== null)
  process.stdout.write(`not run: 4 stories with a real Dovecot: ${noDovecot}\n`);

describe.runIf(noDovecot === null)('mailboxes on a real Dovecot', () => {
  let server: RealDovecot;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(() => server.remove());

  async function append(user: string, folder: string, mails: readonly Buffer[]): Promise<void> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      auth: { user, pass: DOVECOT_USER.password },
      logger: false,
    });
    await client.connect();
    for (const one of mails) await client.append(folder, one);
    await client.logout();
  }

  async function account(scene: Scene, who: string, user: string): Promise<void> {
    const password = scene.path('password');
    writeFileSync(password, `${DOVECOT_USER.password}\n`);
    const add = ['mail', 'account', 'add', 'office', '--host', '127.0.0.1', '--user', user];
    const words = [...add, '--port', String(server.port), '--plain', '--password-file', password];
    done(await parley(words, as(scene, who)));
  }

  test('an account is tried before it is kept, and its password lies nowhere in the clear', async () => {
    const scene = await stage.scene();
    writeFileSync(scene.path('wrong'), 'wrong\n');
    const where = ['--host', '127.0.0.1', '--port', String(server.port), '--plain'];
    const add = ['mail', 'account', 'add', 'office', '--user', 'ana', ...where];
    const refused = await parley(
      [...add, '--password-file', scene.path('wrong')],
      as(scene, 'alpha'),
    );
    expect(refused).toMatchObject({ exit: 1 });
    expect(refused.err).toContain('imap-login-refused');
    await account(scene, 'alpha', 'ana');
    const listed = done(await parley(['mail', 'account', 'list', '--json'], as(scene, 'alpha')));
    expect(json(listed)).toMatchObject({ accounts: [{ name: 'office', user: 'ana' }] });
    expect(listed.out).not.toContain(DOVECOT_USER.password);
    for (const name of readdirSync(scene.path('alpha')))
      if (name.startsWith('vault'))
        expect(readFileSync(join(scene.path('alpha'), name)).includes(DOVECOT_USER.password)).toBe(
          false,
        );
    done(await parley(['mail', 'account', 'remove', 'office'], as(scene, 'alpha')));
    const gone = await parley(['mail', 'watch', 'office', '--once'], as(scene, 'alpha'));
    expect(gone).toMatchObject({ exit: 2 });
    expect(gone.err).toContain('no-such-account');
  });

  test('over TLS: a certificate that nobody vouches for is refused, STARTTLS is asked for, a trusted one is used', async () => {
    const scene = await stage.scene();
    const password = scene.path('password');
    writeFileSync(password, `${DOVECOT_USER.password}\n`);
    const tls = await startDovecot({ tls: true });
    onTestFinished(() => tls.remove());
    const add = (name: string, where: readonly string[], env: Record<string, string>) =>
      parley(
        ['mail', 'account', 'add', name, '--user', 'cho', '--password-file', password, ...where],
        { ...as(scene, 'alpha'), env },
      );
    const secure = ['--host', '127.0.0.1', '--port', String(tls.tlsPort)];
    const upgraded = ['--host', '127.0.0.2', '--port', String(tls.port), '--plain'];
    for (const where of [secure, upgraded]) {
      const refused = await add('office', where, {});
      expect(refused).toMatchObject({ exit: 1 });
      expect(refused.err).toContain('imap-untrusted');
    }
    const trusting = { NODE_EXTRA_CA_CERTS: tls.certificate };
    done(await add('office', secure, trusting));
    done(await add('upgraded', upgraded, trusting));
    for (const name of ['office', 'upgraded']) {
      const words = ['mail', 'watch', name, '--once', '--json'];
      const watched = done(await parley(words, { ...as(scene, 'alpha'), env: trusting }));
      expect(watched.err).not.toContain('again');
    }
    const later = await parley(['mail', 'watch', 'office', '--once'], as(scene, 'alpha'));
    expect(later.err).toContain('imap-untrusted');
  });

  test('at SIGHUP a watch reads the record again: what was attested since is proven by the same process', async () => {
    const scene = await stage.scene();
    await directories(scene);
    await account(scene, 'beta', 'dan');
    const running = start(
      ['mail', 'watch', 'office', '--channel', TALKS, '--json'],
      as(scene, 'beta'),
    );
    let [seen, said] = ['', ''];
    running.child.stdout?.on('data', (text: string) => (seen += text));
    running.child.stderr?.on('data', (text: string) => (said += text));
    const verdicts = () =>
      seen.split('\n').flatMap((line) => /"verdict":"(\w+)"/.exec(line)?.[1] ?? []);
    await append('dan', 'INBOX', [mail(1)]);
    while (verdicts().length < 1) await wait(50);

    writeFileSync(scene.path('sent.eml'), mail(2));
    const attest = ['mail', 'attest', scene.path('sent.eml'), '--channel', TALKS];
    done(await parley(attest, as(scene, 'alpha')));
    running.child.kill('SIGHUP');
    while (!said.includes('the record was read again')) await wait(50);
    await append('dan', 'INBOX', [mail(2)]);
    while (verdicts().length < 2) await wait(50);
    running.child.kill('SIGTERM');
    await running.done;
    expect(verdicts()).toEqual(['suspicious', 'proven']);
  });

  test('sent mail is attested once through kills; the inbox of the other side shows it proven, and the rest of the closed day denied', async () => {
    const scene = await stage.scene();
    await directories(scene);
    await account(scene, 'alpha', 'ana');
    await account(scene, 'beta', 'bo');
    const sent = Array.from({ length: 40 }, (_, i) => mail(i + 1));
    const toOthers = [mail(101, 'Dee <dee@delta.example>'), mail(102, 'Eve <eve@epsilon.example>')];
    await append('ana', 'Outbound', [...sent.slice(0, 20), ...toOthers, ...sent.slice(20)]);

    // Killed again and again, each time a little later; what is done stays done.
    const words = ['mail', 'attest', '--channel', TALKS, '--account', 'office', '--json'];
    for (const ms of [700, 900, 1100, 1300]) {
      const running = start(words, as(scene, 'alpha'));
      await wait(ms);
      running.child.kill('SIGKILL');
      await running.done;
    }
    done(await parley(words, as(scene, 'alpha')));
    expect(json(done(await parley(words, as(scene, 'alpha'))))).toMatchObject({
      seen: 0,
      attested: 0,
    });
    const file = scene.path('again.eml');
    writeFileSync(file, sent[7] ?? '');
    const again = await parley(
      ['mail', 'attest', file, '--channel', TALKS, '--json'],
      as(scene, 'alpha'),
    );
    expect(json(done(again))).toMatchObject({ attested: 0, known: 1 });
    const seal = [
      'mail',
      'seal-day',
      '--channel',
      TALKS,
      '--day',
      DAY,
      '--covers',
      'alpha.example',
      '--json',
    ];
    expect(json(done(await parley(seal, as(scene, 'alpha'))))).toMatchObject({ count: 40 });
    done(await parley(['sync'], as(scene, 'beta')));

    await append('bo', 'INBOX', [...sent.slice(0, 3), mail(777)]);
    const watch = ['mail', 'watch', 'office', '--channel', TALKS, '--json'];
    // Killed after its first verdicts, it goes on behind them.
    const running = start(watch, as(scene, 'beta'));
    let seen = '';
    running.child.stdout?.on('data', (text: string) => (seen += text));
    while (seen.split('\n').length < 5) await wait(50);
    running.child.kill('SIGKILL');
    const first = items(await running.done).map(({ verdict }) => verdict);
    expect(first).toEqual(['proven', 'proven', 'proven', 'denied']);
    await append('bo', 'INBOX', [sent[3] ?? Buffer.alloc(0)]);
    const second = done(await parley([...watch, '--once'], as(scene, 'beta')));
    const resumed = items(second).map(({ uid, verdict, done: did }) => ({ uid, verdict, did }));
    expect(resumed).toEqual([{ uid: 5, verdict: 'proven', did: 'nothing' }]);

    // What is suspicious is asked about in the channel, and the question is there for the other side.
    const denied = scene.path('denied.eml');
    writeFileSync(denied, mail(778));
    const asked = await parley(
      ['mail', 'check', denied, '--channel', TALKS, '--ask', TALKS],
      as(scene, 'beta'),
    );
    expect(asked).toMatchObject({ exit: 5 });
    expect(asked.out).toContain(`asked in ${TALKS}.`);
    done(await parley(['sync'], as(scene, 'alpha')));
    const inbox = done(await parley(['inbox', '--json'], as(scene, 'alpha')));
    expect(inbox.out).toContain('Did you send this mail?');

    // A mail of the closed day that was not attested in time: said, and refused by policy.
    await append('ana', 'Outbound', [mail(99)]);
    const late = await parley(words, as(scene, 'alpha'));
    expect(late).toMatchObject({ exit: 3 });
    expect(json(late)).toMatchObject({ seen: 1, attested: 0, sealedDays: [DAY] });
  });
});

const noPostfix = postfixMissing();
if (noPostfix !== null)
  process.stdout.write(`not run: 2 stories with a real Postfix: ${noPostfix}\n`);

describe.runIf(noPostfix === null)('submission through a real Postfix', () => {
  test.each(['milter', 'filter'] as const)(
    'what is sent is on the record before it leaves (%s)',
    async (kind) => {
      const scene = await stage.scene();
      await directories(scene);
      const got: Buffer[] = [];
      const sinkPort = await freePort();
      const sink = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS', 'AUTH'],
        onData(stream, _session, settle) {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            got.push(Buffer.concat(chunks));
            settle();
          });
        },
      });
      await new Promise<void>((settle) => sink.listen(sinkPort, '127.0.0.1', () => settle()));
      const port = await freePort();
      const settings = {
        milter: [`smtpd_milters = inet:127.0.0.1:${port}`],
        filter: [`content_filter = smtp:[127.0.0.1]:${port}`],
      };
      const postfix = await startPostfix({ deliverTo: sinkPort, settings: settings[kind] });
      const next = kind === 'filter' ? ['--next', `127.0.0.1:${postfix.again}`] : [];
      const listen = ['--listen', `127.0.0.1:${port}`, ...next];
      const hook = start(
        ['mail', 'hook', kind, '--attest', TALKS, ...listen, '--json'],
        as(scene, 'alpha'),
      );
      try {
        let said = '';
        hook.child.stderr?.on('data', (text: string) => (said += text));
        while (!said.includes('listens')) await wait(50);
        const send = (bytes: Buffer, to: string) =>
          sendMail(
            { host: '127.0.0.1', port: postfix.port },
            { sender: 'ana@alpha.example', recipients: [to] },
            bytes,
          );
        expect((await send(mail(1), 'bo@beta.example')).taken).toBe(true);
        expect((await send(mail(2, 'Dee <dee@delta.example>'), 'dee@delta.example')).taken).toBe(
          true,
        );
        while (got.length < 2) await wait(50);
      } finally {
        hook.child.kill('SIGTERM');
        const came = await hook.done;
        postfix.stop();
        await new Promise<void>((settle) => sink.close(() => settle()));
        // A queue keeps no order.
        expect(
          items(came)
            .map(({ what }) => String(what))
            .toSorted((a, b) => (a < b ? -1 : 1)),
        ).toEqual(['attested', 'other']);
      }
      const seal = [
        'mail',
        'seal-day',
        '--channel',
        TALKS,
        '--day',
        DAY,
        '--covers',
        'alpha.example',
        '--json',
      ];
      expect(json(done(await parley(seal, as(scene, 'alpha'))))).toMatchObject({ count: 1 });
      done(await parley(['sync'], as(scene, 'beta')));
      const toBo = got.find((bytes) => bytes.includes('Subject: Note 1')) ?? Buffer.alloc(0);
      writeFileSync(scene.path('received.eml'), toBo);
      writeFileSync(scene.path('forged.eml'), mail(3));
      const check = (name: string) =>
        parley(
          ['mail', 'check', scene.path(name), '--channel', TALKS, '--json'],
          as(scene, 'beta'),
        );
      expect(json(done(await check('received.eml')))).toMatchObject({ verdict: 'proven' });
      const forged = await check('forged.eml');
      expect(forged).toMatchObject({ exit: 5 });
      expect(json(forged)).toMatchObject({ verdict: 'denied' });
    },
  );
});
