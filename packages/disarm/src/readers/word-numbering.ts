// Lists of WordprocessingML: the label that a paragraph's number has. In a treaty the label is the name of an article.

import {
  LIST_LEVELS,
  MODEL_LIMITS,
  NUMBER_FORMATS,
  plainLevel,
  type ListLevel,
  type TextModel,
} from '../list/text-model.ts';
import { withoutUnseen } from '../unseen.ts';
import { isOn, levelOf, listStyles, type ListStyle } from './word-styles.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

const TEXT_MAX = 40;
const LISTS_MAX = 5000;
/** Styles stand on styles; a loop of them ends here. */
const CHAIN_MAX = 20;

type Level = ListLevel & { readonly style?: string };
type Abstract = { readonly levels: Map<number, Level>; link: string | undefined };
type Override = { start: number | null; as: Level | null };
type Instance = { abstract: string; readonly overrides: Map<number, Override> };

const within = (value: string | undefined, max: number): number =>
  Math.max(0, Math.min(max, Math.round(Number(value)) || 0));

/** Signs of symbol fonts lie in the private area: a bullet stands for all of them. */
function labelText(value: string): string {
  const seen = withoutUnseen(value.toWellFormed()).replaceAll(/[\uE000-\uF8FF]/g, '\u2022');
  return seen.slice(0, TEXT_MAX).toWellFormed();
}

function changed(level: Level, tag: string, a: Readonly<Record<string, string>>): Level {
  const value = a['w:val'];
  switch (tag) {
    case 'w:start':
      return { ...level, start: within(value, 32_767) };
    case 'w:numFmt':
      return { ...level, format: NUMBER_FORMATS.find((one) => one === value) ?? 'decimal' };
    case 'w:lvlRestart':
      return { ...level, restart: within(value, LIST_LEVELS) };
    case 'w:pStyle':
      return { ...level, style: value ?? '' };
    case 'w:isLgl':
      return { ...level, legal: isOn(value) };
    case 'w:suff':
      return { ...level, suffix: value === 'space' || value === 'nothing' ? value : 'tab' };
    case 'w:lvlText':
      return { ...level, text: labelText(value ?? '') };
    case 'w:ind': {
      const left = within(a['w:left'] ?? a['w:start'], MODEL_LIMITS.twips);
      return { ...level, left, hanging: within(a['w:hanging'], MODEL_LIMITS.twips) };
    }
    default:
      return level;
  }
}

function readNumbering(xml: string): {
  abstracts: Map<string, Abstract>;
  instances: Map<string, Instance>;
} {
  const abstracts = new Map<string, Abstract>();
  const instances = new Map<string, Instance>();
  let abstract: Abstract | undefined;
  let instance: Instance | undefined;
  let override: Override | undefined;
  let level: { at: number; what: Level } | undefined;
  readXml(xml, {
    open(tag, a) {
      if (tag === 'w:abstractNum') {
        abstract = { levels: new Map(), link: undefined };
        if (abstracts.size < LISTS_MAX) abstracts.set(a['w:abstractNumId'] ?? '', abstract);
      } else if (tag === 'w:num') {
        instance = { abstract: '', overrides: new Map() };
        if (instances.size < LISTS_MAX) instances.set(a['w:numId'] ?? '', instance);
      } else if (tag === 'w:lvlOverride') {
        override = { start: null, as: null };
        instance?.overrides.set(levelOf(a['w:ilvl']), override);
      } else if (tag === 'w:lvl') {
        const at = levelOf(a['w:ilvl']);
        const bare = { ...plainLevel(at, 'decimal', ''), start: 0, left: 0, hanging: 0 };
        // Without a start it begins at 0 (ECMA-376, 17.9.25).
        level = { at, what: bare };
      } else if (level !== undefined) level.what = changed(level.what, tag, a);
      else if (tag === 'w:numStyleLink' && abstract !== undefined) abstract.link = a['w:val'];
      else if (tag === 'w:abstractNumId' && instance !== undefined)
        instance.abstract = a['w:val'] ?? '';
      else if (tag === 'w:startOverride' && override !== undefined)
        override.start = within(a['w:val'], 32_767);
    },
    close(tag) {
      if (tag === 'w:lvl' && level !== undefined) {
        if (override !== undefined) override.as = level.what;
        else abstract?.levels.set(level.at, level.what);
        level = undefined;
      } else if (tag === 'w:lvlOverride') override = undefined;
      else if (tag === 'w:abstractNum') abstract = undefined;
      else if (tag === 'w:num') instance = undefined;
    },
  });
  return { abstracts, instances };
}

/** The lists of one document. Those that paragraphs use are kept for the model, in the order of their first use. */
export class WordNumbering {
  readonly #abstracts: ReadonlyMap<string, Abstract>;
  readonly #instances: ReadonlyMap<string, Instance>;
  readonly #styles: ReadonlyMap<string, ListStyle>;
  readonly #listAt = new Map<Abstract, number>();
  readonly #numberAt = new Map<string, number>();
  readonly lists: ListLevel[][] = [];
  readonly numberings: TextModel['numberings'][number][] = [];

  constructor(zip: ZipReader) {
    const { abstracts, instances } = readNumbering(zip.text('word/numbering.xml') ?? '');
    this.#abstracts = abstracts;
    this.#instances = instances;
    this.#styles = listStyles(zip);
  }

  /** Where a paragraph stands: its own list goes before that of its style, and 0 takes a style's list away (`none`). */
  of(paragraph: { style: string; own: string | undefined; level: number | undefined }): {
    readonly numbering: number | null;
    readonly level: number;
    readonly none: boolean;
  } {
    const styled = this.#ofStyle(paragraph.style);
    const id = paragraph.own ?? styled?.numbering;
    const none = id === '0';
    const level = paragraph.level ?? styled?.level ?? 0;
    return { numbering: id === undefined || none ? null : this.#at(id), level, none };
  }

  /** The list and level that a style gives its paragraphs; undefined where it gives none. */
  #ofStyle(id: string): { readonly numbering: string; readonly level: number } | undefined {
    let name: string | undefined = id;
    let level: number | undefined;
    for (let depth = 0; depth < CHAIN_MAX && name !== undefined; depth++) {
      const style: ListStyle | undefined = this.#styles.get(name);
      level ??= style?.level;
      const numbering = style?.numbering;
      if (numbering !== undefined)
        return { numbering, level: level ?? this.#levelOfStyle(numbering, name) };
      name = style?.basedOn;
    }
    return undefined;
  }

  /** A level may name the style that it belongs to. */
  #levelOfStyle(numbering: string, style: string): number {
    for (const [at, level] of this.#abstractOf(numbering)?.levels ?? [])
      if (level.style === style) return at;
    return 0;
  }

  #abstractOf(numbering: string): Abstract | undefined {
    const abstract = this.#abstracts.get(this.#instances.get(numbering)?.abstract ?? '');
    if (abstract?.link === undefined || abstract.levels.size > 0) return abstract;
    const linked = this.#styles.get(abstract.link)?.numbering;
    return this.#abstracts.get(this.#instances.get(linked ?? '')?.abstract ?? '');
  }

  /** The number of this list in the model; null where the document has no such list. */
  #at(numbering: string): number | null {
    const known = this.#numberAt.get(numbering);
    if (known !== undefined) return known;
    const instance = this.#instances.get(numbering);
    const abstract = this.#abstractOf(numbering);
    if (instance === undefined || abstract === undefined) return null;
    const overrides = [...instance.overrides]
      .toSorted(([a], [b]) => a - b)
      .map(([level, { start, as }]) => ({ level, start, as: as === null ? null : kept(as) }));
    const at = this.numberings.push({ list: this.#list(abstract), overrides }) - 1;
    this.#numberAt.set(numbering, at);
    return at;
  }

  #list(abstract: Abstract): number {
    const known = this.#listAt.get(abstract);
    if (known !== undefined) return known;
    const levels = Array.from({ length: LIST_LEVELS }, (_, at) =>
      kept(abstract.levels.get(at) ?? plainLevel(at)),
    );
    const at = this.lists.push(levels) - 1;
    this.#listAt.set(abstract, at);
    return at;
  }
}

function kept(level: Level): ListLevel {
  const { style: _, ...list } = level;
  return list;
}
