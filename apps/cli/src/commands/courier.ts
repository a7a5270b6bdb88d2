// `parley courier`: the same sealed envelopes by file, for the day when the relay cannot be reached.

import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, type Shell } from '../shell.ts';
import { plural } from '../words.ts';

type ExportFlags = { readonly force?: boolean; readonly documents: boolean };

export function registerCourier(program: Command, shell: Shell): void {
  const courier = program
    .command('courier')
    .description(
      'sealed envelopes by file when the relay cannot be reached: USB stick, disk, paper',
    );
  courier
    .command('export')
    .description('write what the other side may lack; nothing in the file opens it')
    .argument('<channel>')
    .argument('<file>')
    .option('--no-documents', 'envelopes only')
    .option('--force', 'put it in the place of an older file')
    .action(async (name: string, file: string, options: ExportFlags) =>
      atDesk(shell, async (desk) => {
        const made = await desk.courier.export(name, file, options);
        shell.line(
          `Wrote ${printable(made.path)}: ${plural(made.envelopes, 'envelope', 'envelopes')}, ${plural(made.documents, 'document', 'documents')}.`,
        );
        if (made.pending > 0)
          shell.line(
            `  ${made.pending} of them not acknowledged by the relay yet; the next one is sealed when this one is answered`,
          );
        shell.line(
          '  it holds no key and no right to the relay: who finds it sees sizes and numbers',
        );
        shell.result({ ok: true, ...made });
      }),
    );
  courier
    .command('import')
    .description('take in a bundle that another member of the channel exported')
    .argument('<channel>')
    .argument('<file>')
    .action(async (name: string, file: string) =>
      atDesk(shell, async (desk) => {
        const took = await desk.courier.import(name, file);
        shell.line(
          `Took in ${plural(took.received, 'envelope', 'envelopes')} and ${plural(took.documents, 'document', 'documents')}.`,
        );
        if (took.delivered > 0)
          shell.line(
            `  brought ${plural(took.delivered, 'envelope', 'envelopes')} of theirs to the relay`,
          );
        for (const remark of took.remarks) shell.note(printable(remark));
        shell.line(`Next: parley inbox ${printable(name)}`);
        shell.result({ ok: true, ...took });
      }),
    );
}
