// The record as a table: every entry, newest first, with a filter by kind and a search over all that was written.

import { useDeferredValue, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { EntryView, SearchAnswer } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import { useAnswer, useDesk, useDoing } from './desk-state.tsx';
import { Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { useOnPaper } from './on-paper.ts';
import { Choice, Field, RefusalNote } from './parts.tsx';
import { RegisterRows } from './register-rows.tsx';
import { KINDS } from './room.tsx';
import { sameEntries } from './same.ts';

const ALL = 'all';
const END = 10_000_000;

type Rows = {
  readonly question: string;
  /** The answer that the newest rows are of. */
  readonly newest: SearchAnswer;
  readonly found: SearchAnswer;
};

/** New rows before those that are known already; without these where there may be others between. */
function joined(known: SearchAnswer | undefined, newest: SearchAnswer): SearchAnswer {
  const entries = sameEntries(known?.entries ?? [], newest.entries);
  const oldest = newest.entries.at(-1)?.entry ?? null;
  const newestKnown = known?.entries.find(({ entry }) => entry !== null)?.entry ?? null;
  if (known === undefined || newest.before === null || oldest === null || newestKnown === null)
    return { ...newest, entries };
  if (newestKnown < oldest) return { ...newest, entries };
  const older = known.entries.filter(({ entry }) => entry !== null && entry < oldest);
  if (older.length === 0) return { ...newest, entries };
  return { ...newest, entries: [...entries, ...older], before: known.before };
}

/** What was found so far: the newest rows, which follow the record, and the older ones that were asked for. */
function useRows(fields: { channel: string; words: string; kind: string }) {
  const question = JSON.stringify(fields);
  const { value, refusal } = useAnswer('search', { ...fields, before: END });
  const [rows, setRows] = useState<Rows>();
  if (value !== undefined && value !== rows?.newest) {
    const known = rows?.question === question ? rows.found : undefined;
    setRows({ question, newest: value, found: joined(known, value) });
  }
  const { link } = useDesk();
  /** Asks for a stretch of older rows; answers where the next begins. */
  const more = async (before = rows?.found.before ?? 0): Promise<number | null> => {
    const next = await link.ask<SearchAnswer>('search', { ...fields, before });
    setRows((now) => {
      // Meanwhile something else may have been asked for, or these rows may have come already.
      if (now?.question !== question || now.found.before !== before) return now;
      return { ...now, found: { ...next, entries: [...now.found.entries, ...next.entries] } };
    });
    return next.before;
  };
  return { found: rows?.found, refusal, more };
}

const NO_ROWS: readonly EntryView[] = [];

export function Register({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const [kind, setKind] = useState(ALL);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search.trim());
  const { found, refusal, more } = useRows({ channel, words, kind: kind === ALL ? '' : kind });
  const older = useDoing();
  const onPaper = useOnPaper();
  /** On paper are all that the filter and the search find, also those that nobody scrolled to. */
  const print = async (): Promise<void> => {
    let before = found?.before ?? null;
    while (before !== null) before = await more(before);
    // What came last is known to the page after the next frame.
    await new Promise((settle) => requestAnimationFrame(() => setTimeout(settle)));
    window.print();
  };
  const rows = useDeferredValue(found?.entries ?? NO_ROWS, NO_ROWS);
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
      <RefusalNote refusal={refusal ?? older.refusal} />
      <p role="status">
        {found === undefined ? t('loading') : t('register.count', { count: found.entries.length })}
        {found === undefined || found.unread === 0
          ? null
          : ` ${t('register.unread', { count: found.unread })}`}
      </p>
      <div className="scroller" role="region" aria-label={t('tab.register')} tabIndex={0}>
        <table
          className="register"
          // How many there are is not known before the last was asked for.
          aria-rowcount={found?.before === null ? rows.length + 1 : -1}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{t('register.number')}</th>
              <th scope="col">{t('register.time')}</th>
              <th scope="col">{t('register.who')}</th>
              <th scope="col">{t('register.kind')}</th>
              <th scope="col">{t('register.what')}</th>
            </tr>
          </thead>
          <RegisterRows entries={onPaper ? (found?.entries ?? NO_ROWS) : rows} onPaper={onPaper} />
        </table>
      </div>
      {found === undefined || found.before === null ? null : (
        <Button className="plain" onPress={() => void older.run(async () => void (await more()))}>
          {t('room.older')}
        </Button>
      )}
      <Button className="plain" onPress={() => void older.run(print)}>
        {t('register.print')}
      </Button>
      <p>
        {t('field.root')} <Groups hex={found?.root ?? ''} />
      </p>
    </>
  );
}
