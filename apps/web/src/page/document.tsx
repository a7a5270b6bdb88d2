// A document from others: what was found in it, beside the safe copy. The original never comes here.

import { Suspense, lazy, useEffect, useId, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { DocumentAnswer } from '../server/wire.ts';
import { useCounted, useDesk, useDoing } from './desk-state.tsx';
import type { Comparable } from './comparison.tsx';
import { Findings } from './findings.tsx';
import { English, Foreign, ForeignBlock, Groups } from './foreign.tsx';
import { useSpeech } from './language.tsx';
import { Fact, RefusalNote } from './parts.tsx';

/** Safe copies of these kinds are drawn by the page itself; others are downloaded. */
const PICTURES = new Set(['image/png', 'image/jpeg']);
const PDF = 'application/pdf';
const TEXT_SHOWN_MAX = 200_000;

// Most visits need neither: they are fetched from the client when a document is opened.
const PagesViewer = lazy(async () => ({
  default: (await import('./pages-viewer.tsx')).PagesViewer,
}));
const Comparison = lazy(async () => ({ default: (await import('./comparison.tsx')).Comparison }));

type Shown =
  | { readonly kind: 'picture'; readonly url: string }
  | { readonly kind: 'pages'; readonly content: Blob }
  | { readonly kind: 'text'; readonly text: string };

/** A page that a finding asked for; a new object asks anew. */
type Wanted = { readonly page: number } | undefined;

/** The bytes that our own writer made, as pages, a picture or a text. A copy that is none of them stays undrawn. */
function Viewer({
  channel,
  document,
  wanted,
}: {
  channel: string;
  document: DocumentAnswer;
  wanted: Wanted;
}): ReactNode {
  const { t } = useSpeech();
  const { link } = useDesk();
  const [shown, setShown] = useState<Shown>();
  const { entry, mediaType } = document;
  const isText = mediaType.startsWith('text/plain');
  const draws = isText || mediaType === PDF || PICTURES.has(mediaType);
  useEffect(() => {
    if (!draws) return undefined;
    let url: string | undefined;
    let current = true;
    const show = async (): Promise<void> => {
      const blob = await link.bytes('safe-copy', { channel, entry });
      const text = isText ? await blob.text() : '';
      if (!current) return;
      if (isText) setShown({ kind: 'text', text: text.slice(0, TEXT_SHOWN_MAX) });
      else if (mediaType === PDF) setShown({ kind: 'pages', content: blob });
      else {
        url = URL.createObjectURL(new Blob([blob], { type: mediaType }));
        setShown({ kind: 'picture', url });
      }
    };
    show().catch(() => undefined);
    return () => {
      current = false;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [link, channel, entry, mediaType, draws, isText]);
  if (!draws) return <p className="quiet">{t('document.noViewer')}</p>;
  if (shown === undefined) return <p className="quiet">{t('loading')}</p>;
  if (shown.kind === 'pages') {
    return (
      <Suspense fallback={<p className="quiet">{t('loading')}</p>}>
        <PagesViewer content={shown.content} wanted={wanted} />
      </Suspense>
    );
  }
  return shown.kind === 'picture' ? (
    <img className="safe-picture" src={shown.url} alt={t('document.picture')} />
  ) : (
    <div className="safe-text" role="document" aria-label={t('document.safe')}>
      <ForeignBlock text={shown.text} />
    </div>
  );
}

/** Hands bytes to the person as a file of their browser. */
export function saveAs(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Download({
  channel,
  document: copy,
}: {
  channel: string;
  document: DocumentAnswer;
}): ReactNode {
  const { t } = useSpeech();
  const { refusal, run } = useDoing();
  const download = async (): Promise<void> => {
    await run(async (link) => {
      const blob = await link.bytes('safe-copy', { channel, entry: copy.entry });
      saveAs(new Blob([blob], { type: copy.mediaType }), copy.safeName);
    });
  };
  return (
    <>
      <Button className="act" onPress={() => void download()}>
        {t('document.download')}
      </Button>{' '}
      <Foreign text={copy.safeName} />
      <RefusalNote refusal={refusal} />
    </>
  );
}

export function SafeCopy({
  channel,
  entry,
  others,
}: {
  channel: string;
  entry: number;
  /** What this document can be compared with. */
  others: readonly Comparable[];
}): ReactNode {
  const { t, number } = useSpeech();
  const id = useId();
  const counted = useCounted(channel);
  const { busy, refusal, run } = useDoing();
  const [document, setDocument] = useState<DocumentAnswer>();
  const [wanted, setWanted] = useState<Wanted>();
  useEffect(() => {
    void run(async (link) => setDocument(await link.ask('document', { channel, entry })));
  }, [run, channel, entry]);
  if (document === undefined) {
    return (
      <>
        {busy ? (
          <p role="status" className="quiet">
            {t('document.working')} <bdi>{counted}</bdi>
          </p>
        ) : null}
        <RefusalNote refusal={refusal} />
      </>
    );
  }
  return (
    // Several may be open: each is told from the others by its number and name.
    <section className="safe-copy" aria-labelledby={`${id}-what ${id}-which`}>
      <span hidden id={`${id}-which`}>
        #{entry} <Foreign text={document.name} />
      </span>
      <div className="reading">
        <div>
          <h2 id={`${id}-what`}>{t('document.safe')}</h2>
          <Viewer channel={channel} document={document} wanted={wanted} />
          <Download channel={channel} document={document} />
        </div>
        <div>
          <h2>{t('document.report')}</h2>
          <Findings found={document.found} onPage={(page) => setWanted({ page })} />
          <dl>
            <Fact name={t('document.size')}>
              {t('size.bytes', { size: number(document.size) })}
            </Fact>
            <Fact name={t('document.originalHash')}>
              <Groups hex={document.original} />
            </Fact>
            <Fact name={t('document.safeHash')}>
              <Groups hex={document.safe} />
            </Fact>
            <Fact name={t('document.engine')}>
              <English text={document.engine} />
            </Fact>
            <Fact name={t('document.policy')}>
              <English text={document.policy} />
            </Fact>
          </dl>
        </div>
      </div>
      <Suspense fallback={null}>
        <Comparison channel={channel} document={document} others={others} />
      </Suspense>
    </section>
  );
}
