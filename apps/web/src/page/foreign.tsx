// Words that others wrote: each stands apart from ours, in its own direction, with every hidden character made visible.

import type { ReactNode } from 'react';
import { splitHidden } from '../words/hidden.ts';

/** A text with its hidden characters as marks. */
export function shown(text: string): ReactNode[] {
  return splitHidden(text).map((piece, at) =>
    piece.hidden ? (
      <code key={at} className="hidden-character" dir="ltr">
        {piece.text}
      </code>
    ) : (
      piece.text
    ),
  );
}

/** The same where only plain text can stand: a label for software, an option of a list. */
export function visible(text: string): string {
  return splitHidden(text)
    .map((piece) => piece.text)
    .join('');
}

/** A name or another short text inside a sentence of ours. */
export function Foreign({ text }: { text: string }): ReactNode {
  return <bdi className="foreign">{shown(text)}</bdi>;
}

/** A paragraph or more; line ends are kept. */
export function ForeignBlock({ text }: { text: string }): ReactNode {
  return (
    <div className="foreign-block">
      {text.split('\n').map((line, at) => (
        <p key={at} dir="auto">
          {line === '' ? '\u00a0' : shown(line)}
        </p>
      ))}
    </div>
  );
}

/** A sentence of the desk or of an engine, which speaks English and may quote a stranger. */
export function English({ text }: { text: string }): ReactNode {
  return (
    <span lang="en" dir="ltr" className="foreign">
      {shown(text)}
    </span>
  );
}

/** Hexadecimal in groups of four: what two people can read to each other. */
export function Groups({ hex }: { hex: string }): ReactNode {
  return (
    <code dir="ltr" className="groups">
      {hex.match(/.{1,4}/g)?.join(' ') ?? hex}
    </code>
  );
}
