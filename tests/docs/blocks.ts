// What a document promises a reader: its code blocks, its commands, its links.

export type Block = {
  readonly path: string;
  /** Line of the first line inside the fence. */
  readonly line: number;
  readonly language: string;
  /** What stands after the language: `run`, `sketch`, `continued`, `not-run: why`. */
  readonly note: string;
  readonly text: string;
};

/** Fenced blocks (CommonMark section 4.5, backticks only), in order. */
export function blocks(path: string, text: string): Block[] {
  const found: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const open = /^( *)(```+) *(\S*) *(.*)$/.exec(lines[at] ?? '');
    if (open === null) continue;
    const [, indent = '', fence = '', language = '', note = ''] = open;
    const rest = lines.slice(at + 1);
    const length = rest.findIndex((line) => line.trimStart().startsWith(fence));
    const inside = (length < 0 ? rest : rest.slice(0, length)).map((line) =>
      line.replace(new RegExp(`^ {0,${indent.length}}`), ''),
    );
    found.push({ path, line: at + 2, language, note: note.trim(), text: inside.join('\n') });
    at += inside.length + 1;
  }
  return found;
}

/** The document without its blocks and code spans: what is left to hold links. */
function prose(text: string): string {
  return text
    .replaceAll(/^ *(```+)[\s\S]*?^ *\1 *$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, (span) => ' '.repeat(span.length));
}

export type Link = { readonly path: string; readonly line: number; readonly target: string };

/** Inline links, images, and definitions of reference links. */
export function links(path: string, text: string): Link[] {
  const rest = prose(text);
  const found: Link[] = [];
  for (const pattern of [
    /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g,
    /^ {0,3}\[[^\]]+\]: *<?([^\s>]+)>?/gm,
  ])
    for (const match of rest.matchAll(pattern))
      found.push({
        path,
        line: rest.slice(0, match.index).split('\n').length,
        target: match[1] ?? '',
      });
  return found;
}

/** Files of ours that prose names between backticks, from the root: `tools/check.ts`. */
export function namedFiles(path: string, text: string): Link[] {
  const name = /`((?:packages|apps|tests|tools|bench|docs|samples|vectors)\/[\w./-]+\.[a-z]+)`/g;
  return [...text.matchAll(name)].map((match) => ({
    path,
    line: text.slice(0, match.index).split('\n').length,
    target: match[1] ?? '',
  }));
}

/** The anchors that a renderer makes of headings: lower case, spaces to hyphens, signs dropped, repeats numbered. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const match of prose(text.replaceAll('`', '')).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let name = slug;
    for (let repeat = 1; found.has(name); repeat++) name = `${slug}-${repeat}`;
    found.add(name);
  }
  return found;
}
