// Reading a source with oxc-parser: which modules it asks for, and which names it uses without declaring them.

import { parseSync, visitorKeys } from 'oxc-parser';

export type Node = { readonly type: string; readonly start: number; readonly end: number } & {
  readonly [key: string]: unknown;
};

export type Import = {
  /** The module as written, or undefined where the name is computed and cannot be checked. */
  readonly module: string | undefined;
  readonly line: number;
  /** True where the import is erased before the program runs. */
  readonly typeOnly: boolean;
};

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** The nodes directly below, in order. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) found.push(...value.filter((item) => isNode(item)));
  }
  return found;
}

/** The node under a key, if there is one. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** Visits a node and all below it; the visitor says `false` to stay out of a branch. */
export function visit(node: Node, visitor: (node: Node) => boolean | void): void {
  if (visitor(node) === false) return;
  for (const below of children(node)) visit(below, visitor);
}

function named(node: Node | undefined, name: string): boolean {
  return node?.type === 'Identifier' && node['name'] === name;
}

export type Parsed = {
  readonly program: Node;
  readonly imports: readonly Import[];
  readonly lineAt: (offset: number) => number;
};

/** Remembers what a file gives, by its text and then its path: planted houses share all files but the planted ones. */
export function perFile<T>(
  judge: (path: string, text: string) => T,
): (path: string, text: string) => T {
  const byText = new Map<string, Map<string, { readonly value: T }>>();
  return (path, text) => {
    const byPath = byText.get(text) ?? new Map<string, { readonly value: T }>();
    byText.set(text, byPath);
    const known = byPath.get(path) ?? { value: judge(path, text) };
    byPath.set(path, known);
    return known.value;
  };
}

/** A source that does not parse is an error: nothing could be said about it. */
export const parse = perFile((path, text): Parsed => {
  const result = parseSync(path, text, { sourceType: 'module' });
  const [problem] = result.errors;
  if (problem !== undefined) throw new Error(`${path} does not parse: ${problem.message}`);
  const program = result.program as unknown as Node;
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const lineAt = (offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;
  return { program, imports: importsOf(program, lineAt), lineAt };
});

/** Static, re-exported, dynamic, type-only, `require` and `import.meta.resolve` requests. */
function importsOf(program: Node, lineAt: (offset: number) => number): Import[] {
  const found: Import[] = [];
  const add = (at: Node, source: unknown, typeOnly: boolean): void => {
    const value = isNode(source) ? source['value'] : undefined;
    const module = typeof value === 'string' ? value : undefined;
    found.push({ module, line: lineAt(at.start), typeOnly });
  };
  visit(program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        add(node, node['source'], node['importKind'] === 'type');
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (isNode(node['source'])) add(node, node['source'], node['exportKind'] === 'type');
        break;
      case 'ImportExpression':
        add(node, node['source'], false);
        break;
      case 'TSImportType':
        add(node, node['source'], true);
        break;
      case 'CallExpression': {
        const callee = child(node, 'callee');
        const first = (node['arguments'] as unknown[])[0];
        if (named(callee, 'require')) add(node, first, false);
        // A computed name is let pass here: resolving loads nothing, and importing the result is seen above.
        if (callee?.type === 'MemberExpression' && named(child(callee, 'property'), 'resolve'))
          if (child(callee, 'object')?.type === 'MetaProperty' && isNode(first) && 'value' in first)
            add(node, first, false);
        break;
      }
    }
  });
  return found;
}

/** Nodes that are erased, or hold nothing but what is erased. */
function isErased(node: Node): boolean {
  const kept = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'];
  const keptToo = ['TSInstantiationExpression', 'TSParameterProperty', 'TSExportAssignment'];
  return node.type.startsWith('TS') && !kept.includes(node.type) && !keptToo.includes(node.type);
}

/** Names bound anywhere in the file. A rule about globals may take a local of the same name for it; tsc does not. */
function boundNames(program: Node): Set<string> {
  const names = new Set<string>();
  const bind = (pattern: Node | undefined): void => {
    if (pattern === undefined) return;
    if (pattern.type === 'Identifier') names.add(String(pattern['name']));
    else if (pattern.type === 'Property') bind(child(pattern, 'value'));
    else if (pattern.type === 'AssignmentPattern') bind(child(pattern, 'left'));
    else for (const below of children(pattern)) if (!isErased(below)) bind(below);
  };
  visit(program, (node) => {
    if (node.type === 'VariableDeclarator') bind(child(node, 'id'));
    if (node.type.startsWith('Import') && node.type.endsWith('Specifier'))
      bind(child(node, 'local'));
    if (node.type === 'CatchClause') bind(child(node, 'param'));
    if (node.type.includes('Function') || node.type.includes('Class')) bind(child(node, 'id'));
    if (node.type.includes('Function'))
      for (const parameter of (node['params'] as Node[] | undefined) ?? []) bind(parameter);
  });
  return names;
}

/** Uses of names that the file does not bind, each with the node around it. */
export function freeNames(program: Node): { name: string; node: Node; parent: Node }[] {
  const bound = boundNames(program);
  const found: { name: string; node: Node; parent: Node }[] = [];
  const descend = (node: Node, parent: Node): void => {
    if (isErased(node)) return;
    if (node.type === 'Identifier') {
      const name = String(node['name']);
      const isKey =
        (parent['property'] === node || parent['key'] === node) && parent['computed'] !== true;
      if (!bound.has(name) && !isKey) found.push({ name, node, parent });
      return;
    }
    for (const below of children(node)) descend(below, node);
  };
  for (const below of children(program)) descend(below, program);
  return found;
}
