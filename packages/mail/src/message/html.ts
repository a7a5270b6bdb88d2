// What a person sees of an HTML part, and where its links go.

import { Parser } from 'htmlparser2';

/** `text` is what is shown, `target` where a click goes. */
export type Anchor = { readonly text: string; readonly target: string };
export type HtmlView = { readonly text: string; readonly anchors: readonly Anchor[] };

const ANCHORS_MAX = 2000;
const ANCHOR_TEXT_MAX = 500;
const SILENT = new Set(['script', 'style', 'head', 'title', 'template', 'noscript']);
const BREAKING = new Set([
  'p',
  'div',
  'br',
  'tr',
  'li',
  'ul',
  'ol',
  'table',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'hr',
  'td',
]);

/** Reads any text as HTML in one pass; entities decoded, scripts and styles left out, blocks on lines of their own. */
export function readHtml(source: string): HtmlView {
  const pieces: string[] = [];
  const anchors: Anchor[] = [];
  let silent = 0;
  // Quoted mail is marked as plain text marks it, so that nobody is taken to have signed what was quoted.
  let quoted = 0;
  const lineBreak = (): void => void pieces.push(quoted > 0 ? '\n> ' : '\n');
  let open: { target: string; text: string } | null = null;
  const close = (): void => {
    if (open !== null && anchors.length < ANCHORS_MAX)
      anchors.push({ target: open.target, text: open.text.replace(/\s+/g, ' ').trim() });
    open = null;
  };
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silent++;
      if (name === 'blockquote') quoted++;
      if (BREAKING.has(name)) lineBreak();
    },
    onopentag(name, attributes) {
      if (name === 'a' || name === 'area') {
        close();
        const target = attributes['href'];
        if (target !== undefined && target !== '')
          open = { target: target.slice(0, 4000), text: '' };
      } else if (
        name === 'form' &&
        attributes['action'] !== undefined &&
        anchors.length < ANCHORS_MAX
      )
        anchors.push({ target: attributes['action'].slice(0, 4000), text: '' });
    },
    ontext(text) {
      if (silent > 0) return;
      pieces.push(quoted > 0 ? text.replaceAll('\n', '\n> ') : text);
      if (open !== null && open.text.length < ANCHOR_TEXT_MAX) open.text += text;
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      if (name === 'blockquote') quoted = Math.max(0, quoted - 1);
      if (BREAKING.has(name)) lineBreak();
      if (name === 'a') close();
    },
  });
  parser.write(source);
  parser.end();
  close();
  return { text: pieces.join(''), anchors };
}
