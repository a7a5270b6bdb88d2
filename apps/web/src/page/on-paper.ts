// Whether the page is on its way to paper, which has no window: what is drawn as it comes into sight is then drawn whole.

import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

const paper = matchMedia('print');
let printing = false;

function listen(changed: () => void): () => void {
  const to = (now: boolean) => (): void => {
    if (printing === now) return;
    printing = now;
    // The browser takes the page as it is when this returns.
    flushSync(changed);
  };
  const [before, after] = [to(true), to(false)];
  const either = (): void => (paper.matches ? before() : after());
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  paper.addEventListener('change', either);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
    paper.removeEventListener('change', either);
  };
}

export function useOnPaper(): boolean {
  return useSyncExternalStore(listen, () => printing);
}
