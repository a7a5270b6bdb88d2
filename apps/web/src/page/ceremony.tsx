// Comparing words by voice: large words in the reader's language, one press for the same, one for different.

import { useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { CeremonyAnswer, ChannelCard } from '../server/wire.ts';
import { WORD_LISTS, wordListFor } from '../words/languages.ts';
import { useDoing } from './desk-state.tsx';
import { Foreign, visible } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, RefusalNote } from './parts.tsx';

const LOOK_AGAIN_MS = 1500;

function Words({ view, list }: { view: CeremonyAnswer; list: string }): ReactNode {
  const { numbers = [], words = [] } = view;
  return (
    <ol className="words">
      {words.map((word, at) => (
        <li key={at}>
          <bdi lang={list}>{word}</bdi> <span className="quiet">{numbers[at]}</span>
        </li>
      ))}
    </ol>
  );
}

export function Ceremony({ card }: { card: ChannelCard }): ReactNode {
  const { t, language } = useSpeech();
  const { refusal, run } = useDoing();
  const [started, setStarted] = useState(false);
  const [look, setLook] = useState(0);
  const [list, setList] = useState(() => wordListFor(language));
  const [view, setView] = useState<CeremonyAnswer>();
  const [evidence, setEvidence] = useState('');
  const channel = card.name;
  const verified = card.parties.every((party) => party.verified);
  useEffect(() => {
    if (!started || view?.words !== undefined) return undefined;
    void run(async (link) => setView(await link.ask('ceremony', { channel, language: list })));
    // Looks again until the words are there: the other desk answers in its own time.
    const timer = setTimeout(() => setLook(look + 1), LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [started, view?.words, look, run, channel, list]);
  const choose = (next: string): void => {
    setList(next);
    if (started)
      void run(async (link) => setView(await link.ask('ceremony', { channel, language: next })));
  };
  const say = async (act: 'confirm' | 'mismatch'): Promise<void> => {
    await run(async (link) => {
      const said = await link.ask<{ evidence?: string }>(act, { channel });
      if (said.evidence !== undefined) setEvidence(said.evidence);
      setStarted(false);
      setView(undefined);
    });
  };
  return (
    <section className="ceremony" aria-labelledby="ceremony-title">
      <h2 id="ceremony-title">{t('verify.title')}</h2>
      {evidence === '' ? null : (
        <p role="alert" className="note alarm">
          {t('verify.evidence')} <code dir="ltr">{visible(evidence)}</code>
        </p>
      )}
      {verified && !started ? <p role="status">{t('verify.done')}</p> : null}
      {started || card.frozen !== null || verified ? null : (
        <Button className="act" onPress={() => setStarted(true)}>
          {t('verify.start')}
        </Button>
      )}
      {started && view?.words === undefined ? <p role="status">{t('verify.waiting')}</p> : null}
      {started && view?.words !== undefined ? (
        <>
          <Choice
            label={t('verify.language')}
            value={list}
            options={Object.entries(WORD_LISTS)}
            onChange={choose}
          />
          <p>
            {t('verify.call')} <Foreign text={view.about.party} />
          </p>
          <Words view={view} list={list} />
          <p>{t('verify.how')}</p>
          <div className="pair">
            <Button className="act" onPress={() => void say('confirm')}>
              {t('verify.same')}
            </Button>
            <Button className="act danger" onPress={() => void say('mismatch')}>
              {t('verify.different')}
            </Button>
          </div>
        </>
      ) : null}
      <RefusalNote refusal={refusal} />
    </section>
  );
}
