import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  civilOf,
  day,
  dayOf,
  isMonthPrecise,
  monthStarts,
  readDay,
  readSpan,
  textOfDay,
  textOfSpan,
  weekday,
  type Day,
} from './calendar.ts';

const runs = { numRuns: process.env['SLOW'] === undefined ? 200 : 50_000 };

describe('calendar', () => {
  it.each([
    ['2014-11-24', true],
    ['2016-02-29', true],
    ['2014-02-31', false],
    ['2015-02-29', false],
    ['2014-13-01', false],
    ['2014-00-10', false],
    ['1899-12-31', false],
    ['2101-01-01', false],
    ['2014-1-1', false],
    ['24.11.2014', false],
  ])('%s is a day: %s', (text, good) => {
    expect(readDay(text).ok).toBe(good);
  });

  it('says that there is no 31 February, not merely that it is wrong', () => {
    expect(readDay('2018-02-31')).toEqual({
      ok: false,
      reason: 'no-such-day',
      detail: 'there is no day 31 in 2018-02',
    });
  });

  it.each([
    ['2014', '2014-01-01', '2014-12-31', 'year'],
    ['2016-02', '2016-02-01', '2016-02-29', 'month'],
    ['2014-11-24', '2014-11-24', '2014-11-24', 'day'],
    ['2014-11/2014-12-15', '2014-11-01', '2014-12-15', 'range'],
  ])('reads %s as a span and writes it back', (text, start, end, precision) => {
    const read = readSpan(text);
    expect(read).toEqual({ ok: true, value: { start, end, precision } });
    if (read.ok && precision !== 'range') expect(textOfSpan(read.value)).toBe(text);
  });

  it('refuses a range that ends before it starts', () => {
    expect(readSpan('2014-12/2014-11')).toMatchObject({ ok: false, reason: 'end-before-start' });
  });

  it('agrees with the calendar of the runtime on every day', () => {
    assert(
      property(integer({ min: -25_000, max: 47_000 }), (n) => {
        const at = n as Day;
        const date = new Date(n * 86_400_000);
        expect(textOfDay(at)).toBe(date.toISOString().slice(0, 10));
        expect(weekday(at)).toBe(date.getUTCDay());
        const { year, month, day: dayOfMonth } = civilOf(at);
        expect(dayOf(year, month, dayOfMonth)).toBe(at);
      }),
      runs,
    );
  });

  it('counts months from first to last and knows what is precise to the month', () => {
    expect(monthStarts(day('2019-11-15'), day('2020-01-31')).map(textOfDay)).toEqual([
      '2019-11-01',
      '2019-12-01',
      '2020-01-01',
    ]);
    const precise = (text: string): boolean => {
      const read = readSpan(text);
      return read.ok && isMonthPrecise(read.value);
    };
    expect(
      ['2014', '2014-11', '2014-11-24', '2014-11-01/2014-11-20', '2014-01/2014-11'].map(precise),
    ).toEqual([false, true, true, true, false]);
  });
});
