// The judge: replays a room's entries in order and says for each whether an honest room could have it here.
//
// The relay's compare-and-append lets an author add an entry only after it has seen all before. So an honest entry at
// index i has seen exactly i entries, with our root. Anything else is evidence, not noise.

import { accept, sameBytes, type Crypto, type Refused, type Verdict } from '@parley/kernel';
import type { LeafHash } from './digests.ts';
import { founder, takeEffect } from './effects.ts';
import {
  bodyHash,
  entryLeaf,
  entrySignatureHolds,
  readHeader,
  type EntryHeader,
  type RecordEntry,
} from './entry.ts';
import { isFoundingKind } from './founding.ts';
import { withDevice } from './governance.ts';
import { no, type Judgement, type JudgeReason } from './judgement.ts';
import { decodeBody, isStructuralKind, type Body, type UnknownBody } from './kinds.ts';
import { deviceOf, type Device, type Transcript } from './transcript.ts';
import { appendLeaf, treeRoot } from './tree.ts';

export type Judged = {
  readonly transcript: Transcript;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly header: EntryHeader;
  readonly author: Device;
  /** Null where the body is withheld. */
  readonly body: Body | UnknownBody | null;
};

/** The entry's body, if it is the one the header hashes and of the shape its kind asks for. */
function openBody(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  entry: RecordEntry,
): Judgement<Body | UnknownBody | null> {
  if (entry.opened === null) {
    return isStructuralKind(header.kind)
      ? no(transcript, 'body-withheld', `an entry of kind ${header.kind} cannot be withheld`)
      : accept(null);
  }
  if (!sameBytes(bodyHash(crypto, entry.opened), header.body)) {
    return no(transcript, 'wrong-body', 'the body is not the one its author signed');
  }
  const body = decodeBody(header.kind, entry.opened.body);
  if (body.ok) return body;
  return no(transcript, 'malformed-body', `the body of kind ${header.kind} is ${body.reason}`);
}

function checkSeen(
  transcript: Transcript,
  { seen }: EntryHeader,
): Refused<JudgeReason> | undefined {
  const index = transcript.tree.size;
  if (seen.size < index) {
    return no(transcript, 'stale-seen', `its author had seen ${seen.size} entries, not ${index}`);
  }
  if (seen.size > index) {
    return no(transcript, 'seen-ahead', `its author had seen ${seen.size} entries, not ${index}`);
  }
  if (!sameBytes(seen.root, transcript.root)) {
    return no(transcript, 'false-seen', `its author signed another history of ${index} entries`);
  }
  return undefined;
}

/** The state with the author known: for the first entry that is the founder its own body brings. */
function whoSpeaks(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  entry: RecordEntry,
): Judgement<{ transcript: Transcript; author: Device }> {
  if (transcript.devices.size === 0) {
    if (!isFoundingKind(header.kind)) {
      return no(transcript, 'not-founded', 'the first entry does not found the room');
    }
    const body = openBody(crypto, transcript, header, entry);
    return body.ok ? founder(crypto, transcript, header, body.value) : body;
  }
  const author = deviceOf(transcript, header.author);
  if (author === undefined) {
    return no(transcript, 'unknown-device', 'its author was never admitted');
  }
  const { removed, suspended } = author;
  if (removed !== null)
    return no(transcript, 'removed-device', `its author was removed by entry ${removed.at}`);
  return suspended === null
    ? accept({ transcript, author })
    : no(transcript, 'suspended-device', `its author was suspended by entry ${suspended.at}`);
}

/**
 * Says whether `entry` may stand next in the room, and gives the room after it. The given transcript stays as it was.
 * A refusal names the entry's index in `at` and leaves the transcript good for another entry at that index.
 */
export function judge(
  crypto: Crypto,
  transcript: Transcript,
  entry: RecordEntry,
): Verdict<Judged, JudgeReason> {
  const index = transcript.tree.size;
  const read = readHeader(entry.signed);
  if (!read.ok) return no(transcript, 'malformed-entry', `the header is ${read.reason}`);
  const header = read.value;
  if (!sameBytes(header.room, transcript.room)) {
    return no(transcript, 'wrong-room', 'it was signed for another room');
  }
  const speaker = whoSpeaks(crypto, transcript, header, entry);
  if (!speaker.ok) return speaker;
  const { author } = speaker.value;
  if (!entrySignatureHolds(crypto, entry.signed, author.certificate.signer)) {
    return no(transcript, 'bad-signature', 'its author did not sign it');
  }
  const unseen = checkSeen(transcript, header);
  if (unseen !== undefined) return unseen;
  if (header.authorSeq !== author.entries || !sameBytes(header.authorPrev, author.lastLeaf)) {
    return no(transcript, 'broken-author-chain', "it does not follow its author's last entry");
  }
  const body = openBody(crypto, transcript, header, entry);
  if (!body.ok) return body;
  const effect = takeEffect(crypto, speaker.value.transcript, author, body.value);
  if (!effect.ok) return effect;

  const leaf = entryLeaf(crypto, entry.signed);
  const tree = appendLeaf(crypto, transcript.tree, leaf);
  // A device may remove itself: take it as the effect left it.
  const spoken: Device = {
    ...(deviceOf(effect.value, author.id) ?? author),
    entries: author.entries + 1,
    lastLeaf: leaf,
    acknowledged: index,
    firstMs: author.firstMs ?? header.timeMs,
    lastMs: header.timeMs,
  };
  const after = { ...withDevice(effect.value, spoken), tree, root: treeRoot(crypto, tree) };
  return accept({ transcript: after, index, leaf, header, author: spoken, body: body.value });
}
