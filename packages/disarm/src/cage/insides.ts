// What edit mode says and sends of the pictures, charts and metafiles of an office document.

import type { OfficeInsides } from '../readers/office-insides.ts';
import type { ZipReader } from '../readers/zip.ts';
import { emit } from './emit.ts';
import type { Job } from './job.ts';
import { sendPicture } from './picture.ts';

export async function sendInsides(
  zip: ZipReader,
  { pictures }: OfficeInsides,
  job: Job,
): Promise<void> {
  for (const [id, name] of pictures.entries()) {
    const data = zip.read(name);
    if (data !== undefined) await sendPicture(id, data, job);
  }
}

/** What was written anew, and what was left out. */
export function reportInsides(
  { pictures, charts, worded, chartsLeft, picturesLeft }: OfficeInsides,
  { boxes, pivots }: { readonly boxes: number; readonly pivots: number },
): void {
  if (charts.length + boxes + worded > 0) {
    emit.note('drawn-anew', {
      charts: charts.length,
      boxes,
      pictures: pictures.length,
      drawings: worded,
    });
  }
  if (chartsLeft + picturesLeft + pivots > 0)
    emit.note('sheet-left-out', { pictures: picturesLeft, charts: chartsLeft, pivots });
}
