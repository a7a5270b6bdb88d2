// The original of a document: what it may do is said first, one officer asks, another approves, and the client writes it
// to a file of this machine. It never comes to this page.

import { useState, type ReactNode } from 'react';
import type { OriginalView, WrittenAnswer } from '../server/wire.ts';
import { useAnswer, useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Field, Form, PassphraseField } from './parts.tsx';
import { When } from './when.tsx';

const MARKS = { asked: 'warn', approved: 'good', expired: 'bad', written: '' } as const;

function Approve({ one }: { one: OriginalView }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [passphrase, setPassphrase] = useState('');
  const approve = async (): Promise<void> => {
    await run(async (link) => {
      const { room: channel, request: entry } = one;
      await link.ask('approve-original', { channel, entry, passphrase });
    });
    setPassphrase('');
  };
  return (
    <Form
      label={`${t('original.approve')} #${one.request}`}
      act={t('original.approve')}
      busy={busy}
      refusal={refusal}
      danger
      onAct={() => void approve()}
    >
      <p className="warning">{t('original.warning')}</p>
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

function Write({ one }: { one: OriginalView }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [folder, setFolder] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [written, setWritten] = useState<WrittenAnswer>();
  const write = async (): Promise<void> => {
    await run(async (link) => {
      const { room: channel, request: entry } = one;
      setWritten(await link.ask('write-original', { channel, entry, folder, passphrase }));
    });
    setPassphrase('');
  };
  if (written !== undefined) {
    return (
      <p role="status">
        {t('original.done')}{' '}
        <code dir="ltr" className="long">
          <Foreign text={written.path} />
        </code>
      </p>
    );
  }
  if (one.state !== 'approved') return null;
  return (
    <Form
      label={`${t('original.write')} #${one.request}`}
      act={t('original.write')}
      busy={busy}
      refusal={refusal}
      danger
      onAct={() => void write()}
    >
      <p className="warning">{t('original.warning')}</p>
      <Field label={t('original.folder')} value={folder} onChange={setFolder} ltr />
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

function Request({ one }: { one: OriginalView }): ReactNode {
  const { t } = useSpeech();
  const { document, state } = one;
  return (
    <li>
      <p>
        {document === null ? (
          t('original.unknown')
        ) : (
          <>
            {t('original.about', { entry: document.entry })} <Foreign text={document.name} />
          </>
        )}{' '}
        <span className={`mark ${MARKS[state]}`}>{t(`original.${state}`)}</span>
      </p>
      <p className="byline">
        {t('original.by')} <Foreign text={one.by} />, <When ms={one.askedMs} zone={null} />:{' '}
        <Foreign text={one.reason} />
      </p>
      {!one.mine && document !== null && (state === 'asked' || state === 'expired') ? (
        <Approve one={one} />
      ) : null}
      {one.mine ? <Write one={one} /> : null}
    </li>
  );
}

/** What was asked for, for the officers in a room of their own. */
export function OriginalRequests({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const { value } = useAnswer('originals', { channel });
  const here = (value?.requests ?? []).filter(({ room }) => room === channel);
  const open = here.filter(({ state }) => state !== 'written');
  if (open.length === 0) return null;
  return (
    <section className="note" aria-label={t('original.requests')}>
      <h2>{t('original.requests')}</h2>
      <ul>
        {open.map((one) => (
          <Request key={one.request} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Ask({ channel, entry }: { channel: string; entry: number }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [reason, setReason] = useState('');
  const ask = async (): Promise<void> => {
    const done = await run(async (link) => {
      await link.ask('ask-original', { channel, entry, reason });
    });
    if (done) setReason('');
  };
  return (
    <Form
      label={`${t('original.ask')} #${entry}`}
      act={t('original.ask')}
      busy={busy}
      refusal={refusal}
      onAct={() => void ask()}
    >
      <Field label={t('field.reason')} value={reason} onChange={setReason} />
    </Form>
  );
}

/** For one document: what an original may do, how far a request for it is, and asking for it. */
export function Original({ channel, entry }: { channel: string; entry: number }): ReactNode {
  const { t } = useSpeech();
  const { value } = useAnswer('originals', { channel });
  const about = (value?.requests ?? []).filter(
    ({ document }) => document?.channel === channel && document.entry === entry,
  );
  const waits = about.some(({ state }) => state === 'asked' || state === 'approved');
  return (
    <details className="original">
      <summary>{t('original.title')}</summary>
      <p>{t('original.explain')}</p>
      <p className="warning">{t('original.warning')}</p>
      <ul>
        {about.map((one) => (
          <Request key={`${one.room} ${one.request}`} one={one} />
        ))}
      </ul>
      {waits ? null : <Ask channel={channel} entry={entry} />}
    </details>
  );
}
