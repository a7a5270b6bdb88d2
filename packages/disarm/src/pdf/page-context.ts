// What reading a page needs to know, and the pictures it has met.

import { createHash } from 'node:crypto';

import type { Picture } from '../list/display-list.ts';
import type { Engine } from './engine.ts';
import type { FontShelf } from './fonts.ts';
import type { Raster } from './raster.ts';

export type PageBox = {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
};

export type PageContext = {
  readonly engine: Engine;
  readonly fonts: FontShelf;
  readonly pictures: PictureShelf;
  readonly page: number;
  readonly document: number;
  readonly box: PageBox;
  readonly rasterDpi: number;
  readonly pictureDpi: number;
  readonly pixelsMax: number;
  /** The page as it is seen, to tell whether a text shows. */
  readonly seen: Raster;
};

/** Pictures by their pixels, so that a logo on every page is sent once. */
export class PictureShelf {
  readonly #byDigest = new Map<string, number>();
  readonly #use: (picture: Picture) => void;
  #next = 0;

  /** `use` hears of every picture each time it is placed. */
  constructor(use: (picture: Picture) => void) {
    this.#use = use;
  }

  put(picture: Omit<Picture, 'id'>): number {
    const digest = createHash('sha256')
      .update(`${picture.kind} ${picture.width} ${picture.height} `)
      .update(picture.pixels)
      .digest('base64');
    const known = this.#byDigest.get(digest);
    const id = known ?? this.#next++;
    if (known === undefined) this.#byDigest.set(digest, id);
    this.#use({ id, ...picture });
    return id;
  }
}
