// Is this mail theirs? A mail is chosen or dropped, the client judges it, and the evidence is shown with what it marks.

import { useState, type ReactNode } from 'react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import type { Evidence, MailAnswer, Mark } from '../server/wire-mail.ts';
import { DIRECTIONS } from '../words/languages.ts';
import { questionAbout } from '../words/question.ts';
import { useAnswer, useDoing } from './desk-state.tsx';
import { English, Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { MailFiles } from './mail-files.tsx';
import { Fact, Listed, RefusalNote } from './parts.tsx';
import { Labelled, Message, Told } from './told.tsx';

const WARNED = new Set(['altered', 'denied', 'suspicious']);

function MarkedText({ mark }: { mark: Mark }): ReactNode {
  const pieces: ReactNode[] = [];
  let last = 0;
  for (const [start, end] of mark.spans) {
    if (start < last) continue;
    pieces.push(
      mark.text.slice(last, start),
      <mark key={start}>{mark.text.slice(start, end)}</mark>,
    );
    last = end;
  }
  pieces.push(mark.text.slice(last));
  return (
    <p className="marked">
      <Labelled label={<Told of="mail" said={mark.place} text={mark.where} />}>
        <bdi>{pieces}</bdi>
      </Labelled>
    </p>
  );
}

function EvidenceItem({ item }: { item: Evidence }): ReactNode {
  const { t, has } = useSpeech();
  const source = `source.${item.detector}`;
  return (
    <li className={`evidence ${item.strength}`}>
      <p>
        <span className={item.strength === 'info' ? 'mark' : 'mark bad'}>
          {t(`strength.${item.strength}`)}
        </span>{' '}
        <Told of="mail" said={item.said} text={item.text} />
      </p>
      {item.marks.map((mark, at) => (
        <MarkedText key={at} mark={mark} />
      ))}
      <p className="quiet">
        {t('mail.source')} {has(source) ? t(source) : <English text={item.source} />}
      </p>
    </li>
  );
}

/** The question goes into a channel of the person's choice, once; the answer comes there like any other word. */
function AskThem({ screening }: { screening: MailAnswer }): ReactNode {
  const { t, language } = useSpeech();
  const { value } = useAnswer('desk', {});
  const { busy, refusal, run } = useDoing();
  const [asked, setAsked] = useState<string>();
  if (asked !== undefined)
    return (
      <p role="status">
        <Message of="mail.asked" names={{ channel: asked }} />
      </p>
    );
  const open = value?.channels.filter(({ stage, frozen }) => stage === 'open' && frozen === null);
  if (open === undefined || open.length === 0) return null;
  const direction = DIRECTIONS[language];
  const question = questionAbout(screening.mail, screening.verdict, { t, direction });
  return (
    <>
      <details>
        <summary>{t('mail.willAsk')}</summary>
        <ForeignBlock text={question} />
      </details>
      {open.map(({ name }) => (
        <Button
          key={name}
          className="act"
          isDisabled={busy}
          onPress={() =>
            void run(async (link) => {
              await link.ask('say', { channel: name, text: question });
              setAsked(name);
            })
          }
        >
          <Message of="mail.ask" names={{ channel: name }} />
        </Button>
      ))}
      <RefusalNote refusal={refusal} />
    </>
  );
}

function Verdict({ screening, file }: { screening: MailAnswer; file: Blob }): ReactNode {
  const { t } = useSpeech();
  const { verdict, mail, evidence, party } = screening;
  return (
    <section aria-label={t('mail.verdict')} className={WARNED.has(verdict) ? 'note alarm' : 'note'}>
      <div role="status">
        <h2>{t(`verdict.${verdict}`)}</h2>
      </div>
      <p>{t(`verdictMeaning.${verdict}`)}</p>
      {WARNED.has(verdict) ? <p>{t('mail.next')}</p> : null}
      {verdict === 'proven' ? null : <AskThem screening={screening} />}
      <dl>
        {party === null ? null : (
          <Fact name={t('field.party')}>
            <Foreign text={party} />
          </Fact>
        )}
        <Fact name={t('mail.from')}>
          <Foreign text={mail.from} />
        </Fact>
        <Fact name={t('mail.subject')}>
          <Foreign text={mail.subject} />
        </Fact>
        <Fact name={t('mail.files')}>
          {mail.files.length === 0 ? (
            t('value.none')
          ) : (
            <Listed
              items={mail.files.map((name, at) => (
                <Foreign key={at} text={name} />
              ))}
            />
          )}
        </Fact>
      </dl>
      {mail.files.length === 0 ? null : <MailFiles mail={file} />}
      <h3>{t('mail.evidence')}</h3>
      {evidence.length === 0 ? <p>{t('value.none')}</p> : null}
      <ul>
        {evidence.map((item, at) => (
          <EvidenceItem key={at} item={item} />
        ))}
      </ul>
    </section>
  );
}

export function Mail(): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [judged, setJudged] = useState<{ screening: MailAnswer; file: Blob }>();
  const judge = async (file: Blob): Promise<void> => {
    setJudged(undefined);
    await run(async (link) =>
      setJudged({ screening: await link.upload<MailAnswer>('mail', file), file }),
    );
  };
  return (
    <>
      <h1>{t('mail.title')}</h1>
      <p>{t('mail.explain')}</p>
      <DropZone
        className="drop"
        aria-label={t('mail.drop')}
        onDrop={(event) => {
          const item = event.items.find(({ kind }) => kind === 'file');
          if (item?.kind === 'file') void item.getFile().then(judge);
        }}
      >
        <FileTrigger
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) void judge(file);
          }}
        >
          <Button className="act">{t('mail.choose')}</Button>
        </FileTrigger>{' '}
        <span className="quiet">{t('mail.drop')}</span>
      </DropZone>
      {busy ? <p role="status">{t('loading')}</p> : null}
      <RefusalNote refusal={refusal} />
      {judged === undefined ? null : <Verdict {...judged} />}
    </>
  );
}
