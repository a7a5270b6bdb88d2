// What a member does about releases: look at what colleagues asked for, and give one by the very file.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault, sameBytes, type Crypto } from '@parley/kernel';
import type { Context } from './context.ts';
import { Outbox } from './outbox.ts';
import { leafBytes } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { askedIn, awaitsRelease, commitmentOf, type AskedRelease } from './release-record.ts';
import type { Sent, Traffic } from './traffic.ts';

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
