import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipSync } from 'fflate';
import { makeCompound } from '../testing/compound-maker.ts';
import { onePage } from '../testing/pdf-maker.ts';
import { detect } from './kind.ts';

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const zip = (...names: string[]): Uint8Array =>
  zipSync(Object.fromEntries(names.map((name) => [name, ascii('x')])));

describe('detection by content', () => {
  it.each([
    ['pdf', onePage('')],
    ['pdf', ascii(`junk before\n${Buffer.from(onePage('')).toString('latin1')}`)],
    ['png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0)],
    ['jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['gif', ascii('GIF89a')],
    ['webp', ascii('RIFFxxxxWEBPVP8 ')],
    ['rtf', ascii('{\\rtf1 x}')],
    ['svg', ascii('<?xml version="1.0"?><svg xmlns="x"></svg>')],
    ['html', ascii('<!doctype html><p>x')],
    ['docx', zip('word/document.xml')],
    ['xlsx', zip('xl/workbook.xml')],
    ['xlsb', zip('xl/workbook.bin')],
    ['pptx', zip('ppt/presentation.xml')],
    ['hwpx', zip('Contents/section0.xml')],
    ['zip', zip('readme.txt')],
    ['eml', ascii('From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nDate: now\r\n\r\nhello')],
    ['csv', ascii('a,b,c\n1,2,3\n')],
    ['text', ascii('Good morning.\n')],
    ['program', Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0)],
    ['empty', new Uint8Array(0)],
    ['unknown', Uint8Array.of(0, 1, 2, 3)],
  ])('finds %s', (kind, bytes) => {
    expect(detect(bytes).kind).toBe(kind);
  });

  it('takes an OpenDocument package for what it says it is, packed again or not', () => {
    const type = 'application/vnd.oasis.opendocument.spreadsheet';
    for (const level of [0, 6] as const) {
      const first = { mimetype: ascii(type), 'content.xml': ascii('<x/>') };
      const last = { 'content.xml': ascii('<x/>'), mimetype: ascii(type) };
      expect(detect(zipSync(first, { level })).kind).toBe('ods');
      expect(detect(zipSync(last, { level })).kind).toBe('ods');
    }
    const swollen = { 'content.xml': ascii('<x/>'), mimetype: ascii(type.padEnd(5000)) };
    expect(detect(zipSync(swollen)).kind).toBe('odt');
  });

  it('takes a compound file for what it is, not for an object inside it', () => {
    const one = Uint8Array.of(1);
    const object = { 'MBD00001/WordDocument': one, 'MBD00002/EncryptionInfo': one };
    expect(detect(makeCompound({ Workbook: one, ...object })).kind).toBe('xls');
    expect(detect(makeCompound({ 'PowerPoint Document': one, ...object })).kind).toBe('ppt');
    expect(detect(makeCompound({ WordDocument: one, 'ObjectPool/Workbook': one })).kind).toBe(
      'doc',
    );
    expect(detect(makeCompound({ Contents: one, ...object })).kind).toBe('ole');
    // Without its directory there are still names.
    const broken = makeCompound({ Workbook: one }).slice();
    broken.fill(0xff, 48, 52);
    expect(detect(broken).kind).toBe('xls');
  });

  it('names the other format of a polyglot', () => {
    const both = Buffer.concat([onePage(''), zip('word/document.xml')]);
    expect(detect(new Uint8Array(both))).toEqual({ kind: 'pdf', also: ['docx'] });
    const script = ascii(`<script>1</script>\n${Buffer.from(onePage('')).toString('latin1')}`);
    expect(detect(script)).toEqual({ kind: 'pdf', also: ['html'] });
  });

  it('answers for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(typeof detect(bytes).kind).toBe('string');
      }),
    );
  });
});
