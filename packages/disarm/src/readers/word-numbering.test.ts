import { describe, expect, it } from 'vitest';

import { makeDocx } from '../../testing/office-maker.ts';
import type { Paragraph, TextModel } from '../list/text-model.ts';
import { writeDocx } from '../writer/docx.ts';
import { OfficeInsides } from './office-insides.ts';
import { readTextModel } from './word-model.ts';
import { OFFICE_ZIP_LIMITS, ZipReader } from './zip.ts';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

const level = (at: number, format: string, text: string, more = ''): string =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/><w:pPr><w:ind w:left="${300 * (at + 1)}" w:hanging="300"/></w:pPr></w:lvl>`;
const numbering = (inner: string): string => `<w:numbering ${W}>${inner}</w:numbering>`;
const abstract = (id: number, inner: string): string =>
  `<w:abstractNum w:abstractNumId="${id}">${inner}</w:abstractNum>`;
const num = (id: number, of: number, inner = ''): string =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${of}"/>${inner}</w:num>`;
const style = (id: string, name: string, inner: string): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${inner}</w:style>`;
const styles = (inner: string): string => `<w:styles ${W}>${inner}</w:styles>`;
const paragraph = (text: string, properties: string): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
const inList = (text: string, id: number, at = 0): string =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${id}"/></w:numPr>`);

function modelOf(docx: Uint8Array): TextModel {
  const zip = new ZipReader(docx, OFFICE_ZIP_LIMITS);
  return readTextModel(zip, new OfficeInsides(zip));
}

const paragraphs = (model: TextModel): Paragraph[] =>
  model.blocks.flatMap((block) => (block.kind === 'paragraph' ? [block] : []));

const TREATY = makeDocx(
  inList('Scope', 7) +
    inList('The parties', 7, 1) +
    inList('in good faith', 7, 2) +
    inList('Final clauses', 7) +
    inList('begins at five', 8) +
    inList('a sign', 9),
  {
    'word/numbering.xml': numbering(
      abstract(
        3,
        level(0, 'upperRoman', 'Article %1') +
          level(1, 'decimal', '%1.%2', '<w:isLgl/><w:suff w:val="space"/>') +
          level(2, 'lowerLetter', '(%3)', '<w:lvlRestart w:val="0"/>'),
      ) +
        abstract(4, level(0, 'bullet', '\uF0B7').replace('<w:start w:val="1"/>', '')) +
        num(7, 3) +
        num(8, 3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>') +
        num(9, 4),
    ),
  },
);

describe('lists of an editable copy', () => {
  it('keep their labels, levels, beginnings and what counts on', () => {
    const model = modelOf(TREATY);
    expect(paragraphs(model).map((p) => [p.style, p.numbering, p.level])).toEqual([
      ['normal', 0, 0],
      ['normal', 0, 1],
      ['normal', 0, 2],
      ['normal', 0, 0],
      ['normal', 1, 0],
      ['normal', 2, 0],
    ]);
    expect(model.numberings).toEqual([
      { list: 0, overrides: [] },
      { list: 0, overrides: [{ level: 0, start: 5, as: null }] },
      { list: 1, overrides: [] },
    ]);
    expect(model.lists[0]?.slice(0, 3)).toMatchObject([
      { format: 'upperRoman', text: 'Article %1', left: 300, hanging: 300 },
      { format: 'decimal', text: '%1.%2', legal: true, suffix: 'space', restart: null },
      { format: 'lowerLetter', text: '(%3)', legal: false, suffix: 'tab', restart: 0 },
    ]);
    // Signs of symbol fonts have no meaning outside them.
    expect(model.lists[1]?.[0]).toMatchObject({ format: 'bullet', text: '\u2022', start: 0 });
  });

  it('are the same in a copy of the copy', () => {
    const model = modelOf(TREATY);
    const again = modelOf(writeDocx(model, []));
    expect(again.blocks).toEqual(model.blocks);
    expect(again.lists).toEqual(model.lists);
    expect(again.numberings).toEqual(model.numberings);
  });

  it('are those of a heading style too, by the level that names the style', () => {
    const model = modelOf(
      makeDocx(
        paragraph('Chapter', '<w:pStyle w:val="H1"/>') +
          paragraph('Section', '<w:pStyle w:val="H2"/>') +
          paragraph('unnumbered', '<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>') +
          paragraph('below', '<w:pStyle w:val="Child"/>'),
        {
          'word/styles.xml': styles(
            style('H1', 'heading 1', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>') +
              style('H2', 'heading 2', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>') +
              style('Child', 'Clause', '<w:basedOn w:val="H2"/>'),
          ),
          'word/numbering.xml': numbering(
            abstract(
              0,
              level(0, 'decimal', '%1', '<w:pStyle w:val="H1"/>') +
                level(1, 'decimal', '%1.%2', '<w:pStyle w:val="H2"/>'),
            ) + num(1, 0),
          ),
        },
      ),
    );
    expect(paragraphs(model).map((p) => [p.style, p.numbering, p.level])).toEqual([
      ['heading1', 0, 0],
      ['heading2', 0, 1],
      ['heading2', null, 1],
      ['normal', 0, 1],
    ]);
  });

  it('are those of now where a change of lists is tracked', () => {
    const before =
      '<w:pPrChange w:author="Bea"><w:pPr><w:numPr><w:numId w:val="9"/></w:numPr><w:jc w:val="right"/></w:pPr></w:pPrChange>';
    const model = modelOf(
      makeDocx(
        paragraph('one', `<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>${before}`),
        {
          'word/numbering.xml': numbering(
            abstract(0, level(1, 'ordinal', '%2')) + num(1, 0) + num(9, 0),
          ),
        },
      ),
    );
    expect(paragraphs(model)).toMatchObject([{ numbering: 0, level: 1, align: 'left' }]);
    expect(model.numberings).toHaveLength(1);
    expect(model.lists[0]?.[1]).toMatchObject({ format: 'ordinal', text: '%2' });
  });

  it('of a stranger are bounded: loops of styles, lists that are not there, labels without end', () => {
    const model = modelOf(
      makeDocx(
        paragraph('loop', '<w:pStyle w:val="A"/>') + inList('nowhere', 77) + inList('long', 1, 99),
        {
          'word/styles.xml': styles(
            style('A', 'a', '<w:basedOn w:val="B"/>') + style('B', 'b', '<w:basedOn w:val="A"/>'),
          ),
          'word/numbering.xml': numbering(
            abstract(
              0,
              `<w:lvl w:ilvl="8"><w:start w:val="1e9"/><w:numFmt w:val="dollarText"/><w:lvlText w:val="${'\u202E&quot;x'.repeat(500)}"/></w:lvl>`,
            ) + num(1, 0),
          ),
        },
      ),
    );
    expect(paragraphs(model).map((p) => [p.numbering, p.level])).toEqual([
      [null, 0],
      [null, 0],
      [0, 8],
    ]);
    const last = model.lists[0]?.[8];
    expect(last).toMatchObject({ format: 'decimal', start: 32_767 });
    expect(last?.text).toMatch(/^["x]{40}$/);
    expect(modelOf(writeDocx(model, [])).lists).toEqual(model.lists);
  });
});
