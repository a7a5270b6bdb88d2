// Whether a checkpoint of an exported record is of this very record, and who signed it.

import { accept, refuse, sameBytes, type Crypto, type Verdict } from '@parley/kernel';
import { cosignatureHolds, decodeCheckpoint, type CosignedCheckpoint } from './checkpoint.ts';
import { asRootHash, DIGEST_BYTES, digestKey, type RootHash } from './digests.ts';
import type { CheckpointReport, CosignerReport } from './report.ts';
import { deviceOf, type Transcript } from './transcript.ts';

/** The root at every size so far, in one block of memory: 32 bytes for each entry. */
export class RootColumn {
  #roots = new Uint8Array(1024 * DIGEST_BYTES);
  #count = 0;

  push(root: RootHash): void {
    const end = (this.#count + 1) * DIGEST_BYTES;
    if (end > this.#roots.length) {
      const grown = new Uint8Array(this.#roots.length * 2);
      grown.set(this.#roots);
      this.#roots = grown;
    }
    this.#roots.set(root, this.#count++ * DIGEST_BYTES);
  }

  at(size: number): RootHash | undefined {
    if (size >= this.#count) return undefined;
    return asRootHash(this.#roots.slice(size * DIGEST_BYTES, (size + 1) * DIGEST_BYTES));
  }
}

export type RecordCheckpointReason =
  | 'malformed-checkpoint'
  | 'wrong-room'
  | 'bad-cosignature'
  | 'truncated'
  | 'contradicting-checkpoint';

function checkCosigners(
  crypto: Crypto,
  transcript: Transcript,
  { checkpoint, cosignatures }: CosignedCheckpoint,
): Verdict<CosignerReport[], 'bad-cosignature'> {
  const cosigners: CosignerReport[] = [];
  for (const cosignature of cosignatures) {
    const device = deviceOf(transcript, cosignature.device);
    if (
      device === undefined ||
      !cosignatureHolds(crypto, checkpoint, cosignature, device.certificate.signer)
    ) {
      return refuse('bad-cosignature', { detail: 'it is not signed as it says' });
    }
    cosigners.push({
      device: digestKey(device.id),
      party: digestKey(device.party),
      member: device.member,
      timeMs: cosignature.timeS * 1000,
      afterRemoval: device.removed !== null && device.removed.at < checkpoint.size,
    });
  }
  if (cosigners.length === 0) return refuse('bad-cosignature', { detail: 'nobody signed it' });
  return accept(cosigners);
}

/** Accepts a note that devices of the room signed and that tells the record's own root at its size. */
export function checkCheckpoint(
  crypto: Crypto,
  transcript: Transcript,
  roots: RootColumn,
  note: Uint8Array,
): Verdict<CheckpointReport, RecordCheckpointReason> {
  const decoded = decodeCheckpoint(note);
  if (!decoded.ok) return decoded;
  const { room, size, root } = decoded.value.checkpoint;
  if (!sameBytes(room, transcript.room)) {
    return refuse('wrong-room', { detail: 'it is of another room' });
  }
  const cosigners = checkCosigners(crypto, transcript, decoded.value);
  if (!cosigners.ok) return cosigners;
  const ours = roots.at(size);
  if (ours === undefined) {
    return refuse('truncated', { detail: `signed for ${size} entries: later ones are missing` });
  }
  if (!sameBytes(ours, root)) {
    const detail = `another history of ${size} entries was signed`;
    return refuse('contradicting-checkpoint', { detail });
  }
  return accept({ size, root: digestKey(root), cosigners: cosigners.value });
}
