// The offline verifier: reads an exported record once, front to back, and names the first thing that is wrong.

import {
  accept,
  decode,
  hybridVerify,
  refuse,
  sameBytes,
  type Crypto,
  type Hasher,
  type Refused,
  type Verdict,
} from '@parley/kernel';
import { readAhead, type ReadItem } from './ahead.ts';
import { SafeCopies } from './copy-doubt.ts';
import { digestKey } from './digests.ts';
import {
  FILE_PURPOSE,
  RECORD_CHECKPOINTS_MAX,
  RECORD_RECEIPTS_MAX,
  recordItemCodec,
  type RecordHeader,
  type RecordItem,
} from './export.ts';
import {
  fileKindOf,
  FrameReader,
  hashFrame,
  MAGIC,
  type ByteSource,
  type FrameReason,
} from './frames.ts';
import { judge } from './judge.ts';
import type { JudgeReason } from './judgement.ts';
import { isKnownKind } from './kinds.ts';
import { readReceipt } from './receipt.ts';
import { checkCheckpoint, RootColumn, type RecordCheckpointReason } from './record-checkpoint.ts';
import {
  partyReports,
  termsReport,
  type CheckpointReport,
  type ReceiptReport,
  type RecordReport,
  type ShownEntry,
} from './report.ts';
import { deviceOf, emptyTranscript, type Transcript } from './transcript.ts';

export type RecordReason =
  | JudgeReason
  | 'not-a-record'
  | 'truncated'
  | 'too-large'
  | 'malformed-frame'
  | 'out-of-place'
  | 'too-many-entries'
  | 'wrong-root'
  | RecordCheckpointReason
  | 'too-many-items'
  | 'unknown-exporter'
  | 'damaged-file'
  | 'bad-file-signature'
  | 'trailing-bytes';

export type VerifyOptions = {
  /** Handed each entry in order, as soon as it is judged. An error thrown here stops the work and is passed on. */
  readonly onEntry?: (entry: ShownEntry) => void | Promise<void>;
};

type No = Refused<RecordReason>;

const ORDER = ['header', 'entry', 'checkpoint', 'receipt', 'end'] as const;

/** The state of one reading. `take` is given the frames in order and answers the first refusal. */
class Reading {
  readonly #crypto: Crypto;
  readonly #header: RecordHeader;
  readonly #hasher: Hasher;
  readonly #onEntry: VerifyOptions['onEntry'];
  readonly #roots = new RootColumn();
  readonly #copies = new SafeCopies();
  readonly #kinds = new Map<string, number>();
  readonly #checkpoints: CheckpointReport[] = [];
  readonly #receipts: ReceiptReport[] = [];
  #transcript: Transcript;
  #withheld = 0;
  #receiptsUnreadable = 0;
  #firstMs: number | null = null;
  #lastMs: number | null = null;
  #timesBackwards = 0;
  #stage = 0;
  ended = false;

  constructor(
    crypto: Crypto,
    header: RecordHeader,
    also: { hasher: Hasher; onEntry: VerifyOptions['onEntry'] },
  ) {
    this.#crypto = crypto;
    this.#header = header;
    this.#hasher = also.hasher;
    this.#onEntry = also.onEntry;
    this.#transcript = emptyTranscript(crypto, header.room);
    this.#roots.push(this.#transcript.root);
  }

  get size(): number {
    return this.#transcript.tree.size;
  }

  #no(reason: RecordReason, detail: string): No {
    return refuse(reason, { at: this.size, detail });
  }

  get transcript(): Transcript {
    return this.#transcript;
  }

  /** `crypto` is the one that entries are judged by. */
  async take(item: RecordItem, crypto: Crypto): Promise<No | undefined> {
    const stage = ORDER.indexOf(item.kind);
    if (item.kind === 'header' || stage < this.#stage) {
      return this.#no('out-of-place', `a frame of kind ${item.kind} stands where none may be`);
    }
    if (stage > 1 && this.#stage <= 1) {
      const incomplete = this.#entriesEnd();
      if (incomplete !== undefined) return incomplete;
    }
    this.#stage = stage;
    switch (item.kind) {
      case 'entry':
        return this.#entry(item, crypto);
      case 'checkpoint':
        return this.#checkpoint(item.note);
      case 'receipt':
        return this.#receipt(item.receipt);
      default:
        return this.#end(item);
    }
  }

  async #entry(
    item: Extract<RecordItem, { kind: 'entry' }>,
    crypto: Crypto,
  ): Promise<No | undefined> {
    if (this.size === this.#header.size) {
      return this.#no('too-many-entries', `the record was to have ${this.size} entries`);
    }
    const judged = judge(crypto, this.#transcript, item);
    if (!judged.ok) return judged;
    const { transcript, ...shown } = judged.value;
    this.#transcript = transcript;
    this.#roots.push(transcript.root);
    const { kind, timeMs } = shown.header;
    // Names nobody knows are as many as their authors like, so they count as one.
    const counted = isKnownKind(kind) ? kind : 'unknown';
    this.#kinds.set(counted, (this.#kinds.get(counted) ?? 0) + 1);
    if (shown.body === null) this.#withheld++;
    if (this.#lastMs !== null && timeMs < this.#lastMs) this.#timesBackwards++;
    this.#firstMs ??= timeMs;
    this.#lastMs = timeMs;
    this.#copies.take(shown);
    await this.#onEntry?.(shown);
    return undefined;
  }

  #entriesEnd(): No | undefined {
    const { size, root, exportedBy } = this.#header;
    if (this.size < size) {
      return this.#no('truncated', `the record was to have ${size} entries, not ${this.size}`);
    }
    if (!sameBytes(root, this.#transcript.root)) {
      return this.#no('wrong-root', 'the entries do not add up to the root the file names');
    }
    if (exportedBy !== null && deviceOf(this.#transcript, exportedBy) === undefined) {
      return this.#no('unknown-exporter', 'the device that exported was never admitted');
    }
    return undefined;
  }

  #checkpoint(note: Uint8Array): No | undefined {
    const number = this.#checkpoints.length;
    if (number >= RECORD_CHECKPOINTS_MAX) {
      return this.#no('too-many-items', `a file has at most ${RECORD_CHECKPOINTS_MAX} checkpoints`);
    }
    const checked = checkCheckpoint(this.#crypto, this.#transcript, this.#roots, note);
    if (!checked.ok) return this.#no(checked.reason, `checkpoint ${number}: ${checked.detail}`);
    this.#checkpoints.push(checked.value);
    return undefined;
  }

  #receipt(encoded: Uint8Array): No | undefined {
    if (this.#receipts.length + this.#receiptsUnreadable >= RECORD_RECEIPTS_MAX) {
      return this.#no('too-many-items', `a file has at most ${RECORD_RECEIPTS_MAX} receipts`);
    }
    const read = readReceipt(this.#crypto, encoded);
    if (read.ok) {
      const { relay, log, seq, head, timeMs } = read.value;
      const hex = { relay: digestKey(relay), log: digestKey(log), head: digestKey(head) };
      this.#receipts.push({ ...hex, seq, timeMs });
    } else {
      this.#receiptsUnreadable++;
    }
    return undefined;
  }

  #end(item: Extract<RecordItem, { kind: 'end' }>): No | undefined {
    const found = this.#hasher.digest();
    if (!sameBytes(found, item.digest)) {
      return this.#no('damaged-file', 'the file was changed after it was written');
    }
    const { exportedBy } = this.#header;
    if ((exportedBy === null) !== (item.signature === null)) {
      return this.#no('bad-file-signature', 'a file is signed exactly when it names its exporter');
    }
    if (exportedBy !== null && item.signature !== null) {
      const publicKey = deviceOf(this.#transcript, exportedBy)?.certificate.signer;
      const key = { publicKey: publicKey ?? new Uint8Array(0), purpose: FILE_PURPOSE };
      if (!hybridVerify(this.#crypto, key, item.digest, item.signature)) {
        return this.#no('bad-file-signature', 'the exporter it names did not sign the file');
      }
    }
    this.ended = true;
    return undefined;
  }

  report(): RecordReport {
    const { room, root, channel, name, relay, terms } = this.#transcript;
    const { exportedBy } = this.#header;
    return {
      room: digestKey(room),
      channel: channel === null ? '' : digestKey(channel),
      name,
      relay,
      terms: termsReport(terms),
      size: this.size,
      root: digestKey(root),
      opened: this.size - this.#withheld,
      withheld: this.#withheld,
      kinds: Object.fromEntries(this.#kinds),
      exportedBy: exportedBy === null ? null : digestKey(exportedBy),
      parties: partyReports(this.#transcript, this.#checkpoints),
      checkpoints: this.#checkpoints,
      receipts: this.#receipts,
      receiptsUnreadable: this.#receiptsUnreadable,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      timesBackwards: this.#timesBackwards,
      copyDoubts: this.#copies.doubts,
    };
  }
}

type ReadFrame = ReadItem & { readonly item: Verdict<RecordItem, FrameReason | 'malformed-frame'> };

/** The frames in their order, up to the first that cannot be cut out of the file. */
async function* readFrames(frames: FrameReader): AsyncGenerator<ReadFrame> {
  for (;;) {
    const next = await frames.next();
    if (!next.ok) {
      const item = refuse(next.reason, { detail: `the file is ${next.reason} here` });
      yield { encoded: new Uint8Array(0), entry: undefined, item };
      return;
    }
    const encoded = next.value;
    if (encoded === undefined) return;
    const decoded = decode(recordItemCodec, encoded);
    const item = decoded.ok
      ? decoded
      : refuse('malformed-frame', { detail: `a frame is ${decoded.reason}` });
    const entry = item.ok && item.value.kind === 'entry' ? item.value : undefined;
    yield { encoded, entry, item };
  }
}

/** What follows the magic; shared with `verifyFile`, which has read it already. */
export async function verifyRecordFrames(
  crypto: Crypto,
  frames: FrameReader,
  options: VerifyOptions = {},
): Promise<Verdict<RecordReport, RecordReason>> {
  const hasher = crypto.hasher('sha256');
  hasher.update(MAGIC.record);
  let reading: Reading | undefined;
  const transcript = (): Transcript | undefined => reading?.transcript;
  for await (const read of readAhead(crypto, readFrames(frames), transcript)) {
    const { encoded, item } = read.item;
    const at = reading?.size ?? 0;
    if (!item.ok && item.reason !== 'malformed-frame') return { ...item, at };
    if (reading?.ended === true) {
      return refuse('trailing-bytes', { at, detail: 'the file goes on after its end' });
    }
    if (!item.ok) return { ...item, at };
    if (reading === undefined) {
      if (item.value.kind !== 'header') {
        return refuse('out-of-place', { at, detail: 'the file does not begin with its header' });
      }
      reading = new Reading(crypto, item.value, { hasher, onEntry: options.onEntry });
    } else {
      const no = await reading.take(item.value, read.crypto);
      if (no !== undefined) return no;
    }
    if (item.value.kind !== 'end') hashFrame(hasher, encoded);
  }
  if (reading?.ended === true) return accept(reading.report());
  return refuse('truncated', { at: reading?.size ?? 0, detail: 'the file ends before its end' });
}

/**
 * Checks an exported record whole, offline: every signature, body, author chain, seen root and checkpoint. A refusal's
 * `at` is the index of the first bad entry, or the number of good ones where something beside the entries is wrong.
 * Memory: the room's devices, 32 bytes for each entry, some 200 for each document, and the stretch that `readAhead` holds. A verified record may still end early: whoever
 * exported it chose where. Compare `size` and `root` with what the other side holds.
 */
export async function verifyRecord(
  crypto: Crypto,
  source: ByteSource,
  options: VerifyOptions = {},
): Promise<Verdict<RecordReport, RecordReason>> {
  const frames = new FrameReader(source);
  try {
    if (fileKindOf(await frames.magic()) !== 'record') {
      return refuse('not-a-record', { at: 0, detail: 'the file does not begin as a record does' });
    }
    return await verifyRecordFrames(crypto, frames, options);
  } finally {
    await frames.close();
  }
}
