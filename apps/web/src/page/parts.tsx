// Small parts that every place of the page is made of: fields, refusals, marks, facts.

import { Fragment, useId, type ReactNode } from 'react';
import { Button, FieldError, Input, Label, TextField } from 'react-aria-components';
import type { Refusal } from '../server/wire.ts';
import { LANGUAGES, LANGUAGE_NAMES, type Language } from '../words/languages.ts';
import { English, Groups, visible } from './foreign.tsx';
import { useSpeech } from './language.tsx';

/** A refusal says what happened, what it means and what to do next. */
export function RefusalNote({ refusal }: { refusal: Refusal | undefined }): ReactNode {
  const { t, said, has, language } = useSpeech();
  if (refusal === undefined) return null;
  const grave = refusal.nature === 'tampering';
  // Why a document cannot be rebuilt has words of its own on the page.
  const reason = `reason.${refusal.code}`;
  const own = said(refusal.code) ?? (language !== 'en' && has(reason) ? t(reason) : undefined);
  // The desk speaks English. It names names, which the reader's own sentence does not.
  const theirs = (
    <>
      <p>
        <English text={refusal.message} />
      </p>
      {refusal.next === null ? null : (
        <p>
          {t('refusal.next')} <English text={refusal.next} />
        </p>
      )}
    </>
  );
  return (
    <div role="alert" className={grave ? 'note alarm' : 'note refusal'}>
      <p>
        <strong>{t(`refusal.${refusal.nature}`)}</strong> <code dir="ltr">{refusal.code}</code>
      </p>
      {own === undefined ? (
        theirs
      ) : (
        <>
          <p>{own}</p>
          <details>
            <summary>{t('refusal.words')}</summary>
            {theirs}
          </details>
        </>
      )}
    </div>
  );
}

/** Why a document could not be rebuilt, and what to ask its sender for. A reason of a later engine keeps its code. */
export function Reason({ code }: { code: string }): ReactNode {
  const { t, has } = useSpeech();
  const key = `reason.${code}`;
  return has(key) ? t(key) : <code dir="ltr">{code}</code>;
}

export function Field(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  secret?: boolean;
  ltr?: boolean;
  hint?: string;
}): ReactNode {
  return (
    <TextField
      className="field"
      value={props.value}
      onChange={props.onChange}
      type={props.secret === true ? 'password' : 'text'}
      autoComplete="off"
    >
      <Label>{props.label}</Label>
      <Input dir={props.ltr === true ? 'ltr' : 'auto'} spellCheck={false} />
      {props.hint === undefined ? null : (
        // An example of an address is read from the left, whichever way the page is.
        <p className="quiet">
          <span dir="auto">{props.hint}</span>
        </p>
      )}
      <FieldError />
    </TextField>
  );
}

/** The vault's passphrase, asked again before a grave act. */
export function PassphraseField(props: {
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const { t } = useSpeech();
  return <Field label={t('field.passphrase')} {...props} secret ltr />;
}

export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={({ target }) => props.onChange(target.value as T)}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value} dir="auto">
            {visible(label)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The languages by their own names: also before anything else can be read. */
export function LanguageChoice(props: { onLanguage: (language: Language) => void }): ReactNode {
  const { t, language } = useSpeech();
  return (
    <Choice
      label={t('nav.language')}
      value={language}
      options={LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]] as const)}
      onChange={props.onLanguage}
    />
  );
}

/** The act of a form; Enter in a field of it does the same. */
export function Form(props: {
  label: string;
  act: string;
  busy: boolean;
  refusal: Refusal | undefined;
  danger?: boolean;
  onAct: () => void;
  children: ReactNode;
}): ReactNode {
  const { t } = useSpeech();
  return (
    <form
      aria-label={props.label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!props.busy) props.onAct();
      }}
    >
      {props.children}
      <Button type="submit" className={props.danger === true ? 'act danger' : 'act'}>
        {props.act}
      </Button>
      {props.busy ? (
        <span role="status" className="quiet">
          {t('loading')}
        </span>
      ) : null}
      <RefusalNote refusal={props.refusal} />
    </form>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Fingerprint({ hex }: { hex: string }): ReactNode {
  const { t } = useSpeech();
  return (
    <Fact name={t('field.fingerprint')}>
      <Groups hex={hex} />
    </Fact>
  );
}

/** Verified or not, in words and not by colour alone. */
export function VerifiedMark({ verified }: { verified: boolean }): ReactNode {
  const { t } = useSpeech();
  return (
    <span className={verified ? 'mark good' : 'mark warn'}>
      {verified ? '✓' : '!'} {t(verified ? 'mark.verified' : 'mark.unverified')}
    </span>
  );
}

/** Several things named in one line, as the reader's language joins them. */
export function Listed({ items }: { items: readonly ReactNode[] }): ReactNode {
  const { language } = useSpeech();
  const parts = new Intl.ListFormat(language).formatToParts(items.map((_, at) => String(at)));
  return parts.map(({ type, value }, at) => (
    <Fragment key={at}>{type === 'element' ? items[Number(value)] : value}</Fragment>
  ));
}
