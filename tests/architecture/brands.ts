// Brands are made in one place: nobody but disarm may turn bytes into a safe copy or an original by assertion.

import { type House, type Ruling, ruling, sources } from './house.ts';
import { type Node, child, parse, visit } from './syntax.ts';

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

/** Half of invariant 7: type assertions to a brand, and predicates that would narrow to one. */
export function checkBrands(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house)) {
    const { program, lineAt } = parse(path, text);
    visit(program, (node) => {
      const isClaim = ['TSAsExpression', 'TSTypeAssertion', 'TSTypePredicate'].includes(node.type);
      if (!isClaim) return;
      read++;
      for (const name of typeNames(child(node, 'typeAnnotation'))) {
        const maker = MAKERS[name];
        if (maker !== undefined && !path.startsWith(maker))
          findings.push(`${path}:${lineAt(node.start)}: makes a ${name} by assertion`);
      }
    });
  }
  return ruling('assertions', read, findings);
}
