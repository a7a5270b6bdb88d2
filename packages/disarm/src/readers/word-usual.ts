// How a text looks where it says nothing: the font and size of its usual paragraphs, by list, and its tabs.

import { fontNamed, halfPoints } from '../list/font-names.ts';
import { MODEL_LIMITS, USUAL_LOOK, type UsualLook } from '../list/text-model.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

/** The font for Latin letters of the theme's texts. */
function themeFont(zip: ZipReader): string | undefined {
  let minor = false;
  let found: string | undefined;
  readXml(zip.text('word/theme/theme1.xml') ?? '', {
    open(tag, a) {
      if (tag === 'a:minorFont') minor = true;
      if (tag === 'a:latin' && minor) found ??= a['typeface'];
    },
    close(tag) {
      if (tag === 'a:minorFont') minor = false;
    },
  });
  return found;
}

export function usualLook(zip: ZipReader): UsualLook {
  let look = USUAL_LOOK;
  let inside = false;
  const themed = themeFont(zip);
  readXml(zip.text('word/styles.xml') ?? '', {
    open(tag, a) {
      if (tag === 'w:rPrDefault') inside = true;
      if (tag === 'w:style')
        inside = a['w:type'] === 'paragraph' && /^(1|true)$/.test(a['w:default'] ?? '');
      if (!inside) return;
      if (tag === 'w:rFonts') {
        const said = a['w:asciiTheme'] === undefined ? a['w:ascii'] : themed;
        look = { ...look, font: fontNamed(said, look.font) };
      }
      if (tag === 'w:sz') {
        const size = halfPoints(Number(a['w:val']));
        if (size !== null) look = { ...look, size };
      }
    },
    close(tag) {
      if (tag === 'w:rPrDefault' || tag === 'w:style') inside = false;
    },
  });
  readXml(zip.text('word/settings.xml') ?? '', {
    open(tag, a) {
      const tab = Math.round(Number(a['w:val']));
      if (tag === 'w:defaultTabStop' && tab >= 1 && tab <= MODEL_LIMITS.twips)
        look = { ...look, tab };
    },
  });
  return look;
}
