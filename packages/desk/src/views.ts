// What the apps show: plain values without keys, made from a room, its ledger and what the desk did with documents.

import { toHex } from '@parley/kernel';
import {
  decodeBody,
  deviceOf,
  entryLeaf,
  readHeader,
  type Body,
  type Device,
  type EntryHeader,
  type PartyPolicy,
  type Role,
  type Transcript,
  type UnknownBody,
} from '@parley/record';
import type { Crypto, Said } from '@parley/kernel';
import { entryInEnglish, type EntryCode } from './entry-sentences.ts';
import { safeName } from './file-name.ts';
import type { LedgerLine } from './ledger.ts';

/**
 * How far something of ours has come. Nothing is claimed that was not proven: `at-relay` is the relay's signed receipt,
 * `on-device` and `opened` are the other side's signed word.
 */
export type DeliveryState = 'queued' | 'at-relay' | 'on-device' | 'opened';

export type DocumentState = 'mine' | 'not-fetched' | 'ready' | 'refused';

export type DocumentView = {
  readonly name: string;
  /** The name that the safe copy gets: no path, no hidden character, the true kind. */
  readonly safeName: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: DocumentState;
  readonly reason?: string;
};

export type EntryView = {
  /** The number in the record, from 0; null while it is queued here. */
  readonly entry: number | null;
  /** The author's claim. */
  readonly timeMs: number;
  /** Minutes that the author's clock is east of UTC, by the author's claim; null where none is stated. */
  readonly zone: number | null;
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly kind: string;
  readonly mine: boolean;
  /** Whether our party has verified the author's. */
  readonly verified: boolean;
  readonly fresh: boolean;
  /** Whether it names this desk's member, as in "@Ana". */
  readonly mentions: boolean;
  /** For our own entries. */
  readonly state: DeliveryState | null;
  /** One sentence, or the message itself. It holds the others' words as they wrote them: show it isolated. */
  readonly summary: string;
  /** The same as data; null for a message, which is its author's. */
  readonly said: Said<EntryCode> | null;
  readonly text?: string;
  readonly document?: DocumentView;
  /** What is wrong with it beside other entries, as a sentence and as data. */
  readonly warning?: string;
  readonly doubt?: Said<EntryCode>;
  readonly leaf: string | null;
};

export type DeviceView = {
  readonly id: string;
  readonly member: string;
  readonly label: string;
  readonly role: Role;
  readonly removed: boolean;
  readonly suspended: boolean;
  /** Its last signed entry says that it had seen the entries before this number. */
  readonly acknowledged: number;
  readonly lastMs: number | null;
};

export type PartyView = {
  readonly name: string;
  readonly fingerprint: string;
  readonly mine: boolean;
  readonly verified: boolean;
  /** It changed its authority and our party has not verified it since: nothing is sent until then. */
  readonly awaitsVerification: boolean;
  readonly policy: PartyPolicy;
  readonly devices: readonly DeviceView[];
};

/** Whether `own` said that it compared words or fingerprints with `other`, and nothing to the contrary since. */
export function isVerifiedBy(transcript: Transcript, own: Uint8Array, other: Uint8Array): boolean {
  if (toHex(own) === toHex(other)) return true;
  for (const party of transcript.parties.values()) {
    if (toHex(party.fingerprint) !== toHex(other)) continue;
    const word = party.verifications.findLast((said) => toHex(said.by) === toHex(own));
    return word !== undefined && word.how !== 'mismatch';
  }
  return false;
}

export function partyViews(transcript: Transcript, own: Uint8Array): PartyView[] {
  return [...transcript.parties.values()].map((party) => ({
    name: party.name,
    fingerprint: toHex(party.fingerprint),
    mine: toHex(party.fingerprint) === toHex(own),
    verified: isVerifiedBy(transcript, own, party.fingerprint),
    awaitsVerification:
      party.formerly.length > 0 && !isVerifiedBy(transcript, own, party.fingerprint),
    policy: party.policy,
    devices: [...transcript.devices.values()]
      .filter((device) => toHex(device.party) === toHex(party.fingerprint))
      .map((device) => ({
        id: toHex(device.id),
        member: device.member,
        label: device.certificate.label,
        role: device.certificate.role,
        removed: device.removed !== null,
        suspended: device.suspended !== null,
        acknowledged: device.acknowledged,
        lastMs: device.lastMs,
      })),
  }));
}

/** A body in one sentence: the message itself, or the sentence of its kind in English. */
export function summaryOf(body: Body | UnknownBody | null, said: Said<EntryCode> | null): string {
  if (said !== null) return entryInEnglish(said);
  return body?.kind === 'text' ? body.text : '';
}

export type ReadLine = {
  readonly header: EntryHeader;
  readonly body: Body | UnknownBody | null;
  readonly author: Device | undefined;
  readonly leaf: string;
};

/** Reads a line of the ledger again. It was judged when it came in, so what cannot be read is damage, not an attack. */
export function readLine(
  crypto: Crypto,
  transcript: Transcript,
  line: LedgerLine,
): ReadLine | undefined {
  const header = readHeader(line.entry.signed);
  if (!header.ok) return undefined;
  const { opened } = line.entry;
  const body = opened === null ? undefined : decodeBody(header.value.kind, opened.body);
  if (body !== undefined && !body.ok) return undefined;
  return {
    header: header.value,
    body: body?.value ?? null,
    author: deviceOf(transcript, header.value.author),
    leaf: toHex(entryLeaf(crypto, line.entry.signed)),
  };
}

export type DocumentFacts = {
  readonly state: DocumentState;
  readonly reason?: string;
  readonly extension: string;
};

export function documentView(
  body: Extract<Body, { kind: 'document' }>,
  facts: DocumentFacts,
): DocumentView {
  return {
    name: body.name,
    safeName: safeName(body.name, facts.extension),
    size: body.size,
    sha256: toHex(body.sha256),
    state: facts.state,
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
  };
}

export type WhoAmI = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  /** Of the party's authority, in hexadecimal. */
  readonly fingerprint: string;
  readonly deviceId: string;
};

export type ViewOptions = {
  readonly passwordFile?: string | undefined;
  readonly onProgress?: (text: string) => void;
};
