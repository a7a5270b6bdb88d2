// Fuzzes the models of editable documents and their writers: mutated encodings, and wild words through DOCX and XLSX, whose parts must be XML.
//
// node tests/fuzz/disarm/models-and-writers.ts [--inputs 250000] [--seed 1]

import { decode, encode } from '@parley/kernel';
import * as fc from 'fast-check';
import {
  CHART_KINDS,
  CHART_LIMITS,
  type ChartModel,
} from '../../../packages/disarm/src/list/chart-model.ts';
import { FONT_NAMES } from '../../../packages/disarm/src/list/font-names.ts';
import { sheetModel, type SheetModel } from '../../../packages/disarm/src/list/sheet-model.ts';
import {
  NUMBER_FORMATS,
  PARAGRAPH_STYLES,
  textModel,
  type Block,
  type TextModel,
} from '../../../packages/disarm/src/list/text-model.ts';
import { readChart } from '../../../packages/disarm/src/readers/chart-model.ts';
import type { Picture } from '../../../packages/disarm/src/list/display-list.ts';
import { targetsWithin } from '../../../packages/disarm/src/readers/relationships.ts';
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
    'A!$B$1:$B$9',
    '[1]A!A1',
    '-4.5E+3',
    '0.00%',
  ),
);
/** Short enough for a number's place. */
const short = words.map((text) => text.slice(0, 10).toWellFormed());
const digits = fc.oneof(short, fc.integer({ min: -9, max: 99 }).map(String));

const data = fc.option(
  fc.record({
    cells: fc.option(words),
    numbers: fc.boolean(),
    format: words,
    count: fc.nat(6),
    points: fc.array(fc.record({ at: fc.nat(7), said: digits }), { maxLength: 4 }),
  }),
);
const axis = fc.record({
  title: words,
  shown: fc.boolean(),
  least: fc.option(digits),
  most: fc.option(digits),
  step: fc.option(digits),
  format: words,
  reversed: fc.boolean(),
});
const labels = fc.record({
  value: fc.boolean(),
  category: fc.boolean(),
  series: fc.boolean(),
  percent: fc.boolean(),
});
const chart: fc.Arbitrary<ChartModel> = fc.record({
  title: words,
  legend: fc.constantFrom('none' as const, 'right' as const, 'bottom' as const),
  groups: fc.array(
    fc.record({
      kind: fc.constantFrom(...CHART_KINDS),
      lying: fc.boolean(),
      stacked: fc.constantFrom('no' as const, 'sum' as const, 'percent' as const),
      joined: fc.boolean(),
      axes: fc.nat(1),
      series: fc.array(
        fc.record({
          name: words,
          nameCells: fc.option(words),
          color: fc.option(fc.nat(0xffffff)),
          labels,
          across: data,
          up: data,
          sizes: data,
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 3 },
  ),
  axes: fc.array(fc.record({ across: axis, up: axis }), { maxLength: 2 }),
});
const charts = fc.array(chart, { maxLength: 2 });
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
  fc.record({
    kind: fc.constant('chart' as const),
    chart: fc.nat(3),
    width: fc.nat(1e8),
    height: fc.nat(1e8),
  }),
);
const twips = fc.nat(31_680);
const font = fc.constantFrom(...FONT_NAMES);
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
      .tuple(
        fc.array(twips, { maxLength: 4 }),
        fc.array(
          fc.array(
            fc.record({
              span: fc.nat(200),
              merge: fc.constantFrom('none' as const, 'start' as const, 'continue' as const),
              blocks: fc.array(tie('block'), { maxLength: 2 }),
            }),
            { maxLength: 3 },
          ),
          { maxLength: 3 },
        ),
      )
      .map(([widths, rows]): Block => ({ kind: 'table', widths, rows })),
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
  page: fc.record({
    width: twips,
    height: twips,
    top: twips,
    right: twips,
    bottom: twips,
    left: twips,
  }),
  usual: fc.record({ font, size: fc.nat(800), tab: twips }),
  charts,
  header: fc.array(paragraph, { maxLength: 2 }),
  footer: fc.array(paragraph, { maxLength: 2 }),
  blocks: fc.array(block, { maxLength: 4 }),
  notes: fc.array(fc.array(paragraph, { maxLength: 2 }), { maxLength: 3 }),
  lists: fc.array(fc.array(listLevel, { maxLength: 9 }), { maxLength: 2 }),
  numberings: fc.array(numbering, { maxLength: 3 }),
});

const value = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('number' as const), digits: short }),
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
const edge = fc.nat(1e8);
const place = fc.record({ column: fc.nat(16_383), x: edge, row: fc.nat(1_048_575), y: edge });
const drawing = fc.record({
  anchor: fc.oneof(
    fc.record({ kind: fc.constant('cells' as const), from: place, to: place }),
    fc.record({ kind: fc.constant('size' as const), from: place, width: edge, height: edge }),
    fc.record({ kind: fc.constant('page' as const), x: edge, y: edge, width: edge, height: edge }),
  ),
  what: fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      wrap: fc.boolean(),
      paragraphs: fc.array(words, { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('picture' as const), picture: fc.nat(2) }),
    fc.record({ kind: fc.constant('chart' as const), chart: fc.nat(2) }),
  ),
});
const sheets: fc.Arbitrary<SheetModel> = fc.record({
  charts,
  formats: fc.array(
    fc.record({
      code: words,
      bold: fc.boolean(),
      italic: fc.boolean(),
      wrap: fc.boolean(),
      font,
      size: fc.nat(800),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  sheets: fc.array(
    fc.record({
      name: words,
      columns: fc.constant([{ from: 1, to: 2, width: 900 }]),
      rows: fc
        .array(cells, { maxLength: 3 })
        .map((list) => list.map((row, i) => ({ row: i + 1, height: 1500 * i, cells: row }))),
      merges: fc.constant([]),
      header: fc.string({ maxLength: 60 }),
      usual: fc.option(fc.record({ digits: fc.nat(255), height: fc.nat(40_950) })),
      page: fc.option(
        fc.record({
          paper: fc.nat(118),
          lying: fc.boolean(),
          scale: fc.nat(400),
          fit: fc.option(fc.record({ wide: fc.nat(32_767), tall: fc.nat(32_767) })),
          margins: fc.array(fc.nat(4900), { maxLength: 6 }),
        }),
      ),
      drawings: fc.array(drawing, { maxLength: 3 }),
      footer: fc.constantFrom('', '&L&"Arial,Bold"&12 Draft &P / &N&R&D&F', '&'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** The one picture that is there. */
const PICTURE: Picture = {
  id: 1,
  width: 1,
  height: 1,
  kind: 'rgb',
  pixels: Uint8Array.of(1, 2, 3),
};

/** A package whose parts are all XML without an outside target, and each target a part of it. */
function check(bytes: Uint8Array): void {
  const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
  for (const name of zip.names) {
    if (name.endsWith('/media/image2.png')) continue;
    const xml = new TextDecoder('utf-8', { fatal: true }).decode(zip.read(name));
    if (!readXml(xml, {})) throw new Error(`${name} is no XML`);
    const bare = xml.replaceAll(/<(w:t|a:t|c:v|t)[ >].*?<\/\1>/gs, '');
    if (/TargetMode|<!DOCTYPE|undefined|NaN|externalData|<(?:c:)?f>[^<]*\[/.test(bare)) {
      throw new Error(`${name} says what no writer of ours says`);
    }
    if (name.endsWith('.rels')) {
      const part = name.replace('_rels/', '').replace(/\.rels$/, '');
      for (const target of targetsWithin(zip, part).values())
        if (!zip.has(target)) throw new Error(`${name} leads to ${target}, which is not there`);
    }
    if (/\/charts\/chart\d+\.xml$/.test(name)) {
      const read = readChart(xml, CHART_LIMITS.allPoints);
      if (read === undefined && /Chart><\/c:plotArea|Ax><\/c:plotArea/.test(xml))
        throw new Error(`${name} is no chart`);
    }
  }
}

function write(model: { text: TextModel } | { sheets: SheetModel }): void {
  if ('text' in model) return check(writeDocx(model.text, [PICTURE]));
  const workbook = writeXlsx(model.sheets, [PICTURE]);
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
