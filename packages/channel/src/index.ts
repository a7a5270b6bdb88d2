export {
  assembleIdentity,
  certifiedAnew,
  certifyDevice,
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  generateDeviceKeys,
  type DeviceKeys,
  type Identity,
  type IdentityReason,
} from './identity.ts';
export {
  boxKeys,
  encodeInvitation,
  isExpired,
  makeInvitation,
  readInvitation,
  type BoxKeys,
  type Invitation,
  type InvitationReason,
} from './invitation.ts';
export {
  acceptWelcome,
  entryTicketCodec,
  decodeJoining,
  encodeJoining,
  readJoinRequest,
  requestJoin,
  sealWelcome,
  type Joining,
  type JoinRequest,
  type RequestReason,
  type Welcome,
} from './admission.ts';
export {
  CALL_MAX_BYTES,
  doorstepKeys,
  openCall,
  sealCall,
  type Call,
  type CallReason,
  type DoorstepKeys,
} from './doorstep.ts';
export {
  FELLOW_ROOMS_MAX,
  channelInvitationText,
  fellowInvitationText,
  fellowCertificate,
  fellowTermsCodec,
  openFellowAnswer,
  openFellowTerms,
  readFellowRequest,
  requestFellowship,
  sealFellowAnswer,
  sealFellowTerms,
  type FellowAnswer,
  type FellowReason,
  type FellowRequest,
  type FellowTerms,
} from './fellow.ts';
export {
  beginBranch,
  isOpen,
  leaveBody,
  owedBody,
  present,
  sayInBranch,
  wipeBranch,
  type Branch,
  type BranchOutcome,
  type BranchRefusal,
} from './branch.ts';
export { reviewBranch, takeBranch } from './branch-take.ts';
export { type Seat } from './branch-seats.ts';
export {
  BRANCH_LINE_MAX_BYTES,
  branchDoorOf,
  type BranchBody,
  type BranchDoor,
} from './branch-wire.ts';
export { joinRoom, type EntryOutcome, type JoinReason } from './join.ts';
export {
  ceremonyBetween,
  checkpointOf,
  decodeRoom,
  emptyHead,
  encodeRoom,
  foundRoom,
  nextHead,
  overdueRemovals,
  ownParty,
  type Founding,
  type Frozen,
  type Pending,
  type Room,
} from './room.ts';
export { decodeAct, encodeAct, type Act } from './act.ts';
export { author, authorCover, type Authored, type AuthorReason } from './author.ts';
export { receive, type Delivered, type Received } from './receive.ts';
export { dueActs, renewalDue, unsentAct, type Due } from './due.ts';
export type { Comparison, History } from './fork.ts';
export type { Outcome, RefusedReason } from './outcome.ts';
export type { Ceremony } from './ceremony.ts';
export {
  openStatement,
  sealStatement,
  type EpochComparison,
  type StatementRead,
  type StatementReason,
} from './statement.ts';
export {
  authorityWords,
  checkInPersonCode,
  inPersonCode,
  saysTheRightWords,
  type CodeReason,
} from './verification.ts';
export { indexOfWord, WORD_LANGUAGES, wordsFor, type WordLanguage } from './words.ts';
export { ENVELOPE_MAX_BYTES, type Padding } from './envelope.ts';
export { type Change } from './commit.ts';
export { epochAuthenticator, epochOf, members, type Group, type Leaf } from './mls-state.ts';
export { ciphersuite, HOUSE_SUITE, type SuiteId } from './suite.ts';
export {
  CALM,
  applyPosture,
  lineCheckStatus,
  partyLevel,
  roomPosture,
  type LineCheck,
  type LineCheckStatus,
  type PostureAct,
  type PostureState,
} from './posture.ts';
export { adviceText, makeAdvice, type Advice, type AdviceReason } from './posture-advice.ts';
export {
  POSTURE_LEVELS,
  POSTURE_TABLE,
  postureRows,
  type PostureLevel,
  type PostureRules,
} from './posture-table.ts';
