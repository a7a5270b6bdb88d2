// Which files are no part of the program: tests, suites exported for others' tests, benches, and what only those import.

import { posix } from 'node:path';
import { type House, isTest, sources } from './house.ts';
import { parse } from './syntax.ts';

/** Test files, suites that a room exports (`post/conformance`), and what no release holds. */
function isForTests(path: string): boolean {
  if (isTest(path) || path.endsWith('/conformance.ts')) return true;
  if (/^(?:tests|bench|tools)\//.test(path)) return true;
  // A room's program is its src and bin; beside them stand its generators and fixtures.
  return /^(?:packages|apps)\/[^/]+\/(?:src\/testing\/|(?!src\/|bin\/)[^/]+\/)/.test(path);
}

const known = new WeakMap<House, ReadonlySet<string>>();

/** Files that no program can reach: a rule for programs does not bind them. */
export function testSupport(house: House): ReadonlySet<string> {
  const found = known.get(house) ?? findTestSupport(house);
  known.set(house, found);
  return found;
}

function findTestSupport(house: House): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  const all = sources(house);
  for (const [path, text] of all)
    for (const { module } of parse(path, text).imports)
      if (module?.startsWith('.') === true) {
        const target = posix.join(posix.dirname(path), module);
        importers.set(target, [...(importers.get(target) ?? []), path]);
      }
  const entries = new Set(
    house.packages.flatMap(({ folder, manifest }) =>
      Object.values(manifest.exports ?? {}).map((entry) => entry.replace(/^\./, folder)),
    ),
  );
  const support = new Set(all.map(([path]) => path).filter((path) => isForTests(path)));
  // Each round adds what only the rounds before import, until nothing is left to add.
  for (let size = -1; size !== support.size;) {
    size = support.size;
    for (const [path, by] of importers)
      if (!entries.has(path) && by.every((importer) => support.has(importer))) support.add(path);
  }
  return support;
}
