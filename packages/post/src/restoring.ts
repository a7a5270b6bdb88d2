// Bringing a log back to a relay that lost it: members hand in the sealed envelopes they kept, newest first, each page
// tied by the chain of heads to a receipt that the lost relay signed. So the relay needs to know nobody, and to believe
// nobody, to know that what it is given is what was acknowledged.

import {
  accept,
  bytes,
  encode,
  list,
  struct,
  uint,
  word,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import { narrow, type CommonRefusal, type Relay } from './call.ts';
import type { Capability } from './capability.ts';
import { idInPath, type CapabilityId, type LogId } from './ids.ts';
import {
  ENVELOPE_MAX_BYTES,
  GRANTS_MAX,
  LOG_MAX_ENTRIES,
  PAGE_MAX_ENVELOPES,
  RESTORE_PAGE_MAX_BYTES,
  RESTORE_RECEIPTS_MAX,
} from './limits.ts';
import { receiptCodec, type Receipt } from './receipt.ts';
import { CONTENT_TYPE } from './wire.ts';

const capabilityIdCodec = bytes({ exactly: 16 });

/** What a member hands in. The first receipt is the newest one of who asks; a page of envelopes may come without any. */
export const restoreRequestCodec = struct({
  /** By which the member wants to be known again. */
  capability: struct({ id: capabilityIdCodec, key: bytes({ exactly: 32 }) }),
  /** Names of the capabilities that may use the log, as this member knows them. */
  roster: list(capabilityIdCodec, GRANTS_MAX),
  receipts: list(receiptCodec, RESTORE_RECEIPTS_MAX),
  /** The head before the first envelope here, and the number of the last. */
  before: bytes({ exactly: 32 }),
  last: uint(LOG_MAX_ENTRIES),
  envelopes: list(bytes({ max: ENVELOPE_MAX_BYTES }), PAGE_MAX_ENVELOPES),
});
export type RestoreRequest = Decoded<typeof restoreRequestCodec>;

/** 'collecting': members are still being heard. 'open': the log is in use, and the capability counts again. */
export const restoreStateCodec = struct({
  phase: word(['collecting', 'open']),
  /** The newest number that a genuine receipt proves to have existed. */
  proven: uint(LOG_MAX_ENTRIES),
  /** The newest envelope below it that nobody has brought yet; 0 if all are there. */
  missing: uint(LOG_MAX_ENTRIES),
});
export type RestoreState = Decoded<typeof restoreStateCodec>;

/** What a member kept of a log. */
export interface LogArchive {
  /** Newest first. */
  receipts(): Iterable<Receipt>;
  /** Envelopes without gaps that end at number `last`, with the head before the first; undefined where it is not held. */
  endingAt(
    last: number,
    limits: { maxEnvelopes: number; maxBytes: number },
  ): { before: Uint8Array; envelopes: readonly Uint8Array[] } | undefined;
}

const NO_HEAD = new Uint8Array(32);

/**
 * Hands in what the relay lacks of one log, and all receipts. Run again it sends only what is still missing. Refused:
 * 'no-such-log' (this relay neither has it nor is being restored), 'forbidden' (no receipt that it believes, or no right to
 * come back), 'conflict' (it has another history than our newest receipt), 'incomplete' (it has less than that receipt).
 */
export async function bringBack(
  client: Relay,
  log: LogId,
  mine: {
    capability: Capability;
    roster: readonly CapabilityId[];
    archive: LogArchive;
    onProgress?: (state: RestoreState) => void;
  },
): Promise<Verdict<RestoreState, 'conflict' | 'incomplete' | CommonRefusal>> {
  const hand = async (
    what: Pick<RestoreRequest, 'receipts'> & Partial<RestoreRequest>,
  ): Promise<Verdict<RestoreState, 'conflict' | 'incomplete' | CommonRefusal>> => {
    const { capability, roster } = mine;
    const request = { capability, roster: [...roster], before: NO_HEAD, last: 0, envelopes: [] };
    const answered = await client.anonymously({
      method: 'POST',
      target: `/v1/logs/${idInPath(log)}/restore`,
      answer: restoreStateCodec,
      answerMaxBytes: 256,
      body: [encode(restoreRequestCodec, { ...request, ...what })],
      bodyType: CONTENT_TYPE,
    });
    if (!answered.ok) return narrow(answered, ['conflict', 'incomplete']);
    mine.onProgress?.(answered.value);
    return accept(answered.value);
  };
  const receipts = mine.archive.receipts()[Symbol.iterator]();
  const batch = (): Receipt[] => {
    const some: Receipt[] = [];
    while (some.length < RESTORE_RECEIPTS_MAX) {
      const next = receipts.next();
      if (next.done === true) break;
      some.push(next.value);
    }
    return some;
  };
  let state = await hand({ receipts: batch() });
  while (state.ok && state.value.phase === 'collecting' && state.value.missing > 0) {
    const last = state.value.missing;
    const page = mine.archive.endingAt(last, {
      maxEnvelopes: PAGE_MAX_ENVELOPES,
      maxBytes: RESTORE_PAGE_MAX_BYTES,
    });
    if (page === undefined || page.envelopes.length === 0) break;
    const { before, envelopes } = page;
    state = await hand({ receipts: [], before, last, envelopes: [...envelopes] });
    // A relay that asks for the same page again would keep us here for ever.
    if (state.ok && state.value.missing >= last) break;
  }
  while (state.ok && state.value.phase === 'collecting') {
    const some = batch();
    if (some.length === 0) break;
    state = await hand({ receipts: some });
  }
  return state;
}
