// Why there is no safe copy, in words for a person: what happened, and what to do next.

import type { DisarmReason } from './cage/job.ts';
import type { Kind } from './kind.ts';

export type RefusalWords = { readonly happened: string; readonly next: string };

const WORDS: Record<DisarmReason, RefusalWords> = {
  empty: { happened: 'The document is empty.', next: 'Ask the sender to send it again.' },
  encrypted: {
    happened: 'The document is encrypted and needs its password.',
    next: 'Give the password (parley disarm --password-file F), or ask for an unencrypted copy.',
  },
  'wrong-password': {
    happened: 'The password does not open the document.',
    next: 'Ask the sender for the password again, by voice.',
  },
  broken: {
    happened: 'The document is damaged: no reader of ours can make sense of it.',
    next: 'Ask the sender to export it again, best as PDF.',
  },
  unsupported: {
    happened: 'This kind of document cannot be rebuilt.',
    next: 'Ask the sender for PDF, DOCX, XLSX, PPTX, a picture or plain text.',
  },
  'too-large': {
    happened: 'The document is larger than the policy allows.',
    next: 'Ask the sender to split it or to reduce its pictures.',
  },
  'too-many-pages': {
    happened: 'The document has more pages than the policy allows.',
    next: 'Ask the sender for the part that matters.',
  },
  'page-too-large': {
    happened: 'A page is larger than the policy allows.',
    next: 'Ask the sender to export it at an ordinary paper size.',
  },
  'too-many-pixels': {
    happened: 'A picture has more pixels than the policy allows.',
    next: 'Ask the sender for a smaller version.',
  },
  'too-many-parts': {
    happened: 'It holds more files than the policy allows.',
    next: 'Ask the sender to send the files one by one.',
  },
  'too-deep': {
    happened: 'Archives or mails stand inside one another deeper than the policy allows.',
    next: 'Ask the sender to send the inner files themselves.',
  },
  'not-reached': {
    happened: 'The mail or archive had used up its time, bytes or files before this part.',
    next: 'Ask the sender to send this file by itself.',
  },
  'compression-bomb': {
    happened: 'It unpacks to far more than its size: a compression bomb.',
    next: 'Do not open the original. Tell your security officer.',
  },
  'output-too-large': {
    happened: 'The safe copy would be larger than the policy allows.',
    next: 'Ask the sender to split the document.',
  },
  timeout: {
    happened: 'Rebuilding took longer than the policy allows and was stopped.',
    next: 'Ask the sender for a simpler export. A document that keeps readers busy can be an attack.',
  },
  memory: {
    happened: 'Rebuilding needed more memory than the policy allows and was stopped.',
    next: 'Ask the sender for a simpler export. A document that fills memory can be an attack.',
  },
  'cage-missing': {
    happened: 'The policy wants bubblewrap, and it is not usable on this machine.',
    next: 'Install it (apt install bubblewrap) and run parley doctor.',
  },
  'cage-broken': {
    happened:
      'The confined reader ended or answered in a way it must not, so its work was thrown away.',
    next: 'Do not open the original. Tell your security officer: this can be an attack on the reader.',
  },
  cancelled: { happened: 'The work was cancelled.', next: 'Start it again when you want.' },
};

/** Words for a reason; they hold nothing from the document. */
export function explainRefusal(reason: DisarmReason): RefusalWords {
  return WORDS[reason];
}

const ADVICE: Partial<Record<Kind, string>> = {
  heic: 'This is an HEIC photograph. Ask for JPEG: an iPhone sends it when Settings > Camera > Formats is "Most compatible", or when the photograph is exported.',
  avif: 'This is an AVIF picture. Ask for PNG or JPEG: any browser or picture program saves it as one.',
  hwp97:
    'This is a document of Hangul 97 or older. Ask for it as HWPX or PDF: newer versions of Hangul save both.',
  odg: 'This is an OpenDocument drawing. Ask for its export as PDF.',
  epub: 'This is an e-book (EPUB). Ask for its export as PDF.',
  program: 'This is a program, not a document. Do not run it; tell your security officer.',
  ole: 'This is a Windows container file of no known document. Ask for PDF or DOCX.',
};

/** For kinds that no reader of ours takes: what to ask the sender for. Undefined for all others. */
export function howToConvert(kind: Kind): string | undefined {
  return ADVICE[kind];
}
