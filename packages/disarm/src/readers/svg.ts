// SVG by whitelist: shapes, texts, gradients and pictures in the file itself are written anew; what acts or fetches is named and left out.

import { emit, JobRefusal } from '../cage/emit.ts';
import { removed } from './tell.ts';
import { readXml } from './xml.ts';

const SHAPES = new Set(
  (
    'svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath image clipPath mask ' +
    'linearGradient radialGradient stop pattern marker style switch'
  ).split(' '),
);
/** Left out with everything in them. */
const ACTS = new Map<string, 'script' | 'active-element' | 'animation' | 'multimedia' | 'metadata'>(
  [
    ['script', 'script'],
    ['handler', 'script'],
    ['listener', 'script'],
    ['foreignObject', 'active-element'],
    ['iframe', 'active-element'],
    ['animate', 'animation'],
    ['animateTransform', 'animation'],
    ['animateMotion', 'animation'],
    ['animateColor', 'animation'],
    ['set', 'animation'],
    ['audio', 'multimedia'],
    ['video', 'multimedia'],
    ['metadata', 'metadata'],
    ['title', 'metadata'],
    ['desc', 'metadata'],
  ],
);
const ATTRIBUTE =
  /^(?:id|class|style|d|points|[xyr]|[cfr][xyr]|[xy][12]|d[xy]|width|height|viewBox|preserveAspectRatio|transform|opacity|display|visibility|color|offset|version|overflow|clip|letter-spacing|word-spacing|pathLength|rotate|textLength|lengthAdjust|startOffset|method|spacing|orient|ref[XY]|marker(?:Width|Height|Units|-start|-mid|-end)?|mask(?:Units|ContentUnits)?|pattern(?:Units|ContentUnits|Transform)|gradient(?:Units|Transform)|spreadMethod|clip(?:PathUnits|-path|-rule)|(?:fill|stroke|stop|font|text|dominant|alignment|baseline|paint|writing|unicode|shape|vector)(?:-[a-z]+)*)$/;
const INSIDE = /^data:image\/(?:png|jpe?g);base64,[A-Za-z0-9+/=\s]+$/;
const UNSEEN =
  /display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[^-])opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)/i;
const ELEMENTS_MAX = 300_000;

/** Styles may point into the file only: no import, no address, no escapes that hide one. */
const isPlainStyle = (text: string): boolean =>
  !/@|\\|expression|behavio|javascript:/i.test(text) &&
  [...text.matchAll(/url\s*\(\s*['"]?([^)]*)/gi)].every(([, target = '']) =>
    target.trim().startsWith('#'),
  );

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The drawing anew. Throws `JobRefusal` where it is no XML. */
export function cleanSvg(text: string): string {
  const out: string[] = [];
  /** What to write at each open element's end; undefined for one that is not written. */
  const ends: (string | undefined)[] = [];
  let dropped = 0;
  let hidden = 0;
  let hiddenText = '';
  let style: string | undefined;
  let count = 0;
  const attributesOf = (name: string, attributes: Readonly<Record<string, string>>): string => {
    let said = '';
    const keys = new Set<string>();
    for (const [full, value] of Object.entries(attributes)) {
      const key = local(full);
      if (/^on/i.test(key)) removed('script', `${key}=${value}`);
      // An editor's own attribute may have the name of one of ours; twice the same would be no XML.
      else if (keys.has(key) || (full !== key && !/^(?:xlink|svg):/.test(full))) continue;
      else if (key === 'href') {
        keys.add(key);
        const target = value.trim();
        const allowed = target.startsWith('#') || (name === 'image' && INSIDE.test(target));
        if (allowed) said += ` xlink:href="${escaped(target)}"`;
        else removed('external-relationship', target.slice(0, 500));
      } else if (full !== 'xmlns' && ATTRIBUTE.test(key)) {
        keys.add(key);
        if (isPlainStyle(value)) said += ` ${key}="${escaped(value)}"`;
        else removed('external-relationship', value.slice(0, 500));
      }
    }
    return said;
  };
  const whole = readXml(text, {
    open(full, attributes) {
      const name = local(full);
      if (++count > ELEMENTS_MAX) throw new RangeError('too many shapes');
      const kind = ACTS.get(name);
      if (dropped > 0 || kind !== undefined || name === 'a' || !SHAPES.has(name)) {
        if (dropped === 0 && kind !== undefined) removed(kind, name);
        if (name === 'a' && dropped === 0) {
          const target = attributes['xlink:href'] ?? attributes['href'] ?? '';
          if (/^\s*javascript:/i.test(target)) removed('javascript', target);
          else if (target !== '') emit.remark({ list: 'link', target });
          out.push('<g>');
          ends.push('</g>');
          return;
        }
        // Elements of other languages (editors' notes) are left out, what they hold too.
        dropped++;
        ends.push(undefined);
        return;
      }
      const look = attributes['style'] ?? '';
      const unseen =
        UNSEEN.test(look) ||
        attributes['display'] === 'none' ||
        attributes['visibility'] === 'hidden' ||
        attributes['opacity'] === '0';
      if (hidden > 0 || unseen) hidden++;
      if (name === 'style') {
        style = '';
        ends.push('');
        return;
      }
      const root =
        ends.length === 0
          ? ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
          : '';
      out.push(`<${name}${root}${attributesOf(name, attributes)}>`);
      ends.push(`</${name}>`);
    },
    close() {
      const end = ends.pop();
      if (end === undefined) {
        dropped--;
        return;
      }
      if (hidden > 0) hidden--;
      if (hidden === 0 && hiddenText.trim() !== '') {
        emit.remark({ list: 'hidden', kind: 'hidden-text', text: hiddenText });
        hiddenText = '';
      }
      if (style !== undefined) {
        if (isPlainStyle(style)) out.push(`<style>${escaped(style)}</style>`);
        else removed('style-sheet', style.slice(0, 500));
        style = undefined;
      } else out.push(end);
    },
    text(value) {
      if (dropped > 0) return;
      if (style !== undefined) style += value;
      else {
        if (hidden > 0) hiddenText += value;
        out.push(escaped(value));
      }
    },
    doctype: (said) => {
      if (/\[|entity/i.test(said)) emit.detail('active-element', 'document-type-entities');
    },
  });
  if (!whole || !out.some((piece) => piece.startsWith('<svg')))
    throw new JobRefusal('broken', 'not a whole drawing');
  return out.join('');
}
