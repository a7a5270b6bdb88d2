// HTML as the text a reader would see: no script, no style, nothing fetched; links and pictures named in brackets.

import { Parser } from 'htmlparser2';

import { emit } from '../cage/emit.ts';

/** Words in these are no page's own words; a reader may show them all the same. */
const APART = new Set([
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'math',
  'select',
  'textarea',
]);
const SILENT = new Set(['script', 'style', 'head', ...APART]);
const BLOCK = new Set([
  'p',
  'div',
  'br',
  'tr',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'table',
  'ul',
  'ol',
  'blockquote',
  'pre',
  'hr',
  'section',
  'article',
  'header',
  'footer',
  'dt',
  'dd',
  'title',
]);
const HIDDEN_STYLE =
  /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(\.0+)?\s*(;|$)|mso-hide\s*:\s*all/i;
/** White on what is not said to be anything else. */
const WHITE = /^(?:#fff(?:fff)?|white|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255\b.*)$/i;
const inkOf = (style: string): string =>
  /(?:^|;)\s*color\s*:\s*([^;!]+)/i.exec(style)?.[1]?.trim() ?? '';
const hasGround = (style: string, attributes: Readonly<Record<string, string>>): boolean =>
  /background/i.test(style) || (attributes['bgcolor'] ?? attributes['background']) !== undefined;
const FETCHED = ['src', 'background', 'poster', 'data', 'srcset'];
const DEPTH_MAX = 2000;

/** The visible text, and remarks on everything that was not taken. */
export function htmlText(html: string): string {
  let text = '';
  let hidden = '';
  let href = '';
  let shown = '';
  let grounds = 0;
  const open: { name: string; silent: boolean; hidden: boolean; ground: boolean }[] = [];
  const found = new Map<string, number>();
  const count = (kind: 'script' | 'style-sheet' | 'active-element' | 'form'): void => {
    found.set(kind, (found.get(kind) ?? 0) + 1);
  };
  const add = (value: string): void => {
    const silent = open.find((element) => element.silent);
    if (silent !== undefined) {
      if (APART.has(silent.name)) hidden += value;
      return;
    }
    if (open.some((element) => element.hidden)) hidden += value;
    else {
      text += value;
      shown += value;
    }
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (open.length > DEPTH_MAX) return;
        const style = attributes['style'] ?? '';
        const ground = hasGround(style, attributes);
        if (ground) grounds++;
        const white = grounds === 0 && WHITE.test(inkOf(style) || (attributes['color'] ?? ''));
        open.push({
          name,
          silent: SILENT.has(name) && name !== 'head',
          hidden: white || HIDDEN_STYLE.test(style) || attributes['hidden'] !== undefined,
          ground,
        });
        if (BLOCK.has(name)) add('\n');
        if (name === 'li') add('- ');
        if (name === 'td' || name === 'th') add('\t');
        if (name === 'script' || Object.keys(attributes).some((key) => key.startsWith('on')))
          count('script');
        if (name === 'style' || name === 'link') count('style-sheet');
        if (['iframe', 'object', 'embed', 'applet', 'meta', 'base'].includes(name))
          count('active-element');
        if (name === 'form' || name === 'input' || name === 'button') count('form');
        for (const key of FETCHED) {
          const target = attributes[key] ?? '';
          if (/^(https?:|ftp:|file:|\/\/|\\\\)/i.test(target)) {
            emit.remark({ list: 'removed', kind: 'external-relationship', text: target });
          }
        }
        if (name === 'img')
          add(
            `[picture${attributes['alt'] === undefined || attributes['alt'] === '' ? '' : `: ${attributes['alt']}`}]`,
          );
        if (name === 'a') {
          href = attributes['href'] ?? '';
          shown = '';
        }
      },
      oncomment(said) {
        // What mail programs write for one another is no remark of a person.
        if (said.trim() !== '' && !/^\s*\[(?:if|endif)|\[endif\]/i.test(said))
          emit.remark({ list: 'remark', what: 'comment', author: '', text: said });
      },
      ontext: (value) => add(value.replaceAll(/\s+/g, ' ')),
      onclosetag(name) {
        if (name === 'a' && href !== '') {
          emit.remark({ list: 'link', target: href });
          if (!href.startsWith('#') && shown.trim() !== href) add(` [${href}]`);
          href = '';
        }
        const at = open.findLastIndex((element) => element.name === name);
        if (at >= 0) for (const element of open.splice(at)) if (element.ground) grounds--;
        if (BLOCK.has(name)) add('\n');
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  for (const [kind, times] of found) {
    emit.remark({ list: 'removed', kind: kind as 'script', count: times });
  }
  for (const line of hidden
    .split('\n')
    .map((l) => l.trim())
    .filter((l) => l !== '')
    .slice(0, 200)) {
    emit.remark({ list: 'hidden', kind: 'hidden-text', text: line });
  }
  return text
    .split('\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
