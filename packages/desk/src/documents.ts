// Documents: the one quarantine. An original comes in sealed, is taken apart in the cage, and only its safe copy is opened.

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  Fault,
  bytes,
  decode,
  encode,
  fromUtf8,
  isFault,
  nullable,
  refuse,
  sameBytes,
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
  policyLine,
  quarantine,
  type Mode,
  type Report,
} from '@parley/disarm';
import { fileKey, newFileKey, planBlob, uploadFile, type RelayLog } from '@parley/post';
import { asLeafHash, type BodyOf, type LeafHash } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { entryOfBlob } from './exchange.ts';
import { nameFault } from './file-name.ts';
import { todoCollection } from './notices.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import type { DocumentFacts } from './views.ts';
import { writeWhole } from './whole-file.ts';

type DocumentBody = BodyOf<'document'>;

/** A report lists at most some thousand findings; this is far above it. */
const REPORT_MAX_BYTES = 32 * 1024 * 1024;
const BLOB_LIFE_MS = 365 * 24 * 60 * 60 * 1000;

const uploadCodec = struct({ secret: bytes({ exactly: 32 }), name: text(255) });

const documentCodec = struct({
  state: word(['not-fetched', 'ready', 'refused']),
  reason: text(200),
  detail: text(2000),
  policy: text(100),
  engine: text(200),
  extension: text(20),
  report: bytes({ max: REPORT_MAX_BYTES }),
  safe: nullable(
    struct({ secret: bytes({ exactly: 32 }), size: uint(), sha256: bytes({ exactly: 32 }) }),
  ),
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
};

export type ReportView = { readonly sentences: readonly string[]; readonly details: unknown };

export type OpenedDocument = {
  readonly entry: number;
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  /** SHA-256 in hexadecimal, of the original and of the safe copy. */
  readonly original: string;
  readonly safe: string;
  readonly policy: string;
  readonly engine: string;
  readonly report: ReportView;
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
   * Seals a file, brings it to the relay and queues its entry. Run again after an interruption it goes on with the
   * chunks that are missing: it knows the file by its content and name, so a file that was changed in between starts
   * anew, and one that is on the record already makes no second entry.
   */
  async send(
    card: OpenCard,
    log: RelayLog,
    file: { path: string; as?: string | undefined },
    onProgress: (done: number, total: number) => void,
  ): Promise<{ name: string; size: number; act: Act }> {
    const name = (file.as ?? basename(file.path)).normalize('NFC');
    const fault = nameFault(name);
    if (fault !== undefined) {
      throw new DeskRefusal('policy', 'unsafe-name', {
        message:
          'The name of this file could mislead whoever receives it (path separators, hidden or reserved characters, or too long).',
        next: 'give another name with --as NAME',
        data: { fault },
      });
    }
    const { size, sha256 } = await this.#measure(file.path);
    const { vault, ports } = this.#context;
    const uploadKey = `${toHex(card.room)}:${toHex(sha256)}:${name}`;
    const waiting = this.#queuedTwin(card, name, sha256);
    if (waiting !== undefined) return { name, size, act: waiting };
    const stored = vault.get('upload', uploadKey);
    const known = stored === undefined ? undefined : decode(uploadCodec, stored);
    const key = known?.ok === true ? fileKey(ports.crypto, known.value.secret) : newFileKey(ports);
    vault.put('upload', uploadKey, encode(uploadCodec, { secret: key.secret, name }));
    const uploaded = await uploadFile(log, {
      key,
      size,
      source: createReadStream(file.path, {
        highWaterMark: 1024 * 1024,
      }) as AsyncIterable<Uint8Array>,
      expiresMs: ports.clock.nowMs() + BLOB_LIFE_MS,
      onProgress: ({ chunks, of }) =>
        onProgress(Math.min(size, Math.round((chunks / of) * size)), size),
    });
    if (!uploaded.ok) {
      throw new DeskRefusal('policy', uploaded.reason, {
        message: `The relay does not take this document: ${uploaded.reason}.`,
        next: 'ask its operator for more room, or run the command again to resume',
      });
    }
    if (!sameBytes(uploaded.value.sha256, sha256)) {
      vault.remove('upload', uploadKey);
      throw new Fault(
        'file-changed',
        'The file changed while it was being sent. No entry was made.',
        {
          nextAction: 'send it again when nothing is writing to it',
        },
      );
    }
    const plan = planBlob(size);
    const act: Act = {
      kind: 'document',
      name,
      size,
      sha256,
      mediaType: 'application/octet-stream',
      blob: { id: key.blob, chunks: plan.chunks, key: key.secret, sealedSize: plan.sealedSize },
    };
    if (entryOfBlob(vault, card.room, key.blob) === undefined)
      vault.transaction(() => new Outbox(vault, card.room).add(act));
    return { name, size, act };
  }

  async #measure(path: string): Promise<{ size: number; sha256: Uint8Array }> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      throw new Fault('file-missing', `There is no file ${path}.`, {
        nextAction: 'check the name and the directory',
      });
    }
    planBlob(found.size);
    const hasher = this.#context.ports.crypto.hasher('sha256');
    let size = 0;
    const source = createReadStream(path, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Uint8Array>;
    for await (const piece of source) {
      hasher.update(piece);
      size += piece.length;
    }
    return { size, sha256: hasher.digest() };
  }

  #queuedTwin(card: OpenCard, name: string, sha256: Uint8Array): Act | undefined {
    const queued = new Outbox(this.#context.vault, card.room).all();
    return queued.find(
      ({ act }) => act.kind === 'document' && act.name === name && sameBytes(act.sha256, sha256),
    )?.act;
  }

  /** Brings an original into quarantine, unless it is there. Refuses what is not the announced file. */
  async #fetch(
    body: DocumentBody,
    log: RelayLog,
    onProgress: (text: string) => void,
  ): Promise<void> {
    const { originals, ports } = this.#context;
    const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
    const key = fileKey(ports.crypto, body.blob.key);
    if (!sameBytes(key.blob, body.blob.id))
      this.#notTheFile('its key is not the key of the blob it names');
    const plan = planBlob(body.size);
    if (plan.chunks !== body.blob.chunks || plan.sealedSize !== body.blob.sealedSize)
      this.#notTheFile('its size is not the size of the blob it names');
    if (await originals.has(ref)) return;
    const fetched = await originals.fetch(
      ref,
      async (n) => {
        const chunk = await log.getChunk(key.blob, { number: n, waitMs: 10_000 });
        if (chunk.ok) return chunk.value;
        throw new DeskRefusal('waiting', 'document-not-there', {
          message: `The relay does not have the whole document (${chunk.reason}).`,
          next: 'ask the sender to run "parley sync", or to send it again',
        });
      },
      (done, total) => onProgress(`fetching: ${done} of ${total} chunks`),
    );
    if (!fetched.ok) {
      await originals.remove(ref);
      this.#notTheFile(
        fetched.reason === 'wrong-file'
          ? 'its hash is not the announced one'
          : 'a chunk does not open',
      );
    }
  }

  #notTheFile(why: string): never {
    throw new DeskRefusal('tampering', 'wrong-document', {
      message: `What the relay holds is not the document that was announced: ${why}.`,
      next: 'ask the sender whether they sent it; the entry in the record proves what they announced',
    });
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
    const result =
      body.size > defaultPolicy.inputMaxBytes
        ? refuse('too-large', { detail: `${body.size} bytes; it was not fetched` })
        : await disarm(
            quarantine(await this.#original(body, log, options.onProgress)),
            policy,
            password === undefined ? {} : { password },
          );
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
    const { safe, report, engine, policy: policyName } = result.value;
    const encodedReport = utf8(JSON.stringify(report));
    const ref = await safeCopies.put(safe.bytes);
    const item: DocumentItem = {
      ...NOT_FETCHED,
      state: 'ready',
      policy: policyName.slice(0, 100),
      engine: engine.slice(0, 200),
      extension: safe.extension,
      report: encodedReport,
      safe: ref,
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
    vault.transaction(() => {
      vault.put(COLLECTION, leaf, encode(documentCodec, item));
      vault.remove(todoCollection(room), leaf);
      if (act !== undefined) new Outbox(vault, room).add(act);
    });
    return act;
  }

  /** The bytes as they came, from quarantine; fetched again where the file at rest was damaged. */
  async #original(
    body: DocumentBody,
    log: RelayLog,
    onProgress: (text: string) => void,
  ): Promise<Uint8Array> {
    const { originals } = this.#context;
    const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
    await this.#fetch(body, log, onProgress);
    onProgress(`rebuilding ${body.name}`);
    try {
      return await originals.read(ref);
    } catch (error) {
      if (!isFault(error, 'file-damaged')) throw error;
      await originals.remove(ref);
      await this.#fetch(body, log, onProgress);
      return originals.read(ref);
    }
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

  async writeOut(
    document: { entry: number; leaf: string; body: DocumentBody; path: string },
    force: boolean,
  ): Promise<OpenedDocument> {
    const item = this.#item(document.leaf);
    if (item.safe === null) throw new Error('bug: a ready document has a safe copy');
    const content = await this.#safeCopy(document.leaf, item.safe);
    const path = resolve(document.path);
    try {
      await writeWhole(path, content, force);
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
    const { report, mediaType } = this.#reportOf(item);
    return {
      entry: document.entry,
      name: document.body.name,
      path,
      mediaType,
      original: toHex(document.body.sha256),
      safe: toHex(item.safe.sha256),
      policy: item.policy,
      engine: item.engine,
      report,
    };
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

function leafOf(hex: string): LeafHash {
  return asLeafHash(Uint8Array.from(Buffer.from(hex, 'hex')));
}
