// The registrar's place: what waits in every channel, and how each line to its relay stands.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Waiting as Item, WaitingAnswer } from '../server/wire.ts';
import { useAnswer } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { RefusalNote } from './parts.tsx';

const STATES = { up: 'relay.up', down: 'relay.silent', unknown: 'relay.unknown' } as const;
const MARKS = { now: 'mark bad', soon: 'mark warn', know: 'mark' } as const;

function Row({ item, onChannel }: { item: Item; onChannel: (name: string) => void }): ReactNode {
  const { t, time } = useSpeech();
  return (
    <tr>
      <td>
        <span className={MARKS[item.gravity]}>{t(`gravity.${item.gravity}`)}</span>
      </td>
      <td>
        <Button className="plain" onPress={() => onChannel(item.channel)}>
          <Foreign text={item.channel} />
        </Button>
      </td>
      <td>
        {t(`waiting.${item.what}`, { count: item.count })}{' '}
        {item.entry === null ? null : `#${item.entry}`}{' '}
        {item.who === null ? null : <Foreign text={item.who} />}
      </td>
      <td>{item.sinceMs === null ? null : time(item.sinceMs)}</td>
    </tr>
  );
}

function Lines({ lines }: { lines: WaitingAnswer['lines'] }): ReactNode {
  const { t, time, number } = useSpeech();
  return (
    <div className="scroller" role="region" aria-label={t('relay.title')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('nav.channels')}</th>
            <th scope="col">{t('relay.state')}</th>
            <th scope="col">{t('relay.last')}</th>
            <th scope="col">{t('relay.took')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ channel, relay, lastMs, tookMs }) => (
            <tr key={channel}>
              <th scope="row">
                <Foreign text={channel} />
              </th>
              <td>
                <span className={relay === 'down' ? 'mark bad' : 'mark'}>{t(STATES[relay])}</span>
              </td>
              <td>{lastMs === null ? null : time(lastMs)}</td>
              <td>{tookMs === null ? null : t('relay.ms', { count: number(tookMs) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Waiting({ onChannel }: { onChannel: (name: string) => void }): ReactNode {
  const { t } = useSpeech();
  const { value, refusal } = useAnswer('waiting', {});
  const [kept, setKept] = useState<WaitingAnswer>();
  if (value !== undefined && value !== kept) setKept(value);
  return (
    <>
      <h1>{t('nav.waiting')}</h1>
      <RefusalNote refusal={refusal} />
      {kept === undefined ? <p className="quiet">{t('loading')}</p> : null}
      {kept?.waiting.length === 0 ? <p role="status">{t('waiting.nothing')}</p> : null}
      {kept === undefined || kept.waiting.length === 0 ? null : (
        <div className="scroller" role="region" aria-label={t('nav.waiting')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('waiting.when')}</th>
                <th scope="col">{t('nav.channels')}</th>
                <th scope="col">{t('register.what')}</th>
                <th scope="col">{t('waiting.since')}</th>
              </tr>
            </thead>
            <tbody>
              {kept.waiting.map((item, at) => (
                <Row key={at} item={item} onChannel={onChannel} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h2>{t('relay.title')}</h2>
      {kept === undefined ? null : <Lines lines={kept.lines} />}
    </>
  );
}
