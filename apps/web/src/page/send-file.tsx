// Sending a file: chosen, dropped or pasted; how far it is, and a way to stop it.

import { useRef, useState, type ClipboardEvent, type ReactNode } from 'react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import type { ChannelCard } from '../server/wire.ts';
import { useCounted, useDoing, type Doing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { RefusalNote } from './parts.tsx';

type OnItsWay = { readonly name: string; readonly share: number; readonly stop: () => void };

export type Sending = Pick<Doing, 'busy' | 'refusal'> & {
  readonly now: OnItsWay | undefined;
  readonly send: (files: readonly File[]) => void;
  /** Takes a file from the clipboard; text goes on to the field it is pasted into. */
  readonly paste: (event: ClipboardEvent) => void;
};

/** One file after the other to everyone in the channel; who stops one stops those behind it too. */
export function useSending(card: ChannelCard): Sending {
  const { busy, refusal, run } = useDoing();
  const [now, setNow] = useState<OnItsWay>();
  const turn = useRef(Promise.resolve());
  const sendThese = async (files: readonly File[]): Promise<void> => {
    const ending = new AbortController();
    const stop = (): void => ending.abort(new DOMException('stopped', 'AbortError'));
    await run(async (link) => {
      for (const file of files) {
        if (ending.signal.aborted) return;
        const { name } = file;
        setNow({ name, share: 0, stop });
        try {
          await link.upload('send', file, {
            headers: {
              'x-parley-channel': encodeURIComponent(card.name),
              'x-parley-name': encodeURIComponent(name),
            },
            signal: ending.signal,
            onProgress: (share) => setNow({ name, share, stop }),
          });
        } catch (error) {
          // A person who stops a file needs no explanation of it.
          if (!ending.signal.aborted) throw error;
        }
      }
    });
    setNow(undefined);
  };
  // What is dropped while something is sent goes behind it.
  const send = (files: readonly File[]): void => {
    turn.current = turn.current.then(() => sendThese(files));
  };
  const paste = (event: ClipboardEvent): void => {
    const { files, types } = event.clipboardData;
    // Words that were copied in a text program come with a picture of themselves: they are words.
    if (files.length === 0 || types.includes('text/plain')) return;
    event.preventDefault();
    // The drop zone listens to what is pasted anywhere on the page.
    event.stopPropagation();
    send([...files]);
  };
  return { busy, refusal, now, send, paste };
}

export function SendFile({ card, sending }: { card: ChannelCard; sending: Sending }): ReactNode {
  const { t, number } = useSpeech();
  const counted = useCounted(card.name);
  const { busy, refusal, now, send } = sending;
  return (
    <>
      <DropZone
        className="drop"
        aria-label={t('composer.drop')}
        onDrop={(event) => {
          const files = event.items.flatMap((item) =>
            item.kind === 'file' ? [item.getFile()] : [],
          );
          void Promise.all(files).then(send);
        }}
      >
        <FileTrigger allowsMultiple onSelect={(files) => send([...(files ?? [])])}>
          <Button className="plain" isDisabled={busy}>
            {t('composer.file')}
          </Button>
        </FileTrigger>{' '}
        <span className="quiet">{t('composer.drop')}</span>
      </DropZone>
      {now === undefined ? null : (
        <div role="status" className="note">
          <p>
            {t('composer.sending')} <Foreign text={now.name} />{' '}
            {t('composer.share', { share: number(Math.round(now.share * 100)) })}{' '}
            <bdi>{counted}</bdi>
          </p>
          <progress max={1} value={now.share} aria-label={t('composer.sending')} />
          <Button className="plain" onPress={now.stop}>
            {t('composer.stop')}
          </Button>
        </div>
      )}
      <RefusalNote refusal={refusal} />
    </>
  );
}
