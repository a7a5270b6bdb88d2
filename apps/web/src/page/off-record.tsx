// The talk off the record: a place that looks like no other while it lasts, and that takes the place of the record's own
// composer, so that nothing is written in the wrong one.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { OffRecordAnswer } from '../server/wire-off-record.ts';
import type { ChannelCard, Refusal } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import { useAnswer, useDesk, useDoing } from './desk-state.tsx';
import { Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Told } from './told.tsx';
import { Listed, RefusalNote, VerifiedMark } from './parts.tsx';

const HERE_MS = 5_000;
const OWN_WORDS: ReadonlySet<string> = new Set([
  'nobody-there',
  'nobody-else',
  'audience-changed',
  'talk-is-over',
  'already-talking',
]);

/** A refusal of the talk in the reader's language; any other as everywhere. */
function Refused({ refusal }: { refusal: Refusal | undefined }): ReactNode {
  const { t } = useSpeech();
  if (refusal === undefined || !OWN_WORDS.has(refusal.code))
    return <RefusalNote refusal={refusal} />;
  return (
    <p role="alert" className="note refusal">
      {t(`off.refused.${refusal.code}` as MessageKey)} <code dir="ltr">{refusal.code}</code>
    </p>
  );
}

type Who = OffRecordAnswer['who'][number];

function Named({ who }: { who: Who }): ReactNode {
  return (
    <>
      <Foreign text={who.member} /> (<Foreign text={who.party} /> · <Foreign text={who.device} />){' '}
      <VerifiedMark verified={who.verified} />
    </>
  );
}

function Begin({ card, view }: { card: ChannelCard; view: OffRecordAnswer }): ReactNode {
  const { t, time } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [logged, setLogged] = useState(true);
  const { proposedBy } = view;
  return (
    <section className="off-record-door" aria-label={t('off.title')}>
      {proposedBy === null ? null : (
        <p role="status" className="note">
          <Foreign text={proposedBy.member} /> (<Foreign text={proposedBy.party} />
          ): {t('off.proposes', { time: time(proposedBy.timeMs) })}
        </p>
      )}
      <details open={proposedBy !== null}>
        <summary>{t('off.title')}</summary>
        <p>{t('off.promise')}</p>
        <p>{t('off.endsWith')}</p>
        <p>
          <label>
            <input
              type="checkbox"
              checked={logged}
              onChange={(event) => setLogged(event.currentTarget.checked)}
            />{' '}
            {t('off.logged')}
          </label>
        </p>
        <Button
          className="act"
          isDisabled={busy}
          onPress={() =>
            void run(async (link) => {
              await link.ask('off-record-start', { channel: card.name, logged });
            })
          }
        >
          {t(proposedBy === null ? 'off.start' : 'off.join')}
        </Button>
        <Refused refusal={refusal} />
      </details>
    </section>
  );
}

function Ended({ card, view }: { card: ChannelCard; view: OffRecordAnswer }): ReactNode {
  const { t, number } = useSpeech();
  const { run } = useDoing();
  const { ended } = view;
  if (ended === null) return null;
  return (
    <section role="status" className="note off-record-over" aria-label={t('off.ended')}>
      <p>
        <strong>{t('off.ended')}</strong> {t(`off.end.${ended.end}`)}
      </p>
      {ended.lastedMs === null ? null : (
        <p>
          {t('off.lasted', { seconds: number(Math.round(ended.lastedMs / 1000)) })}{' '}
          {t(ended.published ? 'off.published' : 'off.notPublished')}
        </p>
      )}
      {ended.unpublished.map((who, at) => (
        <p key={at}>
          {t('off.unpublished')} <Named who={who} />
        </p>
      ))}
      <p>{t(view.logged ? 'off.onRecord' : 'off.notOnRecord')}</p>
      <Button
        className="plain"
        onPress={() =>
          void run(async (link) => {
            await link.ask('off-record-leave', { channel: card.name });
          })
        }
      >
        {t('off.close')}
      </Button>
    </section>
  );
}

function Lines({ lines }: { lines: OffRecordAnswer['lines'] }): ReactNode {
  const { t, time } = useSpeech();
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines.length]);
  return (
    <ol className="off-record-lines" aria-live="polite" aria-label={t('off.lines')} tabIndex={0}>
      {lines.map((line, at) => (
        <li key={at} ref={at === lines.length - 1 ? end : undefined}>
          <p className="byline">
            <span className="off-record-mark">{t('off.mark')}</span>{' '}
            {line.mine ? t('entry.mine') : <Named who={line.who} />}{' '}
            <time dateTime={new Date(line.timeMs).toISOString()}>{time(line.timeMs)}</time>
          </p>
          <ForeignBlock text={line.text} />
        </li>
      ))}
    </ol>
  );
}

type Alarm = OffRecordAnswer['alarms'][number];

/** Said as what it is, or by the code of the refusal behind it. */
function TalkAlarm({ alarm }: { alarm: Alarm }): ReactNode {
  const { said } = useSpeech();
  const own = alarm.code === null ? undefined : said(alarm.code);
  return own ?? <Told of="alarm" said={alarm.said} text={alarm.text} />;
}

function Live({ card, view }: { card: ChannelCard; view: OffRecordAnswer }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [text, setText] = useState('');
  const isOpen = view.state === 'open';
  const say = async (): Promise<void> => {
    if (text.trim() === '' || busy) return;
    const done = await run(async (link) => {
      await link.ask('off-record-say', { channel: card.name, text });
    });
    if (done) setText('');
  };
  return (
    <section className="off-record" aria-label={t('off.title')}>
      <h2>
        <span aria-hidden="true">✕ ✕ ✕</span> {t('off.title')} <span aria-hidden="true">✕ ✕ ✕</span>
      </h2>
      <p>{t('off.promise')}</p>
      <p role="status">
        {isOpen ? (
          <>
            {t('off.here')}{' '}
            <Listed
              items={view.who.map((who, at) => (
                <Named key={at} who={who} />
              ))}
            />
          </>
        ) : (
          t('off.waiting')
        )}
      </p>
      {view.saidToBe.map((who, at) => (
        <p key={at} className="warning">
          {t('off.saidToBe')} <Foreign text={who} />
        </p>
      ))}
      {view.lineDown ? <p className="warning">{t('off.lineDown')}</p> : null}
      {view.alarms.map((alarm, at) => (
        <p key={at} role="alert" className="note alarm">
          <strong>{t('alarm.title')}</strong> <TalkAlarm alarm={alarm} />
        </p>
      ))}
      <Lines lines={view.lines} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void say();
        }}
      >
        <TextField className="field" value={text} onChange={setText} isDisabled={!isOpen}>
          <Label>{t('off.line')}</Label>
          <Input dir="auto" autoComplete="off" />
        </TextField>
        <Button type="submit" className="act" isDisabled={!isOpen}>
          {t('off.say')}
        </Button>{' '}
        <Button
          className="act danger"
          onPress={() =>
            void run(async (link) => {
              await link.ask('off-record-leave', { channel: card.name });
            })
          }
        >
          {t('off.leave')}
        </Button>
      </form>
      <p className="quiet">
        {t('off.noDocuments')} {t('off.endsWith')}
      </p>
      <Refused refusal={refusal} />
    </section>
  );
}

/** Whether this desk is in a talk here, so that the record's composer is put away. */
export function useOffRecord(card: ChannelCard): OffRecordAnswer | undefined {
  const { link } = useDesk();
  const { value } = useAnswer('off-record', { channel: card.name });
  const isIn = value?.state === 'there' || value?.state === 'open';
  const { name } = card;
  useEffect(() => {
    if (!isIn) return undefined;
    const here = (): void => {
      link.ask('off-record', { channel: name, here: true }).catch(() => undefined);
    };
    const timer = setInterval(here, HERE_MS);
    const part = (): void => link.part('off-record-leave', { channel: name });
    addEventListener('pagehide', part);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', part);
    };
  }, [link, name, isIn]);
  // Another room on the screen, or none: whoever does not see the talk is not in it.
  const leaving = useRef(false);
  leaving.current = isIn;
  useEffect(
    () => () => {
      if (leaving.current) link.part('off-record-leave', { channel: name });
    },
    [link, name],
  );
  return value;
}

export function OffRecord(props: {
  card: ChannelCard;
  view: OffRecordAnswer | undefined;
}): ReactNode {
  const { t } = useSpeech();
  const { up } = useDesk();
  const { card, view } = props;
  const [wasIn, setWasIn] = useState(false);
  const [lost, setLost] = useState(false);
  const isIn = view?.state === 'there' || view?.state === 'open';
  if (isIn && !wasIn) setWasIn(true);
  // The client was started anew and knows of no talk: what was said in it is gone with it.
  if (wasIn && (!up || view?.state === 'none')) {
    setWasIn(false);
    setLost(true);
  }
  if (wasIn && view?.state === 'ended') setWasIn(false);
  if (lost && isIn && up) setLost(false);
  const lostNote = lost ? (
    <p role="alert" className="note alarm">
      <strong>{t('off.ended')}</strong> {t('off.end.lost')}
    </p>
  ) : null;
  if (view === undefined || card.frozen !== null || card.stage === 'removed') return lostNote;
  if (view.state === 'ended') return <Ended card={card} view={view} />;
  if (isIn && up) return <Live card={card} view={view} />;
  return (
    <>
      {lostNote}
      <Begin card={card} view={view} />
    </>
  );
}
