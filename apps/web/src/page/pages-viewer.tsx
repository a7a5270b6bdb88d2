// Shows the pages of a safe copy: scroll, zoom, go to a page, search, select, thumbnails, print; every part by keyboard.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useSpeech } from './language.tsx';
import { PageSheet } from './page-sheet.tsx';
import { PageSearch } from './page-search.tsx';
import { Pages } from './pages.ts';
import { printPages } from './print-pages.ts';

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;
const THUMB_WIDTH = 96;

type Tools = {
  readonly pages: Pages;
  readonly page: number;
  readonly zoom: number;
  readonly thumbs: boolean;
  readonly onGo: (page: number) => void;
  readonly onZoom: (zoom: number) => void;
  readonly onThumbs: () => void;
};

/** Prints, and says meanwhile how far it is. */
function Print({ pages }: { pages: Pages }): ReactNode {
  const { t } = useSpeech();
  const [drawing, setDrawing] = useState(0);
  const [failed, setFailed] = useState(false);
  const print = async (): Promise<void> => {
    setFailed(false);
    try {
      await printPages(pages, setDrawing);
    } catch {
      setFailed(true);
    }
    setDrawing(0);
  };
  return (
    <>
      <Button className="plain" isDisabled={drawing > 0} onPress={() => void print()}>
        {t('viewer.print')}
      </Button>
      <span role="status" className="quiet">
        {drawing > 0 ? t('viewer.printing', { page: drawing }) : failed ? t('viewer.failed') : null}
      </span>
    </>
  );
}

function Toolbar({ pages, page, zoom, thumbs, onGo, onZoom, onThumbs }: Tools): ReactNode {
  const { t, number } = useSpeech();
  const smaller = ZOOMS.findLast((one) => one < zoom);
  const larger = ZOOMS.find((one) => one > zoom);
  return (
    <div className="viewer-tools" role="toolbar" aria-label={t('viewer.tools')}>
      <Button className="plain" isDisabled={page <= 1} onPress={() => onGo(page - 1)}>
        {t('viewer.previous')}
      </Button>
      <label>
        {t('viewer.page')}{' '}
        <input
          type="number"
          min={1}
          max={pages.count}
          value={page}
          onChange={({ target }) => {
            const wanted = target.valueAsNumber;
            if (Number.isInteger(wanted) && wanted >= 1 && wanted <= pages.count) onGo(wanted);
          }}
        />
      </label>
      <span>{t('viewer.of', { count: number(pages.count) })}</span>
      <Button className="plain" isDisabled={page >= pages.count} onPress={() => onGo(page + 1)}>
        {t('viewer.next')}
      </Button>
      <Button
        className="plain"
        aria-label={t('viewer.smaller')}
        isDisabled={smaller === undefined}
        onPress={() => onZoom(smaller ?? zoom)}
      >
        −
      </Button>
      <output>{t('composer.share', { share: number(Math.round(zoom * 100)) })}</output>
      <Button
        className="plain"
        aria-label={t('viewer.larger')}
        isDisabled={larger === undefined}
        onPress={() => onZoom(larger ?? zoom)}
      >
        +
      </Button>
      <Button className="plain" aria-pressed={thumbs} onPress={onThumbs}>
        {t('viewer.thumbs')}
      </Button>
      <Print pages={pages} />
    </div>
  );
}

function Thumbs(props: { pages: Pages; page: number; onGo: (page: number) => void }): ReactNode {
  const { t } = useSpeech();
  const { pages, page, onGo } = props;
  return (
    <ol className="thumbs" aria-label={t('viewer.thumbs')}>
      {Array.from({ length: pages.count }, (_, at) => at + 1).map((one) => (
        <li key={one}>
          <Button
            className="thumb"
            aria-current={one === page}
            aria-label={t('viewer.goTo', { page: one })}
            onPress={() => onGo(one)}
          >
            <PageSheet pages={pages} page={one} zoom={THUMB_WIDTH / pages.first.width} bare />
            {one}
          </Button>
        </li>
      ))}
    </ol>
  );
}

/** The zoom at which page 1 is as wide as the place it has, at most its size on paper and a half. */
function fitting(place: HTMLElement, pages: Pages): number {
  const room = place.clientWidth - 16;
  return Math.max(0.25, Math.min(1.5, Math.floor((room / pages.first.width) * 100) / 100));
}

/** `wanted` is a page that a finding asked for; a new object asks again for the same page. */
export function PagesViewer(props: {
  content: Blob;
  wanted: { readonly page: number } | undefined;
}): ReactNode {
  const { t } = useSpeech();
  const [pages, setPages] = useState<Pages>();
  const [failed, setFailed] = useState(false);
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(0);
  const [thumbs, setThumbs] = useState(false);
  const [words, setWords] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const { content, wanted } = props;
  useEffect(() => {
    let opened: Pages | undefined;
    let current = true;
    const open = async (): Promise<void> => {
      opened = await Pages.open(await content.arrayBuffer());
      if (!current) return opened.close();
      if (scroller.current !== null) setZoom(fitting(scroller.current, opened));
      setPages(opened);
    };
    open().catch(() => setFailed(true));
    return () => {
      current = false;
      void opened?.close();
    };
  }, [content]);
  const go = (to: number): void => {
    setPage(to);
    // Only the sheets move, not the whole window; where the reader wants no motion it jumps.
    const place = scroller.current;
    const sheet = place?.querySelector<HTMLElement>(`[data-page="${to}"]`);
    if (place && sheet) place.scrollTop = sheet.offsetTop - place.offsetTop - 4;
  };
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    if (wanted === undefined || wanted === asked || pages === undefined) return;
    setAsked(wanted);
    go(Math.min(wanted.page, pages.count));
    scroller.current?.focus();
  }, [wanted, asked, pages]);
  return (
    <div className="viewer">
      {pages === undefined ? null : (
        <>
          <Toolbar
            pages={pages}
            page={page}
            zoom={zoom}
            thumbs={thumbs}
            onGo={go}
            onZoom={setZoom}
            onThumbs={() => setThumbs(!thumbs)}
          />
          <PageSearch pages={pages} page={page} onGo={go} onWords={setWords} />
        </>
      )}
      {failed ? <p role="alert">{t('viewer.failed')}</p> : null}
      <div className="viewer-body">
        {pages !== undefined && thumbs ? <Thumbs pages={pages} page={page} onGo={go} /> : null}
        <div
          ref={scroller}
          className="sheets"
          role="document"
          aria-label={t('document.safe')}
          tabIndex={0}
          onScroll={({ currentTarget }) => setPage(pageAt(currentTarget))}
        >
          {pages === undefined ? (
            <p className="quiet">{t('loading')}</p>
          ) : (
            Array.from({ length: pages.count }, (_, at) => (
              <PageSheet key={at} pages={pages} page={at + 1} zoom={zoom} words={words} />
            ))
          )}
        </div>
      </div>
    </div>
  );
}

/** The page that the upper third of the place shows. */
function pageAt(place: HTMLElement): number {
  const line = place.scrollTop + place.clientHeight / 3 + place.offsetTop;
  const sheets = [...place.querySelectorAll<HTMLElement>('[data-page]')];
  const seen = sheets.findLast((sheet) => sheet.offsetTop <= line) ?? sheets[0];
  return Number(seen?.dataset['page'] ?? 1);
}
