// The record as a table: every entry, newest first, with a filter by kind and a search over all that was written.

import { useDeferredValue, useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { EntryView, SearchAnswer } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import { useDesk, useDoing } from './desk-state.tsx';
import { English, Foreign, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, Field, RefusalNote } from './parts.tsx';
import { KINDS, kindKey } from './room.tsx';
import { When } from './when.tsx';

const ALL = 'all';
const END = 10_000_000;

function Row({ entry }: { entry: EntryView }): ReactNode {
  const { t } = useSpeech();
  return (
    <tr>
      <td>{entry.entry ?? t('state.queued')}</td>
      <td>
        <When ms={entry.timeMs} zone={entry.zone} />
      </td>
      <td>
        <Foreign text={entry.member} />, <Foreign text={entry.party} />
      </td>
      <td>{t(kindKey(entry.kind))}</td>
      <td>
        {entry.text === undefined ? (
          <English text={entry.summary} />
        ) : (
          <Foreign text={entry.text} />
        )}
      </td>
    </tr>
  );
}

export function Register({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const { version } = useDesk();
  const { refusal, run } = useDoing();
  const [kind, setKind] = useState(ALL);
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<SearchAnswer>();
  const words = useDeferredValue(search.trim());
  const asked = { channel, words, kind: kind === ALL ? '' : kind };
  const question = JSON.stringify(asked);
  useEffect(() => {
    void run(async (link) => {
      setFound(await link.ask('search', { ...(JSON.parse(question) as object), before: END }));
    });
  }, [run, question, version]);
  const more = async (): Promise<void> => {
    await run(async (link) => {
      const before = found?.before ?? 0;
      const next = await link.ask<SearchAnswer>('search', { ...asked, before });
      setFound({ ...next, entries: [...(found?.entries ?? []), ...next.entries] });
    });
  };
  const kinds = [...KINDS].toSorted().map((one) => [one, t(`kind.${one}` as MessageKey)] as const);
  return (
    <>
      <div className="filters">
        <Choice
          label={t('register.kind')}
          value={kind}
          options={[[ALL, t('register.all')] as const, ...kinds]}
          onChange={setKind}
        />
        <Field label={t('register.search')} value={search} onChange={setSearch} />
      </div>
      <RefusalNote refusal={refusal} />
      <p role="status">
        {found === undefined ? t('loading') : t('register.count', { count: found.entries.length })}
        {found === undefined || found.unread === 0
          ? null
          : ` ${t('register.unread', { count: found.unread })}`}
      </p>
      <div className="scroller" role="region" aria-label={t('tab.register')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('register.number')}</th>
              <th scope="col">{t('register.time')}</th>
              <th scope="col">{t('register.who')}</th>
              <th scope="col">{t('register.kind')}</th>
              <th scope="col">{t('register.what')}</th>
            </tr>
          </thead>
          <tbody>
            {(found?.entries ?? []).map((entry, at) => (
              <Row key={entry.leaf ?? `queued-${at}`} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
      {found === undefined || found.before === null ? null : (
        <Button className="plain" onPress={() => void more()}>
          {t('room.older')}
        </Button>
      )}
      <p>
        {t('field.root')} <Groups hex={found?.root ?? ''} />
      </p>
    </>
  );
}
