// What the joint record costs: `node bench/record.ts`, and `--long` for 100,000 entries (some minutes).
//
// Each line names its goal and, where there is one, the plainer way in the same run: Ed25519 alone is the price of
// signatures that a quantum computer can forge.

import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, hybridSign, hybridVerify, utf8 } from '@parley/kernel';
import {
  appendLeaf,
  authorEntry,
  decodeEntry,
  EMPTY_TREE,
  encodeEntry,
  exportRecord,
  judge,
  leafHash,
  verifyRecord,
  type CompactTree,
  type RecordEntry,
} from '@parley/record';
import { frame, FrameReader } from '../packages/record/src/frames.ts';
import { crypto, summit, type RehearsedRoom } from '../packages/record/testing/rehearsed-room.ts';

const WORDS = 'We propose to replace paragraph 4 by the following text. '.repeat(18);

function say(what: string, text: string): void {
  process.stdout.write(`${what.padEnd(44)} ${text}\n`);
}

const number = (value: number): string => value.toLocaleString('en-US');

function line(what: string, perSecond: number, beside: string): void {
  say(what, `${`${number(perSecond)}/s`.padStart(12)}  ${beside}`.trimEnd());
}

/** How many calls one core does in a second of its own time, which another process's load does not count into. */
function rate(count: number, work: () => void): number {
  for (let i = 0; i < count / 10; i++) work();
  const { user, system } = process.cpuUsage();
  for (let i = 0; i < count; i++) work();
  const used = process.cpuUsage({ user, system });
  return Math.round((count * 1e6) / (used.user + used.system));
}

function signing(): void {
  const { room, kim } = summit('bench');
  const place = room.placeOf(kim);
  const { secretKey, publicKey } = kim.signer;
  const body = { kind: 'text', text: WORDS } as const;
  const { entry } = authorEntry(room.ports, place, body, secretKey);
  const { header } = entry.signed;
  const key = { secretKey, publicKey, purpose: 'bench' };
  const signature = hybridSign(crypto, key, header);
  const classical = crypto.sign('ed25519', secretKey.subarray(0, 32), header);
  const classicalKey = publicKey.subarray(0, 32);

  const authored = rate(1_500, () => void authorEntry(room.ports, place, body, secretKey));
  const signed = rate(1_500, () => void hybridSign(crypto, key, header));
  const signedClassical = rate(
    5_000,
    () => void crypto.sign('ed25519', secretKey.subarray(0, 32), header),
  );
  line('entries authored, 1 KiB', authored, 'goal 700');
  line(
    '  hybrid signatures alone',
    signed,
    `authoring takes ${(signed / authored).toFixed(2)} times as long`,
  );
  line(
    '  Ed25519 signatures alone',
    signedClassical,
    `${(signedClassical / signed).toFixed(0)} times the hybrid ones`,
  );

  const judged = rate(3_000, () => assert(judge(crypto, room.transcript, entry).ok, 'judged'));
  const verified = rate(3_000, () => assert(hybridVerify(crypto, key, header, signature), 'held'));
  const verifiedClassical = rate(3_000, () =>
    assert(crypto.verify('ed25519', classicalKey, header, classical), 'held'),
  );
  line('entries judged', judged, 'goal 2,000');
  line(
    '  hybrid verifications alone',
    verified,
    `judging takes ${(verified / judged).toFixed(2)} times as long`,
  );
  line(
    '  Ed25519 verifications alone',
    verifiedClassical,
    `${(verifiedClassical / verified).toFixed(1)} times the hybrid ones`,
  );
  const bytes = header.length + entry.signed.signature.length;
  say(
    'bytes of a signed entry without its body',
    `${number(bytes)}, ${header.length + 64} with Ed25519 alone`,
  );
}

function growing(): void {
  const data = utf8('x'.repeat(256));
  const leaf = leafHash(crypto, data);
  let tree: CompactTree = EMPTY_TREE;
  const appended = rate(300_000, () => {
    tree = appendLeaf(crypto, tree, leaf);
  });
  const hashed = rate(300_000, () => {
    tree = appendLeaf(crypto, tree, leafHash(crypto, data));
  });
  const node = new Uint8Array(65);
  const hashes = rate(300_000, () => void crypto.hash('sha256', node));
  line('leaves appended', appended, 'goal 200,000');
  line('  with hashing a leaf of 256 bytes', hashed, '');
  line(
    '  SHA-256 of 65 bytes alone',
    hashes,
    `appending takes ${(hashes / appended).toFixed(2)} times as long`,
  );
}

/** Signs entries to a file: a room too long to be held. */
async function authored(path: string, count: number): Promise<RehearsedRoom> {
  const { room, kim, lena } = summit('long');
  const out = createWriteStream(path);
  const write = async (entry: RecordEntry): Promise<void> => {
    if (!out.write(frame(encodeEntry(entry)))) await once(out, 'drain');
  };
  for (const entry of room.entries) await write(entry);
  for (let size = room.entries.length; size < count; size++) {
    const by = size % 3 === 0 ? lena : kim;
    const { entry } = room.draft(by, { kind: 'text', text: WORDS });
    const judged = judge(crypto, room.transcript, entry);
    assert(judged.ok, 'an honest entry is accepted');
    room.transcript = judged.value.transcript;
    await write(entry);
  }
  out.end();
  await once(out, 'finish');
  return room;
}

async function* stored(path: string): AsyncGenerator<RecordEntry> {
  const frames = new FrameReader(createReadStream(path));
  for (;;) {
    const next = await frames.next();
    if (!next.ok || next.value === undefined) return;
    const entry = decodeEntry(next.value);
    assert(entry.ok, 'an entry of our own');
    yield entry.value;
  }
}

async function exporting(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    const room = await authored(join(folder, 'entries'), count);
    const { root, tree } = room.transcript;
    const file = join(folder, 'record.parley');
    const out = createWriteStream(file);
    const what = { room: room.room, size: tree.size, root };
    for await (const piece of exportRecord(crypto, stored(join(folder, 'entries')), what)) {
      if (!out.write(piece)) await once(out, 'drain');
    }
    out.end();
    await once(out, 'finish');

    // A process of its own, so that its memory is the verifier's alone.
    const told = execFileSync(process.execPath, [import.meta.filename, '--verify', file]);
    const { size, seconds, grewBytes } = JSON.parse(told.toString()) as Measured;
    assert(size === count, 'the exported record is whole');
    const goal = count === 10_000 ? ', goal 10 s' : '';
    const pace = `${number(Math.round(count / seconds))}/s${goal}`;
    say(`${number(count)} entries verified from a file`, `${seconds.toFixed(1)} s  ${pace}`);
    say('  memory grew by', `${Math.round(grewBytes / 1e6)} MB, goal 200 MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measured = { size: number; seconds: number; grewBytes: number };

async function measured(file: string): Promise<Measured> {
  const before = process.memoryUsage().rss;
  let most = before;
  const start = performance.now();
  const verdict = await verifyRecord(crypto, createReadStream(file), {
    onEntry: ({ index }) => {
      if (index % 100 === 0) most = Math.max(most, process.memoryUsage().rss);
    },
  });
  assert(verdict.ok, 'the exported record is whole');
  const seconds = (performance.now() - start) / 1000;
  return { size: verdict.value.size, seconds, grewBytes: most - before };
}

const [, , option, path] = process.argv;
if (option === '--verify' && path !== undefined) {
  process.stdout.write(JSON.stringify(await measured(path)));
} else {
  say('rates are for one core and its own time', '');
  signing();
  growing();
  await exporting(10_000);
  if (option === '--long') await exporting(100_000);
}
