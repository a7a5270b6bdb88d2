// RFC 6376 canonical forms, as far as they are needed beside mailauth: relaxed header fields, simple and relaxed bodies.

/** One field, relaxed: lower-case name, unfolded, runs of white space one space, none at the ends. No line break. */
export function relaxedField(name: string, value: string): string {
  const unfolded = value
    .replace(/\r?\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${name.trim().toLowerCase()}:${unfolded}`;
}

/** Line endings as on the wire. Bytes are kept one to one in `latin1` on the way. */
export function withCrlf(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return Buffer.from(text.replace(/\r\n|\n|\r(?=\n)/g, '\r\n'), 'latin1');
}

/** The body in canonical form: its trailing empty lines gone, and for `relaxed` white space folded as the RFC says. */
export function canonicalBody(body: Uint8Array, form: 'simple' | 'relaxed'): Buffer {
  let text = withCrlf(body).toString('latin1');
  if (form === 'relaxed') text = text.replace(/[ \t]+(?=\r\n|$)/g, '').replace(/[ \t]+/g, ' ');
  let end = text.length;
  while (end >= 2 && text.endsWith('\r\n', end)) end -= 2;
  const kept = text.slice(0, end);
  if (kept === '') return Buffer.from(form === 'simple' ? '\r\n' : '', 'latin1');
  return Buffer.from(`${kept}\r\n`, 'latin1');
}
