// Writing and sending: who will read it stands above the field, and there is no way around it.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import type { ChannelCard } from '../server/wire.ts';
import { useDesk, useDoing } from './desk-state.tsx';
import { Foreign } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Listed, RefusalNote } from './parts.tsx';
import { SendFile, useSending } from './send-file.tsx';

/** Who can read what is sent now: everyone in the channel, by party, member and device. */
function Audience({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  const readers = card.parties.flatMap((party) =>
    party.devices.filter(({ removed }) => !removed).map((device) => ({ party, device })),
  );
  const unverified = card.parties.some(({ verified }) => !verified);
  return (
    <div className="audience">
      <p id="audience">
        <strong>{t('composer.audience')}</strong>{' '}
        <Listed
          items={readers.map(({ party, device }) => (
            <span key={device.id} className="reader">
              <Foreign text={device.member} /> (<Foreign text={party.name} />)
            </span>
          ))}
        />
      </p>
      {unverified ? <p className="warning">! {t('composer.unverified')}</p> : null}
    </div>
  );
}

const KEEPING_MS = 400;

/** What was begun here, also in another window or before a crash. It is kept in the vault while it is written. */
function useDraft(channel: string): {
  text: string;
  setText: (text: string) => void;
  said: () => void;
} {
  const { link, up } = useDesk();
  const [text, setText] = useState('');
  const now = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const written = useRef(false);
  useEffect(() => {
    let current = true;
    const read = async (): Promise<void> => {
      const draft = await link.ask<{ text: string }>('draft', { channel });
      if (current && !written.current) setText(draft.text);
    };
    read().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [link, channel]);
  useEffect(() => {
    // What was written while the client was gone is kept as soon as it is back.
    if (up && written.current)
      link.ask('keep-draft', { channel, text: now.current }).catch(() => undefined);
  }, [up, link, channel]);
  const keep = (draft: string, afterMs: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      link.ask('keep-draft', { channel, text: draft }).catch(() => undefined);
    }, afterMs);
  };
  return {
    text,
    setText: (next) => {
      written.current = true;
      now.current = next;
      setText(next);
      keep(next, KEEPING_MS);
    },
    said: () => {
      now.current = '';
      setText('');
      keep('', 0);
    },
  };
}

const BEGUN = /(^|\s)@([^\s@]{0,40})$/u;

/** The other members of the room whose name goes on as it was begun behind an @. */
function membersFor(card: ChannelCard, before: string): string[] {
  const begun = BEGUN.exec(before)?.[2]?.toLocaleLowerCase();
  if (begun === undefined) return [];
  const members = card.parties.flatMap((party) =>
    party.devices.filter(({ removed }) => !removed).map(({ member }) => member),
  );
  return [...new Set(members)].filter((member) => member.toLocaleLowerCase().startsWith(begun));
}

function Suggested(props: {
  members: readonly string[];
  onName: (member: string) => void;
}): ReactNode {
  const { t } = useSpeech();
  if (props.members.length === 0) return null;
  return (
    <div role="group" aria-label={t('mention.title')} className="suggested">
      {props.members.map((member) => (
        <Button key={member} className="plain" onPress={() => props.onName(member)}>
          @<Foreign text={member} />
        </Button>
      ))}
    </div>
  );
}

const FIELD = 'message';

/** Before all entries, each with buttons of its own: one press of a key leads past them to the field. */
export function SkipToMessage(): ReactNode {
  const { t } = useSpeech();
  return (
    <a
      className="skip"
      href={`#${FIELD}`}
      onClick={(event) => {
        // The address of the page stays as it is.
        event.preventDefault();
        document.querySelector<HTMLElement>(`#${FIELD}`)?.focus();
      }}
    >
      {t('composer.skip')}
    </a>
  );
}

/** Whether anything can be said there at all. */
export function mayWrite({ frozen, stage }: ChannelCard): boolean {
  return frozen === null && stage !== 'removed';
}

export function Composer({ card }: { card: ChannelCard }): ReactNode {
  const { t } = useSpeech();
  const { busy, refusal, run } = useDoing();
  const { text, setText, said } = useDraft(card.name);
  const sending = useSending(card);
  const form = useRef<HTMLFormElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const named = membersFor(card, text.slice(0, caret));
  const name = (member: string): void => {
    const before = text.slice(0, caret).replace(BEGUN, (_, gap: string) => `${gap}@${member} `);
    setText(before + text.slice(caret));
    setCaret(before.length);
    area.current?.focus();
  };
  if (!mayWrite(card)) return null;
  const say = async (): Promise<void> => {
    if (text.trim() === '' || busy) return;
    const done = await run(async (link) => {
      await link.ask('say', { channel: card.name, text });
    });
    if (done) said();
  };
  return (
    <section className="composer" aria-label={t('composer.title')} onPaste={sending.paste}>
      <Audience card={card} />
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void say();
        }}
      >
        <TextField
          id={FIELD}
          className="field"
          value={text}
          onChange={setText}
          aria-describedby="audience"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
              form.current?.requestSubmit();
          }}
        >
          <Label>{t('composer.message')}</Label>
          <TextArea
            ref={area}
            dir="auto"
            rows={3}
            onInput={({ currentTarget }) => setCaret(currentTarget.selectionEnd)}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionEnd)}
          />
        </TextField>
        <Suggested members={named} onName={name} />
        <Button type="submit" className="act">
          {t('composer.send')}
        </Button>{' '}
        <span className="quiet">{t('composer.keys')}</span>
      </form>
      <RefusalNote refusal={refusal} />
      <SendFile card={card} sending={sending} />
    </section>
  );
}
