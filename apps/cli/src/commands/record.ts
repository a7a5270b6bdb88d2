// `parley record export` and `parley record verify`: the record for a third person, and the check that needs nobody.

import { createReadStream, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Fault } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  copyDoubtSentence,
  recordPage,
  verifyFile,
  verifyRestart,
  type EntryProofReport,
  type FileVerdict,
  type RecordReport,
  type ShownEntry,
} from '@parley/record';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, terminalLocale, type Shell } from '../shell.ts';
import { groupedFingerprint, plural, utcTime } from '../words.ts';

function registerExport(record: Command, shell: Shell): void {
  record
    .command('export')
    .description('write the record of a channel into one file that anyone can verify offline')
    .argument('<channel>')
    .requiredOption('-o, --out <file>', 'where to write it')
    .option('--force', 'write over an existing file')
    .option(
      '--withhold <kinds...>',
      'leave out what entries of these kinds say, e.g. text document',
    )
    .action(
      async (name: string, options: { out: string; force?: boolean; withhold?: string[] }) => {
        await atDesk(shell, async (desk) => {
          const made = await desk.exportRecord(name, options.out, {
            force: options.force === true,
            withhold: options.withhold ?? [],
          });
          shell.line(
            `${plural(made.entries, 'entry', 'entries')} written to ${printable(made.path)}`,
          );
          shell.line(`  root  ${made.root}`);
          shell.line('Whoever has the file can check it: parley record verify FILE');
          shell.result({ ok: true, ...made });
        });
      },
    );
}

function showRecord(shell: Shell, report: RecordReport): void {
  shell.line(
    `The record holds: "${printable(report.name)}", ${plural(report.size, 'entry', 'entries')}`,
  );
  shell.line(`  root   ${report.root}`);
  if (report.firstMs !== null && report.lastMs !== null) {
    shell.line(
      `  times  ${utcTime(report.firstMs)} to ${utcTime(report.lastMs)} (as their authors claim)`,
    );
  }
  const kinds = Object.entries(report.kinds).map(([kind, count]) => `${count} ${kind}`);
  shell.line(`  kinds  ${kinds.join(', ')}`);
  if (report.withheld > 0)
    shell.line(`  ${plural(report.withheld, 'body', 'bodies')} withheld by whoever exported it`);
  for (const party of report.parties) {
    const { verified, name, fingerprint, acknowledged } = party;
    shell.line(
      `  ${printable(name)}  ${verified ? 'verified' : 'not verified'}  ${groupedFingerprint(fingerprint)}`,
    );
    shell.line(`    signed that it had seen ${plural(acknowledged, 'entry', 'entries')}`);
    for (const former of party.formerly) {
      shell.line(`    its authority was before  ${groupedFingerprint(former)}`);
    }
    for (const { by, how, at } of party.verifications) {
      if (how !== 'mismatch') continue;
      const accuser = report.parties.find((one) => one.fingerprint === by);
      shell.line(
        `    MISMATCH: ${printable(accuser?.name ?? 'a party')} says in entry ${at} that somebody stands in between`,
      );
    }
    if (party.awaitsVerification) {
      shell.line('    it changed its authority, and nobody has verified it since');
    }
    for (const device of party.devices) {
      const removed = device.removed === null ? '' : `, removed at entry ${device.removed.at}`;
      const suspended =
        device.suspended === null ? '' : `, suspended at entry ${device.suspended.at}`;
      shell.line(
        `    ${printable(device.member)} (${printable(device.label)}): ${plural(device.entries, 'entry', 'entries')}, ${device.role}${suspended}${removed}`,
      );
    }
  }
  shell.line(
    `  ${plural(report.checkpoints.length, 'checkpoint')} cosigned, ${plural(report.receipts.length, 'relay receipt')}`,
  );
  if (report.timesBackwards > 0) {
    shell.line(
      `  ${plural(report.timesBackwards, 'entry claims', 'entries claim')} an earlier time than the one before: some clock was wrong`,
    );
  }
  for (const doubt of report.copyDoubts) shell.line(`  WARNING: ${copyDoubtSentence(doubt)}`);
  shell.line(
    'Every signature, hash and chain was checked. The record may end early: compare size and root with the other side.',
  );
}

function showProof(shell: Shell, proof: EntryProofReport): void {
  const { author, index, size, header } = proof;
  shell.line(`The proof holds: entry ${index} of a record of ${plural(size, 'entry', 'entries')}`);
  shell.line(
    `  signed by  ${printable(author.partyName)} / ${printable(author.member)} (${printable(author.label)})`,
  );
  shell.line(`             ${groupedFingerprint(author.party)}`);
  shell.line(`  says       ${header.kind}, ${utcTime(header.timeMs)} (as its author claims)`);
  if (proof.body.kind === 'text') shell.line(`  text       ${printable(proof.body.text)}`);
  if (proof.body.kind === 'document') {
    shell.line(
      `  document   ${printable(proof.body.name)}, sha256 ${Buffer.from(proof.body.sha256).toString('hex')}`,
    );
  }
  for (const cosigner of proof.cosigners) {
    shell.line(
      `  cosigned   ${printable(cosigner.partyName)} / ${printable(cosigner.member)}, ${utcTime(cosigner.timeMs)}`,
    );
  }
  shell.line(
    proof.acknowledgedByOther
      ? 'Another party signed that the record holds this entry.'
      : 'Only the party of its author signed that the record holds this entry.',
  );
}

function registerEntry(record: Command, shell: Shell): void {
  record
    .command('entry')
    .description('write the proof of ONE entry, for an arbiter who shall not see the others')
    .argument('<channel>')
    .argument('<entry>', 'its number')
    .requiredOption('-o, --out <file>', 'where to write it')
    .option('--force', 'write over an existing file')
    .action(async (name: string, entry: string, options: { out: string; force?: boolean }) => {
      await atDesk(shell, async (desk) => {
        const made = await desk.exportEntry(name, entry, options.out, {
          force: options.force === true,
        });
        shell.line(`The proof of entry ${made.entry} is in ${printable(made.path)}`);
        if (!made.acknowledgedByOther) {
          shell.note(
            'Only your own party cosigned it so far: after the next key change of the other side it is stronger.',
          );
        }
        shell.result({ ok: true, ...made });
      });
    });
}

/** How many entries of the earlier record a restarted one goes on from. */
function linked({ kind, verdict }: FileVerdict): number | null {
  return kind === 'record' && verdict.ok ? (verdict.value.terms.earlier?.size ?? null) : null;
}

function showLink(shell: Shell, later: RecordReport, earlier: RecordReport | undefined): void {
  const from = later.terms.earlier;
  if (from === null) return;
  shell.line(
    `The channel was restarted here, after the first ${plural(from.size, 'entry', 'entries')} of room ${from.room.slice(0, 16)}.`,
  );
  shell.line(
    earlier === undefined
      ? 'To check that too: parley record verify FILE --earlier EARLIER-FILE'
      : `The earlier record holds, and has exactly these: ${plural(earlier.size, 'entry', 'entries')} in all.`,
  );
}

function answer(
  shell: Shell,
  result: FileVerdict,
  entries: readonly unknown[],
  earlier: RecordReport | undefined,
): void {
  const { kind, verdict } = result;
  if (kind === 'unknown') {
    throw new Stop(
      5,
      verdict.reason,
      'This is no record, no evidence and no proof of an entry; or its first bytes were changed.',
      'ask for the file again and compare its sha256',
    );
  }
  if (!verdict.ok) {
    const at = verdict.at === undefined ? '' : ` at entry ${verdict.at}`;
    throw new Stop(
      5,
      verdict.reason,
      `The ${kind === 'record' ? 'record' : 'file'} does not hold${at}: ${printable(verdict.detail ?? verdict.reason)}.`,
      kind === 'record'
        ? 'everything before that entry was checked and holds; ask whoever gave you the file for another copy'
        : 'it proves nothing: ask whoever gave you the file for another copy',
      { kind, reason: verdict.reason, at: verdict.at ?? null, firstBad: verdict.at ?? null },
    );
  }
  if (result.kind === 'evidence' && result.verdict.ok) {
    for (const sentence of result.verdict.value.sentences) shell.line(printable(sentence));
    const report = result.verdict.value;
    throw new Stop(
      5,
      `evidence-of-${report.kind}`,
      'The evidence holds: two signed statements that cannot both be true.',
      undefined,
      {
        kind,
        evidence: report,
      },
    );
  }
  if (result.kind === 'record' && result.verdict.ok) showRecord(shell, result.verdict.value);
  if (result.kind === 'record' && result.verdict.ok) showLink(shell, result.verdict.value, earlier);
  if (result.kind === 'entry-proof' && result.verdict.ok) showProof(shell, result.verdict.value);
  shell.result({
    ok: true,
    kind,
    report: verdict.value,
    ...(entries.length === 0 ? {} : { entries }),
    ...(earlier === undefined ? {} : { earlier: { room: earlier.room, size: linked(result) } }),
  });
}

/** The earlier record, where the link to it holds. */
async function followed(later: FileVerdict, file: string): Promise<RecordReport | undefined> {
  // What is wrong with the file itself is said first.
  if (later.kind !== 'record' || !later.verdict.ok) return undefined;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Fault('file-missing', `There is no file ${printable(file)}.`, {
      nextAction: 'check its name',
    });
  }
  const source = createReadStream(file) as AsyncIterable<Uint8Array>;
  const link = await verifyRestart(nativeCrypto, later.verdict.value, source);
  if (link.ok) return link.value;
  throw new Stop(
    5,
    link.reason,
    `The two records are not joined: ${printable(link.detail ?? link.reason)}.`,
    'give the record of the room that the later one names: its export from before the restart',
    { reason: link.reason, at: link.at ?? null },
  );
}

function registerVerify(record: Command, shell: Shell): void {
  record
    .command('verify')
    .description(
      'check a record, a proof of one entry or evidence; needs no vault, no network, no relay',
    )
    .argument('<file>')
    .option('--entries', 'with --json: list every entry')
    .option(
      '--earlier <file>',
      'of a channel that was restarted: the earlier record, which this one goes on from',
    )
    .option('--page <file>', 'also write the record as one self-contained HTML page')
    .action(
      async (file: string, options: { entries?: boolean; page?: string; earlier?: string }) => {
        const found = statSync(file, { throwIfNoEntry: false });
        if (found?.isFile() !== true) {
          throw new Fault('file-missing', `There is no file ${printable(file)}.`, {
            nextAction: 'check its name',
          });
        }
        const shown: ShownEntry[] = [];
        const keep = options.entries === true || options.page !== undefined;
        let read = 0;
        const source = createReadStream(file, {
          highWaterMark: 1024 * 1024,
        }) as AsyncIterable<Uint8Array>;
        const result = await verifyFile(nativeCrypto, source, {
          onEntry: (entry) => {
            read++;
            if (read % 500 === 0) shell.progress(`${read} entries hold`);
            if (keep) shown.push(entry);
          },
        });
        if (options.page !== undefined && result.kind === 'record' && result.verdict.ok) {
          const { recordWordsIn } = await import('@parley/web/pages');
          const words = await recordWordsIn(terminalLocale());
          await writeFile(options.page, recordPage(result.verdict.value, shown, words));
          shell.note(`The page is in ${printable(options.page)}.`);
        }
        const listed = options.entries === true ? shown.map(plainEntry) : [];
        const earlier =
          options.earlier === undefined ? undefined : await followed(result, options.earlier);
        answer(shell, result, listed, earlier);
      },
    );
}

function plainEntry(entry: ShownEntry): Record<string, unknown> {
  const { index, header, author, body } = entry;
  return {
    entry: index,
    kind: header.kind,
    timeMs: header.timeMs,
    zone: header.zone,
    party: author.certificate.party,
    member: author.certificate.member,
    device: author.certificate.label,
    withheld: body === null,
    ...(body?.kind === 'text' ? { text: body.text } : {}),
    ...(body?.kind === 'document'
      ? {
          document: {
            name: body.name,
            size: body.size,
            sha256: Buffer.from(body.sha256).toString('hex'),
          },
        }
      : {}),
  };
}

export function registerRecord(program: Command, shell: Shell): void {
  const record = program.command('record').description('export the record, and verify one offline');
  registerExport(record, shell);
  registerEntry(record, shell);
  registerVerify(record, shell);
}
