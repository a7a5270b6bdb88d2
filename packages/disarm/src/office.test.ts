// Office documents through the real engine, from the file to the copy.

import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { makeZip } from '../testing/office-maker.ts';
import { defaultPolicy, disarm, quarantine } from './index.ts';
import { withoutFilms } from './readers/odf-films.ts';

const ODF = 'urn:oasis:names:tc:opendocument:xmlns';
const FILM =
  '<draw:plugin xlink:href="Media/visit &amp; tour.mp4" draw:mime-type="video/mp4"><draw:param draw:name="Loop" draw:value="false"/></draw:plugin>';
const content = (film: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="${ODF}:office:1.0" xmlns:text="${ODF}:text:1.0" xmlns:draw="${ODF}:drawing:1.0" xmlns:svg="${ODF}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:body><office:text>` +
  `<text:p>The harbour stays open.<office:annotation><dc:creator>Cy</dc:creator><text:p>we can give this up</text:p></office:annotation></text:p>` +
  `<text:p><draw:frame text:anchor-type="paragraph" svg:width="5in" svg:height="3in">${film}</draw:frame></text:p>` +
  '</office:text></office:body></office:document-content>';
const letter = (film: string): Uint8Array =>
  makeZip({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': `<manifest:manifest xmlns:manifest="${ODF}:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="Media/visit &amp; tour.mp4" manifest:media-type="video/mp4"/></manifest:manifest>`,
    'content.xml': content(film),
    'Media/visit & tour.mp4': Uint8Array.of(0, 0, 0, 24, 102, 116, 121, 112),
  });

it('a letter with a film becomes pages and an editable copy; the film is named, the comment listed', async () => {
  // One after the other: each engine takes more than a gibibyte.
  const pages = await disarm(quarantine(letter(FILM)), defaultPolicy);
  const editable = await disarm(quarantine(letter(FILM)), { ...defaultPolicy, mode: 'edit' });
  for (const verdict of [pages, editable]) {
    if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
    expect(verdict.value.report.removed.map(({ kind }) => kind)).toContain('multimedia');
    expect(verdict.value.report.remarks).toContainEqual(
      expect.objectContaining({ author: 'Cy', text: 'we can give this up' }),
    );
  }
  expect(pages.ok && pages.value.safe.mediaType).toBe('application/pdf');
  expect(pages.ok && pages.value.report.pages.map(({ mode }) => mode)).toEqual(['structure']);
  const made = editable.ok ? unzipSync(editable.value.safe.bytes) : {};
  const words = strFromU8(made['word/document.xml'] ?? new Uint8Array(0));
  expect(words).toContain('The harbour stays open.');
  expect(words).not.toContain('give this up');
});

it.each([
  ['with parameters', FILM],
  ['empty', '<draw:plugin xlink:href="Media/visit &amp; tour.mp4"/>'],
  [
    'under another prefix',
    `<zz:plugin xmlns:zz="${ODF}:drawing:1.0" xlink:href='a/visit &amp; tour.mp4'></zz:plugin>`,
  ],
])('a film %s leaves a frame with its name, and everything else as it was', (_, film) => {
  const parts = unzipSync(withoutFilms(letter(film)));
  const xml = strFromU8(parts['content.xml'] ?? new Uint8Array(0));
  expect(xml).not.toContain('plugin');
  expect(xml).toContain('<t:p>visit &amp; tour.mp4</t:p></d:text-box></draw:frame>');
  expect(Object.keys(parts)[0]).toBe('mimetype');
  const plain = letter('');
  expect(withoutFilms(plain)).toBe(plain);
});
