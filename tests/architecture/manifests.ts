// Manifests: what a room imports it declares, every version is exact, and no committed file names a registry.

import { isBuiltin } from 'node:module';
import { type House, type Manifest, type Ruling, packageOf, ruling, sources } from './house.ts';
import { splitModule } from './layers.ts';
import { parse } from './syntax.ts';
import { testSupport } from './test-support.ts';

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const;

function rootManifest(house: House): Manifest | undefined {
  const text = house.files.get('package.json');
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}

/** Packages that a room's programs import without declaring them. Tests may use what the root declares as well. */
export function checkDeclared(house: House): Ruling {
  const findings: string[] = [];
  const root = rootManifest(house);
  const shared = { ...root?.devDependencies, ...root?.optionalDependencies };
  // What stands beside the rooms (tests of the whole, benches) may use what any room has declared.
  const everywhere = Object.assign(
    {},
    ...house.packages.map(({ manifest }) => manifest.dependencies),
  ) as Record<string, string>;
  let read = 0;
  for (const [path, text] of sources(house)) {
    const room = packageOf(house, path);
    const isForTests = testSupport(house).has(path);
    const declared = {
      ...room?.manifest.dependencies,
      ...room?.manifest.optionalDependencies,
      ...(room === undefined || isForTests || path.endsWith('.config.ts') ? shared : {}),
      ...(room === undefined ? everywhere : {}),
      ...(isForTests ? room?.manifest.devDependencies : {}),
    };
    for (const { module, line } of parse(path, text).imports) {
      if (module === undefined || module.startsWith('.') || isBuiltin(module)) continue;
      read++;
      const { name } = splitModule(module);
      // Tests, tools and benches at the root may drive any room of ours.
      const isOurs = house.packages.some((candidate) => candidate.manifest.name === name);
      if (room === undefined && isOurs) continue;
      if (declared[name] === undefined && name !== room?.manifest.name)
        findings.push(`${path}:${line}: ${name} is not declared in ${room?.folder ?? 'the root'}`);
    }
  }
  return ruling('imports of packages', read, findings);
}

/** Declared packages that no program of the room imports. Reported, not refused: some are reached by path. */
export function unusedDependencies(house: House): string[] {
  return house.packages.flatMap(({ folder, manifest }) => {
    const used = new Set(
      sources(house)
        .filter(([path]) => path.startsWith(`${folder}/`))
        .flatMap(([path, text]) => parse(path, text).imports)
        .map(({ module }) => splitModule(module ?? '').name),
    );
    return Object.keys(manifest.dependencies ?? {})
      .filter((name) => !used.has(name))
      .map((name) => `${folder}: ${name}`);
  });
}

/** One version, or an alias of one: `1.2.3`, `npm:typescript@7.0.2`. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Every version in every manifest is exact, and a room of ours is asked for by the version it has. */
export function checkPins(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const [path, text] of house.files) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    const manifest = JSON.parse(text) as Manifest;
    for (const field of FIELDS)
      for (const [name, version] of Object.entries(manifest[field] ?? {})) {
        read++;
        if (!EXACT.test(version)) findings.push(`${path}: ${name} is not pinned: ${version}`);
      }
  }
  return ruling('versions', read, findings);
}

/** Written so that this file does not name what it looks for. */
const HOSTS = [
  /\bregistry\.[a-z0-9-]+\.[a-z]{2,}/i,
  /\b(?:npm[j]s|yarn[p]kg|verd[a]ccio)\.(?:org|com|io)\b/i,
  /"resolved"\s*:\s*"https?:/,
];

/** No committed file says where packages come from: each machine has its own place. */
export function checkRegistries(house: House): Ruling {
  const findings: string[] = [];
  for (const [path, text] of house.files)
    for (const [index, line] of text.split('\n').entries())
      if (HOSTS.some((host) => host.test(line)))
        findings.push(`${path}:${index + 1}: names a registry`);
  return ruling('files', house.files.size, findings);
}

/** Install scripts stay off: a package that needs one is not ours to run. */
export function checkInstallScripts(house: House): Ruling {
  const text = house.files.get('.npmrc') ?? '';
  const off = /^ignore-scripts=true$/m.test(text);
  return ruling('bytes of .npmrc', text.length, off ? [] : ['.npmrc: ignore-scripts=true is gone']);
}
