// Sizes of a text: paper and margins, columns of tables, pictures; and the box in which the words of a picture stand.

import {
  MODEL_LIMITS,
  PLAIN_RUN,
  USUAL_PAGE,
  type Block,
  type PageSize,
} from '../list/text-model.ts';

const EMU_PER_POINT = 12_700;
const EMU_MAX = 1e8;

export const twips = (said: string | undefined): number =>
  Math.max(0, Math.min(MODEL_LIMITS.twips, Math.round(Number(said)) || 0));

/** In English metric units; an inch for what is none. */
export const side = (said: string | undefined): number =>
  Math.max(1, Math.min(EMU_MAX, Math.round(Number(said)) || 914_400));

/** Width and height as the older language of drawings says them, in points. */
export function sizeOf(style: string): { width: number; height: number } | undefined {
  const [width, height] = ['width', 'height'].map((name) =>
    Number(new RegExp(`(?:^|;)\\s*${name}:\\s*([\\d.]+)pt`).exec(style)?.[1]),
  );
  if (!(Number(width) > 0 && Number(height) > 0)) return undefined;
  return {
    width: side(`${Number(width) * EMU_PER_POINT}`),
    height: side(`${Number(height) * EMU_PER_POINT}`),
  };
}

/** The paper of the last section, which is the whole text's where there is one. */
export class WordPage {
  #page: PageSize = USUAL_PAGE;

  open(tag: 'w:pgSz' | 'w:pgMar', a: Readonly<Record<string, string>>): void {
    if (tag === 'w:pgSz') {
      const [width, height] = [twips(a['w:w']), twips(a['w:h'])];
      if (width >= 1440 && height >= 1440) this.#page = { ...this.#page, width, height };
      return;
    }
    const [top, right, bottom, left] = ['w:top', 'w:right', 'w:bottom', 'w:left'].map((edge) =>
      twips(a[edge]?.replace('-', '')),
    );
    this.#page = {
      ...this.#page,
      top: top ?? 0,
      right: right ?? 0,
      bottom: bottom ?? 0,
      left: left ?? 0,
    };
  }

  /** Margins that leave no room are not believed. */
  get page(): PageSize {
    const { width, height, top, right, bottom, left } = this.#page;
    const roomy = width - left - right >= 720 && height - top - bottom >= 720;
    return roomy ? this.#page : { ...USUAL_PAGE };
  }
}

/** The words of a picture, in a frame, a line each. */
export const boxed = (lines: readonly string[]): Block => ({
  kind: 'table',
  widths: [],
  rows: [
    [
      {
        span: 1,
        merge: 'none',
        blocks: lines.map((text) => ({
          kind: 'paragraph',
          style: 'normal',
          level: 0,
          numbering: null,
          align: 'left',
          inlines: [{ kind: 'run', text, ...PLAIN_RUN }],
        })),
      },
    ],
  ],
});
