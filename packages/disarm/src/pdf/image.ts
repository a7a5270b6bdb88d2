// An image object as a picture of the list: decoded by the engine, no finer than the page shows it.

import type { Matrix, PictureItem } from '../list/display-list.ts';
import type { ObjectReader } from './objects.ts';
import { isFiniteMatrix, multiply } from './outline.ts';
import type { PageContext } from './page-context.ts';
import type { Leaf } from './patches.ts';
import { pictureOfBitmap } from './raster.ts';

/** The picture on its place; undefined where the engine makes none of it. */
export function readImage(
  context: PageContext,
  objects: ObjectReader,
  { object, matrix }: Leaf,
): PictureItem | undefined {
  const { engine, document, page, pictureDpi, pixelsMax, pictures } = context;
  const { call, scratch } = engine;
  const own = objects.matrix(object);
  const whole = multiply(own, matrix);
  if (!isFiniteMatrix(whole)) return undefined;
  if (call.FPDFImageObj_GetImagePixelSize(object, scratch, scratch + 4) === 0) return undefined;
  const nativeWidth = engine.memory().getUint32(scratch, true);
  const nativeHeight = engine.memory().getUint32(scratch + 4, true);
  const [a, b, c, d] = whole;
  const placedWidth = (Math.hypot(a, b) / 72) * pictureDpi;
  const placedHeight = (Math.hypot(c, d) / 72) * pictureDpi;
  let width = Math.max(1, nativeWidth);
  let height = Math.max(1, nativeHeight);
  if (width > placedWidth * 1.3) width = Math.max(1, Math.round(placedWidth));
  if (height > placedHeight * 1.3) height = Math.max(1, Math.round(placedHeight));
  const room = Math.sqrt(pixelsMax / (width * height));
  if (room < 1) {
    width = Math.max(1, Math.floor(width * room));
    height = Math.max(1, Math.floor(height * room));
  }
  const place = ([p, q, r, s, t, u]: Matrix): void => {
    call.FPDFImageObj_SetMatrix(object, p, q, r, s, t, u);
  };
  place([width, 0, 0, height, 0, 0]);
  const bitmap = call.FPDFImageObj_GetRenderedBitmap(document, page, object);
  place(own);
  if (bitmap === 0) return undefined;
  const picture = pictureOfBitmap(engine, bitmap);
  call.FPDFBitmap_Destroy(bitmap);
  if (picture === undefined) return undefined;
  return {
    kind: 'picture',
    picture: pictures.put(picture),
    matrix: whole,
    alpha: 255,
    blend: objects.blend(object),
  };
}
