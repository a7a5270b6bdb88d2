// What the history holds: dated events and incidents, each saying how it is known and how precisely it is dated.

import type { CountryCode } from '../country.ts';
import type { Span } from '../calendar.ts';
import type { AdmiraltyCode, Tlp } from '../marking.ts';

export const EVENT_CLASSES = [
  'provocation',
  'test',
  'exercise',
  'sanction',
  'summit',
  'cancellation',
  'election',
  'holiday',
  'indictment',
  'strike',
  'agreement',
  'statement',
] as const;
export type EventClass = (typeof EVENT_CLASSES)[number];

export const INCIDENT_KINDS = [
  'disruption',
  'destruction',
  'defacement',
  'ransom',
  'doxing',
  'espionage',
  'theft',
  'hijacking',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** Four groups that the kind profile is forecast for; one incident has one group, the first that fits. */
export const KIND_GROUPS = ['disruption', 'doxing', 'espionage', 'misuse'] as const;
export type KindGroup = (typeof KIND_GROUPS)[number];

export type Sponsor = 'state' | 'non-state' | 'unknown';

export type Initiator = {
  /** A name of a group or service as the source has it, or null where only a country is named. */
  readonly actor: string | null;
  readonly country: CountryCode | null;
  readonly sponsor: Sponsor;
  /** Who says so: "attacker confirms", "government of the victim", "security company", ... */
  readonly basis: string | null;
  /** 0 to 100 as the source states it; never a probability of ours. */
  readonly confidence: number | null;
  /** When the attribution was published. */
  readonly attributed: Span | null;
  /** True where a serious source disagrees; the claim is kept and shown as disputed. */
  readonly disputed: boolean;
};

export type Receiver = { readonly country: CountryCode | null; readonly sector: string | null };

export type Source = {
  readonly title: string;
  /** A URL, or null for a stored text or a book. */
  readonly url: string | null;
  /** Characters of a stored text (UTF-16 offsets), where the record was read from one. */
  readonly span: { readonly text: string; readonly start: number; readonly end: number } | null;
  readonly admiralty: AdmiraltyCode | null;
};

export type Provenance = {
  /** Data set and version: "EuRepoC Global Database", "CFR Cyber Operations Tracker", "Parley". */
  readonly dataset: string;
  /** The row, id or object in the data set. */
  readonly row: string;
  readonly licence: string;
};

/** A change to what a source said. The source's own value stays readable here. */
export type Correction = {
  readonly field: string;
  readonly was: string;
  readonly now: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
};

type Common = {
  readonly id: string;
  readonly title: string;
  /** When it happened. Null where the source dates only the disclosure. */
  readonly occurred: Span | null;
  /** When it ended, where the source says so believably. `occurred` is always the onset. */
  readonly ended: Span | null;
  /** When it became public. */
  readonly disclosed: Span | null;
  /** 1 (slight) to 5 (grave), as the source grades it or as we did; null where nobody did. */
  readonly severity: number | null;
  readonly sources: readonly Source[];
  readonly provenance: Provenance;
  readonly corrections: readonly Correction[];
  readonly tlp: Tlp;
  /** What a reader must know before using it: a placeholder date, a false flag, a missing end. */
  readonly remarks: readonly string[];
};

export type HistoryEvent = Common & {
  readonly type: 'event';
  readonly class: EventClass;
  readonly actors: readonly CountryCode[];
  /** Countries it was aimed at, where it was aimed at any. */
  readonly against: readonly CountryCode[];
};

export type Incident = Common & {
  readonly type: 'incident';
  readonly initiators: readonly Initiator[];
  readonly receivers: readonly Receiver[];
  readonly kinds: readonly IncidentKind[];
  /** ATT&CK technique ids. */
  readonly techniques: readonly string[];
  readonly effect: string | null;
  readonly duplicateOf: string | null;
};

export type HistoryRecord = HistoryEvent | Incident;

const GROUP_OF: Readonly<Record<IncidentKind, KindGroup>> = {
  disruption: 'disruption',
  destruction: 'disruption',
  defacement: 'disruption',
  ransom: 'disruption',
  doxing: 'doxing',
  espionage: 'espionage',
  theft: 'misuse',
  hijacking: 'misuse',
};

/** The main group of an incident: what hurts in public goes before what is found out later. Null without kinds. */
export function kindGroup(kinds: readonly IncidentKind[]): KindGroup | null {
  const groups = new Set(kinds.map((kind) => GROUP_OF[kind]));
  return KIND_GROUPS.find((group) => groups.has(group)) ?? null;
}

/** The countries that are named as initiators and not as "unknown", each once. */
export function initiatorCountries(incident: Incident): CountryCode[] {
  const codes = incident.initiators.flatMap(({ country }) => (country === null ? [] : [country]));
  return [...new Set(codes)];
}

export function receiverCountries(incident: Incident): CountryCode[] {
  const codes = incident.receivers.flatMap(({ country }) => (country === null ? [] : [country]));
  return [...new Set(codes)];
}
