// Edit mode: a DOCX becomes a model of its words, sent with its pictures. The engines of pages are not needed.

import { encode } from '@parley/kernel';

import { textModel } from '../list/text-model.ts';
import { readTextModel } from '../readers/word-model.ts';
import { readXml } from '../readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { sendPicture } from './picture.ts';

/** Targets of a part's relationships, by id. */
function relationshipsOf(zip: ZipReader, part: string): Map<string, string> {
  const targets = new Map<string, string>();
  const name = part.replace(/([^/]+)$/, '_rels/$1.rels');
  readXml(zip.text(name) ?? '', {
    open(tag, { Id: id = '', Target: target = '', TargetMode: mode = '' }) {
      if (tag === 'Relationship' && mode !== 'External')
        targets.set(id, target.startsWith('/') ? target.slice(1) : `word/${target}`);
    },
  });
  return targets;
}

export async function convertToEdit(bytes: Uint8Array, job: Job): Promise<void> {
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    const relationships = new Map<string, Map<string, string>>();
    const wanted: string[] = [];
    const find = (id: string, part: string): number | undefined => {
      let targets = relationships.get(part);
      if (targets === undefined) relationships.set(part, (targets = relationshipsOf(zip, part)));
      const target = targets.get(id);
      if (target === undefined || !/\.(png|jpe?g)$/i.test(target) || !zip.has(target)) {
        if (target === undefined) emit.detail('media', 'a-picture');
        else emit.remark({ list: 'removed', kind: 'media', text: target });
        return undefined;
      }
      const at = wanted.indexOf(target);
      return at >= 0 ? at : wanted.push(target) - 1;
    };
    const model = readTextModel(zip, find);
    for (const [id, name] of wanted.entries()) {
      const data = zip.read(name);
      if (data !== undefined) await sendPicture(id, data, job);
    }
    emit.model(encode(textModel, model));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
