// A sentence of our parts in the reader's language, with the texts of others isolated inside it.

import { Fragment, type ReactNode } from 'react';
import type { MessageKey } from '../words/format.ts';
import type { AnySaid } from '../words/said.ts';
import type { SaidTables } from '../words/said-tables.ts';
import { English, Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';

/** Where a table has no form for it, as in English, the part's own sentence. */
export function Told(props: {
  of: keyof SaidTables;
  said: AnySaid | null;
  text: string;
}): ReactNode {
  const { told } = useSpeech();
  const pieces =
    props.said === null
      ? undefined
      : told<ReactNode>(props.of, props.said, (text) => <Foreign text={text} />);
  if (pieces === undefined) return <English text={props.text} />;
  return pieces.map((piece, at) => <Fragment key={at}>{piece}</Fragment>);
}

/** A message of the page that names somebody or something of others: the names stand apart from our words. */
export function Message(props: {
  of: MessageKey;
  names: Readonly<Record<string, string>>;
}): ReactNode {
  const { around } = useSpeech();
  const names = Object.entries(props.names);
  const wrapped = names.map(([name, text]) => [name, <Foreign key={name} text={text} />] as const);
  return around(props.of, Object.fromEntries(wrapped)).map((piece, at) => (
    <Fragment key={at}>{piece}</Fragment>
  ));
}

/** What something is, and what is said of it, with the mark between that the language writes there. */
export function Labelled({
  label,
  children,
}: {
  label: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { around } = useSpeech();
  return around('mail.line', { name: label, value: children }).map((piece, at) => (
    <Fragment key={at}>{piece}</Fragment>
  ));
}
