// Writes vectors/record and vectors/merkle: `node packages/record/testing/write-vectors.ts`.
//
// Keys and salts come from a seed, but ML-DSA signing is randomized, so each run gives other signatures. Run it only when
// a format changes, and say so in the commit.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat, encode, toHex, utf8 } from '@parley/kernel';
import {
  appendLeaf,
  asDeviceId,
  asRootHash,
  authorUnknownEntry,
  consistencyProof,
  cosignCheckpoint,
  doubleEntryEvidence,
  EMPTY_TREE,
  encodeBody,
  encodeCheckpoint,
  encodeEntry,
  entryLeaf,
  exportRecord,
  forkEvidence,
  inclusionProof,
  isStructuralKind,
  KNOWN_KINDS,
  issueCertificate,
  leafHash,
  openEntryProof,
  readHeader,
  relayReceiptsEvidence,
  treeRoot,
  verifyFile,
  type CompactTree,
  type CosignedCheckpoint,
  type OpenedEntry,
  type RecordEntry,
  type SignedEntry,
} from '../src/index.ts';
import { recordItemCodec, type RecordItem } from '../src/export.ts';
import { frame } from '../src/frames.ts';
import {
  crypto,
  delegate,
  seededRandomness,
  signedReceipt,
  START_MS,
  summit,
  type Delegate,
  type RehearsedRoom,
} from './rehearsed-room.ts';
import { ALONE } from './alone-cases.ts';
import { bodyOf, rooms, wordyRoom } from './all-kinds.ts';
import { governed } from './governed-room.ts';
import { applyEdits, type Edit, type VectorCase } from './vector-cases.ts';

const OUT = join(import.meta.dirname, '../../../vectors');

const cases: VectorCase[] = [];
const bases = new Map<string, Uint8Array>();

function base(name: string, file: Uint8Array): Uint8Array {
  bases.set(name, file);
  return file;
}

/** The smallest single edit that turns a part of the base at `at` into other bytes. */
function edit(at: number, before: Uint8Array, after: Uint8Array): Edit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const inserted = toHex(after.subarray(start, after.length - end));
  return [at + start, before.length - end - start, inserted];
}

/** Adds a case and fixes its verdict as it is now; `expected` makes sure that it is the one meant. */
async function add(
  description: string,
  name: string,
  edits: Edit[],
  expected: string,
): Promise<void> {
  const file = bases.get(name);
  if (file === undefined) throw new Error(`no base ${name}`);
  const { verdict } = await verifyFile(crypto, applyEdits(file, edits));
  const found = verdict.ok ? 'accepted' : verdict.reason;
  if (found !== expected) throw new Error(`${description}: ${found}, not ${expected}`);
  // Only of a record does a refusal name an entry.
  const where = verdict.ok || name in ALONE || verdict.at === undefined ? {} : { at: verdict.at };
  const why = verdict.ok ? {} : { reason: verdict.reason, ...where };
  cases.push({ description, base: name, edits, ok: verdict.ok, ...why });
}

const played = summit('vectors');
const { room, kim, lena, tom, park } = played;
const LAST = room.entries.length - 1;

async function records(): Promise<void> {
  const { root, tree } = room.transcript;
  const relay = crypto.signerFromSecret('ed25519', seededRandomness('relay').bytes(32));
  const exporter = { device: kim.id, secretKey: kim.signer.secretKey };
  const checkpoint = room.checkpoint([kim, lena]);
  const pieces: Uint8Array[] = [];
  const exported = exportRecord(crypto, room.entries, {
    room: room.room,
    size: tree.size,
    root,
    exporter,
    checkpoints: [checkpoint],
    receipts: [
      signedReceipt(relay, { seq: 11 }),
      signedReceipt(relay, { seq: 12, together: true }),
    ],
  });
  for await (const piece of exported) pieces.push(piece);
  const file = base('summit', concat(...pieces));
  const offsets: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    offsets.push(at);
    at += piece.length;
  }
  const item = (value: RecordItem): Uint8Array => frame(encode(recordItemCodec, value));
  const entryFrame = (entry: RecordEntry): Uint8Array => item({ kind: 'entry', ...entry });
  // Piece 0 is the magic, piece 1 the header, pieces 2.. the entries.
  const piece = (number: number): Uint8Array => pieces[number] as Uint8Array;
  const offset = (number: number): number => offsets[number] as number;
  const replace = (number: number, by: Uint8Array): Edit => edit(offset(number), piece(number), by);
  const entry = (index: number): number => index + 2;
  const CHECKPOINT = entry(LAST) + 1;
  const END = pieces.length - 1;
  const flip = (where: number): Edit => [where, 1, toHex(Uint8Array.of((file[where] ?? 0) ^ 1))];
  const header = { kind: 'header', format: 1, room: room.room, size: tree.size, root } as const;
  const end = (changed: Map<number, Uint8Array>): Uint8Array => {
    const before = pieces.slice(0, -1).map((one, i) => changed.get(i) ?? one);
    const digest = crypto.hash('sha256', concat(...before));
    return item({ kind: 'end', digest, signature: null });
  };
  /** Pieces replaced, the file unsigned and its digest made to fit. */
  const refitted = (changes: [number, Uint8Array][]): Edit[] => {
    const changed = new Map([[1, item({ ...header, exportedBy: null })], ...changes]);
    return [...changed, [END, end(changed)] as const]
      .toSorted(([a], [b]) => a - b)
      .map(([number, by]) => replace(number, by));
  };
  const readd = (description: string, edits: Edit[], expected: string): Promise<void> =>
    add(description, 'summit', edits, expected);

  await readd('a whole record, signed by its exporter', [], 'accepted');
  await readd('the same record, unsigned', refitted([]), 'accepted');
  const withheld = room.entries[8] as OpenedEntry;
  const bare = entryFrame({ signed: withheld.signed, opened: null });
  await readd('the words of entry 8 withheld', refitted([[entry(8), bare]]), 'accepted');
  const unreadable = item({ kind: 'receipt', receipt: Uint8Array.of(0) });
  const uncounted = refitted([[CHECKPOINT + 1, unreadable]]);
  await readd('a receipt that is none is counted, not refused', uncounted, 'accepted');

  for (const [index, dropped, twice] of [
    [0, 'not-founded', 'stale-seen'],
    [3, 'seen-ahead', 'stale-seen'],
    [LAST, 'truncated', 'too-many-entries'],
  ] as const) {
    const [start, bytes] = [offset(entry(index)), piece(entry(index))];
    const after = start + bytes.length;
    await readd(`a byte of the body of entry ${index} flipped`, [flip(start + 60)], 'wrong-body');
    const signature = [flip(after - 100)];
    await readd(`a byte of the signature of entry ${index} flipped`, signature, 'bad-signature');
    await readd(`entry ${index} dropped`, [[start, bytes.length, '']], dropped);
    await readd(`entry ${index} twice`, [[after, 0, toHex(bytes)]], twice);
  }
  const [one, two] = [piece(entry(4)), piece(entry(5))];
  await readd(
    'entries 4 and 5 exchanged',
    [edit(offset(entry(4)), concat(one, two), concat(two, one))],
    'seen-ahead',
  );
  await readd(
    'the file cut within entry 6',
    [[offset(entry(6)) + 50, file.length - offset(entry(6)) - 50, '']],
    'truncated',
  );
  await readd('the file cut before its end', [[offset(END), piece(END).length, '']], 'truncated');
  await readd('bytes after the end', [[file.length, 0, '00000001f6']], 'trailing-bytes');
  await readd('a flipped byte in a receipt', [flip(offset(CHECKPOINT + 1) + 100)], 'damaged-file');
  await readd(
    'a flipped byte of the file signature',
    [flip(file.length - 1)],
    'bad-file-signature',
  );
  await readd('another first line', [flip(3)], 'not-a-parley-file');
  const structural = entryFrame({ signed: (room.entries[1] as OpenedEntry).signed, opened: null });
  await readd('an admission withheld', [replace(entry(1), structural)], 'body-withheld');
  const wrongRoot = item({ ...header, exportedBy: kim.id, root: asRootHash(room.room) });
  await readd('another root in the header', [replace(1, wrongRoot)], 'wrong-root');
  const stranger = item({ ...header, exportedBy: park.id });
  await readd('exported by a stranger', [replace(1, stranger)], 'unknown-exporter');

  const note = (cosigned: CosignedCheckpoint): Edit =>
    replace(CHECKPOINT, item({ kind: 'checkpoint', note: encodeCheckpoint(cosigned) }));
  const cosigned = (size: number, by: Delegate, over = root): CosignedCheckpoint => {
    const said = { room: room.room, size, root: over };
    const cosigner = { device: by.id, ...by.signer, timeMs: START_MS };
    return { checkpoint: said, cosignatures: [cosignCheckpoint(crypto, said, cosigner)] };
  };
  await readd('a checkpoint by a stranger', [note(cosigned(11, park))], 'bad-cosignature');
  await readd(
    'a checkpoint of another history',
    [note(cosigned(4, lena))],
    'contradicting-checkpoint',
  );
  await readd('a checkpoint of a longer record', [note(cosigned(12, lena))], 'truncated');
  await readd(
    'a checkpoint that nobody signed',
    [note({ ...checkpoint, cosignatures: [] })],
    'bad-cosignature',
  );

  // Entries that are signed by real devices and yet out of place, each in the place of the last one.
  const before = room.copy(LAST);
  const text = { kind: 'text', text: 'Agreed.' } as const;
  const last = async (description: string, bad: RecordEntry, expected: string): Promise<void> =>
    readd(description, [replace(entry(LAST), entryFrame(bad))], expected);
  const { seen, authorSeq } = before.placeOf(kim);
  await last(
    'by a device that was never admitted',
    before.draft(park, text).entry,
    'unknown-device',
  );
  const eastmost = before.draft(kim, text, { zone: 840 }).entry;
  await last('in the eastmost zone', { ...eastmost, opened: null }, 'wrong-root');
  const further = toHex(eastmost.signed.header).replace('647a6f6e65190618', '647a6f6e65190619');
  const beyond = Uint8Array.from(Buffer.from(further, 'hex'));
  const nowhere = { signed: { ...eastmost.signed, header: beyond }, opened: null };
  await last('in a zone further east than any', nowhere, 'malformed-entry');
  const asLena = before.draft({ ...kim, id: lena.id }, text, { author: lena.id }).entry;
  await last("under another device's name", asLena, 'bad-signature');
  await last(
    'having seen one entry less',
    before.draft(kim, text, { seen: { ...seen, size: 9 } }).entry,
    'stale-seen',
  );
  await last(
    'having seen one entry more',
    before.draft(kim, text, { seen: { ...seen, size: 11 } }).entry,
    'seen-ahead',
  );
  await last(
    'having seen another history',
    before.draft(kim, text, { seen: { size: 10, root } }).entry,
    'false-seen',
  );
  await last(
    'with a gap in its author chain',
    before.draft(kim, text, { authorSeq: authorSeq + 1 }).entry,
    'broken-author-chain',
  );
  await last(
    'with a wrong predecessor',
    before.draft(kim, text, { authorPrev: room.leafAt(0) }).entry,
    'broken-author-chain',
  );
  await last(
    'of another room',
    before.draft(kim, text, { room: summit('elsewhere').room.room }).entry,
    'wrong-room',
  );
  const { entry: honest } = before.draft(kim, text);
  const opened = { salt: honest.opened.salt, body: utf8('other') };
  await last('with another body', { signed: honest.signed, opened }, 'wrong-body');
  const { secretKey } = kim.signer;
  const shapeless = (kind: string): OpenedEntry => {
    const malformed = { kind, body: Uint8Array.of(0xa0) };
    return authorUnknownEntry(before.ports, before.placeOf(kim), malformed, secretKey).entry;
  };
  await last(
    'removing a device in a body that is not of its kind',
    shapeless('device-removed'),
    'malformed-body',
  );
  const refit = (entryBytes: Uint8Array, tree: CompactTree): Edit[] => {
    const fitted = { ...header, exportedBy: null, root: treeRoot(crypto, tree) };
    return refitted([
      [1, item(fitted)],
      [entry(LAST), entryBytes],
      [CHECKPOINT, new Uint8Array(0)],
    ]);
  };
  for (const [what, kind] of [
    ['a text whose body is not of its kind is carried as unknown', 'text'],
    ['a kind of a later version is carried as unknown', 'seating-plan'],
  ] as const) {
    const odd = shapeless(kind);
    const tree = appendLeaf(crypto, before.transcript.tree, entryLeaf(crypto, odd.signed));
    await readd(what, refit(entryFrame(odd), tree), 'accepted');
  }
  const spare = delegate(before.randomness, {
    party: 'Delegation of the West',
    member: 'Spare',
    authority: lena.authority,
  });
  const admit = (certificate: Delegate['signed'], by = kim): OpenedEntry =>
    before.draft(by, { kind: 'device-admitted', certificate }).entry;
  await last("admitting another party's device", admit(spare.signed), 'other-party');
  const forged = issueCertificate(crypto, kim.authority.secretKey, {
    party: 'Delegation of the West',
    authority: lena.authority.publicKey,
    member: 'Intruder',
    label: 'phone',
    role: 'officer',
    signer: spare.signer.publicKey,
    mls: new Uint8Array(32).fill(7),
    seal: new Uint8Array(1216).fill(7),
    issuedMs: START_MS,
  });
  await last(
    'admitting a certificate that another authority signed',
    admit(forged, lena),
    'wrong-authority',
  );
  await last('admitting a device twice', admit(tom.signed, lena), 'device-known');
  const again = before.draft(kim, { kind: 'party-admitted', certificate: spare.signed }).entry;
  await last('admitting a party that is there', again, 'party-known');
  const self = before.draft(kim, {
    kind: 'mismatch',
    about: kim.party,
    how: 'voice',
    offer: room.leafAt(2),
  }).entry;
  await last('verifying itself', self, 'own-party');
  const nobody = asDeviceId(new Uint8Array(32));
  const removal = before.draft(kim, { kind: 'device-removed', device: nobody, reason: '' }).entry;
  await last('removing a device that is not there', removal, 'unknown-device');
  const foreign = before.draft(kim, { kind: 'device-removed', device: lena.id, reason: '' }).entry;
  await last("removing another party's device", foreign, 'other-party');
  await last('an honest entry, but the header names another root', honest, 'wrong-root');
}

/** A party that governs itself; each refused act stands in the place of an honest one, and the file is read no further. */
async function governance(): Promise<void> {
  const played = governed('vectors of governance');
  const { tree, root } = played.room.transcript;
  const pieces: Uint8Array[] = [];
  const of = { room: played.room.room, size: tree.size, root };
  for await (const piece of exportRecord(crypto, played.room.entries, of)) pieces.push(piece);
  base('governance', concat(...pieces));
  await add('a party governs itself', 'governance', [], 'accepted');
  for (const { what, at, entry, reason } of played.refused) {
    const number = at + 2;
    const start = pieces.slice(0, number).reduce((sum, one) => sum + one.length, 0);
    const bad = frame(encode(recordItemCodec, { kind: 'entry', ...entry }));
    await add(what, 'governance', [edit(start, pieces[number] as Uint8Array, bad)], reason);
  }
}

/** A room as a file of its own, unsigned. Gives its pieces: the first line, the header, the entries, the end. */
async function plain(
  name: string,
  played: RehearsedRoom,
  more: readonly RecordEntry[] = [],
): Promise<readonly Uint8Array[]> {
  const { tree, root } = played.transcript;
  const of = { room: played.room, size: tree.size + more.length, root };
  const pieces: Uint8Array[] = [];
  for await (const piece of exportRecord(crypto, [...played.entries, ...more], of))
    pieces.push(piece);
  base(name, concat(...pieces));
  return pieces;
}

/** One bit flipped in each signed part of an entry; the file is read no further. */
async function flips(name: string, pieces: readonly Uint8Array[], index: number): Promise<void> {
  const piece = pieces[index + 2] as Uint8Array;
  const start = pieces.slice(0, index + 2).reduce((sum, one) => sum + one.length, 0);
  // The body stands first, then the header, then its signature; a certificate in the body has a signature as well.
  const after = (field: string): number =>
    Buffer.from(piece).lastIndexOf(field, undefined, 'latin1') + field.length;
  const body = Buffer.from(piece).indexOf('dbody', 0, 'latin1') + 5;
  const bodyHead = { 0x58: 2, 0x59: 3 }[piece[body] ?? 0] ?? 1;
  const zone = after('dzone');
  const unstated = piece[zone] === 0xf6;
  for (const [what, at, reason] of [
    ['body', body + bodyHead, 'wrong-body'],
    // Not stated is one byte, a zone three: the last of them is its low byte.
    ['zone', unstated ? zone : zone + 2, unstated ? 'malformed-entry' : 'bad-signature'],
    ['Ed25519 signature', after('isignature') + 3 + 20, 'bad-signature'],
    ['ML-DSA signature', after('isignature') + 3 + 2_000, 'bad-signature'],
  ] as const) {
    const flipped = toHex(Uint8Array.of((piece[at] ?? 0) ^ 1));
    await add(
      `a bit of the ${what} of entry ${index} flipped`,
      name,
      [[start + at, 1, flipped]],
      reason,
    );
  }
}

/** Caucuses, rooms and channels that go on after a fork; each refused act is the last entry of a file of its own. */
async function asides(): Promise<void> {
  for (const { name, room: played, refused } of rooms()) {
    if (played.entries.length > 0) {
      const pieces = await plain(name, played);
      await add(`${name} as it is`, name, [], 'accepted');
      for (const index of [0, played.entries.length - 1]) await flips(name, pieces, index);
    }
    for (const [i, { what, by, body, reason }] of refused.entries()) {
      const file = `${name}-${i + 1}`;
      await plain(file, played, [played.draft(by, body).entry]);
      await add(what, file, [], reason);
    }
  }
}

/** Every kind of word said once; and of every kind one body that is of it, and two that are not. */
async function kinds(): Promise<void> {
  const played = wordyRoom(KNOWN_KINDS.filter((kind) => !isStructuralKind(kind)));
  const pieces = await plain('words', played);
  await add('every kind of word, once each', 'words', [], 'accepted');
  for (const [index, { signed }] of played.entries.entries()) {
    const header = readHeader(signed);
    if (header.ok && header.value.kind.startsWith('off-record-'))
      await flips('words', pieces, index);
  }
}

function bodies(): unknown {
  return KNOWN_KINDS.map((kind) => {
    const valid = encodeBody(bodyOf(kind));
    const otherFields = Uint8Array.from(valid);
    otherFields[0] = (otherFields[0] ?? 0) ^ 1;
    const invalid = [concat(valid, Uint8Array.of(0)), otherFields];
    return {
      kind,
      structural: isStructuralKind(kind),
      valid: toHex(valid),
      invalid: invalid.map((one) => toHex(one)),
    };
  });
}

async function proofs(): Promise<void> {
  const certificates = [kim, lena, tom].map(({ signed }) => signed);
  const place = {
    index: 8,
    leaves: room.leafAt,
    checkpoint: room.checkpoint([kim, lena]),
    certificates,
  };
  const file = base('entry-proof', openEntryProof(crypto, room.entries[8] as OpenedEntry, place));
  await add('one entry opened', 'entry-proof', [], 'accepted');
  await add('cut', 'entry-proof', [[file.length - 1, 1, '']], 'truncated');
  await add('bytes added', 'entry-proof', [[file.length, 0, '00']], 'trailing-bytes');
  const index = Buffer.from(file).indexOf('eindex', 0, 'latin1') + 6;
  await add('another index', 'entry-proof', [[index, 1, '09']], 'wrong-proof');
  const words = Buffer.from(file).indexOf('Good morning', 0, 'latin1');
  await add('another word in the text', 'entry-proof', [[words, 1, '4d']], 'wrong-body');
  const proof = Buffer.from(file).indexOf('eproof', 0, 'latin1') + 20;
  const bent = toHex(Uint8Array.of((file[proof] ?? 0) ^ 1));
  await add('a hash of the path flipped', 'entry-proof', [[proof, 1, bent]], 'wrong-proof');
}

async function evidence(): Promise<void> {
  const other = room.copy(LAST);
  other.say(lena, { kind: 'text', text: 'We withdraw paragraph 4.' });
  const [kims, lenas] = [room.checkpoint([kim]), other.checkpoint([lena])];
  const certificates = [kim.signed, lena.signed];
  room.say(kim, { kind: 'text', text: 'We accept paragraph 4.' });
  room.say(kim, { kind: 'text', text: 'And paragraph 5.' });
  const history = { leaves: room.leafAt, certificates };
  const earlier = { kind: 'checkpoint', checkpoint: lenas } as const;
  const sameSize = { earlier, later: { kind: 'checkpoint', checkpoint: kims } } as const;
  base('fork-same-size', forkEvidence(crypto, sameSize, history));
  await add('two roots of one size, both signed', 'fork-same-size', [], 'accepted');
  const signed = room.entries.at(-1)?.signed as SignedEntry;
  const fork = base(
    'fork',
    forkEvidence(crypto, { earlier, later: { kind: 'entry', signed } }, history),
  );
  await add('two histories of different length', 'fork', [], 'accepted');
  const path = Buffer.from(fork).indexOf('eproof', 0, 'latin1') + 20;
  const bent = toHex(Uint8Array.of((fork[path] ?? 0) ^ 1));
  await add('the path between them flipped', 'fork', [[path, 1, bent]], 'wrong-proof');
  const root = Buffer.from(fork).indexOf('droot', 0, 'latin1') + 10;
  await add(
    'another root claimed',
    'fork',
    [[root, 1, toHex(Uint8Array.of((fork[root] ?? 0) ^ 1))]],
    'wrong-proof',
  );
  const honest = {
    earlier: { kind: 'checkpoint', checkpoint: kims },
    later: { kind: 'entry', signed },
  } as const;
  base('no-fork', forkEvidence(crypto, honest, history));
  await add('one history at two sizes', 'no-fork', [], 'no-contradiction');

  const draft = (text: string): SignedEntry => room.draft(kim, { kind: 'text', text }).entry.signed;
  const first = draft('yes');
  base('double-entry', doubleEntryEvidence({ first, second: draft('no') }, kim.signed));
  await add('two entries of one device for one place', 'double-entry', [], 'accepted');
  room.say(lena, { kind: 'text', text: 'one moment' });
  base('retried-entry', doubleEntryEvidence({ first, second: draft('yes') }, kim.signed));
  await add(
    'an entry signed anew after it lost its place',
    'retried-entry',
    [],
    'no-contradiction',
  );

  const relay = crypto.signerFromSecret('ed25519', seededRandomness('relay').bytes(32));
  const receipt = (seq: number, fill: number): Uint8Array =>
    signedReceipt(relay, { seq, head: new Uint8Array(32).fill(fill) });
  base('relay-receipts', relayReceiptsEvidence(receipt(7, 1), receipt(7, 2)));
  await add('two heads of one length', 'relay-receipts', [], 'accepted');
  base('honest-receipts', relayReceiptsEvidence(receipt(7, 1), receipt(8, 2)));
  await add('two heads of two lengths', 'honest-receipts', [], 'no-contradiction');
  await add('cut', 'relay-receipts', [[40, 10, '']], 'truncated');
  const another = crypto.signerFromSecret('ed25519', seededRandomness('another').bytes(32));
  const foreign = signedReceipt(another, { seq: 7, head: new Uint8Array(32).fill(2) });
  base('two-relays-receipts', relayReceiptsEvidence(receipt(7, 1), foreign));
  await add('heads of two relays', 'two-relays-receipts', [], 'different-relays');
  const elsewhere = signedReceipt(relay, { seq: 7, log: new Uint8Array(32).fill(9) });
  base('two-logs-receipts', relayReceiptsEvidence(receipt(7, 1), elsewhere));
  await add('heads of two logs', 'two-logs-receipts', [], 'different-rooms');
}

/** What is refused of all of these. */
async function alone(): Promise<void> {
  for (const [name, casesOf] of Object.entries(ALONE))
    for (const [description, edits, expected] of casesOf(bases.get(name) ?? new Uint8Array()))
      await add(description, name, edits, expected);
}

/** Values to build an implementation against, piece by piece. */
function parts(): unknown {
  const text = room.entries[8] as OpenedEntry;
  const header = readHeader(text.signed);
  if (!header.ok) throw new Error(header.reason);
  const { value } = header;
  const checkpoint = room.copy(LAST).checkpoint([kim]);
  return {
    certificate: {
      body: toHex(kim.signed.body),
      signature: toHex(kim.signed.signature),
      device: toHex(kim.id),
      party: toHex(kim.party),
      authority: toHex(kim.authority.publicKey),
    },
    entry: {
      encoded: toHex(encodeEntry(text)),
      header: toHex(text.signed.header),
      salt: toHex(text.opened.salt),
      body: toHex(text.opened.body),
      kind: value.kind,
      authorSeq: value.authorSeq,
      seenSize: value.seen.size,
      seenRoot: toHex(value.seen.root),
      timeMs: value.timeMs,
      zone: value.zone,
      bodyHash: toHex(value.body),
      leaf: toHex(room.leafAt(8)),
    },
    checkpoint: Buffer.from(encodeCheckpoint(checkpoint)).toString('utf8'),
  };
}

function merkle(): unknown {
  const leaves = Array.from({ length: 33 }, (_, i) => leafHash(crypto, utf8(`leaf ${i}`)));
  const leafAt = (i: number): Uint8Array => leaves[i] as Uint8Array;
  const roots: string[] = [];
  let tree = EMPTY_TREE;
  roots.push(toHex(treeRoot(crypto, tree)));
  for (const leaf of leaves) {
    tree = appendLeaf(crypto, tree, leaf);
    roots.push(toHex(treeRoot(crypto, tree)));
  }
  const hex = (proof: readonly Uint8Array[]): string[] => proof.map((hash) => toHex(hash));
  return {
    data: 'leaf i is the UTF-8 text "leaf <i>"; roots[n] is the root over the first n leaves',
    roots,
    inclusion: [
      [0, 1],
      [0, 8],
      [5, 8],
      [2, 3],
      [1, 5],
      [32, 33],
      [16, 33],
    ].map(([index = 0, size = 0]) => ({
      index,
      size,
      proof: hex(inclusionProof(crypto, leafAt, { index, size })),
    })),
    consistency: [
      [1, 8],
      [6, 8],
      [2, 5],
      [6, 7],
      [7, 33],
      [32, 33],
      [33, 33],
    ].map(([from = 0, to = 0]) => ({
      from,
      to,
      proof: hex(consistencyProof(crypto, leafAt, { from, to })),
    })),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
const lines = (file: Uint8Array): string => `${toHex(file).replaceAll(/.{128}(?=.)/g, '$&\n')}\n`;

await records();
await governance();
await asides();
await kinds();
await proofs();
mkdirSync(join(OUT, 'record'), { recursive: true });
mkdirSync(join(OUT, 'merkle'), { recursive: true });
writeFileSync(join(OUT, 'record/parts.json'), json(parts()));
writeFileSync(join(OUT, 'record/bodies.json'), json(bodies()));
await evidence();
await alone();
writeFileSync(join(OUT, 'record/cases.json'), json(cases));
for (const [name, file] of bases) writeFileSync(join(OUT, `record/${name}.hex`), lines(file));
writeFileSync(join(OUT, 'merkle/tree.json'), json(merkle()));
const valid = cases.filter(({ ok }) => ok).length;
process.stdout.write(`${cases.length} cases, ${valid} valid, ${bases.size} base files\n`);
