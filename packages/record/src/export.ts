// An exported record (`.parley`): what a party hands to an arbiter, written and read front to back.

import {
  assert,
  bytes,
  encode,
  HYBRID_SIGNATURE_BYTES,
  hybridSign,
  nullable,
  struct,
  uint,
  variant,
  type Codec,
  type Crypto,
  type Decoded,
} from '@parley/kernel';
import { CHECKPOINT_MAX_BYTES, encodeCheckpoint, type CosignedCheckpoint } from './checkpoint.ts';
import { digest, DIGEST_BYTES, type DeviceId, type RoomId, type RootHash } from './digests.ts';
import { readHeader, recordEntryCodec, type EntryHeader, type RecordEntry } from './entry.ts';
import { frame, MAGIC } from './frames.ts';
import { isStructuralKind } from './kinds.ts';
import { RECEIPT_MAX_BYTES } from './receipt.ts';

/** The purpose under which an exporter signs its file. */
export const FILE_PURPOSE = 'record-file';
export const RECORD_ENTRIES_MAX = 1_000_000;
/** Checkpoints and receipts of one file: a verifier holds what they say. An export takes the last ones. */
export const RECORD_CHECKPOINTS_MAX = 2_000;
export const RECORD_RECEIPTS_MAX = 10_000;

const format: Codec<1> = {
  write: (out, value) => uint().write(out, value),
  read: (from) => (uint().read(from) === 1 ? 1 : from.refuse('out-of-range')),
};

/** The frames of a file in their order: one header, entries, checkpoints, receipts, one end. */
export const recordItemCodec = variant({
  header: struct({
    format,
    room: digest<RoomId>(),
    exportedBy: nullable(digest<DeviceId>()),
    size: uint(RECORD_ENTRIES_MAX),
    root: digest<RootHash>(),
  }),
  entry: recordEntryCodec,
  checkpoint: struct({ note: bytes({ max: CHECKPOINT_MAX_BYTES }) }),
  receipt: struct({ receipt: bytes({ max: RECEIPT_MAX_BYTES }) }),
  end: struct({
    digest: bytes({ exactly: DIGEST_BYTES }),
    signature: nullable(bytes({ exactly: HYBRID_SIGNATURE_BYTES })),
  }),
});
export type RecordItem = Decoded<typeof recordItemCodec>;
export type RecordHeader = Extract<RecordItem, { kind: 'header' }>;

export type ExportOptions = {
  readonly room: RoomId;
  readonly size: number;
  readonly root: RootHash;
  /** Says which bodies stay behind. Never asked about kinds that cannot be withheld. */
  readonly withhold?: (header: EntryHeader, index: number) => boolean;
  readonly checkpoints?: Iterable<CosignedCheckpoint>;
  /** Receipts of the relay, as they came. */
  readonly receipts?: Iterable<Uint8Array>;
  /** The device that exports, if it signs the file. */
  readonly exporter?: { readonly device: DeviceId; readonly secretKey: Uint8Array };
};

function withheld(
  entry: RecordEntry,
  index: number,
  withhold: NonNullable<ExportOptions['withhold']>,
): RecordEntry {
  const header = readHeader(entry.signed);
  assert(header.ok, 'an entry of our own record has a header');
  const keep = isStructuralKind(header.value.kind) || !withhold(header.value, index);
  return keep ? entry : { signed: entry.signed, opened: null };
}

function item(value: RecordItem): Uint8Array {
  return frame(encode(recordItemCodec, value));
}

function last<T>(items: Iterable<T> | undefined, count: number): T[] {
  return [...(items ?? [])].slice(-count);
}

/**
 * The file in pieces, one for each frame. The entries must be the whole record, in order: `size` of them. Nothing is
 * checked here; `verifyRecord` on the result is the check.
 */
export async function* exportRecord(
  crypto: Crypto,
  entries: Iterable<RecordEntry> | AsyncIterable<RecordEntry>,
  options: ExportOptions,
): AsyncGenerator<Uint8Array> {
  const hasher = crypto.hasher('sha256');
  const hashed = (piece: Uint8Array): Uint8Array => {
    hasher.update(piece);
    return piece;
  };

  const { room, size, root, exporter } = options;
  yield hashed(MAGIC.record);
  const exportedBy = exporter?.device ?? null;
  yield hashed(item({ kind: 'header', format: 1, room, exportedBy, size, root }));
  let index = 0;
  for await (const entry of entries) {
    const shown = options.withhold === undefined ? entry : withheld(entry, index, options.withhold);
    yield hashed(item({ kind: 'entry', ...shown }));
    index++;
  }
  assert(index === size, `${index} entries were given for a record of ${size}`);
  for (const checkpoint of last(options.checkpoints, RECORD_CHECKPOINTS_MAX)) {
    yield hashed(item({ kind: 'checkpoint', note: encodeCheckpoint(checkpoint) }));
  }
  for (const receipt of last(options.receipts, RECORD_RECEIPTS_MAX)) {
    yield hashed(item({ kind: 'receipt', receipt }));
  }

  const fileDigest = hasher.digest();
  const signature =
    exporter === undefined
      ? null
      : hybridSign(crypto, { secretKey: exporter.secretKey, purpose: FILE_PURPOSE }, fileDigest);
  yield item({ kind: 'end', digest: fileDigest, signature });
}
