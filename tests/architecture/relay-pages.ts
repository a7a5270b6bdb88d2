// The relay serves no page: nothing in its program could make a browser show or run what it answers.

import { type House, type Ruling, ruling, sources } from './house.ts';
import { parse, visit } from './syntax.ts';
import { testSupport } from './test-support.ts';

/** Media types that a browser runs or shows as a page, markup, and the ways Fastify sends files. */
const PAGE =
  /text\/html|application\/xhtml|image\/svg|(?:java|ecma)script|text\/css|application\/wasm|<!doctype|<html|<script|<body/i;
const FILE_SENDERS = /^(?:@fastify\/(?:static|view|send)|serve-static|send)$/;

/** Half of invariant 1: every string, template and import of the relay, and every file beside its program. */
export function checkRelayPages(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  for (const path of house.files.keys())
    if (path.startsWith('apps/relay/') && /\.(?:html?|svg|css|jsx?|mjs|cjs|wasm)$/.test(path))
      findings.push(`${path}: a page, a style or a script beside the relay`);
  for (const [path, text] of sources(house)) {
    if (!path.startsWith('apps/relay/src/') || testSupport(house).has(path)) continue;
    const { program, imports, lineAt } = parse(path, text);
    for (const { module, line } of imports)
      if (FILE_SENDERS.test(module ?? '')) findings.push(`${path}:${line}: sends files: ${module}`);
    visit(program, (node) => {
      const value =
        node.type === 'TemplateElement'
          ? (node['value'] as { raw: string }).raw
          : node.type === 'Literal'
            ? node['value']
            : undefined;
      if (typeof value !== 'string') return;
      read++;
      if (PAGE.test(value))
        findings.push(`${path}:${lineAt(node.start)}: speaks of a page: ${value}`);
    });
  }
  return ruling('strings of the relay', read, findings);
}
