// Who may import whom: the arrows of DESIGN.md as a table, and the rule that reads every import against it.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type House, type Package, type Ruling, packageOf, ruling, sources } from './house.ts';
import { parse } from './syntax.ts';
import { testSupport } from './test-support.ts';

const PARTS = ['channel', 'mail', 'disarm', 'outlook', 'post'];

/** Every room of ours that a room may import. An arrow reaches everything below it; nothing goes across or up. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  record: ['kernel'],
  channel: ['record', 'kernel'],
  post: ['kernel'],
  disarm: ['kernel'],
  mail: ['kernel'],
  outlook: ['kernel'],
  desk: [...PARTS, 'record', 'kernel'],
  relay: ['post', 'kernel'],
  // `parley relay serve` starts the relay and `parley ui` the page: the command may reach them, the desk may not.
  cli: ['desk', ...PARTS, 'record', 'kernel', 'relay', 'web'],
  web: ['desk', ...PARTS, 'record', 'kernel'],
};

/** Rooms whose programs touch the world only through ports. */
export const PURE_ROOMS: readonly string[] = ['kernel', 'record', 'channel', 'outlook'];

/** The one place in a pure room where ports are bound to Node. */
export function isNodeEntry(path: string): boolean {
  return /^packages\/(?:kernel|outlook)\/src\/node\//.test(path);
}

/** Programs that a pure room promises to keep pure; its tests bind real ports. */
export function isPureSource(house: House, path: string): boolean {
  const room = packageOf(house, path);
  if (room === undefined || !PURE_ROOMS.includes(room.room)) return false;
  return (
    path.startsWith(`${room.folder}/src/`) && !testSupport(house).has(path) && !isNodeEntry(path)
  );
}

/** Splits `@scope/name/sub` into the package's name and the entry asked for. */
export function splitModule(module: string): { name: string; entry: string } {
  const words = module.split('/');
  const length = module.startsWith('@') ? 2 : 1;
  return {
    name: words.slice(0, length).join('/'),
    entry: ['.', ...words.slice(length)].join('/'),
  };
}

/** What tests of any room may reach by path: the one convention they share. */
const TESTS_MAY_REACH = new Set(['tools/not-run.ts']);

function judge(house: House, from: { path: string; room: Package }, module: string): string | null {
  const { path, room } = from;
  if (module.startsWith('.')) {
    const target = posix.join(posix.dirname(path), module);
    if (target.startsWith(`${room.folder}/`)) return null;
    if (testSupport(house).has(path) && TESTS_MAY_REACH.has(target)) return null;
    return `reaches out of ${room.folder} by path: ${module}`;
  }
  if (module.startsWith('/') || module.startsWith('file:')) return `absolute path: ${module}`;
  if (isBuiltin(module)) return null;
  const { name, entry } = splitModule(module);
  const target = house.packages.find((candidate) => candidate.manifest.name === name);
  if (target === undefined || target === room) return null;
  if (!(MAY_IMPORT[room.room] ?? []).includes(target.room))
    return `${room.room} may not import ${target.room}`;
  if (target.manifest.exports?.[entry] === undefined)
    return `${target.room} has no entry ${entry}: import what its package.json exports`;
  if (entry === './node' && isPureSource(house, path))
    return `a pure program may not bind ports: ${module}`;
  return null;
}

/** Invariants 1, 2, 3, 6 and the arrows: every import of every room, tests included, erased ones included. */
export function checkLayers(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const room of house.packages)
    if (MAY_IMPORT[room.room] === undefined)
      findings.push(`${room.folder}: a room that the table of layers does not know`);
  for (const [path, text] of sources(house)) {
    const room = packageOf(house, path);
    if (room === undefined) continue;
    for (const { module, line } of parse(path, text).imports) {
      read++;
      // A computed name could be anything, so a room may not use one.
      const problem = module === undefined ? 'import of a computed name' : null;
      const found = problem ?? judge(house, { path, room }, module ?? '');
      if (found !== null) findings.push(`${path}:${line}: ${found}`);
    }
  }
  return ruling('imports', read, findings);
}

/**
 * Invariant 5: only desk joins the parts. A file of an app names at most one of them (to show its words or its tables),
 * and the transport not at all except as types: an app speaks to a relay through the desk.
 */
export function checkJoining(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of sources(house)) {
    const room = packageOf(house, path);
    if (room === undefined || !['cli', 'web'].includes(room.room) || testSupport(house).has(path))
      continue;
    const parts = new Set<string>();
    for (const { module, line, typeOnly } of parse(path, text).imports) {
      read++;
      const name = splitModule(module ?? '').name;
      const target = house.packages.find((candidate) => candidate.manifest.name === name);
      if (target === undefined || !PARTS.includes(target.room)) continue;
      parts.add(target.room);
      if (!typeOnly && target.room === 'post')
        findings.push(`${path}:${line}: an app drives ${target.room} through the desk`);
    }
    if (parts.size > 1)
      findings.push(
        `${path}: joins ${[...parts].toSorted().join(' and ')}: only desk joins the parts`,
      );
  }
  return ruling('imports of apps', read, findings);
}

/** No file imports itself over others, types included. Names one cycle per knot. */
export function checkCycles(house: House): Ruling {
  const all = new Map(sources(house));
  const edges = new Map<string, string[]>();
  let read = 0;
  for (const [path, text] of all) {
    const targets: string[] = [];
    for (const { module } of parse(path, text).imports) {
      if (module?.startsWith('.') !== true) continue;
      read++;
      const target = posix.join(posix.dirname(path), module);
      if (all.has(target)) targets.push(target);
    }
    edges.set(path, targets);
  }
  const findings: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const descend = (path: string): void => {
    state.set(path, 'open');
    trail.push(path);
    for (const target of edges.get(path) ?? []) {
      if (state.get(target) === 'open')
        findings.push(`cycle: ${[...trail.slice(trail.indexOf(target)), target].join(' -> ')}`);
      else if (state.get(target) === undefined) descend(target);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of all.keys()) if (state.get(path) === undefined) descend(path);
  return ruling('relative imports', read, findings);
}
