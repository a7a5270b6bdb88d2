// Compares what another device signed about the record with what this device holds, and proves a contradiction.

import { sameBytes, type Ports } from '@parley/kernel';
import {
  cosignCheckpoint,
  forkEvidence,
  verifyEvidence,
  type Device,
  type RootHash,
  type Seen,
  type Statement,
} from '@parley/record';
import type { Identity } from './identity.ts';
import type { Room } from './room.ts';

/** The record so far, as the desk keeps it. */
export interface History {
  /** The root over the first `size` entries; undefined where the desk does not keep it. */
  rootAt(size: number): RootHash | undefined;
}

/**
 * `same`: this device's own history. `behind`: the beginning of it. `ahead`: more than it, which proves nothing yet.
 * `contradiction`: another history; both cannot be of one record.
 */
export type Comparison = 'same' | 'behind' | 'ahead' | 'contradiction';

export function compareSeen(room: Room, history: History, seen: Seen): Comparison {
  const { tree, root } = room.transcript;
  if (seen.size > tree.size) return 'ahead';
  if (seen.size === tree.size) return sameBytes(seen.root, root) ? 'same' : 'contradiction';
  const ours = history.rootAt(seen.size);
  return ours === undefined || sameBytes(ours, seen.root) ? 'behind' : 'contradiction';
}

/**
 * A file that shows two signed statements about one size with two roots: theirs, and this device's own, signed here
 * for the purpose. Null where this device does not hold its root at that size.
 */
export function proveContradiction(
  ports: Ports,
  room: Room,
  identity: Identity,
  theirs: { statement: Statement; seen: Seen; by: Device },
  history: History,
): Uint8Array | null {
  const { size } = theirs.seen;
  const root = size === room.transcript.tree.size ? room.transcript.root : history.rootAt(size);
  if (root === undefined) return null;
  const checkpoint = { room: room.room, size, root };
  const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
    device: identity.deviceId,
    publicKey: identity.signer.publicKey,
    secretKey: identity.signer.secretKey,
    timeMs: ports.clock.nowMs(),
  });
  const ours: Statement = {
    kind: 'checkpoint',
    checkpoint: { checkpoint, cosignatures: [cosignature] },
  };
  const evidence = forkEvidence(
    ports.crypto,
    { earlier: theirs.statement, later: ours },
    {
      leaves: () => new Uint8Array(32),
      certificates: [theirs.by.signed, identity.certificate],
    },
  );
  return verifyEvidence(ports.crypto, evidence).ok ? evidence : null;
}
