// Purity: kernel, record, channel and outlook touch no world but their ports, so that a simulation can replay any day.

import { isBuiltin } from 'node:module';
import { type House, type Ruling, ruling, sources } from './house.ts';
import { isPureSource } from './layers.ts';
import { type Node, child, freeNames, parse, perFile, visit } from './syntax.ts';

/** Names that a runtime puts there: clock, network, screen, process, evaluation. */
const WORLD = new Set(
  `process Buffer global globalThis window self document navigator location localStorage sessionStorage indexedDB
  fetch XMLHttpRequest WebSocket EventSource WebTransport setTimeout setInterval setImmediate queueMicrotask
  requestAnimationFrame performance crypto console require module __dirname __filename eval Function Worker
  SharedWorker Atomics WeakRef FinalizationRegistry Deno Bun`.split(/\s+/),
);

/** The ambient declarations that stand: text coding exists in every runtime and always answers the same. */
const AMBIENT: Readonly<Record<string, readonly string[]>> = {
  'packages/kernel/src/bytes.ts': ['TextEncoder', 'TextDecoder'],
};

/** `new Date(value)`, `Date.UTC` and `Date.parse` are arithmetic; all other uses read the clock or hide it. */
function isDateArithmetic(node: Node, parent: Node): boolean {
  if (parent.type === 'NewExpression' && child(parent, 'callee') === node)
    return (parent['arguments'] as unknown[]).length > 0;
  if (parent.type === 'BinaryExpression') return parent['operator'] === 'instanceof';
  return isMember(node, parent, ['UTC', 'parse']);
}

/** `Math.floor` and the like. `Math` alone, `Math[...]` and `Math.random` are not. */
function isMathArithmetic(node: Node, parent: Node): boolean {
  return parent.type === 'MemberExpression' && !isMember(node, parent, ['random'])
    ? child(parent, 'object') === node && parent['computed'] === false
    : false;
}

function isMember(node: Node, parent: Node, names: readonly string[]): boolean {
  if (parent.type !== 'MemberExpression' || child(parent, 'object') !== node) return false;
  const property = child(parent, 'property');
  return parent['computed'] === false && names.includes(String(property?.['name']));
}

/** `declare const x: unique symbol` names a brand: there is no such value, so nothing is reached by it. */
function isBrandSymbol(id: Node | undefined): boolean {
  const annotation = id && child(id, 'typeAnnotation');
  const type = annotation && child(annotation, 'typeAnnotation');
  return type?.type === 'TSTypeOperator' && type['operator'] === 'unique';
}

function* problems(path: string, text: string): Generator<string> {
  const { program, imports, lineAt } = parse(path, text);
  for (const { module, line } of imports)
    if (module !== undefined && isBuiltin(module)) yield `${path}:${line}: imports ${module}`;
  for (const { name, node, parent } of freeNames(program)) {
    const line = lineAt(node.start);
    if (WORLD.has(name)) yield `${path}:${line}: uses ${name}`;
    if (name === 'Date' && !isDateArithmetic(node, parent))
      yield `${path}:${line}: reads the clock; use a Clock port`;
    if (name === 'Math' && !isMathArithmetic(node, parent))
      yield `${path}:${line}: may reach Math.random; use a Randomness port`;
  }
  const found: string[] = [];
  visit(program, (node) => {
    const add = (problem: string): number =>
      found.push(`${path}:${lineAt(node.start)}: ${problem}`);
    if (node.type === 'MetaProperty' && child(node, 'meta')?.['name'] === 'import')
      add('uses import.meta');
    if (node['declare'] === true && node.type === 'VariableDeclaration')
      for (const declarator of node['declarations'] as Node[]) {
        const id = child(declarator, 'id');
        const name = String(id?.['name']);
        if (AMBIENT[path]?.includes(name) !== true && !isBrandSymbol(id))
          add(`declares ${name} into being`);
      }
    else if (node['declare'] === true && /Function|Class|Module/.test(node.type))
      add('an ambient declaration');
    if (node.type === 'TSModuleDeclaration') add('opens a namespace');
  });
  yield* found;
}

const problemsOf = perFile((path, text) => [...problems(path, text)]);

/** Invariant 4. What it misses because a local has a global's name, `tsc -p tsconfig.pure.json` does not. */
export function checkPurity(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house)) {
    if (!isPureSource(house, path)) continue;
    read++;
    findings.push(...problemsOf(path, text));
  }
  return ruling('pure programs', read, findings);
}
