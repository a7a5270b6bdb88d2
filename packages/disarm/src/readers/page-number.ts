// Fields of a text, followed as they open and close. The number of the page and of all pages are kept, of others the words they last showed.

export type PageNumber = 'page' | 'pages';

/** With a switch for the form of the number, and no other words. */
const KNOWN = /^\s*(PAGE|NUMPAGES)(\s+\\\*\s*\w+)*\s*$/i;
const FIELDS_DEEP = 32;

function numberOf(instruction: string): PageNumber | undefined {
  const name = KNOWN.exec(instruction)?.[1]?.toLowerCase();
  return name === undefined ? undefined : name === 'page' ? 'page' : 'pages';
}

export class FieldFollower {
  readonly #open: { instruction: string; said: PageNumber | undefined }[] = [];

  /** Inside a field that is kept: what it last showed is not copied. */
  get hides(): boolean {
    return this.#open.some(({ said }) => said !== undefined);
  }

  instruct(words: string): void {
    const field = this.#open.at(-1);
    if (field !== undefined) field.instruction = (field.instruction + words).slice(0, 200);
  }

  /** A field in one element. Its number, where it is kept. */
  simple(instruction: string): PageNumber | undefined {
    const said = this.hides ? undefined : numberOf(instruction);
    this.#open.push({ instruction: '', said });
    return said;
  }

  /** The marks of a field in pieces: `begin`, `separate`, `end`. */
  mark(kind: string): PageNumber | undefined {
    if (kind === 'begin' && this.#open.length < FIELDS_DEEP)
      this.#open.push({ instruction: '', said: undefined });
    const field = this.#open.at(-1);
    if (kind === 'begin' || field === undefined) return undefined;
    const known = this.hides ? undefined : numberOf(field.instruction);
    if (kind === 'separate') field.said = known;
    else this.end();
    // A field without a result says its number at its end.
    return known;
  }

  end(): void {
    this.#open.pop();
  }
}
