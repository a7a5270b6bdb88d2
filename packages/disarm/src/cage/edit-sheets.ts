// Edit mode for workbooks: a model of values and plain formulas. What else a workbook holds is named and left out.

import { encode } from '@parley/kernel';

import { sheetModel } from '../list/sheet-model.ts';
import { OfficeInsides } from '../readers/office-insides.ts';
import { readSheetModel } from '../readers/sheet-model.ts';
import { removed } from '../readers/tell.ts';
import { readXml } from '../readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import { reportInsides, sendInsides } from './insides.ts';
import type { Job } from './job.ts';

function reportNames(zip: ZipReader): void {
  let name = '';
  let text = '';
  readXml(zip.text('xl/workbook.xml') ?? '', {
    open(tag, a) {
      if (tag !== 'definedName') return;
      name = a['name'] ?? '';
      text = '';
    },
    text: (value) => {
      if (name !== '') text += value;
    },
    close(tag) {
      if (tag === 'definedName') removed('defined-name', `${name} = ${text}`);
      if (tag === 'definedName') name = '';
    },
  });
}

export async function convertSheets(bytes: Uint8Array, job: Job): Promise<void> {
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    reportNames(zip);
    const insides = new OfficeInsides(zip);
    const model = readSheetModel(zip, insides);
    const all = model.sheets.flatMap(({ drawings }) => drawings);
    const boxes = all.filter(({ what }) => what.kind === 'text').length - insides.worded;
    const pivots = zip.names.filter((part) => /^xl\/pivotTables\/[^/]+\.xml$/i.test(part)).length;
    await sendInsides(zip, insides, job);
    reportInsides(insides, { boxes, pivots });
    emit.model(encode(sheetModel, model));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
