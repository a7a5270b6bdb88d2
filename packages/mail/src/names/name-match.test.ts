import { describe, expect, test } from 'vitest';
import { fc } from '../testing/fuzz.ts';
import { candidateName, findName, isOneOff, knownName, nameIndex } from './name-match.ts';

const PEOPLE = [
  'Kim Jong-su',
  '김종수',
  '金鍾洙',
  'Сергей Волков',
  'Sergei Volkov',
  'Ahmad al-Rashid',
  'أحمد الرشيد',
  'António Guterres',
  'Maria Fernanda Ortiz',
  '李伟明',
  'Plato',
];
const index = nameIndex(
  PEOPLE.map((name) => ({
    known: knownName(name) as NonNullable<ReturnType<typeof knownName>>,
    owner: name,
  })),
);
const find = (name: string) => findName(candidateName(name), index);

describe('names match whatever their order, case, marks and script', () => {
  test.each([
    ['Jong-su Kim', 'Kim Jong-su'],
    ['KIM Jongsu', 'Kim Jong-su'],
    ['Kim, Jong Su', 'Kim Jong-su'],
    ['Dr. Jong-su Kim (MOFA)', 'Kim Jong-su'],
    ['Ambassador Kim Jong-su via DocuShare', 'Kim Jong-su'],
    ['김 종수', '김종수'],
    ['김종수 대사', '김종수'],
    ['金 鍾洙', '金鍾洙'],
    ['李伟明先生', '李伟明'],
    ['Волков Сергей', 'Сергей Волков'],
    ['ВОЛКОВ, Сергей', 'Сергей Волков'],
    ['الرشيد أحمد', 'أحمد الرشيد'],
    ['Al Rashid, Ahmad', 'Ahmad al-Rashid'],
    ['Antonio Guterres', 'António Guterres'],
    ['Ortiz Maria F. Fernanda', 'Maria Fernanda Ortiz'],
    ['Plato', 'Plato'],
  ])('%s is %s', (written, known) => {
    expect(find(written)).toMatchObject({ owner: known, match: { how: 'same' } });
  });

  test.each([
    ['Кim Jong-su', 'К'],
    ['Kim Jоng-su', 'о'],
    ['Sergеi Volkov', 'е'],
    ['Kim\u200b Jong-su', '\u200b'],
    ['Kim Joпg-su', 'п'],
    ['Κim Jong-su', 'Κ'],
  ])('%j looks alike, and the letter is marked', (written, letter) => {
    const found = find(written);
    expect(found?.match.how).toBe('alike');
    expect(found?.match.marks.map(([start, end]) => written.slice(start, end))).toEqual([letter]);
  });

  test.each(['Kim Jong-so', 'Sergie Volkov', 'Sergei Volkow', 'Antonio Guteres'])(
    '%s is near',
    (written) => {
      expect(find(written)?.match.how).toBe('near');
    },
  );

  test.each([
    'Kim Min-su',
    'Jong Park',
    'Sergei',
    'Volkov',
    'Plato Smith',
    'Maria Ortiz-Lopez',
    'John Smith',
    '김종철',
    '李伟',
    '',
    '   ',
    'support@example.org',
    'Ahmad',
  ])('%s is somebody else', (written) => {
    expect(find(written)).toBeNull();
  });
});

test('one edit is near, two are not', () => {
  expect(isOneOff('guterres', 'gutters')).toBe(false);
  expect(isOneOff('guterres', 'guteres')).toBe(true);
  expect(isOneOff('abcd', 'abdc')).toBe(true);
  expect(isOneOff('abcd', 'abcd')).toBe(false);
});

test('one inserted letter is always near, from either side', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 12 }),
      fc.nat(12),
      (text, at) => {
        const longer = `${text.slice(0, at)}x${text.slice(at)}`;
        expect(isOneOff(text, longer)).toBe(true);
        expect(isOneOff(longer, text)).toBe(true);
      },
    ),
  );
});

test('any text is compared', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void find(text)));
});
