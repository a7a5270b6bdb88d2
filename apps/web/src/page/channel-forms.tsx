// Founding a channel and giving the invitation; joining with an invitation that was given.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useDoing } from './desk-state.tsx';
import { useSpeech } from './language.tsx';
import { Field, Fingerprint, Form } from './parts.tsx';
import { Code, Scan } from './qr.tsx';

const DAYS = 7;

/** A text to hand over, with a button that copies it. */
/** `name` tells it from another on the same place; without it, it is one into a channel. */
export function Invitation(props: { text: string; expiresMs: number; name?: string }): ReactNode {
  const { t, time } = useSpeech();
  const { text, expiresMs, name = t('invitation.title') } = props;
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <section className="note" aria-label={name}>
      <p>{t('invitation.give', { time: time(expiresMs) })}</p>
      <p>
        <code dir="ltr" className="long" data-testid="invitation">
          {text}
        </code>
      </p>
      <Button className="plain" onPress={() => void copy().catch(() => setCopied(false))}>
        {t(copied ? 'copied' : 'copy')}
      </Button>
      <p className="quiet">{t('invitation.code')}</p>
      <Code text={text} label={t('invitation.codeLabel')} />
    </section>
  );
}

type Made = { readonly channel: string; readonly invitation: string; readonly expiresMs: number };
type Joined = { readonly channel: string; readonly fingerprint: string };

function Found({ onChannel }: { onChannel: (name: string) => void }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [name, setName] = useState('');
  const [relay, setRelay] = useState('');
  const [made, setMade] = useState<Made>();
  if (made !== undefined) {
    return (
      <>
        <Invitation text={made.invitation} expiresMs={made.expiresMs} />
        <Button className="act" onPress={() => onChannel(made.channel)}>
          {t('channel.go')}
        </Button>
      </>
    );
  }
  return (
    <Form
      label={t('channel.new')}
      act={t('channel.found')}
      busy={busy}
      refusal={refusal}
      onAct={() =>
        void run(async (link) =>
          setMade(await link.ask<Made>('found', { name, relay, days: DAYS })),
        )
      }
    >
      <Field label={t('channel.name')} value={name} onChange={setName} />
      <Field
        label={t('channel.relay')}
        value={relay}
        onChange={setRelay}
        ltr
        hint="https://relay.example:7447"
      />
    </Form>
  );
}

function Join({ onChannel }: { onChannel: (name: string) => void }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [invitation, setInvitation] = useState('');
  const [name, setName] = useState('');
  const [joined, setJoined] = useState<Joined>();
  if (joined !== undefined) {
    return (
      <section className="note" aria-label={t('channel.join')}>
        <p>{t('join.asked')}</p>
        <dl>
          <Fingerprint hex={joined.fingerprint} />
        </dl>
        <Button className="act" onPress={() => onChannel(joined.channel)}>
          {t('channel.go')}
        </Button>
      </section>
    );
  }
  return (
    <Form
      label={t('channel.join')}
      act={t('join.act')}
      busy={busy}
      refusal={refusal}
      onAct={() =>
        void run(async (link) => setJoined(await link.ask<Joined>('join', { invitation, name })))
      }
    >
      <Field
        label={t('invitation.title')}
        value={invitation}
        onChange={setInvitation}
        ltr
        hint="parley1…"
      />
      <Scan onText={setInvitation} />
      <Field label={t('channel.nameMaybe')} value={name} onChange={setName} />
    </Form>
  );
}

export function ChannelForms({ onChannel }: { onChannel: (name: string) => void }): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <h1>{t('nav.new')}</h1>
      <div className="columns">
        <section>
          <h2>{t('channel.new')}</h2>
          <Found onChannel={onChannel} />
        </section>
        <section>
          <h2>{t('channel.join')}</h2>
          <Join onChannel={onChannel} />
        </section>
      </div>
    </>
  );
}
