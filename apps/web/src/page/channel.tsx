// One channel: its banners, and its places: conversation, register, parties, posture.

import { useDeferredValue, useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { AlarmView, ChannelCard, RoomAnswer } from '../server/wire.ts';
import { Composer, SkipToMessage, mayWrite } from './composer.tsx';
import { useAnswer } from './desk-state.tsx';
import { Foreign, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { OffRecord, useOffRecord } from './off-record.tsx';
import { Parties } from './parties.tsx';
import { RefusalNote } from './parts.tsx';
import { Posture } from './posture.tsx';
import { Register } from './register.tsx';
import { Conversation } from './room.tsx';
import { Told } from './told.tsx';
import { sameEntries, useSame } from './same.ts';

/** The newest entries, which are asked for again after every change. Earlier ones come when they are scrolled to. */
const NEWEST = 100;

function Alarms({ alarms }: { alarms: readonly AlarmView[] }): ReactNode {
  return (
    <ul>
      {alarms.map(({ said, text }, at) => (
        <li key={at}>
          <Told of="alarm" said={said} text={text} />
        </li>
      ))}
    </ul>
  );
}

/** What stands above everything else while it lasts, with the next act. */
function Banners({ card, room }: { card: ChannelCard; room: RoomAnswer | undefined }): ReactNode {
  const { t, time } = useSpeech();
  const alarms = room?.alarms ?? [];
  const ofParties = alarms.filter(({ ofParty }) => ofParty);
  const grave = alarms.filter(({ ofParty }) => !ofParty);
  return (
    <>
      {card.frozen === null ? null : (
        <div role="alert" className="note alarm">
          <p>
            <strong>{t('frozen.title')}</strong> {t('frozen.meaning')}
          </p>
          <p>
            <Told
              of="alarm"
              said={card.frozenWhy?.said ?? null}
              text={card.frozenWhy?.text ?? card.frozen}
            />
          </p>
        </div>
      )}
      {ofParties.length === 0 ? null : (
        <div role="alert" className="note alarm">
          <p>
            <strong>{t('alarm.party')}</strong>
          </p>
          <Alarms alarms={ofParties} />
        </div>
      )}
      {grave.length === 0 ? null : (
        <div role="alert" className="note alarm">
          <p>
            <strong>{t('alarm.title')}</strong>
          </p>
          <Alarms alarms={grave} />
          <p>{t('alarm.next')}</p>
          <p>
            {t('field.root')} <Groups hex={card.root} />
          </p>
        </div>
      )}
      {card.line.relay === 'down' ? (
        <p role="status" className="note refusal">
          {t('relay.down', { time: time(card.line.sinceMs ?? 0) })}
        </p>
      ) : null}
      <RefusalNote refusal={card.frozen === null ? (card.line.trouble ?? undefined) : undefined} />
    </>
  );
}

function Asking({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <h1>
        <Foreign text={card.name} />
      </h1>
      <p className="note">{t('asking.wait')}</p>
      <RefusalNote refusal={card.line.trouble ?? undefined} />
    </>
  );
}

type Here = {
  readonly card: ChannelCard;
  /** Every channel and room of this desk. */
  readonly channels: readonly ChannelCard[];
};

export function Channel({ card, channels }: Here): ReactNode {
  if (card.stage === 'asking') return <Asking card={card} />;
  return <OpenChannel card={card} channels={channels} />;
}

/** The newest entries. Where an answer says the same of one as before, the one of before stays. */
function useNewest(name: string) {
  const { value, refusal } = useAnswer('room', { channel: name, count: NEWEST });
  const [kept, setKept] = useState<{ answer: RoomAnswer; room: RoomAnswer }>();
  if (value !== undefined && value !== kept?.answer) {
    const entries = sameEntries(kept?.room.entries ?? [], value.entries);
    setKept({ answer: value, room: { ...value, entries } });
  }
  return { room: kept?.room, refusal };
}

function OpenChannel({ card, channels }: Here): ReactNode {
  const { t } = useSpeech();
  const talk = useOffRecord(card);
  const isTalking = talk?.state === 'there' || talk?.state === 'open';
  const [tab, setTab] = useState('talk');
  // The press is answered before a long conversation is taken down, so what a panel holds follows its tab.
  const place = useDeferredValue(tab);
  const { room, refusal } = useNewest(card.name);
  const others = channels.filter(
    (one) => one.channel === card.channel && one.name !== card.name && one.stage === 'open',
  );
  const rooms = useSame(others.map(({ name }) => name));
  return (
    <>
      <h1>
        <Foreign text={card.name} />
      </h1>
      <Banners card={card} room={room} />
      <RefusalNote refusal={refusal} />
      <OffRecord card={card} view={talk} />
      <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))}>
        <TabList aria-label={t('tab.list')}>
          <Tab id="talk">{t('tab.talk')}</Tab>
          <Tab id="register">{t('tab.register')}</Tab>
          <Tab id="parties">{t('tab.parties')}</Tab>
          <Tab id="posture">{t('tab.posture')}</Tab>
        </TabList>
        <TabPanel id="talk" shouldForceMount>
          {place === 'talk' ? (
            <>
              {mayWrite(card) && !isTalking ? <SkipToMessage /> : null}
              <Conversation card={card} room={room} rooms={rooms} />
              {isTalking ? <p className="note">{t('off.noComposer')}</p> : <Composer card={card} />}
            </>
          ) : null}
        </TabPanel>
        <TabPanel id="register" shouldForceMount>
          {place === 'register' ? <Register channel={card.name} /> : null}
        </TabPanel>
        <TabPanel id="parties" shouldForceMount>
          {place === 'parties' ? <Parties card={card} /> : null}
        </TabPanel>
        <TabPanel id="posture" shouldForceMount>
          {place === 'posture' ? <Posture channel={card.name} /> : null}
        </TabPanel>
      </Tabs>
    </>
  );
}
