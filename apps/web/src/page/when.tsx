// A time as the reader's zone has it, with the sender's beside it where the two differ.

import type { ReactNode } from 'react';
import { useSpeech } from './language.tsx';

/** `+09:00`: how a zone is written, here and for Intl. */
function offset(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function When({ ms, zone }: { ms: number; zone: number | null }): ReactNode {
  const { t, time, timeIn } = useSpeech();
  // A stranger's clock may name a time that no calendar has.
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return <span dir="ltr">{ms} ms</span>;
  const same = zone === null || zone === -date.getTimezoneOffset();
  return (
    <>
      <time dateTime={date.toISOString()}>{time(ms)}</time>
      {same ? null : (
        <span className="quiet sender">
          <span className="between"> · </span>
          {t('time.sender', {
            time: timeIn(ms, offset(zone)),
            zone: `\u2066UTC${offset(zone)}\u2069`,
          })}
        </span>
      )}
    </>
  );
}
