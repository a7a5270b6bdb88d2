// The page's beginning: takes the token out of the address, is let in, and shows the desk.

import { StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { DoorState } from '../server/wire.ts';
import type { Catalogue } from '../words/format.ts';
import { catalogueOf, preferredLanguage, type Language } from '../words/languages.ts';
import { DeskLink } from './desk-link.ts';
import { AtDesk } from './desk-state.tsx';
import { Home } from './home.tsx';
import { Speaking, useSpeech } from './language.tsx';
import { SetUp, Unlock } from './threshold.tsx';

/** The token, which is gone from the address bar and from the history before anything else happens. */
function takeToken(): { token: string; tour: boolean } {
  const [token = '', show] = location.hash.slice(1).split('&');
  history.replaceState(null, '', location.pathname);
  return { token, tour: show === 'tour' };
}

const { token, tour } = takeToken();
const entering =
  token === '' ? Promise.resolve(undefined) : DeskLink.enter(token).catch(() => undefined);

function NoKey(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className="alone">
      <h1>{t('enter.none')}</h1>
      <p>{t('enter.next')}</p>
    </main>
  );
}

function Page(): ReactNode {
  const [language, setLanguage] = useState<Language>(() => preferredLanguage(navigator.languages));
  const [spoken, setSpoken] = useState<{ language: Language; catalogue: Catalogue }>();
  const [link, setLink] = useState<DeskLink | undefined | null>(null);
  const [door, setDoor] = useState<DoorState>();
  useEffect(() => {
    void entering.then(async (entered) => {
      if (entered !== undefined) {
        const { state } = await entered.ask<{ state: DoorState }>('door');
        setDoor(state);
      }
      setLink(entered);
    });
  }, []);
  useEffect(() => {
    let current = true;
    void catalogueOf(language).then((catalogue) => {
      if (current) setSpoken({ language, catalogue });
    });
    return () => {
      current = false;
    };
  }, [language]);
  if (spoken === undefined || link === null) return null;
  return (
    <Speaking language={spoken.language} catalogue={spoken.catalogue}>
      {link === undefined ? (
        <NoKey />
      ) : door === 'new' ? (
        <SetUp link={link} onState={setDoor} />
      ) : door === 'locked' ? (
        <Unlock link={link} onState={setDoor} />
      ) : (
        <AtDesk link={link}>
          <Home onLanguage={setLanguage} tour={tour} />
        </AtDesk>
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
