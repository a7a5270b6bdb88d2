// An exported record: what is whole is accepted and told; what was changed is named at the first bad entry.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, decode, encode, toHex } from '@parley/kernel';
import { crypto, joined, signedReceipt, summit, type Summit } from '../testing/rehearsed-room.ts';
import { digestKey } from './digests.ts';
import {
  exportRecord,
  RECORD_RECEIPTS_MAX,
  recordItemCodec,
  type ExportOptions,
  type RecordItem,
} from './export.ts';
import { frame, FrameReader, MAGIC } from './frames.ts';
import {
  asRootHash,
  authorUnknownEntry,
  cosignCheckpoint,
  encodeCheckpoint,
  readHeader,
  verifyFile,
  verifyRecord,
  type DeviceId,
  type RecordEntry,
  type ShownEntry,
} from './index.ts';

const runs = { numRuns: process.env['SLOW'] === '1' ? 2_000 : 40 };

const played = summit();

async function exported(
  { room }: Pick<Summit, 'room'>,
  options: Partial<ExportOptions> = {},
): Promise<Uint8Array> {
  const { root, tree } = room.transcript;
  const what = { room: room.room, size: tree.size, root, ...options };
  return joined(exportRecord(crypto, room.entries, what));
}

const whole = async (): Promise<Uint8Array> => {
  const { room, kim, lena } = played;
  const exporter = { device: kim.id, secretKey: kim.signer.secretKey };
  return exported(played, { exporter, checkpoints: [room.checkpoint([kim, lena])] });
};

async function itemsOf(file: Uint8Array): Promise<RecordItem[]> {
  const frames = new FrameReader(file);
  await frames.magic();
  const items: RecordItem[] = [];
  for (;;) {
    const next = await frames.next();
    if (!next.ok || next.value === undefined) return items;
    const item = decode(recordItemCodec, next.value);
    if (item.ok) items.push(item.value);
  }
}

/** A file of these frames as a forger would write it: whole, with a digest that fits, unsigned. */
function refit(items: readonly RecordItem[]): Uint8Array {
  const pieces = [MAGIC.record];
  for (const item of items) {
    const unsigned = item.kind === 'header' ? { ...item, exportedBy: null } : item;
    if (item.kind !== 'end') pieces.push(frame(encode(recordItemCodec, unsigned)));
  }
  const digest = crypto.hash('sha256', concat(...pieces));
  const end: RecordItem = { kind: 'end', digest, signature: null };
  return concat(...pieces, frame(encode(recordItemCodec, end)));
}

test('a whole record is accepted and says who, when, what and seen by whom', async () => {
  const { room, kim, lena, tom } = played;
  const shown: ShownEntry[] = [];
  const verdict = await verifyRecord(crypto, await whole(), {
    onEntry: (entry) => void shown.push(entry),
  });
  expect(verdict).toMatchObject({
    ok: true,
    value: {
      room: toHex(room.room),
      size: 11,
      root: toHex(room.transcript.root),
      opened: 11,
      withheld: 0,
      exportedBy: digestKey(kim.id),
      kinds: { found: 1, 'party-admitted': 1, verified: 2, text: 1, document: 1 },
      timesBackwards: 0,
      checkpoints: [
        {
          size: 11,
          cosigners: [
            { device: digestKey(kim.id), afterRemoval: false },
            { device: digestKey(lena.id), afterRemoval: false },
          ],
        },
      ],
    },
  });
  expect(verdict.ok && verdict.value.parties).toMatchObject([
    { name: 'Delegation of the North', verified: true, devices: [{ member: 'Kim Yo-han' }] },
    {
      name: 'Delegation of the West',
      verified: true,
      acknowledged: 11,
      devices: [{ acknowledged: 11 }, { id: digestKey(tom.id), entries: 2, acknowledged: 9 }],
    },
  ]);
  expect(shown.map(({ index }) => index)).toEqual(room.entries.map((_, i) => i));
});

test('withheld words stay behind; who and what kind does not', async () => {
  const shown: ShownEntry[] = [];
  const file = await exported(played, { withhold: () => true });
  const verdict = await verifyRecord(crypto, file, { onEntry: (entry) => void shown.push(entry) });
  expect(verdict).toMatchObject({ ok: true, value: { opened: 5, withheld: 6 } });
  expect(shown.filter(({ body }) => body === null).map(({ header }) => header.kind)).toEqual([
    'verify-offer',
    'verify-answer',
    'verify-open',
    'text',
    'document',
    'disarmed',
  ]);
});

test('a record in pieces is the same as a record in one', async () => {
  const file = await whole();
  const pieces = function* (size: number): Generator<Uint8Array> {
    for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
  };
  const once = await verifyRecord(crypto, file);
  for (const size of [1_000, 4_096, 65_536]) {
    expect(await verifyRecord(crypto, pieces(size))).toEqual(once);
  }
  expect(await verifyFile(crypto, pieces(777))).toEqual({ kind: 'record', verdict: once });
});

test('each flipped byte anywhere in a file is refused', async () => {
  const file = await whole();
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bent = file.slice();
      bent[at] = (bent[at] ?? 0) ^ by;
      expect((await verifyFile(crypto, bent)).verdict.ok).toBe(false);
    }),
    runs,
  );
});

test('a flipped byte within an entry is refused at that entry', async () => {
  const items = await itemsOf(await whole());
  const entries = items.filter((item) => item.kind === 'entry');
  await fc.assert(
    fc.asyncProperty(fc.nat(entries.length - 1), fc.nat(100_000), async (index, position) => {
      const target = entries[index] as Extract<RecordItem, { kind: 'entry' }>;
      const { header, signature } = target.signed;
      const { salt, body } = target.opened ?? { salt: header, body: header };
      const parts = [header, signature, salt, body].map((part) => part.slice());
      let at = position % parts.reduce((sum, part) => sum + part.length, 0);
      for (const part of parts) {
        if (at >= 0 && at < part.length) part[at] = (part[at] ?? 0) ^ 0x10;
        at -= part.length;
      }
      const [h, s, t, b] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const bent: RecordItem = {
        kind: 'entry',
        signed: { header: h, signature: s },
        opened: { salt: t, body: b },
      };
      const file = refit(items.map((item) => (item === target ? bent : item)));
      expect(await verifyRecord(crypto, file)).toMatchObject({ ok: false, at: index });
    }),
    runs,
  );
});

/** The record with its entries rearranged, and everything around them made to fit. */
async function rearranged(change: (entries: RecordEntry[]) => RecordEntry[]): Promise<Uint8Array> {
  const items = await itemsOf(await exported(played));
  const entries = items.filter((item) => item.kind === 'entry');
  const changed = change(entries).map((entry): RecordItem => ({ ...entry, kind: 'entry' }));
  const header = items[0] as Extract<RecordItem, { kind: 'header' }>;
  return refit([{ ...header, size: changed.length }, ...changed]);
}

const size = played.room.entries.length;

test('a dropped entry is named at its index, whatever else the forger makes fit', async () => {
  for (let drop = 0; drop < size - 1; drop++) {
    const file = await rearranged((entries) => entries.toSpliced(drop, 1));
    expect(await verifyRecord(crypto, file), `drop ${drop}`).toMatchObject({ ok: false, at: drop });
  }
});

test('two entries that changed places are named at the first of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(size - 1), fc.nat(size - 1), async (a, b) => {
      fc.pre(a !== b);
      const file = await rearranged((entries) => {
        const [one, two] = [entries[a], entries[b]] as [RecordEntry, RecordEntry];
        return entries.with(a, two).with(b, one);
      });
      expect(await verifyRecord(crypto, file)).toMatchObject({ ok: false, at: Math.min(a, b) });
    }),
    runs,
  );
});

test('an entry that comes twice is named where it comes again', async () => {
  for (let twice = 0; twice < size; twice++) {
    const file = await rearranged((e) => e.toSpliced(twice + 1, 0, e[twice] as RecordEntry));
    expect(await verifyRecord(crypto, file)).toMatchObject({ ok: false, at: twice + 1 });
  }
});

test('an entry of another record is named where it was put', async () => {
  const foreign = summit('foreign').room.entries[8] as RecordEntry;
  const file = await rearranged((entries) => entries.with(8, foreign));
  const verdict = await verifyRecord(crypto, file);
  expect(verdict).toMatchObject({ ok: false, at: 8, reason: 'wrong-room' });
});

test('a file cut anywhere is refused, and says how many entries were good', async () => {
  const file = await whole();
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), async (end) => {
      const verdict = await verifyRecord(crypto, file.subarray(0, end));
      expect(verdict).toMatchObject({ ok: false });
      if (!verdict.ok) expect(verdict.at).toBeLessThanOrEqual(size);
    }),
    runs,
  );
});

type Header = Extract<RecordItem, { kind: 'header' }>;

/** The whole file's items with the last entry gone and the header made to fit. */
async function shortened(): Promise<RecordItem[]> {
  const items = await itemsOf(await whole());
  const last = played.room.entries.at(-1) as RecordEntry;
  const before = readHeader(last.signed);
  const root = before.ok ? before.value.seen.root : played.room.transcript.root;
  const header: Header = { ...(items[0] as Header), size: size - 1, root };
  return [header, ...items.slice(1).toSpliced(size - 1, 1)];
}

test('entries cut from the end show by the header, or by what others cosigned', async () => {
  const items = await itemsOf(await whole());
  const clumsy = refit(items.toSpliced(size, 1));
  expect(await verifyRecord(crypto, clumsy)).toMatchObject({ reason: 'truncated', at: size - 1 });
  const careful = await shortened();
  const cosigned = await verifyRecord(crypto, refit(careful));
  expect(cosigned).toMatchObject({ reason: 'truncated', at: size - 1 });
  // Without a cosigned checkpoint a shorter record is a record: the size has to be compared.
  const alone = refit(careful.filter((item) => item.kind !== 'checkpoint'));
  expect(await verifyRecord(crypto, alone)).toMatchObject({ ok: true, value: { size: size - 1 } });
});

test('a checkpoint is refused when a stranger signed it', async () => {
  const { room, park } = played;
  const file = await exported(played, { checkpoints: [room.checkpoint([park])] });
  expect(await verifyRecord(crypto, file)).toMatchObject({ reason: 'bad-cosignature', at: size });
});

test('a checkpoint of another history is refused as a contradiction', async () => {
  const { room, kim } = played;
  const checkpoint = { room: room.room, size: 4, root: room.transcript.root };
  const by = { device: kim.id, ...kim.signer, timeMs: 0 };
  const cosignatures = [cosignCheckpoint(crypto, checkpoint, by)];
  const file = await exported(played, { checkpoints: [{ checkpoint, cosignatures }] });
  expect(await verifyRecord(crypto, file)).toMatchObject({ reason: 'contradicting-checkpoint' });
});

test('a checkpoint of another room, unsigned, or of odd text is refused', async () => {
  const { room, kim } = played;
  const { checkpoint, cosignatures } = room.checkpoint([kim]);
  const check = async (note: Uint8Array): Promise<unknown> => {
    const items = await itemsOf(await exported(played));
    return verifyRecord(crypto, refit([...items, { kind: 'checkpoint', note }]));
  };
  const unsigned = encodeCheckpoint({ checkpoint, cosignatures: [] });
  expect(await check(unsigned)).toMatchObject({ reason: 'bad-cosignature' });
  const elsewhere = { ...checkpoint, room: summit('elsewhere').room.room };
  const foreign = encodeCheckpoint({ checkpoint: elsewhere, cosignatures });
  expect(await check(foreign)).toMatchObject({ reason: 'wrong-room' });
  expect(await check(unsigned.slice(1))).toMatchObject({ reason: 'malformed-checkpoint' });
});

test('a cosignature made after its device was removed is told as such', async () => {
  const after = summit('removed');
  const { room, kim, lena, tom } = after;
  room.say(lena, { kind: 'device-removed', device: tom.id, reason: 'lost' });
  const file = await exported(after, { checkpoints: [room.checkpoint([kim, tom])] });
  expect(await verifyRecord(crypto, file)).toMatchObject({
    value: { checkpoints: [{ cosigners: [{ afterRemoval: false }, { afterRemoval: true }] }] },
  });
});

test('receipts are told where the relay they name signed them, and counted where not', async () => {
  const relay = crypto.generateSigner('ed25519');
  const receipts = [signedReceipt(relay, { seq: 3 }), Uint8Array.of(1, 2, 3)];
  const file = await exported(played, { receipts });
  expect(await verifyRecord(crypto, file)).toMatchObject({
    ok: true,
    value: { receipts: [{ relay: toHex(relay.publicKey), seq: 3 }], receiptsUnreadable: 1 },
  });
});

test('more checkpoints or receipts than a verifier holds are refused, and an export leaves out the oldest', async () => {
  const { room, kim } = played;
  const relay = crypto.generateSigner('ed25519');
  const one = room.checkpoint([kim]);
  const many: Uint8Array[] = Array.from({ length: RECORD_RECEIPTS_MAX + 1 }, () =>
    Uint8Array.of(0),
  );
  many.push(signedReceipt(relay, { seq: 9 }));
  const file = await exported(played, { checkpoints: [one, one], receipts: many });
  const unreadable = RECORD_RECEIPTS_MAX - 1;
  expect(await verifyRecord(crypto, file)).toMatchObject({
    ok: true,
    value: { receipts: [{ seq: 9 }], receiptsUnreadable: unreadable },
  });
  const items = await itemsOf(file);
  const receipt = items.find((item) => item.kind === 'receipt') as RecordItem;
  const more = refit([...items.slice(0, -1), receipt]);
  expect(await verifyRecord(crypto, more)).toMatchObject({ reason: 'too-many-items' });
});

test('kinds that nobody knows are counted together', async () => {
  const odd = summit('odd');
  for (const kind of ['seating-plan', 'menu']) {
    const place = odd.room.placeOf(odd.kim);
    const said = { kind, body: new Uint8Array(1) };
    odd.room.add(authorUnknownEntry(odd.room.ports, place, said, odd.kim.signer.secretKey).entry);
  }
  const verdict = await verifyRecord(crypto, await exported(odd));
  expect(verdict).toMatchObject({ value: { kinds: { unknown: 2, text: 1 } } });
});

test('a file is refused when its exporter is a stranger or did not sign it', async () => {
  const { kim, park, lena } = played;
  const by = (device: DeviceId, secretKey: Uint8Array): Promise<Uint8Array> =>
    exported(played, { exporter: { device, secretKey } });
  const stranger = await by(park.id, park.signer.secretKey);
  expect(await verifyRecord(crypto, stranger)).toMatchObject({ reason: 'unknown-exporter' });
  const another = await by(kim.id, lena.signer.secretKey);
  expect(await verifyRecord(crypto, another)).toMatchObject({ reason: 'bad-file-signature' });
});

test('frames out of place, too many entries, another root and a foreign file have reasons of their own', async () => {
  const items = await itemsOf(await exported(played));
  const header = items[0] as Header;
  const reason = async (file: Uint8Array): Promise<string> => {
    const verdict = await verifyRecord(crypto, file);
    return verdict.ok ? 'accepted' : verdict.reason;
  };
  expect(await reason(refit(items))).toBe('accepted');
  expect(await reason(refit(items.slice(1)))).toBe('out-of-place');
  const late = [...(await itemsOf(await whole())), items[1] as RecordItem];
  expect(await reason(refit(late))).toBe('out-of-place');
  expect(await reason(refit([header, ...items]))).toBe('out-of-place');
  expect(await reason(refit([{ ...header, size: 3 }, ...items.slice(1)]))).toBe('too-many-entries');
  const { room: root } = summit('elsewhere').room;
  const odd = { ...header, root: asRootHash(root) };
  expect(await reason(refit([odd, ...items.slice(1)]))).toBe('wrong-root');
  expect(await reason(concat(refit(items), frame(Uint8Array.of(0))))).toBe('trailing-bytes');
  expect(await reason(new Uint8Array(100))).toBe('not-a-record');
  expect(await reason(new Uint8Array(0))).toBe('not-a-record');
  const huge = concat(MAGIC.record, Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  expect(await reason(huge)).toBe('too-large');
  expect(await reason(concat(MAGIC.record, frame(Uint8Array.of(0xa0))))).toBe('malformed-frame');
});

test('a reader that gives up closes its source', async () => {
  let closed = false;
  const source = (function* (): Generator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(64);
    } finally {
      closed = true;
    }
  })();
  expect(await verifyFile(crypto, source)).toMatchObject({ kind: 'unknown' });
  expect(closed).toBe(true);
});
