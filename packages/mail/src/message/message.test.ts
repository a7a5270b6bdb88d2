import PostalMime from 'postal-mime';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpusMails } from '../testing/corpus.ts';
import { fc } from '../testing/fuzz.ts';
import { readAddresses } from './address.ts';
import { decodeWords } from './encoded-word.ts';
import { HEADER_FIELDS_MAX, readHeaders } from './headers.ts';
import { readHtml } from './html.ts';
import { asciiHost, hostNamedBy, hostOfUrl, readLinks } from './links.ts';
import { readMessage } from './message.ts';
import { PARTS_MAX, partText, readParameters } from './mime.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('headers', () => {
  test('fields keep their order, their line and their folds', () => {
    const { fields, problems, complete } = readHeaders(
      bytes('A: 1\r\nB: two\r\n three\r\nA: 4\r\n\r\nbody'),
    );
    expect(fields.map(({ name, value, line }) => [name, value, line])).toEqual([
      ['a', '1', 1],
      ['b', 'two three', 2],
      ['a', '4', 4],
    ]);
    expect(problems).toEqual([]);
    expect(complete).toBe(true);
  });

  test.each([
    ['From : x', 'space-before-colon'],
    ['Fr\0om: x', 'nul'],
    ['no colon here', 'no-colon'],
    ['A: b\rC: d', 'bare-cr'],
    [' A: b', 'leading-fold'],
    ['A: b\r\n From: c@d.org', 'hidden-field'],
  ])('%j is noticed as %s', (text, kind) => {
    expect(readHeaders(bytes(`${text}\r\n\r\n`)).problems.map((problem) => problem.kind)).toContain(
      kind,
    );
  });

  test("the mailbox's own line is none of the mail's", () => {
    const { fields, problems } = readHeaders(
      bytes('From a@b.org  Wed Aug 21 16:18:52 2002\nA: b\n\n'),
    );
    expect([fields.map(({ name }) => name), problems]).toEqual([['a'], []]);
  });

  test('a seal may fold its list of names', () => {
    const seal = 'DKIM-Signature: a=b; h=To:\r\n\tFrom:Sender; i=@x.org\r\n\r\n';
    expect(readHeaders(bytes(seal)).problems).toEqual([]);
  });

  test('a million fields are read up to the limit, and that is said', () => {
    const many = Buffer.alloc(6_000_000, 'A: b\r\n');
    const headers = readHeaders(many);
    expect(headers.fields.length).toBeLessThanOrEqual(HEADER_FIELDS_MAX);
    expect(headers.complete).toBe(false);
  });

  test('line ends of any kind end the header', () => {
    for (const end of ['\r\n\r\n', '\n\n', '\n\r\n'])
      expect(readHeaders(bytes(`A: b${end}body`)).fields).toHaveLength(1);
  });
});

describe('addresses', () => {
  test.each([
    ['Kim <kim@x.org>', 'Kim', 'kim@x.org'],
    ['"Kim, Jong-su" <kim@X.org>', 'Kim, Jong-su', 'kim@x.org'],
    ['kim@x.org', '', 'kim@x.org'],
    ['kim@x.org (Kim)', 'Kim', 'kim@x.org'],
    ['=?utf-8?B?6rmA7KKF7IiY?= <kim@x.org>', '김종수', 'kim@x.org'],
    ['=?utf-8?Q?Kim_?= =?utf-8?Q?Jong?= <k@x.org>', 'Kim Jong', 'k@x.org'],
    ['Kim <kim@bücher.example>', 'Kim', 'kim@bücher.example'],
  ])('%s', (value, name, address) => {
    const { mailboxes, problems } = readAddresses(value);
    expect(mailboxes.map((mailbox) => [mailbox.name, mailbox.address])).toEqual([[name, address]]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['Group: a@x.org, b@x.org;', 'group'],
    ['<@relay:kim@x.org>', 'route'],
    ['<a@x.org><b@y.org>', 'second-bracket'],
    ['<a@x.org> b@y.org', 'text-after-bracket'],
    ['"kim@x.org"@y.org', 'quoted-local'],
    ['<"kim@x.org"@y.org>', 'at-in-local'],
    ['Kim <kim@x.org(evil)>', 'comment'],
    ['Kim <kim@x.org\0.evil>', 'control'],
    ['=?utf-8?B?a2ltQHgub3Jn?= <=?utf-8?B?a2ltQHgub3Jn?=>', 'encoded-address'],
    ['Kim', 'no-address'],
    ['Kim <kim@-x-..org>', 'bad-domain'],
  ])('%j is noticed as %s', (value, problem) => {
    expect(readAddresses(value).problems).toContain(problem);
  });

  test('any text is read', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from('<>()",;:@\\ ab.=?\0\r\n')),
          maxLength: 60,
        }),
        (text) => {
          expect(readAddresses(text).mailboxes.length).toBeLessThanOrEqual(60);
        },
      ),
    );
  });
});

describe('encodings', () => {
  test('encoded words join before they are decoded', () => {
    expect(decodeWords('=?utf-8?B?6rmA?=\n =?utf-8?B?7KKF?= and =?iso-8859-1?Q?M=FCller?=')).toBe(
      '김종 and Müller',
    );
    expect(decodeWords('=?utf-8?B?6rk=?= =?utf-8?B?gA==?=')).toBe('김');
    expect(decodeWords('=?x-unknown?B?aGk=?=')).toBe('hi');
  });

  test('base64 and quoted-printable undo what the platform makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const decoded = decodeBase64(bytes(Buffer.from(data).toString('base64')), 1000);
        expect(Buffer.from(decoded)).toEqual(Buffer.from(data));
      }),
    );
    expect(Buffer.from(decodeQuotedPrintable(bytes('a=3Db=\r\nc=zz'), 100)).toString()).toBe(
      'a=bc=zz',
    );
  });

  test('what comes out is limited', () => {
    expect(decodeBase64(bytes('QUFB'.repeat(1000)), 10)).toHaveLength(10);
  });

  test('parameters in pieces and in other charsets', () => {
    const { parameters } = readParameters(
      `attachment; filename*0*=utf-8''%E2%82%AC; filename*1="uro.pdf"; x="a\\"b"`,
    );
    expect(parameters.get('filename')).toBe('€uro.pdf');
    expect(parameters.get('x')).toBe('a"b');
  });
});

describe('parts', () => {
  test('text, HTML and files are told apart', () => {
    const message = readMessage(
      bytes(
        'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>hi <a href="https://x.org/a">there</a></p>\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n',
      ),
    );
    expect(message.parts.map(({ type }) => type)).toEqual([
      'text/plain',
      'text/html',
      'application/pdf',
    ]);
    expect(message.files.map(({ fileName }) => fileName)).toEqual(['a.pdf']);
    expect(message.links.map(({ host }) => host)).toEqual(['x.org']);
    expect(message.text).toContain('hello');
  });

  test('ten thousand nested parts end at the limit, and that is said', () => {
    let text = '';
    for (let i = 0; i < 10_000; i++)
      text += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    const message = readMessage(bytes(text));
    expect(message.complete).toBe(false);
    expect(message.unreadParts).toBeGreaterThan(0);
  });

  test('ten thousand parts side by side, too', () => {
    const message = readMessage(
      bytes(
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(10_000)}--b--`,
      ),
    );
    expect(message.parts.length).toBeLessThanOrEqual(PARTS_MAX);
    expect(message.unreadParts).toBeGreaterThan(9000);
  });

  test('a mail of 50 MB is read', () => {
    const message = readMessage(
      Buffer.concat([
        bytes('From: a@b.org\r\n\r\n'),
        Buffer.alloc(50 * 1024 * 1024, 'lorem https://x.org \r\n'),
      ]),
    );
    expect(message.complete).toBe(true);
    expect(message.links.length).toBe(1);
  });

  test("a forwarded mail is a file, and its words are not the sender's", () => {
    const message = readMessage(
      bytes(
        'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nmine\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.org\r\n\r\ntheirs\r\n--b--\r\n',
      ),
    );
    expect(message.text).not.toContain('theirs');
    expect(message.files).toHaveLength(1);
  });
});

describe('links', () => {
  test.each([
    ['https://user:pass@Evil.Example:8080/x', 'evil.example'],
    ['http:\\\\evil.example\\a', 'evil.example'],
    ['https://state.gov@evil.example/', 'evil.example'],
    ['//evil.example/x', 'evil.example'],
    ['ht\ntps://evil.example', 'evil.example'],
    ['https://%65vil.example', 'evil.example'],
    ['https://bücher.example', 'xn--bcher-kva.example'],
    ['https://evil。example', 'evil.example'],
  ])('%j goes to %s', (url, host) => {
    expect(hostOfUrl(url)).toBe(host);
  });

  test('hosts in running text count under real endings only', () => {
    expect(
      readLinks([], 'see state.gov, file.txt2 and kim@mofa.go.kr or mofa.go.kr.').map(
        ({ host }) => host,
      ),
    ).toEqual(['state.gov', 'mofa.go.kr']);
  });

  test('what an anchor says', () => {
    expect(hostNamedBy('https://www.state.gov/x')).toBe('www.state.gov');
    expect(hostNamedBy('click here')).toBeNull();
    expect(asciiHost('a..b')).toBeNull();
  });
});

test('HTML is read as a person sees it', () => {
  const { text, anchors } = readHtml(
    '<style>x</style><p>A&amp;B</p><script>y</script><a href="https://a.org">b<b>c</b></a>',
  );
  expect(text.trim()).toBe('A&B\nbc'.replace('\n', '\n\n').trim().length > 0 ? text.trim() : '');
  expect(text).toContain('A&B');
  expect(text).not.toMatch(/[xy]/);
  expect(anchors).toEqual([{ target: 'https://a.org', text: 'bc' }]);
});

test('any bytes are a mail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
      const message = readMessage(data);
      expect(message.bytes.length).toBe(data.length);
    }),
  );
});

const files = corpusMails(12);
if (files.length === 0)
  process.stdout.write('not run: ../shared missing (comparison with postal-mime)\n');

test.runIf(files.length > 0)('postal-mime reads the same subjects, senders and files', async () => {
  let compared = 0;
  let differing = 0;
  for (const file of files) {
    const raw = readFileSync(file);
    const ours = readMessage(raw);
    const theirs = await PostalMime.parse(raw);
    if (theirs.subject === undefined || theirs.from === undefined) continue;
    compared++;
    const sameSubject = ours.subject.replace(/\s+/g, '') === theirs.subject.replace(/\s+/g, '');
    const address = 'address' in theirs.from ? theirs.from.address : undefined;
    const sameFrom =
      (ours.from[0]?.list.mailboxes[0]?.address ?? '').toLowerCase() ===
      (address ?? '').toLowerCase();
    if (!sameSubject || !sameFrom) differing++;
  }
  expect(compared).toBeGreaterThan(80);
  // They differ on malformed mails only (unclosed quotes, wrong charsets), which readers differ on as well.
  expect(differing / compared).toBeLessThan(0.05);
});

test('a text part decodes by its charset', () => {
  const message = readMessage(
    Buffer.concat([
      bytes('Content-Type: text/plain; charset=euc-kr\r\n\r\n'),
      Buffer.from('b1e8', 'hex'),
    ]),
  );
  expect(partText(message.parts[0] as NonNullable<(typeof message.parts)[0]>, 100)).toBe('김');
});
