// How a sheet is printed: paper, direction, scale, margins; and how large cells are that say nothing. What stands on a page, and what its edge cuts, hangs on these.

import type { Sheet, SheetPage } from '../list/sheet-model.ts';

const EDGES = ['left', 'right', 'top', 'bottom', 'header', 'footer'] as const;

/** In hundredths of an inch; undefined for what is none. */
function margin(said: string | undefined): number | undefined {
  const inches = Math.round(Number(said) * 100);
  return said !== undefined && inches >= 0 && inches <= 4900 ? inches : undefined;
}

const counted = (said: string | undefined, usual: number, least: number, most: number): number => {
  const number = Number(said ?? usual);
  return Number.isInteger(number) && number >= least && number <= most ? number : usual;
};

/** In hundredths of a point; 0 for what is none. */
export function heightOf(said: string | undefined): number {
  const height = Math.round(Number(said) * 100);
  return height > 0 && height <= 40_950 ? height : 0;
}

export class PageReader {
  #fits = false;
  #margins: number[] | undefined;
  #setup: Omit<SheetPage, 'margins' | 'fit'> | undefined;
  #fit = { wide: 1, tall: 1 };
  #usual: Sheet['usual'] = null;

  open(tag: string, a: Readonly<Record<string, string>>): void {
    if (tag === 'sheetFormatPr') {
      this.#usual = {
        digits: counted(a['baseColWidth'], 8, 1, 255),
        height: heightOf(a['defaultRowHeight']) || 1500,
      };
    }
    if (tag === 'pageSetUpPr') this.#fits = a['fitToPage'] === '1' || a['fitToPage'] === 'true';
    else if (tag === 'pageMargins') {
      const edges = EDGES.map((edge) => margin(a[edge])).filter((edge) => edge !== undefined);
      if (edges.length === EDGES.length) this.#margins = edges;
    } else if (tag === 'pageSetup') {
      this.#setup = {
        paper: counted(a['paperSize'], 1, 1, 118),
        lying: a['orientation'] === 'landscape',
        scale: counted(a['scale'], 100, 10, 400),
      };
      this.#fit = {
        wide: counted(a['fitToWidth'], 1, 0, 32_767),
        tall: counted(a['fitToHeight'], 1, 0, 32_767),
      };
    }
  }

  get usual(): Sheet['usual'] {
    return this.#usual;
  }

  /** Null where the sheet says nothing of its pages. */
  get page(): SheetPage | null {
    if (this.#setup === undefined && this.#margins === undefined) return null;
    const setup = this.#setup ?? { paper: 1, lying: false, scale: 100 };
    return {
      ...setup,
      fit: this.#fits ? this.#fit : null,
      margins: this.#margins ?? [70, 70, 75, 75, 30, 30],
    };
  }
}
