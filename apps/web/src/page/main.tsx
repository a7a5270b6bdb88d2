// The page's beginning: takes the token out of the address, is let in, and shows the desk.

import { StrictMode, startTransition, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { DoorState } from '../server/wire.ts';
import type { Sentences } from '../words/code-list.ts';
import { sentencesOf } from '../words/codes.ts';
import type { Catalogue } from '../words/format.ts';
import { catalogueOf, preferredLanguage, type Language } from '../words/languages.ts';
import { saidIn } from '../words/said.ts';
import type { SaidTables } from '../words/said-tables.ts';
import { DeskLink, tokenIn } from './desk-link.ts';
import { AtDesk } from './desk-state.tsx';
import { Home } from './home.tsx';
import { Speaking, useSpeech } from './language.tsx';
import { LanguageChoice } from './parts.tsx';
import { SetUp, Unlock } from './threshold.tsx';

/** The token, which is gone from the address bar and from the history before anything else happens. */
function takeToken(): { token: string | undefined; tour: boolean } {
  const token = tokenIn(location.hash);
  const [, show] = location.hash.split('&');
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return { token, tour: show === 'tour' };
}

type Entered = { readonly link: DeskLink; readonly door: DoorState };

async function enter(token: string | undefined): Promise<Entered | undefined> {
  if (token === undefined) return undefined;
  try {
    const link = await DeskLink.enter(token);
    return { link, door: (await link.ask<{ state: DoorState }>('door')).state };
  } catch {
    return undefined;
  }
}

const { token, tour } = takeToken();
const entering = enter(token);

/** Above what stands alone: who is not at the desk yet may read another language than the browser's. */
function Alone(props: {
  onLanguage: (language: Language) => void;
  children: ReactNode;
}): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <header>
        <p className="title">{t('app.title')}</p>
        <div className="tools">
          <LanguageChoice onLanguage={props.onLanguage} />
        </div>
      </header>
      {props.children}
    </>
  );
}

function NoKey(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className="alone">
      <h1>{t('enter.none')}</h1>
      <p>{t('enter.next')}</p>
    </main>
  );
}

type Spoken = {
  readonly language: Language;
  readonly catalogue: Catalogue;
  readonly sentences: Sentences | undefined;
  readonly tables: SaidTables | undefined;
};

function Page(): ReactNode {
  const [language, setLanguage] = useState<Language>(() => preferredLanguage(navigator.languages));
  const [spoken, setSpoken] = useState<Spoken>();
  const [link, setLink] = useState<DeskLink | undefined | null>(null);
  const [door, setDoor] = useState<DoorState>();
  const [opened, setOpened] = useState(false);
  if (door === 'open' && !opened) setOpened(true);
  useEffect(() => {
    void entering.then((entered) => {
      setDoor(entered?.door);
      setLink(entered?.link);
    });
    // A new link in the same window, after the client was started anew: everything else stays where it is.
    const onLink = async (): Promise<void> => {
      const entered = await enter(takeToken().token);
      if (entered === undefined) return;
      setDoor(entered.door);
      setLink(entered.link);
    };
    const listener = (): void => void onLink();
    addEventListener('hashchange', listener);
    return () => removeEventListener('hashchange', listener);
  }, []);
  useEffect(() => {
    let current = true;
    const fetched = [catalogueOf(language), sentencesOf(language), saidIn(language)] as const;
    void Promise.all(fetched).then(([catalogue, sentences, tables]) => {
      // Every word of the page changes: in small steps, so that the page answers meanwhile.
      if (current) startTransition(() => setSpoken({ language, catalogue, sentences, tables }));
    });
    return () => {
      current = false;
    };
  }, [language]);
  if (spoken === undefined || link === null) return null;
  return (
    <Speaking {...spoken}>
      {link === undefined ? (
        <Alone onLanguage={setLanguage}>
          <NoKey />
        </Alone>
      ) : door === 'new' ? (
        <Alone onLanguage={setLanguage}>
          <SetUp link={link} onState={setDoor} />
        </Alone>
      ) : (
        <>
          {door === 'locked' ? (
            <Alone onLanguage={setLanguage}>
              <Unlock link={link} onState={setDoor} />
            </Alone>
          ) : null}
          {opened ? (
            <div hidden={door !== 'open'}>
              <AtDesk link={link}>
                <Home onLanguage={setLanguage} tour={tour} />
              </AtDesk>
            </div>
          ) : null}
        </>
      )}
    </Speaking>
  );
}

const place = document.querySelector('#desk');
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
