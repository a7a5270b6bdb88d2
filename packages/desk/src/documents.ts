// Documents: the one quarantine. An original comes in sealed, is taken apart in the cage, and only its safe copy is opened.

import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  Fault,
  bytes,
  decode,
  encode,
  fromUtf8,
  isFault,
  list,
  nullable,
  say,
  struct,
  text,
  toHex,
  uint,
  utf8,
  word,
  type Decoded,
} from '@parley/kernel';
import type { Act } from '@parley/channel';
import {
  defaultPolicy,
  describeReport,
  disarm,
  familiesOf,
  policyLine,
  quarantine,
  type Mode,
  type Report,
  WarmOffice,
} from '@parley/disarm';
import type { RelayLog } from '@parley/post';
import { asLeafHash, type BodyOf, type LeafHash } from '@parley/record';
import type { Context } from './context.ts';
import { safeName } from './file-name.ts';
import { todoCollection } from './notices.ts';
import { keepSealed, originalOf } from './originals.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import type { DocumentFacts } from './views.ts';
import { writeWhole } from './whole-file.ts';

type DocumentBody = BodyOf<'document'>;

/** A report lists at most some thousand findings; this is far above it. */
const REPORT_MAX_BYTES = 32 * 1024 * 1024;
/** The policy of disarm allows 200 files inside one, three levels deep; more than this nobody reads. */
const PARTS_MAX = 2000;

const sealedRef = {
  secret: bytes({ exactly: 32 }),
  size: uint(),
  sha256: bytes({ exactly: 32 }),
};

const documentCodec = struct({
  state: word(['not-fetched', 'ready', 'refused']),
  reason: text(200),
  detail: text(2000),
  policy: text(100),
  engine: text(200),
  extension: text(20),
  report: bytes({ max: REPORT_MAX_BYTES }),
  safe: nullable(struct(sealedRef)),
  /** Safe copies of attachments and archive members. */
  parts: list(struct({ ...sealedRef, name: text(1000), extension: text(20) }), PARTS_MAX),
});
type DocumentItem = Decoded<typeof documentCodec>;

const NOT_FETCHED: DocumentItem = {
  state: 'not-fetched',
  reason: '',
  detail: '',
  policy: '',
  engine: '',
  extension: 'pdf',
  report: new Uint8Array(0),
  safe: null,
  parts: [],
};

export type ReportView = { readonly sentences: readonly string[]; readonly details: Report };

export type SafeCopyView = {
  readonly entry: number;
  readonly name: string;
  readonly safeName: string;
  readonly mediaType: string;
  /** SHA-256 in hexadecimal, of the original and of the safe copy. */
  readonly original: string;
  readonly safe: string;
  readonly policy: string;
  readonly engine: string;
  readonly report: ReportView;
  /** The safe copy itself, in memory. */
  readonly content: Uint8Array;
  /** Safe copies of attachments and archive members, under the names that their sender gave them. */
  readonly parts: readonly {
    readonly name: string;
    readonly safeName: string;
    readonly safe: string;
    readonly content: Uint8Array;
  }[];
};
export type OpenedDocument = Omit<SafeCopyView, 'content' | 'safeName' | 'parts'> & {
  readonly path: string;
  readonly parts: readonly {
    readonly name: string;
    readonly path: string;
    readonly safe: string;
  }[];
};

const COLLECTION = 'document';

export class Documents {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  #item(leaf: string): DocumentItem {
    const stored = this.#context.vault.get(COLLECTION, leaf);
    if (stored === undefined) return NOT_FETCHED;
    const item = decode(documentCodec, stored);
    if (item.ok) return item.value;
    throw new Fault('vault-damaged', 'What is known of a document cannot be read from the vault.', {
      nextAction: 'restore the vault from your backup',
    });
  }

  facts(leaf: string, mine: boolean): DocumentFacts {
    const item = this.#item(leaf);
    if (mine) return { state: 'mine', extension: 'pdf' };
    return {
      state: item.state,
      extension: item.extension,
      ...(item.reason === '' ? {} : { reason: item.reason }),
    };
  }

  /**
   * Fetches and disarms one document and answers the entry to make about it; undefined where that was done before. A
   * password is for an encrypted document that was refused without one.
   */
  async make(
    document: { leaf: string; body: DocumentBody },
    log: RelayLog,
    options: {
      /** What the posture of the channel asks for. */
      mode: Mode;
      password?: string | undefined;
      onProgress: (text: string) => void;
    },
  ): Promise<Act | undefined> {
    const before = this.#item(document.leaf);
    if (before.state === 'ready') return undefined;
    if (before.state === 'refused' && options.password === undefined) return undefined;
    const { body, leaf } = document;
    const { safeCopies, ports } = this.#context;
    const { password, mode } = options;
    const policy = { ...defaultPolicy, mode };
    // The engine of an office file starts while its bytes are fetched. It has seen no document.
    const warm = new WarmOffice(policy);
    const rebuild = async (): ReturnType<typeof disarm> => {
      warm.plan([]);
      if (familiesOf(body.name).length > 0) warm.start();
      warm.plan(null);
      const onProgress = options.onProgress;
      const original = quarantine(await originalOf(this.#context, body, { log, onProgress }));
      return disarm(original, policy, { warm, ...(password === undefined ? {} : { password }) });
    };
    const result =
      body.size > defaultPolicy.inputMaxBytes
        ? await keepSealed(this.#context, body, { log, onProgress: options.onProgress })
        : await rebuild().finally(() => warm.close());
    const made: Omit<
      Extract<Act, { kind: 'disarmed' }>,
      'report' | 'policy' | 'engine' | 'outcome' | 'safe'
    > = {
      kind: 'disarmed',
      document: leafOf(leaf),
      original: body.sha256,
    };
    if (!result.ok) {
      const item: DocumentItem = {
        ...NOT_FETCHED,
        state: 'refused',
        reason: result.reason,
        detail: (result.detail ?? '').slice(0, 1000),
      };
      const report = ports.crypto.hash('sha256', utf8(JSON.stringify({ refused: result.reason })));
      const refused: Act = {
        ...made,
        safe: null,
        policy: policyLine(policy),
        engine: 'none',
        report,
        outcome: 'refused',
      };
      return this.#settle(log.id, leaf, item, before.state === 'refused' ? undefined : refused);
    }
    const { safe, parts, report, engine, policy: policyName } = result.value;
    const whole = utf8(JSON.stringify(report));
    // What was found can be longer than anyone reads; then its lists stay behind, and say so.
    const encodedReport =
      whole.length <= REPORT_MAX_BYTES ? whole : utf8(JSON.stringify(shortened(report)));
    const ref = await safeCopies.put(safe.bytes);
    const kept: DocumentItem['parts'][number][] = [];
    for (const part of parts.slice(0, PARTS_MAX)) {
      const { extension, bytes: content } = part.safe;
      kept.push({ ...(await safeCopies.put(content)), name: shortName(part.name), extension });
    }
    const item: DocumentItem = {
      ...NOT_FETCHED,
      state: 'ready',
      policy: policyName.slice(0, 100),
      engine: engine.slice(0, 200),
      extension: safe.extension,
      report: encodedReport,
      safe: ref,
      parts: kept,
    };
    return this.#settle(log.id, leaf, item, {
      ...made,
      safe: ref.sha256,
      policy: item.policy,
      engine: item.engine,
      report: ports.crypto.hash('sha256', encodedReport),
      outcome: 'rebuilt',
    });
  }

  /** What became of a document and the entry that says so: both, or after a crash neither. */
  #settle(
    room: Uint8Array,
    leaf: string,
    item: DocumentItem,
    act: Act | undefined,
  ): Act | undefined {
    const { vault } = this.#context;
    // Two readers of one desk may have rebuilt it at the same time: the first one's word stands.
    if (this.#item(leaf).state === 'ready') return undefined;
    vault.transaction(() => {
      vault.put(COLLECTION, leaf, encode(documentCodec, item));
      vault.remove(todoCollection(room), leaf);
      if (act !== undefined) new Outbox(vault, room).add(act);
    });
    return act;
  }

  /** Why a document was refused, as a refusal; or undefined if it was not. */
  refusal(leaf: string, name: string): DeskRefusal | undefined {
    const item = this.#item(leaf);
    if (item.state !== 'refused') return undefined;
    const encrypted = item.reason === 'encrypted' || item.reason === 'wrong-password';
    return new DeskRefusal('policy', item.reason, {
      message: `"${name}" cannot be rebuilt safe (${item.reason}${item.detail === '' ? '' : `: ${item.detail}`}). It stays in quarantine.`,
      next: encrypted
        ? 'ask the sender for its password and give it with --document-password-file FILE'
        : 'ask the sender for the document in another format',
    });
  }

  /** A document that is ready, with its report. */
  async read(document: { entry: number; leaf: string; body: DocumentBody }): Promise<SafeCopyView> {
    const item = this.#item(document.leaf);
    if (item.safe === null) throw new Error('bug: a ready document has a safe copy');
    const content = await this.#safeCopy(document.leaf, item.safe);
    const parts: SafeCopyView['parts'][number][] = [];
    for (const part of item.parts) {
      parts.push({
        name: part.name,
        safeName: safeName(part.name, part.extension),
        safe: toHex(part.sha256),
        content: await this.#safeCopy(document.leaf, part),
      });
    }
    const { report, mediaType } = this.#reportOf(item);
    return {
      entry: document.entry,
      name: document.body.name,
      safeName: safeName(document.body.name, item.extension),
      mediaType,
      original: toHex(document.body.sha256),
      safe: toHex(item.safe.sha256),
      policy: item.policy,
      engine: item.engine,
      report,
      content,
      parts,
    };
  }

  /** Writes a safe copy to a file of its own; refuses to write over another unless `force` says so. */
  async writeOut(copy: SafeCopyView, to: string, force: boolean): Promise<OpenedDocument> {
    const { content, safeName: _, parts, ...facts } = copy;
    const path = resolve(to);
    const folder = `${path}.parts`;
    const written: OpenedDocument['parts'][number][] = [];
    try {
      await writeWhole(path, content, force);
      if (parts.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const [at, part] of parts.entries()) {
        const partPath = join(folder, `${at + 1}-${part.safeName}`);
        await writeWhole(partPath, part.content, force);
        written.push({ name: part.name, path: partPath, safe: part.safe });
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EEXIST') {
        throw new DeskRefusal('wrong-use', 'file-exists', {
          message: `${path} is there already.`,
          next: 'give another name with --out FILE, or --force to write over it',
        });
      }
      throw new Fault('disk-failed', `The safe copy cannot be written to ${path}.`, {
        cause: error,
        nextAction: 'choose another place with --out FILE',
      });
    }
    return { ...facts, path, parts: written };
  }

  /** A safe copy that was damaged at rest is forgotten, so that the next run makes it again from the original. */
  async #safeCopy(leaf: string, ref: NonNullable<DocumentItem['safe']>): Promise<Uint8Array> {
    try {
      return await this.#context.safeCopies.read(ref);
    } catch (error) {
      if (!isFault(error, 'file-damaged')) throw error;
      this.#context.vault.remove(COLLECTION, leaf);
      throw new Fault('file-damaged', 'The safe copy at rest has been altered or cut short.', {
        cause: error,
        retry: true,
        nextAction: 'run the same command again: it is rebuilt from the original',
      });
    }
  }

  #reportOf(item: DocumentItem): { report: ReportView; mediaType: string } {
    const encoded = fromUtf8(item.report);
    const details = JSON.parse(encoded.ok ? encoded.value : '{}') as Report;
    if (details.version !== 2) {
      throw new DeskRefusal('policy', 'report-of-another-version', {
        message: 'The report beside this safe copy was written by another version of Parley.',
        next: 'ask the sender to send the document again: it is rebuilt, with a report that this version reads',
      });
    }
    return {
      report: { sentences: describeReport(details), details },
      mediaType: MEDIA_TYPES[item.extension] ?? 'application/octet-stream',
    };
  }

  async passwordFrom(file: string | undefined): Promise<string | undefined> {
    if (file === undefined) return undefined;
    const content = await readFile(file).catch((error: unknown) => {
      throw new Fault('password-file', 'The password file cannot be read.', { cause: error });
    });
    return new TextDecoder().decode(content).replace(/\r?\n$/, '');
  }
}

const MEDIA_TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  txt: 'text/plain; charset=utf-8',
};

/** The report without the bulk of its long lists. */
function shortened(report: Report): Report {
  const some = 100;
  return {
    ...report,
    pages: report.pages.slice(0, some),
    removed: report.removed.slice(0, some),
    hidden: report.hidden.slice(0, some),
    links: report.links.slice(0, some),
    remarks: report.remarks.slice(0, some),
    parts: [],
    notes: [...report.notes.slice(0, some), say('report-cut' as const, { count: some })],
  };
}

/** A name from inside an archive, short enough to keep. */
function shortName(name: string): string {
  return Array.from(name.toWellFormed()).slice(0, 200).join('');
}

function leafOf(hex: string): LeafHash {
  return asLeafHash(Uint8Array.from(Buffer.from(hex, 'hex')));
}
