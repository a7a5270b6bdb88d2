// The record as a table: every entry, with a filter by kind and a search over what was written.

import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import type { EntryView } from '../server/wire.ts';
import { English, Foreign, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, Field } from './parts.tsx';
import { kindKey } from './room.tsx';

const ALL = 'all';

function matches(entry: EntryView, words: string): boolean {
  if (words === '') return true;
  const { member, party, device, summary, document } = entry;
  const text = [member, party, device, summary, document?.name ?? ''].join('\n');
  return text.normalize('NFKC').toLocaleLowerCase().includes(words);
}

export function Register({
  entries,
  root,
}: {
  entries: readonly EntryView[];
  root: string;
}): ReactNode {
  const { t, time } = useSpeech();
  const [kind, setKind] = useState(ALL);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search).trim().normalize('NFKC').toLocaleLowerCase();
  const kinds = useMemo(
    () => [...new Set(entries.map((entry) => entry.kind))].toSorted(),
    [entries],
  );
  const found = useMemo(
    () => entries.filter((entry) => (kind === ALL || entry.kind === kind) && matches(entry, words)),
    [entries, kind, words],
  );
  return (
    <>
      <div className="filters">
        <Choice
          label={t('register.kind')}
          value={kind}
          options={[
            [ALL, t('register.all')] as const,
            ...kinds.map((one) => [one, t(kindKey(one))] as const),
          ]}
          onChange={setKind}
        />
        <Field label={t('register.search')} value={search} onChange={setSearch} />
      </div>
      <p role="status">{t('register.count', { count: found.length })}</p>
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
            {found.map((entry, at) => (
              <tr key={entry.leaf ?? `queued-${at}`}>
                <td>{entry.entry ?? t('state.queued')}</td>
                <td>{time(entry.timeMs)}</td>
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
            ))}
          </tbody>
        </table>
      </div>
      <p>
        {t('field.root')} <Groups hex={root} />
      </p>
    </>
  );
}
