export { questionFor } from './screen/question.ts';
export { screen, type Screening, type ScreenOptions, type VerdictWord } from './screen/screen.ts';
export {
  DETECTORS,
  type DetectorId,
  type Evidence,
  type Mark,
  type Strength,
} from './screen/evidence.ts';
export { MAIL_SENTENCES, type MailCode } from './screen/sentences.ts';
export type { Proof } from './screen/case.ts';
export { partBytes, type Part } from './message/mime.ts';
export { readMessage, MESSAGE_BYTES_MAX, type Message } from './message/message.ts';
export {
  acceptNewer,
  checkDirectory,
  decodeDirectory,
  directoryCodec,
  encodeDirectory,
  newDirectory,
  POLICY_WORDS,
  type Directory,
  type DirectoryPerson,
  type DirectoryReason,
  type PolicyWord,
} from './directory/directory.ts';
export { directoryJson, readDirectoryJson } from './directory/directory-text.ts';
export {
  ADDITION_DELAY_MS,
  describeChange,
  directoryChanges,
  effectiveDirectory,
  sameContent,
  type DirectoryChange,
  type EffectiveDirectory,
  type ReceivedDirectory,
} from './directory/directory-change.ts';
export {
  attest,
  dayKeyCodec,
  dayOf,
  daySealCodec,
  mailDigest,
  newDayKey,
  openStatement,
  sealDay,
  sealIsComplete,
  statementCodec,
  type DayKey,
  type DaySeal,
  type Statement,
} from './attestation/statement.ts';
export { openBook, type AttestationBook } from './attestation/book.ts';
export {
  attestationsJson,
  openAttestations,
  readAttestations,
  type HeldAttestations,
} from './attestation/book-text.ts';
export { matchAttestation } from './attestation/match.ts';
export type { AttestationOutcome, Difference } from './attestation/outcome.ts';
export {
  decodeHistory,
  emptyHistory,
  encodeHistory,
  isCleared,
  learn,
  messageDigest,
  rule,
  rulingCounts,
  senderOf,
  startLearning,
  unrule,
  type History,
  type Ruling,
  type SenderProfile,
} from './history/history.ts';
export {
  readDnsFile,
  type DnsAnswer,
  type DnsPort,
  type DnsRecord,
  type DnsType,
  type PinnedKey,
} from './authentication/dns.ts';
export type { Authentication, Signature } from './authentication/authenticate.ts';
export type { Envelope } from './authentication/spf.ts';
export { isWarned, startReport, type PeriodReport } from './mailbox/period-report.ts';
export {
  firstLookAlike,
  knownDomains,
  type KnownDomain,
  type LookAlike,
} from './domains/look-alike.ts';
export { visible } from './unicode/visible.ts';
