// Edit mode for workbooks: a model of values and plain formulas. What else a workbook holds is named and left out.

import { encode } from '@parley/kernel';

import { sheetModel } from '../list/sheet-model.ts';
import { readSheetModel } from '../readers/sheet-model.ts';
import { removed } from '../readers/tell.ts';
import { readXml } from '../readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';

function reportLeftOut(zip: ZipReader): void {
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
  const count = (pattern: RegExp): number => zip.names.filter((part) => pattern.test(part)).length;
  const media = count(/^xl\/media\//i);
  const charts = count(/^xl\/charts\/chart[^/]*\.xml$/i);
  const pivots = count(/^xl\/pivotTables\/[^/]+\.xml$/i);
  if (media + charts + pivots === 0) return;
  emit.note('sheet-left-out', { pictures: media, charts, pivots });
}

export function convertSheets(bytes: Uint8Array): void {
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    reportLeftOut(zip);
    emit.model(encode(sheetModel, readSheetModel(zip)));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
