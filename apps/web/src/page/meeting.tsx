// Knowing that it is them without a telephone: by a code when people meet, or by twelve words in a letter.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, MeetingAnswer, WritingAnswer } from '../server/wire.ts';
import { wordListFor } from '../words/languages.ts';
import { useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Field, Form, RefusalNote } from './parts.tsx';
import { Code, Scan } from './qr.tsx';

function InPerson({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const { refusal, run } = useDoing();
  const [shown, setShown] = useState<MeetingAnswer>();
  const [done, setDone] = useState(false);
  const scanned = async (code: string): Promise<void> => {
    if (await run(async (link) => void (await link.ask('scanned', { channel, code }))))
      setDone(true);
  };
  return (
    <section aria-label={t('meeting.inPerson')}>
      <h3>{t('meeting.inPerson')}</h3>
      {shown === undefined ? (
        <Button
          className="plain"
          onPress={() => void run(async (link) => setShown(await link.ask('meeting', { channel })))}
        >
          {t('meeting.show')}
        </Button>
      ) : (
        <>
          <p>{t('meeting.showThem')}</p>
          <Code text={shown.code} label={t('meeting.code')} />
          <p>{t('meeting.scanTheirs')}</p>
          <Scan onText={(text) => void scanned(text)} />
        </>
      )}
      {done ? <p role="status">{t('meeting.same')}</p> : null}
      <RefusalNote refusal={refusal} />
    </section>
  );
}

function InWriting({ channel }: { channel: string }): ReactNode {
  const { t, language } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [own, setOwn] = useState<WritingAnswer>();
  const [words, setWords] = useState('');
  const [done, setDone] = useState(false);
  const list = wordListFor(language);
  const check = async (): Promise<void> => {
    if (await run(async (link) => void (await link.ask('written', { channel, words }))))
      setDone(true);
  };
  return (
    <section aria-label={t('meeting.inWriting')}>
      <h3>{t('meeting.inWriting')}</h3>
      {own === undefined ? (
        <Button
          className="plain"
          onPress={() =>
            void run(async (link) => setOwn(await link.ask('writing', { channel, language: list })))
          }
        >
          {t('meeting.ownWords')}
        </Button>
      ) : (
        <>
          <p>{t('meeting.writeThese')}</p>
          <p className="letter" dir="auto" lang={list}>
            <Foreign text={own.words.join(' ')} />
          </p>
        </>
      )}
      <Form
        label={t('meeting.theirWords')}
        act={t('meeting.check')}
        busy={busy}
        refusal={refusal}
        onAct={() => void check()}
      >
        <Field label={t('meeting.theirWords')} value={words} onChange={setWords} />
      </Form>
      {done ? <p role="status">{t('meeting.same')}</p> : null}
    </section>
  );
}

export function Meeting({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  if (card.frozen !== null || card.room !== 'plenary') return null;
  return (
    <details>
      <summary>{t('meeting.other')}</summary>
      <InPerson channel={card.name} />
      <InWriting channel={card.name} />
    </details>
  );
}
