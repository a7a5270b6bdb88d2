import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { samples } from '../../tools/samples/all.ts';
import { badSamples } from '../../tools/samples/bad.ts';
import { ROOT } from '../architecture/house.ts';

const SAMPLES = join(ROOT, 'samples');
const byName = new Map(samples().map(({ name, bytes }) => [name, bytes]));

describe('samples/ is what the generator makes', () => {
  it('holds these files and no others', () => {
    expect(readdirSync(SAMPLES).toSorted()).toEqual([...byName.keys()].toSorted());
  });

  it.each([...byName])('%s, byte for byte', (name, bytes) => {
    expect(Buffer.compare(readFileSync(join(SAMPLES, name)), bytes)).toBe(0);
  });

  it('is made twice alike, and a changed byte is seen', () => {
    const again = new Map(samples().map(({ name, bytes }) => [name, Buffer.from(bytes)]));
    for (const [name, bytes] of byName) expect(again.get(name)?.equals(bytes), name).toBe(true);
    const changed = Buffer.from(byName.get('harbour.jpg') ?? []);
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(again.get('harbour.jpg')?.equals(changed)).toBe(false);
  });
});

describe('the samples do what their README says', () => {
  const text = (name: string): string => Buffer.from(byName.get(name) ?? []).toString('latin1');

  it.each([
    '/OpenAction',
    '/JavaScript',
    '/Launch',
    '/EmbeddedFile',
    '/FileAttachment',
    '/SubmitForm',
    '/GoToR',
    '/URI',
    '/Metadata',
    '/Author',
    '3 Tr',
    'Withdrawn:',
    'Covered:',
    '/Prev',
  ])('the agenda holds %s', (mark) => {
    expect(text('draft-agenda.pdf')).toContain(mark);
  });

  it('the polyglot is a PDF from its start and an archive to its end', () => {
    const polyglot = Buffer.from(byName.get('order-of-speakers.pdf') ?? []);
    expect(polyglot.subarray(0, 5).toString()).toBe('%PDF-');
    const end = polyglot.lastIndexOf('PK\x05\x06');
    expect(polyglot.length - end).toBe(22);
    const directory = polyglot.readUInt32LE(end + 16);
    expect(polyglot.subarray(directory, directory + 4).toString('latin1')).toBe('PK\x01\x02');
    const entry = polyglot.readUInt32LE(directory + 42);
    expect(polyglot.subarray(entry, entry + 4).toString('latin1')).toBe('PK\x03\x04');
  });

  it('every chunk of the picture is whole, and its pixels inflate', () => {
    const png = Buffer.from(byName.get('seating-plan.png') ?? []);
    const seen: string[] = [];
    let at = 8;
    while (seen.at(-1) !== 'IEND') {
      const length = png.readUInt32BE(at);
      const type = png.toString('latin1', at + 4, at + 8);
      expect(png.readUInt32BE(at + 8 + length), type).toBe(
        crc32(png.subarray(at + 4, at + 8 + length)),
      );
      if (type === 'IDAT')
        expect(inflateSync(png.subarray(at + 8, at + 8 + length))).toHaveLength(240 * 161);
      seen.push(type);
      at += 12 + length;
    }
    expect(seen).toEqual(expect.arrayContaining(['tEXt', 'iTXt', 'eXIf', 'tIME']));
    expect(png.length - at).toBe(64);
  });
});

describe('bad samples', () => {
  it('are small files, whatever they claim', () => {
    const made = badSamples().map(({ name, make }) => ({ name, length: make().length }));
    expect(made.length).toBeGreaterThan(10);
    for (const { name, length } of made) expect(length, name).toBeLessThan(2_000_000);
  });
});
