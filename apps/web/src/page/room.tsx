// The room as a conversation: each entry with its author, device, time and state; documents with their safe copies.

import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, DocumentView, EntryView, RoomAnswer } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import type { Comparable } from './comparison.tsx';
import { useDesk } from './desk-state.tsx';
import { SafeCopy } from './document.tsx';
import { Earlier } from './earlier.tsx';
import { English, Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Original, OriginalRequests } from './originals.tsx';
import { VerifiedMark } from './parts.tsx';
import { Pin, Pinned, usePinned } from './pinned.tsx';
import { Forward } from './rooms.tsx';
import { When } from './when.tsx';

export const KINDS: ReadonlySet<string> = new Set([
  'found',
  'party-admitted',
  'device-admitted',
  'device-removed',
  'verify-offer',
  'verify-answer',
  'verify-open',
  'verified',
  'mismatch',
  'text',
  'document',
  'disarmed',
  'mail-directory',
  'mail-attestation',
  'mail-day-key',
  'mail-count',
  'forecast',
  'opened',
  'posture-raised',
  'posture-lowering',
  'line-check',
  'line-answer',
  'release-asked',
  'release-given',
  'original-asked',
  'original-approved',
  'original-written',
  'room-founded',
  'room-restarted',
  'restart-accepted',
  'admission-proposed',
  'member-renamed',
  'member-suspended',
  'member-resumed',
  'party-policy',
  'authority-changed',
  'objection',
  'recovery-shared',
  'recovery-asked',
  'recovery-given',
  'off-record-proposed',
  'off-record-agreed',
  'off-record-closed',
]);

const TALK: ReadonlySet<string> = new Set(['text', 'document']);

/** What kind of entry it is, in the reader's language; a kind of a later version is called other. */
export function kindKey(kind: string): MessageKey {
  return KINDS.has(kind) ? (`kind.${kind}` as MessageKey) : 'kind.other';
}

function State({ entry }: { entry: EntryView }): ReactNode {
  const { t } = useSpeech();
  if (entry.state === null) return <VerifiedMark verified={entry.verified} />;
  return <span className={`mark state-${entry.state}`}>{t(`state.${entry.state}`)}</span>;
}

type Others = {
  readonly comparable: readonly Comparable[];
  readonly pinned: ReadonlySet<number | null>;
};

function Document(
  props: { channel: string; entry: EntryView; document: DocumentView } & Pick<Others, 'comparable'>,
): ReactNode {
  const { t, number } = useSpeech();
  const [open, setOpen] = useState(false);
  const { document, entry } = props;
  const { state } = document;
  return (
    <div className="document">
      <p>
        <Foreign text={document.name} />{' '}
        <span className="quiet">{t('size.bytes', { size: number(document.size) })}</span>{' '}
        <span className={`mark document-${state}`}>
          {t(`document.${state}`)}
          {document.reason === undefined ? null : (
            <>
              {' '}
              <code dir="ltr">{document.reason}</code>
            </>
          )}
        </span>
      </p>
      {state === 'mine' || entry.entry === null ? null : (
        <Button className="act" aria-expanded={open} onPress={() => setOpen(!open)}>
          {t(open ? 'document.close' : 'document.open')}
        </Button>
      )}
      {open && entry.entry !== null ? (
        <SafeCopy
          channel={props.channel}
          entry={entry.entry}
          others={props.comparable.filter((one) => one.entry !== entry.entry)}
        />
      ) : null}
      {open && entry.entry !== null && state !== 'not-fetched' ? (
        <Original channel={props.channel} entry={entry.entry} />
      ) : null}
    </div>
  );
}

type Shown = { readonly channel: string; readonly entry: EntryView } & Others;

function Content({ channel, entry, comparable }: Omit<Shown, 'pinned'>): ReactNode {
  const { t } = useSpeech();
  if (entry.text !== undefined) return <ForeignBlock text={entry.text} />;
  if (entry.document !== undefined)
    return (
      <Document channel={channel} entry={entry} document={entry.document} comparable={comparable} />
    );
  return (
    <p className={entry.kind === 'mismatch' ? 'act-line grave' : 'act-line'}>
      {t(kindKey(entry.kind))}: <English text={entry.summary} />
    </p>
  );
}

function Entry({ channel, entry, comparable, pinned }: Shown): ReactNode {
  const { t } = useSpeech();
  const isTalk = TALK.has(entry.kind);
  return (
    <div className={`entry ${entry.mine ? 'mine' : 'theirs'} ${isTalk ? 'talk' : 'act'}`}>
      <article>
        <p className="byline">
          <strong>
            <Foreign text={entry.member} />
          </strong>{' '}
          · <Foreign text={entry.party} /> · <Foreign text={entry.device} />
          {entry.mine ? <> · {t('entry.mine')}</> : null}
          {entry.mentions ? (
            <>
              {' '}
              <span className="mark warn">{t('mention.you')}</span>
            </>
          ) : null}
        </p>
        <Content channel={channel} entry={entry} comparable={comparable} />
        <p className="byline">
          {entry.entry === null ? null : <>#{entry.entry} · </>}
          <When ms={entry.timeMs} zone={entry.zone} /> <State entry={entry} />
          {entry.entry === null ? null : (
            <>
              {' '}
              <Pin channel={channel} entry={entry.entry} pinned={pinned.has(entry.entry)} />
            </>
          )}
        </p>
        {isTalk && entry.entry !== null ? <Forward channel={channel} entry={entry.entry} /> : null}
      </article>
    </div>
  );
}

/** The documents that have a safe copy here: what another can be compared with. */
function comparableIn(entries: readonly EntryView[]): Comparable[] {
  return entries.flatMap(({ entry, document, mine }) =>
    entry === null || document?.state !== 'ready' ? [] : [{ entry, name: document.name, mine }],
  );
}

const idOf = (entry: EntryView): string | undefined =>
  entry.leaf === null ? undefined : `entry-${entry.leaf.slice(0, 16)}`;

/**
 * A room opens at the first entry that was not read yet, or at its end; who is at the end stays there when something
 * comes. `unread` names the entry that was the first unread one when the room was opened.
 */
function useEnd(entries: readonly EntryView[] | undefined) {
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(false);
  const [unread, setUnread] = useState<string | null>();
  const opened = entries !== undefined;
  const count = entries?.length ?? 0;
  if (opened && unread === undefined)
    setUnread(entries.find(({ fresh, kind }) => fresh && TALK.has(kind))?.leaf ?? null);
  useEffect(() => {
    if (!opened || unread === undefined) return undefined;
    const first = unread === null ? null : document.querySelector(`#entry-${unread.slice(0, 16)}`);
    if (first === null) end.current?.scrollIntoView({ block: 'end' });
    else first.scrollIntoView({ block: 'start' });
    const watcher = new IntersectionObserver(([seen]) => {
      atEnd.current = seen?.isIntersecting === true;
    });
    if (end.current !== null) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [opened, unread]);
  useEffect(() => {
    if (atEnd.current) end.current?.scrollIntoView({ block: 'end' });
  }, [count]);
  return { end, unread };
}

export function Conversation({
  card,
  room,
}: {
  card: ChannelCard;
  room: RoomAnswer | undefined;
}): ReactNode {
  const { t } = useSpeech();
  const { link } = useDesk();
  const { name, fresh } = card;
  const entries = room?.entries;
  const visible = entries !== undefined;
  useEffect(() => {
    // Seen is what stood on a screen that a person could look at.
    if (visible && fresh > 0 && document.visibilityState === 'visible')
      void link.ask('seen', { channel: name }).catch(() => undefined);
  }, [link, name, fresh, visible]);
  const comparable = useMemo(() => comparableIn(entries ?? []), [entries]);
  const kept = usePinned(name);
  const pinned = useMemo(() => new Set(kept.map(({ entry }) => entry)), [kept]);
  const { end, unread } = useEnd(entries);
  if (entries === undefined) return <p className="quiet">{t('loading')}</p>;
  return (
    <section aria-label={t('tab.talk')}>
      {card.room === 'caucus' ? <OriginalRequests channel={name} /> : null}
      <Pinned channel={name} entries={kept} />
      {room !== undefined && room.from > 0 ? (
        <Earlier
          channel={name}
          count={room.from}
          show={(entry) => (
            <Entry channel={name} entry={entry} comparable={comparable} pinned={pinned} />
          )}
        />
      ) : null}
      <ol className="entries">
        {entries.map((entry, at) => (
          <li key={entry.leaf ?? `queued-${at}`} id={idOf(entry)}>
            {entry.leaf !== null && entry.leaf === unread ? (
              <p className="since">{t('room.since')}</p>
            ) : null}
            <Entry channel={name} entry={entry} comparable={comparable} pinned={pinned} />
          </li>
        ))}
      </ol>
      <div ref={end} className="end" />
    </section>
  );
}
