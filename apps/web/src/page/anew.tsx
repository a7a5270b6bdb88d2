// The client was started anew: the window asks for the new link and goes on where the person was.

import { useState, type ReactNode } from 'react';
import { tokenIn } from './desk-link.ts';
import { useSpeech } from './language.tsx';
import { Field, Form } from './parts.tsx';

export function Anew(): ReactNode {
  const { t } = useSpeech();
  const [link, setLink] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <section className="note refusal" role="alert" aria-label={t('live.link')}>
      <p>{t('live.anew')}</p>
      <Form
        label={t('live.link')}
        act={t('live.enter')}
        busy={false}
        refusal={undefined}
        onAct={() => {
          const token = tokenIn(link);
          setWrong(token === undefined);
          // As if it were given in the address bar: main.tsx takes it out of there at once.
          if (token !== undefined) location.hash = token;
        }}
      >
        <Field label={t('live.link')} value={link} onChange={setLink} ltr />
      </Form>
      {wrong ? <p role="status">{t('live.notLink')}</p> : null}
    </section>
  );
}
