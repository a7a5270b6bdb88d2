// Search in the words of a safe copy: how often, on which pages, and from one to the next.

import { useDeferredValue, useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from './language.tsx';
import { Field } from './parts.tsx';
import { searchable, type Pages } from './pages.ts';

type Found = { readonly words: string; readonly times: number; readonly pages: readonly number[] };

function timesIn(text: string, words: string): number {
  let times = 0;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + words.length))
    times++;
  return times;
}

export function PageSearch(props: {
  pages: Pages;
  page: number;
  onGo: (page: number) => void;
  onWords: (words: string) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { pages, page, onGo, onWords } = props;
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Found>();
  const words = useDeferredValue(searchable(typed).trim());
  useEffect(() => {
    let current = true;
    const search = async (): Promise<void> => {
      let times = 0;
      const on: number[] = [];
      for (let one = 1; one <= pages.count; one++) {
        const here = timesIn(searchable(await pages.text(one)), words);
        if (!current) return;
        times += here;
        if (here > 0) on.push(one);
      }
      setFound({ words, times, pages: on });
    };
    onWords(words);
    if (words === '') setFound(undefined);
    else search().catch(() => setFound({ words, times: 0, pages: [] }));
    return () => {
      current = false;
    };
  }, [pages, words, onWords]);
  const next = found?.pages.find((one) => one > page) ?? found?.pages[0];
  return (
    <form
      className="viewer-search"
      onSubmit={(event) => {
        event.preventDefault();
        if (next !== undefined) onGo(next);
      }}
    >
      <Field label={t('viewer.search')} value={typed} onChange={setTyped} />
      <Button type="submit" className="plain" isDisabled={next === undefined}>
        {t('viewer.nextFound')}
      </Button>
      <p role="status" className="quiet">
        {found === undefined
          ? null
          : found.times === 0
            ? t('viewer.notFound')
            : t('viewer.found', { count: found.times, pages: found.pages.length })}
      </p>
    </form>
  );
}
