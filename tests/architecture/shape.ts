// The shape of files: what they are called, how they open, how long they are, what they may export and leave behind.

import { type House, type Ruling, isTest, ruling, sources } from './house.ts';
import { type Node, child, parse, perFile, visit } from './syntax.ts';
import { testSupport } from './test-support.ts';

/** Names that say nothing: whatever is put there has a better one. */
const EMPTY_WORDS = new Set(
  'util utils common helper helpers manager service base misc'.split(' '),
);

/** Tools that insist on a default export. */
const NEEDS_DEFAULT = /(?:^|\/)(?:vitest|vite)\.config\.ts$/;

const LINES_MAX = 400;
const LINES_TALK = 250;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Kebab-case nouns; no word that says nothing; an index only where a package's `exports` points at it. */
export function checkNames(house: House): Ruling {
  const findings: string[] = [];
  const entries = new Set(
    house.packages.flatMap(({ folder, manifest }) =>
      Object.values(manifest.exports ?? {}).map((entry) => entry.replace(/^\./, folder)),
    ),
  );
  const all = sources(house);
  for (const [path] of all) {
    const folders = path.split('/').slice(0, -1);
    const stem = nameOf(path).replace(/(?:\.(?:test|config|d))*\.[a-z]+$/, '');
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stem)) findings.push(`${path}: not a kebab-case name`);
    for (const word of [...folders, ...stem.split('-')])
      if (EMPTY_WORDS.has(word)) findings.push(`${path}: "${word}" says nothing`);
    if (stem === 'index' && !entries.has(path) && !path.startsWith('apps/'))
      findings.push(`${path}: an index that no package.json exports`);
  }
  return ruling('names', all.length, findings);
}

/** No default exports, no `export *`; a package's index re-exports explicit names and holds nothing else. */
export function checkExports(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house)) {
    const { program, lineAt } = parse(path, text);
    for (const statement of program['body'] as Node[]) {
      const at = `${path}:${lineAt(statement.start)}`;
      read++;
      if (statement.type === 'ExportDefaultDeclaration' && !NEEDS_DEFAULT.test(path))
        findings.push(`${at}: a default export`);
      if (statement.type === 'ExportAllDeclaration') findings.push(`${at}: export *`);
      const isReexport =
        statement.type === 'ExportNamedDeclaration' && child(statement, 'source') !== undefined;
      if (/^packages\/[^/]+\/src\/index\.ts$/.test(path) && !isReexport)
        if (statement.type !== 'ExportNamedDeclaration' || child(statement, 'declaration'))
          findings.push(`${at}: an index only re-exports names`);
    }
  }
  return ruling('statements', read, findings);
}

/** The first line of a program says its one idea, in a comment. Index files have none: the README says theirs. */
export function checkOpenings(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house)) {
    if (isTest(path) || nameOf(path) === 'index.ts' || NEEDS_DEFAULT.test(path)) continue;
    read++;
    const lines = text.split('\n');
    const first = lines[0]?.startsWith('#!') ? lines[1] : lines[0];
    if (first?.startsWith('// ') !== true && first?.startsWith('/** ') !== true)
      findings.push(`${path}: the first line does not say the file's idea`);
  }
  return ruling('openings', read, findings);
}

export type Length = { readonly path: string; readonly lines: number };

/** A table that a tool writes: data in the form of a program, as long as its data is. */
function isTable(path: string): boolean {
  return path.endsWith('-table.ts');
}

function isInRoom(path: string): boolean {
  return /^(?:packages|apps)\//.test(path);
}

/** Programs by length, longest first: those of rooms without their tests, and all of ours beside them. */
export function lengths(house: House): Length[] {
  return sources(house)
    .filter(([path]) => !isTest(path) && !isTable(path))
    .filter(([path]) => !isInRoom(path) || !testSupport(house).has(path))
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .toSorted((a, b) => b.lines - a.lines);
}

/** Programs worth a talk: over 250 lines, and still allowed. */
export function longFiles(house: House): Length[] {
  return lengths(house).filter(({ lines }) => lines > LINES_TALK);
}

/** A file holds one idea: over 400 lines it holds more. */
export function checkLengths(house: House): Ruling {
  const all = lengths(house);
  const findings = all
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, over ${LINES_MAX}`);
  return ruling('files', all.length, findings);
}

/** Written apart, so that this file does not find itself. */
const LEFTOVERS = ['TO DO', 'FIX ME', 'XX X', '@ts- ignore', '@ts- nocheck'].map((mark) =>
  mark.replace(' ', ''),
);

const leftovers = perFile((path, text) => {
  const findings: string[] = [];
  for (const [index, line] of text.split('\n').entries())
    for (const mark of LEFTOVERS)
      if (line.includes(mark) && new RegExp(`(?<![\\w-])${mark}(?!\\w)`).test(line))
        findings.push(`${path}:${index + 1}: ${mark}`);
  if (!isTest(path)) return findings;
  const { program, lineAt } = parse(path, text);
  visit(program, (node) => {
    if (node.type !== 'MemberExpression') return;
    const object = String(child(node, 'object')?.['name']);
    const property = String(child(node, 'property')?.['name']);
    if (!['it', 'test', 'describe'].includes(object)) return;
    if (['skip', 'only', 'todo', 'fails'].includes(property))
      findings.push(`${path}:${lineAt(node.start)}: ${object}.${property}`);
  });
  return findings;
});

/** Nothing unfinished and no check switched off: marks in programs, and tests that are skipped or stand alone. */
export function checkLeftovers(house: House): Ruling {
  const all = sources(house);
  const findings = all.flatMap(([path, text]) => leftovers(path, text));
  return ruling('files', all.length, findings);
}
