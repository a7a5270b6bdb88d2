// A short tour of the desk: a few words beside the place they are about. It leads, never blocks, and can be left at any time.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { MessageKey } from '../words/format.ts';
import { useSpeech } from './language.tsx';

/** Each stop, and the places on the page that are its subject while they are there. */
const STOPS: readonly { readonly words: MessageKey; readonly at: string }[] = [
  { words: 'tour.start', at: 'header' },
  { words: 'tour.channel', at: 'nav' },
  { words: 'tour.document', at: '.entry .document' },
  { words: 'tour.parties', at: '[role="tab"][data-key="parties"]' },
  { words: 'tour.posture', at: '[role="tab"][data-key="posture"]' },
  { words: 'tour.mail', at: '[data-place="mail"]' },
];

export function Tour({ onLeave }: { onLeave: () => void }): ReactNode {
  const { t } = useSpeech();
  const [stop, setStop] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const { words, at } = STOPS[stop] ?? { words: 'tour.start', at: 'header' };
  useEffect(() => {
    const subject = document.querySelector<HTMLElement>(at);
    subject?.classList.add('tour-subject');
    subject?.scrollIntoView({ block: 'center' });
    return () => subject?.classList.remove('tour-subject');
  }, [at]);
  // Wherever the focus is; what closes something else of its own has done with the key by then.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) onLeave();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onLeave]);
  const go = (to: number): void => {
    setStop(to);
    heading.current?.focus();
  };
  return (
    <aside className="tour" aria-label={t('tour.title')}>
      <h2 ref={heading} tabIndex={-1}>
        {t('tour.title')} {t('tour.step', { step: stop + 1, steps: STOPS.length })}
      </h2>
      <p role="status">{t(words)}</p>
      <div className="pair">
        <Button className="plain" isDisabled={stop === 0} onPress={() => go(stop - 1)}>
          {t('tour.back')}
        </Button>
        {stop + 1 < STOPS.length ? (
          <Button className="act" onPress={() => go(stop + 1)}>
            {t('tour.on')}
          </Button>
        ) : null}
        <Button className="plain" aria-keyshortcuts="Escape" onPress={onLeave}>
          {t('tour.leave')}
        </Button>
      </div>
    </aside>
  );
}
