// One page of a safe copy: its room is kept from the start, its drawing and words come when it is near the eye.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useSpeech } from './language.tsx';
import { searchable, type Pages, type Size } from './pages.ts';

const NEAR = '600px';
/** The name under which desk.css colours what was searched. */
const FOUND = 'found-words';

/** Whether the element is in sight or nearly. */
function useNear(): [ref: (element: HTMLElement | null) => void, near: boolean] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (element === null) return undefined;
    const observer = new IntersectionObserver(
      (seen) => setNear(seen.at(-1)?.isIntersecting === true),
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, near];
}

/** Every place in the laid words where the searched ones stand; a match may go over several runs of text. */
function rangesOf(layer: HTMLElement, words: string): Range[] {
  if (words === '') return [];
  const runs: { node: Text; from: number; text: string }[] = [];
  let whole = '';
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node as Text;
    const plain = text.data.toLocaleLowerCase();
    // Where lower case changes the length, places would be wrong: such a run is searched as it stands.
    const piece = plain.length === text.data.length ? plain : text.data;
    runs.push({ node: text, from: whole.length, text: piece });
    whole += piece;
  }
  const placeOf = (at: number): [Text, number] | undefined => {
    const run = runs.findLast(({ from }) => from <= at);
    return run === undefined ? undefined : [run.node, Math.min(at - run.from, run.text.length)];
  };
  const ranges: Range[] = [];
  for (let at = whole.indexOf(words); at !== -1; at = whole.indexOf(words, at + words.length)) {
    const [from, to] = [placeOf(at), placeOf(at + words.length)];
    if (from === undefined || to === undefined) continue;
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    ranges.push(range);
  }
  return ranges;
}

/** Shows the found words by colour without a change of the document; a browser that cannot shows them plain. */
function highlight(layer: HTMLElement, words: string): () => void {
  if (typeof Highlight === 'undefined') return () => undefined;
  const all = CSS.highlights.get(FOUND) ?? new Highlight();
  CSS.highlights.set(FOUND, all);
  const ranges = rangesOf(layer, words);
  for (const range of ranges) all.add(range);
  return () => {
    for (const range of ranges) all.delete(range);
  };
}

export function PageSheet(props: {
  pages: Pages;
  page: number;
  zoom: number;
  /** A small picture of the page without words. */
  bare?: boolean;
  words?: string;
}): ReactNode {
  const { t } = useSpeech();
  const { pages, page, zoom, bare = false, words = '' } = props;
  const [place, near] = useNear();
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>(pages.first);
  const [laid, setLaid] = useState(0);
  useEffect(() => {
    if (!near || canvas.current === null) return undefined;
    let current = true;
    const drawing = pages.draw(page, canvas.current, zoom);
    const show = async (): Promise<void> => {
      setSize(await pages.size(page));
      await drawing.done;
      if (!current || layer.current === null) return;
      await pages.lay(page, layer.current, zoom);
      setLaid((before) => before + 1);
    };
    // A page that cannot be drawn stays empty: the download is there.
    show().catch(() => undefined);
    return () => {
      current = false;
      drawing.stop();
    };
  }, [pages, page, zoom, near]);
  useEffect(() => {
    if (laid === 0 || layer.current === null) return undefined;
    return highlight(layer.current, searchable(words).trim());
  }, [laid, words]);
  return (
    <div
      ref={place}
      className={bare ? 'sheet bare' : 'sheet'}
      style={{ inlineSize: size.width * zoom, blockSize: size.height * zoom }}
      {...(bare
        ? { 'aria-hidden': true }
        : { 'data-page': page, role: 'group', 'aria-label': t('viewer.pageName', { page }) })}
    >
      {near ? <canvas ref={canvas} aria-hidden="true" /> : null}
      {near && !bare ? <div ref={layer} className="words-layer" dir="auto" /> : null}
    </div>
  );
}
