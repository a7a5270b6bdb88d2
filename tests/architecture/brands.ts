// Brands are made in one place: nobody but disarm may turn bytes into a safe copy or an original by assertion.

import { type House, type Ruling, ruling, sources } from './house.ts';
import { type Node, child, parse, perFile, visit } from './syntax.ts';

/** The brands that carry safety, and the one folder that may assert each. */
const MAKERS: Readonly<Record<string, string>> = {
  Original: 'packages/disarm/src/',
  SafeCopy: 'packages/disarm/src/',
};

function typeNames(node: Node | undefined): string[] {
  const names: string[] = [];
  if (node !== undefined)
    visit(node, (below) => {
      if (below.type === 'TSTypeReference') names.push(String(child(below, 'typeName')?.['name']));
      if (below.type === 'TSImportType') names.push(String(child(below, 'qualifier')?.['name']));
    });
  return names;
}

/** Type assertions and predicates of a file, each with the names of the types it claims. */
const claims = perFile((path, text) => {
  const { program, lineAt } = parse(path, text);
  const found: { line: number; names: string[] }[] = [];
  visit(program, (node) => {
    if (['TSAsExpression', 'TSTypeAssertion', 'TSTypePredicate'].includes(node.type))
      found.push({ line: lineAt(node.start), names: typeNames(child(node, 'typeAnnotation')) });
  });
  return found;
});

/** Half of invariant 7: nobody but its maker claims that something is a brand. */
export function checkBrands(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house))
    for (const { line, names } of claims(path, text)) {
      read++;
      for (const name of names) {
        const maker = MAKERS[name];
        if (maker !== undefined && !path.startsWith(maker))
          findings.push(`${path}:${line}: makes a ${name} by assertion`);
      }
    }
  return ruling('assertions', read, findings);
}
