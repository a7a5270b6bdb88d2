import { generateHybridSigner, hybridSign, toBase64Url } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { describe, expect, it } from 'vitest';
import {
  applyCorrection,
  correct,
  CORRECTION_PURPOSE,
  correctionBytes,
  isSignedBy,
  type SignedCorrection,
} from './correction.ts';
import type { HistoryRecord } from './record.ts';
import { SHIPPED_HISTORY } from './shipped.ts';

const incident = SHIPPED_HISTORY.find((one) => one.type === 'incident') as HistoryRecord;
const event = SHIPPED_HISTORY.find((one) => one.type === 'event') as HistoryRecord;
const change = (field: string, now: string) => ({
  field,
  now,
  reason: 'the report says so',
  by: 'Ana',
  at: '2026-11-22T00:00:00.000Z',
});

describe('a correction', () => {
  it.each([
    ['occurred', '2014-11', { occurred: { precision: 'month' } }],
    ['disclosed', '', { disclosed: null }],
    ['severity', '1', { severity: 1 }],
    ['kinds', 'doxing,destruction', { kinds: ['doxing', 'destruction'] }],
    ['initiators', 'FI', { initiators: [{ country: 'FI', sponsor: 'unknown' }] }],
    ['receivers', 'IS,NO', { receivers: [{ country: 'IS' }, { country: 'NO' }] }],
  ])('of %s to "%s" keeps what the source said', (field, now, expected) => {
    const made = correct(incident, change(field, now));
    if (!made.ok) throw new Error(made.reason);
    const applied = applyCorrection(incident, made.value);
    expect(applied).toMatchObject({ ok: true, value: expected });
    if (applied.ok) expect(applied.value.corrections.at(-1)).toEqual(made.value);
  });

  it.each([
    ['occurred', '2014-02-31', 'bad-value'],
    ['severity', 'grave', 'bad-value'],
    ['kinds', 'magic', 'bad-value'],
    ['receivers', 'Atlantis', 'bad-value'],
    ['class', 'summit', 'unknown-field'],
    ['provenance', 'mine', 'unknown-field'],
    ['title', incident.title, 'unchanged'],
  ])('of %s to "%s" is refused', (field, now, reason) => {
    expect(correct(incident, change(field, now))).toMatchObject({ ok: false, reason });
  });

  it('needs a reason and a name, and an event has no kinds', () => {
    const asked = change('severity', '1');
    expect(correct(incident, { ...asked, reason: ' ' })).toMatchObject({ reason: 'no-reason' });
    expect(correct(incident, { ...asked, by: '' })).toMatchObject({ reason: 'no-person' });
    expect(correct(event, change('kinds', 'doxing'))).toMatchObject({ reason: 'unknown-field' });
  });

  it('is signed over the record, the change and the reason; any other reading does not hold', () => {
    const { crypto, randomness } = nativePorts;
    const device = generateHybridSigner(crypto, randomness);
    const made = correct(incident, change('severity', '1'));
    if (!made.ok) throw new Error(made.reason);
    const sign = (purpose: string): SignedCorrection => ({
      record: incident.id,
      correction: made.value,
      key: toBase64Url(device.publicKey),
      signature: toBase64Url(
        hybridSign(
          crypto,
          { secretKey: device.secretKey, purpose },
          correctionBytes(incident.id, made.value),
        ),
      ),
    });
    const signed = sign(CORRECTION_PURPOSE);
    expect(isSignedBy(crypto, signed)).toBe(true);
    const other = generateHybridSigner(crypto, randomness).publicKey;
    for (const changed of [
      { ...signed, record: event.id },
      { ...signed, correction: { ...made.value, now: '5' } },
      { ...signed, correction: { ...made.value, reason: 'another' } },
      { ...signed, key: toBase64Url(other) },
      { ...signed, key: '?' },
      { ...signed, signature: '' },
      sign('parley/v1/entry'),
    ])
      expect(isSignedBy(crypto, changed)).toBe(false);
  });
});
