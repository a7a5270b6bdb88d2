// The page of a record: everything told, nothing of a stranger's let through, nothing run or loaded.

import { beforeAll, expect, test } from 'vitest';
import { crypto, delegate, joined, RehearsedRoom, summit } from '../testing/rehearsed-room.ts';
import {
  authorUnknownEntry,
  exportRecord,
  recordPage,
  verifyRecord,
  type RecordReport,
  type ShownEntry,
} from './index.ts';

type Page = { report: RecordReport; entries: ShownEntry[]; html: string };

async function pageOf(room: RehearsedRoom, withhold: readonly number[] = []): Promise<Page> {
  const { root, tree } = room.transcript;
  const what = { room: room.room, size: tree.size, root };
  const file = await joined(
    exportRecord(crypto, room.entries, { ...what, withhold: (_, i) => withhold.includes(i) }),
  );
  const entries: ShownEntry[] = [];
  const verdict = await verifyRecord(crypto, file, { onEntry: (e) => void entries.push(e) });
  if (!verdict.ok) throw new Error(verdict.reason);
  return { report: verdict.value, entries, html: recordPage(verdict.value, entries) };
}

const HOSTILE =
  '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202Egnp.exe\u0007\u001B[31m';

/** The tags of a page with their attributes. Whatever else holds a `<` would show as an unknown tag. */
function tags(html: string): { name: string; attributes: Map<string, string> }[] {
  return html
    .split('<')
    .slice(1)
    .map((piece) => {
      const [, name = '?', written = ''] =
        /^\/?([a-z0-9]+|!doctype)((?: [^>]*)?)>/.exec(piece) ?? [];
      const attributes = [...written.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)];
      return {
        name,
        attributes: new Map(attributes.map(([, key = '', value = '']) => [key, value])),
      };
    });
}

/** What a reader sees, roughly: the page without its tags and style. */
function textOf(html: string): string {
  const text = html.replace(/<style>[^<]*<\/style>/, '').replaceAll(/<[^>]*>/g, '');
  return text.replaceAll(/\s+/g, ' ');
}

let plain: Page;
let hostile: Page;
beforeAll(async () => {
  plain = await pageOf(summit().room, [8]);
  const room = new RehearsedRoom('hostile');
  const mallory = delegate(room.randomness, { party: HOSTILE, member: HOSTILE, label: '<b>' });
  room.found(mallory, HOSTILE);
  room.say(mallory, { kind: 'text', text: `${HOSTILE}\n\u0633\u0644\u0627\u0645` });
  room.say(mallory, {
    kind: 'document',
    name: HOSTILE,
    size: 9_007_199_254_740_991,
    sha256: room.room,
    mediaType: '<svg onload=alert(3)>',
    blob: { id: room.room, chunks: 1, key: room.room, sealedSize: 1 },
  });
  const place = { ...room.placeOf(mallory), timeMs: Number.MAX_SAFE_INTEGER };
  const said = { kind: 'odd-kind', body: new Uint8Array(3) };
  room.add(authorUnknownEntry(room.ports, place, said, mallory.signer.secretKey).entry);
  room.say(mallory, { kind: 'device-removed', device: mallory.id, reason: HOSTILE });
  hostile = await pageOf(room);
});

test('the page tells who, when, what, what was withheld and who has seen it', () => {
  const text = textOf(plain.html);
  for (const told of [
    'Kim Yo-han',
    'Delegation of the West',
    '2018-06-10 09:01:00 UTC',
    'Words withheld',
    'Joint statement, draft 3.docx',
    'Made a safe copy of the document of entry 9',
    'Verified by Delegation of the North by voice',
    'no cosigned checkpoint',
    '11, of which 1 with their words withheld',
  ]) {
    expect(text).toContain(told);
  }
  expect(text).not.toContain('Good morning');
  expect(plain.html.match(/<li class="entry"/g)).toHaveLength(11);
});

test('each reference within the page leads to an entry of the page', () => {
  const found = tags(plain.html);
  const ids = new Set(found.map(({ attributes }) => `#${attributes.get('id')}`));
  const links = found.flatMap(({ attributes }) => attributes.get('href') ?? []);
  expect(links.length).toBeGreaterThan(7);
  for (const link of links) expect(ids).toContain(link);
});

test("nothing of a stranger's becomes an element, an attribute or a control", () => {
  const ours =
    '!doctype a bdi body code dd div dl dt h1 h2 h3 head html li main meta ol p section span strong style title ul';
  const known = [
    'charset',
    'class',
    'content',
    'dir',
    'href',
    'http-equiv',
    'id',
    'lang',
    'name',
    'html',
  ];
  for (const { html } of [plain, hostile]) {
    for (const { name, attributes } of tags(html)) {
      expect(ours.split(' ')).toContain(name);
      for (const attribute of attributes.keys()) expect(known).toContain(attribute);
    }
  }
  expect(hostile.html).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E]/u);
  expect(hostile.html).toContain('U+202E');
  expect(hostile.html).toContain('a time beyond all calendars');
});

test('foreign names are isolated, and foreign text has its own direction', () => {
  expect(hostile.html).toContain('<p class="words" dir="auto">&quot;&gt;&lt;script&gt;');
  expect(hostile.html).toContain('<h1>Record of <bdi>&quot;&gt;&lt;script&gt;');
});

test('the page runs nothing, loads nothing and fits a small screen', () => {
  for (const { html } of [plain, hostile]) {
    const style = /<style>[^<]*<\/style>/.exec(html)?.[0] ?? '';
    expect(style).not.toMatch(/url\(|@import/);
    expect(style).toContain('prefers-color-scheme: dark');
    expect(style).toContain('@media print');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('width=device-width');
  }
});

test('a safe copy of another file than the one that was sent is shown as that', async () => {
  const { room, kim, lena } = summit('other original');
  const sha256 = new Uint8Array(32).fill(1);
  room.say(kim, {
    kind: 'document',
    name: 'draft.pdf',
    size: 5,
    sha256,
    mediaType: 'application/pdf',
    blob: { id: sha256, chunks: 1, key: sha256, sealedSize: 21 },
  });
  const document = room.leafAt(room.leaves.length - 1);
  const disarm = {
    policy: 'p',
    engine: 'e',
    report: sha256,
    outcome: 'rebuilt',
    safe: sha256,
  } as const;
  room.say(lena, { kind: 'disarmed', document, original: sha256, ...disarm });
  const honest = textOf((await pageOf(room)).html);
  expect(honest).not.toContain('This is not the file that was sent');
  room.say(lena, { kind: 'disarmed', document, original: new Uint8Array(32).fill(2), ...disarm });
  expect(textOf((await pageOf(room)).html)).toContain('This is not the file that was sent');
  const nowhere = room.leafAt(0);
  room.say(lena, { kind: 'disarmed', document: nowhere, original: sha256, ...disarm });
  expect(textOf((await pageOf(room)).html)).toContain('No document of this record is named');
});
