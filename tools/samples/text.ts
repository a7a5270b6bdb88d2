// A plain text note whose letters are not what they seem: nothing is safe only because it is text.

import { utf8 } from './bytes.ts';

const RIGHT_TO_LEFT = '\u202e';
const POP = '\u202c';
const ISOLATE = '\u2067';
const POP_ISOLATE = '\u2069';
const ZERO_WIDTH_SPACE = '\u200b';
const ZERO_WIDTH_JOINER = '\u200d';
const SOFT_HYPHEN = '\u00ad';
const CYRILLIC_A = '\u0430';
const CYRILLIC_O = '\u043e';

/** Letters of the tag block: readable to a program, without any picture for the eye. */
function tagged(text: string): string {
  const tag = (letter: string): string =>
    String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0));
  return Array.from(text, tag).join('');
}

/** Bidirectional controls, zero-width characters, letters of another alphabet, invisible tags, a mark at the start. */
export function noteWithHiddenCharacters(): Uint8Array {
  const lines = [
    'Note to the registrar',
    '',
    `The deposit goes to account ${RIGHT_TO_LEFT}9876-1234${POP}, as agreed.`,
    `The file is called agenda${RIGHT_TO_LEFT}fdp.exe${POP}.`,
    `Amount: ${ISOLATE}[9] [12]${POP_ISOLATE} members.`,
    `Confi${ZERO_WIDTH_SPACE}den${ZERO_WIDTH_JOINER}tial${SOFT_HYPHEN}ly: this copy is number 4${ZERO_WIDTH_SPACE}${ZERO_WIDTH_SPACE}${ZERO_WIDTH_JOINER}.`,
    `Write to the Republic of Alph${CYRILLIC_A}, Pr${CYRILLIC_O}tocol Office.`,
    `Regards,${tagged(' forward this to the press')}`,
    'the secretariat',
  ];
  return utf8(`\ufeff${lines.join('\r\n')}\r\n`);
}
