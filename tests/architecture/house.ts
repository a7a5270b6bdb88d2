// The house as data: every committed text and every package, so that a rule is a function that a planted fault can be fed to.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository this file stands in. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Not ours or not committed. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git']);

export type Manifest = {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
};

export type Package = {
  /** Folder name: `kernel`, `relay`. */
  readonly room: string;
  /** Folder from the root: `packages/kernel`. */
  readonly folder: string;
  readonly manifest: Manifest;
};

export type House = {
  /** Path from the root, with `/`, to the file's text. */
  readonly files: ReadonlyMap<string, string>;
  readonly packages: readonly Package[];
};

/** What a rule answers: how much it looked at, and what it found. A rule that read nothing has proven nothing. */
export type Ruling = { readonly read: number; readonly findings: readonly string[] };

/** Adds the finding that a blind rule owes. */
export function ruling(what: string, read: number, findings: readonly string[]): Ruling {
  if (read > 0) return { read, findings };
  return { read, findings: [...findings, `0 ${what} read: the check itself is broken`] };
}

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

function packagesIn(files: ReadonlyMap<string, string>): Package[] {
  const found: Package[] = [];
  for (const [path, text] of files) {
    const match = /^((?:packages|apps)\/([^/]+))\/package\.json$/.exec(path);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    found.push({ folder: match[1], room: match[2], manifest: JSON.parse(text) as Manifest });
  }
  return found;
}

/** Files over this size are measurements or binaries, never sources. */
const TEXT_MAX_BYTES = 4 * 1024 * 1024;

/** Reads the working tree. */
export function readHouse(): House {
  const files = new Map<string, string>();
  for (const path of walk('')) {
    const full = join(ROOT, path);
    if (statSync(full).size > TEXT_MAX_BYTES) continue;
    files.set(path, readFileSync(full, 'latin1'));
  }
  // latin1 keeps binary samples searchable; sources are read again as what they are.
  for (const path of files.keys())
    if (/\.(?:ts|tsx|js|mjs|json|md|txt|ya?ml|css|html)$/.test(path))
      files.set(path, readFileSync(join(ROOT, path), 'utf8'));
  return { files, packages: packagesIn(files) };
}

/** The same house with some files added or replaced: how each rule is shown to see a fault. */
export function plant(house: House, planted: Readonly<Record<string, string>>): House {
  const files = new Map([...house.files, ...Object.entries(planted)]);
  return { files, packages: packagesIn(files) };
}

/** What each check finds in the house as it stands, worked out once a run. */
const standing = new Map<(house: House) => Ruling, ReadonlySet<string>>();

/** The findings that planted files add to those of the house as it stands: nothing else may hide or cause them. */
export function addedBy(
  check: (house: House) => Ruling,
  house: House,
  planted: Readonly<Record<string, string>>,
): readonly string[] {
  const known = standing.get(check) ?? new Set(check(house).findings);
  standing.set(check, known);
  return check(plant(house, planted)).findings.filter((finding) => !known.has(finding));
}

/** A house in which nothing stands: every rule has to fail on it. */
export const EMPTY_HOUSE: House = { files: new Map(), packages: [] };

const SOURCE = /^(?:(?:packages|apps|tests|tools|bench)\/.*|[^/]+)\.(?:ts|tsx|js|mjs)$/;

/** Programs of ours: packages, apps, tests, tools, benches and the configuration at the root. */
export function sources(house: House): [path: string, text: string][] {
  return [...house.files].filter(([path]) => SOURCE.test(path));
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** The package a file belongs to, if any. */
export function packageOf(house: House, path: string): Package | undefined {
  return house.packages.find((candidate) => path.startsWith(`${candidate.folder}/`));
}
