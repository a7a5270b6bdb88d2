// What to know before relying on a forecast, as data with its English form.

import { inEnglish, type Said } from '@parley/kernel';

export const CAUTION_SENTENCES = {
  'stale-history':
    'The history is known until {day}, {years} years before the issue date: this is little more than an old base rate.',
  'few-incidents':
    'Only {count} dated incidents of this kind are known: the number comes mostly from other pairs.',
  'several-receivers': 'Several receivers are asked about as one.',
  'nothing-moves-it':
    'Provocations, exercises, sanctions, summits, elections and holidays do not move this number: none has measured skill.',
  'moved-by': 'Moved by what passed the gate: {names}.',
} as const;

export type CautionCode = keyof typeof CAUTION_SENTENCES;
export type Caution = Said<CautionCode>;

export const cautionText = (caution: Caution): string => inEnglish(CAUTION_SENTENCES, caution);
