// What every part of an Office file of ours begins with, and text as XML can hold it.

export const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
export const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** XML text: five escapes, and nothing that XML 1.0 cannot hold. */
export function xmlText(text: string): string {
  let out = '';
  for (const letter of text.toWellFormed()) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) continue;
    if (code === 0xfffe || code === 0xffff) continue;
    out +=
      letter === '&'
        ? '&amp;'
        : letter === '<'
          ? '&lt;'
          : letter === '>'
            ? '&gt;'
            : letter === '"'
              ? '&quot;'
              : letter;
  }
  return out;
}
