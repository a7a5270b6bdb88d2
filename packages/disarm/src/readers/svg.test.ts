import { afterEach, describe, expect, it } from 'vitest';

import { JobRefusal, unsafeCaptureFrames } from '../cage/emit.ts';
import { detect } from '../kind.ts';
import { cleanSvg } from './svg.ts';

function clean(inner: string): { svg: string; remarks: Record<string, unknown>[] } {
  const remarks: Record<string, unknown>[] = [];
  unsafeCaptureFrames((_, payload) =>
    remarks.push(JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>),
  );
  return {
    svg: cleanSvg(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${inner}</svg>`),
    remarks,
  };
}
afterEach(() => unsafeCaptureFrames(undefined));

describe('a drawing', () => {
  it('keeps shapes, texts, gradients and the pictures in it', () => {
    const inner =
      '<defs><linearGradient id="g"><stop offset="0" stop-color="red"></stop></linearGradient></defs>' +
      '<rect x="1" y="2" width="3" height="4" fill="url(#g)" transform="scale(2)"></rect><text x="1" font-size="3">a &amp; b</text>' +
      '<image xlink:href="data:image/png;base64,iVBORw0KGgo="></image><style>.a{fill:red}</style>';
    const { svg, remarks } = clean(inner);
    expect(svg).toContain(inner);
    expect(remarks).toEqual([]);
  });

  it("leaves out an editor's attributes that have the names of its own, and says nothing twice", () => {
    const { svg } = clean(
      '<g inkscape:version="1.3" version="1.1" href="#a" xlink:href="#b"><rect x="1" sodipodi:x="2"/></g>',
    );
    expect(svg).toContain('<g version="1.1" xlink:href="#a"><rect x="1"></rect></g>');
  });

  it.each([
    ['<script>alert(1)</script>', 'script'],
    ['<rect onload="x()"/>', 'script'],
    ['<image href="http://evil.example/p.png"/>', 'external-relationship'],
    ['<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', 'external-relationship'],
    ['<use href="other.svg#a"/>', 'external-relationship'],
    ['<rect fill="url(http://evil.example/#a)"/>', 'external-relationship'],
    ['<rect style="fill:u\\72l(http://evil.example)"/>', 'external-relationship'],
    ['<style>@import "http://evil.example/a.css";</style>', 'style-sheet'],
    ['<foreignObject><iframe src="x"/></foreignObject>', 'active-element'],
    ['<animate attributeName="href" to="javascript:x"/>', 'animation'],
    ['<a href="javascript:alert(1)"><text>go</text></a>', 'javascript'],
  ])('%s is left out and named', (inner, kind) => {
    const { svg, remarks } = clean(inner);
    expect(svg).not.toMatch(/script|evil|onload|iframe|animate|other\.svg|@import|svg\+xml/);
    expect(remarks.map((remark) => remark['kind'])).toContain(kind);
  });

  it('lists what is hidden and where links lead', () => {
    const { remarks } = clean(
      '<g display="none"><text>the floor</text></g><a href="http://link.example"><text>t</text></a>',
    );
    expect(remarks).toEqual([
      { list: 'hidden', kind: 'hidden-text', text: 'the floor' },
      { list: 'link', target: 'http://link.example' },
    ]);
  });

  it('that is not whole, or swells by entities, is refused', () => {
    for (const text of [
      '<svg><rect>',
      '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="s"><text>&a;</text></svg>',
      '<rect/>',
    ]) {
      unsafeCaptureFrames(() => undefined);
      expect(() => cleanSvg(text)).toThrow(JobRefusal);
    }
  });

  it('is known by its content, with a prefix too', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(
      detect(bytes('<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>')).kind,
    ).toBe('svg');
    expect(detect(bytes('<svg xmlns="x"/>')).kind).toBe('svg');
  });
});
