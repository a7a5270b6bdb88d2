// Which characters a reader cannot see: control, direction, invisible, unassigned. They are shown as what they are.

const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\u{e0000}-\u{e0fff}]/u;

export type Piece = { readonly text: string; readonly hidden: boolean };

/** The text in pieces; a hidden character is a piece of its own that says its code: `U+202E`. */
export function splitHidden(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  for (const letter of text) {
    if (!HIDDEN.test(letter)) {
      plain += letter;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, hidden: false });
    plain = '';
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    pieces.push({ text: `U+${code}`, hidden: true });
  }
  if (plain !== '') pieces.push({ text: plain, hidden: false });
  return pieces;
}
