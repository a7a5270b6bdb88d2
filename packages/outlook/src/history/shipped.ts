import type { HistoryRecord } from './record.ts';
export const SHIPPED_HISTORY: readonly HistoryRecord[] = [];
