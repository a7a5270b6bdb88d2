// The files of a mail, rebuilt in the client's quarantine when the person asks; only safe copies can be fetched.

import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { MailFilesAnswer } from '../server/wire-mail.ts';
import { useDesk, useDoing } from './desk-state.tsx';
import { saveAs } from './document.tsx';
import { Findings } from './findings.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Reason, RefusalNote } from './parts.tsx';

type Copy = MailFilesAnswer['files'][number]['copies'][number];

function DownloadCopy({ mail, copy }: { mail: number; copy: Copy }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  return (
    <p>
      <Button
        className="act"
        isDisabled={busy}
        onPress={() =>
          void run(async (link) =>
            saveAs(await link.bytes('mail-file', { mail, at: copy.at }), copy.name),
          )
        }
      >
        {t('document.download')}
      </Button>{' '}
      <Foreign text={copy.name} />
      <RefusalNote refusal={refusal} />
    </p>
  );
}

export function MailFiles({ mail }: { mail: Blob }): ReactNode {
  const { t } = useSpeech();
  const { progress } = useDesk();
  const { busy, refusal, run } = useDoing();
  const [made, setMade] = useState<MailFilesAnswer>();
  if (made === undefined) {
    return (
      <>
        <Button
          className="act"
          isDisabled={busy}
          onPress={() => void run(async (link) => setMade(await link.upload('mail-files', mail)))}
        >
          {t('mail.rebuild')}
        </Button>
        {busy ? (
          <p role="status">
            {t('document.working')} <Foreign text={progress[''] ?? ''} />
          </p>
        ) : null}
        <RefusalNote refusal={refusal} />
      </>
    );
  }
  return (
    <section aria-label={t('mail.rebuilt')}>
      <div role="status">
        <h3>{t('mail.rebuilt')}</h3>
      </div>
      <ul>
        {made.files.map(({ name, reason, found, copies }, index) => (
          <li key={index}>
            <Foreign text={name} />
            {reason === null ? null : (
              <p className="mark bad">
                {t('mail.notRebuilt')} <Reason code={reason} />
              </p>
            )}
            {found === null ? null : <Findings found={found} onPage={null} />}
            {copies.map((copy) => (
              <DownloadCopy key={copy.at} mail={made.mail} copy={copy} />
            ))}
          </li>
        ))}
      </ul>
      {made.left === 0 ? null : <p>{t('mail.left', { count: made.left })}</p>}
    </section>
  );
}
