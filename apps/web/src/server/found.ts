// What a report says, as the page lists it: without its bulk.

import { detailText, noteText, type Report } from '@parley/disarm';
import type { Finding, Found } from './wire.ts';

/** What a screen lists of each kind; the rest is in the report that the desk keeps. */
const LISTED_MAX = 500;
const TEXTS_MAX = 20;

/** The report without its bulk. */
export function foundIn(report: Report): Found {
  const finding = ({
    kind,
    count,
    pages,
    texts,
    details = [],
  }: Report['removed' | 'hidden'][number]): Finding => ({
    kind,
    count,
    pages: pages.slice(0, LISTED_MAX),
    texts: texts.slice(0, TEXTS_MAX),
    details: details.slice(0, TEXTS_MAX).map((said) => ({ said, text: detailText(said) })),
  });
  const weaker = report.cage.kind === 'permission-model' ? report.cage.weaker : [];
  return {
    removed: report.removed.map(finding),
    hidden: report.hidden.map(finding),
    remarks: report.remarks.slice(0, LISTED_MAX),
    links: report.links.slice(0, LISTED_MAX),
    notes: [...report.notes, ...weaker].map((said) => ({ said, text: noteText(said) })),
    parts: report.parts
      .slice(0, LISTED_MAX)
      .map(({ name, outcome, reason }) => ({ name, outcome, reason })),
    pictured: report.pages.filter(({ mode }) => mode === 'pixel').length,
  };
}
