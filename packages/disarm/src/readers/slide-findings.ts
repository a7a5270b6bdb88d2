// PresentationML: hidden slides, speaker notes and comments with their texts.

import { emit } from '../cage/emit.ts';
import { remark, removed, reportLetters } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

const COMMENTS = /^(p:cm|p188:cm|p188:reply)$/;
const SHAPES = /^p:(sp|grpSp|graphicFrame|cxnSp|pic)$/;

type Size = { readonly width: number; readonly height: number };

/** How large slides are, in the format's own units; undefined where it does not say. */
function slideSize(zip: ZipReader): Size | undefined {
  let size: Size | undefined;
  readXml(zip.text('ppt/presentation.xml') ?? '', {
    open(tag, a) {
      const [width, height] = [Number(a['cx']), Number(a['cy'])];
      if (tag === 'p:sldSz' && width > 0 && height > 0) size = { width, height };
    },
  });
  return size;
}

/** The texts of a part, one paragraph after another; `hidden` where the slide says so. What stands beside a slide of `size` is told. */
function readSlide(xml: string, size?: Size): { text: string; hidden: boolean } {
  let text = '';
  let said = '';
  let hidden = false;
  let reads = false;
  let skips = 0;
  /** A hidden shape is told where it closes; shapes stand inside groups. */
  const shapes: { hidden: boolean; beside: boolean; text: string }[] = [];
  let at = { x: 0, y: 0 };
  readXml(xml, {
    open(tag, a) {
      if (SHAPES.test(tag)) shapes.push({ hidden: false, beside: false, text: '' });
      const shape = shapes.at(-1);
      if (tag === 'p:cNvPr' && shape !== undefined && /^(1|true)$/.test(a['hidden'] ?? ''))
        shape.hidden = true;
      if (tag === 'a:off') at = { x: Number(a['x']), y: Number(a['y']) };
      // Inside a group places are the group's own.
      if (tag === 'a:ext' && a['cx'] !== undefined && shape !== undefined && shapes.length === 1) {
        const [right, below] = [at.x + Number(a['cx']), at.y + Number(a['cy'])];
        shape.beside ||=
          size !== undefined &&
          (right <= 0 || below <= 0 || at.x >= size.width || at.y >= size.height);
      }
      if (tag === 'p:sld' && (a['show'] === '0' || a['show'] === 'false')) hidden = true;
      // Slide numbers and dates are fields, not words of the speaker.
      if (tag === 'a:fld') skips++;
      if (tag === 'a:t') reads = skips === 0;
      const action = a['action'] ?? '';
      if (/^ppaction:\/\/(program|macro|hlinkfile|ole)/i.test(action)) removed('action', action);
    },
    close(tag) {
      if (tag === 'a:fld') skips--;
      if (tag === 'a:t') reads = false;
      if (tag === 'a:p') {
        text += ' ';
        reportLetters(said);
        said = '';
      }
      if (!SHAPES.test(tag)) return;
      const shape = shapes.pop();
      if (shape === undefined) return;
      if ((shape.hidden || shape.beside) && shape.text.trim() !== '')
        emit.remark({
          list: 'hidden',
          kind: shape.hidden ? 'hidden-text' : 'off-page-text',
          text: shape.text,
        });
      else for (const around of shapes.slice(-1)) around.text += `${shape.text} `;
    },
    text: (value) => {
      if (!reads) return;
      text += value;
      said += value;
      for (const shape of shapes.slice(-1)) shape.text += value;
    },
  });
  return { text: text.trim(), hidden };
}

export function reportSlides(zip: ZipReader): void {
  const size = slideSize(zip);
  const authors = new Map<string, string>();
  readXml(zip.text('ppt/commentAuthors.xml') ?? '', {
    open(tag, a) {
      if (tag === 'p:cmAuthor') authors.set(a['id'] ?? '', a['name'] ?? '');
    },
  });
  readXml(zip.text('ppt/authors.xml') ?? '', {
    open(tag, a) {
      if (tag === 'p188:author') authors.set(a['id'] ?? '', a['name'] ?? '');
    },
  });
  for (const name of zip.names) {
    const slide = /^ppt\/slides\/slide(\d+)\.xml$/i.exec(name);
    if (slide !== null) {
      const { text, hidden } = readSlide(zip.text(name) ?? '', size);
      if (hidden)
        emit.remark({ list: 'hidden', kind: 'hidden-slide', page: Number(slide[1]), text });
    }
    const notes = /^ppt\/notesSlides\/notesSlide(\d+)\.xml$/i.exec(name);
    if (notes !== null) {
      const { text } = readSlide(zip.text(name) ?? '');
      if (text !== '')
        emit.remark({ list: 'hidden', kind: 'speaker-notes', page: Number(notes[1]), text });
    }
    if (/^ppt\/comments\/[^/]+\.xml$/i.test(name)) {
      readComments(zip.text(name) ?? '', authors);
    }
  }
}

/** Comments of both generations; an answer stands inside what it answers. */
function readComments(xml: string, authors: ReadonlyMap<string, string>): void {
  const open: { author: string; text: string }[] = [];
  readXml(xml, {
    open(tag, a) {
      if (COMMENTS.test(tag))
        open.push({ author: authors.get(a['authorId'] ?? '') ?? '', text: '' });
    },
    text: (value) => {
      for (const one of open.slice(-1)) one.text += value;
    },
    close(tag) {
      if (!COMMENTS.test(tag)) return;
      const one = open.pop();
      const what = tag === 'p188:reply' ? 'reply' : 'comment';
      if (one !== undefined) remark({ list: 'remark', what, ...one });
    },
  });
}
