// Two records joined by a restart: the earlier file, verified whole, holds the checkpoint that the later one names.

import { accept, refuse, type Crypto, type Verdict } from '@parley/kernel';
import { digestKey } from './digests.ts';
import type { ByteSource } from './frames.ts';
import type { RecordReport } from './report.ts';
import { appendLeaf, EMPTY_TREE, treeRoot } from './tree.ts';
import { verifyRecord } from './verify-record.ts';

export type RestartReason =
  /** The later record goes on from no other. */
  | 'no-restart'
  /** The earlier file does not hold by itself; `detail` and `at` are its own. */
  | 'bad-record'
  | 'other-room'
  /** It has fewer entries than the checkpoint. */
  | 'ends-before'
  /** Its root there is another one: not the history that the parties agreed to go on from. */
  | 'other-history';

/** Follows the link of a verified restarted record into the file of the earlier one, and gives that one's report. */
export async function verifyRestart(
  crypto: Crypto,
  later: RecordReport,
  earlierFile: ByteSource,
): Promise<Verdict<RecordReport, RestartReason>> {
  const { earlier } = later.terms;
  if (earlier === null) return refuse('no-restart', { detail: 'the record goes on from no other' });
  let tree = EMPTY_TREE;
  const read = await verifyRecord(crypto, earlierFile, {
    onEntry({ leaf }) {
      if (tree.size < earlier.size) tree = appendLeaf(crypto, tree, leaf);
    },
  });
  if (!read.ok) {
    const detail = `${read.reason}: ${read.detail ?? ''}`;
    return refuse('bad-record', { at: read.at ?? 0, detail });
  }
  if (read.value.room !== earlier.room)
    return refuse('other-room', { detail: 'the earlier file is of another room' });
  if (tree.size < earlier.size)
    return refuse('ends-before', { at: tree.size, detail: `it has ${tree.size} entries` });
  if (digestKey(treeRoot(crypto, tree)) !== earlier.root)
    return refuse('other-history', { at: earlier.size, detail: 'its root there is another one' });
  return accept(read.value);
}
