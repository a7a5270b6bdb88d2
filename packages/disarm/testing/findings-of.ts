// What our readers tell of a document, in this process and without an engine; and the smallest documents that tell it.

import { unsafeCaptureFrames } from '../src/cage/emit.ts';
import type { Job } from '../src/cage/job.ts';
import { SAMPLE_JOB } from '../src/cage/example-pages.ts';
import { Findings } from '../src/findings.ts';
import type { Kind } from '../src/kind.ts';
import { FRAME } from '../src/list/frame.ts';
import { makeXlsx, makeZip } from './office-maker.ts';

const JOB: Job = { ...SAMPLE_JOB, partsMax: 10 };

/** The reader of a kind, as the child chooses it. */
async function report(kind: Kind, bytes: Uint8Array): Promise<void> {
  switch (kind) {
    case 'text':
    case 'csv':
      return (await import('../src/cage/text.ts')).convertText(kind, bytes);
    case 'html':
      return (await import('../src/cage/text.ts')).convertHtml(bytes);
    case 'eml':
      return (await import('../src/cage/mail.ts')).convertMail(bytes, JOB);
    case 'zip':
      return (await import('../src/cage/archive.ts')).convertArchive(bytes, JOB);
    case 'hwpx':
      return (await import('../src/cage/hwpx.ts')).convertHwpx(bytes, JOB);
    case 'svg':
      void (await import('../src/readers/svg.ts')).cleanSvg(new TextDecoder().decode(bytes));
      return undefined;
    default:
      return (await import('../src/readers/office-findings.ts')).reportOffice(kind, bytes);
  }
}

/** Everything told, by the words of the report. */
export async function found(
  kind: Kind,
  bytes: Uint8Array,
): Promise<{ kinds: Set<string>; findings: Findings }> {
  const findings = new Findings();
  unsafeCaptureFrames((type, payload) => {
    if (type === FRAME.remark) findings.take(payload);
  });
  await report(kind, bytes);
  unsafeCaptureFrames(undefined);
  const kinds = new Set<string>([
    ...findings.removedList().map((finding) => finding.kind),
    ...findings.hiddenList().map((finding) => finding.kind),
    ...findings.remarks.map((remark) => remark.what),
    ...(findings.links.length > 0 ? ['link'] : []),
    ...findings.unreached.map(({ reason }) => reason),
  ]);
  return { kinds, findings };
}

export const run = (inner: string): string => `<w:p><w:r>${inner}</w:r></w:p>`;
export const slide = (inner: string, more = ''): Uint8Array =>
  makeZip({ 'ppt/slides/slide1.xml': `<p:sld xmlns:p="p" xmlns:a="a"${more}>${inner}</p:sld>` });
export const odf = (inner: string, more: Record<string, string> = {}): Uint8Array =>
  makeZip({
    'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:dc="d" xmlns:table="b" xmlns:script="s" xmlns:draw="w" xmlns:xlink="x" xmlns:style="y" xmlns:form="f" xmlns:presentation="p">${inner}</office:document-content>`,
    ...more,
  });
/** A workbook of one cell, which has the second of these styles. */
export const styledCell = (styles: string): Uint8Array =>
  makeXlsx(
    [{ name: 'A', xml: '<sheetData><row r="1"><c r="A1" s="1"><v>7</v></c></row></sheetData>' }],
    { parts: { 'xl/styles.xml': `<styleSheet>${styles}</styleSheet>` } },
  );
export const rtf = (inner: string): Uint8Array => new TextEncoder().encode(`{\\rtf1${inner}}`);
