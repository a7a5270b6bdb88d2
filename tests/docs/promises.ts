// Checks of the documents as functions over the house, so that a planted fault can be fed to each.

import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { parseTranscript } from '../../tools/transcript.ts';
import { typeCheck } from '../../tools/type-check.ts';
import { type House, type Ruling, ruling } from '../architecture/house.ts';
import { type Block, anchors, blocks, links, namedFiles } from './blocks.ts';

/** Every document of ours. Vectors and samples of others are none. */
export function documents(house: House): [path: string, text: string][] {
  return [...house.files].filter(([path]) => path.endsWith('.md'));
}

function allBlocks(house: House): Block[] {
  return documents(house).flatMap(([path, text]) => blocks(path, text));
}

/** Links between documents lead somewhere, headings included, and files that prose names are there. Addresses on the network are not asked. */
export function checkLinks(house: House): Ruling {
  const findings: string[] = [];
  let read = 0;
  const folders = new Set([...house.files.keys()].flatMap((path) => ancestors(path)));
  for (const [path, text] of documents(house))
    for (const { line, target } of links(path, text)) {
      read++;
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const resolved =
        file === ''
          ? path
          : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file)));
      const there = resolved.replace(/\/$/, '');
      if (there.startsWith('..')) continue; // ../shared stands beside the repository
      const found = house.files.get(there);
      if (found === undefined && !folders.has(there))
        findings.push(`${path}:${line}: no ${target}`);
      else if (anchor !== undefined && found !== undefined && !anchors(found).has(anchor))
        findings.push(`${path}:${line}: no heading for ${target}`);
    }
  for (const { path, line, target } of documents(house).flatMap(([at, text]) =>
    namedFiles(at, text),
  )) {
    read++;
    if (!house.files.has(target)) findings.push(`${path}:${line}: no file ${target}`);
  }
  return ruling('links', read, findings);
}

function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}

/** Blocks of one document as one text in which each stands at the lines it has in the document. */
function inPlace(of: readonly Block[]): string {
  let text = '';
  for (const block of of) {
    const missing = block.line - text.split('\n').length;
    text += `${'\n'.repeat(Math.max(0, missing))}${block.text}\n`;
  }
  return text;
}

/** `ts` blocks compile against the packages. `sketch` ones only parse; `continued` ones follow the block before. */
export function checkTypes(house: House): Ruling {
  const findings: string[] = [];
  const programs: Block[][] = [];
  const all = allBlocks(house).filter(({ language }) => ['ts', 'typescript'].includes(language));
  for (const block of all) {
    const at = `${block.path}:${block.line}`;
    const last = programs.at(-1);
    if (block.note === 'sketch')
      for (const { message } of parseSync('sketch.ts', block.text).errors)
        findings.push(`${at}: ${message}`);
    else if (block.note === 'continued' && last?.[0]?.path === block.path) last.push(block);
    else if (block.note === '') programs.push([block]);
    else findings.push(`${at}: a ts block is plain, sketch or continued`);
  }
  const paths = new Map<string, string>();
  const texts: Record<string, string> = {};
  for (const [index, program] of programs.entries()) {
    const name = `block-${index}.ts`;
    paths.set(name, program[0]?.path ?? '');
    texts[name] = `${inPlace(program)}export {};`;
  }
  if (programs.length > 0)
    for (const { file, line, code, message } of typeCheck(texts))
      findings.push(`${paths.get(file)}:${line}: ${code} ${message}`);
  // No block is no fault; no document is.
  return ruling('documents', documents(house).length, findings);
}

export type Tour = {
  readonly path: string;
  readonly text: string;
  readonly notRun: readonly Block[];
};

/** The `console` blocks of each document as one transcript, in order: a tour keeps its home from block to block. */
export function tours(house: House): Tour[] {
  return documents(house).flatMap(([path, text]) => {
    const all = blocks(path, text).filter(({ language }) => language === 'console');
    const notRun = all.filter(({ note }) => note.startsWith('not-run:'));
    const run = all.filter((block) => !notRun.includes(block));
    return all.length === 0 ? [] : [{ path, text: inPlace(run), notRun }];
  });
}

export type Command = {
  readonly path: string;
  readonly line: number;
  readonly words: readonly string[];
};

/** Commands in `sh` blocks: one a line, remarks cut off, joined lines split. */
export function commands(house: House): Command[] {
  return allBlocks(house)
    .filter(({ language }) => ['sh', 'bash', 'shell'].includes(language))
    .flatMap(({ path, line, text }) =>
      text.split('\n').flatMap((written, index) =>
        written
          .replace(/(?:^|\s)#\s.*$/, '')
          .split(/&&|\|\||[;|]/)
          .map((command) => command.trim().split(/\s+/))
          .filter((words) => words[0] !== '')
          .map((words) => ({ path, line: line + index, words })),
      ),
    );
}

/** What npm runs by itself, without a script of ours. */
const NPM_VERBS = new Set(['ci', 'install', 'test', 'start', 'run', 'pack']);

/** Commands of ours name what exists: scripts of package.json, files, commands of `parley`. */
export function checkCommands(
  house: House,
  knowsParley: (words: readonly string[]) => boolean,
): Ruling {
  const findings: string[] = [];
  const all = commands(house);
  const manifest = JSON.parse(house.files.get('package.json') ?? '{}') as {
    scripts?: Record<string, string>;
  };
  const knowsScript = (name: string | undefined): boolean =>
    name !== undefined && manifest.scripts?.[name] !== undefined;
  for (const { path, line, words } of all) {
    const [program = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words;
    const at = `${path}:${line}: ${words.join(' ')}`;
    if (program === 'npm') {
      const [verb = '', name] = rest;
      const script = verb === 'run' ? name : verb;
      if (!NPM_VERBS.has(verb)) findings.push(`${at}: npm has no such command here`);
      else if (!['ci', 'install', 'pack'].includes(verb) && !knowsScript(script))
        findings.push(`${at}: package.json has no script ${script}`);
    } else if (program === 'node') {
      const file = rest.find((word) => !word.startsWith('-'));
      if (file !== undefined && !house.files.has(posix.normalize(file)))
        findings.push(`${at}: no file ${file}`);
    } else if (program === 'parley' && !knowsParley(rest)) findings.push(`${at}: no such command`);
  }
  return ruling('commands', all.length, findings);
}

/**
 * The commands of `parley` that a README shows are run somewhere: in a transcript, in the words in which they are shown.
 * `names` tells the words of a command from its arguments.
 */
export function checkTour(house: House, names: (words: readonly string[]) => string): Ruling {
  const shown = new Map<string, string>();
  for (const { path, line, words } of commands(house))
    if (words[0] === 'parley' && words.length > 1)
      shown.set(names(words.slice(1)), `${path}:${line}: ${words.join(' ')}`);
  const run = [...house.files]
    .filter(([path]) => /^tests\/.*\.txt$/.test(path))
    .map(([, text]) => text)
    .concat(tours(house).map(({ text }) => text))
    .flatMap((text) => parseTranscript(text).map(({ command }) => command))
    .join('\n');
  const findings = [...shown]
    .filter(([name]) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(run))
    .map(([, at]) => `${at}: no transcript runs it`);
  return ruling('commands', shown.size, findings);
}

/** Every room says on one page what it promises and what it refuses to know. */
export function checkReadmes(house: House): Ruling {
  const findings = house.packages
    .filter(({ folder }) => !house.files.has(`${folder}/README.md`))
    .map(({ folder }) => `${folder}: no README.md`);
  const root = [
    'README.md',
    'ARCHITECTURE.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'LICENSE',
  ];
  for (const name of root) if (!house.files.has(name)) findings.push(`no ${name}`);
  return ruling('rooms', house.packages.length, findings);
}
