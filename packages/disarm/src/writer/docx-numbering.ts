// Lists of an editable copy: two of our own, and those that the document brought, their labels kept.

import {
  LIST_LEVELS,
  plainLevel,
  type ListLevel,
  type Paragraph,
  type TextModel,
} from '../list/text-model.ts';
import { HEAD, W, xmlText } from './docx-xml.ts';

/** Numbers of our own lists, before those of the document. */
const BULLETS = 1;
const NUMBERS = 2;
const OWN = 2;
const NUMBERED = ['decimal', 'lowerLetter', 'lowerRoman'] as const;

function levelText(at: number, level: ListLevel): string {
  const { format, text, start, restart, legal, suffix, left, hanging } = level;
  return (
    `<w:lvl w:ilvl="${at}"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/>` +
    (restart === null ? '' : `<w:lvlRestart w:val="${restart}"/>`) +
    (legal ? '<w:isLgl/>' : '') +
    (suffix === 'tab' ? '' : `<w:suff w:val="${suffix}"/>`) +
    `<w:lvlText w:val="${xmlText(text)}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="${left}" w:hanging="${hanging}"/></w:pPr></w:lvl>`
  );
}

const levels = (of: (at: number) => ListLevel): ListLevel[] =>
  Array.from({ length: LIST_LEVELS }, (_, at) => of(at));

/** The lists that paragraphs of this model name. */
export function numberingPart({ lists, numberings }: TextModel): string {
  const bullets = levels((at) => plainLevel(at, 'bullet', '\u2022'));
  const numbers = levels((at) => plainLevel(at, NUMBERED[at % NUMBERED.length]));
  const abstracts = [bullets, numbers, ...lists].map(
    (list, id) =>
      `<w:abstractNum w:abstractNumId="${id}">${list.map((level, at) => levelText(at, level)).join('')}</w:abstractNum>`,
  );
  const own = [BULLETS, NUMBERS].map(
    (id) => `<w:num w:numId="${id}"><w:abstractNumId w:val="${id - 1}"/></w:num>`,
  );
  const used = numberings.map(({ list, overrides }, at) => {
    const changes = overrides.map(
      ({ level, start, as }) =>
        `<w:lvlOverride w:ilvl="${level}">` +
        (start === null ? '' : `<w:startOverride w:val="${start}"/>`) +
        `${as === null ? '' : levelText(level, as)}</w:lvlOverride>`,
    );
    // A model of a stranger may name a list that it does not have.
    const abstract = list < lists.length ? OWN + list : NUMBERS - 1;
    return `<w:num w:numId="${OWN + 1 + at}"><w:abstractNumId w:val="${abstract}"/>${changes.join('')}</w:num>`;
  });
  return `${HEAD}<w:numbering xmlns:w="${W}">${[...abstracts, ...own, ...used].join('')}</w:numbering>`;
}

/** What a paragraph says of its list; empty where it is in none. */
export function listProperty({ style, level, numbering }: Paragraph): string {
  const id =
    numbering !== null
      ? OWN + 1 + numbering
      : style === 'bullet'
        ? BULLETS
        : style === 'number'
          ? NUMBERS
          : undefined;
  return id === undefined
    ? ''
    : `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`;
}
