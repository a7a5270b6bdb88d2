// What a reader allows: the mode, the limits, and where a page stops being good enough.

/** `structure` keeps text and vectors; `pixel` shows pages as pictures; `edit` makes a fresh editable file where it can. */
export type Mode = 'structure' | 'pixel' | 'edit';

/** What to do where the machine has no bubblewrap. */
export type CagePolicy = 'strongest-here' | 'require-bubblewrap';

/**
 * Everything that decides what a safe copy looks like. Two desks with the same policy, input and engines get the same
 * bytes: the limits of time and memory decide only whether there is a copy.
 */
export type Policy = {
  readonly mode: Mode;
  readonly cage: CagePolicy;
  /** Resolution of pages and parts shown as pictures. */
  readonly rasterDpi: number;
  /** Pictures inside documents are reduced to this where they are finer. */
  readonly pictureDpi: number;
  /** Structural similarity below which a page falls back to a picture, in thousandths. */
  readonly likenessFloor: number;
  readonly inputMaxBytes: number;
  readonly outputMaxBytes: number;
  readonly pagesMax: number;
  /** Pixels of one picture or one page. */
  readonly pixelsMax: number;
  /** Longest side of a page, in points. */
  readonly pageSideMax: number;
  /** Time for the whole document, to which every page adds `pageMs`. */
  readonly documentMs: number;
  readonly pageMs: number;
  /** Longest silence of the cage: a page that takes longer ends the work. */
  readonly silenceMs: number;
  readonly memoryMaxBytes: number;
  /** The office engine alone takes 1.5 GB. */
  readonly officeMemoryMaxBytes: number;
  readonly officeMs: number;
  /** Archives and mail inside one another. */
  readonly depthMax: number;
  /** Files inside one archive or mail that are rebuilt; the rest is named. */
  readonly partsMax: number;
  /** Real time for everything inside one archive or mail, all depths together. */
  readonly treeMs: number;
  /** Unpacked bytes, files and cages of all depths together. */
  readonly treeBytesMax: number;
  readonly treePartsMax: number;
  readonly treeCagesMax: number;
  /** Languages of the text recognised in `pixel` mode. */
  readonly languages: readonly ('eng' | 'kor')[];
};

const MiB = 1024 * 1024;

/** The policy of a calm day. */
export const defaultPolicy: Policy = {
  mode: 'structure',
  cage: 'strongest-here',
  rasterDpi: 150,
  pictureDpi: 200,
  likenessFloor: 960,
  inputMaxBytes: 256 * MiB,
  outputMaxBytes: 512 * MiB,
  pagesMax: 2000,
  pixelsMax: 50_000_000,
  pageSideMax: 5000,
  documentMs: 20_000,
  pageMs: 500,
  silenceMs: 15_000,
  // Looked at every 50 ms: what comes between two looks stays below 1 GiB, and below 2 with the office engine.
  memoryMaxBytes: 960 * MiB,
  officeMemoryMaxBytes: 2032 * MiB,
  // With two starts of the engine a document without pages ends within 30 s.
  officeMs: 20_000,
  depthMax: 3,
  partsMax: 200,
  treeMs: 300_000,
  treeBytesMax: 512 * MiB,
  treePartsMax: 400,
  treeCagesMax: 500,
  languages: ['eng', 'kor'],
};

/** One line that names what decides the bytes of a copy, for the record. */
export function policyLine(policy: Policy): string {
  const { mode, rasterDpi, pictureDpi, likenessFloor } = policy;
  const languages = mode === 'pixel' ? ` languages=${policy.languages.join('+')}` : '';
  return `mode=${mode} raster=${rasterDpi} picture=${pictureDpi} floor=${likenessFloor}${languages}`;
}
