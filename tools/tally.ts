// Counting checks: what passed, what failed, what did not run and why. The last line of `npm test` is made here.

export type NotRun = { readonly name: string; readonly why: string };

export type Tally = {
  readonly passed: number;
  readonly failed: number;
  /** Every one has a name and a reason; their number is the third count. */
  readonly notRun: readonly NotRun[];
};

export const NOTHING: Tally = { passed: 0, failed: 0, notRun: [] };

export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    notRun: [...a.notRun, ...b.notRun],
  };
}

/** `N passed, N failed, N skipped`: readers of the log look for exactly this. */
export function lastLine({ passed, failed, notRun }: Tally): string {
  return `${passed} passed, ${failed} failed, ${notRun.length} skipped`;
}

/** The list that stands before the last line; empty where everything ran. */
export function notRunLines({ notRun }: Tally): string[] {
  if (notRun.length === 0) return [];
  return ['Did not run here:', ...notRun.map(({ name, why }) => `  ${name}: ${why}`)];
}

/** Reads what `notRun` appended. A line that is none of ours counts as itself, so nothing is lost. */
export function readAnnouncements(text: string): NotRun[] {
  const found = new Map<string, NotRun>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    let entry: NotRun;
    try {
      entry = JSON.parse(line) as NotRun;
    } catch {
      entry = { name: line, why: 'no reason given' };
    }
    found.set(JSON.stringify(entry), entry);
  }
  return [...found.values()];
}

/** Reads an announcement made by a test's name: `published vectors: not run, ../shared missing`. */
export function readName(name: string): NotRun | undefined {
  const match = /^(?:(.*?)\s*[:,>]\s*)?not run(?:[,:]\s*(.*))?$/.exec(name);
  if (match === null) return undefined;
  const [, what = '', why = ''] = match;
  return { name: what, why: why === '' ? 'no reason given' : why };
}

/** Reads announcements made by printing: lines that start with `not run:`. */
export function readPrinted(output: string): NotRun[] {
  return [...output.matchAll(/^not run: *([^:\n]+)(?:: *(.*))?$/gm)].map(([, name = '', why]) => ({
    name: name.trim(),
    why: why === undefined || why === '' ? 'no reason given' : why,
  }));
}
