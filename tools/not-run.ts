// How a test says that something could not be checked here: it is listed and counted, never silent.

import { appendFileSync } from 'node:fs';

/** The file that `npm test` collects announcements in; absent when a test is run by hand. */
const COLLECTOR = 'PARLEY_NOT_RUN';

/**
 * Announces a check that did not run on this machine, with the reason a reader can act on: `notRun('disarm oracle',
 * 'qpdf is not installed')`. For parts of a test and for set-ups; a whole test says it with `context.skip(reason)`,
 * which is listed and counted in the same way (never both, or it counts twice).
 */
export function notRun(name: string, why: string): void {
  const collector = process.env[COLLECTOR];
  if (collector === undefined) process.stderr.write(`not run: ${name}: ${why}\n`);
  else appendFileSync(collector, `${JSON.stringify({ name, why })}\n`);
}
