// What stands in an office document beside its words: pictures that are decoded and written anew, charts by their values, metafiles and diagrams by their words. The rest is named.

import { CHART_LIMITS, type ChartModel } from '../list/chart-model.ts';
import { emit, JobRefusal } from '../cage/emit.ts';
import { withoutUnseen } from '../unseen.ts';
import { readChart } from './chart-model.ts';
import { metafileWords } from './metafile-words.ts';
import { targetsWithin } from './relationships.ts';
import { removed } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

/** A picture by its number, or the lines that a metafile or a diagram shows. */
export type Seen =
  | { readonly kind: 'picture'; readonly picture: number }
  | { readonly kind: 'words'; readonly lines: readonly string[] };

const PICTURES_MAX = 65_535;
const LINES_MAX = 2000;
const LINE_MAX = 20_000;
/** Letters in boxes and pictures of the whole document, and what each line costs beside them. */
const LETTERS_MAX = 4_000_000;
const LINE_COST = 50;

export class OfficeInsides {
  /** Parts with pictures, by their number in the copy. */
  readonly pictures: string[] = [];
  readonly charts: ChartModel[] = [];
  /** Charts of a kind that is not copied. */
  chartsLeft = 0;
  /** Metafiles without a word, and pictures of a form that is not decoded. */
  picturesLeft = 0;
  /** Metafiles and diagrams whose words are in the copy. */
  worded = 0;
  readonly #zip: ZipReader;
  readonly #targets = new Map<string, ReadonlyMap<string, string>>();
  readonly #words = new Map<string, readonly string[]>();
  #points: number = CHART_LIMITS.allPoints;
  #letters = LETTERS_MAX;

  constructor(zip: ZipReader) {
    this.#zip = zip;
  }

  /** Counts what a box says: one part of a package may be shown a million times. */
  spend(lines: readonly string[]): void {
    for (const line of lines) this.#letters -= LINE_COST + line.length;
    if (this.#letters < 0)
      throw new JobRefusal('output-too-large', 'more words in drawings than a copy holds');
  }

  /** The part of the package that a relationship names. */
  target(relationship: string, part: string): string | undefined {
    let targets = this.#targets.get(part);
    if (targets === undefined) this.#targets.set(part, (targets = targetsWithin(this.#zip, part)));
    const target = targets.get(relationship);
    return target !== undefined && this.#zip.has(target) ? target : undefined;
  }

  picture(relationship: string, part: string): Seen | undefined {
    const target = this.target(relationship, part);
    if (target !== undefined && /\.(png|jpe?g)$/i.test(target)) {
      const known = this.pictures.indexOf(target);
      if (known >= 0 || this.pictures.length < PICTURES_MAX)
        return {
          kind: 'picture',
          picture: known >= 0 ? known : this.pictures.push(target) - 1,
        };
    }
    if (target !== undefined && /\.([ew]mf)$/i.test(target)) {
      const lines = this.#linesOf(target);
      if (lines.length > 0) return this.#worded(lines);
    }
    this.picturesLeft++;
    if (target === undefined) emit.detail('media', 'a-picture');
    else removed('media', target);
    return undefined;
  }

  /** The number of a chart in the copy; undefined where it is of no usual kind. */
  chart(relationship: string, part: string): number | undefined {
    const target = this.target(relationship, part);
    const found =
      target === undefined || this.charts.length >= CHART_LIMITS.charts
        ? undefined
        : readChart(this.#zip.text(target) ?? '', this.#points);
    if (found === undefined) {
      this.chartsLeft++;
      return undefined;
    }
    this.#points -= found.points;
    return this.charts.push(found.chart) - 1;
  }

  /** A kind of chart that came after the usual ones. */
  laterChart(uri: string | undefined): void {
    if (uri?.endsWith('/chartex') === true) this.chartsLeft++;
  }

  /** The words of a diagram (SmartArt), a line each. */
  diagram(relationship: string, part: string): Seen | undefined {
    const target = this.target(relationship, part);
    if (target === undefined) return undefined;
    const lines = paragraphsOf(this.#zip.text(target) ?? '');
    return lines.length === 0 ? undefined : this.#worded(lines);
  }

  #worded(lines: readonly string[]): Seen {
    this.spend(lines);
    this.worded++;
    return { kind: 'words', lines };
  }

  #linesOf(target: string): readonly string[] {
    let lines = this.#words.get(target);
    if (lines === undefined) {
      lines = cleaned(metafileWords(this.#zip.read(target) ?? new Uint8Array(0)));
      this.#words.set(target, lines);
    }
    return lines;
  }
}

const cleaned = (lines: readonly string[]): string[] =>
  lines
    .map((line) => withoutUnseen(line.toWellFormed()).slice(0, LINE_MAX).toWellFormed().trim())
    .filter((line) => line !== '');

function paragraphsOf(xml: string): string[] {
  const lines: string[] = [];
  let line = '';
  let reads = false;
  readXml(xml, {
    open: (tag) => (reads = tag === 'a:t'),
    text(words) {
      if (reads && line.length < LINE_MAX) line += words;
    },
    close(tag) {
      reads = false;
      if (tag !== 'a:p') return;
      if (lines.length < LINES_MAX) lines.push(line);
      line = '';
    },
  });
  return cleaned(lines);
}
