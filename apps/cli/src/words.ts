// How figures and names are written for people: fingerprints in groups, sizes, times, tables that fit a terminal.

/** Sixteen groups of four hexadecimal digits: what two people can read to each other. */
export function groupedFingerprint(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}

export function fileSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** The end of what a Date can hold (ECMA-262). */
const LAST_TIME_MS = 8.64e15;

/** UTC to the second: the same text for every reader of a record. */
export function utcTime(ms: number): string {
  // A stranger's clock may name a year that no calendar holds.
  if (!(Math.abs(ms) <= LAST_TIME_MS)) return 'a time beyond the calendar';
  return new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace('T', ' ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
