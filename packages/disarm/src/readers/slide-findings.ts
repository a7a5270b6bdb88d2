// PresentationML: hidden slides, speaker notes and comments with their texts.

import { emit } from '../cage/emit.ts';
import { remark, removed } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

/** The texts of a part, one paragraph after another; `hidden` where the slide says so. */
function readSlide(xml: string): { text: string; hidden: boolean } {
  let text = '';
  let hidden = false;
  let reads = false;
  let skips = 0;
  readXml(xml, {
    open(tag, a) {
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
      if (tag === 'a:p') text += ' ';
    },
    text: (value) => {
      if (reads) text += value;
    },
  });
  return { text: text.trim(), hidden };
}

export function reportSlides(zip: ZipReader): void {
  const authors = new Map<string, string>();
  readXml(zip.text('ppt/commentAuthors.xml') ?? '', {
    open(tag, a) {
      if (tag === 'p:cmAuthor') authors.set(a['id'] ?? '', a['name'] ?? '');
    },
  });
  for (const name of zip.names) {
    const slide = /^ppt\/slides\/slide(\d+)\.xml$/i.exec(name);
    if (slide !== null) {
      const { text, hidden } = readSlide(zip.text(name) ?? '');
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
      let author = '';
      let text = '';
      readXml(zip.text(name) ?? '', {
        open(tag, a) {
          if (tag === 'p:cm' || tag === 'p188:cm') {
            author = authors.get(a['authorId'] ?? '') ?? '';
            text = '';
          }
        },
        text: (value) => (text += value),
        close(tag) {
          if (tag === 'p:cm' || tag === 'p188:cm')
            remark({ list: 'remark', what: 'comment', author, text });
        },
      });
    }
  }
}
