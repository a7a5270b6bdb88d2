// A JSON file on its way in: which of the formats is it? Depth and size are bounded before anything else looks at it.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { importCsis, looksLikeCsis } from './csis.ts';
import { BAD_ROW_SHARE_MAX, type Imported, type ImportReason } from './imported.ts';
import { importGalaxy, importMispEvents, looksLikeGalaxy, mispEvents } from '../misp/event.ts';
import { isObject } from '../stix/object.ts';
import { importStixObjects } from '../stix/read.ts';
import {
  checkStixBundle,
  checkStixObject,
  upgradeStix,
  type StixReason,
} from '../stix/validate.ts';
import type { StixObject } from '../stix/object.ts';

const CHARACTERS_MAX = 64 * 1024 * 1024;
const DEPTH_MAX = 64;

/** Parses with bounds; JSON.parse itself is linear, so only depth can hurt what walks the value later. */
export function readJson(text: string): Verdict<unknown, ImportReason> {
  if (text.length > CHARACTERS_MAX)
    return refuse('too-large', { detail: `more than ${CHARACTERS_MAX} characters` });
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (inString) {
      if (letter === 92) i++;
      else if (letter === 34) inString = false;
    } else if (letter === 34) inString = true;
    else if (letter === 91 || letter === 123) {
      depth++;
      if (depth > DEPTH_MAX)
        return refuse('wrong-shape', { at: i, detail: `nested deeper than ${DEPTH_MAX}` });
    } else if (letter === 93 || letter === 125) depth--;
  }
  try {
    return accept(JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as unknown);
  } catch (error) {
    return refuse('not-json', {
      detail: error instanceof Error ? error.message.slice(0, 200) : 'not JSON',
    });
  }
}

function explain(
  reason: StixReason,
  at: number | undefined,
  detail: string | undefined,
): Verdict<never, ImportReason> {
  const where = at === undefined ? '' : `object ${at + 1}: `;
  return refuse(reason === 'cyclic-references' || reason === 'too-large' ? reason : 'wrong-shape', {
    detail: `${where}${reason}, ${detail ?? ''}`,
  });
}

/** The objects of a bundle, or of a plain list of STIX objects as ATT&CK tools write it; undefined for anything else. */
function stixObjects(value: unknown): Verdict<readonly StixObject[], ImportReason> | undefined {
  if (isObject(value) && value['type'] === 'bundle') {
    const bundle = checkStixBundle(upgradeStix(value));
    return bundle.ok
      ? accept(bundle.value.objects)
      : explain(bundle.reason, bundle.at, bundle.detail);
  }
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  if (
    list.length === 0 ||
    !list.every(
      (item) =>
        isObject(item) &&
        typeof item['id'] === 'string' &&
        typeof item['type'] === 'string' &&
        item['id'].startsWith(`${item['type']}--`),
    )
  )
    return undefined;
  const objects: StixObject[] = [];
  for (const [at, item] of list.entries()) {
    const object = checkStixObject(upgradeStix(item));
    if (!object.ok) return explain(object.reason, at, object.detail);
    objects.push(object.value);
  }
  return accept(objects);
}

/** The same rule as for rows: a file with many bad records is the wrong file. */
function whole(imported: Imported): Verdict<Imported, ImportReason> {
  const total = imported.records.length + imported.refused.length;
  if (imported.refused.length > total * BAD_ROW_SHARE_MAX) {
    const first = imported.refused[0];
    return refuse('too-many-bad-rows', {
      detail: `${imported.refused.length} of ${total} records are bad (${first?.row ?? ''}: ${first?.detail ?? ''}); nothing was taken`,
    });
  }
  if (imported.records.length + imported.actors.length === 0) {
    return refuse('nothing-usable', {
      detail: imported.remarks[0] ?? 'it names no dated event and no actor',
    });
  }
  return accept(imported);
}

export function importJson(text: string): Verdict<Imported, ImportReason> {
  const json = readJson(text);
  if (!json.ok) return json;
  if (looksLikeCsis(json.value)) {
    const events = importCsis(json.value);
    return events.ok ? whole(events.value) : events;
  }
  const stix = stixObjects(json.value);
  if (stix !== undefined) return stix.ok ? whole(importStixObjects(stix.value)) : stix;
  const misp = mispEvents(json.value);
  if (misp !== undefined) return whole(importMispEvents(misp));
  if (looksLikeGalaxy(json.value))
    return whole(importGalaxy(json.value as Record<string, unknown>));
  return refuse('unknown-format', {
    detail: 'it is neither a list of CSIS events, nor MISP, nor STIX, nor ATT&CK',
  });
}
