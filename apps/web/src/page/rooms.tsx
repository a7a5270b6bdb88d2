// Rooms of a channel: opening one for our own party or with some others, and moving an entry to a wider one.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelCard, DisclosureAnswer } from '../server/wire.ts';
import { useDoing } from './desk-state.tsx';
import { Foreign, ForeignBlock, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, Field, Form, RefusalNote } from './parts.tsx';

const CAUCUS = 'caucus';

/** Opens a caucus, or a room with the parties that are ticked. */
export function NewRoom({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>(CAUCUS);
  const others = card.parties.filter(({ mine }) => !mine);
  const options = [
    [CAUCUS, t('room.caucus')] as const,
    ...others.map((party) => [party.fingerprint, party.name] as const),
  ];
  const open = async (): Promise<void> => {
    const opened = await run(async (link) => {
      await link.ask('open-room', {
        channel: card.name,
        kind: kind === CAUCUS ? 'caucus' : 'bilateral',
        with: kind === CAUCUS ? '' : kind,
        name,
      });
    });
    if (opened) setName('');
  };
  return (
    <section>
      <h2>{t('room.new')}</h2>
      <Form
        label={t('room.new')}
        act={t('room.open')}
        busy={busy}
        refusal={refusal}
        onAct={() => void open()}
      >
        <Choice label={t('room.for')} value={kind} options={options} onChange={setKind} />
        <Field label={t('channel.name')} value={name} onChange={setName} />
      </Form>
    </section>
  );
}

type Forwarded = {
  readonly channel: string;
  readonly entry: number;
  /** The other rooms of the channel. */
  readonly rooms: readonly string[];
};

/** An entry can be moved to another room, where there is one. The form is made when it is asked for. */
export function Forward(props: Forwarded): ReactNode {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  if (props.rooms.length === 0) return null;
  return (
    <details className="forward" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('forward.title')}</summary>
      {open ? <ForwardForm {...props} /> : null}
    </details>
  );
}

/** First everything that would be disclosed and to whom; then, by a second press, that and nothing else. */
function ForwardForm({ channel, entry, rooms }: Forwarded): ReactNode {
  const { t, number } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [to, setTo] = useState('');
  const [shown, setShown] = useState<DisclosureAnswer>();
  const [done, setDone] = useState(false);
  const target = to === '' ? (rooms[0] ?? '') : to;
  const asked = { channel, entry, to: target };
  const act = async (): Promise<void> => {
    await run(async (link) => {
      if (shown === undefined) return setShown(await link.ask('disclose', asked));
      await link.ask('forward', asked);
      setShown(undefined);
      setDone(true);
    });
  };
  return (
    <>
      <Choice
        label={t('forward.to')}
        value={target}
        options={rooms.map((name) => [name, name] as const)}
        onChange={(next) => {
          setTo(next);
          setShown(undefined);
        }}
      />
      {shown === undefined ? null : (
        <div className="note alarm">
          <p>
            <strong>{t('forward.disclosed')}</strong>
          </p>
          {shown.text === undefined ? null : <ForeignBlock text={shown.text} />}
          {shown.document === undefined ? null : (
            <p>
              <Foreign text={shown.document.name} />,{' '}
              {t('size.bytes', { size: number(shown.document.size) })},{' '}
              <Groups hex={shown.document.sha256} />
            </p>
          )}
          <p>{t('forward.readers')}</p>
          <ul>
            {shown.audience.audience.map((reader) => (
              <li key={reader}>
                <Foreign text={reader} />{' '}
                {shown.newReaders.includes(reader) ? (
                  <span className="mark warn">{t('forward.newReader')}</span>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Button
        className={shown === undefined ? 'plain' : 'act danger'}
        isDisabled={busy}
        onPress={() => void act()}
      >
        {t(shown === undefined ? 'forward.show' : 'forward.act')}
      </Button>
      {done ? <p role="status">{t('forward.done')}</p> : null}
      <RefusalNote refusal={refusal} />
    </>
  );
}
