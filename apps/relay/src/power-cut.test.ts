import { describe, expect, it } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { crash, powerCutMissing, traceWriter, type Crash } from './testing/power-cut.ts';

const missing = powerCutMissing();
const CUTS = process.env['SLOW'] === '1' ? 1000 : 60;

function cuts(synchronous: 'FULL' | 'NORMAL' | 'OFF'): Crash[] {
  const steps = traceWriter(synchronous);
  expect(steps.filter((step) => step.kind === 'ack').length).toBeGreaterThan(50);
  return Array.from({ length: CUTS }, () => crash(steps, nativePorts.randomness));
}

const lost = (crashes: readonly Crash[]): number =>
  crashes.filter((one) => !one.sound || one.found < one.acknowledged).length;

describe('a power cut', () => {
  if (missing !== undefined)
    it(`simulated: not run: ${missing}`, () => expect(missing).not.toBe(''));
  else {
    it(`${CUTS} times at any moment: nothing acknowledged is lost, nothing is damaged`, () => {
      expect(lost(cuts('FULL'))).toBe(0);
    });

    it('loses what weaker settings acknowledge: so the simulation sees losses', () => {
      expect(lost(cuts('NORMAL'))).toBeGreaterThan(CUTS / 4);
      expect(lost(cuts('OFF'))).toBeGreaterThan(CUTS / 4);
    });
  }
});
