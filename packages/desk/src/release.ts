// Two people release a document where the posture asks for it: one sends it, a colleague who holds the same file says yes.
// Until then it stays sealed in the outbox: nothing of it is announced, and no key leaves this desk.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault, concat, sameBytes, toHex, utf8, type Crypto } from '@parley/kernel';
import type { Act } from '@parley/channel';
import type { Context, OpenCard } from './context.ts';
import { Outbox } from './outbox.ts';
import { leafBytes, rulesOf } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { statements } from './statements.ts';
import type { Sent, Traffic } from './traffic.ts';

type Document = Extract<Act, { kind: 'document' }>;

export type AskedRelease = {
  readonly entry: number;
  readonly by: string;
  readonly askedMs: number;
  /** Whether this desk's member asked. */
  readonly mine: boolean;
  /** Who released it, or null. */
  readonly releasedBy: string | null;
};

/** What a release is about: this room, this name, these bytes. */
function commitmentOf(
  crypto: Crypto,
  room: Uint8Array,
  file: { name: string; sha256: Uint8Array },
): Uint8Array {
  const name = crypto.hash('sha256', utf8(file.name));
  return crypto.hash('sha256', concat(utf8('parley/v1/release\0'), room, name, file.sha256));
}

/** Whether a document from here to this room needs a second person: not in a room of our own party alone. */
function needsTwo(context: Context, card: OpenCard): boolean {
  const { transcript } = context.room(card);
  return transcript.parties.size > 1 && rulesOf(context, card).rules.releaseApprovals > 1;
}

function ownMember(context: Context, card: OpenCard): string {
  const { devices } = context.room(card).transcript;
  const own = devices.get(toHex(context.identity.deviceId));
  return own?.member ?? context.identity.certified.member;
}

type Asked = AskedRelease & { readonly leaf: string; readonly commitment: Uint8Array };

function askedIn(context: Context, card: OpenCard): Asked[] {
  const asked: Asked[] = [];
  const me = ownMember(context, card);
  for (const one of statements(context, card, ['release-asked', 'release-given'])) {
    if (!one.mine) continue;
    if (one.body.kind === 'release-asked') {
      const { entry, member: by, receivedMs: askedMs, leaf } = one;
      const { commitment } = one.body;
      asked.push({ entry, by, askedMs, mine: by === me, releasedBy: null, leaf, commitment });
    } else if (one.body.kind === 'release-given') {
      const given = toHex(one.body.asked);
      const at = asked.findIndex(({ leaf, by }) => leaf === given && by !== one.member);
      const found = asked[at];
      if (found !== undefined) asked[at] = { ...found, releasedBy: one.member };
    }
  }
  return asked;
}

function standing(context: Context, card: OpenCard, document: Document): Asked | undefined {
  const commitment = commitmentOf(context.ports.crypto, card.room, document);
  const same = askedIn(context, card).filter((one) => sameBytes(one.commitment, commitment));
  return (
    same.find(({ mine, releasedBy }) => mine && releasedBy !== null) ??
    same.find(({ mine }) => mine)
  );
}

/** Whether this act waits for a colleague: asked again each time, since the posture may have changed meanwhile. */
export function awaitsRelease(context: Context, card: OpenCard, act: Act): boolean {
  if (act.kind !== 'document' || !needsTwo(context, card)) return false;
  return standing(context, card, act)?.releasedBy == null;
}

/** What is to be said before this act may go out. Refuses where there is no colleague who could release it. */
export function releaseAsks(context: Context, card: OpenCard, act: Act): Act[] {
  if (act.kind !== 'document' || !needsTwo(context, card)) return [];
  if (standing(context, card, act) !== undefined) return [];
  const { transcript } = context.room(card);
  const own = toHex(context.ownParty(card));
  const me = ownMember(context, card);
  const colleagues = [...transcript.devices.values()].filter(
    (device) => toHex(device.party) === own && device.removed === null && device.member !== me,
  );
  if (colleagues.length === 0) {
    throw new DeskRefusal('policy', 'nobody-to-release', {
      message: `At posture ${rulesOf(context, card).level} two people release a document, and your party has one member here.`,
      next: 'bring a colleague in (parley party invite), or wait until the posture is lowered',
    });
  }
  const commitment = commitmentOf(context.ports.crypto, card.room, act);
  return [{ kind: 'release-asked', commitment }];
}

export class Releasing {
  readonly #context: Context;
  readonly #traffic: Traffic;

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
  }

  /** What members of our party asked to have released, oldest first. */
  async asked(name: string): Promise<AskedRelease[]> {
    await this.#traffic.exchangeIfReachable(name);
    const card = this.#context.openCard(name);
    return askedIn(this.#context, card).map(({ entry, by, askedMs, mine, releasedBy }) => ({
      entry,
      by,
      askedMs,
      mine,
      releasedBy,
    }));
  }

  /** How many documents of this desk wait for a colleague. */
  waiting(name: string): number {
    const card = this.#context.openCard(name);
    const queued = new Outbox(this.#context.vault, card.room).all();
    return queued.filter(({ act }) => awaitsRelease(this.#context, card, act)).length;
  }

  /** Releases the document that a colleague asked for: by the very file, so that it is known what goes out. */
  async release(
    name: string,
    path: string,
    options: { as?: string | undefined } = {},
  ): Promise<Sent & { by: string; asked: number }> {
    await this.#traffic.exchangeIfReachable(name);
    const card = this.#context.openCard(name);
    const file = {
      name: (options.as ?? basename(path)).normalize('NFC'),
      sha256: await hashOf(this.#context.ports.crypto, path),
    };
    const commitment = commitmentOf(this.#context.ports.crypto, card.room, file);
    const same = askedIn(this.#context, card).filter((one) =>
      sameBytes(one.commitment, commitment),
    );
    const found = same.find(({ mine, releasedBy }) => !mine && releasedBy === null);
    if (found === undefined) {
      const own = same.some(({ mine }) => mine);
      throw new DeskRefusal(own ? 'waiting' : 'policy', own ? 'second-member' : 'not-asked', {
        message: own
          ? 'You asked for this release yourself. A colleague of your party must give it.'
          : same.length > 0
            ? 'This document is released already.'
            : 'Nobody in your party asked to release this file under this name: other bytes, another name, or another channel.',
        next: own
          ? `ask a colleague to run "parley release ${name} FILE" at their desk`
          : 'look at "parley release" without a file; give --as NAME where your copy is named otherwise',
      });
    }
    const sent = await this.#traffic.deliver(name, {
      kind: 'release-given',
      asked: leafBytes(found.leaf),
    });
    return { ...sent, by: found.by, asked: found.entry };
  }
}

async function hashOf(crypto: Crypto, path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new Fault('file-missing', `There is no file ${path}.`, {
      nextAction: 'check the name and the directory',
    });
  }
  const hasher = crypto.hasher('sha256');
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>)
    hasher.update(piece);
  return hasher.digest();
}
