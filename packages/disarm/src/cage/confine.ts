// How a child is confined: bubblewrap where it works, Node's permission model always.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from '@parley/kernel';

import type { CageReport } from '../report.ts';

export type Confinement = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly report: CageReport;
};

export type ConfineOptions = {
  /** Engines that this job needs besides the usual ones. */
  readonly packages?: readonly string[];
  readonly heapMiB: number;
  /** The office engine works in threads. */
  readonly threads?: boolean;
  readonly bubblewrap?: boolean;
  /** Where the child finds its own code compiled. Under bubblewrap only; read-only unless it is told to fill it. */
  readonly compiled?: { readonly folder: string; readonly fill: boolean } | undefined;
};

const BWRAP = '/usr/bin/bwrap';

let usable: boolean | undefined;

/** True where bubblewrap is installed and may make namespaces here (containers often forbid it). */
export function hasBubblewrap(): boolean {
  usable ??=
    existsSync(BWRAP) &&
    spawnSync(BWRAP, ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '/bin/true'], {
      stdio: 'ignore',
      timeout: 5000,
    }).status === 0;
  return usable;
}

/** The folder of a package that is imported here, links followed. */
function packageFolder(specifier: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(specifier)));
  // Some packages have nameless manifests further down, only to say which module system a folder uses.
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

function isPackage(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return folder === dirname(folder);
  return /"name"\s*:/.test(readFileSync(manifest, 'utf8'));
}

/** A heap that a document of some pages fills without collecting: it collected a dozen times while it grew to this. */
const YOUNG_MIB = 16;
const HEAP_MIB = 128;

const ENGINES = ['@embedpdf/pdfium', '@jsquash/jpeg', '@jsquash/png', 'fflate'] as const;

/** Everything a child must read: this package, kernel, the engines. */
function readable(extra: readonly string[]): { folders: string[]; links: [string, string][] } {
  const own = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));
  const kernel = packageFolder('@parley/kernel');
  const folders = [own, realpathSync(kernel)];
  const links: [string, string][] = [];
  const modules = folderOfModules();
  const link = join(modules, '@parley', 'kernel');
  if (existsSync(link) && realpathSync(link) !== link) links.push([realpathSync(link), link]);
  for (const name of [...ENGINES, ...extra]) folders.push(realpathSync(packageFolder(name)));
  return { folders, links };
}

function folderOfModules(): string {
  const folder = packageFolder('fflate');
  return dirname(folder);
}

/**
 * The command that runs `script` confined. Under bubblewrap the child has no network, no files but its own code
 * (read-only), no other processes, no privileges and an empty environment.
 */
export function confine(
  script: string,
  {
    packages = [],
    heapMiB,
    threads = false,
    bubblewrap = hasBubblewrap(),
    compiled,
  }: ConfineOptions,
): Confinement {
  const { folders, links } = readable(packages);
  const node = realpathSync(process.execPath);
  const entry = realpathSync(script);
  const nodeArgs = (reads: readonly string[]): string[] => [
    '--permission',
    // Of the office engine's 200,000 functions a document needs a tenth: the pinned file is checked function by function.
    ...(threads
      ? ['--allow-worker', '--wasm-lazy-validation']
      : [
          `--min-semi-space-size=${YOUNG_MIB}`,
          `--initial-heap-size=${Math.min(HEAP_MIB, heapMiB)}`,
        ]),
    ...reads.map((folder) => `--allow-fs-read=${folder}`),
    `--max-old-space-size=${heapMiB}`,
    '--no-addons',
    '--disable-proto=throw',
    '--no-warnings',
    entry,
  ];
  const env = { PATH: '/usr/bin', HOME: '/tmp', LANG: 'C.UTF-8' };
  if (bubblewrap) {
    const binds = [...new Set([node, ...folders])].flatMap((path) => ['--ro-bind', path, path]);
    const system = ['/usr', '/lib', '/lib64'].flatMap((path) => ['--ro-bind-try', path, path]);
    const symlinks = links.flatMap(([target, link]) => ['--symlink', target, link]);
    const cache =
      compiled === undefined
        ? []
        : [compiled.fill ? '--bind' : '--ro-bind', compiled.folder, compiled.folder];
    const names = { ...env, ...(compiled && { NODE_COMPILE_CACHE: compiled.folder }) };
    return {
      command: BWRAP,
      args: [
        '--unshare-all',
        // Filling has its whole input and ends by itself: the command that asked for it may end first.
        ...(compiled?.fill === true ? [] : ['--die-with-parent']),
        '--new-session',
        '--cap-drop',
        'ALL',
        '--clearenv',
        '--uid',
        '65534',
        '--gid',
        '65534',
        ...system,
        '--dev',
        '/dev',
        '--tmpfs',
        '/tmp',
        ...binds,
        ...symlinks,
        ...cache,
        '--chdir',
        '/tmp',
        ...Object.entries(names).flatMap(([name, value]) => ['--setenv', name, value]),
        '--',
        node,
        // Node reads compiled code only where it may write; what it may do there, the mount decides.
        ...(compiled === undefined ? [] : [`--allow-fs-write=${compiled.folder}`]),
        ...nodeArgs(['/']),
      ],
      env: {},
      report: { kind: 'bubblewrap', weaker: [] },
    };
  }
  return {
    command: node,
    args: nodeArgs([...folders, ...links.map(([, link]) => link)]),
    env,
    report: {
      kind: 'permission-model',
      weaker: [say('no-bubblewrap'), say('weaker-cage')],
    },
  };
}
