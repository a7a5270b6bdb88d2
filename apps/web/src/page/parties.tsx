// Who is in the channel: parties and devices, whether they are verified, letting someone in, removing a device of ours.

import { useId, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type {
  ChannelCard,
  DeviceView,
  InvitationAnswer,
  PartyView,
  RequestAnswer,
} from '../server/wire.ts';
import { Ceremony } from './ceremony.tsx';
import { Invitation } from './channel-forms.tsx';
import { useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Meeting } from './meeting.tsx';
import { OwnParty } from './own-party.tsx';
import {
  Fact,
  Field,
  Fingerprint,
  Form,
  PassphraseField,
  RefusalNote,
  VerifiedMark,
} from './parts.tsx';
import { NewRoom } from './rooms.tsx';

function Remove({ channel, device }: { channel: string; device: DeviceView }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const remove = async (): Promise<void> => {
    await run(async (link) => {
      await link.ask('remove-device', { channel, device: device.id, reason, passphrase });
      setOpen(false);
    });
    setPassphrase('');
  };
  if (!open) {
    return (
      <Button className="plain" onPress={() => setOpen(true)}>
        {t('device.remove')}
      </Button>
    );
  }
  return (
    <Form
      label={t('device.remove')}
      act={t('device.remove')}
      busy={busy}
      refusal={refusal}
      danger
      onAct={() => void remove()}
    >
      <p>{t('device.removeMeaning')}</p>
      <Field label={t('field.reason')} value={reason} onChange={setReason} />
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

function Party({ channel, party }: { channel: string; party: PartyView }): ReactNode {
  const { t } = useSpeech();
  const heading = useId();
  return (
    <section className="party" aria-labelledby={heading}>
      <h3 id={heading}>
        <Foreign text={party.name} />{' '}
        {party.mine ? (
          <span className="mark">{t('party.mine')}</span>
        ) : (
          <VerifiedMark verified={party.verified} />
        )}
      </h3>
      <dl>
        <Fingerprint hex={party.fingerprint} />
      </dl>
      <ul>
        {party.devices.map((device) => (
          <li key={device.id}>
            <Foreign text={device.member} /> · <Foreign text={device.label} />{' '}
            <code dir="ltr">{device.id.slice(0, 16)}</code>{' '}
            {device.removed ? <span className="mark bad">{t('device.removed')}</span> : null}{' '}
            <span className="quiet">{t('device.seen', { count: device.acknowledged })}</span>{' '}
            {party.mine && !device.removed ? <Remove channel={channel} device={device} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Admit({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const look = useDoing();
  const admitting = useDoing();
  const [request, setRequest] = useState<RequestAnswer>();
  const [passphrase, setPassphrase] = useState('');
  const [admitted, setAdmitted] = useState(false);
  const admit = async (): Promise<void> => {
    await admitting.run(async (link) => {
      const fingerprint = request?.fingerprint ?? '';
      await link.ask('admit', { channel, fingerprint, passphrase });
      setAdmitted(true);
      setRequest(undefined);
    });
    setPassphrase('');
  };
  return (
    <section aria-labelledby="admit-title">
      <h2 id="admit-title">{t('admit.title')}</h2>
      {admitted ? <p role="status">{t('admit.done')}</p> : null}
      {request === undefined ? (
        <>
          <Button
            className="plain"
            onPress={() =>
              void look.run(async (link) => {
                setAdmitted(false);
                setRequest(await link.ask<RequestAnswer>('request', { channel }));
              })
            }
          >
            {t('admit.look')}
          </Button>
          <RefusalNote refusal={look.refusal} />
        </>
      ) : (
        <Form
          label={t('admit.title')}
          act={t('admit.act')}
          busy={admitting.busy}
          refusal={admitting.refusal}
          danger
          onAct={() => void admit()}
        >
          <p>{t('admit.asks')}</p>
          <dl>
            <Fact name={t('field.party')}>
              <Foreign text={request.party} />
            </Fact>
            <Fact name={t('field.member')}>
              <Foreign text={request.member} /> · <Foreign text={request.device} />
            </Fact>
            <Fingerprint hex={request.fingerprint} />
          </dl>
          <p>{t('admit.check')}</p>
          <PassphraseField value={passphrase} onChange={setPassphrase} />
        </Form>
      )}
    </section>
  );
}

function Invite({ channel }: { channel: string }): ReactNode {
  const { t } = useSpeech();
  const { refusal, run } = useDoing();
  const [made, setMade] = useState<InvitationAnswer>();
  return (
    <section aria-labelledby="invite-title">
      <h2 id="invite-title">{t('invitation.title')}</h2>
      {made === undefined ? (
        <Button
          className="plain"
          onPress={() =>
            void run(async (link) => setMade(await link.ask('invite', { channel, days: 7 })))
          }
        >
          {t('invitation.more')}
        </Button>
      ) : (
        <Invitation text={made.invitation} expiresMs={made.expiresMs} />
      )}
      <RefusalNote refusal={refusal} />
    </section>
  );
}

export function Parties({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  const alone = card.parties.length < 2;
  return (
    <>
      <h2>{t('tab.parties')}</h2>
      {card.parties.map((party) => (
        <Party key={party.fingerprint} channel={card.name} party={party} />
      ))}
      {alone || card.room !== 'plenary' ? null : <Ceremony card={card} />}
      {alone ? null : <Meeting card={card} />}
      {card.frozen === null && card.room === 'plenary' ? <Admit channel={card.name} /> : null}
      {card.frozen === null && card.room === 'plenary' ? <Invite channel={card.name} /> : null}
      {card.frozen === null && card.room === 'plenary' ? <NewRoom card={card} /> : null}
      <OwnParty />
    </>
  );
}
