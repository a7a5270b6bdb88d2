// An original leaves the quarantine as a file, and in no other way: one officer asks, another approves, and all of it is on
// the record of a room of their own party alone. The other side is told nothing.

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault, toHex } from '@parley/kernel';
import { deviceOf, isOfficer, type Body, type BodyOf, type DeviceId } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { originalName } from './file-name.ts';
import { copyOriginal, fetchOriginal } from './originals.ts';
import { requireReason } from './party-acts.ts';
import { leafBytes } from './posture-record.ts';
import { entryNumber, type DocumentEntry, type Reading } from './reading.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf } from './room-name.ts';
import { statements } from './statements.ts';
import type { Sent, Traffic } from './traffic.ts';

/** An approval is for now: after a day by this desk's clock it has to be asked for again. */
const APPROVED_MS = 24 * 60 * 60 * 1000;

/** What an officer is told before a yes. Every screen says it. */
export const ORIGINAL_WARNING =
  'The original is the file as the other side made it. Opening it can hand the machine that opens it, and everything that machine can reach, to whoever made the file. Open it only on a machine that is connected to nothing and erased afterwards.';

export type OriginalRequest = {
  /** Where it was asked: a room of our own party, and the number of the entry there. */
  readonly room: string;
  readonly request: number;
  /** What it is about; null where this desk does not have that document, or another under its number. */
  readonly document: {
    readonly channel: string;
    readonly entry: number;
    readonly name: string;
    readonly size: number;
    readonly sha256: string;
  } | null;
  readonly reason: string;
  readonly by: string;
  readonly askedMs: number;
  /** Whether this desk's member asked. */
  readonly mine: boolean;
  readonly approvedBy: string | null;
  readonly state: 'asked' | 'approved' | 'expired' | 'written';
};

type Request = OriginalRequest & {
  readonly leaf: string;
  readonly card: OpenCard;
  readonly found: DocumentEntry | undefined;
};

export class OriginalRelease {
  readonly #context: Context;
  readonly #reading: Reading;
  readonly #traffic: Traffic;

  constructor(context: Context, reading: Reading, traffic: Traffic) {
    this.#context = context;
    this.#reading = reading;
    this.#traffic = traffic;
  }

  /** What was asked for in the rooms of our own party in a channel, oldest first. */
  requests(name: string): OriginalRequest[] {
    return this.#caucuses(name).flatMap((card) =>
      this.#requestsIn(card).map((request) => viewOf(request)),
    );
  }

  /** Asks for the original of a document that came in. Refuses where there is no room to ask in, or nobody to approve. */
  async ask(name: string, entry: string, reason: string): Promise<Sent & { askedIn: string }> {
    const card = this.#context.openCard(name);
    const document = this.#reading.documentAt(card, entryNumber(name, entry));
    requireReason(reason);
    if (document.mine) {
      throw new DeskRefusal('wrong-use', 'own-document', {
        message: 'You sent this document: you have the original.',
        next: 'only documents from others are kept in quarantine',
      });
    }
    const [channel] = name.split('/', 1);
    const caucuses = this.#caucuses(name);
    const own = this.#requireOfficer(this.#context.plenaryOf(card));
    const room = caucuses.find((one) => this.#officersIn(one).some((other) => other !== own));
    if (room === undefined) {
      throw new DeskRefusal('policy', caucuses.length === 0 ? 'no-own-room' : 'second-officer', {
        message:
          caucuses.length === 0
            ? 'An original is asked for in a room of your own party alone, and there is none in this channel.'
            : 'Two officers let an original out, and no other officer of your party is in a room of your own here.',
        next:
          caucuses.length === 0
            ? `parley room new ${channel} NAME --caucus`
            : 'bring a second officer in: parley party invite --officer',
      });
    }
    const sent = await this.#traffic.deliver(room.name, {
      kind: 'original-asked',
      room: card.room as BodyOf<'original-asked'>['room'],
      entry: document.entry,
      document: leafBytes(document.leaf),
      sha256: document.body.sha256,
      reason,
    });
    return { ...sent, askedIn: room.name };
  }

  /** The second officer's yes, to a request by another member about a document that this desk holds as well. */
  async approve(room: string, request: string): Promise<Sent> {
    await this.#traffic.exchangeIfReachable(room);
    const asked = this.#requestAt(room, request);
    const own = this.#requireOfficer(this.#context.plenaryOf(asked.card));
    if (asked.by === own) {
      throw new DeskRefusal('waiting', 'second-officer', {
        message: 'You asked for this yourself. Another officer of your party approves it.',
        next: `ask a fellow officer to run "parley original approve ${room} ${asked.request}"`,
      });
    }
    if (asked.state !== 'asked' && asked.state !== 'expired') throw settled(asked);
    if (asked.document === null) {
      throw new DeskRefusal('policy', 'not-the-document', {
        message:
          'This desk does not have the document that is asked for, or has another one under that number.',
        next: 'run "parley sync", and ask your colleague which document is meant',
      });
    }
    return this.#traffic.deliver(room, {
      kind: 'original-approved',
      asked: leafBytes(asked.leaf),
    });
  }

  /**
   * Writes the original into a directory, under a name that nothing opens. The record says so first, and that uses the
   * approval up. Refuses who did not ask, an approval that is a day old, and a file that is there already.
   */
  async write(
    room: string,
    request: string,
    to: { folder: string; onProgress?: (text: string) => void },
  ): Promise<{ path: string; sha256: string; approvedBy: string }> {
    // What the record will say must reach the relay: without it nothing is written.
    await this.#traffic.exchange(room);
    const asked = this.#requestAt(room, request);
    const own = this.#requireOfficer(this.#context.plenaryOf(asked.card));
    if (asked.by !== own) {
      throw new DeskRefusal('policy', 'not-yours', {
        message: `${asked.by} asked for this original, and at that desk it is written.`,
        next: 'ask for it yourself: parley original ask',
      });
    }
    const { approvedBy, found, document } = asked;
    if (asked.state !== 'approved') throw asked.state === 'asked' ? waiting(asked) : settled(asked);
    if (found === undefined || document === null || approvedBy === null)
      throw new Error('bug: what was approved is a document of this desk');
    const folder = resolve(to.folder);
    const target = await stat(folder).catch(() => undefined);
    if (target?.isDirectory() !== true) {
      throw new DeskRefusal('wrong-use', 'no-such-folder', {
        message: `${folder} is no directory.`,
        next: 'name a directory that is there, best on a medium that you take to another machine',
      });
    }
    const path = join(folder, originalName(document.name, document.sha256));
    const source = this.#context.openCard(document.channel);
    if ((await stat(path).catch(() => undefined)) !== undefined) throw notWritten('EEXIST', path);
    const onProgress = (text: string): void => to.onProgress?.(text);
    await fetchOriginal(this.#context, found.body, { log: this.#context.log(source), onProgress });
    const said: Body = { kind: 'original-written', asked: leafBytes(asked.leaf) };
    const { entry } = await this.#traffic.deliver(room, said);
    if (entry === null) {
      throw new DeskRefusal('waiting', 'not-recorded', {
        message: 'The record could not be told that the original is written, so it was not.',
        next: `when the relay answers again: parley original ask ${document.channel} ${document.entry}`,
      });
    }
    await copyOriginal(this.#context, found.body, path).catch((error: unknown) => {
      throw notWritten(error, path);
    });
    return { path, sha256: document.sha256, approvedBy };
  }

  /** The open rooms of our own party alone in a channel. */
  #caucuses(name: string): OpenCard[] {
    return this.#context
      .openCards()
      .filter((card) => channelOf(card.name) === channelOf(name))
      .filter((card) => this.#context.room(card).transcript.terms.kind === 'caucus');
  }

  #officersIn(card: OpenCard): string[] {
    const here = this.#context.room(card).transcript;
    return [...here.devices.values()]
      .filter(({ id, removed }) => removed === null && this.#isOfficer(card, id))
      .map(({ member }) => member);
  }

  /** Whether the channel knows this device as an officer of our party now. */
  #isOfficer(card: OpenCard, id: DeviceId): boolean {
    const plenary = this.#context.plenaryOf(card);
    const device = deviceOf(this.#context.room(plenary).transcript, id);
    if (device === undefined || !isOfficer(device)) return false;
    return toHex(device.party) === toHex(this.#context.ownParty(plenary));
  }

  /** This desk's member; refuses a desk that is no officer's. */
  #requireOfficer(plenary: OpenCard): string {
    const { device: own, transcript } = this.#context.room(plenary);
    const device = deviceOf(transcript, own);
    if (device !== undefined && this.#isOfficer(plenary, own)) return device.member;
    throw new DeskRefusal('policy', 'not-an-officer', {
      message: 'Only officers of your party ask for originals and approve them.',
      next: 'ask an officer of your party',
    });
  }

  #requestAt(room: string, request: string): Request {
    const entry = entryNumber(room, request);
    const found = this.#requestsIn(this.#context.openCard(room)).find(
      (one) => one.request === entry,
    );
    if (found !== undefined) return found;
    throw new DeskRefusal('wrong-use', 'no-such-request', {
      message: `Entry ${entry} of "${room}" asks for no original.`,
      next: `look at "parley original list ${channelOf(room)}"`,
    });
  }

  #requestsIn(card: OpenCard): Request[] {
    const requests: Request[] = [];
    const nowMs = this.#context.ports.clock.nowMs();
    const { device: own, transcript } = this.#context.room(card);
    const me = deviceOf(transcript, own);
    const kinds = ['original-asked', 'original-approved', 'original-written'] as const;
    for (const one of statements(this.#context, card, kinds)) {
      const { body, member: by, receivedMs, leaf, entry: request } = one;
      if (!this.#isOfficer(card, Buffer.from(one.deviceId, 'hex') as Uint8Array as DeviceId))
        continue;
      if (body.kind === 'original-asked') {
        requests.push({
          room: card.name,
          request,
          ...this.#documentOf(body),
          reason: body.reason,
          by,
          askedMs: receivedMs,
          mine: by === me?.member,
          approvedBy: null,
          state: 'asked',
          leaf,
          card,
        });
        continue;
      }
      if (body.kind !== 'original-approved' && body.kind !== 'original-written') continue;
      const at = requests.findIndex((asked) => asked.leaf === toHex(body.asked));
      const asked = requests[at];
      if (asked === undefined) continue;
      if (body.kind === 'original-approved') {
        if (by === asked.by || asked.state === 'written') continue;
        const state = nowMs - receivedMs > APPROVED_MS ? 'expired' : 'approved';
        requests[at] = { ...asked, approvedBy: by, state };
      } else if (body.kind === 'original-written' && by === asked.by) {
        requests[at] = { ...asked, state: 'written' };
      }
    }
    return requests;
  }

  /** The document that is meant, where this desk holds the very same. */
  #documentOf(body: BodyOf<'original-asked'>): Pick<Request, 'document' | 'found'> {
    const none = { document: null, found: undefined };
    const card = this.#context.openCards().find((one) => toHex(one.room) === toHex(body.room));
    if (card === undefined) return none;
    try {
      const found = this.#reading.documentAt(card, body.entry);
      const { name, size } = found.body;
      const sha256 = toHex(found.body.sha256);
      if (found.leaf !== toHex(body.document) || sha256 !== toHex(body.sha256)) return none;
      return { found, document: { channel: card.name, entry: body.entry, name, size, sha256 } };
    } catch (error) {
      if (error instanceof DeskRefusal) return none;
      throw error;
    }
  }
}

function viewOf(of: Request): OriginalRequest {
  const { room, request, document, reason, by, askedMs, mine, approvedBy, state } = of;
  return { room, request, document, reason, by, askedMs, mine, approvedBy, state };
}

function waiting(asked: Request): DeskRefusal {
  return new DeskRefusal('waiting', 'second-officer', {
    message: 'No second officer has approved this yet. Nothing was written.',
    next: `ask a fellow officer to run "parley original approve ${asked.room} ${asked.request}"`,
  });
}

function settled({ state, room, request }: Request): DeskRefusal {
  const said = {
    asked: 'It waits for a second officer.',
    approved: 'This is approved already.',
    expired: 'The approval is more than a day old and holds no more. Nothing was written.',
    written: 'This original was written already: an approval is for one time.',
  }[state];
  return new DeskRefusal('policy', `original-${state}`, {
    message: said,
    next: {
      asked: `parley original approve ${room} ${request}`,
      approved: 'who asked runs "parley original write" at their desk',
      expired: `ask a fellow officer to run "parley original approve ${room} ${request}" again`,
      written: `ask anew: parley original ask ${channelOf(room)} ENTRY`,
    }[state],
  });
}

function notWritten(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : error;
  if (code === 'EEXIST') {
    return new DeskRefusal('wrong-use', 'file-exists', {
      message: `${path} is there already. Nothing was written.`,
      next: 'name another directory',
    });
  }
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new Fault('disk-failed', `The original cannot be written to ${path}.`, {
    cause: error,
    nextAction:
      'look at the disk and ask for the original anew: the record says that this one was written',
  });
}
