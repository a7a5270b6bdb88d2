// A document in; a safe copy and a report out.

export { disarm, type Disarmed, type DisarmOptions } from './disarm.ts';
export { DISARM_REASONS, type DisarmReason } from './cage/job.ts';
export { hasBubblewrap } from './cage/confine.ts';
export { familiesOf, WarmOffice } from './cage/warm.ts';
export { detect, isOffice, type Detected, type Kind } from './kind.ts';
export { quarantine, type Original } from './original.ts';
export { defaultPolicy, policyLine, type CagePolicy, type Mode, type Policy } from './policy.ts';
export {
  describeReport,
  HIDDEN_KINDS,
  OF_SHEET,
  REMOVED_KINDS,
  type CageReport,
  type Finding,
  type HiddenKind,
  type Link,
  type PageReport,
  type PartReport,
  type Remark,
  type RemovedKind,
  type Report,
} from './report.ts';
export { explainRefusal, type RefusalWords } from './refusals.ts';
export { DETAIL_SENTENCES, detailText, type Detail, type DetailCode } from './details.ts';
export { NOTE_SENTENCES, noteText, type Note, type NoteCode } from './notes.ts';
export { reportPage } from './report-page.ts';
export {
  REPORT_PAGE_SENTENCES,
  type ReportPageCode,
  type ReportPageWords,
} from './report-page-words.ts';
export type { SafeCopy } from './safe-copy.ts';
