// The record for a third person: the whole of it in one file, or one entry with its proof.

import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, toHex } from '@parley/kernel';
import { checkpointOf } from '@parley/channel';
import { encodeReceipt } from '@parley/post';
import {
  cosignCheckpoint,
  decodeCheckpoint,
  deviceOf,
  entryLeaf,
  exportRecord,
  openEntryProof,
  readHeader,
  type CosignedCheckpoint,
} from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { Ledger, type LedgerLine } from './ledger.ts';
import { entryNumber } from './reading.ts';
import { DeskRefusal } from './refusal.ts';

/** Keys that open something else than the record: an arbiter sees that they were given, and when. */
const ALWAYS_WITHHELD: ReadonlySet<string> = new Set(['mail-day-key']);

export class Exporting {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Writes the record as one file that anyone can verify offline. Bodies of the kinds in `withhold` stay behind, except
   * those that say who may sign.
   */
  async record(
    name: string,
    out: string,
    options: { force?: boolean; withhold?: readonly string[] } = {},
  ): Promise<{ path: string; entries: number; root: string }> {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { transcript } = room;
    const { vault, ports } = this.#context;
    const identity = this.#context.identityIn(room);
    const ledger = new Ledger(vault, card.room);
    const withheld = new Set(options.withhold ?? []);
    const path = resolve(out);
    const partial = `${path}.part`;
    const file = createWriteStream(partial, { flags: 'w', mode: 0o600 });
    try {
      await once(file, 'open');
      if (options.force !== true) await requireAbsent(path);
      const pieces = exportRecord(ports.crypto, entriesOf(ledger, transcript.tree.size), {
        room: transcript.room,
        size: transcript.tree.size,
        root: transcript.root,
        withhold: ({ kind }) => ALWAYS_WITHHELD.has(kind) || withheld.has(kind),
        checkpoints: this.#checkpoints(card),
        receipts: card.receipt === null ? [] : [encodeReceipt(card.receipt)],
        exporter: { device: identity.deviceId, secretKey: identity.signer.secretKey },
      });
      for await (const piece of pieces) if (!file.write(piece)) await once(file, 'drain');
      file.end();
      await once(file, 'finish');
      renameSync(partial, path);
    } catch (error) {
      file.destroy();
      rmSync(partial, { force: true });
      if (error instanceof DeskRefusal) throw error;
      throw new Fault('disk-failed', `The record cannot be written to ${path}.`, {
        cause: error,
        nextAction: 'choose another place, or free some space',
      });
    }
    return { path, entries: transcript.tree.size, root: toHex(transcript.root) };
  }

  /** Writes the proof of one entry: what it says and that the record holds it, without the others. */
  async entry(
    name: string,
    entry: string,
    out: string,
    options: { force?: boolean } = {},
  ): Promise<{ path: string; entry: number; acknowledgedByOther: boolean }> {
    const card = this.#context.openCard(name);
    const { transcript } = this.#context.room(card);
    const { ports, vault } = this.#context;
    const own = this.#context.ownParty(card);
    const ledger = new Ledger(vault, card.room);
    const index = entryNumber(name, entry);
    const line = ledger.at(index);
    const header = line === undefined ? undefined : readHeader(line.entry.signed);
    if (line === undefined || header?.ok !== true || line.entry.opened === null) {
      throw new DeskRefusal('wrong-use', 'no-such-entry', {
        message: `There is no entry ${index} that can be opened in this channel.`,
        next: `look at "parley log ${name}" for the numbers`,
      });
    }
    const author = deviceOf(transcript, header.value.author);
    const others = [...this.#checkpoints(card)].filter(
      ({ checkpoint, cosignatures }) =>
        checkpoint.size > index &&
        cosignatures.some(
          ({ device }) =>
            toHex(deviceOf(transcript, device)?.party ?? own) !== toHex(author?.party ?? own),
        ),
    );
    const cosigned = others.at(-1) ?? this.#cosignNow(card);
    const signers = [header.value.author, ...cosigned.cosignatures.map(({ device }) => device)];
    const certificates = new Map(
      signers.flatMap((id) => {
        const device = deviceOf(transcript, id);
        return device === undefined ? [] : [[toHex(id), device.signed] as const];
      }),
    );
    const proof = openEntryProof(
      ports.crypto,
      { signed: line.entry.signed, opened: line.entry.opened },
      {
        index,
        leaves: (n) => {
          const at = ledger.at(n);
          if (at === undefined) throw new Error(`bug: entry ${n} is in the ledger`);
          return entryLeaf(ports.crypto, at.entry.signed);
        },
        checkpoint: cosigned,
        certificates: [...certificates.values()],
      },
    );
    const path = resolve(out);
    if (options.force !== true) await requireAbsent(path);
    await writeFile(path, proof, { mode: 0o600 });
    return { path, entry: index, acknowledgedByOther: others.length > 0 };
  }

  #cosignNow(card: OpenCard): CosignedCheckpoint {
    const { ports } = this.#context;
    const room = this.#context.room(card);
    const identity = this.#context.identityIn(room);
    const checkpoint = checkpointOf(room);
    const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
      device: identity.deviceId,
      publicKey: identity.signer.publicKey,
      secretKey: identity.signer.secretKey,
      timeMs: ports.clock.nowMs(),
    });
    return { checkpoint, cosignatures: [cosignature] };
  }

  *#checkpoints(card: OpenCard): Generator<CosignedCheckpoint> {
    for (const { value } of this.#context.vault.lines(`checkpoints:${toHex(card.room)}`)) {
      const checkpoint = decodeCheckpoint(value);
      if (checkpoint.ok) yield checkpoint.value;
    }
  }
}

/** The entries that were there when the export began, whatever comes in meanwhile. */
function* entriesOf(ledger: Ledger, size: number): Generator<LedgerLine['entry']> {
  for (const { index, entry } of ledger.from(0)) {
    if (index >= size) return;
    yield entry;
  }
}

async function requireAbsent(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  throw new DeskRefusal('wrong-use', 'file-exists', {
    message: `${path} is there already.`,
    next: 'give another name, or --force to write over it',
  });
}
