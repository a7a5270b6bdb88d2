// Edit mode: a DOCX becomes a model of its words, sent with its pictures. The engines of pages are not needed.

import { encode } from '@parley/kernel';

import { textModel } from '../list/text-model.ts';
import { OfficeInsides } from '../readers/office-insides.ts';
import { readTextModel } from '../readers/word-model.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import { reportInsides, sendInsides } from './insides.ts';
import type { Job } from './job.ts';

export async function convertToEdit(bytes: Uint8Array, job: Job): Promise<void> {
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    const insides = new OfficeInsides(zip);
    const model = readTextModel(zip, insides);
    await sendInsides(zip, insides, job);
    reportInsides(insides, { boxes: 0, pivots: 0 });
    emit.model(encode(textModel, model));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
