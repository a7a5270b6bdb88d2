// What stands above and below the pages of a sheet: words and numbers of pages. Fonts, pictures, dates, names of files and paths do not.

/** As in Excel. */
const MARGIN_LETTERS = 255;
/** A section, an ampersand, the number of the page, of all pages, the sheet's name; or one letter that is no code. */
const KEPT = /^(?:&[LCR&PNA]|[^&])$/isu;
/** One code or letter. A font is in quotes, a size is digits, a colour has a K. */
const TOKENS = /&"[^"]*"|&\d+|&K(?:[\dA-F]{6}|\d\d[+-]\d{3})|&.|[^&]/gisu;

/** The codes that are plain, in order; the same again gives the same. */
export function plainMargin(codes: string): string {
  let plain = '';
  for (const token of codes.match(TOKENS) ?? []) {
    if (!KEPT.test(token)) continue;
    if (plain.length + token.length > MARGIN_LETTERS) break;
    plain += token;
  }
  return plain;
}
