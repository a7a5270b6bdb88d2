import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, readHouse } from './house.ts';

// The steps of `npm test` before the tests: each is shown a fault, with the settings of the house.

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-tools-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));

function run(tool: string, args: readonly string[]): { status: number | null; output: string } {
  const program = join(ROOT, 'node_modules/.bin', tool);
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const scripts = (
  JSON.parse(readHouse().files.get('package.json') ?? '{}') as { scripts: Record<string, string> }
).scripts;

describe('types', () => {
  it('are checked three times: everything, the pure rooms without a world, the page without Node', () => {
    expect(scripts['check:types']).toBe(
      'tsc -p tsconfig.json && tsc -p tsconfig.pure.json && tsc -p apps/web/tsconfig.json',
    );
  });

  it('see Node in the page', () => {
    const page = join(folder, 'page');
    mkdirSync(page);
    writeFileSync(join(page, 'node.tsx'), "export const x = process.env['HOME'];\n");
    const settings = { extends: join(ROOT, 'apps/web/tsconfig.json'), include: [], exclude: [] };
    writeFileSync(
      join(page, 'tsconfig.json'),
      JSON.stringify({ ...settings, files: ['node.tsx'] }),
    );
    const { status, output } = run('tsc', ['-p', 'page', '--pretty', 'false']);
    expect(status).not.toBe(0);
    expect(output).toContain('node.tsx(1,');
  });

  it('see a fault, and a world in a pure program', () => {
    const faults = {
      'index.ts': 'export const x = ([1] as number[])[0] + 1;\n',
      'clock.ts': 'export const x = process.hrtime();\n',
      'timer.ts': 'export const x = setTimeout(() => {}, 1);\n',
      'net.ts': "export const x = fetch('http://127.0.0.1/');\n",
      'page.ts': 'export const x = document.title;\n',
    };
    for (const [name, text] of Object.entries(faults)) writeFileSync(join(folder, name), text);
    const settings = { extends: join(ROOT, 'tsconfig.pure.json'), include: [], exclude: [] };
    const files = { ...settings, files: Object.keys(faults) };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(files));
    const { status, output } = run('tsc', ['-p', '.', '--pretty', 'false']);
    expect(status).not.toBe(0);
    for (const name of Object.keys(faults)) expect(output).toContain(`${name}(1,`);
  });
});

describe('lint', () => {
  it('is type-aware, allows no warning, and reads every folder of ours', () => {
    const line = scripts['check:lint'] ?? '';
    for (const word of ['--type-aware', '--deny-warnings', '--tsconfig tsconfig.json'])
      expect(line).toContain(word);
    for (const place of ['packages', 'apps', 'tests', 'tools', 'bench'])
      expect(line.split(' ')).toContain(place);
  });

  it('sees faults that only types show, and those of our own rules', () => {
    writeFileSync(
      join(folder, 'lint.ts'),
      `export const late = async (): Promise<void> => {};
late();
export const x: any = Math.random();
export default x;
`,
    );
    const settings = { extends: join(ROOT, 'tsconfig.base.json'), files: ['lint.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const flags = ['--type-aware', '--deny-warnings', '--tsconfig', 'tsconfig.json'];
    const rules = join(ROOT, '.oxlintrc.json');
    const { status, output } = run('oxlint', [...flags, '-c', rules, 'lint.ts']);
    expect(status).not.toBe(0);
    for (const rule of [
      'no-floating-promises',
      'no-explicit-any',
      'no-restricted-properties',
      'no-default-export',
    ])
      expect(output).toContain(rule);
  });
});

describe('format', () => {
  it('sees a file that is not formatted', () => {
    writeFileSync(join(folder, 'format.ts'), 'export   const x = "1"\n');
    const args = ['-c', join(ROOT, '.oxfmtrc.json'), '--check', 'format.ts'];
    expect(run('oxfmt', args).status).not.toBe(0);
    expect(run('oxfmt', ['-c', join(ROOT, '.oxfmtrc.json'), 'format.ts']).status).toBe(0);
    expect(run('oxfmt', args).status).toBe(0);
  });
});
