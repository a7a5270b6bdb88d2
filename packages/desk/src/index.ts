export type { AdmissionRequest } from './admission.ts';
export type { BringOptions, Brought } from './bringing.ts';
export { Desk } from './desk.ts';
export type { Audience, ReaderParty } from './audience.ts';
export type { Disclosure, ForwardAsked } from './forwarding.ts';
export type { RestartView } from './restart.ts';
export type { NewRoom } from './rooms.ts';
export type { RoomKind } from './room-standing.ts';
export type { ChannelView } from './membership.ts';
export type { ViewOptions, WhoAmI } from './views.ts';
export type { InboxView, LogView } from './reading.ts';
export type { Sent, SyncOptions, SyncReport, SyncedChannel } from './traffic.ts';
export type { OpenedDocument, ReportView, SafeCopyView } from './documents.ts';
export { ORIGINAL_WARNING, type OriginalRequest } from './original-release.ts';
export type { OffRecordTalk, TalkOptions } from './off-record.ts';
export {
  OFF_RECORD_PROMISE,
  type Speaker,
  type TalkEnd,
  type TalkEvent,
} from './off-record-words.ts';
export { ALARM_SENTENCES, type AlarmCode, type AlarmView } from './alarm-sentences.ts';
export { ENTRY_SENTENCES, type EntryCode } from './entry-sentences.ts';
export { examine, type Finding } from './doctor.ts';
export { DeskRefusal, type RefusalNature } from './refusal.ts';
// Apps know of the relay what the desk tells them.
export { isAway } from '@parley/post';
export { PASSPHRASE_MIN_BYTES, Vault, type VaultFault, type VaultOptions } from './vault.ts';
export type { CeremonyView } from './verification.ts';
export type { MeetingView, Verifiable, Verified, WritingView } from './verifying.ts';
export type {
  DeliveryState,
  DeviceView,
  DocumentState,
  DocumentView,
  EntryView,
  PartyView,
} from './views.ts';
export type { StatementKind } from './notices.ts';
export type { Statement } from './statements.ts';
export type { MailKnowledge } from './mail-statements.ts';
export type { MailAccount } from './mail-accounts.ts';
export type { FolderAttested } from './mail-at-desk.ts';
export { rebuildMailFiles, type MailFile } from './mail-files.ts';
export type { LoweringView, PostureView } from './posture-at-desk.ts';
export type { LineView } from './posture-record.ts';
export type { OwnPartyView, ProposalView } from './party-at-desk.ts';
export type { GovernStep } from './party-acts.ts';
export type { FellowAsking, FellowInvitation, FellowStep } from './fellows.ts';
export type { FellowshipAsked } from './fellowship.ts';
export type { AuthorityChanged } from './authority-at-desk.ts';
export type { RecoveryAsked } from './recovery-at-desk.ts';
export { adviceText, makeAdvice, type Advice, type PostureLevel } from '@parley/channel';
