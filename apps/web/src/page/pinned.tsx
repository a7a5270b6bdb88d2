// What this desk keeps in sight of a room, above the conversation; nobody else knows of it.

import type { ReactNode } from 'react';
import type { EntryView } from '../server/wire.ts';
import { useAnswer, useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Told } from './told.tsx';

export function Pin(props: { channel: string; entry: number; pinned: boolean }): ReactNode {
  const { t } = useSpeech();
  const { run } = useDoing();
  const { channel, entry, pinned } = props;
  const label = t(pinned ? 'pin.remove' : 'pin.add', { entry });
  return (
    // Plain, since every entry has one.
    <button
      type="button"
      className="plain pin"
      aria-label={label}
      aria-pressed={pinned}
      onClick={() =>
        void run(async (link) => {
          await link.ask('pin', { channel, entry, on: !pinned });
        })
      }
    >
      <span aria-hidden="true">{pinned ? '★' : '☆'}</span>
    </button>
  );
}

function Line({ channel, entry }: { channel: string; entry: EntryView }): ReactNode {
  const { document, text, summary, member } = entry;
  if (entry.entry === null) return null;
  return (
    <li>
      <span className="quiet">#{entry.entry}</span> <Foreign text={member} />:{' '}
      {text === undefined && document === undefined ? (
        <Told of="entry" said={entry.said} text={summary} />
      ) : (
        <Foreign text={document?.name ?? text ?? ''} />
      )}{' '}
      <Pin channel={channel} entry={entry.entry} pinned />
    </li>
  );
}

/** The numbers of what is pinned, for the marks beside entries. */
export function usePinned(channel: string): readonly EntryView[] {
  return useAnswer('pins', { channel }).value?.entries ?? [];
}

export function Pinned(props: { channel: string; entries: readonly EntryView[] }): ReactNode {
  const { t } = useSpeech();
  const { channel, entries } = props;
  if (entries.length === 0) return null;
  return (
    <section className="note pinned" aria-label={t('pin.title')}>
      <h2>{t('pin.title')}</h2>
      <ul>
        {entries.map((entry) => (
          <Line key={entry.entry} channel={channel} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
