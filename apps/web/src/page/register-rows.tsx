// The rows of the register that are in sight; on paper, all of them. Where a row stands among all, a screen reader is told.

import { memo, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { EntryView } from '../server/wire.ts';
import { Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { kindKey } from './room.tsx';
import { Told } from './told.tsx';
import { When } from './when.tsx';

/** About the height of a row whose time is of another zone; each row is measured when it is drawn. */
const ROW_PIXELS = 90;
const COLUMNS = 5;

type RowProps = {
  readonly entry: EntryView;
  /** Which of all rows it is, from 0. */
  readonly index: number;
  readonly measure: (row: HTMLTableRowElement | null) => void;
};

/** Drawn anew only when something of it changed. */
const Row = memo(function Row({ entry, index, measure }: RowProps): ReactNode {
  const { t } = useSpeech();
  return (
    // The head of the table is the first row.
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <td>{entry.entry ?? t('state.queued')}</td>
      <td>
        <When ms={entry.timeMs} zone={entry.zone} />
      </td>
      <td>
        <Foreign text={entry.member} /> · <Foreign text={entry.party} />
      </td>
      <td>{t(kindKey(entry.kind))}</td>
      <td>
        {entry.text === undefined ? (
          <Told of="entry" said={entry.said} text={entry.summary} />
        ) : (
          <ForeignBlock text={entry.text} />
        )}
      </td>
    </tr>
  );
});

/** Room for what is not drawn. */
function Gap({ pixels }: { pixels: number }): ReactNode {
  return pixels <= 0 ? null : (
    <tr aria-hidden="true">
      <td colSpan={COLUMNS} className="gap" style={{ blockSize: pixels }} />
    </tr>
  );
}

const keyOf = (entry: EntryView | undefined, index: number): string =>
  entry?.leaf ?? `queued-${index}`;

export function RegisterRows(props: {
  entries: readonly EntryView[];
  /** All of them are drawn. */
  onPaper: boolean;
}): ReactNode {
  const { entries, onPaper } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    // What stands above may have grown: a banner, a refusal.
    const box = body.current?.getBoundingClientRect();
    setTop(Math.round((box?.top ?? 0) + window.scrollY));
  }, [entries]);
  const rows = useWindowVirtualizer<HTMLTableRowElement>({
    count: entries.length,
    estimateSize: () => ROW_PIXELS,
    getItemKey: (index) => keyOf(entries[index], index),
    overscan: 10,
    scrollMargin: top,
  });
  const inSight = onPaper ? [] : rows.getVirtualItems();
  const drawn = onPaper ? entries.map((_, index) => index) : inSight.map(({ index }) => index);
  const [first, last] = [inSight.at(0), inSight.at(-1)];
  return (
    <tbody ref={body}>
      <Gap pixels={first === undefined ? 0 : first.start - top} />
      {drawn.map((index) => {
        const entry = entries[index];
        return entry === undefined ? null : (
          <Row
            key={keyOf(entry, index)}
            entry={entry}
            index={index}
            measure={rows.measureElement}
          />
        );
      })}
      <Gap pixels={last === undefined ? 0 : rows.getTotalSize() - (last.end - top)} />
    </tbody>
  );
}
