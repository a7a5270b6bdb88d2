import { deflateRawSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hwpRecord, makeCompound, makeHwp } from '../../testing/compound-maker.ts';
import { defaultPolicy, disarm, quarantine, type Disarmed } from '../index.ts';
import { CompoundReader, CompoundRefusal } from '../readers/compound.ts';
import { writePng } from '../writer/png.ts';

async function rebuilt(bytes: Uint8Array): Promise<Disarmed> {
  const verdict = await disarm(quarantine(bytes), defaultPolicy);
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}

const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
const paragraph = (text: string, level = 1): Uint8Array => hwpRecord(67, level, utf16(`${text}\r`));

function control(name: string, command: string): Uint8Array {
  const data = Buffer.alloc(11 + 2 * command.length);
  data.write(Array.from(name).toReversed().join(''), 'latin1');
  data.writeUInt16LE(command.length, 9);
  data.write(command, 11, 'utf16le');
  return hwpRecord(71, 1, data);
}

describe('HWP 5', () => {
  it('gives its words, names its script and links, lists comments, hands out pictures', async () => {
    const picture = {
      id: 0,
      width: 2,
      height: 1,
      kind: 'gray',
      pixels: Uint8Array.of(0, 255),
    } as const;
    const section = Buffer.concat([
      paragraph('제1조 합의\u0009\u0000\u0000\u0000\u0000\u0000\u0000\u0009끝'),
      control('%hlk', 'http\\://evil.example/k?a=1;1;0;0;'),
      control('tcmt', ''),
      paragraph('이 조항은 양보 가능', 2),
      paragraph('제2조'),
    ]);
    const done = await rebuilt(
      makeHwp([section, paragraph('둘째 구역')], {
        streams: {
          'Scripts/DefaultJScript': new Uint8Array(5000),
          'BinData/BIN0001.png': new Uint8Array(deflateRawSync(writePng(picture))),
        },
      }),
    );
    const text = new TextDecoder().decode(done.safe.bytes);
    expect(text).toBe('제1조 합의\t끝\n제2조\n\n둘째 구역\n');
    expect(done.report.remarks).toMatchObject([{ what: 'comment', text: '이 조항은 양보 가능' }]);
    expect(done.report.links).toEqual([{ target: 'http://evil.example/k?a=1', page: null }]);
    expect(done.report.removed.map(({ kind }) => kind)).toEqual(['script']);
    expect(done.parts.map(({ safe }) => safe.extension)).toEqual(['png']);
  });

  it('with a password, or older than Hangul 97, is refused with what to ask for', async () => {
    const locked = await disarm(quarantine(makeHwp([], { flags: 3 })), defaultPolicy);
    expect(locked).toMatchObject({ ok: false, reason: 'unsupported' });
    const old = new TextEncoder().encode('HWP Document File V3.00 \u001a\u0001');
    const verdict = await disarm(quarantine(old), defaultPolicy);
    expect(verdict).toMatchObject({ ok: false, reason: 'unsupported', detail: /HWPX or PDF/ });
  });
});

describe('compound files', () => {
  const streams = { small: utf16('a small stream'), 'In/large': new Uint8Array(9000).fill(7) };
  const whole = makeCompound(streams);

  it('give back what was put in, small and large', () => {
    const reader = new CompoundReader(whole);
    expect(reader.names.toSorted()).toEqual(['In/large', 'small']);
    for (const [name, bytes] of Object.entries(streams)) {
      expect(Buffer.from(reader.read(name) ?? []).equals(bytes)).toBe(true);
    }
    expect(reader.read('none')).toBeUndefined();
  });

  it('that lie, end early or run in circles are refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.integer({ min: 0, max: whole.length }),
        (changes, length) => {
          const bytes = whole.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          try {
            const reader = new CompoundReader(bytes);
            for (const name of reader.names) reader.read(name);
          } catch (error) {
            expect(error).toBeInstanceOf(CompoundRefusal);
          }
        },
      ),
      { numRuns: process.env['SLOW'] === '1' ? 20_000 : 300 },
    );
    const circle = whole.slice();
    // The first table stands behind all other sectors: its first word made to follow itself.
    const table = (new DataView(circle.buffer).getUint32(76, true) + 1) * 512;
    new DataView(circle.buffer).setUint32(table, 0, true);
    expect(() => new CompoundReader(circle).read('In/large')).toThrow(CompoundRefusal);
  });
});
