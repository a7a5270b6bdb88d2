// What was said before the newest entries: only what is in sight is in the page, fetched a stretch at a time.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { EntryView, RoomAnswer } from '../server/wire.ts';
import { useDesk } from './desk-state.tsx';
import { useSpeech } from './language.tsx';
import { sameEntries } from './same.ts';

const STRETCH = 100;
/** About the height of a short message; each row is measured when it is drawn. */
const ROW_PIXELS = 96;

/** Stretches of entries that were asked for. An entry does not change; how far it got may, so news asks anew. */
function useStretches(channel: string, version: number) {
  const { link } = useDesk();
  const [stretches, setStretches] = useState<ReadonlyMap<number, readonly EntryView[]>>(new Map());
  const asked = useRef(new Set<number>());
  useEffect(() => {
    asked.current.clear();
  }, [version]);
  const want = (stretch: number): void => {
    if (asked.current.has(stretch)) return;
    asked.current.add(stretch);
    link
      .ask<RoomAnswer>('room', { channel, from: stretch * STRETCH, count: STRETCH })
      .then(({ entries }) =>
        setStretches((before) =>
          new Map(before).set(stretch, sameEntries(before.get(stretch) ?? [], entries)),
        ),
      )
      .catch(() => asked.current.delete(stretch));
  };
  return { stretches, want };
}

export function Earlier(props: {
  channel: string;
  /** Entries 0 to `count` - 1 are shown here. */
  count: number;
  show: (entry: EntryView) => ReactNode;
}): ReactNode {
  const { t } = useSpeech();
  const { version } = useDesk();
  const { channel, count, show } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { stretches, want } = useStretches(channel, version);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 6,
    initialOffset: () => count * ROW_PIXELS,
  });
  const shown = rows.getVirtualItems();
  const first = shown.at(0)?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    for (let one = Math.floor(first / STRETCH); one <= Math.floor(last / STRETCH); one++) want(one);
  });
  return (
    <div
      ref={scroller}
      className="earlier"
      role="region"
      aria-label={t('room.earlier', { count })}
      tabIndex={0}
    >
      <p className="quiet">{t('room.earlier', { count })}</p>
      <ol className="entries stretch" style={{ blockSize: rows.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const entry = stretches.get(Math.floor(index / STRETCH))?.[index % STRETCH];
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="row"
              style={{ transform: `translateY(${start}px)` }}
            >
              {entry === undefined ? <div className="entry act">#{index} …</div> : show(entry)}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
