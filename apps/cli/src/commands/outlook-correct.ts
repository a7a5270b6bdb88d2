// parley outlook correct | corrections: a person puts a record right, and the device signs it; what the source said stays.

import type { Command } from 'commander';
import { toBase64Url } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  correct,
  CORRECTABLE,
  correctionBytes,
  keyName,
  type SignedCorrection,
} from '@parley/outlook';
import { OutlookStore } from '@parley/outlook/node';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';

type Flags = { readonly reason?: string; readonly person?: string };

async function correctOne(
  shell: Shell,
  asked: { readonly id: string; readonly field: string; readonly now: string },
  flags: Flags,
): Promise<void> {
  const store = new OutlookStore(shell.home());
  const { id, field, now } = asked;
  const record = store.history().find((one) => one.id === id);
  if (record === undefined)
    throw new Stop(
      2,
      'no-such-record',
      `No imported or confirmed record is called "${printable(id)}".`,
      'parley outlook history --json shows the ids',
    );
  const signed = await atDesk(shell, async (desk): Promise<SignedCorrection> => {
    const { member, party } = desk.whoAmI();
    const correction = correct(record, {
      field,
      now,
      reason: flags.reason ?? '',
      by: flags.person ?? `${member}, ${party}`,
      at: new Date().toISOString(),
    });
    if (!correction.ok)
      throw new Stop(
        correction.reason === 'bad-value' ? 3 : 2,
        correction.reason,
        `This record is not corrected like that: ${printable(correction.detail ?? correction.reason)}.`,
        correction.reason === 'no-reason'
          ? 'give --reason TEXT'
          : `fields: ${CORRECTABLE.join(', ')}`,
      );
    const { key, signature } = desk.signCorrection(correctionBytes(id, correction.value));
    return {
      record: id,
      correction: correction.value,
      key: toBase64Url(key),
      signature: toBase64Url(signature),
    };
  });
  store.keepCorrection(signed);
  const { was } = signed.correction;
  shell.line(
    `${printable(id)}: ${field} was "${printable(was)}" and is now "${printable(now)}", signed by this device.`,
  );
  shell.line('What the source said stays readable; correct it again to take it back.');
  shell.result({ ok: true, ...signed });
}

function list(shell: Shell): void {
  const all = new OutlookStore(shell.home()).corrections();
  if (all.length === 0) shell.line('Nothing was corrected.');
  for (const { signed, holds } of all) {
    const { field, was, now, reason, by, at } = signed.correction;
    shell.line(
      printable(
        `${signed.record}: ${field} "${was}" -> "${now}" (${by}, ${at.slice(0, 10)}: ${reason})`,
      ),
    );
    shell.line(
      holds
        ? `  signed by device key ${keyName(nativePorts.crypto, signed.key)}`
        : '  NOT APPLIED: the signature does not fit this line; it was changed after it was signed',
    );
  }
  shell.result({
    ok: all.every(({ holds }) => holds),
    corrections: all.map(({ signed, holds }) => ({ ...signed, holds })),
  });
  if (all.some(({ holds }) => !holds)) process.exitCode = 5;
}

export function registerCorrect(outlook: Command, shell: Shell): void {
  outlook
    .command('correct <record> <field> <value>')
    .description('put a field of an imported record right; signed by this device, the source stays')
    .option('--reason <text>', 'why')
    .option('--person <name>', 'who says so (default: the member of this desk)')
    .action((id: string, field: string, now: string, flags: Flags) =>
      correctOne(shell, { id, field, now }, flags),
    );
  outlook
    .command('corrections')
    .description('what was put right, by whom, and whether each signature holds')
    .action(() => list(shell));
}
