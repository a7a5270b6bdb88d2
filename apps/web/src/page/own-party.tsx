// How our party governs itself: who belongs to it, inviting a colleague or a second device, suspending, renaming,
// coming back.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ComeBackAnswer, InvitationAnswer, OwnPartyAnswer } from '../server/wire.ts';
import { Invitation } from './channel-forms.tsx';
import { useDoing } from './desk-state.tsx';
import { Foreign, Groups, visible } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Choice, Field, Form, PassphraseField, RefusalNote } from './parts.tsx';
import { Scan } from './qr.tsx';
import { Give, Recovery } from './recovery.tsx';
import { Message } from './told.tsx';

type Member = OwnPartyAnswer['members'][number];
type Deed = 'suspend' | 'resume' | 'rename';

const isOut = ({ devices }: Member): boolean => devices.every(({ suspended }) => suspended);

/** One deed about one member, with its reason or new name and the passphrase. */
function About({ member, onDone }: { member: Member; onDone: () => void }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const suspended = isOut(member);
  const [deed, setDeed] = useState<Deed>(suspended ? 'resume' : 'suspend');
  const [text, setText] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const deeds = suspended ? (['resume', 'rename'] as const) : (['suspend', 'rename'] as const);
  const act = async (): Promise<void> => {
    const fields = deed === 'rename' ? { to: text } : { reason: text };
    const done = await run(async (link) => {
      await link.ask(deed, { member: member.member, ...fields, passphrase });
    });
    setPassphrase('');
    if (done) onDone();
  };
  return (
    <details>
      <summary>
        <Message of="own.change" names={{ member: member.member }} />
      </summary>
      <Form
        label={t('own.change', { member: visible(member.member) })}
        act={t(`own.${deed}`)}
        busy={busy}
        refusal={refusal}
        danger
        onAct={() => void act()}
      >
        <Choice
          label={t('own.deed')}
          value={deed}
          options={deeds.map((one) => [one, t(`own.${one}`)] as const)}
          onChange={setDeed}
        />
        <Field
          label={t(deed === 'rename' ? 'own.newName' : 'field.reason')}
          value={text}
          onChange={setText}
        />
        <PassphraseField value={passphrase} onChange={setPassphrase} />
      </Form>
    </details>
  );
}

function Invite(): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [member, setMember] = useState('');
  const [role, setRole] = useState<'officer' | 'member'>('member');
  const [passphrase, setPassphrase] = useState('');
  const [made, setMade] = useState<InvitationAnswer>();
  const invite = async (): Promise<void> => {
    await run(async (link) =>
      setMade(await link.ask('invite-fellow', { member, role, passphrase })),
    );
    setPassphrase('');
  };
  if (made !== undefined) {
    const { invitation, expiresMs } = made;
    return <Invitation text={invitation} expiresMs={expiresMs} name={t('setUp.invitation')} />;
  }
  return (
    <Form
      label={t('own.invite')}
      act={t('own.invite')}
      busy={busy}
      refusal={refusal}
      onAct={() => void invite()}
    >
      <Field label={t('field.member')} value={member} onChange={setMember} />
      <Choice
        label={t('own.role')}
        value={role}
        options={[
          ['member', t('own.member')],
          ['officer', t('own.officer')],
        ]}
        onChange={setRole}
      />
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

function Asking(props: {
  id: string;
  fingerprint: string;
  member: string;
  device: string;
  onDone: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [passphrase, setPassphrase] = useState('');
  const admit = async (): Promise<void> => {
    const done = await run(async (link) => {
      await link.ask('admit-fellow', { id: props.id, passphrase });
    });
    setPassphrase('');
    if (done) props.onDone();
  };
  return (
    <Form
      label={t('own.asks')}
      act={t('own.admit')}
      busy={busy}
      refusal={refusal}
      danger
      onAct={() => void admit()}
    >
      <p>
        {t('own.asks')} <Foreign text={props.member} /> · <Foreign text={props.device} />
      </p>
      <p>
        <Groups hex={props.fingerprint} />
      </p>
      <p>{t('own.check')}</p>
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

/** A desk of the party that may do nothing any more asks, with an invitation, to be let in again. */
function ComeBack(): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const [invitation, setInvitation] = useState('');
  const [device, setDevice] = useState<string>();
  if (device !== undefined) {
    return (
      <div role="status">
        <p>{t('own.returned')}</p>
        <p className="letter">
          <Groups hex={device} />
        </p>
      </div>
    );
  }
  return (
    <details>
      <summary>{t('setUp.haveInvitation')}</summary>
      <Form
        label={t('own.return')}
        act={t('own.return')}
        busy={busy}
        refusal={refusal}
        onAct={() =>
          void run(async (link) =>
            setDevice((await link.ask<ComeBackAnswer>('come-back', { invitation })).deviceId),
          )
        }
      >
        <Field label={t('setUp.invitation')} value={invitation} onChange={setInvitation} ltr />
        <Scan onText={setInvitation} />
      </Form>
    </details>
  );
}

const isOfficerHere = ({ members }: OwnPartyAnswer): boolean =>
  members.some(({ devices }) => devices.some(({ here, role }) => here && role === 'officer'));

export function OwnParty(): ReactNode {
  const { t } = useSpeech();
  const { refusal, run } = useDoing();
  const [answer, setAnswer] = useState<OwnPartyAnswer>();
  const look = (): void =>
    void run(async (link) => setAnswer(await link.ask<OwnPartyAnswer>('own-party')));
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">{t('own.title')}</h2>
      <Button className="plain" onPress={look}>
        {t('own.look')}
      </Button>
      <RefusalNote refusal={refusal} />
      {answer === undefined ? null : (
        <>
          <ul>
            {answer.members.map((member) => (
              <li key={member.member}>
                <Foreign text={member.member} />
                <ul>
                  {member.devices.map((device) => (
                    <li key={device.id}>
                      <Foreign text={device.label} />{' '}
                      <code dir="ltr">{device.id.slice(0, 16)}</code>{' '}
                      <span className="mark">{t(`own.${device.role}`)}</span>{' '}
                      {device.suspended ? (
                        <span className="mark bad">{t('own.suspended')}</span>
                      ) : null}
                    </li>
                  ))}
                </ul>
                {member.devices.some(({ here }) => here) ? null : (
                  // Begun anew where what can be done about them has changed.
                  <About key={String(isOut(member))} member={member} onDone={look} />
                )}
              </li>
            ))}
          </ul>
          {[
            ...answer.asking.map((one) => ({ ...one, fingerprint: one.id })),
            ...answer.proposals.filter(({ mine }) => !mine),
          ].map((one) => (
            <Asking key={one.id} {...one} onDone={look} />
          ))}
          {answer.sharesAsked.map((asked) => (
            <Give key={asked.deviceId} asked={asked} onDone={look} />
          ))}
          {answer.holdsAuthority ? <Invite /> : <p className="quiet">{t('own.noAuthority')}</p>}
          {isOfficerHere(answer) ? (
            <Recovery holdsAuthority={answer.holdsAuthority} onDone={look} />
          ) : null}
        </>
      )}
      <ComeBack />
    </section>
  );
}
