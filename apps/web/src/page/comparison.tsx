// Two documents side by side, word by word: what the newer one adds and what it no longer says.

import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { diffWordsWithSpace, type Change } from 'diff';
import type { DeskLink } from './desk-link.ts';
import type { DocumentAnswer } from '../server/wire.ts';
import { useDesk, useDoing } from './desk-state.tsx';
import { Foreign, shown } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, RefusalNote } from './parts.tsx';

/** Long enough for two treaties, short enough for a person who waits. */
const COMPARING_MAX_MS = 4000;

export type Comparable = { readonly entry: number; readonly name: string; readonly mine: boolean };

/** What a safe copy says, or undefined where it says nothing in words. */
async function wordsOf(
  link: DeskLink,
  channel: string,
  entry: number,
): Promise<string | undefined> {
  const { mediaType } = await link.ask<DocumentAnswer>('document', { channel, entry });
  const isText = mediaType.startsWith('text/');
  if (!isText && mediaType !== 'application/pdf') return undefined;
  const blob = await link.bytes('safe-copy', { channel, entry });
  if (isText) return blob.text();
  const { Pages } = await import('./pages.ts');
  const pages = await Pages.open(await blob.arrayBuffer());
  try {
    const texts: string[] = [];
    for (let page = 1; page <= pages.count; page++) texts.push(await pages.text(page));
    return texts.join('\n');
  } finally {
    await pages.close();
  }
}

/** A passage with its line ends as line ends. */
function Passage({ text }: { text: string }): ReactNode {
  return text.split('\n').map((line, at) => (
    <Fragment key={at}>
      {at === 0 ? null : <br />}
      {shown(line)}
    </Fragment>
  ));
}

function Side(props: { title: string; changes: readonly Change[]; side: 'added' | 'removed' }) {
  const other = props.side === 'added' ? 'removed' : 'added';
  return (
    <section className="compared" role="group" aria-label={props.title} tabIndex={0}>
      <h3>{props.title}</h3>
      <div dir="auto" className="foreign-block compared-text">
        {props.changes
          .filter((change) => !change[other])
          .map((change, at) =>
            change[props.side] ? (
              props.side === 'added' ? (
                <ins key={at}>
                  <Passage text={change.value} />
                </ins>
              ) : (
                <del key={at}>
                  <Passage text={change.value} />
                </del>
              )
            ) : (
              <span key={at}>
                <Passage text={change.value} />
              </span>
            ),
          )}
      </div>
    </section>
  );
}

type Compared = 'no-words' | 'too-different' | readonly Change[];

function Outcome({ compared }: { compared: Compared }): ReactNode {
  const { t } = useSpeech();
  if (compared === 'no-words') return <p role="status">{t('compare.noWords')}</p>;
  if (compared === 'too-different') return <p role="status">{t('compare.tooDifferent')}</p>;
  const added = compared.filter((change) => change.added).length;
  const gone = compared.filter((change) => change.removed).length;
  if (added + gone === 0) return <p role="status">{t('compare.same')}</p>;
  return (
    <>
      <p role="status">{t('compare.changes', { added, gone })}</p>
      <div className="columns">
        <Side title={t('compare.older')} changes={compared} side="removed" />
        <Side title={t('compare.newer')} changes={compared} side="added" />
      </div>
    </>
  );
}

const kindOf = (name: string): string => name.replace(/^.*\./s, '').toLowerCase();

/** Offers the channel's other documents; one of the same name, a version most likely, is offered first, or one of its kind. */
export function Comparison(props: {
  channel: string;
  document: DocumentAnswer;
  others: readonly Comparable[];
}): ReactNode {
  const { t, language } = useSpeech();
  const { link } = useDesk();
  const { busy, refusal, run } = useDoing();
  const { channel, document, others } = props;
  const likely =
    others.findLast(({ name }) => name === document.name) ??
    others.findLast(({ name }) => kindOf(name) === kindOf(document.name)) ??
    others.at(-1);
  const [chosen, setChosen] = useState(String(likely?.entry ?? ''));
  const [compared, setCompared] = useState<Compared>();
  useEffect(() => setCompared(undefined), [chosen]);
  if (others.length === 0) return null;
  const compare = async (): Promise<void> => {
    await run(async () => {
      const [older, newer] = await Promise.all(
        [document.entry, Number(chosen)]
          .toSorted((a, b) => a - b)
          .map((entry) => wordsOf(link, channel, entry)),
      );
      if (older === undefined || newer === undefined) return setCompared('no-words');
      const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' });
      const changes = diffWordsWithSpace(older, newer, {
        intlSegmenter,
        timeout: COMPARING_MAX_MS,
      });
      setCompared(changes ?? 'too-different');
    });
  };
  return (
    <section>
      <h2>{t('compare.title')}</h2>
      <div className="filters">
        <Choice
          label={t('compare.with')}
          value={chosen}
          options={others.map(({ entry, name }) => [String(entry), `#${entry} ${name}`] as const)}
          onChange={setChosen}
        />
      </div>
      <p className="quiet">
        #{document.entry} <Foreign text={document.name} /> · #{chosen}
      </p>
      <Button className="plain" isDisabled={busy} onPress={() => void compare()}>
        {t('compare.act')}
      </Button>
      {busy ? <span role="status">{t('loading')}</span> : null}
      <RefusalNote refusal={refusal} />
      {compared === undefined ? null : <Outcome compared={compared} />}
    </section>
  );
}
