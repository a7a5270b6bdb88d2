// Fuzzes the models of editable documents and their writers: mutated encodings, and wild words through DOCX and XLSX, whose parts must be XML.
//
// node tests/fuzz/disarm/models-and-writers.ts [--inputs 250000] [--seed 1]

import { decode, encode } from '@parley/kernel';
import * as fc from 'fast-check';
import { sheetModel, type SheetModel } from '../../../packages/disarm/src/list/sheet-model.ts';
import {
  NUMBER_FORMATS,
  PARAGRAPH_STYLES,
  textModel,
  type Block,
  type TextModel,
} from '../../../packages/disarm/src/list/text-model.ts';
import { readXml } from '../../../packages/disarm/src/readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader } from '../../../packages/disarm/src/readers/zip.ts';
import { writeDocx } from '../../../packages/disarm/src/writer/docx.ts';
import { writeXlsx } from '../../../packages/disarm/src/writer/xlsx.ts';
import { seededRun } from './seeded.ts';

const { wanted, seed, random, pick } = seededRun(250_000);

/** Words that break out of quotes, tags and formulas where a writer is careless. */
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed().normalize('NFC')),
  fc.constantFrom(
    ']]>',
    '"/><x y="',
    '<!--',
    '&#0;',
    '\u0000\ufffe',
    '=cmd|x!A1',
    "'\u2028",
    'SUM(A1:B2)',
    'A1+B2*3',
    'WEBSERVICE("x")',
  ),
);
const run = fc.record({
  kind: fc.constant('run' as const),
  text: words,
  bold: fc.boolean(),
  italic: fc.boolean(),
  underline: fc.boolean(),
  strike: fc.boolean(),
  mark: fc.boolean(),
  vertical: fc.constantFrom('base' as const, 'super' as const, 'sub' as const),
  size: fc.option(fc.nat(800)),
  color: fc.option(fc.nat(0xffffff)),
});
const inline = fc.oneof(
  run,
  run,
  fc.constant({ kind: 'tab' as const }),
  fc.constant({ kind: 'number' as const, of: 'page' as const }),
  fc.record({ kind: fc.constant('break' as const), page: fc.boolean() }),
  fc.record({ kind: fc.constant('note' as const), note: fc.nat(4) }),
  fc.record({
    kind: fc.constant('picture' as const),
    picture: fc.nat(3),
    width: fc.nat(1e8),
    height: fc.nat(1e8),
  }),
);
const paragraph = fc.record({
  style: fc.constantFrom(...PARAGRAPH_STYLES),
  level: fc.nat(8),
  numbering: fc.option(fc.nat(4)),
  align: fc.constantFrom('left' as const, 'center' as const, 'right' as const, 'both' as const),
  inlines: fc.array(inline, { maxLength: 4 }),
});
const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    paragraph.map((p): Block => ({ kind: 'paragraph', ...p })),
    fc
      .array(
        fc.array(
          fc.record({
            span: fc.nat(200),
            merge: fc.constantFrom('none' as const, 'start' as const, 'continue' as const),
            blocks: fc.array(tie('block'), { maxLength: 2 }),
          }),
          { maxLength: 3 },
        ),
        { maxLength: 3 },
      )
      .map((rows): Block => ({ kind: 'table', rows })),
  ),
}));
const listLevel = fc.record({
  format: fc.constantFrom(...NUMBER_FORMATS),
  text: words,
  start: fc.nat(32_767),
  restart: fc.option(fc.nat(9)),
  legal: fc.boolean(),
  suffix: fc.constantFrom('tab' as const, 'space' as const, 'nothing' as const),
  left: fc.nat(31_680),
  hanging: fc.nat(31_680),
});
const numbering = fc.record({
  list: fc.nat(3),
  overrides: fc.array(
    fc.record({
      level: fc.nat(8),
      start: fc.option(fc.nat(32_767)),
      as: fc.option(listLevel),
    }),
    { maxLength: 2 },
  ),
});
const texts: fc.Arbitrary<TextModel> = fc.record({
  header: fc.array(paragraph, { maxLength: 2 }),
  footer: fc.array(paragraph, { maxLength: 2 }),
  blocks: fc.array(block, { maxLength: 4 }),
  notes: fc.array(fc.array(paragraph, { maxLength: 2 }), { maxLength: 3 }),
  lists: fc.array(fc.array(listLevel, { maxLength: 9 }), { maxLength: 2 }),
  numberings: fc.array(numbering, { maxLength: 3 }),
});

const value = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('number' as const), digits: words }),
  fc.record({ kind: fc.constant('text' as const), text: words }),
  fc.record({ kind: fc.constant('truth' as const), on: fc.boolean() }),
  fc.record({
    kind: fc.constant('error' as const),
    error: fc.constantFrom('#REF!' as const, '#N/A' as const),
  }),
);
const cells = fc
  .array(fc.record({ format: fc.nat(2), formula: fc.option(words), value }), { maxLength: 4 })
  .map((list) => list.map((cell, i) => ({ column: i + 1, ...cell })));
const sheets: fc.Arbitrary<SheetModel> = fc.record({
  formats: fc.array(
    fc.record({ code: words, bold: fc.boolean(), italic: fc.boolean(), wrap: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  ),
  sheets: fc.array(
    fc.record({
      name: words,
      columns: fc.constant([{ from: 1, to: 2, width: 900 }]),
      rows: fc
        .array(cells, { maxLength: 3 })
        .map((list) => list.map((row, i) => ({ row: i + 1, cells: row }))),
      merges: fc.constant([]),
      header: fc.string({ maxLength: 60 }),
      footer: fc.constantFrom('', '&L&"Arial,Bold"&12 Draft &P / &N&R&D&F', '&'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** A package whose parts are all XML without an outside target. */
function check(bytes: Uint8Array): void {
  const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
  for (const name of zip.names) {
    const xml = new TextDecoder('utf-8', { fatal: true }).decode(zip.read(name));
    if (!readXml(xml, {})) throw new Error(`${name} is no XML`);
    if (/TargetMode|<!DOCTYPE|undefined|NaN/.test(xml.replaceAll(/<w:t[ >].*?<\/w:t>/gs, ''))) {
      throw new Error(`${name} says what no writer of ours says`);
    }
  }
}

function write(model: { text: TextModel } | { sheets: SheetModel }): void {
  if ('text' in model) return check(writeDocx(model.text, []));
  const workbook = writeXlsx(model.sheets);
  if (workbook !== undefined) check(workbook);
}

const SEEDS = 2000;
const seeds = {
  text: fc.sample(texts, { numRuns: SEEDS, seed }).map((model) => encode(textModel, model)),
  sheets: fc.sample(sheets, { numRuns: SEEDS, seed }).map((model) => encode(sheetModel, model)),
};
const counts = { accepted: 0, written: 0 };
const started = performance.now();
for (let i = 0; i < wanted; i++) {
  const kind = pick(['text', 'sheets'] as const);
  const bytes = pick(seeds[kind]).slice();
  // One of four goes in unharmed, so that the writers see much; the others carry one to three wrong bytes.
  for (let edits = random(4); edits > 0; edits--) bytes[random(bytes.length)] = random(256);
  if (kind === 'text') {
    const model = decode(textModel, bytes);
    if (!model.ok) continue;
    counts.accepted++;
    if (random(8) > 0) continue;
    write({ text: model.value });
  } else {
    const model = decode(sheetModel, bytes);
    if (!model.ok) continue;
    counts.accepted++;
    if (random(8) > 0) continue;
    write({ sheets: model.value });
  }
  counts.written++;
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${wanted} inputs in ${seconds.toFixed(0)} s (seed ${seed}): ${counts.accepted} accepted by the decoder, ${counts.written} written and read back, no crash`,
);
