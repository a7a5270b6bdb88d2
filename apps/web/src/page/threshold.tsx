// Before the desk: setting up this machine for one member, or giving the passphrase of the vault that is there.

import { useEffect, useId, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { AskedIn, DoorState, Refusal } from '../server/wire.ts';
import { Refused, type DeskLink } from './desk-link.ts';
import { useSpeech } from './language.tsx';
import { Groups } from './foreign.tsx';
import { Field, Form } from './parts.tsx';
import { Scan } from './qr.tsx';
import { strengthOf, type Strength } from './strength.ts';

type Opening = {
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  readonly open: (act: string, fields: object) => void;
};

type Opened = { readonly state: DoorState; readonly request?: AskedIn };

function useOpening(link: DeskLink, onOpened: (opened: Opened) => void): Opening {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const open = async (act: string, fields: object): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      onOpened(await link.ask<Opened>(act, fields));
    } catch (error) {
      const nature = 'bug' as const;
      setRefusal(
        error instanceof Refused
          ? error.refusal
          : { nature, code: 'bug', message: String(error), next: null },
      );
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, open: (act, fields) => void open(act, fields) };
}

/** How long a thief would guess, as a bar and in words. The judgement is made in this page and sent nowhere. */
function StrengthBar({ passphrase, known }: { passphrase: string; known: string[] }): ReactNode {
  const { t } = useSpeech();
  const id = useId();
  const [strength, setStrength] = useState<Strength>();
  const about = known.join('\n');
  useEffect(() => {
    let current = true;
    if (passphrase === '') return setStrength(undefined);
    const judge = async (): Promise<void> => {
      const judged = await strengthOf(passphrase, about.split('\n'));
      if (current) setStrength(judged);
    };
    void judge();
    return () => {
      current = false;
    };
  }, [passphrase, about]);
  return (
    <div className="field">
      <label htmlFor={id}>{t('setUp.strength')}</label>
      <meter id={id} min={0} max={4} low={2} high={3} optimum={4} value={strength ?? 0} />{' '}
      <span role="status">{strength === undefined ? null : t(`strength.${strength}`)}</span>
    </div>
  );
}

export function SetUp(props: { link: DeskLink; onState: (state: DoorState) => void }): ReactNode {
  const { t } = useSpeech();
  const [request, setRequest] = useState<AskedIn>();
  const { busy, refusal, open } = useOpening(props.link, (opened) => {
    if (opened.request === undefined) props.onState(opened.state);
    else setRequest(opened.request);
  });
  const [invited, setInvited] = useState('');
  const [party, setParty] = useState('');
  const [member, setMember] = useState('');
  const [device, setDevice] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== passphrase;
  const label = device.trim() === '' ? t('setUp.deviceDefault') : device;
  if (request !== undefined) {
    return (
      <main className="alone" id="place">
        <h1>{t('setUp.asked')}</h1>
        <p>{t('setUp.askedMeaning')}</p>
        <p className="letter">
          <Groups hex={request.deviceId} />
        </p>
        <Button className="act" onPress={() => props.onState('locked')}>
          {t('unlock.title')}
        </Button>
      </main>
    );
  }
  return (
    <main className="alone" id="place">
      <h1>{t('setUp.title')}</h1>
      <p>{t('setUp.explain')}</p>
      <Form
        label={t('setUp.title')}
        act={t('setUp.act')}
        busy={busy}
        refusal={refusal}
        onAct={() => {
          if (again === passphrase)
            open('set-up', { party, member, invited, device: label, passphrase });
        }}
      >
        {invited === '' ? (
          <>
            <Field label={t('setUp.party')} value={party} onChange={setParty} />
            <Field label={t('setUp.member')} value={member} onChange={setMember} />
          </>
        ) : null}
        <details>
          <summary>{t('setUp.haveInvitation')}</summary>
          <Field label={t('setUp.invitation')} value={invited} onChange={setInvited} ltr />
          <Scan onText={setInvited} />
        </details>
        <Field
          label={t('setUp.device')}
          value={device}
          onChange={setDevice}
          hint={t('setUp.deviceDefault')}
        />
        <Field
          label={t('setUp.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          secret
          hint={t('setUp.advice')}
        />
        <StrengthBar passphrase={passphrase} known={[party, member]} />
        <Field label={t('setUp.again')} value={again} onChange={setAgain} secret />
        <p role="status" className="warning">
          {differs ? t('setUp.differs') : null}
        </p>
        <section className="note" aria-label={t('setUp.recovery')}>
          <p>
            <strong>{t('setUp.recovery')}</strong>
          </p>
          <p>{t('setUp.recoveryMeaning')}</p>
        </section>
      </Form>
    </main>
  );
}

export function Unlock(props: { link: DeskLink; onState: (state: DoorState) => void }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, open } = useOpening(props.link, ({ state }) => props.onState(state));
  const [passphrase, setPassphrase] = useState('');
  return (
    <main className="alone" id="place">
      <h1>{t('unlock.title')}</h1>
      <p>{t('unlock.explain')}</p>
      <Form
        label={t('unlock.title')}
        act={t('unlock.act')}
        busy={busy}
        refusal={refusal}
        onAct={() => open('unlock', { passphrase })}
      >
        <Field label={t('field.passphrase')} value={passphrase} onChange={setPassphrase} secret />
      </Form>
    </main>
  );
}
