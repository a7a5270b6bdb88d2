import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { DETAIL_SENTENCES, detailText, formatDetail, property, readDetail } from './details.ts';
import { Findings } from './findings.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const READERS = ['cage', 'pdf', 'readers'].flatMap((folder) =>
  readdirSync(join(HERE, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(HERE, folder, name)),
);

type Node = { readonly type: string; readonly [field: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) walk(child, visit);
}

/** Words of ours in an expression: what is in quotes, and between the places of a template. */
function ownWords(expression: unknown): string[] {
  const found: string[] = [];
  if (!isNode(expression)) return found;
  walk(expression, ({ type, value }) => {
    if (type === 'Literal' && typeof value === 'string') found.push(value);
    if (type === 'TemplateElement') found.push((value as { cooked: string }).cooked);
  });
  return found;
}

/** What a reader gives as the text of a finding although it is a sentence of ours: words with a space, or of small letters. */
function mixed(source: string, name: string): { said: string[]; looked: number } {
  const said: string[] = [];
  let looked = 0;
  const tell = (expression: unknown): void => {
    looked++;
    for (const words of ownWords(expression))
      if (/[a-z]{2,}\s|\s[a-z]{2,}/.test(words)) said.push(`${name}: ${words}`);
  };
  walk(parseSync(name, source).program as unknown as Node, (node) => {
    if (node.type === 'CallExpression') {
      const { callee, arguments: given } = node as unknown as { callee: Node; arguments: Node[] };
      if (callee['name'] === 'removed') tell(given[1]);
    }
    if (node.type !== 'ObjectExpression') return;
    const properties = node['properties'] as readonly Node[];
    const of = (key: string): unknown =>
      properties.find((one) => isNode(one['key']) && one['key']['name'] === key)?.['value'];
    const list = of('list');
    if (isNode(list) && /^(?:removed|hidden|remark)$/.test(String(list['value']))) tell(of('text'));
  });
  return { said, looked };
}

describe('the details of findings', () => {
  it('are data: no reader mixes a sentence of ours into what the document says', () => {
    const read = READERS.map((path) => mixed(readFileSync(path, 'utf8'), path.slice(HERE.length)));
    expect(read.flatMap(({ said }) => said)).toEqual([]);
    expect(read.reduce((sum, { looked }) => sum + looked, 0)).toBeGreaterThan(60);
  });

  it('are seen where somebody mixes them', () => {
    const planted =
      "emit.remark({ list: 'removed', kind: 'x', text: `${n} bytes after the picture` }); removed('x', `a path: ${p}`); removed('x', `${sheet}!${cell}: ${formula}`);";
    expect(mixed(planted, 'planted.ts')).toEqual({
      said: ['planted.ts:  bytes after the picture', 'planted.ts: a path: '],
      looked: 3,
    });
  });

  it('have no other code, value or length than their sentence: a cage may lie', () => {
    expect(readDetail({ code: 'bytes-before', values: { count: 3, other: 'x' } })).toEqual({
      code: 'bytes-before',
      values: { count: 3 },
    });
    for (const said of [undefined, 'bytes-before', { code: 'toString' }, { code: 7 }, null])
      expect(readDetail(said)).toBeUndefined();
    const wrong = [
      { code: 'bytes-before', values: { count: -1 } },
      { code: 'bytes-before', values: { count: Number.NaN } },
      { code: 'bytes-before' },
    ];
    for (const said of wrong)
      expect(readDetail(said)).toEqual({ code: 'bytes-before', values: { count: '' } });
    const long = readDetail({
      code: 'meta-title',
      values: { text: `a\u202eb\n${'x'.repeat(9_000)}` },
    });
    expect(String(long?.values['text'])).toMatch(/^ab x+$/);
    expect(String(long?.values['text']).length).toBeLessThanOrEqual(2_000);
  });

  it('stand beside what the document says, each once', () => {
    const findings = new Findings();
    const take = (said: object): void =>
      findings.take(Buffer.from(JSON.stringify({ list: 'removed', kind: 'metadata', ...said })));
    take({ said: property('dc:creator', 'Bea') });
    take({ said: property('dc:creator', 'Bea') });
    take({ text: 'APP1' });
    take({ said: { code: 'planted', values: {} } });
    expect(findings.removedList()).toEqual([
      {
        kind: 'metadata',
        count: 4,
        pages: [],
        texts: ['APP1'],
        details: [{ code: 'meta-author', values: { text: 'Bea' } }],
      },
    ]);
  });

  it('say in English what there is', () => {
    expect(detailText({ code: 'bytes-after-picture', values: { count: 35 } })).toBe(
      'bytes after the picture: 35',
    );
    expect(property('Template', 'a.dotm')).toEqual({
      code: 'meta-template',
      values: { text: 'a.dotm' },
    });
    expect(property('x:odd', 'a')).toBe('odd: a');
    expect([formatDetail('zip'), formatDetail('program')]).toEqual([
      'ZIP',
      { code: 'format-program', values: {} },
    ]);
    expect(Object.keys(DETAIL_SENTENCES).length).toBeGreaterThan(30);
  });
});
