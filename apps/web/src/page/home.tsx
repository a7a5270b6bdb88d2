// The frame of the page: who we are, the places, the state of the line to the client, and the place that is looked at.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, DeskAnswer } from '../server/wire.ts';
import type { Language } from '../words/languages.ts';
import { Channel } from './channel.tsx';
import { ChannelForms } from './channel-forms.tsx';
import { useAnswer, useDesk } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Mail } from './mail.tsx';
import { Outlook } from './outlook.tsx';
import { LanguageChoice, RefusalNote } from './parts.tsx';
import { Tour } from './tour.tsx';
import { Anew } from './anew.tsx';
import { Waiting } from './waiting.tsx';

type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'mail' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'outlook' }
  | { readonly kind: 'channel'; readonly name: string };

const START: Place = { kind: 'start' };
const OTHERS = ['waiting', 'mail', 'outlook'] as const;

function ChannelLink(props: { card: ChannelCard; current: boolean; onGo: () => void }): ReactNode {
  const { t } = useSpeech();
  const { name, stage, frozen, fresh, mentions } = props.card;
  return (
    <li>
      <Button className="place" aria-current={props.current ? 'page' : false} onPress={props.onGo}>
        <Foreign text={name} />
        {frozen !== null ? <span className="mark bad">{t('channel.frozen')}</span> : null}
        {stage === 'open' ? null : (
          <span className="mark warn">
            {t(stage === 'asking' ? 'channel.asking' : 'channel.removed')}
          </span>
        )}
        {mentions === 0 ? null : (
          <span className="mark warn">{t('mention.count', { count: mentions })}</span>
        )}
        {fresh === 0 ? null : (
          <span className="mark fresh">{t('channel.fresh', { count: fresh })}</span>
        )}
      </Button>
    </li>
  );
}

function Places(props: {
  channels: readonly ChannelCard[];
  place: Place;
  onGo: (place: Place) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { channels, place, onGo } = props;
  return (
    <nav aria-label={t('nav.places')}>
      <h2 id="channels-title">{t('nav.channels')}</h2>
      {channels.length === 0 ? <p className="quiet">{t('channel.none')}</p> : null}
      <ul aria-labelledby="channels-title">
        {channels.map((card) => (
          <ChannelLink
            key={card.name}
            card={card}
            current={place.kind === 'channel' && place.name === card.name}
            onGo={() => onGo({ kind: 'channel', name: card.name })}
          />
        ))}
      </ul>
      <ul>
        <li>
          <Button
            className="place"
            aria-current={place.kind === 'start' ? 'page' : false}
            onPress={() => onGo(START)}
          >
            {t('nav.new')}
          </Button>
        </li>
        {OTHERS.map((kind) => (
          <li key={kind}>
            <Button
              className="place"
              aria-current={place.kind === kind ? 'page' : false}
              data-place={kind}
              onPress={() => onGo({ kind })}
            >
              {t(`nav.${kind}`)}
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Header({
  answer,
  onLanguage,
  onTour,
}: {
  answer: DeskAnswer | undefined;
  onLanguage: (language: Language) => void;
  onTour: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { link } = useDesk();
  const openWindow = async (): Promise<void> => {
    const { token } = await link.ask<{ token: string }>('window');
    window.open(`/#${token}`, '_blank', 'noopener');
  };
  return (
    <header>
      <p className="title">{t('app.title')}</p>
      {answer === undefined ? null : (
        <p className="who">
          <Foreign text={answer.who.member} /> · <Foreign text={answer.who.party} />
        </p>
      )}
      <div className="tools">
        <LanguageChoice onLanguage={onLanguage} />
        <Button className="plain" data-place="tour" onPress={onTour}>
          {t('tour.title')}
        </Button>
        <Button className="plain" onPress={() => void openWindow().catch(() => undefined)}>
          {t('nav.window')}
        </Button>
      </div>
    </header>
  );
}

export function Home({
  onLanguage,
  tour,
}: {
  onLanguage: (language: Language) => void;
  tour: boolean;
}): ReactNode {
  const { t } = useSpeech();
  const { up, strange } = useDesk();
  const { value, refusal } = useAnswer('desk', {});
  // What was shown stays in sight while the client is asked again, or is gone for a moment.
  const [last, setLast] = useState<DeskAnswer>();
  if (value !== undefined && value !== last) setLast(value);
  const [place, setPlace] = useState<Place>(START);
  const [touring, setTouring] = useState(tour);
  // The tour begins in a room, where the desk is explained best; from then on a person goes where they like.
  const [led, setLed] = useState(false);
  const first = last?.channels[0];
  if (touring && !led && first !== undefined) {
    setLed(true);
    if (place === START) setPlace({ kind: 'channel', name: first.name });
  }
  const leaveTour = (): void => {
    setTouring(false);
    setLed(false);
    document.querySelector<HTMLElement>('[data-place="tour"]')?.focus();
  };
  const card =
    place.kind === 'channel' ? last?.channels.find(({ name }) => name === place.name) : undefined;
  return (
    <>
      <a className="skip" href="#place">
        {t('nav.skip')}
      </a>
      <Header answer={last} onLanguage={onLanguage} onTour={() => setTouring(true)} />
      {up || strange ? null : (
        <p role="status" className="note refusal">
          {t('live.lost')}
        </p>
      )}
      {!up && strange ? <Anew /> : null}
      {touring ? <Tour onLeave={leaveTour} /> : null}
      <div className="frame">
        <Places channels={last?.channels ?? []} place={place} onGo={setPlace} />
        <main id="place" tabIndex={-1}>
          <RefusalNote refusal={refusal} />
          {place.kind === 'start' ? (
            <ChannelForms onChannel={(name) => setPlace({ kind: 'channel', name })} />
          ) : null}
          {place.kind === 'mail' ? <Mail /> : null}
          {place.kind === 'outlook' ? <Outlook /> : null}
          {place.kind === 'waiting' ? (
            <Waiting onChannel={(name) => setPlace({ kind: 'channel', name })} />
          ) : null}
          {card === undefined ? null : (
            <Channel key={card.name} card={card} channels={last?.channels ?? []} />
          )}
        </main>
      </div>
    </>
  );
}
