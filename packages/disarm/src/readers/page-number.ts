// Fields of a text, followed as they open and close. The number of the page and of all pages are kept, of others the words they last showed or show always.

export type PageNumber = 'page' | 'pages';

/** With a switch for the form of the number, and no other words. */
const KNOWN = /^\s*(PAGE|NUMPAGES)(\s+\\\*\s*\w+)*\s*$/i;
/** A place to press: it shows the words behind its macro's name, and never has a result. */
const BUTTON = /^\s*MACROBUTTON\s+\S+\s+(.*\S)\s*$/i;
const FIELDS_DEEP = 32;

function numberOf(instruction: string): PageNumber | undefined {
  const name = KNOWN.exec(instruction)?.[1]?.toLowerCase();
  return name === undefined ? undefined : name === 'page' ? 'page' : 'pages';
}

/** What a field shows in place of a result. */
export type Shown = PageNumber | { readonly words: string } | undefined;

export class FieldFollower {
  readonly #open: { instruction: string; said: PageNumber | undefined; result?: true }[] = [];

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
  mark(kind: string): Shown {
    if (kind === 'begin' && this.#open.length < FIELDS_DEEP)
      this.#open.push({ instruction: '', said: undefined });
    const field = this.#open.at(-1);
    if (kind === 'begin' || field === undefined) return undefined;
    const known = this.hides ? undefined : numberOf(field.instruction);
    if (kind === 'separate') {
      field.said = known;
      field.result = true;
      return known;
    }
    this.end();
    if (this.hides) return undefined;
    const words = field.result === true ? undefined : BUTTON.exec(field.instruction)?.[1];
    // A field without a result says its number at its end.
    return words === undefined ? known : { words };
  }

  end(): void {
    this.#open.pop();
  }
}
