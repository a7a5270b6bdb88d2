// The authority of our party, shared out beforehand, and put together again where the desk that held it is lost.

import { useState, type ReactNode } from 'react';
import type { OwnPartyAnswer, RecoveryAnswer, SharedAnswer } from '../server/wire.ts';
import { useDoing } from './desk-state.tsx';
import type { DeskLink } from './desk-link.ts';
import { Foreign, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Field, Form, PassphraseField } from './parts.tsx';
import { Message } from './told.tsx';

type Asked = OwnPartyAnswer['sharesAsked'][number];

/** A grave act with its passphrase; what is under the form says how it ended. */
function Grave(props: {
  name: string;
  act: (link: DeskLink, passphrase: string) => Promise<void>;
  children?: ReactNode;
}): ReactNode {
  const { busy, refusal, run } = useDoing();
  const [passphrase, setPassphrase] = useState('');
  const act = async (): Promise<void> => {
    await run((link) => props.act(link, passphrase));
    setPassphrase('');
  };
  return (
    <Form
      label={props.name}
      act={props.name}
      busy={busy}
      refusal={refusal}
      danger
      onAct={() => void act()}
    >
      {props.children}
      <PassphraseField value={passphrase} onChange={setPassphrase} />
    </Form>
  );
}

function HandOut(): ReactNode {
  const { t } = useSpeech();
  const [needed, setNeeded] = useState('2');
  const [officers, setOfficers] = useState<readonly string[]>();
  return (
    <>
      <Grave
        name={t('recovery.share')}
        act={async (link, passphrase) => {
          setOfficers(undefined);
          const fields = { needed: Number(needed), passphrase };
          setOfficers((await link.ask<SharedAnswer>('share-recovery', fields)).officers);
        }}
      >
        <Field label={t('recovery.needed')} value={needed} onChange={setNeeded} ltr />
      </Grave>
      <div role="status">
        {officers === undefined ? null : (
          <>
            <p>{t('recovery.shared', { needed: Number(needed), count: officers.length })}</p>
            <ul>
              {officers.map((officer) => (
                <li key={officer}>
                  <Foreign text={officer} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}

function AskAndRestore({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useSpeech();
  const [reason, setReason] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const [made, setMade] = useState<RecoveryAnswer>();
  return (
    <>
      <Grave
        name={t('recovery.ask')}
        act={async (link, passphrase) => {
          await link.ask('ask-recovery', { reason, passphrase });
          setIsAsked(true);
        }}
      >
        <Field label={t('field.reason')} value={reason} onChange={setReason} />
      </Grave>
      <p role="status">{isAsked ? t('recovery.asked') : null}</p>
      <Grave
        name={t('recovery.recover')}
        act={async (link, passphrase) => {
          const answer = await link.ask<RecoveryAnswer>('recover', { passphrase });
          setMade(answer);
          if (answer.recovered) onDone();
        }}
      />
      <div role="status">
        {made === undefined || made.recovered ? null : (
          <p>{t('recovery.have', { given: made.given, needed: made.needed })}</p>
        )}
        <Wrong members={made?.wrong ?? []} />
      </div>
    </>
  );
}

function Wrong({ members }: { members: readonly string[] }): ReactNode {
  return members.map((member) => (
    <p key={member} className="note refusal">
      <Message of="recovery.wrong" names={{ member }} />
    </p>
  ));
}

/** A fellow officer asks: our share goes only by an act of ours. */
export function Give({ asked, onDone }: { asked: Asked; onDone: () => void }): ReactNode {
  const { t } = useSpeech();
  const { member, deviceId, reason } = asked;
  return (
    <Grave
      name={t('recovery.give')}
      act={async (link, passphrase) => {
        await link.ask('give-recovery', { device: deviceId, passphrase });
        onDone();
      }}
    >
      <p>
        {t('recovery.asks')} <Foreign text={member} /> · <Foreign text={reason} />
      </p>
      <p>
        <Groups hex={deviceId} />
      </p>
      <p>{t('recovery.speak')}</p>
    </Grave>
  );
}

export function Recovery(props: { holdsAuthority: boolean; onDone: () => void }): ReactNode {
  const { t } = useSpeech();
  const [restored, setRestored] = useState(false);
  return (
    <>
      <details>
        <summary>{t('recovery.title')}</summary>
        <p className="quiet">{t('recovery.explain')}</p>
        {props.holdsAuthority ? (
          <HandOut />
        ) : (
          <AskAndRestore
            onDone={() => {
              setRestored(true);
              props.onDone();
            }}
          />
        )}
      </details>
      <p role="status">{restored ? t('recovery.done') : null}</p>
    </>
  );
}
