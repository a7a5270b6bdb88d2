// Prints the pages of a safe copy and nothing else: each is drawn once, for paper, and let go afterwards.

import type { Pages } from './pages.ts';

/** 192 dots an inch: small print stays sharp, and a hundred pages fit into memory. */
const PAPER_ZOOM = 2;

async function picture(pages: Pages, page: number): Promise<HTMLImageElement> {
  const canvas = document.createElement('canvas');
  await pages.draw(page, canvas, PAPER_ZOOM / globalThis.devicePixelRatio).done;
  const blob = await new Promise<Blob | null>((settle) => canvas.toBlob(settle));
  if (blob === null) throw new Error(`page ${page} could not be drawn`);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode();
  return image;
}

/** Opens the browser's print dialogue with every page. `onPage` says which page is being drawn. */
export async function printPages(pages: Pages, onPage: (page: number) => void): Promise<void> {
  const paper = document.createElement('div');
  paper.className = 'paper';
  try {
    for (let page = 1; page <= pages.count; page++) {
      onPage(page);
      paper.append(await picture(pages, page));
    }
    document.body.append(paper);
    window.print();
  } finally {
    paper.remove();
    for (const image of paper.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  }
}
