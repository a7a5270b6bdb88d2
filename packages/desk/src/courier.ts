// When the relay cannot be reached: the sealed envelopes go by file, and come in by the same path as from the relay.
//
// What the relay has acknowledged is taken in as it is. One envelope more may be on its way; who can reach the relay brings
// it there for its author. Without a relay it is taken in only between two devices: a third might hold another one.

import { mkdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, accept, concat, sameBytes, toHex, utf8 } from '@parley/kernel';
import { members } from '@parley/channel';
import {
  COURIER_ENVELOPES_MAX,
  COURIER_MAX_BYTES,
  decodeCourier,
  encodeCourier,
  fileKey,
  isAway,
  logId,
  type Courier as Bundle,
  type CourierBundle,
  type LogPage,
  type RelayLog,
} from '@parley/post';
import { Archive } from './archive.ts';
import { AHEAD } from './courier-ahead.ts';
import type { Context, OpenCard } from './context.ts';
import type { Exchanged } from './exchange.ts';
import { Ledger } from './ledger.ts';
import { Outbox } from './outbox.ts';
import { rulesOf } from './posture-record.ts';
import { awaitsRelease } from './release-record.ts';
import { DeskRefusal } from './refusal.ts';
import { isRoomName } from './room-name.ts';
import type { Traffic } from './traffic.ts';
import { readLine } from './views.ts';
import { writeWhole } from './whole-file.ts';

/** Envelopes that a bundle holds at most, in bytes; the rest of its size is for documents. */
const ENVELOPES_MAX_BYTES = 24 * 1024 * 1024;
const BLOBS_MAX_BYTES = 64 * 1024 * 1024;

/** When a bundle was last prepared. */
const PREPARED = 'courier-prepared';

export type CourierExport = {
  readonly path: string;
  readonly envelopes: number;
  /** Sealed here and not acknowledged by the relay yet. */
  readonly pending: number;
  readonly documents: number;
};

export type CourierImport = {
  readonly received: number;
  readonly documents: number;
  /** Envelopes that this desk brought to the relay for their author. */
  readonly delivered: number;
  readonly remarks: readonly string[];
};

const away = (): never => {
  throw new Fault('relay-unreachable', 'A courier bundle takes nothing back.', {
    nextAction: 'export a bundle of your own',
  });
};

/** The log as one bundle shows it. The relay's own receipt ends what it acknowledged; what is ahead has none. */
function logOf(
  bundle: Bundle | undefined,
  page: LogPage,
  ahead: boolean,
): Pick<RelayLog, 'read' | 'append'> {
  const known =
    bundle === undefined ? [] : [...bundle.acknowledged, ...(ahead ? bundle.ahead : [])];
  return {
    read: async ({ after }) =>
      accept({ head: page.head, envelopes: known.filter(({ seq }) => seq > after) }),
    append: async () => away(),
  };
}

export class Courier {
  readonly #context: Context;
  readonly #traffic: Traffic;

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
  }

  /** Writes what the other side may lack: the newest envelopes, the one that waits to be sent, and documents that fit. */
  async export(
    name: string,
    path: string,
    options: { force?: boolean; documents?: boolean } = {},
  ): Promise<CourierExport> {
    await this.#traffic.exchangeIfReachable(name);
    await this.#sealNext(name);
    return this.#write(name, path, options);
  }

  /**
   * Writes a bundle beside the vault where the posture asks for one and the last is old: for the day when neither the
   * relay nor, perhaps, this desk can be asked. Answers whether it did.
   */
  async prepare(name: string): Promise<boolean> {
    const { ports, vault, home } = this.#context;
    if (isRoomName(name) || this.#context.card(name).room === null) return false;
    const card = this.#context.openCard(name);
    const hours = rulesOf(this.#context, card).rules.courierBundleHours;
    const key = toHex(card.room);
    const stored = vault.get(PREPARED, key);
    const lastMs = stored === undefined ? 0 : Number(new TextDecoder().decode(stored));
    if (hours === null || ports.clock.nowMs() - lastMs < hours * 3_600_000) return false;
    if (card.receipt === null) return false;
    mkdirSync(join(home, 'courier'), { recursive: true, mode: 0o700 });
    await this.#write(name, join(home, 'courier', `${key.slice(0, 12)}.courier`), { force: true });
    vault.put(PREPARED, key, utf8(String(ports.clock.nowMs())));
    return true;
  }

  async #write(
    name: string,
    path: string,
    options: { force?: boolean; documents?: boolean },
  ): Promise<CourierExport> {
    const { ports, vault } = this.#context;
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const kept = new Archive(vault, ports.crypto, card.room).endingAt(room.seq, {
      maxEnvelopes: COURIER_ENVELOPES_MAX - 1,
      maxBytes: ENVELOPES_MAX_BYTES,
    });
    const { receipt } = card;
    const first = room.seq + 1 - (kept?.envelopes.length ?? 0);
    if (receipt === null || receipt.seq < first - 1) {
      throw new DeskRefusal('policy', 'nothing-kept', {
        message: 'This desk keeps no envelopes of the channel that a relay acknowledged.',
        next: `run "parley sync ${name}" once with the relay, and keep envelopes: parley channel keep`,
      });
    }
    const own = room.pending === null ? [] : [room.pending.envelope];
    const blobs = options.documents === false ? [] : await this.#blobs(card, first);
    const bundle: CourierBundle = {
      log: Uint8Array.from(card.room),
      before: kept?.before ?? room.head,
      first,
      envelopes: [...(kept?.envelopes ?? []), ...own],
      receipt,
      blobs,
    };
    await writeWhole(path, encodeCourier(bundle), options.force === true).catch(taken(path));
    return {
      path,
      envelopes: bundle.envelopes.length,
      pending: room.seq - receipt.seq + own.length,
      documents: blobs.length,
    };
  }

  /** Takes a bundle in. Refuses one of another channel, one that starts too late, and one that tells another history. */
  async import(name: string, path: string): Promise<CourierImport> {
    const bundle = await this.#read(name, path);
    const before = this.#context.room(this.#context.openCard(name)).seq;
    await this.#requireSameHistory(name, bundle);
    const remarks: string[] = [];
    if (bundle.receipt.seq > before) {
      const page = { head: bundle.receipt, envelopes: [] };
      remarks.push(...((await this.#over(name, logOf(bundle, page, false)))?.remarks ?? []));
    }
    const delivered = await this.#deliver(name, bundle);
    if (delivered === undefined) remarks.push(...(await this.#takeAhead(name, bundle)));
    else await this.#traffic.exchangeIfReachable(name);
    const card = this.#context.openCard(name);
    const documents = await this.#takeBlobs(card, bundle.blobs);
    const received = this.#context.room(card).seq - before;
    return { received, documents, delivered: delivered ?? 0, remarks };
  }

  async #over(
    name: string,
    log: ReturnType<typeof logOf>,
    sends = false,
  ): Promise<Exchanged | undefined> {
    try {
      return await this.#traffic.exchangeOver(name, { log, sends });
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  /** Seals the next act that waits, as the relay would be given it: one, since the place after it is not ours to know. */
  async #sealNext(name: string): Promise<void> {
    const card = this.#context.openCard(name);
    const { seq, head } = this.#context.room(card);
    if (card.receipt === null) return;
    const page = { head: { ...card.receipt, seq, head }, envelopes: [] };
    await this.#over(name, logOf(undefined, page, false), true);
  }

  async #read(name: string, path: string): Promise<Bundle> {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      throw new Fault('file-missing', `There is no file ${path}.`, {
        nextAction: 'check the name and the directory',
      });
    }
    const card = this.#context.openCard(name);
    const encoded = found.size > COURIER_MAX_BYTES ? undefined : await readFile(path);
    const bundle =
      encoded === undefined
        ? ({ ok: false, reason: 'too-large' } as const)
        : decodeCourier(this.#context.ports.crypto, encoded, {
            log: logId(card.room),
            relayKey: card.relayKey,
          });
    if (bundle.ok) return bundle.value;
    throw new DeskRefusal('policy', `bundle-${bundle.reason}`, {
      message:
        bundle.reason === 'wrong-log'
          ? `This bundle belongs to another channel than "${name}".`
          : `This file is no courier bundle of the channel: ${bundle.reason}.`,
      next: 'nothing was taken in; ask for the bundle again',
    });
  }

  async #requireSameHistory(name: string, { first, heads }: Bundle): Promise<void> {
    const { seq, head } = this.#context.room(this.#context.openCard(name));
    if (seq < first - 1) {
      throw new DeskRefusal('policy', 'bundle-too-new', {
        message: `This bundle begins at envelope ${first}; this desk has ${seq}.`,
        next: 'ask for an earlier bundle too, and import it first',
      });
    }
    const there = heads[seq - (first - 1)];
    if (there === undefined || sameBytes(there, head)) return;
    throw new DeskRefusal('tampering', 'bundle-another-history', {
      message: 'This bundle tells another history of the channel than the one this desk holds.',
      next: 'nothing was taken in. Keep the file; compare the roots that "parley log" shows, by voice',
    });
  }

  /** Brings what is ahead to the relay. Undefined where the relay cannot be reached. */
  async #deliver(name: string, { ahead }: Bundle): Promise<number | undefined> {
    const log = this.#context.log(this.#context.openCard(name));
    let delivered = 0;
    try {
      const head = await log.head();
      if (!head.ok) return undefined;
      for (const { seq, envelope } of ahead) {
        // Where another envelope stands there, its author seals the act again when it learns of it.
        if (!(await log.append({ expectedSeq: seq, envelope })).ok) break;
        delivered++;
      }
      return delivered;
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  /** Without a relay, between two devices: what the other one sealed for the next place can only stand there. */
  async #takeAhead(name: string, bundle: Bundle): Promise<string[]> {
    const { vault, ports } = this.#context;
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const next = bundle.ahead.filter(({ seq }) => seq > room.seq);
    const [foremost] = next;
    if (foremost === undefined) return [];
    const waits = `${next.length} more of theirs must wait for the relay: `;
    if (members(room.group).length !== 2)
      return [`${waits}a third device may hold another envelope for the same place`];
    const { pending } = room;
    if (pending !== null && !sameBytes(pending.envelope, foremost.envelope))
      return [`${waits}both of you had sealed an envelope for place ${foremost.seq}`];
    const archive = new Archive(vault, ports.crypto, card.room);
    if (!archive.keeps) return [`${waits}this desk keeps no envelopes that it could bring there`];
    const page = { head: { ...bundle.receipt, seq: (next.at(-1)?.seq ?? 0) + 1 }, envelopes: next };
    vault.transaction(() => {
      if (vault.get(AHEAD, toHex(card.room)) === undefined)
        vault.put(AHEAD, toHex(card.room), utf8(String(card.receipt?.seq ?? 0)));
    });
    const done = await this.#over(name, logOf(bundle, page, true));
    return [...(done?.remarks ?? [])];
  }

  /** Sealed chunks of the documents in the entries that a bundle holds, as far as they can be had and fit. */
  async #blobs(card: OpenCard, first: number): Promise<CourierBundle['blobs']> {
    const { vault, ports, originals } = this.#context;
    const { transcript } = this.#context.room(card);
    const log = this.#context.log(card);
    const blobs: CourierBundle['blobs'][number][] = [];
    let left = BLOBS_MAX_BYTES;
    const placed = [...new Ledger(vault, card.room).from(0)].flatMap((line) => {
      const body = line.seq < first ? null : readLine(ports.crypto, transcript, line)?.body;
      return body?.kind === 'document' ? [body] : [];
    });
    // The document of the envelope that waits goes with it.
    const waiting = new Outbox(vault, card.room)
      .all()
      .flatMap(({ act }) =>
        act.kind === 'document' && !awaitsRelease(this.#context, card, act) ? [act] : [],
      );
    for (const { blob, size, sha256 } of [...waiting, ...placed]) {
      if (blob.sealedSize > left) continue;
      const ref = { secret: blob.key, size, sha256 };
      const chunks: Uint8Array[] = [];
      try {
        if (await originals.has(ref)) {
          for await (const sealed of originals.sealedChunks(ref)) chunks.push(concat(...sealed));
        } else {
          for (let number = 0; number < blob.chunks; number++) {
            const chunk = await log.getChunk(fileKey(ports.crypto, blob.key).blob, {
              number,
              waitMs: 0,
            });
            if (chunk.ok) chunks.push(concat(...chunk.value));
          }
        }
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      if (chunks.length !== blob.chunks) continue;
      left -= blob.sealedSize;
      blobs.push({ id: blob.id, chunks });
    }
    return blobs;
  }

  /** Puts documents that came along into quarantine: the one that the relay's chunks go to. Answers how many. */
  async #takeBlobs(card: OpenCard, blobs: CourierBundle['blobs']): Promise<number> {
    const { vault, ports, originals } = this.#context;
    const { transcript } = this.#context.room(card);
    const byId = new Map(blobs.map((blob) => [toHex(blob.id), blob.chunks]));
    let took = 0;
    for (const line of byId.size === 0 ? [] : new Ledger(vault, card.room).from(0)) {
      const body = readLine(ports.crypto, transcript, line)?.body;
      if (body?.kind !== 'document') continue;
      const chunks = byId.get(toHex(fileKey(ports.crypto, body.blob.key).blob));
      const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
      if (chunks === undefined || chunks.length !== body.blob.chunks || (await originals.has(ref)))
        continue;
      const fetched = await originals.fetch(
        ref,
        async (n) => chunks.slice(n, n + 1),
        () => {},
      );
      if (fetched.ok) took++;
      else await originals.remove(ref);
    }
    return took;
  }
}

function taken(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new DeskRefusal('policy', 'file-exists', {
        message: `There is a file ${path} already.`,
        next: 'choose another name, or give --force',
      });
    }
    throw error;
  };
}
