// The pages of a safe copy: opened, measured, drawn and searched. Only bytes that our own writer made come here.

import { TextLayer, getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist';
import * as reading from 'pdfjs-dist/build/pdf.worker.min.mjs';

// pdfjs looks here before it starts a worker; a worker's address would need a trusted-types policy, and we allow none.
Object.assign(globalThis, { pdfjsWorker: reading });

/** Points at 96 dots an inch, so that "100 %" is the size on paper. */
const PIXELS_PER_POINT = 96 / 72;
/** A page is never drawn with more pixels than this, however far it is enlarged. */
const CANVAS_PIXELS_MAX = 16_000_000;

export type Size = { readonly width: number; readonly height: number };

/** A drawing under way: `stop` ends it, `done` settles when nothing more is drawn. */
export type Drawing = { readonly done: Promise<void>; readonly stop: () => void };

export class Pages {
  readonly #document: PDFDocumentProxy;
  readonly #texts = new Map<number, Promise<string>>();
  readonly count: number;
  /** Of page 1, in CSS pixels at 100 %: what a page not yet looked at is taken for. */
  readonly first: Size;

  private constructor(document: PDFDocumentProxy, first: Size) {
    this.#document = document;
    this.count = document.numPages;
    this.first = first;
  }

  /** Fails where the bytes are no PDF. Fonts, scripts, forms and wasm of pdfjs stay switched off. */
  static async open(content: ArrayBuffer): Promise<Pages> {
    const document = await getDocument({
      data: new Uint8Array(content),
      isEvalSupported: false,
      useWasm: false,
      useWorkerFetch: false,
      useSystemFonts: false,
      disableFontFace: true,
      enableXfa: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      verbosity: 0,
    }).promise;
    const first = sizeOf(await document.getPage(1));
    return new Pages(document, first);
  }

  async close(): Promise<void> {
    await this.#document.loadingTask.destroy();
  }

  async size(page: number): Promise<Size> {
    return sizeOf(await this.#document.getPage(page));
  }

  /** Draws a page, `zoom` 1 being its size on paper, as sharp as the screen is. */
  draw(page: number, canvas: HTMLCanvasElement, zoom: number): Drawing {
    let ended = false;
    let stop = (): void => {};
    const draw = async (): Promise<void> => {
      const proxy = await this.#document.getPage(page);
      if (ended) return;
      const { width, height } = sizeOf(proxy);
      const wanted = zoom * globalThis.devicePixelRatio;
      const scale = Math.min(wanted, Math.sqrt(CANVAS_PIXELS_MAX / (width * height)));
      const viewport = proxy.getViewport({ scale: scale * PIXELS_PER_POINT });
      canvas.width = Math.ceil(viewport.width);
      canvas.height = Math.ceil(viewport.height);
      const task = proxy.render({ canvas, viewport, annotationMode: 0 });
      stop = () => task.cancel();
      await task.promise;
    };
    return {
      // A drawing that was stopped fails in pdfjs; to us it has ended.
      done: draw().catch((error: unknown) => {
        if (!ended) throw error;
      }),
      stop: () => {
        ended = true;
        stop();
      },
    };
  }

  /** Lays the page's words over its drawing, unseen, so that they can be selected, copied and found. */
  async lay(page: number, over: HTMLElement, zoom: number): Promise<void> {
    const proxy = await this.#document.getPage(page);
    over.replaceChildren();
    over.style.setProperty('--total-scale-factor', String(zoom * PIXELS_PER_POINT));
    const layer = new TextLayer({
      textContentSource: await proxy.getTextContent(),
      container: over,
      viewport: proxy.getViewport({ scale: zoom * PIXELS_PER_POINT }),
    });
    await layer.render();
  }

  /** What the page says, line by line. */
  text(page: number): Promise<string> {
    let text = this.#texts.get(page);
    if (text === undefined) {
      text = this.#read(page);
      this.#texts.set(page, text);
    }
    return text;
  }

  async #read(page: number): Promise<string> {
    const proxy = await this.#document.getPage(page);
    const { items } = await proxy.getTextContent();
    let text = '';
    for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str;
    return text;
  }
}

function sizeOf(page: PDFPageProxy): Size {
  const { width, height } = page.getViewport({ scale: PIXELS_PER_POINT });
  return { width, height };
}

/** How texts are compared in a search: without case, width or line ends. */
export function searchable(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase().replaceAll(/\s+/gu, ' ');
}
