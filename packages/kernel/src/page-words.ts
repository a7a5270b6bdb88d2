// Sentences of a page that is written as a file: our words escaped, what fills them already HTML.

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapedHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** How a page speaks. A text among `values` is HTML that was made safe; a number is written as the language has it. */
export type PageWords<C extends string = string> = {
  /** Of the page as a whole, for software that reads aloud. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly say: (code: C, values?: Readonly<Record<string, string | number>>) => string;
};

/** The part's own English: every `{name}` of a form is filled. */
export function pageInEnglish<C extends string>(forms: Readonly<Record<C, string>>): PageWords<C> {
  return {
    language: 'en',
    direction: 'ltr',
    say: (code, values = {}) =>
      escapedHtml(forms[code]).replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
        String(values[name] ?? whole),
      ),
  };
}
