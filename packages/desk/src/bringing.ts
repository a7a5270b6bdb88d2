// Bringing a channel back to a relay that lost it, or to another relay: the sealed envelopes that this desk kept, and the
// documents that it fetched, in the very chunks in which they came.

import { fromHex, sameBytes, toHex, utf8 } from '@parley/kernel';
import { members } from '@parley/channel';
import {
  RelayClient,
  bringBack,
  capabilityId,
  fileKey,
  hasChunk,
  logId,
  planBlob,
  type RestoreState,
} from '@parley/post';
import { Archive } from './archive.ts';
import type { Context, OpenCard } from './context.ts';
import { capabilityOf } from './invitation-box.ts';
import { Ledger } from './ledger.ts';
import { DeskRefusal } from './refusal.ts';
import { keepRelayToken } from './relay-token.ts';
import { readLine } from './views.ts';

const BLOB_LIFE_MS = 365 * 24 * 60 * 60 * 1000;
const DUE = 'bring-documents';

export type Brought = {
  /** 'collecting': the operator has still to end it. 'open': the channel works again. */
  readonly phase: RestoreState['phase'];
  /** Envelopes that are proven to have existed, and the newest of them that nobody has brought yet (0: none). */
  readonly proven: number;
  readonly missing: number;
  readonly documents: number;
};

export type BringOptions = {
  /** Another address of the relay, or another relay. */
  readonly to?: string | undefined;
  /** The key of the relay there, in hexadecimal, where it is not the one of this channel: the person says that it is right. */
  readonly relayKey?: string | undefined;
  readonly onProgress?: (text: string) => void;
};

export class Bringing {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Whether this desk keeps the sealed envelopes of a channel. It does unless it is told not to. */
  keepEnvelopes(name: string, on: boolean): void {
    const { vault, ports } = this.#context;
    new Archive(vault, ports.crypto, this.#context.openCard(name).room).keep(on);
  }

  /** Keeps what the operator of a relay gave to those who may make channels there. */
  useRelayToken(relay: string, token: string): void {
    keepRelayToken(this.#context.vault, relay, token);
  }

  /** Uploads what this desk has of a channel. Run again it goes on. Refusals say who has to act. */
  async bring(name: string, options: BringOptions = {}): Promise<Brought> {
    return bringChannel(this.#context, name, options);
  }
}

async function bringChannel(
  context: Context,
  name: string,
  options: BringOptions,
): Promise<Brought> {
  const { ports, vault } = context;
  const card = context.openCard(name);
  const archive = new Archive(vault, ports.crypto, card.room);
  const relay = options.to ?? card.relay;
  const client = new RelayClient({ url: relay, ports });
  const { relay: relayKey } = await client.facts();
  requireKnownKey(card, { relay, relayKey, confirmed: options.relayKey });
  const { device: own, group } = context.room(card);
  const brought = await bringBack(client, logId(card.room), {
    capability: { id: capabilityId(card.capability.id), key: card.capability.key },
    roster: [
      ...new Map(
        [own, ...members(group).map(({ device }) => device)].map((device) => [
          toHex(device),
          capabilityOf(ports.crypto, card.room, device),
        ]),
      ).values(),
    ],
    archive,
    onProgress: ({ proven, missing }) =>
      options.onProgress?.(
        missing === 0 ? `${proven} envelopes, all there` : `${missing} of ${proven} to bring`,
      ),
  });
  if (!brought.ok) throw refused(card, brought.reason);
  vault.transaction(() => {
    if (card.relay !== relay || !sameBytes(card.relayKey, relayKey))
      context.cards.put({ ...context.openCard(name), relay, relayKey });
    vault.put(DUE, toHex(card.room), utf8('due'));
  });
  const documents =
    brought.value.phase === 'open' ? await bringDocuments(context, context.openCard(name)) : 0;
  return { ...brought.value, documents };
}

function requireKnownKey(
  card: OpenCard,
  found: { relay: string; relayKey: Uint8Array; confirmed: string | undefined },
): void {
  if (sameBytes(card.relayKey, found.relayKey)) return;
  const confirmed = fromHex((found.confirmed ?? '').replaceAll(/[\s:]/g, '').toLowerCase());
  if (confirmed.ok && sameBytes(confirmed.value, found.relayKey)) return;
  throw new DeskRefusal('policy', 'another-relay-key', {
    message: `The relay at ${found.relay} has another key than the relay of this channel.`,
    next: `ask its operator for the key, by a way you trust; if it is this one, run the command again with --relay-key ${toHex(found.relayKey)}`,
    data: { relayKey: toHex(found.relayKey) },
  });
}

function refused(card: OpenCard, reason: string): DeskRefusal {
  const { name } = card;
  if (reason === 'conflict' || reason === 'incomplete') {
    return new DeskRefusal(
      'tampering',
      reason === 'conflict' ? 'relay-rewrote-history' : 'relay-lost-entries',
      {
        message:
          reason === 'conflict'
            ? 'The relay has another history of this channel than the receipt that this desk holds.'
            : 'The relay has less of this channel than the receipt that this desk holds.',
        next: 'tell its operator, who must collect again from the members; and the other side, by another way',
      },
    );
  }
  const known: Record<string, { message: string; next: string }> = {
    'no-such-log': {
      message: 'This relay does not know the channel, and is not being restored.',
      next: 'ask its operator to run: parley relay restore --from-members',
    },
    forbidden: {
      message:
        'The relay does not let this device bring the channel back: it believes none of its receipts, or does not await it.',
      next: `if this desk kept nothing of "${name}", another member has to bring it; otherwise ask the operator`,
    },
  };
  const { message, next } = known[reason] ?? {
    message: `The relay refuses: ${reason}.`,
    next: 'try again later, or ask its operator',
  };
  return new DeskRefusal('policy', `relay-${reason}`, { message, next });
}

/** Whether documents of this channel are to be brought as soon as the relay is open again. */
export const documentsDue = (context: Context, card: OpenCard): boolean =>
  context.vault.get(DUE, toHex(card.room)) !== undefined;

/** Uploads the originals that this desk holds and the relay lacks. What it does not hold, others have to bring. */
export async function bringDocuments(context: Context, card: OpenCard): Promise<number> {
  const { ports, vault, originals } = context;
  const log = context.log(card);
  const { transcript } = context.room(card);
  let brought = 0;
  for (const line of new Ledger(vault, card.room).from(0)) {
    const read = readLine(ports.crypto, transcript, line);
    if (read?.body?.kind !== 'document') continue;
    const { blob, size, sha256 } = read.body;
    const ref = { secret: blob.key, size, sha256 };
    const key = fileKey(ports.crypto, blob.key);
    if (!sameBytes(key.blob, blob.id) || !(await originals.has(ref))) continue;
    const state = await log.blobState(key.blob);
    if (state.ok && state.value.finished) continue;
    const plan = planBlob(size);
    const declared = await log.declareBlob(key, {
      chunks: plan.chunks,
      size: plan.sealedSize,
      expiresMs: ports.clock.nowMs() + BLOB_LIFE_MS,
    });
    if (!declared.ok) continue;
    let number = 0;
    for await (const sealed of originals.sealedChunks(ref)) {
      if (!hasChunk(declared.value.have, number)) await log.putChunk(key.blob, { number, sealed });
      number++;
    }
    if ((await log.finishBlob(key.blob)).ok) brought++;
  }
  vault.remove(DUE, toHex(card.room));
  return brought;
}
