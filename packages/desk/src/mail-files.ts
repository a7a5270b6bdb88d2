// Files of a mail: through the same quarantine as every document, and only their safe copies are written.

import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '@parley/kernel';
import { makeDirectories } from '@parley/kernel/node';
import {
  defaultPolicy,
  describeReport,
  disarm,
  familiesOf,
  quarantine,
  type DisarmReason,
  type Mode,
  type Report,
  WarmOffice,
} from '@parley/disarm';
import { partBytes, type Message } from '@parley/mail';
import { safeName } from './file-name.ts';
import { DeskRefusal } from './refusal.ts';
import { writeWhole } from './whole-file.ts';

/** Files of one mail that are rebuilt; more are counted and left. */
const FILES_MAX = 50;

export type MailFile = {
  /** As its sender called it. */
  readonly name: string;
  /** SHA-256 of the original in hexadecimal: nothing else of it is kept. */
  readonly original: string;
  readonly outcome: 'rebuilt' | 'refused';
  readonly reason: DisarmReason | null;
  readonly path: string | null;
  /** Safe copies of what was inside it. */
  readonly parts: readonly string[];
  /** What was removed or found, in sentences. */
  readonly report: readonly string[];
  /** The same as data; null where nothing was rebuilt. */
  readonly details: Report | null;
};

/**
 * Rebuilds the files of a mail, those inside forwarded mails too, into a folder of their own under `to`. A second run over
 * the same mail writes the same names again, with `force` over the old ones. Throws `file-exists` and the fault
 * `disk-failed`; a file that cannot be rebuilt is an outcome.
 */
export async function rebuildMailFiles(
  message: Message,
  options: {
    readonly to: string;
    readonly mode: Mode;
    readonly force: boolean;
    readonly onFile?: (name: string) => void;
  },
): Promise<{ readonly files: readonly MailFile[]; readonly left: number }> {
  // The mails inside are read through to their files.
  const wanted = message.files.filter(({ type }) => type !== 'message/rfc822');
  const mail = createHash('sha256').update(message.bytes).digest('hex').slice(0, 12);
  const folder = resolve(options.to, mail);
  const policy = { ...defaultPolicy, mode: options.mode };
  const warm = new WarmOffice(policy);
  const files: MailFile[] = [];
  for (const [index, part] of wanted.slice(0, FILES_MAX).entries()) {
    const name = part.fileName === '' ? part.type : part.fileName;
    options.onFile?.(name);
    const original = quarantine(partBytes(part), name);
    // While this file is rebuilt, the engine of the next office file starts.
    warm.plan(familiesOf(wanted[index + 1]?.fileName ?? '').length === 0 ? null : []);
    const result = await disarm(original, policy, { warm });
    const base = { name, original: original.sha256 };
    if (!result.ok) {
      const { reason } = result;
      files.push({
        ...base,
        outcome: 'refused',
        reason,
        path: null,
        parts: [],
        report: [],
        details: null,
      });
      continue;
    }
    const { safe, parts, report } = result.value;
    const path = join(folder, `${index + 1}-${safeName(name, safe.extension)}`);
    await write(path, safe.bytes, options.force);
    const inside: string[] = [];
    for (const [at, inner] of parts.entries()) {
      const place = join(
        `${path}.parts`,
        `${at + 1}-${safeName(inner.name, inner.safe.extension)}`,
      );
      await write(place, inner.safe.bytes, options.force);
      inside.push(place);
    }
    files.push({
      ...base,
      outcome: 'rebuilt',
      reason: null,
      path,
      parts: inside,
      report: describeReport(report),
      details: report,
    });
  }
  warm.close();
  return { files, left: Math.max(0, wanted.length - FILES_MAX) };
}

async function write(path: string, content: Uint8Array, force: boolean): Promise<void> {
  try {
    makeDirectories(dirname(path));
    await writeWhole(path, content, force);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new DeskRefusal('wrong-use', 'file-exists', {
        message: `${path} is there already.`,
        next: 'choose another folder, or --force to write over it',
      });
    throw new Fault('disk-failed', 'A safe copy cannot be written.', {
      cause,
      nextAction: 'choose another folder',
    });
  }
}
