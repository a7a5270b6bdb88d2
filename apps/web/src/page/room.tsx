// The room as a conversation: each entry with its author, device, time and state; documents with their safe copies.

import {
  memo,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, DocumentView, EntryView, RoomAnswer } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import type { Comparable } from './comparison.tsx';
import { useDesk } from './desk-state.tsx';
import { SafeCopy } from './document.tsx';
import { Earlier } from './earlier.tsx';
import { Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Original, OriginalRequests } from './originals.tsx';
import { Reason, VerifiedMark } from './parts.tsx';
import { Pin, Pinned, usePinned } from './pinned.tsx';
import { Forward } from './rooms.tsx';
import { useSame } from './same.ts';
import { Labelled, Told } from './told.tsx';
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

type Shown = {
  readonly channel: string;
  readonly entry: EntryView;
  /** Documents that this one can be compared with. */
  readonly comparable: readonly Comparable[];
  readonly rooms: readonly string[];
  readonly pinned: boolean;
};

const NONE: readonly Comparable[] = [];

function Document(
  props: Pick<Shown, 'channel' | 'entry' | 'comparable'> & { readonly document: DocumentView },
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
              {': '}
              <Reason code={document.reason} />
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

function Content({
  channel,
  entry,
  comparable,
}: Pick<Shown, 'channel' | 'entry' | 'comparable'>): ReactNode {
  const { t } = useSpeech();
  if (entry.text !== undefined) return <ForeignBlock text={entry.text} />;
  if (entry.document !== undefined)
    return (
      <Document channel={channel} entry={entry} document={entry.document} comparable={comparable} />
    );
  return (
    <p className={entry.kind === 'mismatch' ? 'act-line grave' : 'act-line'}>
      <Labelled label={t(kindKey(entry.kind))}>
        <Told of="entry" said={entry.said} text={entry.summary} />
      </Labelled>
    </p>
  );
}

/** Drawn anew only when something of it changed. */
const Entry = memo(function Entry(props: Shown): ReactNode {
  const { channel, entry, comparable, rooms, pinned } = props;
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
        {entry.doubt === undefined ? null : (
          <p className="note alarm">
            <strong>{t('doubt.title')}</strong>{' '}
            <Told of="entry" said={entry.doubt} text={entry.warning ?? ''} />
          </p>
        )}
        <p className="byline">
          {entry.entry === null ? null : <>#{entry.entry} · </>}
          <When ms={entry.timeMs} zone={entry.zone} /> <State entry={entry} />
          {entry.entry === null ? null : (
            <>
              {' '}
              <Pin channel={channel} entry={entry.entry} pinned={pinned} />
            </>
          )}
        </p>
        {isTalk && entry.entry !== null ? (
          <Forward channel={channel} entry={entry.entry} rooms={rooms} />
        ) : null}
      </article>
    </div>
  );
});

/** The documents that have a safe copy here: what another can be compared with. */
function comparableIn(entries: readonly EntryView[]): Comparable[] {
  return entries.flatMap(({ entry, document, mine }) =>
    entry === null || document?.state !== 'ready' ? [] : [{ entry, name: document.name, mine }],
  );
}

const idOf = (entry: EntryView): string | undefined =>
  entry.leaf === null ? undefined : `entry-${entry.leaf.slice(0, 16)}`;

const isUnread = ({ fresh, kind }: EntryView): boolean => fresh && TALK.has(kind);

/** Who is on the tour looks at what the tour shows. */
const isShownAround = (): boolean => document.querySelector('.tour') !== null;

/**
 * A room opens at the first entry that was not read yet, or at its end; who is at the end stays there when something
 * comes. `shown` is what is drawn by now of `entries`. Answers which entry was the first unread one when the room was
 * opened.
 */
function useEnd(entries: readonly EntryView[], shown: readonly EntryView[]) {
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [unread] = useState(() => entries.find(isUnread)?.leaf ?? null);
  const sought = useRef(unread);
  useEffect(() => {
    if (!isShownAround()) end.current?.scrollIntoView({ block: 'end' });
    const watcher = new IntersectionObserver(([seen]) => {
      atEnd.current = seen?.isIntersecting === true;
    });
    if (end.current !== null) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => {
    const first =
      sought.current === null
        ? null
        : document.querySelector(`#entry-${sought.current.slice(0, 16)}`);
    if (first === null) {
      if (atEnd.current && !isShownAround()) end.current?.scrollIntoView({ block: 'end' });
      return;
    }
    sought.current = null;
    atEnd.current = false;
    if (!isShownAround()) first.scrollIntoView({ block: 'start' });
  }, [shown]);
  return { end, unread };
}

type Talk = {
  readonly card: ChannelCard;
  /** The other rooms of the channel, which an entry can be moved to. */
  readonly rooms: readonly string[];
};

export function Conversation({
  room,
  ...talk
}: Talk & { room: RoomAnswer | undefined }): ReactNode {
  const { t } = useSpeech();
  if (room === undefined) return <p className="quiet">{t('loading')}</p>;
  return <Entries {...talk} room={room} />;
}

/** Entries drawn at once when a room is opened: more than a screen. The others follow in small steps. */
const AT_ONCE = 15;

function Entries({ card, room, rooms }: Talk & { room: RoomAnswer }): ReactNode {
  const { t } = useSpeech();
  const { link } = useDesk();
  const { name, fresh } = card;
  useEffect(() => {
    // Seen is what stood on a screen that a person could look at.
    if (fresh > 0 && document.visibilityState === 'visible')
      void link.ask('seen', { channel: name }).catch(() => undefined);
  }, [link, name, fresh]);
  const { entries } = room;
  const shown = useDeferredValue(entries, entries.slice(-AT_ONCE));
  const comparable = useSame(useMemo(() => comparableIn(entries), [entries]));
  const kept = usePinned(name);
  const pinned = useMemo(() => new Set(kept.map(({ entry }) => entry)), [kept]);
  const { end, unread } = useEnd(entries, shown);
  const show = (entry: EntryView): ReactNode => (
    <Entry
      channel={name}
      entry={entry}
      comparable={entry.document === undefined ? NONE : comparable}
      rooms={rooms}
      pinned={pinned.has(entry.entry)}
    />
  );
  return (
    <section aria-label={t('tab.talk')}>
      {card.room === 'caucus' ? <OriginalRequests channel={name} /> : null}
      <Pinned channel={name} entries={kept} />
      {room.from > 0 ? <Earlier channel={name} count={room.from} show={show} /> : null}
      <ol className="entries">
        {shown.map((entry, at) => (
          <li key={entry.leaf ?? `queued-${at}`} id={idOf(entry)}>
            {entry.leaf !== null && entry.leaf === unread ? (
              <p className="since">{t('room.since')}</p>
            ) : null}
            {show(entry)}
          </li>
        ))}
      </ol>
      <div ref={end} className="end" />
    </section>
  );
}
