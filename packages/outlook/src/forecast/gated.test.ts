import { describe, expect, it } from 'vitest';
import { simulate } from '../backtest/control.ts';
import { buildSeries } from '../backtest/series.ts';
import { dayOf, spanOfDay, textOfDay, type Day } from '../calendar.ts';
import { COUNTRIES, type CountryCode } from '../country.ts';
import type { HistoryRecord } from '../history/record.ts';
import { cautionText } from './cautions.ts';
import { forecast, type Forecast } from './forecast.ts';
import { standardRule } from './question.ts';
import { RATE_SETTINGS } from './rate.ts';

const FROM = dayOf(2000, 1, 1);

/** A made-up history as records: incidents of fourteen initiators against one receiver, and the receiver's sanctions. */
function plantedHistory(multiple: number): HistoryRecord[] {
  const { series: made, triggers } = simulate(7, multiple);
  const common = (id: string, at: Day) => ({
    id,
    title: id,
    occurred: spanOfDay(at),
    ended: null,
    disclosed: spanOfDay(at),
    severity: null,
    sources: [],
    provenance: { dataset: 'made up', row: id, licence: 'own' },
    corrections: [],
    tlp: 'clear' as const,
    remarks: [],
  });
  const codes = COUNTRIES.map(({ code }) => code).filter((code) => code !== 'US');
  const who = (dyad: number): CountryCode => codes[dyad] ?? ('KP' as CountryCode);
  const us = 'US' as CountryCode;
  const incidents = made.occurrences.map(({ dyad, start }, i): HistoryRecord => ({
    ...common(`incident-${i}`, start),
    type: 'incident',
    initiators: [
      {
        actor: null,
        country: who(dyad),
        sponsor: 'state',
        basis: null,
        confidence: null,
        attributed: null,
        disputed: false,
      },
    ],
    receivers: [{ country: us, sector: null }],
    kinds: ['espionage'],
    techniques: [],
    effect: null,
    duplicateOf: null,
  }));
  const events = triggers.flatMap((days, dyad) =>
    days.map((at, i): HistoryRecord => ({
      ...common(`sanction-${dyad}-${i}`, at),
      type: 'event',
      class: 'sanction',
      actors: [us],
      against: [who(dyad)],
    })),
  );
  return [...incidents, ...events];
}

describe('covariates in a forecast', () => {
  const ask = (history: readonly HistoryRecord[], issued: Day): Forecast => {
    const draft = {
      initiator: COUNTRIES.filter(({ code }) => code !== 'US')[0]?.code ?? ('KP' as CountryCode),
      receivers: ['US' as CountryCode],
      group: null,
      issued: textOfDay(issued),
      closes: textOfDay((issued + 20) as Day),
    };
    const question = { ...draft, source: 'made up', rule: standardRule(draft) };
    const made = forecast(question, history, 'test', RATE_SETTINGS, 0);
    if (!made.ok) throw new Error(made.reason);
    return made.value;
  };

  it('one that passes the gate moves the number while it is on, and only then', () => {
    const history = plantedHistory(5);
    const triggers = simulate(7, 5).triggers[0] ?? [];
    const trigger = triggers.findLast((at) => at < dayOf(2017, 6, 1)) ?? FROM;
    const quiet = (Array.from({ length: 3000 }, (_, i) => trigger - i).find((at) =>
      triggers.every((one) => one >= at + 21 || one < at - 60),
    ) ?? FROM) as Day;
    const on = ask(history, (trigger + 1) as Day);
    const sanctions = on.covariates.find(({ name }) => name.startsWith('sanctions'));
    expect(sanctions).toMatchObject({ passed: true });
    expect(sanctions?.on).toBeGreaterThan(0.5);
    expect(sanctions?.multiple).toBeGreaterThan(1.5);
    expect(on.cautions.map(cautionText).join(' ')).toContain(
      'Moved by what passed the gate: sanctions',
    );
    const off = ask(history, quiet).covariates.find(({ name }) => name.startsWith('sanctions'));
    expect(off?.on).toBe(0);
    expect(off?.multiple).toBeLessThan(1);
  });

  it('where nothing was planted none passes, each says why, and the number is the base rate', () => {
    const made = ask(plantedHistory(1), dayOf(2017, 1, 1));
    expect(made.covariates.every(({ passed, multiple }) => !passed && multiple === 1)).toBe(true);
    expect(made.covariates.every(({ verdict }) => verdict.includes('it stays off'))).toBe(true);
  });

  it('a stray record years later is no proof of quiet years', () => {
    const [first, ...rest] = plantedHistory(1);
    if (first === undefined) throw new Error('an empty history');
    const stray = { ...first, id: 'stray', occurred: spanOfDay(dayOf(2024, 5, 1)) };
    const built = buildSeries([first, ...rest, stray], { dyads: 14 });
    expect(built.leftOut.beyondCoverage).toBe(1);
    expect(built.to).toBe(buildSeries([first, ...rest], { dyads: 14 }).to);
  });
});
