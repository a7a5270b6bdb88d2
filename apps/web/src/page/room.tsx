// The room as a conversation: each entry with its author, device, time and state; documents with their safe copies.

import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, DocumentView, EntryView, RoomAnswer } from '../server/wire.ts';
import type { MessageKey } from '../words/format.ts';
import type { Comparable } from './comparison.tsx';
import { useDesk } from './desk-state.tsx';
import { SafeCopy } from './document.tsx';
import { Earlier } from './earlier.tsx';
import { English, Foreign, ForeignBlock } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { VerifiedMark } from './parts.tsx';
import { Forward } from './rooms.tsx';

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

/** What kind of entry it is, in the reader's language; a kind of a later version is called other. */
export function kindKey(kind: string): MessageKey {
  return KINDS.has(kind) ? (`kind.${kind}` as MessageKey) : 'kind.other';
}

function State({ entry }: { entry: EntryView }): ReactNode {
  const { t } = useSpeech();
  if (entry.state === null) return <VerifiedMark verified={entry.verified} />;
  return <span className={`mark state-${entry.state}`}>{t(`state.${entry.state}`)}</span>;
}

type Others = { readonly comparable: readonly Comparable[] };

function Document(
  props: { channel: string; entry: EntryView; document: DocumentView } & Others,
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
    </div>
  );
}

type Shown = { readonly channel: string; readonly entry: EntryView } & Others;

function Content({ channel, entry, comparable }: Shown): ReactNode {
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

function Entry({ channel, entry, comparable }: Shown): ReactNode {
  const { t, time } = useSpeech();
  const isTalk = entry.kind === 'text' || entry.kind === 'document';
  return (
    <div className={`entry ${entry.mine ? 'mine' : 'theirs'} ${isTalk ? 'talk' : 'act'}`}>
      <article>
        <p className="byline">
          <strong>
            <Foreign text={entry.member} />
          </strong>{' '}
          · <Foreign text={entry.party} /> · <Foreign text={entry.device} />
          {entry.mine ? <> · {t('entry.mine')}</> : null}
        </p>
        <Content channel={channel} entry={entry} comparable={comparable} />
        <p className="byline">
          {entry.entry === null ? null : <>#{entry.entry} · </>}
          <time dateTime={new Date(entry.timeMs).toISOString()}>{time(entry.timeMs)}</time>{' '}
          <State entry={entry} />
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
  if (entries === undefined) return <p className="quiet">{t('loading')}</p>;
  return (
    <section aria-label={t('tab.talk')}>
      {room !== undefined && room.from > 0 ? (
        <Earlier
          channel={name}
          count={room.from}
          show={(entry) => <Entry channel={name} entry={entry} comparable={comparable} />}
        />
      ) : null}
      <ol className="entries">
        {entries.map((entry, at) => (
          <li key={entry.leaf ?? `queued-${at}`}>
            <Entry channel={name} entry={entry} comparable={comparable} />
          </li>
        ))}
      </ol>
    </section>
  );
}
