// Two marks that travel with every piece of intelligence: who may see it (TLP 2.0) and how far to trust it (Admiralty).

import { accept, refuse, type Verdict } from '@parley/kernel';

export const TLP_LEVELS = ['clear', 'green', 'amber', 'amber+strict', 'red'] as const;
/** FIRST's Traffic Light Protocol 2.0. */
export type Tlp = (typeof TLP_LEVELS)[number];

/** Reads `TLP:AMBER+STRICT`, `amber`, and the 1.0 name `white` (which 2.0 calls clear). */
export function readTlp(text: string): Verdict<Tlp, 'no-such-tlp'> {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^tlp[:-]/, '')
    .replace('amber-strict', 'amber+strict');
  if (bare === 'white') return accept('clear');
  const level = TLP_LEVELS.find((candidate) => candidate === bare);
  return level === undefined ? refuse('no-such-tlp', { detail: text.slice(0, 40) }) : accept(level);
}

/** The stricter of two levels: what is made from both carries it. */
export function strictestTlp(a: Tlp, b: Tlp): Tlp {
  return TLP_LEVELS.indexOf(a) >= TLP_LEVELS.indexOf(b) ? a : b;
}

/** The STIX 2.1 marking definitions of TLP 2.0, as FIRST and OASIS published them. */
export const TLP_MARKINGS: Readonly<Record<Tlp, string>> = {
  clear: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  green: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  amber: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'amber+strict': 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003',
  red: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
};

/** The STIX 2.1 standard's own TLP 1.0 definitions, read but never written. */
const TLP1_MARKINGS: Readonly<Record<string, Tlp>> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'clear',
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'green',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'amber',
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'red',
};

export function tlpOfMarking(id: string): Tlp | undefined {
  return TLP_LEVELS.find((level) => TLP_MARKINGS[level] === id) ?? TLP1_MARKINGS[id];
}

/** Source reliability A to F and information credibility 1 to 6 (NATO AJP-2.1's Admiralty scale). */
export type AdmiraltyCode = `${'A' | 'B' | 'C' | 'D' | 'E' | 'F'}${1 | 2 | 3 | 4 | 5 | 6}`;

export function readAdmiralty(text: string): Verdict<AdmiraltyCode, 'no-such-admiralty-code'> {
  const code = text.trim().toUpperCase();
  return /^[A-F][1-6]$/.test(code)
    ? accept(code as AdmiraltyCode)
    : refuse('no-such-admiralty-code', { detail: text.slice(0, 20) });
}

const RELIABILITY: Readonly<Record<string, string>> = {
  A: 'completely reliable source',
  B: 'usually reliable source',
  C: 'fairly reliable source',
  D: 'not usually reliable source',
  E: 'unreliable source',
  F: 'reliability cannot be judged',
};
const CREDIBILITY: Readonly<Record<string, string>> = {
  1: 'confirmed by other sources',
  2: 'probably true',
  3: 'possibly true',
  4: 'doubtful',
  5: 'improbable',
  6: 'truth cannot be judged',
};

/** The code in words: the letter and the digit are judged apart. */
export function admiraltyWords(code: AdmiraltyCode): string {
  return `${RELIABILITY[code.charAt(0)]}, ${CREDIBILITY[code.charAt(1)]}`;
}
