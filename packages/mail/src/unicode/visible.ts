// Text from strangers made safe to print: nothing in it can move the cursor, turn the line round or hide.

const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- these are what is made visible
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * Shows control, direction and invisible characters as `<U+202E>`, and cuts what is longer than `max` UTF-16 units. Line
 * breaks are made visible too: a caller that prints a list is never given one line more than it counted.
 */
export function visible(text: string, max = 400): string {
  const cut = text.length > max ? `${text.slice(0, max)}...` : text;
  return cut.replace(
    UNSAFE,
    (letter) => `<U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}
