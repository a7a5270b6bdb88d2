// A sentence as data: which one it is, and what fills it. Its part says it in English; apps say it in other languages.

/** A value that is itself a sentence is said in the same language: "an archive" inside "It carries {what}." */
export type Said<C extends string = string> = {
  readonly code: C;
  readonly values: SaidValues<C>;
};
export type SaidValues<C extends string = string> = Readonly<
  Record<string, string | number | Said<C>>
>;

export function say<C extends string>(code: C, values: SaidValues<C> = {}): Said<C> {
  return { code, values };
}

/** The sentence in English: every `{name}` of its form is filled. A value may be a stranger's text: it is not cleaned here. */
export function inEnglish<C extends string>(
  forms: Readonly<Record<C, string>>,
  said: Said<C>,
): string {
  return forms[said.code].replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = said.values[name];
    if (value === undefined) return whole;
    return typeof value === 'object' ? inEnglish(forms, value) : String(value);
  });
}
