// The index of statements: what an exchange reads of it does not grow with the record.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import type { EntryOutcome } from '@parley/channel';
import { asDeviceId, asLeafHash } from '@parley/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { notice, statementStream, type StatementKind } from './notices.ts';
import { Vault } from './vault.ts';

let home = '';
let vault: Vault;
const room = new Uint8Array(32).fill(9);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-notices-'));
  vault = Vault.create(nativePorts, { home: join(home, 'v'), passphrase: utf8('correct horse') });
});
afterEach(() => {
  vault.close();
  rmSync(home, { recursive: true, force: true });
});

/** As much of an outcome as the index looks at. */
function said(index: number, device: number, kind: StatementKind): void {
  const author = { id: asDeviceId(new Uint8Array(32).fill(device)) };
  const leaf = asLeafHash(new Uint8Array(32).fill(index));
  const outcome = { index, leaf, own: false, author, body: { kind } };
  notice({ vault, room, nowMs: 1_000 + index }, outcome as unknown as EntryOutcome);
}

const places = (kind: StatementKind): number[] =>
  [...vault.lines(statementStream(room, kind))].map(({ n }) => n);

test('a year of line checks leaves the latest of each device, and what came after the oldest of them', () => {
  vault.transaction(() => {
    for (let hour = 0; hour < 200; hour++) {
      said(4 * hour, 1, 'line-check');
      said(4 * hour + 1, 2, 'line-answer');
      if (hour % 10 === 0) said(4 * hour + 2, 2, 'line-check');
      said(4 * hour + 3, 2, 'opened');
    }
  });
  expect(places('line-check')).toEqual([4 * 190 + 2, 4 * 199]);
  const answers = places('line-answer');
  expect(answers.at(-1)).toBe(4 * 199 + 1);
  expect(answers.length).toBeLessThan(20);
  // Receipts stay: who opened what is asked for entries long past.
  expect(places('opened')).toHaveLength(200);
});

test('a device that asked once and is gone does not keep everything that came after it', () => {
  vault.transaction(() => {
    said(0, 3, 'line-check');
    for (let hour = 1; hour < 140; hour++) {
      said(2 * hour, 1, 'line-check');
      said(2 * hour + 1, 2, 'line-answer');
    }
  });
  expect(places('line-check')).toEqual([0, 2 * 139]);
  expect(places('line-answer').length).toBeLessThan(132);
});
