// Moving something from one room to a wider one: first everything that would be disclosed, then, by a separate act, a new
// entry that says it in this member's own name and points to nothing.

import { toHex, utf8 } from '@parley/kernel';
import type { Act } from '@parley/channel';
import { FileOpener, fileKey, newFileKey, planBlob, sealedChunks, uploadFile } from '@parley/post';
import type { BodyOf } from '@parley/record';
import { audienceOf, readerIds, type Audience } from './audience.ts';
import type { Context, OpenCard } from './context.ts';
import { nameFault } from './file-name.ts';
import { taken } from './invitation-box.ts';
import { Ledger } from './ledger.ts';
import { entryNumber } from './reading.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf } from './room-name.ts';
import { requireStanding } from './room-standing.ts';
import { requireThawed, type Sent, type Traffic } from './traffic.ts';
import { readLine } from './views.ts';

const SHOWN = 'disclosure-shown';
const BLOB_LIFE_MS = 365 * 24 * 60 * 60 * 1000;

export type ForwardAsked = {
  /** The room it is in, the number of its entry, and the room it is to go to. */
  readonly from: string;
  readonly entry: string;
  readonly to: string;
  /** For a document: the name the others see. */
  readonly as?: string | undefined;
};

/** All that a forwarding discloses, and to whom. Who said it where, and that there is such a room, is no part of it. */
export type Disclosure = {
  readonly from: string;
  readonly entry: number;
  readonly to: string;
  readonly kind: 'text' | 'document';
  readonly text?: string;
  readonly document?: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly audience: Audience;
  /** Devices that would read it and cannot read it where it is, as "party / member (device)". */
  readonly newReaders: readonly string[];
};

type Planned = {
  readonly disclosure: Disclosure;
  readonly body: BodyOf<'text'> | BodyOf<'document'>;
  readonly source: OpenCard;
  readonly target: OpenCard;
  /** Of the disclosure and of every device that would read it. */
  readonly mark: Uint8Array;
  readonly place: string;
};

/** What would be disclosed. A person who has seen it may confirm exactly that. */
export function discloseFirst(context: Context, asked: ForwardAsked): Disclosure {
  const { disclosure, mark, place } = plan(context, asked);
  context.vault.put(SHOWN, place, mark);
  return disclosure;
}

/** Says it in the other room, if nothing has changed since it was shown. Run again it has to be shown again. */
export async function forward(
  context: Context,
  traffic: Traffic,
  asked: ForwardAsked & { onProgress?: (done: number, total: number) => void },
): Promise<Disclosure & { readonly sent: Sent }> {
  const { disclosure, body, source, target, mark, place } = plan(context, asked);
  const shown = context.vault.get(SHOWN, place);
  if (shown === undefined || toHex(shown) !== toHex(mark)) {
    throw new DeskRefusal('waiting', shown === undefined ? 'not-shown-yet' : 'disclosure-changed', {
      message:
        shown === undefined
          ? 'What would be disclosed was not shown yet. Nothing was sent.'
          : 'What would be disclosed, or who would read it, is not what was shown. Nothing was sent.',
      next: 'run the command without --confirm, and read it',
    });
  }
  requireThawed(target);
  requireStanding(context, target);
  const act: Act =
    body.kind === 'text'
      ? { kind: 'text', text: body.text }
      : await resealed(context, { body, source, target }, asked);
  const sent = await traffic.deliver(target.name, act);
  context.vault.remove(SHOWN, place);
  return { ...disclosure, sent };
}

function plan(context: Context, asked: ForwardAsked): Planned {
  const source = context.openCard(asked.from);
  const target = context.openCard(asked.to);
  if (channelOf(source.name) !== channelOf(target.name) || source.name === target.name) {
    throw new DeskRefusal('wrong-use', 'not-another-room', {
      message: 'Something is forwarded to another room of the same channel.',
      next: `parley room list ${channelOf(source.name)}`,
    });
  }
  const entry = entryNumber(source.name, asked.entry);
  const line = new Ledger(context.vault, source.room).at(entry);
  const { transcript } = context.room(source);
  const body =
    line === undefined ? undefined : readLine(context.ports.crypto, transcript, line)?.body;
  if (body?.kind !== 'text' && body?.kind !== 'document') {
    throw new DeskRefusal('wrong-use', body === undefined ? 'no-such-entry' : 'not-forwarded', {
      message:
        body === undefined
          ? `There is no entry ${entry} in this room.`
          : 'Only messages and documents can be forwarded.',
      next: `look at "parley log ${source.name}" for the numbers`,
    });
  }
  const named = body.kind === 'document' ? { ...body, name: asked.as ?? body.name } : body;
  if (named.kind === 'document' && nameFault(named.name) !== undefined) {
    throw new DeskRefusal('policy', 'unsafe-name', {
      message: 'The name of this document could mislead whoever receives it.',
      next: 'give another name with --as NAME',
    });
  }
  const here = new Set(readerIds(context, source));
  const ids = readerIds(context, target);
  const { devices } = context.room(target).transcript;
  const newReaders = ids
    .filter((id) => !here.has(id))
    .flatMap((id) => {
      const device = devices.get(id);
      return device === undefined
        ? []
        : [`${device.certificate.party} / ${device.member} (${device.certificate.label})`];
    });
  const disclosure: Disclosure = {
    from: source.name,
    entry,
    to: target.name,
    kind: named.kind,
    ...(named.kind === 'text'
      ? { text: named.text }
      : {
          document: { name: named.name, size: named.size, sha256: toHex(named.sha256) },
        }),
    audience: audienceOf(context, target),
    newReaders,
  };
  const mark = context.ports.crypto.hash('sha256', utf8(JSON.stringify([disclosure, ids])));
  const place = `${toHex(source.room)}:${entry}:${toHex(target.room)}`;
  return { disclosure, body: named, source, target, mark, place };
}

/** The same file under a key of its own, chunk by chunk: its old key opens nothing in the other room, and is not in it. */
async function resealed(
  context: Context,
  move: { body: BodyOf<'document'>; source: OpenCard; target: OpenCard },
  asked: { onProgress?: (done: number, total: number) => void },
): Promise<Act> {
  const { body, source, target } = move;
  const { ports } = context;
  const { name, size, sha256, mediaType } = body;
  const gone = (reason: string): DeskRefusal =>
    new DeskRefusal('policy', 'document-not-there', {
      message: `The relay does not have this document whole any more (${reason}). Nothing was sent.`,
      next: 'send the file itself: parley send',
    });
  async function* opened(): AsyncGenerator<Uint8Array> {
    const key = fileKey(ports.crypto, body.blob.key);
    const opener = new FileOpener(ports.crypto, key, { size, sha256 });
    const chunks = sealedChunks(context.log(source), { key, plan: opener.plan });
    for await (const chunk of chunks) {
      if (!chunk.ok) throw gone(chunk.reason);
      const piece = opener.next(chunk.value);
      if (!piece.ok) throw gone(piece.reason);
      yield* piece.value;
    }
    const whole = opener.finish();
    if (!whole.ok) throw gone(whole.reason);
  }
  const key = newFileKey(ports);
  const report = asked.onProgress;
  taken(
    await uploadFile(context.log(target), {
      key,
      size,
      source: opened(),
      expiresMs: ports.clock.nowMs() + BLOB_LIFE_MS,
      ...(report === undefined
        ? {}
        : { onProgress: ({ chunks, of }) => report(Math.round((chunks / of) * size), size) }),
    }),
  );
  const { chunks, sealedSize } = planBlob(size);
  const blob = { id: key.blob, chunks, key: key.secret, sealedSize };
  return { kind: 'document', name, size, sha256, mediaType, blob };
}
