// What a verified record says: who, when, what, withheld, acknowledged. Plain data, fit for JSON; digests are hexadecimal.

import type { Body, UnknownBody } from './kinds.ts';
import { digestKey, type LeafHash } from './digests.ts';
import type { EntryHeader } from './entry.ts';
import type { Role } from './identity.ts';
import {
  awaitsVerification,
  isVerifiedParty,
  type Device,
  type RoomTerms,
  type Transcript,
  type PartyPolicy,
} from './transcript.ts';

export type DeviceReport = {
  readonly id: string;
  /** Its member's name at the end of the record. */
  readonly member: string;
  readonly label: string;
  readonly role: Role;
  readonly admittedAt: number;
  readonly admittedBy: string;
  readonly removed: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly suspended: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly entries: number;
  /** It signed that it had seen all entries before this index, by an entry or a checkpoint. */
  readonly acknowledged: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
};

export type PartyReport = {
  readonly fingerprint: string;
  /** Of authorities that it has given up, oldest first. */
  readonly formerly: readonly string[];
  /** It has changed its authority and nobody has verified it since. */
  readonly awaitsVerification: boolean;
  readonly policy: PartyPolicy;
  readonly name: string;
  readonly admittedAt: number;
  readonly admittedBy: string;
  /** Whether an unbroken line of verifications leads from the founding party to it. */
  readonly verified: boolean;
  readonly verifications: readonly {
    readonly by: string;
    readonly how: string;
    readonly at: number;
  }[];
  /** No entry before this index is unknown to all of its devices. */
  readonly acknowledged: number;
  readonly devices: readonly DeviceReport[];
};

export type CosignerReport = {
  readonly device: string;
  readonly party: string;
  readonly member: string;
  readonly timeMs: number;
  /** It had been removed from the room before the entries it cosigned ended. */
  readonly afterRemoval: boolean;
};

export type CheckpointReport = {
  readonly size: number;
  readonly root: string;
  readonly cosigners: readonly CosignerReport[];
};

export type ReceiptReport = {
  readonly relay: string;
  readonly log: string;
  readonly seq: number;
  readonly head: string;
  readonly timeMs: number;
};

export type TermsReport = {
  readonly kind: RoomTerms['kind'];
  /** The fingerprints of the only parties there can be; empty in a plenary. */
  readonly parties: readonly string[];
  /** What a restarted room goes on from: `verifyRestart` checks it against that record's own file. */
  readonly earlier: {
    readonly room: string;
    readonly size: number;
    readonly root: string;
    readonly evidence: string | null;
  } | null;
};

export type RecordReport = {
  readonly room: string;
  readonly channel: string;
  readonly name: string;
  readonly relay: string;
  readonly terms: TermsReport;
  readonly size: number;
  readonly root: string;
  readonly opened: number;
  readonly withheld: number;
  /** Entries of each kind; those of kinds we do not know together as `unknown`. */
  readonly kinds: Readonly<Record<string, number>>;
  /** The device whose signature over the whole file held, if one signed it. */
  readonly exportedBy: string | null;
  readonly parties: readonly PartyReport[];
  readonly checkpoints: readonly CheckpointReport[];
  readonly receipts: readonly ReceiptReport[];
  /** Receipts of the file that are not receipts, or not signed by the relay they name. */
  readonly receiptsUnreadable: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Entries whose claimed time is earlier than the claim of the entry before them. */
  readonly timesBackwards: number;
  /** Words about safe copies that cannot both be true: the first thousand. */
  readonly copyDoubts: readonly CopyDoubtReport[];
};

/** `first` is null where the entry is about another file than its document's. `document` is its entry's leaf hash. */
export type CopyDoubtReport = {
  readonly entry: number;
  readonly first: number | null;
  readonly document: string;
};

/** One entry as a verifier hands it out, in order. `body` is null where it is withheld. */
export type ShownEntry = {
  readonly index: number;
  readonly leaf: LeafHash;
  readonly header: EntryHeader;
  readonly author: Device;
  readonly body: Body | UnknownBody | null;
};

function deviceReport(device: Device, cosigned: number): DeviceReport {
  const { removed, suspended } = device;
  return {
    id: digestKey(device.id),
    member: device.member,
    label: device.certificate.label,
    role: device.certificate.role,
    admittedAt: device.admittedAt,
    admittedBy: digestKey(device.admittedBy),
    removed: removed === null ? null : { ...removed, by: digestKey(removed.by) },
    suspended: suspended === null ? null : { ...suspended, by: digestKey(suspended.by) },
    entries: device.entries,
    acknowledged: Math.max(device.acknowledged, cosigned),
    firstMs: device.firstMs,
    lastMs: device.lastMs,
  };
}

export function termsReport({ kind, parties, earlier }: RoomTerms): TermsReport {
  return {
    kind,
    parties: parties.map(digestKey),
    earlier:
      earlier === null
        ? null
        : {
            room: digestKey(earlier.room),
            size: earlier.size,
            root: digestKey(earlier.root),
            evidence: earlier.evidence === null ? null : digestKey(earlier.evidence),
          },
  };
}

/** The parties of a room with their devices, in the order of their admission. */
export function partyReports(
  transcript: Transcript,
  checkpoints: readonly CheckpointReport[],
): PartyReport[] {
  const cosigned = new Map<string, number>();
  for (const { size, cosigners } of checkpoints) {
    for (const { device } of cosigners) {
      cosigned.set(device, Math.max(size, cosigned.get(device) ?? 0));
    }
  }
  return [...transcript.parties.values()].map((party) => {
    const fingerprint = digestKey(party.fingerprint);
    const devices = [...transcript.devices.values()]
      .filter((device) => digestKey(device.party) === fingerprint)
      .map((device) => deviceReport(device, cosigned.get(digestKey(device.id)) ?? 0));
    return {
      fingerprint,
      formerly: party.formerly.map(digestKey),
      awaitsVerification: awaitsVerification(transcript, party),
      policy: party.policy,
      name: party.name,
      admittedAt: party.admittedAt,
      admittedBy: digestKey(party.admittedBy),
      verified: isVerifiedParty(transcript, party.fingerprint),
      verifications: party.verifications.map(({ by, how, at }) => ({ by: digestKey(by), how, at })),
      acknowledged: Math.max(0, ...devices.map((device) => device.acknowledged)),
      devices,
    };
  });
}
