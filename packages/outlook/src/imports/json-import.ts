// A JSON file on its way in: which of the formats is it? Depth and size are bounded before anything else looks at it.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { importCsis, looksLikeCsis } from './csis.ts';
import type { Imported, ImportReason } from './imported.ts';

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

export function importJson(text: string): Verdict<Imported, ImportReason> {
  const json = readJson(text);
  if (!json.ok) return json;
  if (looksLikeCsis(json.value)) return importCsis(json.value);
  return refuse('unknown-format', {
    detail: 'it is neither a list of CSIS events, nor MISP, nor STIX, nor ATT&CK',
  });
}
