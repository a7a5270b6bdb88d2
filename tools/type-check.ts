// Type-checks texts that are no files: code blocks of the documents, and programs that must not compile.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export type TypeProblem = {
  /** The name given, or a path outside the texts. */
  readonly file: string;
  readonly line: number;
  /** `TS2345` and the like. */
  readonly code: string;
  readonly message: string;
};

/**
 * Checks the texts as modules beside the packages, under the house's strict settings. Answers the problems in the
 * texts alone: what is wrong in a package is found by the check of the packages. Throws where the compiler did not run.
 */
export function typeCheck(texts: Readonly<Record<string, string>>): TypeProblem[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-types-')));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const settings = {
      extends: join(ROOT, 'tsconfig.base.json'),
      // Documents and planted faults name things they do not use.
      compilerOptions: {
        lib: ['es2024'],
        types: ['node'],
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
      files: Object.keys(texts),
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const tsc = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
    const run = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      cwd: folder,
    });
    return readProblems(run.stdout, run.stderr).filter(({ file }) => file in texts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readProblems(stdout: string, stderr: string): TypeProblem[] {
  const problems: TypeProblem[] = [];
  for (const line of stdout.split('\n')) {
    const match = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(line);
    if (match !== null) {
      const [, file = '', at = '', code = '', message = ''] = match;
      problems.push({ file, line: Number(at), code, message });
    } else if (line.startsWith('error TS')) throw new Error(`the compiler did not run: ${line}`);
  }
  if (stderr.trim() !== '') throw new Error(`the compiler did not run: ${stderr}`);
  return problems;
}
