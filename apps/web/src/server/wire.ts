// What the page and the client say to each other, as plain types: the page imports nothing else of ours. The server's
// answers are checked against them, so a change of the desk that the page must follow does not compile.

import type { OffRecordAnswer } from './wire-off-record.ts';
import type { OutlookAnswer } from './wire-outlook.ts';
import type { SaidWire } from './wire-said.ts';

/** An alarm: as data where this version knows it, and in English with what the machine saw. */
export type AlarmView = {
  readonly said: SaidWire<'alarm'> | null;
  readonly text: string;
  /** What a party did within the rules, and that people must know: no evidence of tampering. */
  readonly ofParty: boolean;
};

export type Refusal = {
  readonly nature: 'wrong-use' | 'policy' | 'waiting' | 'tampering' | 'fault' | 'bug';
  readonly code: string;
  readonly message: string;
  readonly next: string | null;
};

/** Whether the vault has still to be made, to be unlocked, or is open. */
export type DoorState = 'new' | 'locked' | 'open';

/** A new device's request to its own party. The officer must see the same id. */
export type AskedIn = {
  readonly party: string;
  readonly member: string;
  readonly deviceId: string;
};

/** How the last exchange with a channel's relay went. */
export type LineState = {
  readonly relay: 'up' | 'down' | 'unknown';
  /** When it last answered, and how long that exchange took. */
  readonly lastMs: number | null;
  readonly tookMs: number | null;
  /** Since when it is down, by this machine's clock. */
  readonly sinceMs: number | null;
  /** What was wrong with the channel itself at the last exchange; it is tried again. */
  readonly trouble: Refusal | null;
};

export type DeviceView = {
  readonly id: string;
  readonly member: string;
  readonly label: string;
  readonly removed: boolean;
  readonly acknowledged: number;
};

export type PartyView = {
  readonly name: string;
  readonly fingerprint: string;
  readonly mine: boolean;
  readonly verified: boolean;
  readonly devices: readonly DeviceView[];
};

export type ChannelCard = {
  readonly name: string;
  /** The channel that the room belongs to: the name itself for a plenary. */
  readonly channel: string;
  /** Null until this desk was let in. */
  readonly room: 'plenary' | 'caucus' | 'bilateral' | null;
  /** What has still to be done here, as sentences. */
  readonly overdue: readonly string[];
  readonly stage: 'asking' | 'open' | 'removed';
  readonly frozen: string | null;
  /** What that means, and what to do next. */
  readonly frozenWhy: AlarmView | null;
  readonly parties: readonly PartyView[];
  readonly size: number;
  readonly root: string;
  /** Messages and documents of others that were not shown yet. */
  readonly fresh: number;
  /** How many of those name this desk's member. */
  readonly mentions: number;
  readonly line: LineState;
};

export type DeskAnswer = {
  readonly who: { readonly party: string; readonly member: string };
  readonly channels: readonly ChannelCard[];
};

export type DocumentView = {
  readonly name: string;
  readonly size: number;
  readonly state: 'mine' | 'not-fetched' | 'ready' | 'refused';
  readonly reason?: string;
};

export type EntryView = {
  readonly entry: number | null;
  readonly timeMs: number;
  /** Minutes that the author's clock is east of UTC; null where none is stated. */
  readonly zone: number | null;
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly kind: string;
  readonly mine: boolean;
  readonly verified: boolean;
  readonly fresh: boolean;
  /** It names this desk's member. */
  readonly mentions: boolean;
  readonly state: 'queued' | 'at-relay' | 'on-device' | 'opened' | null;
  readonly summary: string;
  readonly said: SaidWire<'entry'> | null;
  /** What is wrong with it beside other entries, in English and as data. */
  readonly warning?: string;
  readonly doubt?: SaidWire<'entry'>;
  readonly text?: string;
  readonly document?: DocumentView;
  readonly leaf: string | null;
};

/** Entries of a room from one number on. */
export type RoomAnswer = {
  readonly from: number;
  readonly size: number;
  readonly root: string;
  readonly entries: readonly EntryView[];
  readonly alarms: readonly AlarmView[];
};

/** What this desk keeps in sight of a room. */
export type PinsAnswer = { readonly entries: readonly EntryView[] };

/** An original that was asked for, in a room of our own party. The file itself never comes to the page. */
export type OriginalView = {
  readonly room: string;
  readonly request: number;
  /** Null where this desk does not have the document that is meant. */
  readonly document: {
    readonly channel: string;
    readonly entry: number;
    readonly name: string;
    readonly size: number;
    readonly sha256: string;
  } | null;
  readonly reason: string;
  readonly by: string;
  readonly askedMs: number;
  readonly mine: boolean;
  readonly approvedBy: string | null;
  readonly state: 'asked' | 'approved' | 'expired' | 'written';
};
export type OriginalsAnswer = { readonly requests: readonly OriginalView[] };

/** Where an original was written. */
export type WrittenAnswer = { readonly path: string; readonly sha256: string };

/** What was found in a room, the newest first. */
export type SearchAnswer = {
  readonly entries: readonly EntryView[];
  /** Entries with this number and higher were looked through; the search goes on before it. Null at the beginning. */
  readonly before: number | null;
  /** Safe copies that have words nobody has read yet: they are searched the next time. */
  readonly unread: number;
  readonly root: string;
};

export type CeremonyAnswer = {
  readonly about: { readonly party: string };
  readonly verified: boolean;
  readonly words?: readonly string[];
  readonly numbers?: readonly number[];
};

type Between = {
  readonly about: { readonly party: string; readonly fingerprint: string };
  readonly verified: boolean;
};

/** The code that this desk shows where people meet. */
export type MeetingAnswer = Between & { readonly code: string };

/** The words of our own authority, for a letter. */
export type WritingAnswer = Between & {
  readonly words: readonly string[];
  readonly numbers: readonly number[];
};

export type OwnPartyAnswer = {
  readonly holdsAuthority: boolean;
  readonly members: readonly {
    readonly member: string;
    readonly devices: readonly {
      readonly id: string;
      readonly label: string;
      readonly role: 'officer' | 'member';
      readonly suspended: boolean;
      readonly here: boolean;
    }[];
  }[];
  readonly asking: readonly {
    readonly id: string;
    readonly member: string;
    readonly device: string;
    readonly role: 'officer' | 'member';
  }[];
  /** Admissions that another officer proposed. */
  readonly proposals: readonly {
    readonly id: string;
    /** What the desk that is to be let in shows: its device's in our party, its authority's in another. */
    readonly fingerprint: string;
    readonly member: string;
    readonly device: string;
    readonly by: string;
    readonly mine: boolean;
  }[];
  /** Fellow officers who ask for this desk's share of the authority. */
  readonly sharesAsked: readonly {
    readonly member: string;
    readonly deviceId: string;
    readonly reason: string;
  }[];
};

export type ComeBackAnswer = { readonly deviceId: string };

/** Who got a share of the authority. */
export type SharedAnswer = { readonly officers: readonly string[] };

/** Whether the shares that are here restored the authority; `wrong` names whose share was another than the one handed out. */
export type RecoveryAnswer = {
  readonly given: number;
  readonly needed: number;
  readonly recovered: boolean;
  readonly wrong: readonly string[];
};

/** All that forwarding an entry would disclose, and to whom. */
export type DisclosureAnswer = {
  readonly kind: 'text' | 'document';
  readonly text?: string;
  readonly document?: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly audience: { readonly audience: readonly string[] };
  readonly newReaders: readonly string[];
};

export type RequestAnswer = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly fingerprint: string;
};

export type InvitationAnswer = { readonly invitation: string; readonly expiresMs: number };

export type Level = 'calm' | 'elevated' | 'severe';

export type Rules = {
  readonly disarmMode: 'structure' | 'pixel';
  readonly releaseApprovals: number;
  readonly deviceAdmission: 'one-officer' | 'two-officers' | 'frozen';
  readonly keyUpdateHours: number;
  readonly directoryAdditions: 'one-officer' | 'two-officers' | 'frozen';
  readonly receiptsRequired: boolean;
  readonly padding: 'padme' | 'buckets';
  readonly coverTrafficMinutes: number | null;
  readonly courierBundleHours: number | null;
  readonly lineCheckHours: number;
  readonly lineCheckAnswerMinutes: number;
  readonly lowerWaitHours: number;
};

export type PostureAnswer = {
  readonly level: Level;
  readonly parties: readonly {
    readonly party: string;
    readonly mine: boolean;
    readonly level: Level;
    readonly lowering: {
      readonly to: Level;
      readonly proposedBy: string;
      readonly fromMs: number | null;
    } | null;
  }[];
  readonly line: {
    readonly status: 'never' | 'answered' | 'waiting' | 'failed' | 'due';
    readonly lastCheckMs: number | null;
  };
  readonly table: Readonly<Record<Level, Rules>>;
};

/** One kind of thing that was found in an original, how often, on which pages, and what it said. */
export type Finding = {
  readonly kind: string;
  readonly count: number;
  readonly pages: readonly number[];
  /** What the document says. */
  readonly texts: readonly string[];
  /** What we say about it. */
  readonly details: readonly { readonly said: SaidWire<'detail'>; readonly text: string }[];
};

export type Remark = {
  readonly what: 'comment' | 'inserted' | 'deleted' | 'moved' | 'reply';
  readonly author: string;
  /** Empty where the words stand in the text itself. */
  readonly text: string;
  /** The part of a sheet that it is of. */
  readonly of?: 'cell' | 'row' | 'column' | 'table';
  readonly page: number | null;
};

export type Found = {
  readonly removed: readonly Finding[];
  readonly hidden: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly links: readonly { readonly target: string; readonly page: number | null }[];
  readonly notes: readonly { readonly said: SaidWire<'note'>; readonly text: string }[];
  readonly parts: readonly {
    readonly name: string;
    readonly outcome: 'rebuilt' | 'refused';
    readonly reason: string | null;
  }[];
  /** How many pages could be kept as pictures only. */
  readonly pictured: number;
};

export type DocumentAnswer = {
  readonly entry: number;
  readonly name: string;
  readonly safeName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly original: string;
  readonly safe: string;
  readonly policy: string;
  readonly engine: string;
  readonly found: Found;
};

/** Something that a registrar would not want to find out late. */
export type Waiting = {
  readonly channel: string;
  readonly gravity: 'now' | 'soon' | 'know';
  readonly what:
    | 'frozen'
    | 'alarm'
    | 'relay-down'
    | 'trouble'
    | 'asking'
    | 'unverified'
    | 'line-failed'
    | 'line-due'
    | 'queued'
    | 'unread'
    | 'mention'
    | 'original-asked'
    | 'original-approved'
    | 'not-on-device'
    | 'not-opened'
    | 'refused'
    | 'unconfirmed';
  /** A party's or a member's name, or a code of trouble. */
  readonly who: string | null;
  readonly entry: number | null;
  readonly count: number;
  readonly sinceMs: number | null;
};

export type WaitingAnswer = {
  readonly waiting: readonly Waiting[];
  readonly lines: readonly (LineState & { readonly channel: string })[];
};

/** What each reading act answers. */
export type Readings = {
  readonly desk: DeskAnswer;
  readonly room: RoomAnswer;
  readonly draft: { readonly text: string };
  readonly pins: PinsAnswer;
  readonly originals: OriginalsAnswer;
  readonly search: SearchAnswer;
  readonly posture: PostureAnswer;
  readonly 'off-record': OffRecordAnswer;
  readonly waiting: WaitingAnswer;
  readonly outlook: OutlookAnswer;
};

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Pushed over the WebSocket. `changed` names no content: the page asks for what it shows. */
export type News =
  | { readonly kind: 'changed'; readonly channel: string | null }
  /** Long work in a channel, or on the files of a mail (channel ''). */
  | { readonly kind: 'progress'; readonly channel: string; readonly text: string };
