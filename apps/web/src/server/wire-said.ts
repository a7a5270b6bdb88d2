// What our parts say, as data on its way to the page.

import type { SaidTables } from '../words/said-tables.ts';

/** A sentence as data; its code is one of the tables in `words/said.ts`. */
export type SaidWire<Table extends keyof SaidTables> = {
  readonly code: keyof SaidTables[Table];
  readonly values: Readonly<Record<string, string | number | SaidWire<Table>>>;
};
